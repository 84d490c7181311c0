"""Threads that share a loop, and BLAS limited to one thread while they do.

A fit may be interrupted between any two instructions, and the process may be forked
while another thread fits, so nothing here relies on code that must run exactly once.
"""

import os
import threading
from _thread import start_new_thread
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from threadpoolctl import ThreadpoolController

from .positions import Chunk

Result = TypeVar("Result")
SLOTS = 4  # minimum number of chunks that are made in one round
PATIENCE = 5.0  # maximum seconds that a fork waits for products of matrices


class Storage(Protocol):
    """A place where one worker puts a chunk that all of them use."""

    def put(self, value: Chunk | None) -> None:
        """Replace the chunk; None if there is nothing to train in it."""

    def get(self) -> Chunk | None:
        """Return the chunk."""


class Workers(Protocol):
    """Threads or processes that run the same program on the same memory."""

    @property
    def size(self) -> int:
        """Return the number of workers, including the calling one."""

    @property
    def slots(self) -> Sequence[Storage]:
        """Return the places for the chunks of a round."""

    def run(self, function: Callable[[int], None], n_active: int) -> None:
        """Call a function in each of the first workers, with its number, and wait."""

    def begin_round(self, epoch: int, chunk: int) -> None:
        """Prepare a round, which makes chunks of an epoch from the given one on."""

    def leave_round(self) -> None:
        """Clean up when an epoch ends before all of its chunks are trained."""


class Slot:
    """The storage of threads: an attribute."""

    _value: Chunk | None = None

    def put(self, value: Chunk | None) -> None:
        """See `Storage`."""
        self._value = value

    def get(self) -> Chunk | None:
        """See `Storage`."""
        return self._value


class Team:
    """The calling thread and its helpers: ``map`` without the cost of a pool.

    A training step of a millisecond has two loops of a few items each, so waking the
    helpers must cost microseconds. From `start` to `end`, BLAS has one thread.

    It is a context manager that ends itself. Because an interrupt may prevent one
    exit, but not two, enter it twice::

        with Team(n_threads) as team, team.start():

    Parameters
    ----------
    n_threads : int
        With 1, every loop is a plain one. There are no more threads than CPU cores.

    Attributes
    ----------
    products : RLock
        Held while matrices are multiplied. Other threads fork only while it is free:
        a fork that OpenBLAS's lock of its buffers was copied into would wait for it
        forever.
    """

    def __init__(self, n_threads: int) -> None:
        self._helpers = [
            threading.Thread(target=self._help, daemon=True, name="skw2v")
            for _ in range(at_most_cores(n_threads) - 1)
        ]
        self._n_ready = 0  # helpers that `map` may use
        self._started: SimpleQueue = SimpleQueue()
        self._loops: SimpleQueue = SimpleQueue()
        self._finished: SimpleQueue = SimpleQueue()
        self._items: deque[tuple[int, tuple]] = deque()
        self._process = os.getpid()
        self.products = threading.RLock()
        self.slots = [Slot() for _ in range(max(SLOTS, self.size))]

    @property
    def size(self) -> int:
        """Return the number of threads, including the calling one."""
        return 1 + len(self._helpers)

    def __enter__(self) -> "Team":
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    def start(self) -> "Team":
        """Limit BLAS and start the helpers.

        Returns
        -------
        Team
            Itself.

        Raises
        ------
        RuntimeError
            A helper can't be started.
        """
        _blas.limit(self)
        if self._helpers:
            # Not in this thread: an interrupt within `start` could block the helper.
            start_new_thread(self._start_helpers, ())
            if (error := self._started.get()) is not None:
                raise error
            self._n_ready = len(self._helpers)
        return self

    def end(self) -> None:
        """Undo `start`, however far it came; a second call does no harm."""
        self._items.clear()  # drop items that no thread has started
        if not self._is_forked():
            for _ in self._helpers:
                self._loops.put(None)
            for helper in self._helpers:
                if helper.is_alive():
                    helper.join()
        _blas.release(self)

    def run(self, function: Callable[[int], None], n_active: int) -> None:
        """See `Workers`."""
        if n_active == 1:
            with self.products:
                function(0)
        else:
            self.map(function, range(min(n_active, self.size)))

    def begin_round(self, epoch: int, chunk: int) -> None:
        """See `Workers`."""

    def leave_round(self) -> None:
        """See `Workers`."""

    def map(
        self, function: Callable[..., Result], *iterables: Iterable
    ) -> list[Result]:
        """Return ``list(map(function, *iterables))``, with calls in any order.

        Raises
        ------
        BaseException
            The first that a call raised; items that no thread has started are dropped.
        """
        with self.products:
            return self._map(function, list(zip(*iterables, strict=True)))

    def _map(self, function: Callable[..., Result], items: list[tuple]) -> list[Result]:
        n_helpers = 0 if self._is_forked() else min(self._n_ready, len(items) - 1)
        if not n_helpers:
            return [function(*item) for item in items]
        results: list[Any] = [None] * len(items)
        self._items.extend(enumerate(items))
        for _ in range(n_helpers):
            self._loops.put((function, results))
        errors = [self._work(function, results)]
        errors += [self._finished.get() for _ in range(n_helpers)]
        for error in errors:
            if error is not None:
                raise error
        return results

    def _is_forked(self) -> bool:
        """Return whether this is a fork of the team's process, without the helpers."""
        return os.getpid() != self._process

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

    def _start_helpers(self) -> None:
        error = None
        try:
            for helper in self._helpers:
                helper.start()
        except BaseException as failure:  # raised again by `start`
            error = failure
        self._started.put(error)

    def _help(self) -> None:
        while (loop := self._loops.get()) is not None:
            self._finished.put(self._work(*loop))


