"""Threads that share a loop, and BLAS kept to one thread inside them."""

import threading
from collections import deque
from queue import SimpleQueue

from threadpoolctl import threadpool_limits


class Team:
    """The calling thread and its helpers: ``map`` without the cost of a pool.

    A training step of a millisecond has two loops of a few items each, so that waking
    the helpers must cost microseconds. A context manager: no helper outlives it.

    Parameters
    ----------
    n_threads : int
        1 makes every loop a plain one.
    """

    def __init__(self, n_threads):
        self._loops, self._finished = SimpleQueue(), SimpleQueue()
        self._helpers = [
            threading.Thread(target=self._help, daemon=True, name="skw2v")
            for _ in range(n_threads - 1)
        ]
        self._items = deque()

    def __enter__(self):
        for helper in self._helpers:
            helper.start()
        return self

    def __exit__(self, *exception):
        self._items.clear()  # what nobody began is not begun any more
        for _ in self._helpers:
            self._loops.put(None)
        for helper in self._helpers:
            helper.join()

    def map(self, function, items):
        """``[function(item) for item in items]``, in any order of the calls.

        Raises
        ------
        BaseException
            The first that a call raised; items that nobody began are dropped.
        """
        items = list(items)
        results = [None] * len(items)
        n_helpers = min(len(self._helpers), len(items) - 1)
        self._items.extend(enumerate(items))
        for _ in range(n_helpers):
            self._loops.put((function, results))
        errors = [self._work(function, results)]
        errors += [self._finished.get() for _ in range(n_helpers)]
        for error in errors:
            if error is not None:
                raise error
        return results

    def _work(self, function, results):
        """Take items until none is left; return what went wrong."""
        try:
            while True:
                try:
                    index, item = self._items.popleft()
                except IndexError:
                    return None
                results[index] = function(item)
        except BaseException as error:  # raised again by `map`, in its own thread
            self._items.clear()
            return error

    def _help(self):
        while (loop := self._loops.get()) is not None:
            self._finished.put(self._work(*loop))


class _SingleThreadedBlas:
    """Context manager: BLAS runs with one thread while any training is under way.

    The limit is a setting of the process, so that trainings in several threads must
    share it: the first sets it, the last restores what was there before. As OpenBLAS
    lets only the thread that set a limit take it back, a thread of its own does both.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._users = 0

    def __enter__(self):
        with self._lock:
            if self._users == 0:
                self._finished, pinned = threading.Event(), threading.Event()
                self._keeper = threading.Thread(
                    target=self._keep, args=(pinned,), daemon=True, name="skw2v-blas"
                )
                self._keeper.start()
                pinned.wait()
            self._users += 1

    def __exit__(self, *exception):
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._finished.set()
                self._keeper.join()

    def _keep(self, pinned):
        try:
            with threadpool_limits(1, user_api="blas"):
                pinned.set()
                self._finished.wait()
        finally:
            pinned.set()  # or the caller would wait for ever


single_threaded_blas = _SingleThreadedBlas()
