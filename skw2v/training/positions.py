"""Training positions, after all random draws."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Positions:
    """Training positions, run by run.

    Attributes
    ----------
    windows : ndarray of shape (n_runs, run + 2 * reach), int32
        Word ids of each run, with `reach` neighbors on both sides.
    left, right : ndarrays of shape (n_runs, run), int32
        Number of contexts before and after each position. Positions without any are not
        trained, but serve as noise.
    n_inputs : ndarray of shape (n_runs, run), float32
        Contexts of each position, but at least 1.
    input_pairs, output_pairs : ndarrays of shape (n_runs, run), float32
        Summed weights of the pairs in which each position takes part, as input and as
        target or noise.
    n_targets : ndarray of shape (n_groups, run, group), float32
        Targets of each position, by group: its contexts (skip-gram), or itself (CBOW).
    noise_weight : ndarray of shape (n_groups, run, group), float32
        Number of noise words that each position represents, per target of another one.
    """

    windows: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    n_inputs: NDArray[np.float32]
    input_pairs: NDArray[np.float32]
    output_pairs: NDArray[np.float32]
    n_targets: NDArray[np.float32]
    noise_weight: NDArray[np.float32]

    @property
    def n_runs(self) -> int:
        """Return the number of runs."""
        return len(self.windows)

    @property
    def centers(self) -> NDArray[np.int32]:
        """Return the word ids of each run alone, of shape (n_runs, run)."""
        run = self.left.shape[1]
        reach = (self.windows.shape[1] - run) // 2
        return self.windows[:, reach : reach + run]

    def __getitem__(self, runs: slice) -> "Positions":
        """Return some runs, in whole groups, as views."""
        start, stop, _ = runs.indices(self.n_runs)
        group = self.n_targets.shape[2]
        groups = slice(start // group, stop // group)
        return Positions(
            windows=self.windows[runs],
            left=self.left[runs],
            right=self.right[runs],
            n_inputs=self.n_inputs[runs],
            input_pairs=self.input_pairs[runs],
            output_pairs=self.output_pairs[runs],
            n_targets=self.n_targets[groups],
            noise_weight=self.noise_weight[groups],
        )


@dataclass(frozen=True)
class Chunk:
    """A part of an epoch: runs in random order, in whole tiles.

    Attributes
    ----------
    positions : Positions
    number : int
        Number of the chunk in its epoch, from 0.
    start, stop : int or float
        Tokens of the epoch that were seen before it, and with it; if the documents have
        weights, their expected numbers.
    """

    positions: Positions
    number: int
    start: float
    stop: float
