"""The shape of an update: runs of positions, groups of runs, tiles of groups.

::

    run     consecutive positions of the corpus; their windows overlap
    group   16 or 32 runs from random places of the corpus. The positions at the same
            place of its runs serve each other as noise.
    tile    groups that one thread computes at a time
    update  tiles that are computed from one state of the matrices
"""

from dataclasses import dataclass

import numpy as np

SKIP_GRAM_GROUP, CBOW_GROUP = 32, 16  # runs; to CBOW more noise words are no gain
RUN = 16  # positions of a run, at the most
LARGEST_TILE = 4096  # positions
TILE_CELLS = LARGEST_TILE * 100  # cells of their vectors; more would leave the caches
SMALLEST_TILE = 1024  # below it, an update is not cut
BAND_CELLS = 1 << 21  # pairs within the windows of a tile, at the most


def tile_size(n_components):
    """Positions that one thread computes at a time, at the most."""
    largest_group = SKIP_GRAM_GROUP * RUN
    n_groups = np.clip(TILE_CELLS // n_components, 1, LARGEST_TILE) / largest_group
    return max(1, round(n_groups)) * largest_group


@dataclass(frozen=True)
class UpdateShape:
    """How an update is cut.

    Attributes
    ----------
    run : int
        Positions of a run.
    group : int
        Runs of a group.
    n_runs : int
        Runs of a tile, the work of one thread; whole groups.
    n_tiles : int
        Tiles of an update.
    n_trained : int
        Runs of a tile that are trained. In updates of fewer positions than `group`,
        the others only serve as noise.
    """

    run: int
    group: int
    n_runs: int
    n_tiles: int
    n_trained: int

    @property
    def n_positions(self):
        """Positions of a tile."""
        return self.run * self.n_runs

    @classmethod
    def of_batch(cls, batch_size, window, n_components, cbow):
        """Cut `batch_size` positions, if it is not tiny into whole groups."""
        group = CBOW_GROUP if cbow else SKIP_GRAM_GROUP
        run = int(np.clip(round(batch_size / group), 1, RUN))
        while run > 1 and group * run * (run + 2 * window) > BAND_CELLS:
            run //= 2
        n_groups = max(1, round(batch_size / (group * run)))
        most = min(tile_size(n_components), BAND_CELLS // (run + 2 * window))
        n_tiles = max(
            -(-n_groups // max(1, most // (group * run))),
            min(2, batch_size // SMALLEST_TILE),
            1,
        )
        n_runs = max(1, round(n_groups / n_tiles)) * group
        return cls(run, group, n_runs, n_tiles, min(batch_size, n_runs))

    def by_group(self, runs):
        """View of values by position, with those side by side that share their noise.

        Parameters
        ----------
        runs : ndarray of shape (n_runs, run, ...)

        Returns
        -------
        ndarray of shape (n_groups, run, group, ...)
        """
        return runs.reshape(-1, self.group, *runs.shape[1:]).swapaxes(1, 2)
