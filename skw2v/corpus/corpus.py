"""Encoded documents in two flat arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .sizes import Sized
from .storage import Ids, Storage, StoredIds
from .words import pack_words

UNKNOWN = -1  # id of a word that is not in the vocabulary
SLICE = 1 << 20  # tokens in memory at a time, if all lie in a file


@dataclass(frozen=True, eq=False)
class Corpus(Sized):
    """Encoded documents, one after the other.

    Attributes
    ----------
    ids : ndarray of shape (n_tokens,), int32, or StoredIds
        Word id of each token; only slices of them are sure to be arrays.
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    n_dropped : ndarray of shape (n_documents,), int64, or 0
        Tokens of each document that `renumber` has dropped.
    weights : ndarray of shape (n_documents,), float64, or None
        How often each document counts; None is once.
    """

    ids: Ids
    offsets: NDArray[np.int64]
    n_dropped: NDArray[np.int64] | int = 0
    weights: NDArray[np.float64] | None = None

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

    @property
    def weighted_documents(self) -> int:
        """Return the sum of the weights of the documents, rounded."""
        return self._weighted_sum(np.ones(self.n_documents))

    @property
    def weighted_tokens(self) -> int:
        """Return the number of tokens, times the weights of their documents."""
        return self._weighted_sum(self.lengths)

    @property
    def longest(self) -> int:
        """Return the length of the longest document whose weight is positive."""
        counts = True if self.weights is None else self.weights > 0
        return int(self.lengths.max(initial=0, where=counts))

    def weighted(self, weights: NDArray[np.float64]) -> "Corpus":
        """Give the documents weights.

        Parameters
        ----------
        weights : ndarray of shape (n_documents,), float64
            0 or more.

        Returns
        -------
        Corpus

        Raises
        ------
        ValueError
            There are more or fewer weights than documents.
        """
        if len(weights) != self.n_documents:
            raise ValueError(
                f"sample_weight has {len(weights)} weights, and X has "
                f"{self.n_documents} documents; each document needs one."
            )
        return replace(self, weights=weights)

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
        return replace(self, ids=ids, offsets=offsets - dropped, n_dropped=n_dropped)

    def digest(self, words: Sequence[str]) -> str:
        """Return what two corpora share only if they have the same tokens and weights.

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
        if self.weights is not None:
            hasher.update(self.weights.data)
        return hasher.hexdigest()

    def counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of tokens of each word, of shape (n_words,).

        With weights it is rounded, but at least 1 for a word that has any weight.
        """
        sums: NDArray = np.zeros(n_words, np.int64)
        for start in range(0, self.n_tokens, SLICE):
            ids = self.ids[start : start + SLICE]
            weights = self._token_weights(start, start + len(ids))
            part = np.bincount(ids, weights, len(sums))
            part[: len(sums)] += sums  # of floats, if there are weights
            sums = part
        return _rounded(sums)

    def document_counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of documents with each word, of shape (n_words,).

        With weights it is rounded, like `counts`.
        """
        from scipy.sparse import csr_array  # slow, and rarely needed

        sums = np.zeros(n_words)
        for start, stop in self._blocks():
            offsets = self.offsets[start : stop + 1]
            ids = self.ids[offsets[0] : offsets[-1]].copy()  # sorted in place below
            occurrences = csr_array(
                (np.ones(len(ids), np.int8), ids, offsets - offsets[0]),
                shape=(stop - start, n_words),
            )
            occurrences.sum_duplicates()
            weights = None
            if self.weights is not None:
                n_distinct = np.diff(occurrences.indptr)
                weights = np.repeat(self.weights[start:stop], n_distinct)
            sums += np.bincount(occurrences.indices, weights, n_words)
        return _rounded(sums)

    def copied(self, storage: Storage) -> "Corpus":
        """Return a copy whose ids lie in a storage, which has none so far."""
        for start in range(0, self.n_tokens, SLICE):
            storage.append(self.ids[start : start + SLICE])
        return replace(self, ids=storage.ids)

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

    def _weighted_sum(self, values: NDArray) -> int:
        """Sum a value of each document."""
        if self.weights is None:
            return int(values.sum())
        return int(_rounded(np.asarray(values @ self.weights)))

    def _token_weights(self, start: int, stop: int) -> NDArray[np.float64] | None:
        """Return the weights of the documents of some tokens, None if all are 1."""
        if self.weights is None:
            return None
        first = np.searchsorted(self.offsets, start, side="right") - 1
        last = np.searchsorted(self.offsets, stop)
        edges = np.clip(self.offsets[first : last + 1], start, stop)
        return np.repeat(self.weights[first:last], edges[1:] - edges[:-1])


def _rounded(sums: NDArray) -> NDArray[np.int64]:
    """Round sums of weights, so that only what has no weight at all counts as 0."""
    return np.maximum(np.rint(sums), sums > 0).astype(np.int64)
