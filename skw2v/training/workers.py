"""Threads that share a loop, and BLAS limited to one thread inside them."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Result = TypeVar("Result")


class Team:
    """The calling thread and its helpers: ``map`` without the cost of a pool.

    A training step of a millisecond has two loops of a few items each, so waking the
    helpers must cost microseconds. It is a context manager, which no helper outlives.

    Parameters
    ----------
    n_threads : int
        With 1, every loop is a plain one.
    """

    def __init__(self, n_threads: int) -> None:
        self._loops: SimpleQueue = SimpleQueue()
        self._finished: SimpleQueue = SimpleQueue()
        self._helpers = [
            threading.Thread(target=self._help, daemon=True, name="skw2v")
            for _ in range(n_threads - 1)
        ]
        self._items: deque[tuple[int, tuple]] = deque()

    def __enter__(self) -> "Team":
        for helper in self._helpers:
            helper.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._items.clear()  # drop items that no thread has started
        for _ in self._helpers:
            self._loops.put(None)
        for helper in self._helpers:
            helper.join()

    def map(
        self, function: Callable[..., Result], *iterables: Iterable
    ) -> list[Result]:
        """Return ``list(map(function, *iterables))``, with calls in any order.

        Raises
        ------
        BaseException
            The first that a call raised; items that no thread has started are dropped.
        """
        items = list(zip(*iterables, strict=True))
        results: list[Any] = [None] * len(items)
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

    def _work(self, function: Callable, results: list) -> BaseException | None:
        """Take items until none is left; return the exception that ended it early."""
        try:
            while True:
                try:
                    index, item = self._items.popleft()
                except IndexError:
                    return None
                results[index] = function(*item)
        except BaseException as error:  # raised again by `map`, in its own thread
            self._items.clear()
            return error

    def _help(self) -> None:
        while (loop := self._loops.get()) is not None:
            self._finished.put(self._work(*loop))


class _SingleThreadedBlas:
    """Context manager that limits BLAS to one thread while any training is under way.

    The limit is a setting of the process, so trainings in several threads must share
    it: the first sets it, and the last restores what was there before. Because OpenBLAS
    lets only the thread that set a limit remove it, a separate thread does both.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._users == 0:
                self._finished, pinned = threading.Event(), threading.Event()
                self._keeper = threading.Thread(
                    target=self._keep, args=(pinned,), daemon=True, name="skw2v-blas"
                )
                self._keeper.start()
                pinned.wait()
            self._users += 1

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._finished.set()
                self._keeper.join()

    def _keep(self, pinned: threading.Event) -> None:
        try:
            with threadpool_limits(1, user_api="blas"):
                pinned.set()
                self._finished.wait()
        finally:
            pinned.set()  # otherwise the caller would wait forever


single_threaded_blas = _SingleThreadedBlas()
