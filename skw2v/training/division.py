"""The rows of matrices, divided among the workers that change them."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .workers import Workers

FIRST = 16  # updates before rows are divided by the time that they take
TINY = 1e-9  # seconds that even a worker without rows takes
Ranges = list[tuple[int, int]]


class Division:
    """Divides the rows of matrices so that all workers take equally long.

    It doesn't affect the result: whoever changes a row adds the same gradients in the
    same order. At first, rows are divided by an estimate of their work. How long that
    takes depends on caches and cores, so it is measured, and the rows are divided again
    in the updates 16, 32, 64, ...

    Parameters
    ----------
    sizes : sequence of int
        Number of rows of each matrix.
    n_workers : int
        Maximum number of workers.
    allocate : callable, default=numpy.empty
        Makes the arrays that all workers use, from a shape and a dtype.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        n_workers: int,
        allocate: Callable[..., NDArray[Any]] = np.empty,
    ) -> None:
        self._starts = np.cumsum([0, *sizes]).tolist()  # of each matrix in all rows
        self._seconds = allocate((1 + n_workers, n_workers), np.float64)
        self._work: NDArray | None = None  # before each row, and of all rows
        # For each number of workers:
        self._n_updates: Counter[int] = Counter()
        self._passed: dict[int, tuple[NDArray, NDArray]] = {}  # work, and its seconds
        self._ranges: dict[int, list[Ranges]] = {1: [[(0, size) for size in sizes]]}

    def run(
        self,
        workers: Workers,
        n_active: int,
        works: Callable[[], list[NDArray]],
        change: Callable[[int, Ranges], None],
    ) -> None:
        """Let workers change rows.

        Parameters
        ----------
        workers : Workers
        n_active : int
            Number of workers that do.
        works : callable
            Returns an estimate of the work of each row of each matrix.
        change : callable
            Called by each worker with its number, and the first row of each matrix that
            it changes, and the one after the last.
        """
        seconds = self._seconds[n_active, :n_active]
        self._n_updates[n_active] = number = 1 + self._n_updates[n_active]
        is_measured = n_active > 1
        if is_measured:
            if number == 1:
                self._divide(n_active, works, np.ones(n_active))
            elif number >= FIRST and _is_power_of_two(number):
                # Another worker may be ahead, but not by an update, so in this one
                # nobody writes what others read.
                self._divide(n_active, works, seconds)
                is_measured = False
        ranges, is_first = self._ranges[n_active], _is_power_of_two(number - 1)

        def timed(worker: int) -> None:
            start = perf_counter()
            change(worker, ranges[worker])
            if is_measured:
                before = 0.0 if is_first else seconds[worker]
                seconds[worker] = before + perf_counter() - start

        workers.run(timed, n_active)

    def _divide(
        self, n_workers: int, works: Callable[[], list[NDArray]], seconds: NDArray
    ) -> None:
        """Divide the rows, given the seconds that each worker has needed for its own.

        Most workers have rows of one matrix only, so they needn't look for rows of the
        others.
        """
        if self._work is None:
            self._work = np.cumsum(np.concatenate([[0], *works()]))
        even = np.linspace(0, 1, n_workers + 1)
        work, passed = self._passed.get(n_workers, (even * self._work[-1], even))
        edges = np.interp(even * passed[-1], passed, work)  # until now
        # Within its rows, each worker has needed the time in the proportions so far.
        points = np.union1d(work, edges)
        measured = np.cumsum([0, *(seconds + TINY)])
        passed = np.interp(np.interp(points, work, passed), even * passed[-1], measured)
        self._passed[n_workers] = points, passed
        edges = np.interp(even * passed[-1], passed, points)
        rows = [0, *np.searchsorted(self._work, edges[1:-1]).tolist(), self._starts[-1]]
        self._ranges[n_workers] = [
            [
                (max(low, start) - start, max(min(high, stop), start) - start)
                for start, stop in pairwise(self._starts)
            ]
            for low, high in pairwise(rows)
        ]


def _is_power_of_two(number: int) -> bool:
    """Return whether a number is one, or 0."""
    return number & (number - 1) == 0
