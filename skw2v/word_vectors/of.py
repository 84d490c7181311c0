"""Word vectors of what holds some: a table, a vectorizer, or a pipeline with one."""

from collections.abc import Iterator
from reprlib import repr as shortened
from typing import Any

from .table import WordVectors


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
    table: WordVectors = vectorizer_in(estimator).word_vectors()
    return table


def vectorizer_in(estimator: Any) -> Any:
    """Return the vectorizer in a pipeline, or the vectorizer itself.

    Parameters
    ----------
    estimator : vectorizer or Pipeline
        Fitted or not. In a pipeline, the first step with word vectors counts.

    Returns
    -------
    vectorizer

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
        "expected WordVectors, or a fitted CBOWVectorizer, SkipGramVectorizer or "
        f"PretrainedVectorizer, alone or in a Pipeline; got {shortened(estimator)} of "
        f"type {type(estimator).__name__}."
    )


def _steps(estimator: Any) -> Iterator[Any]:
    """Yield the steps of a pipeline and of pipelines in it, or else the estimator."""
    steps = getattr(estimator, "steps", None)  # this room doesn't know scikit-learn
    if not isinstance(steps, list):
        yield estimator
        return
    for _, step in steps:
        yield from _steps(step)
