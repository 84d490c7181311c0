"""The most probable words, from the probabilities of all of them."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.special import softmax

from ._terms import check_topn
from .training.losses import LOSSES

EXPECTED = {
    "word": "a word, or a list of words",
    "words": "a list of context words, or a list of such lists",
}


def most_probable(vectorizer, inputs, topn):
    """Most probable words for each of some inputs.

    Parameters
    ----------
    vectorizer : fitted estimator
    inputs : list of list of str
        The words whose vectors are averaged to the hidden layer; those that are not in
        the vocabulary are left out.
    topn : int

    Returns
    -------
    list of list of (str, float)
        Words and probabilities, by falling probability.

    Raises
    ------
    TypeError, ValueError
        No word of an input is known, or `topn` is no integer of 1 or more.
    """
    check_topn(topn)
    if not inputs:
        return []
    rows = vectorizer.vocabulary_
    known = [[rows[word] for word in words if word in rows] for words in inputs]
    for ids, words in zip(known, inputs, strict=True):
        if not ids:
            raise ValueError(f"none of the words {list(words)} is in the vocabulary.")
    hidden = [vectorizer.embeddings_[ids].mean(axis=0) for ids in known]
    loss, counts = LOSSES[vectorizer.loss], vectorizer.word_counts_
    estimates = loss.log_probabilities(
        np.array(hidden, np.float64),
        np.arange(len(rows)),
        vectorizer.output_embeddings_,
        loss.prepare(counts, vectorizer._hyperparameters(counts.sum())),
    )
    probabilities = softmax(estimates, axis=1)
    words = list(rows)
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :topn]
    return [
        [(words[i], float(row[i])) for i in chosen]
        for row, chosen in zip(probabilities, best, strict=True)
    ]


def as_examples(X, each):
    """A list of examples, and whether there was but one.

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
        It is something else.
    """
    expected = EXPECTED[each]
    if (each == "words" and isinstance(X, str)) or not isinstance(X, Iterable):
        raise TypeError(f"expected {expected}; got {X!r} of type {type(X).__name__}.")
    if each == "word":
        words = [X] if isinstance(X, str) else list(X)
        _check_words(words, expected)
        return [[word] for word in words], isinstance(X, str)
    examples = list(X)
    one = bool(examples) and isinstance(examples[0], str)
    examples = [examples] if one else examples
    for words in examples:
        if isinstance(words, str) or not isinstance(words, Sequence):
            raise TypeError(f"expected {expected}; got {words!r} among the examples.")
        _check_words(words, expected)
    return examples, one


def _check_words(words, expected):
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"expected {expected}; got {word!r} among the words.")
