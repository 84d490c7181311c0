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

from ..corpus.numbering import numbering
from .hash_counts import counts_of, find, summed
from .neighbors import Neighbors, pair_keys
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
    words : list of str
        The words of the frequent pairs.
    links : list of str
        What is between two words when they are joined; see `Neighbors`.
    pairs : ndarray of shape (n_pairs, 3), int64
        The frequent pairs: number of the first word, of the link, of the last word.
    hashes, counts : ndarrays of shape (n_ngrams,), int64
        All words, and all pairs as joined tokens, by their `StringHashes`, in
        increasing order, and how often they have occurred.
    n_tokens : int
        Number of all tokens, connectors included.
    """

    connectors: list[str]
    delimiter: str
    words: list[str]
    links: list[str]
    pairs: NDArray[np.int64]
    hashes: NDArray[np.int64]
    counts: NDArray[np.int64]
    n_tokens: int

    @classmethod
    def none(cls, connectors: Iterable[str], delimiter: str) -> "Collocations":
        """Return what is known before there are documents."""
        pairs, nothing = np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
        return cls([*connectors], delimiter, [], [], pairs, nothing, nothing, 0)

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
        pairs, counts = neighbors.distinct()
        hashes = _hashes(words, neighbors.links, pairs)
        counts_of_words = corpus.counts(len(words)) * ~neighbors.is_connector
        is_word = counts_of_words > 0
        all_hashes, all_counts = summed(
            np.concatenate([self.hashes, hashes, _hashes(words)[is_word]]),
            np.concatenate([self.counts, counts, counts_of_words[is_word]]),
        )
        is_frequent = counts_of(hashes, all_hashes, all_counts) >= min_count
        return replace(
            self._with(words, neighbors.links, pairs[is_frequent]),
            hashes=all_hashes,
            counts=all_counts,
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
        hashes = _hashes(self.words)
        first, last, pairs = (
            counts_of(wanted, self.hashes, self.counts).astype(float)
            for wanted in (
                hashes[self.pairs[:, 0]],
                hashes[self.pairs[:, 2]],
                _hashes(self.words, self.links, self.pairs),
            )
        )
        totals = Totals(first, last, pairs, len(self.hashes), self.n_tokens)
        return SCORINGS[scoring](totals, min_count)

    def names(self) -> list[str]:
        """Return the joined token of each frequent pair."""
        words, links = self.words, self.links
        return [words[a] + links[i] + words[b] for a, i, b in self.pairs.tolist()]

    def numbers(
        self, neighbors: Neighbors, is_phrase: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Return which phrase each of the neighboring pairs is.

        Parameters
        ----------
        neighbors : Neighbors
        is_phrase : ndarray of shape (n_pairs,), bool
            Which of the frequent pairs are phrases.

        Returns
        -------
        ndarray of shape (n_neighbors,), int64
            Number of the frequent pair, -1 if it is no phrase.
        """
        phrases, n_words = np.flatnonzero(is_phrase), len(self.words)
        first, link, last = self.pairs[phrases].T
        keys = pair_keys(first, link, last, n_words)
        order = np.argsort(keys)
        row_of, link_of = (
            _places(neighbors.words, self.words),
            _places(neighbors.links, self.links),
        )
        ids = neighbors.corpus.ids[:]
        begins, ends = ids[neighbors.first], ids[neighbors.last]
        # Only a few are left to search for.
        may_be = np.isin(row_of, first)[begins] & np.isin(row_of, last)[ends]
        may_be &= np.isin(link_of, link)[neighbors.link]
        wanted = pair_keys(
            row_of[begins[may_be]],
            link_of[neighbors.link[may_be]],
            row_of[ends[may_be]],
            n_words,
        )
        places, found = find(keys[order], wanted)
        numbers = np.full(len(begins), -1)
        numbers[np.flatnonzero(may_be)[found]] = phrases[order[places[found]]]
        return numbers

    def _with(
        self, words: list[str], links: list[str], pairs: NDArray[np.int64]
    ) -> "Collocations":
        """Return the frequent pairs together with others, of other words and links."""
        ends, words = _renumbered(self.words, words, pairs[:, [0, 2]])
        link, links = _renumbered(self.links, links, pairs[:, 1])
        pairs = np.column_stack([ends[:, 0], link, ends[:, 1]])
        pairs = np.unique(np.concatenate([self.pairs, pairs]), axis=0)
        return replace(self, words=words, links=links, pairs=pairs)


def _renumbered(
    known: list[str], strings: list[str], numbers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[str]]:
    """Give some of the strings the numbers that follow those of known ones.

    Returns the new number for each of the given ones, and the string of each.
    """
    new = numbering()
    new.update({string: number for number, string in enumerate(known)})
    distinct, place = np.unique(numbers, return_inverse=True)
    new_numbers = [new[strings[i]] for i in distinct.tolist()]
    return np.array(new_numbers, np.int64)[place.reshape(numbers.shape)], list(new)


def _places(strings: list[str], known: list[str]) -> NDArray[np.int64]:
    """Return the place of each string among known ones, -1 for others."""
    places = {string: place for place, string in enumerate(known)}
    return np.array([places.get(string, -1) for string in strings], np.int64)


def _hashes(
    words: list[str],
    links: list[str] | None = None,
    pairs: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the hash of each word, or of each pair as a joined token."""
    hashes = StringHashes.of(words)
    if links is not None and pairs is not None:
        first, link, last = pairs.T
        hashes = hashes[first] + StringHashes.of(links)[link] + hashes[last]
    return hashes.values.view(np.int64)
