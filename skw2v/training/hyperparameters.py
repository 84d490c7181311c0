"""The hyperparameters of a training, with every "auto" resolved."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .batches import tile_size

CBOW_LEARNING_RATE, SKIP_GRAM_LEARNING_RATE = 0.1, 0.03
UPDATES = 500  # minimum number of updates per epoch
LARGEST_BATCH = 2  # tiles per update


@dataclass(frozen=True)
class Hyperparameters:
    """Hyperparameters of training; the estimators document each of them.

    Raises
    ------
    ValueError
        Two values contradict each other.
    """

    cbow: bool
    loss: str
    n_components: int
    window: int
    shrink_windows: bool
    negative: int
    ns_exponent: float
    subsample: float
    max_iter: int
    learning_rate: float
    min_learning_rate: float
    batch_size: int

    def __post_init__(self) -> None:
        if self.min_learning_rate > self.learning_rate:
            raise ValueError(
                f"min_learning_rate={self.min_learning_rate} must not exceed "
                f"learning_rate={self.learning_rate}."
            )

    @classmethod
    def resolve(cls, source: Any, cbow: bool, n_tokens: int) -> "Hyperparameters":
        """Take the hyperparameters of an estimator, and replace each "auto".

        Parameters
        ----------
        source : object
            Has an attribute for each hyperparameter but `cbow`.
        cbow : bool
        n_tokens : int
            Number of tokens of the corpus.

        Returns
        -------
        Hyperparameters
        """
        values = {f.name: getattr(source, f.name) for f in fields(cls)[1:]}
        if values["learning_rate"] == "auto":
            values["learning_rate"] = auto_learning_rate(cbow)
        values["learning_rate"] = float(values["learning_rate"])
        if values["batch_size"] == "auto":
            values["batch_size"] = auto_batch_size(n_tokens, values["n_components"])
        return cls(cbow=cbow, **values)


def auto_learning_rate(cbow: bool) -> float:
    """Return the learning rate at the start of training for ``"auto"``."""
    return CBOW_LEARNING_RATE if cbow else SKIP_GRAM_LEARNING_RATE


def auto_batch_size(n_tokens: int, n_components: int) -> int:
    """Return the positions per update for ``"auto"``.

    Large updates are fast, but a small corpus needs many updates.

    Parameters
    ----------
    n_tokens : int
        Number of tokens of the corpus.
    n_components : int

    Returns
    -------
    int
    """
    largest = LARGEST_BATCH * tile_size(n_components)
    return int(np.clip(n_tokens // UPDATES, 1, largest))
