"""Word vectors of what holds some: a table, a vectorizer, or a pipeline with one."""

from collections.abc import Iterator
from reprlib import repr as shortened
from typing import Any, Protocol

from .table import WordVectors


class Vectorizer(Protocol):
    """What all vectorizers of this package have in common here."""

    def word_vectors(self) -> WordVectors:
        """Return the words and their vectors."""


def word_vectors_of(estimator: Any) -> WordVectors:
    """Return the word vectors of an estimator.

    Parameters
    ----------
    estimator : WordVectors, fitted vectorizer or Pipeline
        In a pipeline, the first step with word vectors counts.

    Returns
    -------
    WordVectors

    Raises
    ------
    sklearn.exceptions.NotFittedError
        The vectorizer is not fitted.
    TypeError
        The estimator has no word vectors.
    """
    if isinstance(estimator, WordVectors):
        return estimator
    return vectorizer_in(estimator, "WordVectors, or a fitted ").word_vectors()


def vectorizer_in(estimator: Any, also: str = "a ") -> Vectorizer:
    """Return the vectorizer in a pipeline, or the vectorizer itself.

    Parameters
    ----------
    estimator : vectorizer or Pipeline
        Fitted or not. In a pipeline, the first step with word vectors counts.
    also : str, default="a "
        Beginning of what the caller takes, for the message.

    Returns
    -------
    Vectorizer

    Raises
    ------
    TypeError
        The estimator has no word vectors.
    """
    if not isinstance(estimator, type):
        for step in _steps(estimator):
            if hasattr(step, "word_vectors"):
                return step
    raise TypeError(
        f"expected {also}CBOWVectorizer, SkipGramVectorizer or PretrainedVectorizer, "
        f"alone or in a Pipeline; got {shortened(estimator)} of type "
        f"{type(estimator).__name__}."
    )


def _steps(estimator: Any) -> Iterator[Any]:
    """Yield the steps of a pipeline and of pipelines in it, or else the estimator."""
    steps = getattr(estimator, "steps", None)  # this room doesn't know scikit-learn
    if not isinstance(steps, list):
        yield estimator
        return
    for _, step in steps:
        yield from _steps(step)
