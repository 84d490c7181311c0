"""Saves a training on the way, so that another process can finish it."""

import os
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import timedelta
from numbers import Integral
from pathlib import Path
from reprlib import repr as shortened
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from ..io.native import check_savable, save
from ..vectorizers.fitted import Learned
from ..vectorizers.progress import Attributes, Item, Tasks, Training
from ..vectorizers.word2vec import Word2VecVectorizer
from .hooks import AfterEpochs

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext

Trainable = TypeVar("Trainable", bound=Word2VecVectorizer)


class Checkpoint(AfterEpochs):
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

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
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
