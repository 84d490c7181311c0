"""A barrier for processes: each waits until all have arrived.

An update takes about a millisecond in each process, so waiting must cost microseconds:
each process watches the counters of the others in shared memory. If it has to wait
longer, it sleeps.
"""

import os
import threading
import time
from collections.abc import Callable

from numpy.typing import NDArray

CACHE_LINE = 8  # counters; each process has a line of its own
BUSY = 100  # looks at a counter before the process lets others use the core
PATIENT = 2_000  # looks before the process sleeps, after some milliseconds
give_way = getattr(os, "sched_yield", lambda: time.sleep(0))
SHORTEST_SLEEP, LONGEST_SLEEP = 1e-4, 5e-3  # seconds


class Barrier:
    """The barrier of one process.

    Parameters
    ----------
    counters : ndarray of shape (n_processes * CACHE_LINE,), int64
        Zeros, in shared memory.
    rank : int
        Number of this process, from 0.
    check : callable
        Called repeatedly during long waits; raises an exception to end them.
    """

    def __init__(self, counters: NDArray, rank: int, check: Callable[[], None]) -> None:
        # Python reads a memoryview faster than an array.
        self.counters, self.check = counters.data, check
        self.own = rank * CACHE_LINE
        places = range(0, len(counters), CACHE_LINE)
        self.others = [place for place in places if place != self.own]
        self._fence = threading.Lock()
        self._fence.acquire()

    def arrive(self, count: int) -> None:
        """Tell the others that this process has reached the wait of that number."""
        self._order()
        self.counters[self.own] = count

    def have_arrived(self, count: int) -> bool:
        """Return whether all others have reached the wait of that number."""
        return all(self.counters[other] >= count for other in self.others)

    def wait(self, count: int | None = None) -> None:
        """Wait until all others have arrived as well.

        Parameters
        ----------
        count : int or None, default=None
            Number of this wait; None is one more than the last one.
        """
        count = self.counters[self.own] + 1 if count is None else count
        self.arrive(count)
        for other in self.others:
            if self.counters[other] < count:
                self._watch(other, count)
        self._order()

    def _watch(self, other: int, count: int) -> None:
        looks, sleep = 0, SHORTEST_SLEEP
        while self.counters[other] < count:
            looks += 1
            if looks > PATIENT:
                self.check()
                time.sleep(sleep)
                sleep = min(1.5 * sleep, LONGEST_SLEEP)
            elif looks > BUSY:
                give_way()

    def _order(self) -> None:
        """Keep the processor from moving reads and writes of memory across this call.

        Some processors reorder them, but not past a lock that is released and acquired.
        """
        self._fence.release()
        self._fence.acquire()
