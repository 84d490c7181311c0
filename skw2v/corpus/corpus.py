"""Encoded documents in two flat arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .storage import Ids, StoredIds

UNKNOWN = -1  # id of a word that is not in the vocabulary
SLICE = 1 << 20  # tokens in memory at a time, if all lie in a file


@dataclass(frozen=True, eq=False)
class Corpus:
    """Encoded documents, one after the other.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32, or StoredIds
        Word id of each token; only slices of them are sure to be arrays.
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    n_dropped : ndarray of shape (n_documents,), int64, or 0
        Tokens of each document that `renumber` has dropped.
    """

    ids: Ids
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
        ids, n_kept, offsets = self.ids, 0, self.offsets
        dropped = np.zeros(len(offsets), np.int64)  # before each document
        for start in range(0, len(ids), SLICE):
            part = new_ids[ids[start : start + SLICE]]
            here = slice(*np.searchsorted(offsets, [start, start + len(part)]))
            places = start + np.flatnonzero(part == UNKNOWN)
            dropped[here] = start - n_kept + np.searchsorted(places, offsets[here])
            kept = part[part != UNKNOWN]
            ids[n_kept : n_kept + len(kept)] = kept
            n_kept += len(kept)
        if n_kept == len(ids):
            return self
        dropped[np.searchsorted(offsets, len(ids)) :] = len(ids) - n_kept
        n_dropped = self.n_dropped + np.diff(dropped)
        ids = ids.shorten(n_kept) if isinstance(ids, StoredIds) else ids[:n_kept]
        return Corpus(ids, offsets - dropped, n_dropped)

    def counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of tokens of each word, of shape (n_words,)."""
        counts = np.zeros(n_words, np.int64)
        for start in range(0, self.n_tokens, SLICE):
            part = np.bincount(self.ids[start : start + SLICE], minlength=len(counts))
            part[: len(counts)] += counts
            counts = part
        return counts

    def document_counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of documents with each word, of shape (n_words,)."""
        from scipy.sparse import csr_array  # slow, and rarely needed

        counts = np.zeros(n_words, np.int64)
        for start, stop in self._blocks():
            offsets = self.offsets[start : stop + 1]
            ids = self.ids[offsets[0] : offsets[-1]].copy()  # sorted in place below
            occurrences = csr_array(
                (np.ones(len(ids), np.int8), ids, offsets - offsets[0]),
                shape=(stop - start, n_words),
            )
            occurrences.sum_duplicates()
            counts += np.bincount(occurrences.indices, minlength=n_words)
        return counts

    def part(self, start: int, stop: int) -> "Corpus":
        """Return some tokens, and the parts of documents that they are, in memory."""
        first, last = np.searchsorted(self.offsets, [start + 1, stop])
        bounds = np.concatenate([[start], self.offsets[first:last], [stop]])
        return Corpus(self.ids[start:stop], bounds - start)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Yield ranges of documents of at most `SLICE` tokens, or of one document."""
        start = 0
        while start < self.n_documents:
            end = self.offsets[start] + SLICE
            fits = int(np.searchsorted(self.offsets, end, side="right")) - 1
            stop = max(start + 1, fits)
            yield start, stop
            start = stop
