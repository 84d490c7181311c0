"""The hyperparameters of a training, with every "auto" resolved.

References
----------
.. [1] Robbins, H., & Monro, S. (1951). "A Stochastic Approximation Method".
"""

import math
from dataclasses import dataclass, fields
from reprlib import repr as shortened
from typing import Any, SupportsFloat

import numpy as np

from .batches import tile_size

# What "auto" is for a corpus of n tokens, found by measurement from 5,000 to 20 million
# tokens; see docs/small_corpora.md.
TOKENS_TO_READ = 2_000_000  # in all epochs
EPOCHS = 5, 20  # minimum and maximum number
LARGE_CORPUS = 20_000_000  # tokens from which the learning rate is the smallest
CBOW_LEARNING_RATE, SKIP_GRAM_LEARNING_RATE = 0.1, 0.03
LARGEST_FACTOR = 5.0  # by which the learning rate of a small corpus is larger
CBOW_STREAM_RATE, SKIP_GRAM_STREAM_RATE = 0.5, 0.15
STREAM_START = 200_000  # tokens after which the learning rate of a stream falls
STREAM_POWER = 0.75  # of the number of tokens so far
SMALLEST_FACTOR = 1 / 6  # by which the learning rate of a long stream is smaller
SUBSAMPLE = 1e-3
TOKENS_TO_KEEP = 5  # of a word in a corpus so small that SUBSAMPLE would drop them
SMALLEST_BATCH = 256  # positions; smaller updates take hardly less time
LARGEST_BATCH = 16  # tiles per update
FEWEST_UPDATES = 6_000  # in all epochs, unless that would make updates small
SUBWORD_FACTOR = 2  # by which words that share rows need more updates
LARGEST = {"n_components": 1 << 16, "negative": (1 << 31) - 1}
REALS = "ns_exponent", "subsample", "learning_rate", "min_learning_rate"
ALL = (1 << 31) - 2  # any wider window, or larger update, has all there is as well


@dataclass(frozen=True)
class Hyperparameters:
    """Hyperparameters of training; the estimators document each of them.

    Raises
    ------
    ValueError
        A value is too large, or two values contradict each other.
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
        for name, largest in LARGEST.items():
            if (value := getattr(self, name)) > largest:
                raise ValueError(
                    f"{name} must not exceed {largest:,}; got {shortened(value)}."
                )
        if self.min_learning_rate > self.learning_rate:
            raise ValueError(
                f"min_learning_rate={self.min_learning_rate} must not exceed "
                f"learning_rate={self.learning_rate}."
            )

    @classmethod
    def resolve(
        cls, source: Any, cbow: bool, n_tokens: int, n_seen: int | None = None
    ) -> "Hyperparameters":
        """Take the hyperparameters of an estimator, and replace each "auto".

        Parameters
        ----------
        source : object
            Has an attribute for each hyperparameter but `cbow`, and perhaps `subwords`.
        cbow : bool
        n_tokens : int
            Number of tokens of the corpus.
        n_seen : int, optional
            Number of tokens so far if the corpus is part of a stream of unknown length.
            It is trained once then, with a learning rate that stays the same.

        Returns
        -------
        Hyperparameters

        Raises
        ------
        ValueError
            A value is too large, or two values contradict each other.
        """
        values = {f.name: _of_python(getattr(source, f.name)) for f in fields(cls)[1:]}
        if n_seen is not None:
            _fit_stream(values, cbow, n_seen)
        if values["max_iter"] == "auto":
            values["max_iter"] = auto_max_iter(n_tokens)
        if values["subsample"] == "auto":
            values["subsample"] = auto_subsample(n_tokens)
        if values["learning_rate"] == "auto":
            values["learning_rate"] = auto_learning_rate(cbow, n_tokens)
        for name in REALS:
            values[name] = _as_float(name, values[name])
        if values["batch_size"] == "auto":
            sizes = n_tokens, values["max_iter"], values["n_components"]
            has_subwords = getattr(source, "subwords", None) is not None
            values["batch_size"] = auto_batch_size(*sizes, has_subwords)
        for name in ("window", "batch_size"):
            values[name] = min(values[name], ALL)
        return cls(cbow=cbow, **values)


def _fit_stream(values: dict[str, Any], cbow: bool, n_seen: int) -> None:
    """Change hyperparameters for a part of a stream; see `Hyperparameters.resolve`."""
    values["max_iter"] = 1
    if values["subsample"] == "auto":
        values["subsample"] = auto_subsample(n_seen)
    if values["learning_rate"] == "auto":
        values["learning_rate"] = auto_stream_rate(cbow, n_seen)
    values["min_learning_rate"] = values["learning_rate"]


def _of_python(value: Any) -> Any:
    """Return a number of NumPy, whose type may be too small for sums, as Python's."""
    return value.item() if isinstance(value, np.generic) else value


