"""Encoded documents in two flat arrays."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

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
    weights : ndarray of shape (n_documents,), float64, or None
        How often each document counts; None is once.
    """

    ids: NDArray[np.int32]
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
        offsets = self.offsets - before
        return replace(self, ids=ids[:n_kept], offsets=offsets, n_dropped=n_dropped)

    def counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of tokens of each word, of shape (n_words,).

        With weights it is rounded, but at least 1 for a word that has any weight.
        """
        if self.weights is None:
            return np.bincount(self.ids, minlength=n_words)
        sums = np.zeros(max(n_words, 1 + self.ids.max(initial=-1)))
        for start in range(0, self.n_tokens, SLICE):
            ids = self.ids[start : start + SLICE]
            weights = self._token_weights(self.weights, start, start + len(ids))
            sums += np.bincount(ids, weights, len(sums))
        return _rounded(sums)

    def document_counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of documents with each word, of shape (n_words,).

        With weights it is rounded, like `counts`.
        """
        from scipy.sparse import csr_array  # slow, and rarely needed

        occurrences = csr_array(
            (np.ones(self.n_tokens, np.int8), self.ids, self.offsets),
            shape=(self.n_documents, n_words),
            copy=True,  # the next line works in place
        )
        occurrences.sum_duplicates()
        if self.weights is None:
            return np.bincount(occurrences.indices, minlength=n_words)
        weights = np.repeat(self.weights, np.diff(occurrences.indptr))
        sums = np.bincount(occurrences.indices, weights, n_words)
        return _rounded(sums)

    def _weighted_sum(self, values: NDArray) -> int:
        """Sum a value of each document."""
        if self.weights is None:
            return int(values.sum())
        return int(_rounded(np.asarray(values @ self.weights)))

    def _token_weights(
        self, weights: NDArray[np.float64], start: int, stop: int
    ) -> NDArray[np.float64]:
        """Return the weights of the documents of some tokens."""
        first = np.searchsorted(self.offsets, start, side="right") - 1
        last = np.searchsorted(self.offsets, stop)
        edges = np.clip(self.offsets[first : last + 1], start, stop)
        return np.repeat(weights[first:last], edges[1:] - edges[:-1])


def _rounded(sums: NDArray) -> NDArray[np.int64]:
    """Round sums of weights, so that only what has no weight at all counts as 0."""
    return np.maximum(np.rint(sums), sums > 0).astype(np.int64)
