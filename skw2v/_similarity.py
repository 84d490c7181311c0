"""How similar given words are: cosines of the angles between their vectors."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


class SimilarityMixin:
    """The questions to `WordVectors` about the similarity of given words.

    The cosine of two vectors is from -1 to 1, and 0 if one of them is zero. A word that
    is not in the table ends in an `UnknownWordError`, which is a KeyError.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    _lengths: NDArray[np.float32]
    _row: Any
    _rows: Any

    def similarity(self, first: str, second: str) -> float:
        """Cosine of the angle between the vectors of two words.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From -1 to 1; 0 if one of the vectors is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return _cosine(self._unit(self._row(first)), self._unit(self._row(second)))

    def distance(self, first: str, second: str) -> float:
        """Cosine distance of two words, 1 - `similarity`.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From 0 to 2.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return 1 - self.similarity(first, second)

    def similarities(
        self, words: Iterable[str], others: Iterable[str] | None = None
    ) -> NDArray[np.float32]:
        """Cosines of all pairs of two lists of words, in one matrix product.

        Parameters
        ----------
        words : iterable of str
        others : iterable of str or None, default=None
            None is all words of the table.

        Returns
        -------
        ndarray of shape (n_words, n_others), float32
            From -1 to 1; 0 where a vector is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(["up", "left", "down"], [[0, 1], [-1, 0], [0, -2]])
        >>> vectors.similarities(["up"], ["left", "down"])
        array([[ 0., -1.]], dtype=float32)
        """
        columns = slice(None) if others is None else self._rows(others)
        return self._similarities(self._rows(words), columns)

    def n_similarity(self, words: Iterable[str], others: Iterable[str]) -> float:
        """Cosine of the angle between the mean vectors of two lists of words.

        Parameters
        ----------
        words, others : iterable of str
            At least one word each.

        Returns
        -------
        float
            From -1 to 1; 0 if one of the means is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            There are no words.
        """
        first, second = (
            unit(self.vectors[self._some_rows(each)].mean(axis=0, dtype=np.float64))
            for each in (words, others)
        )
        return _cosine(first, second)

    def doesnt_match(self, words: Iterable[str]) -> str:
        """The word that goes least with the others.

        Its vector has the least cosine with the mean of all, each at length 1.

        Parameters
        ----------
        words : iterable of str

        Returns
        -------
        str

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            There are no words.
        """
        rows = self._some_rows(words)
        vectors = self._unit(rows)
        return self.words[rows[np.argmin(_products(vectors, vectors.mean(axis=0)))]]

    def closer_than(self, word: str, other: str) -> list[str]:
        """Words that are more similar to `word` than `other` is.

        Parameters
        ----------
        word, other : str

        Returns
        -------
        list of str
            In the order of the table, without `word`.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        row = self._row(word)
        cosines = self._cosines(self._unit(row))
        closer = cosines > cosines[self._row(other)]
        closer[row] = False
        return [self.words[i] for i in np.flatnonzero(closer)]

    def rank(self, word: str, other: str) -> int:
        """Place of `other` among the words by falling similarity to `word`.

        Parameters
        ----------
        word, other : str

        Returns
        -------
        int
            1 if no word is more similar.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return len(self.closer_than(word, other)) + 1

    def _some_rows(self, words):
        """Rows of at least one word."""
        rows = self._rows(words)
        if not len(rows):
            raise ValueError("the list of words is empty; give at least one word.")
        return rows

    def _unit(self, rows):
        """Vectors of length 1 of one row or of several; zero stays zero."""
        return self.vectors[rows] / self._lengths[rows][..., None]

    def _similarities(self, rows, others):
        """Cosines of some rows with others, in one matrix product."""
        cosines = self._unit(rows) @ self.vectors[others].T
        cosines /= self._lengths[others]
        return np.clip(cosines, -1, 1, out=cosines)

    def _cosines(self, query, rows=slice(None)):
        """Cosines of a vector of length 1 with those of some rows, float32."""
        cosines = _products(self.vectors[rows], query) / self._lengths[rows]
        return np.clip(cosines, -1, 1, out=cosines)


def unit(vector):
    """A vector at length 1, float32; zero stays zero."""
    length = np.linalg.norm(vector)
    return (vector / (length or 1)).astype(np.float32)


def _cosine(first, second):
    """Of two vectors of length 1."""
    return min(1.0, max(-1.0, float(first @ second)))


def _products(vectors, query):
    """Product of each vector with the query.

    BLAS rounds a product by the place of its row: equal vectors would get unequal ones.
    """
    return np.einsum("ij,j->i", vectors, query)
