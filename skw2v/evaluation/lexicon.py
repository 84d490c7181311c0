"""Lookup of the words of a file in a table of word vectors."""

from collections.abc import Callable, Sequence
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ..corpus import UNKNOWN
from ..corpus.numbering import numbering
from ..word_vectors import WordVectors
from ..word_vectors.cosines import cosine_matrix, unit_rows
from ..word_vectors.of import word_vectors_of


class Lexicon:
    """Words of a table, numbered by form: the word itself, or the word in uppercase.

    Words that have the same form share one number, and the first of them represents
    all. In a table with the most frequent words first, it is the most frequent one.

    Parameters
    ----------
    vectors : WordVectors, fitted vectorizer or Pipeline
    restrict_vocab : int or None
        Maximum number of words taken from the beginning of the table.
    case_insensitive : bool
        Whether the form of a word is the word in uppercase.

    Attributes
    ----------
    vectors : WordVectors
    words : tuple of str
    forms : ndarray of shape (n_words,), int64
        Number of the form of each word.
    """

    def __init__(
        self,
        vectors: WordVectors | BaseEstimator,
        restrict_vocab: int | None,
        case_insensitive: bool,
    ) -> None:
        if restrict_vocab is not None and not (
            isinstance(restrict_vocab, Integral) and restrict_vocab >= 1
        ):
            raise ValueError(
                "restrict_vocab must be an integer of 1 or more, or None; got "
                f"{shortened(restrict_vocab)}."
            )
        self.vectors = word_vectors_of(vectors)
        self.words = self.vectors.words[:restrict_vocab]
        self._form: Callable[[str], str] = str.upper if case_insensitive else str
        self._numbers = numbering()
        forms = [self._numbers[self._form(word)] for word in self.words]
        self.forms = np.array(forms, np.int64)
        _, self._first = np.unique(self.forms, return_index=True)

    def word(self, number: int) -> str:
        """Return the first word that has a form."""
        return self.words[self._first[number]]

    def cosines(self, numbers: NDArray[np.int64], block: slice) -> NDArray[np.float32]:
        """Compute the cosines of forms with a block of the words.

        Parameters
        ----------
        numbers : ndarray of shape (n,), int64
            Numbers of the forms.
        block : slice
            Positions of the words.

        Returns
        -------
        ndarray of shape (n, n_block), float32
        """
        rows = slice(*block.indices(len(self.words)))
        table = self.vectors
        units = unit_rows(table.vectors, table.lengths, self._first[numbers])
        return cosine_matrix(units, table.vectors[rows], table.lengths[rows])

    def directions(self) -> NDArray[np.float64]:
        """Return a number for each word that only words of one direction share.

        Vectors that are equal, or equal at length 1, get the same number: their product
        with random numbers, rounded in the same way in each row.

        Returns
        -------
        ndarray of shape (n_words,), float64
        """
        rows = slice(len(self.words))
        vectors, lengths = self.vectors.vectors[rows], self.vectors.lengths[rows]
        keys = np.random.default_rng(0).normal(size=(vectors.shape[1],))
        return np.einsum("ij,j->i", vectors, keys) / lengths

    def numbers(self, items: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Look up words.

        Parameters
        ----------
        items : list of tuples of n str

        Returns
        -------
        ndarray of shape (n_items, n), int64
            Numbers of the forms of the words; `UNKNOWN` if no word has that form.
        """
        number_of = self._numbers.get
        return np.array(
            [[number_of(self._form(word), UNKNOWN) for word in item] for item in items]
        )
