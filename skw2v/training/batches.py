"""How an update is cut: runs of positions, groups of runs, tiles of groups.

::

    run     consecutive positions of the corpus; their windows overlap
    group   16 or 32 runs from random places of the corpus. The positions at the same
            place of its runs serve each other as noise.
    tile    groups that one worker computes at a time
    update  tiles that are computed from one state of the matrices
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

SKIP_GRAM_GROUP, CBOW_GROUP = 32, 16  # runs; CBOW gains nothing from more noise words
RUN = 32  # maximum number of positions of a run
LARGEST_TILE = 1024  # positions; large updates have tiles for many cores
SMALLEST_SHARED = 768  # positions of an update of composed words for two workers
TILE_STEP = 512  # positions, of which the size of a tile is a multiple
COMPONENTS = 100  # of vectors; tiles of longer ones are smaller, to stay in the caches
BAND_CELLS = 1 << 21  # maximum number of pairs within the windows of a tile


def tile_size(n_components: int, largest: int = LARGEST_TILE) -> int:
    """Return the maximum number of positions of a tile, if a group isn't larger."""
    size = np.clip(largest * COMPONENTS // n_components, 1, largest)
    return max(1, round(size / TILE_STEP)) * TILE_STEP


@dataclass(frozen=True)
class Layout:
    """How an update is cut into tiles, and the sizes of their arrays.

    Attributes
    ----------
    run : int
        Positions of a run.
    group : int
        Runs of a group.
    n_runs : int
        Runs of a tile; whole groups.
    n_tiles : int
        Tiles of an update.
    n_trained : int
        Runs of a tile that are trained. In updates of fewer positions than `group`,
        the others only serve as noise.
    reach : int
        Neighbors on either side of a run that are stored with it: the maximum number of
        contexts on one side of a position.
    n_components : int
    cbow : bool
    dtype : dtype
    """

    run: int
    group: int
    n_runs: int
    n_tiles: int
    n_trained: int
    reach: int
    n_components: int
    cbow: bool
    dtype: DTypeLike

    @property
    def n_positions(self) -> int:
        """Return the number of positions of a tile."""
        return self.run * self.n_runs

    @classmethod
    def of_batch(
        cls,
        batch_size: int,
        reach: int,
        n_components: int,
        cbow: bool,
        dtype: DTypeLike = np.float32,
        largest_tile: int = LARGEST_TILE,
        has_subwords: bool = False,
    ) -> "Layout":
        """Cut `batch_size` positions into whole groups, unless they are too few.

        If words are composed of rows that they share, even small updates have work for
        two workers, and so they have two groups and two tiles.
        """
        group = CBOW_GROUP if cbow else SKIP_GRAM_GROUP
        run = int(np.clip(round(batch_size / group), 1, RUN))
        if for_two := has_subwords and batch_size >= SMALLEST_SHARED:
            run = min(run, round(batch_size / (2 * group)))
        while run > 1 and group * run * (run + 2 * reach) > BAND_CELLS:
            run //= 2
        n_groups = max(1, round(batch_size / (group * run)))
        largest = min(
            tile_size(n_components, largest_tile), BAND_CELLS // (run + 2 * reach)
        )
        n_tiles = -(-n_groups // max(1, largest // (group * run)))
        if n_tiles > 1 or for_two:
            n_tiles += n_tiles % 2  # two workers have the same work
        n_runs = max(1, round(n_groups / n_tiles)) * group
        n_trained = min(batch_size, n_runs)
        return cls(
            run, group, n_runs, n_tiles, n_trained, reach, n_components, cbow, dtype
        )

    def by_group(self, values: NDArray) -> NDArray:
        """View values by position, with those side by side that share their noise.

        Parameters
        ----------
        values : ndarray of shape (n_runs, run, ...)

        Returns
        -------
        ndarray of shape (n_groups, run, group, ...)
        """
        return values.reshape(-1, self.group, *values.shape[1:]).swapaxes(1, 2)
