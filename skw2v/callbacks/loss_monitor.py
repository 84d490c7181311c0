"""Records the losses of all fits, in all processes."""

import json
import os
import shutil
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import pandas as pd
from sklearn.base import BaseEstimator

from .hooks import AfterEpochs

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext


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


class LossMonitor(AfterEpochs):
    """Callback that records the loss of each epoch of each fit.

    It collects the losses of all processes on this machine, such as those of
    ``GridSearchCV(n_jobs=2)``. They pass through a temporary folder, which is removed
    with the monitor, or at the end of the process.

    Raises
    ------
    ImportError
        scikit-learn is older than 1.9.

    Examples
    --------
    With scikit-learn 1.9, which has callbacks:

    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.callbacks import LossMonitor
    >>> from skw2v.datasets import load_lecture
    >>> monitor = LossMonitor()  # doctest: +SKIP
    >>> vectorizer = SkipGramVectorizer(random_state=0)
    >>> vectorizer.set_callbacks(monitor).fit(load_lecture())  # doctest: +SKIP
    >>> monitor.to_frame()["loss"].tolist() == vectorizer.loss_curve_  # doctest: +SKIP
    True
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
