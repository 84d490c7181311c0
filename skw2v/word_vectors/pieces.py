"""Vectors of pieces, of which those of unknown words are composed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..exceptions import UnknownWordError
from .cosines import lengths_of


class Shares(Protocol):
    """A sparse matrix (`scipy.sparse.csr_array`) that holds 1/m in m columns a row."""

    indptr: NDArray[np.integer]

    def __matmul__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the means of rows."""


class Composition(Protocol):
    """How words are composed: see `skw2v.text.subwords.Subwords`."""

    @property
    def n_buckets(self) -> int:
        """Return the number of rows that pieces share."""

    def composition(
        self, words: Sequence[str], rows: NDArray[np.integer], n_words: int
    ) -> Shares:
        """Return the sparse matrix by which the rows give the vectors of words."""


@dataclass(frozen=True, eq=False)
class PieceVectors:
    """Composes the vectors of words that a table lacks.

    Attributes
    ----------
    subwords : Composition
        Says which rows a word is the mean of.
    rows : ndarray of shape (n_buckets, n_components), float32
        Read-only.

    Raises
    ------
    ValueError
        There is not one row per bucket.
    """

    subwords: Composition
    rows: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.rows.ndim != 2 or len(self.rows) != self.subwords.n_buckets:
            raise ValueError(
                f"there must be a row for each of the {self.subwords.n_buckets} "
                f"buckets; got an array of shape {self.rows.shape}."
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PieceVectors):
            return NotImplemented
        same = self.subwords == other.subwords
        return same and np.array_equal(self.rows, other.rows)

    def compose(
        self, words: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Compose the vectors of words of the rows of their pieces.

        Parameters
        ----------
        words : sequence of str

        Returns
        -------
        vectors : ndarray of shape (n_words, n_components), float32
            Zeros for a word that has no pieces.
        has_pieces : ndarray of shape (n_words,), bool
        """
        nowhere = np.full(len(words), -1)
        shares = self.subwords.composition(words, nowhere, 0)
        return shares @ self.rows, np.diff(shares.indptr) > 0


def composed(
    pieces: PieceVectors | None, words: Sequence[str], known: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Compose the vectors of words that are not among the known ones.

    Parameters
    ----------
    pieces : PieceVectors or None
        None means that no word can be composed.
    words : sequence of str
        At least one.
    known : sequence of str
        Words of a table, for the message.

    Returns
    -------
    vectors : ndarray of shape (n_words, n_components), float32
    lengths : ndarray of shape (n_words,), float32
        See `lengths_of`.

    Raises
    ------
    UnknownWordError
        A word can't be composed.
    """
    if pieces is None:
        raise UnknownWordError(words[0], known)
    vectors, has_pieces = pieces.compose(words)
    if not has_pieces.all():
        word = words[int(np.argmin(has_pieces))]
        raise UnknownWordError(word, known, has_no_pieces=True)
    return vectors, lengths_of(vectors)