def _as_float(name: str, value: SupportsFloat) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ValueError(
            f"{name} must be a number that a float can hold; got {shortened(value)}."
        ) from None


def auto_subsample(n_tokens: int) -> float:
    """Return the threshold of subsampling for ``"auto"``.

    In a toy corpus every word is frequent, and subsampling would leave nothing.

    Parameters
    ----------
    n_tokens : int
        Number of tokens of the corpus.

    Returns
    -------
    float
    """
    return max(SUBSAMPLE, TOKENS_TO_KEEP / max(n_tokens, 1))


def auto_max_iter(n_tokens: int) -> int:
    """Return the number of epochs for ``"auto"``.

    A corpus of few tokens is read more often, until the vectors gain nothing from it.

    Parameters
    ----------
    n_tokens : int
        Number of tokens of the corpus.

    Returns
    -------
    int
    """
    return int(np.clip(TOKENS_TO_READ // max(n_tokens, 1), *EPOCHS))


def auto_learning_rate(cbow: bool, n_tokens: int) -> float:
    """Return the learning rate at the start of training for ``"auto"``.

    A word of a small corpus takes part in few updates, so each must go further.

    Parameters
    ----------
    cbow : bool
    n_tokens : int
        Number of tokens of the corpus.

    Returns
    -------
    float
    """
    smallest = CBOW_LEARNING_RATE if cbow else SKIP_GRAM_LEARNING_RATE
    factor = np.cbrt(LARGE_CORPUS / max(n_tokens, 1))
    return float(smallest * np.clip(factor, 1, LARGEST_FACTOR))


def auto_stream_rate(cbow: bool, n_seen: int) -> float:
    """Return the learning rate of a part of a stream for ``"auto"``.

    It falls with a power of the number of tokens between 1/2 and 1, for which
    stochastic approximation converges [1]_. It stays above a bound, so that the words
    of later documents are learned, too.

    Parameters
    ----------
    cbow : bool
    n_seen : int
        Number of tokens so far, including this part.

    Returns
    -------
    float
    """
    smallest = CBOW_LEARNING_RATE if cbow else SKIP_GRAM_LEARNING_RATE
    share = min(1.0, STREAM_START / max(n_seen, 1))
    largest = CBOW_STREAM_RATE if cbow else SKIP_GRAM_STREAM_RATE
    return max(largest * share**STREAM_POWER, smallest * SMALLEST_FACTOR)


def auto_batch_size(
    n_tokens: int, max_iter: int, n_components: int, has_subwords: bool = False
) -> int:
    """Return the positions per update for ``"auto"``.

    Large updates are fast, but training needs many updates. It makes as many as each
    has positions, or `FEWEST_UPDATES` if the corpus is large. Rows that words share
    occur more often, so their steps are limited in more updates, and it makes more.

    Parameters
    ----------
    n_tokens : int
        Number of tokens of the corpus.
    max_iter : int
        Number of epochs.
    n_components : int
    has_subwords : bool, default=False

    Returns
    -------
    int
    """
    largest = LARGEST_BATCH * tile_size(n_components)
    n_positions = n_tokens * max_iter
    batch = max(math.isqrt(n_positions), n_positions // FEWEST_UPDATES)
    if has_subwords:
        batch //= SUBWORD_FACTOR
    return min(max(batch, SMALLEST_BATCH), largest)