def at_most_cores(n_workers: int) -> int:
    """Return a number of workers that doesn't exceed that of the CPU cores."""
    return min(n_workers, _n_cores())


def _n_cores() -> int:
    """Return the number of CPU cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Blas:
    """The number of threads of BLAS, which is a setting of the process.

    Trainings in several threads must share it: the first sets it to 1, and the last
    restores what was there before.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._users: set[Team] = set()
        self._held: list[threading.RLock] = []  # while the process is forked
        self._before: list[int] = []  # empty while BLAS is as the user wants it

    def limit(self, user: Team) -> None:
        """Limit BLAS to one thread until `user` releases it."""
        with self.lock:
            if not self._users:
                self._before = [each.get_num_threads() for each in _blas_libraries()]
            self._users.add(user)
            _set_num_threads([1 for _ in self._before])

    def release(self, user: Team) -> None:
        """Restore BLAS if no other user needs the limit; may be called repeatedly."""
        with self.lock:
            self._users.discard(user)
            if not self._users:
                self._restore()

    def hold(self) -> None:
        """Wait until no other thread uses BLAS or sets its limit, before a fork."""
        self.lock.acquire()
        locks = [user.products for user in self._users]
        self._held = [lock for lock in locks if lock.acquire(timeout=PATIENCE)]

    def go_on(self) -> None:
        """Let other threads go on after a fork."""
        while self._held:
            self._held.pop().release()
        self.lock.release()

    def reset(self) -> None:
        """Forget the users, of which a forked process has none."""
        self._users = set()
        self._restore()
        self.go_on()

    def _restore(self) -> None:
        if self._before:
            _set_num_threads(self._before)
        self._before = []


@cache
def _blas_libraries() -> list[Any]:
    """Return the controllers of the BLAS libraries, which takes a millisecond."""
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    return [each for each in libraries if each.get_num_threads() is not None]


def _set_num_threads(numbers: list[int]) -> None:
    """Set the number of threads of each BLAS library."""
    for library, number in zip(_blas_libraries(), numbers, strict=True):
        # From threadpoolctl 3.8 on, the public method does nothing in all threads but
        # one, and takes a lock, which may be held forever in a forked process.
        set_it = getattr(library, "_real_set_num_threads", library.set_num_threads)
        set_it(number)


_blas = _Blas()
if hasattr(os, "register_at_fork"):
    # BLAS must not be forked while a thread holds its locks.
    os.register_at_fork(
        before=_blas.hold, after_in_parent=_blas.go_on, after_in_child=_blas.reset
    )
