"""Processes that train together on shared memory.

Threads share Python's lock, which limits them to about two cores. Here every process
runs the same program: it computes its own tiles, waits for the others, changes its own
rows of the matrices, and waits again. No process tells another what to do, and the
vectors don't depend on the number of processes.

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
from .positions import Chunk
from .sharing import SharedArrays, SharedObject, open_memory
from .workers import Workers

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB", "NUMEXPR")
}
# Otherwise the GNU C library gives the memory of large arrays back, and page faults
# take half of the time in which a process makes chunks.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 25),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 27),
}
READY, GO = 1, 2  # numbers of the waits before training
PATIENCE = 30.0  # maximum number of seconds that processes may take to start


def can_start() -> bool:
    """Return whether processes can be started here, on this operating system."""
    return os.name == "posix" and are_allowed()


class Program(Protocol):
    """What processes run together: see `Trainer`."""

    n_tiles: int

    @property
    def files(self) -> list[int]:
        """Return the descriptors of files that copies in other processes read."""

    def prepare(self, allocate: Callable[..., NDArray[Any]]) -> None:
        """Make the arrays that all processes use."""

    def passes(self, workers: Workers, epoch: int, chunk: int) -> Iterator[float]:
        """Train from a chunk of an epoch on."""

    @property
    def is_long(self) -> bool:
        """Return whether training takes longer than processes need to start."""

    def enter_shared_memory(self, shared: Any) -> None:
        """Continue in the memory of a copy, which other processes share."""

    def leave_shared_memory(self) -> None:
        """Continue in memory that no other process sees."""


class Member:
    """One of the processes, as it sees itself; see `Workers`.

    Parameters
    ----------
    rank, size : int
        Number of this process, from 0, and number of all processes.
    arrays : SharedArrays
    slots : list of SharedObject
        Hold the chunks of a round.
    check : callable
        See `Barrier`.
    """

    def __init__(
        self,
        rank: int,
        size: int,
        arrays: SharedArrays,
        slots: list[SharedObject[Chunk | None]],
        check: Callable[[], None],
    ) -> None:
        self.rank, self.size, self.slots = rank, size, slots
        self.barrier = Barrier(arrays((size * CACHE_LINE,), np.int64), rank, check)
        self.begin = arrays((2,), np.int64)  # epoch and chunk at which they begin

    def begin_round(self, epoch: int, chunk: int) -> None:
        """Wait until no process needs the chunks of the last round."""
        self.barrier.wait()

    def leave_round(self) -> None:
        """See `Workers`."""

    def run(self, function: Callable[[int], None], n_active: int) -> None:
        """See `Workers`."""
        if self.rank < n_active:
            function(self.rank)
        self.barrier.wait()


class Crew:
    """All processes of a training, as seen by the one that starts the others.

    Parameters
    ----------
    size : int
        Number of processes, including this one.

    Attributes
    ----------
    member : Member
        This process.
    trainer : Program
        A copy, whose arrays are in shared memory.
    """

    member: Member
    trainer: Program
    _errors: int  # end of a pipe, where errors of the others arrive

    def __init__(self, size: int) -> None:
        self.size = size
        self._process = os.getpid()
        self._others: list[subprocess.Popen] = []
        self._files: list[int] = []  # descriptors, which `end` closes

    def start(self, trainer: Program, n_slots: int) -> None:
        """Start processes, which wait until they may begin.

        Parameters
        ----------
        trainer : Program
        n_slots : int
            Maximum number of chunks of a round.
        """
        self._files.extend(open_memory() for _ in range(2 + n_slots))
        state, memory, *slots = files = list(self._files)
        self._errors, report = os.pipe()
        self._files += self._errors, report
        os.set_blocking(self._errors, False)
        shared: SharedObject[Program] = SharedObject(state)
        shared.put(trainer)
        self.trainer, arrays = shared.get(), SharedArrays(memory)
        self.member = Member(0, self.size, arrays, _objects(slots), self._check)
        self.trainer.prepare(arrays)
        for rank in range(1, self.size):
            self._others.append(self._start(rank, report, files, trainer.files))

    def _start(
        self, rank: int, report: int, files: list[int], more: list[int]
    ) -> subprocess.Popen:
        return subprocess.Popen(
            command(__name__, "main", rank, self.size, report, files),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[report, *files, *more],
            env=KEEP_MEMORY | os.environ | ONE_THREAD,
            start_new_session=True,  # so that an interrupt reaches this process only
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
            return pickle.loads(os.read(self._errors, 1 << 16))
        except Exception:  # it was killed, and reported none
            codes = [other.poll() for other in self._others]
            code = next(code for code in codes if code is not None)
            return RuntimeError(
                f"one of the {self.size} processes that train was ended with code "
                f"{code}, perhaps for lack of memory; a smaller n_jobs needs less."
            )

    def end(self) -> None:
        """End the processes; calling it twice is safe."""
        if os.getpid() != self._process:  # in a fork, which has no children
            return
        for other in self._others:
            other.kill()  # it has nothing to clean up
        for other in self._others:
            other.communicate()  # closes the pipe and waits
        while self._files:
            os.close(self._files.pop())


def main(rank: int, size: int, report: int, files: list[int]) -> None:
    """Train as one of the processes of a crew."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    np.seterr(all="ignore")  # the first process warns
    state, memory, *slots = files
    arrays, parent = SharedArrays(memory), os.getppid()

    def check() -> None:
        if os.getppid() != parent:
            os._exit(1)

    try:
        member = Member(rank, size, arrays, _objects(slots), check)
        shared: SharedObject[Program] = SharedObject(state)
        trainer = shared.get()
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
        os.write(report, pickle.dumps(error))
        os._exit(1)


def _objects(files: list[int]) -> list[SharedObject[Chunk | None]]:
    return [SharedObject(file) for file in files]


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the pipe is closed
    os._exit(1)
