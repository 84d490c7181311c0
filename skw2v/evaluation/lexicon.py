"""The words of a table that the words of a file are looked up in."""

from numbers import Integral

import numpy as np
from sklearn.pipeline import Pipeline

from ..corpus import UNKNOWN
from ..corpus.numbering import numbering
from ..word_vectors import WordVectors
from ..word_vectors.cosines import cosine_matrix


class Lexicon:
    """Words of a table, numbered by their form: the word itself, or in capitals.

    Words of one form have one number, and its first word stands for all of them. In a
    table with the most frequent words first, that is the most frequent.

    Parameters
    ----------
    vectors : WordVectors, fitted vectorizer or Pipeline
    restrict_vocab : int or None
        Take only so many words from the beginning of the table.
    case_insensitive : bool

    Attributes
    ----------
    vectors : WordVectors
    words : tuple of str
    forms : ndarray of shape (n_words,), int64
        Number of the form of each word.
    """

    def __init__(self, vectors, restrict_vocab, case_insensitive):
        if restrict_vocab is not None and not (
            isinstance(restrict_vocab, Integral) and restrict_vocab >= 1
        ):
            raise ValueError(
                "restrict_vocab must be an integer of 1 or more, or None; got "
                f"{restrict_vocab!r}."
            )
        self.vectors = word_vectors_of(vectors)
        self.words = self.vectors.words[:restrict_vocab]
        self._form = str.upper if case_insensitive else str
        self._numbers = numbering()
        forms = [self._numbers[self._form(word)] for word in self.words]
        self.forms = np.array(forms, np.int64)
        self._first = np.unique(self.forms, return_index=True)[1]

    def word(self, number):
        """First word of a form."""
        return self.words[self._first[number]]

    def cosines(self, numbers, block):
        """Cosines of forms with a block of the words.

        Parameters
        ----------
        numbers : ndarray of shape (n,), int64
            Of the forms.
        block : slice
            Of the words.

        Returns
        -------
        ndarray of shape (n, n_block), float32
        """
        rows = slice(*block.indices(len(self.words)))
        table = self.vectors
        return cosine_matrix(table.vectors, table.lengths, self._first[numbers], rows)

    def numbers(self, items):
        """Look up words.

        Parameters
        ----------
        items : list of tuples of n str

        Returns
        -------
        ndarray of shape (n_items, n), int64
            Numbers of their forms, or `UNKNOWN`.
        """
        number_of = self._numbers.get
        return np.array(
            [[number_of(self._form(word), UNKNOWN) for word in item] for item in items]
        )


def word_vectors_of(estimator):
    """The word vectors that an estimator has learned.

    Parameters
    ----------
    estimator : WordVectors, fitted vectorizer or Pipeline
        Of a pipeline the first step that has word vectors.

    Returns
    -------
    WordVectors

    Raises
    ------
    sklearn.exceptions.NotFittedError
        The vectorizer is not fitted.
    TypeError
        There are no word vectors.
    """
    if isinstance(estimator, WordVectors):
        return estimator
    for step in _steps(estimator):
        if hasattr(step, "word_vectors"):
            return step.word_vectors()
    raise TypeError(
        "expected WordVectors, or a fitted CBOWVectorizer or SkipGramVectorizer, alone "
        f"or in a Pipeline; got {estimator!r}."
    )


def _steps(estimator):
    """Yield the steps of a pipeline, and of those in it."""
    if not isinstance(estimator, Pipeline):
        yield estimator
        return
    for _, step in estimator.steps:
        yield from _steps(step)
