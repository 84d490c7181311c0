"""Progress reporting during `fit`: printed lines and scikit-learn callbacks."""

import time
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from ..training.trainer import Trainer
from .compat import callbacks_of
from .fitted import Learned
from .rounds import RoundTrainer

Item = TypeVar("Item")
Attributes: TypeAlias = Callable[[], dict[str, Any]]
Training: TypeAlias = Trainer | RoundTrainer


class EpochReport:
    """Prints a line after each epoch: loss, speed, time left.

    Parameters
    ----------
    name : str
        Printed in front of each line.
    trainer : Trainer or RoundTrainer
        Before its training.
    """

    def __init__(self, name: str, trainer: Training) -> None:
        self.name, self.trainer = name, trainer
        self.n_epochs = trainer.model.hyperparameters.max_iter
        self._first = trainer.progress.epoch
        self._start = time.perf_counter()

    def __call__(self, losses: list[float]) -> None:
        """Print the line of the epoch that has just ended.

        Parameters
        ----------
        losses : list of float
            Loss of each epoch so far.
        """
        epoch = self.trainer.progress.epoch
        done = epoch - self._first
        seconds = time.perf_counter() - self._start
        speed = done * self.trainer.n_tokens / max(seconds, 1e-9)
        left = seconds / done * (self.n_epochs - epoch)
        print(
            f"[{self.name}] epoch {epoch}/{self.n_epochs}: loss {losses[-1]:.4f}, "
            f"{speed:,.0f} tokens/s, {left:.0f} s left"
        )


class Tasks:
    """Follows a training; the methods here do nothing."""

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
        """Begin the fit, when its documents are read.

        Parameters
        ----------
        trainer : Trainer or RoundTrainer
            Before its training.
        learned : Learned
            Changes while the training goes on.
        attributes : callable
            Returns the attributes that a fit would set now.
        """

    def chunks(self, chunks: Iterator[Item]) -> Iterable[Item]:
        """Begin an epoch, and pass on its chunks until a callback ends it early."""
        return chunks

    def end_epoch(self) -> bool:
        """End an epoch; return whether a callback wants the training to end."""
        return False

    def end_fit(self) -> None:
        """End the fit."""


class AllTasks(Tasks):
    """Several that follow the same training.

    Parameters
    ----------
    tasks : list of Tasks
    """

    def __init__(self, tasks: list[Tasks]) -> None:
        self._tasks = tasks

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
        """See `Tasks.start`."""
        for each in self._tasks:
            each.start(trainer, learned, attributes)

    def chunks(self, chunks: Iterator[Item]) -> Iterable[Item]:
        """See `Tasks.chunks`."""
        return reduce(lambda items, each: iter(each.chunks(items)), self._tasks, chunks)

    def end_epoch(self) -> bool:
        """See `Tasks.end_epoch`."""
        wants = [each.end_epoch() for each in self._tasks]  # all are told
        return any(wants)

    def end_fit(self) -> None:
        """See `Tasks.end_fit`."""
        for each in self._tasks:
            each.end_fit()


class CallbackTasks(Tasks):
    """Tells the callbacks of scikit-learn what begins and ends.

    The task "fit" has a task "epoch" for each epoch, and that has a task "chunk" for
    each part of the corpus if there are several.

    Parameters
    ----------
    estimator : estimator with callbacks
    X, y : object
        What it is fitted to; callbacks don't receive an `X` that can be read only once.
    """

    def __init__(self, estimator: Any, X: Any, y: Any) -> None:
        read_once = isinstance(X, Iterator) or estimator.input == "file"
        X = None if read_once else X
        self._given = {"estimator": estimator, "X": X, "y": y}

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
        """See `Tasks.start`."""
        n_epochs = trainer.model.hyperparameters.max_iter - trainer.progress.epoch
        estimator = self._given["estimator"]
        self._fit = estimator._init_callback_context(max_subtasks=n_epochs)
        self._fit.call_on_fit_task_begin(**self._given)
        n_chunks = trainer.n_chunks

        def snapshot() -> dict[str, Any]:  # a callback may keep it
            return {name: copy(value) for name, value in attributes().items()}

        self._n_chunks = n_chunks if n_chunks > 1 else 0
        self._now = {**self._given, "reconstruction_attributes": snapshot}

    def chunks(self, chunks: Iterator[Item]) -> Iterator[Item]:
        """See `Tasks.chunks`."""
        self._epoch = self._fit.subcontext("epoch", max_subtasks=self._n_chunks)
        self._epoch.call_on_fit_task_begin(**self._now)
        if not self._n_chunks:
            yield from chunks
            return
        for chunk in chunks:
            task = self._epoch.subcontext("chunk")
            task.call_on_fit_task_begin(**self._given)
            yield chunk
            if task.call_on_fit_task_end(**self._given):
                return

    def end_epoch(self) -> bool:
        """See `Tasks.end_epoch`."""
        return self._epoch.call_on_fit_task_end(**self._now)

    def end_fit(self) -> None:
        """See `Tasks.end_fit`."""
        self._fit.call_on_fit_task_end(**self._now)


def observers_of(estimator: Any) -> list[Tasks]:
    """Return the callbacks of an estimator that follow its training more closely."""
    return [
        each.training_tasks(estimator)
        for each in callbacks_of(estimator)
        if hasattr(each, "training_tasks")
    ]
