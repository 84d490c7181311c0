"""Threads, or processes if training takes long."""

from collections.abc import Callable, Sequence

from .crew import Crew, Program, can_start
from .workers import SLOTS, Storage, Team, Workers, at_most_cores

MOST_THREADS = 4  # of which more take longer, because they wait for Python's lock
FIRST_ROUND = 2  # chunks, which take about as long as processes need to start


class HybridTeam:
    """Threads, or processes, which train faster but take half a second to start.

    Threads train until the processes are ready, and on if none can be started.

    Parameters
    ----------
    trainer : Program
    n_workers : int
        Maximum number of threads or processes.
    """

    def __init__(self, trainer: Program, n_workers: int) -> None:
        self._trainer = trainer
        self._team = Team(min(n_workers, MOST_THREADS))
        self._crew: Crew | None = None
        self._current: Workers = self._team
        # Each process computes at least one tile.
        self._n_processes = min(at_most_cores(n_workers), trainer.n_tiles)
        self._may_start = trainer.is_long and self._n_processes > 1 and can_start()

    def __enter__(self) -> "HybridTeam":
        return self

    def __exit__(self, *exception: object) -> None:
        self.end()

    @property
    def size(self) -> int:
        """See `Workers`."""
        return self._current.size

    @property
    def slots(self) -> Sequence[Storage]:
        """See `Workers`."""
        return self._current.slots[: FIRST_ROUND if self._is_starting else None]

    @property
    def _is_starting(self) -> bool:
        """Return whether there are processes that don't train yet."""
        return self._crew is not None and self._current is self._team

    def run(self, function: Callable[[int], None], n_active: int) -> None:
        """See `Workers`."""
        if self._crew is not None:
            self._crew.refuse_fork()
        with self._team.products:
            self._current.run(function, n_active)

    def start(self) -> "HybridTeam":
        """Start the threads; see `Team.start`."""
        self._team.start()
        return self

    def end(self) -> None:
        """Undo `start`; see `Team.end`."""
        try:
            self.leave_round()
        finally:
            self._dismiss()
            self._team.end()

    def leave_round(self) -> None:
        """End the processes, which can't know that an epoch ends early.

        New ones may start with the next round.
        """
        if self._current is not self._team:
            self._current = self._team
            self._trainer.leave_shared_memory()
            self._dismiss()
            self._may_start = True

    def begin_round(self, epoch: int, chunk: int) -> None:
        """Start processes if training takes long, or let them train from here on."""
        if self._may_start:
            self._may_start = False
            self._start_processes()
        elif self._crew is not None:
            self._crew.refuse_fork()
            if self._is_starting:
                self._let_processes_train(self._crew, epoch, chunk)
        self._current.begin_round(epoch, chunk)

    def _start_processes(self) -> None:
        self._crew = Crew(self._n_processes)
        try:
            self._crew.start(self._trainer, max(SLOTS, self._n_processes))
        except Exception:  # too little memory, or a loss that can't be pickled
            self._dismiss()

    def _let_processes_train(self, crew: Crew, epoch: int, chunk: int) -> None:
        if crew.is_complete():
            self._trainer.enter_shared_memory(crew.trainer)
            crew.go(epoch, chunk)
            self._current = crew.member
        else:
            self._dismiss()

    def _dismiss(self) -> None:
        if self._crew is not None:
            self._crew.end()  # may be interrupted, and is called again then
            self._crew = None
