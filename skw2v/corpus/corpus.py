"""Encoded documents in two flat arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .words import pack_words

UNKNOWN = -1  # id of a word that is not in the vocabulary
SLICE = 1 << 20  # tokens renumbered at a time


@dataclass(frozen=True, eq=False)
class Corpus:
    """Encoded documents, one after the other.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word id of each token.
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    n_dropped : ndarray of shape (n_documents,), int64, or 0
        Tokens of each document that `renumber` has dropped.
    """

    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    n_dropped: NDArray[np.int64] | int = 0

    @property
    def n_documents(self) -> int:
        """Return the number of documents, empty ones included."""
        return len(self.offsets) - 1

    @property
    def n_tokens(self) -> int:
        """Return the number of tokens of all documents."""
        return len(self.ids)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the number of tokens of each document, of shape (n_documents,)."""
        return np.diff(self.offsets)

    def renumber(self, new_ids: NDArray[np.int32]) -> "Corpus":
        """Give the words new ids, in place: a large corpus fits into memory once.

        Parameters
        ----------
        new_ids : ndarray of shape (n_words,), int32
            New id of each old one; `UNKNOWN` drops the tokens of that word.

        Returns
        -------
        Corpus
            Its ids reuse the memory of the old ones.
        """
        ids, n_kept, dropped = self.ids, 0, []
        for start in range(0, len(ids), SLICE):
            part = new_ids[ids[start : start + SLICE]]
            kept = part[part != UNKNOWN]
            ids[n_kept : n_kept + len(kept)] = kept
            n_kept += len(kept)
            dropped.append(start + np.flatnonzero(part == UNKNOWN))
        if n_kept == len(ids):
            return self
        before = np.searchsorted(np.concatenate(dropped), self.offsets)
        n_dropped = self.n_dropped + np.diff(before)
        return Corpus(ids[:n_kept], self.offsets - before, n_dropped)

    def digest(self, words: Sequence[str]) -> str:
        """Return what two corpora share only if they have the same tokens.

        Parameters
        ----------
        words : sequence of str
            Word of each id.
        """
        hasher = blake2b(digest_size=16)
        for start in range(0, self.n_tokens, SLICE):
            hasher.update(self.ids[start : start + SLICE].data)
        for array in (self.offsets, *pack_words(words).values()):
            hasher.update(array.data)
        return hasher.hexdigest()

    def counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of tokens of each word, of shape (n_words,)."""
        return np.bincount(self.ids, minlength=n_words)

    def document_counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of documents with each word, of shape (n_words,)."""
        from scipy.sparse import csr_array  # slow, and rarely needed

        occurrences = csr_array(
            (np.ones(self.n_tokens, np.int8), self.ids, self.offsets),
            shape=(self.n_documents, n_words),
            copy=True,  # the next line works in place
        )
        occurrences.sum_duplicates()
        return np.bincount(occurrences.indices, minlength=n_words)
