"""The words of highest score."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .cosines import cosines
from .queries import Query, check_number

BLOCK = 1 << 25  # cosines computed at a time (128 MiB)
ROUNDING = 1e-5  # well above the rounding errors of a cosine
EPSILON = 1e-6  # added to a divisor, as in Levy and Goldberg (2014)

Neighbors: TypeAlias = list[tuple[str, float]]


class Table(Protocol):
    """Words and their vectors: see `WordVectors`."""

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks words by falling score, and in their order where scores are equal.

    Attributes
    ----------
    words : tuple of str
        The words that may be answers.
    vectors : ndarray of shape (n_words, n_components), float32
    lengths : ndarray of shape (n_words,), float32
        See `cosines`.
    topn : int
        Maximum number of words in an answer.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.float32]
    topn: int

    @classmethod
    def of(
        cls, table: Table, topn: int | None, restrict_vocab: int | None
    ) -> "Ranking":
        """Return what ranks the first `restrict_vocab` words of a table.

        Raises
        ------
        TypeError, ValueError
            See `check_number`.
        """
        topn = check_number("topn", topn, len(table.words))
        n = check_number("restrict_vocab", restrict_vocab, len(table.words))
        return cls(table.words[:n], table.vectors[:n], table.lengths[:n], topn)

    def nearest(self, queries: list[Query]) -> list[Neighbors]:
        """Rank words by their cosines with each of some queries.

        The products with all vectors, computed by BLAS, find the candidates. The
        cosines of these few are computed again, because the rounding of BLAS depends on
        the place of a row and on the number of queries.

        Parameters
        ----------
        queries : list of Query

        Returns
        -------
        list of lists of (str, float)
            Words and cosines.
        """
        answers = []
        size = BLOCK // (len(self.words) + 1) + 1
        for start in range(0, len(queries), size):
            block = queries[start : start + size]
            products = np.array([query.vector for query in block]) @ self.vectors.T
            products /= self.lengths
            for query, row in zip(block, products, strict=True):
                rows = highest(row, query.given, self.topn, ROUNDING)
                scores = cosines(self.vectors, self.lengths, query.vector, rows)
                answers.append(self._ranked(rows, scores))
        return answers

    def highest_products(self, raised: list[Query], lowered: list[Query]) -> Neighbors:
        """Rank words by the product of their cosines with queries, each in [0, 1].

        Parameters
        ----------
        raised, lowered : list of Query
            Whose cosines the product is multiplied with, and divided by.

        Returns
        -------
        list of (str, float)
            Words and scores.

        Raises
        ------
        ValueError
            Nothing is raised.
        """
        if not raised:
            raise ValueError("give at least one positive word or vector.")
        product, divisor = (
            np.prod(
                [
                    (1 + cosines(self.vectors, self.lengths, query.vector)) / 2
                    for query in queries
                ],
                axis=0,
            )
            for queries in (raised, lowered)
        )
        scores = product / (divisor + np.float32(EPSILON))
        given = [row for query in (*raised, *lowered) for row in query.given]
        rows = highest(scores, given, self.topn)
        return self._ranked(rows, scores[rows])

    def _ranked(self, rows: NDArray[np.int64], scores: NDArray) -> Neighbors:
        """Return the words of rows, which are in the order of the table, by score."""
        order = np.argsort(-scores, kind="stable")[: self.topn]
        return [(self.words[rows[i]], float(scores[i])) for i in order]


def highest(
    scores: NDArray[np.floating], left_out: list[int], topn: int, margin: float = 0
) -> NDArray[np.int64]:
    """Return the rows whose scores are among the `topn` highest.

    Parameters
    ----------
    scores : ndarray of shape (n_words,), float32
        Overwritten for the rows that are left out.
    left_out : list of int
        Rows beyond the last score are ignored.
    topn : int
    margin : float, default=0
        Rows whose scores are lower by up to this much are returned, too.

    Returns
    -------
    ndarray of shape (n_rows,), int64
        In the order of the table; at least as many as `topn` unless there are fewer.
    """
    scores[[row for row in left_out if row < len(scores)]] = -np.inf
    threshold = np.finfo(scores.dtype).min  # above those that are left out
    if topn < len(scores):
        threshold = max(threshold, np.partition(scores, -topn)[-topn] - margin)
    return np.flatnonzero(scores >= threshold)
