"""Phrases: neighboring words that occur together more often than chance explains.

The counts are those of Mikolov et al. (2013), "Distributed Representations of Words and
Phrases and their Compositionality", as gensim's `Phrases` takes them: a pair counts as
the token that joins it, together with equal tokens of the documents.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from .hash_counts import counts_of, summed
from .neighbors import Neighbors
from .pairs import Pairs
from .string_hashes import StringHashes

# The same as gensim's ENGLISH_CONNECTOR_WORDS.
# fmt: off
ENGLISH_CONNECTORS = (
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to",
    "with", "without",
)
# fmt: on


@dataclass(frozen=True)
class Totals:
    """The counts that a score depends on.

    Attributes
    ----------
    first, last, pairs : ndarrays of shape (n_pairs,), float64
        Counts of the first words, of the last words, and of the pairs.
    n_ngrams : int
        Number of distinct words and pairs.
    n_tokens : int
        Number of all tokens.
    """

    first: NDArray[np.float64]
    last: NDArray[np.float64]
    pairs: NDArray[np.float64]
    n_ngrams: int
    n_tokens: int


def mikolov(totals: Totals, min_count: int) -> NDArray[np.float64]:
    """Return the scores ``(n(ab) - min_count) / (n(a) * n(b)) * n_ngrams``."""
    excess = totals.pairs - min_count
    return excess / (totals.first * totals.last) * totals.n_ngrams


def npmi(totals: Totals, min_count: int) -> NDArray[np.float64]:
    """Return normalized pointwise mutual information (Bouma, 2009).

    It is ``log(p(ab) / (p(a) * p(b))) / -log(p(ab))``.
    """
    p_first, p_last, p_pair = (
        counts / totals.n_tokens for counts in (totals.first, totals.last, totals.pairs)
    )
    scores = _log(p_pair / (p_first * p_last)) / -_log(p_pair)
    return np.where(totals.pairs >= min_count, scores, -np.inf)


def _log(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logarithms of the C library, from which NumPy's differ in the last bit."""
    return np.fromiter(map(log, x.tolist()), float, len(x))


SCORINGS: dict[str, Callable[[Totals, int], NDArray[np.float64]]] = {
    "npmi": npmi,
    "default": mikolov,
}


@dataclass(frozen=True, eq=False)
class Collocations:
    """What is known of the pairs of neighboring words of all documents so far.

    Attributes
    ----------
    connectors : list of str
        Words that no pair begins or ends with.
    delimiter : str
        What joins words.
    pairs : Pairs
        The frequent ones.
    hashes, counts : ndarrays of shape (n_ngrams,), int64
        All words, and all pairs as joined tokens, by their `StringHashes`, in
        increasing order, and how often they have occurred.
    n_tokens : int
        Number of all tokens, connectors included.
    """

    connectors: list[str]
    delimiter: str
    pairs: Pairs
    hashes: NDArray[np.int64]
    counts: NDArray[np.int64]
    n_tokens: int

    @classmethod
    def none(cls, connectors: Iterable[str], delimiter: str) -> "Collocations":
        """Return what is known before there are documents."""
        none = np.zeros(0, np.int64)
        pairs = Pairs([], [], none, none, none)
        return cls([*connectors], delimiter, pairs, none, none, 0)

    def plus(self, neighbors: Neighbors, min_count: int) -> "Collocations":
        """Return what is known with further documents.

        Parameters
        ----------
        neighbors : Neighbors
            Of the further documents.
        min_count : int
            Pairs of the further documents that have occurred as often, in all
            documents, are frequent.
        """
        corpus, words = neighbors.corpus, neighbors.words
        pairs, pair_counts = neighbors.pairs.distinct()
        word_counts = corpus.counts(len(words)) * ~neighbors.is_connector
        is_word = word_counts > 0
        word_hashes = StringHashes.of(words).values[is_word]
        hashes, counts, places = summed(
            np.concatenate([pairs.hashes(), word_hashes, self.hashes]),
            np.concatenate([pair_counts, word_counts[is_word], self.counts]),
        )
        frequent = pairs[counts[places[: len(pair_counts)]] >= min_count]
        return replace(
            self,
            pairs=self.pairs.plus(frequent),
            hashes=hashes,
            counts=counts,
            n_tokens=self.n_tokens + corpus.n_tokens,
        )

    def scores(self, scoring: str, min_count: int) -> NDArray[np.float64]:
        """Return the score of each frequent pair.

        Parameters
        ----------
        scoring : str
            One of `SCORINGS`.
        min_count : int
        """
        words = StringHashes.of(self.pairs.words).values
        hashes = words[self.pairs.first], words[self.pairs.last], self.pairs.hashes()
        first, last, pairs = (
            counts_of(each, self.hashes, self.counts).astype(float) for each in hashes
        )
        totals = Totals(first, last, pairs, len(self.hashes), self.n_tokens)
        return SCORINGS[scoring](totals, min_count)
