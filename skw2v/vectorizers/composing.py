"""Words of documents that have no vector of their own, but one of their pieces."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..corpus import UNKNOWN, Corpus
from ..pooling import WordFeatures
from ..pooling.clusters import memberships_of
from ..word_vectors.pieces import PieceVectors


class OpenVocabulary:
    """The rows of words; it gives the next ones to words that have none.

    Parameters
    ----------
    rows : mapping of str to int

    Attributes
    ----------
    n_known : int
        Number of words that have rows.
    others : dict of str to int
        Rows of other words that were asked for.
    """

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows, self.n_known = rows, len(rows)
        self.others: dict[str, int] = {}

    def get(self, word: str, default: int) -> int:
        """Return the row of a word."""
        row = self._rows.get(word)
        if row is None:
            row = self.others.setdefault(word, self.n_known + len(self.others))
        return row


@dataclass(frozen=True, eq=False)
class ComposedWords:
    """The words of some documents.

    Attributes
    ----------
    rows : ndarray of shape (n_known,), int
        Rows of those that have one.
    vectors : ndarray of shape (n_composed, n_components), float32
        Vectors of the others.
    """

    rows: NDArray[np.intp]
    vectors: NDArray[np.float32]

    def features(self, of_all: WordFeatures) -> WordFeatures:
        """Return what poolings know of these words.

        Parameters
        ----------
        of_all : WordFeatures
            What they know of all that have a row.
        """
        weights, rows = of_all.weights, self.rows
        rarest = weights.max() if len(weights) else 1
        others = memberships_of(self.vectors, of_all)
        return WordFeatures(
            np.concatenate([of_all.vectors[rows], self.vectors]),
            np.append(weights[rows], np.full(len(self.vectors), rarest, np.float32)),
            np.concatenate([of_all.memberships[rows], others]),
        )


def composed_words(
    corpus: Corpus, vocabulary: OpenVocabulary, pieces: PieceVectors
) -> tuple[Corpus, ComposedWords]:
    """Compose the words of documents, and drop those that have no pieces.

    Parameters
    ----------
    corpus : Corpus
        Its ids are the rows of the vocabulary; it is changed in place.
    vocabulary : OpenVocabulary
    pieces : PieceVectors

    Returns
    -------
    corpus : Corpus
        Its ids are the places of the words.
    words : ComposedWords
        First those that have a row, then the others.
    """
    n_known, others = vocabulary.n_known, list(vocabulary.others)
    vectors, has_pieces = pieces.compose(others)
    n_tokens = corpus.counts(n_known + len(others))
    rows = np.flatnonzero(n_tokens[:n_known])
    used = np.concatenate([rows, n_known + np.flatnonzero(has_pieces)])
    new_ids = np.full(len(n_tokens), UNKNOWN, np.int32)
    new_ids[used] = np.arange(len(used))
    return corpus.renumber(new_ids), ComposedWords(rows, vectors[has_pieces])
