"""Prediction of the most probable words."""

from collections.abc import Iterable, Mapping, Sequence
from reprlib import repr as shortened
from typing import Any, TypeAlias

import numpy as np
from scipy.special import softmax

from ..training.model import Model
from ..word_vectors.queries import check_number

Prediction: TypeAlias = list[tuple[str, float]]
Predictions: TypeAlias = Prediction | list[Prediction]

EXPECTED = {
    "word": "a word, or a list of words",
    "words": "a list of context words, or a list of such lists",
}


def most_probable(
    model: Model, vocabulary: Mapping[str, int], inputs: Sequence, topn: int | None
) -> list[Prediction]:
    """Return the most probable words for each of some inputs.

    Parameters
    ----------
    model : Model
    vocabulary : mapping of str to int
        Row of each word, in the order of the rows.
    inputs : list of list of str
        The words whose vectors are averaged to the hidden layer; those that are not in
        the vocabulary are left out.
    topn : int or None
        None means all words.

    Returns
    -------
    list of list of (str, float)
        Words and probabilities, in decreasing order.

    Raises
    ------
    TypeError, ValueError
        No word of an input is known, or `topn` is neither None nor an integer of 1
        or more.
    """
    topn = check_number("topn", topn, len(vocabulary))
    if not inputs:
        return []
    known = [[vocabulary[w] for w in words if w in vocabulary] for words in inputs]
    for ids, given in zip(known, inputs, strict=True):
        if not ids:
            raise ValueError(
                f"none of the words {shortened(list(given))} is in the vocabulary."
            )
    hidden = [model.input_matrix[ids].mean(axis=0) for ids in known]
    estimates = model.log_probabilities(
        np.array(hidden, np.float64), np.arange(len(vocabulary))
    )
    probabilities = softmax(estimates, axis=1)
    words = list(vocabulary)
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :topn]
    return [
        [(words[i], float(row[i])) for i in chosen]
        for row, chosen in zip(probabilities, best, strict=True)
    ]


def as_examples(X: Any, each: str) -> tuple[list, bool]:
    """Return a list of examples, and whether a single one was given.

    Parameters
    ----------
    X : object
        One example, or an iterable of them.
    each : {"word", "words"}
        What one example is: a word, or a list of words.

    Returns
    -------
    inputs : list of list of str
    one : bool

    Raises
    ------
    TypeError
        `X` is something else.
    """
    expected = EXPECTED[each]
    if (each == "words" and isinstance(X, str)) or not isinstance(X, Iterable):
        raise TypeError(
            f"expected {expected}; got {shortened(X)} of type {type(X).__name__}."
        )
    if each == "word":
        words = [X] if isinstance(X, str) else list(X)
        _check_words(words, expected)
        return [[word] for word in words], isinstance(X, str)
    examples = list(X)
    one = bool(examples) and isinstance(examples[0], str)
    examples = [examples] if one else examples
    for words in examples:
        if isinstance(words, str) or not isinstance(words, Sequence):
            raise TypeError(
                f"expected {expected}; got {shortened(words)} among the examples."
            )
        _check_words(words, expected)
    return examples, one


def _check_words(words: Iterable, expected: str) -> None:
    for word in words:
        if not isinstance(word, str):
            raise TypeError(
                f"expected {expected}; got {shortened(word)} among the words."
            )
