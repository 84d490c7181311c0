"""Processes that train together on shared memory.

Threads share Python's lock, which limits them to about two cores. Here every process
runs the same program: it computes its own tiles, waits for the others, changes its own
rows of the matrices, and waits again. No process tells another what to do. So they are
as fast as the memory allows, and the vectors don't depend on their number.

A process lives as long as the pipe to its standard input is open.
"""

import os
import pickle
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..children import are_allowed, command
from .barrier import CACHE_LINE, SHORTEST_SLEEP, Barrier
from .sharing import SharedArrays, SharedObject, open_memory
from .workers import Workers

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB", "NUMEXPR")
}
READY, GO = 1, 2  # calls of the barrier before training
PATIENCE = 30.0  # seconds that processes may take to start


def can_start() -> bool:
    """Return whether this process may start others, on this system."""
    return os.name == "posix" and are_allowed()


class Program(Protocol):
    """What processes run together: see `Trainer`."""

    n_tiles: int

    def prepare(self, allocate: Callable[..., NDArray[Any]]) -> None:
        """Make the arrays that all processes use."""

    def passes(
        self, workers: Workers, epoch: int = 0, chunk: int = 0
    ) -> Iterator[float]:
        """Train from a chunk of an epoch on."""

    @property
    def is_long(self) -> bool:
        """Return whether training takes longer than processes need to start."""

    def enter_shared_memory(self, shared: Any) -> None:
        """Go on in the memory of a copy, which other processes share."""

    def leave_shared_memory(self) -> None:
        """Go on in memory of one's own."""


class Member:
    """One of the processes, which does the work of its number; see `Workers`.

    Parameters
    ----------
    rank, size : int
        Number of this process, and of all.
    arrays : SharedArrays
    shelves : list of SharedObject
    check : callable
        See `Barrier`.
    """

    def __init__(
        self,
        rank: int,
        size: int,
        arrays: SharedArrays,
        shelves: list[SharedObject],
        check: Callable[[], None],
    ) -> None:
        self.rank, self.size, self.shelves = rank, size, shelves
        self.barrier = Barrier(arrays((size * CACHE_LINE,), np.int64), rank, check)
        self.begin = arrays((2,), np.int64)  # epoch and chunk at which they begin

    def begin_round(self, epoch: int, chunk: int) -> None:
        """Wait until nobody needs the chunks of the last round any more."""
        self.barrier.wait()

    def leave_round(self) -> None:
        """See `Workers`."""

    def run(self, function: Callable[[int], None], n_active: int) -> None:
        """See `Workers`."""
        if self.rank < n_active:
            function(self.rank)
        self.barrier.wait()


class Crew:
    """Other processes, and the place of this one among them.

    Parameters
    ----------
    size : int
        Number of processes, with this one.

    Attributes
    ----------
    member : Member
        The place of this process.
    trainer : Program
        A copy, whose arrays are in shared memory.
    """

    member: Member
    trainer: Program

    def __init__(self, size: int) -> None:
        self.size = size
        self._process = os.getpid()
        self._others: list[subprocess.Popen] = []
        self._files: list[int] = []
        self._pipe: list[int] = []  # by which the others tell of an error

    def start(self, trainer: Program, n_shelves: int) -> None:
        """Start processes, which wait until they may begin.

        Parameters
        ----------
        trainer : Program
        n_shelves : int
            Number of chunks that are made together.
        """
        self._files.extend(open_memory() for _ in range(2 + n_shelves))
        self._pipe.extend(os.pipe())
        os.set_blocking(self._pipe[0], False)
        state, memory, *shelves = self._files
        shared = SharedObject(state)
        shared.put(trainer)
        self.trainer, arrays = shared.get(), SharedArrays(memory)
        objects = [SharedObject(file) for file in shelves]
        self.member = Member(0, self.size, arrays, objects, self._check)
        self.trainer.prepare(arrays)
        for rank in range(1, self.size):
            self._others.append(self._start(rank))

    def _start(self, rank: int) -> subprocess.Popen:
        pipe = self._pipe[1]
        return subprocess.Popen(
            command(__name__, "main", rank, self.size, pipe, self._files),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[pipe, *self._files],
            env=os.environ | ONE_THREAD,
            start_new_session=True,  # an interrupt is for this process alone
        )

    def is_complete(self) -> bool:
        """Wait for the processes; return whether all of them are ready to begin."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self._is_broken():
            if self.member.barrier.have_arrived(READY):
                return True
            time.sleep(SHORTEST_SLEEP)
        return False

    def _is_broken(self) -> bool:
        """Return whether a process has ended."""
        return any(other.poll() is not None for other in self._others)

    def go(self, epoch: int, chunk: int) -> None:
        """Let all processes begin with a chunk."""
        self.member.begin[:] = epoch, chunk
        self.member.barrier.wait(GO)

    def refuse_fork(self) -> None:
        """Raise an error in a fork, which must not change the shared memory."""
        if os.getpid() != self._process:
            raise RuntimeError(
                "this process was forked while several processes train, so it can't "
                "train on; fit with n_jobs=1 if a callback forks."
            )

    def _check(self) -> None:
        """Raise an error if a process has ended."""
        if self._is_broken():
            raise self._error()

    def _error(self) -> BaseException:
        try:
            return pickle.loads(os.read(self._pipe[0], 1 << 16))
        except Exception:  # it had no time to tell
            codes = [other.poll() for other in self._others]
            code = next(code for code in codes if code is not None)
            return RuntimeError(
                f"one of the {self.size} processes that train was ended with code "
                f"{code}, perhaps for lack of memory; a smaller n_jobs needs less."
            )

    def end(self) -> None:
        """End the processes; a second call does no harm."""
        if os.getpid() != self._process:  # in a fork, which has no children
            return
        for other in self._others:
            other.kill()  # it has nothing to clean up
        for other in self._others:
            other.communicate()  # closes the pipe and waits
        while self._pipe:
            os.close(self._pipe.pop())
        while self._files:
            os.close(self._files.pop())


def main(rank: int, size: int, errors: int, files: list[int]) -> None:
    """Train as one of the processes of a crew."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    np.seterr(all="ignore")  # the first process warns
    state, memory, *shelves = files
    arrays, parent = SharedArrays(memory), os.getppid()

    def check() -> None:
        if os.getppid() != parent:
            os._exit(1)

    try:
        objects = [SharedObject(file) for file in shelves]
        member = Member(rank, size, arrays, objects, check)
        trainer: Program = SharedObject(state).get()
        trainer.prepare(arrays)
        member.barrier.arrive(READY)
    except Exception:
        os._exit(1)  # the first process trains in threads
    try:
        member.barrier.wait(GO)
        epoch, chunk = member.begin.tolist()
        for _ in trainer.passes(member, epoch, chunk):
            pass
    except BaseException as error:
        os.write(errors, pickle.dumps(error))
        os._exit(1)


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the pipe is closed
    os._exit(1)
