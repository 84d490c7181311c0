"""Callbacks for `set_callbacks`, which the estimators have with scikit-learn >= 1.9.

Set them on the vectorizer itself, even if it is part of a Pipeline or a GridSearchCV;
set on anything else, they raise a TypeError in `fit`.
They read the losses from the attribute `loss_curve_` of the `fitted_estimator` that
scikit-learn passes to its callbacks.
"""

import json
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import timedelta
from numbers import Integral
from pathlib import Path
from reprlib import repr as shortened
from tempfile import gettempdir
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import uuid4

import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from .io.native import check_savable, save
from .training.trainer import Trainer
from .vectorizers.fitted import Learned
from .vectorizers.progress import Attributes, Item, Tasks
from .vectorizers.word2vec import Word2VecVectorizer

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext

Trainable = TypeVar("Trainable", bound=Word2VecVectorizer)


class _AfterEpochs:
    """Base class with the hooks of scikit-learn that the callbacks here don't need."""

    def setup(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Refuse an estimator that has no losses of epochs."""
        if not hasattr(estimator, "word_vectors"):
            name = type(self).__name__
            raise TypeError(
                f"{name} is set on {context.estimator_name}, which has no loss of each "
                "epoch; set it on the vectorizer inside instead: "
                f"SkipGramVectorizer(...).set_callbacks({name}(...))."
            )

    def teardown(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Do nothing."""

    def on_fit_task_begin(
        self, estimator: BaseEstimator, context: "CallbackContext"
    ) -> None:
        """Do nothing."""


class EarlyStopping(_AfterEpochs):
    """Callback that ends the training when the training loss hardly falls anymore.

    The learning rate falls from `learning_rate` to `min_learning_rate` over all
    `max_iter` epochs. So if the training is stopped, the smallest learning rates are
    never used, and the vectors differ from those of a smaller `max_iter`. As the loss
    is that of training, stopping saves time but doesn't detect overfitting.

    Parameters
    ----------
    tol : float, default=1e-3
        The loss counts as improved if it falls by more than this share of the lowest
        loss so far.
    patience : int, default=1
        Number of consecutive epochs without an improvement after which the training
        ends.

    Raises
    ------
    ValueError
        `tol` is negative, or `patience` is less than 1.
    """

    def __init__(self, tol: float = 1e-3, patience: int = 1) -> None:
        if not tol >= 0:
            raise ValueError(f"tol must be 0 or more; got {shortened(tol)}.")
        if not patience >= 1:
            raise ValueError(f"patience must be 1 or more; got {shortened(patience)}.")
        self.tol, self.patience = tol, patience

    def on_fit_task_end(
        self,
        estimator: BaseEstimator,
        context: "CallbackContext",
        *,
        fitted_estimator: BaseEstimator | None = None,
    ) -> bool:
        """Return whether to stop after an epoch."""
        if context.task_name != "epoch" or fitted_estimator is None:
            return False
        # Nothing is kept between calls, so fits of clones that share this callback
        # don't mix. The loss of an epoch without training pairs is NaN.
        losses = [loss for loss in fitted_estimator.loss_curve_ if loss == loss]
        before, recent = losses[: -self.patience], losses[-self.patience :]
        if not before:
            return False
        limit = min(before) * (1 - self.tol)
        return all(loss >= limit for loss in recent)


class Checkpoint(_AfterEpochs):
    """Callback that saves a training, so that another process can finish it.

    The file is one of `skw2v.save`, and is replaced as a whole. So whatever ends the
    process, ::

        skw2v.load(path).set_params(warm_start=True).fit(X)

    goes on from there, with the same documents, and gives the vectors of a training
    that was not interrupted, to the last bit. The loaded estimator can be used as it
    is, too.

    Parameters
    ----------
    path : str or path-like
        File to write.
    every : int or datetime.timedelta, default=1
        Number of epochs, or time, after which the training is saved. A time may end
        within an epoch: then the training is saved at the end of the present part of
        the corpus, of about 260,000 tokens. It is always saved at the end.

    Raises
    ------
    TypeError
        `every` is something else.
    ValueError
        `every` is not positive.

    Notes
    -----
    Set it with `set_callbacks`, or, with any version of scikit-learn, fit with its
    method `fit`. Saving takes the time to write both matrices. Parameters that can't be
    saved, such as a lambda as `tokenizer`, are refused before the training.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import skw2v
    >>> from skw2v.callbacks import Checkpoint
    >>> path = Path(mkdtemp()) / "training.safetensors"
    >>> X = ["I love 피자", "I like 피자"]
    >>> vectorizer = skw2v.CBOWVectorizer(min_count=1, subsample=0, random_state=0)
    >>> Checkpoint(path).fit(vectorizer, X)
    CBOWVectorizer(...)
    >>> skw2v.load(path).n_iter_
    20
    """

    def __init__(
        self, path: str | os.PathLike[str], every: int | timedelta = 1
    ) -> None:
        if isinstance(every, bool) or not isinstance(every, (Integral, timedelta)):
            raise TypeError(
                "every must be a number of epochs or a datetime.timedelta; got "
                f"{shortened(every)} of type {type(every).__name__}."
            )
        if every <= type(every)(0):
            raise ValueError(f"every must be positive; got {every}.")
        self.path, self.every = Path(path), every

    def on_fit_task_end(
        self, estimator: BaseEstimator, context: "CallbackContext"
    ) -> None:
        """Do nothing: `training_tasks` sees the training more closely."""

    def fit(
        self,
        estimator: Trainable,
        X: Iterable,
        y: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Trainable:
        """Fit an estimator and save it on the way, without scikit-learn's callbacks.

        Parameters
        ----------
        estimator : CBOWVectorizer or SkipGramVectorizer
        X, y, sample_weight
            As in its `fit`.

        Returns
        -------
        estimator : CBOWVectorizer or SkipGramVectorizer
            The fitted estimator.

        Raises
        ------
        TypeError
            A parameter can't be saved, or `fit` raises it.
        OSError
            The folder of the file doesn't exist, or the file can't be written.
        """
        estimator._follow(X, y, sample_weight, self.training_tasks(estimator))
        return estimator

    def training_tasks(self, estimator: Any) -> Tasks:
        """Return what follows the training of an estimator and saves it."""
        return _Saver(self, estimator)


class _Saver(Tasks):
    """Saves one training.

    Parameters
    ----------
    checkpoint : Checkpoint
    estimator : CBOWVectorizer or SkipGramVectorizer
    """

    def __init__(self, checkpoint: Checkpoint, estimator: Any) -> None:
        self._path, self._every = checkpoint.path, checkpoint.every
        self._estimator = estimator
        check_savable(estimator)
        if not self._path.parent.is_dir():
            raise FileNotFoundError(f"{self._path.parent} is not a folder.")

    def start(self, trainer: Trainer, learned: Learned, attributes: Attributes) -> None:
        """See `Tasks.start`."""
        self._trainer, self._attributes = trainer, attributes
        self._saved, self._when = trainer.progress, monotonic()

    def chunks(self, chunks: Iterator[Item]) -> Iterator[Item]:
        """See `Tasks.chunks`."""
        for chunk in chunks:
            yield chunk
            if isinstance(self._every, timedelta):
                self._save_if_due()

    def end_epoch(self) -> bool:
        """See `Tasks.end_epoch`."""
        self._save_if_due()
        return False

    def end_fit(self) -> None:
        """See `Tasks.end_fit`."""
        if self._trainer.progress != self._saved or not self._path.exists():
            self._save()

    def _save_if_due(self) -> None:
        """Save if enough epochs, or enough time, have passed."""
        if isinstance(self._every, timedelta):
            is_due = monotonic() - self._when >= self._every.total_seconds()
        else:
            n_epochs = self._trainer.progress.epoch - self._saved.epoch
            is_due = n_epochs >= self._every
        if is_due:
            self._save()

    def _save(self) -> None:
        fitted = copy(self._estimator)
        vars(fitted).update(self._attributes())
        save(fitted, self._path)
        self._saved, self._when = self._trainer.progress, monotonic()


class _Record(NamedTuple):
    """The loss of an epoch.

    Attributes
    ----------
    begin : float
        When the run began, in seconds.
    run : str
        Identifier of the outermost `fit`.
    fit : tuple of int
        Numbers of the tasks from there to the `fit` of the vectorizer.
    epoch : int
        From 1.
    loss : float
    """

    begin: float
    run: str
    fit: tuple[int, ...]
    epoch: int
    loss: float


class LossMonitor(_AfterEpochs):
    """Callback that records the loss of each epoch of each fit.

    It collects the losses of all processes on this machine, such as those of
    ``GridSearchCV(n_jobs=2)``. They pass through a temporary folder, which is removed
    with the monitor, or at the end of the process.

    Raises
    ------
    ImportError
        scikit-learn is older than 1.9.
    """

    # `sklearn.callback.ScoringMonitor` could do this, but each one leaves a thread that
    # listens, and its memory, behind.

    def __init__(self) -> None:
        import sklearn.callback  # noqa: F401 - raises the error

        self._open(())

    def _open(self, records: Iterable[_Record]) -> None:
        """Begin with some records, as a monitor of this process."""
        self._records = list(records)
        self._process = os.getpid()
        # For other processes, and made when there are any.
        self._folder = os.path.join(gettempdir(), f"skw2v-losses-{uuid4().hex}")
        weakref.finalize(self, _remove, self._folder, self._process)

    def on_fit_task_end(
        self,
        estimator: BaseEstimator,
        context: "CallbackContext",
        *,
        fitted_estimator: BaseEstimator | None = None,
    ) -> None:
        """Record the loss of an epoch."""
        if context.task_name != "epoch" or fitted_estimator is None:
            return
        record = _record(context, fitted_estimator.loss_curve_)
        if os.getpid() == self._process:
            self._records.append(record)
        else:
            _write(self._folder, record)

    def to_frame(self) -> pd.DataFrame:
        """Return the losses recorded so far.

        Returns
        -------
        DataFrame
            One row per epoch. `run` numbers the calls of `fit`, whether of the
            vectorizer or of the meta-estimator around it, from 0. `fit` numbers the
            fits of the vectorizer in a run from 0; those of a search are in order of
            candidate and split, with the refit last. `epoch` counts from 1, and with
            a warm start from the epochs before. `loss` is the value in `loss_curve_`.

        Raises
        ------
        ValueError
            Nothing has been recorded.
        """
        if not (records := self._all()):
            raise ValueError(
                "No logs of losses: no epoch has ended; set the monitor on a "
                "vectorizer with set_callbacks, and fit it."
            )
        frame = pd.DataFrame(records).drop(columns="begin")
        frame["run"] = pd.factorize(frame["run"])[0]
        number = frame.groupby("run")["fit"].transform(
            lambda path: pd.factorize(path)[0]
        )
        return frame.assign(fit=number)

    def _all(self) -> list[_Record]:
        """Return the records of all processes, in order of runs, fits and epochs."""
        return sorted({*self._records, *_read(self._folder)})

    def __getstate__(self) -> dict[str, Any]:
        _make(self._folder)
        return {**vars(self), "_records": self._all()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        # In another process, a copy reports to the monitor from which it was made.
        if os.getpid() == self._process or not os.path.isdir(self._folder):
            self._open(self._records)


def _record(context: "CallbackContext", losses: list[float]) -> _Record:
    """Return the record of an epoch, from the context of its task."""
    path, root = [], context
    while root.parent is not None:
        root = root.parent
        path.append(root.task_id)
    begin, run = root.init_time.timestamp(), str(root.root_uuid)
    return _Record(begin, run, tuple(path[::-1]), len(losses), losses[-1])


def _make(folder: str) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)


def _write(folder: str, record: _Record) -> None:
    """Write a record, in a file of its own, so that no process waits for another."""
    _make(folder)  # a fork may be the first to need it
    path = os.path.join(folder, uuid4().hex)
    with open(path, "x", encoding="utf-8") as file:
        json.dump(record, file)
    os.rename(path, path + ".json")  # complete


def _read(folder: str) -> Iterator[_Record]:
    """Yield the records in a folder."""
    for path in Path(folder).glob("*.json"):
        begin, run, fit, epoch, loss = json.loads(path.read_text(encoding="utf-8"))
        yield _Record(begin, run, tuple(fit), epoch, loss)


def _remove(folder: str, process: int) -> None:
    """Remove a folder, but not from a fork of the process that has made it."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
