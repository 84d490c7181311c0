"""Progress reporting during `fit`: printed lines and scikit-learn callbacks."""

import time
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from ..text.documents import as_collection
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
    """Follows a fit; the methods here do nothing."""

    def read(self, speed: str) -> None:
        """Tell how fast documents are read, if that takes long.

        Parameters
        ----------
        speed : str
            The number of documents so far, and per second.
        """

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

    def read(self, speed: str) -> None:
        """See `Tasks.read`."""
        for each in self._tasks:
            each.read(speed)

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


class ReadingReport(Tasks):
    """Prints how fast documents are read.

    Parameters
    ----------
    name : str
        Printed in front of each line.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, speed: str) -> None:
        """See `Tasks.read`."""
        print(f"[{self.name}] reading: {speed}")


class CallbackTasks(Tasks):
    """Tells the callbacks of scikit-learn what begins and ends.

    The task "fit" has a task "epoch" for each epoch, and that has a task "chunk" for
    each part of the corpus if there are several. If reading takes long, the task "fit"
    has the tasks "reading" and "training", and the epochs are those of "training".
    Each task of "reading" is named after the speed, so that a progress bar shows it.

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
        self._reading: Any = None

    def read(self, speed: str) -> None:
        """See `Tasks.read`."""
        if self._reading is None:
            self._begin_fit(2)
            self._reading = self._begun(self._fit, "reading", None)
        task = self._begun(self._reading, speed, None)
        task.call_on_fit_task_end(**self._given)

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
        """See `Tasks.start`."""
        n_epochs = trainer.model.hyperparameters.max_iter - trainer.progress.epoch
        if self._reading is None:
            self._begin_fit(n_epochs)
            self._training = self._fit
        else:
            self._reading.call_on_fit_task_end(**self._given)
            self._training = self._begun(self._fit, "training", n_epochs)
        n_chunks = trainer.n_chunks

        def snapshot() -> dict[str, Any]:  # a callback may keep it
            return {name: copy(value) for name, value in attributes().items()}

        self._n_chunks = n_chunks if n_chunks > 1 else 0
        self._now = {**self._given, "reconstruction_attributes": snapshot}

    def chunks(self, chunks: Iterator[Item]) -> Iterator[Item]:
        """See `Tasks.chunks`."""
        self._epoch = self._training.subcontext("epoch", max_subtasks=self._n_chunks)
        self._epoch.call_on_fit_task_begin(**self._now)
        if not self._n_chunks:
            yield from chunks
            return
        for chunk in chunks:
            task = self._begun(self._epoch, "chunk", 0)
            yield chunk
            if task.call_on_fit_task_end(**self._given):
                return

    def end_epoch(self) -> bool:
        """See `Tasks.end_epoch`."""
        return self._epoch.call_on_fit_task_end(**self._now)

    def end_fit(self) -> None:
        """See `Tasks.end_fit`."""
        if self._training is not self._fit:
            self._training.call_on_fit_task_end(**self._now)
        self._fit.call_on_fit_task_end(**self._now)

    def _begin_fit(self, n_tasks: int) -> None:
        estimator = self._given["estimator"]
        self._fit = estimator._init_callback_context(max_subtasks=n_tasks)
        self._fit.call_on_fit_task_begin(**self._given)

    def _begun(self, parent: Any, name: str, n_tasks: int | None) -> Any:
        """Begin a task of another one."""
        task = parent.subcontext(name, max_subtasks=n_tasks)
        task.call_on_fit_task_begin(**self._given)
        return task


def observers_of(estimator: Any) -> list[Tasks]:
    """Return the callbacks of an estimator that follow its training more closely."""
    return [
        each.training_tasks(estimator)
        for each in callbacks_of(estimator)
        if hasattr(each, "training_tasks")
    ]


class FollowedDocuments:
    """Documents; it tells how fast they are read, after 1, 2, 4, 8 ... seconds.

    Parameters
    ----------
    documents : iterable of documents
    tasks : Tasks
    """

    def __init__(self, documents: Iterable, tasks: Tasks) -> None:
        self._documents, self._tasks = documents, tasks

    def __iter__(self) -> Iterator:
        start, due = time.perf_counter(), 1.0
        for n_read, document in enumerate(self._documents):
            if (seconds := time.perf_counter() - start) >= due:
                per_second = n_read / seconds
                self._tasks.read(f"{n_read:,} documents, {per_second:,.0f} documents/s")
                due = 2 * seconds
            yield document


def followed(X: Iterable, observers: list[Tasks]) -> Iterable:
    """Return documents that tell observers how fast they are read.

    Parameters
    ----------
    X : iterable of documents
    observers : list of Tasks

    Returns
    -------
    iterable of documents
        An iterator, which can be read only once, if `X` is one. `X` itself if there are
        no observers.

    Raises
    ------
    TypeError
        See `as_collection`.
    """
    if not observers:
        return X
    documents = as_collection(X)
    following = FollowedDocuments(documents, AllTasks(observers))
    return iter(following) if isinstance(documents, Iterator) else following
