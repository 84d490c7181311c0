"""Threads, or processes if training takes long."""

from collections.abc import Callable, Sequence

from .crew import Crew, Program, can_start
from .workers import Storage, Team, Workers


class HybridTeam:
    """Threads, or processes, which train faster but take half a second to start.

    If processes can't be started, threads train.

    Parameters
    ----------
    trainer : Program
    n_workers : int
        Maximum number of threads or processes.
    """

    def __init__(self, trainer: Program, n_workers: int) -> None:
        self._trainer = trainer
        self._team = Team(n_workers)
        self._crew: Crew | None = None
        self._current: Workers = self._team
        # Each process computes at least one tile.
        self._n_processes = min(self._team.size, trainer.n_tiles)
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
        return self._current.slots

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
        """Let processes train from here on, if training takes long."""
        if self._may_start:
            self._may_start = False
            self._start_processes(epoch, chunk)
        elif self._crew is not None:
            self._crew.refuse_fork()
        self._current.begin_round(epoch, chunk)

    def _start_processes(self, epoch: int, chunk: int) -> None:
        self._crew = Crew(self._n_processes)
        try:
            self._crew.start(self._trainer, len(self.slots))
        except Exception:  # too little memory, or a loss that can't be pickled
            self._dismiss()
            return
        if self._crew.is_complete():
            self._trainer.enter_shared_memory(self._crew.trainer)
            self._crew.go(epoch, chunk)
            self._current = self._crew.member
        else:
            self._dismiss()

    def _dismiss(self) -> None:
        if self._crew is not None:
            self._crew.end()  # may be interrupted, and is called again then
            self._crew = None
