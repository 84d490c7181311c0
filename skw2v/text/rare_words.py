"""Counts of words that are too rare to be learned yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import CODEC
from .hash_counts import counts_of, find, summed


@dataclass(frozen=True, eq=False)
class RareWords:
    """How often words have occurred that have no row.

    They are known by their hashes, which take eight bytes each: when a word becomes
    frequent enough, the documents name it. Among ten million words, two have the same
    hash, and so are counted together, with a probability of 3 in a million.

    Attributes
    ----------
    hashes : ndarray of shape (n_rare,), int64
        In increasing order; see `hash_words`.
    counts : ndarray of shape (n_rare,), int64
        Number of tokens.
    """

    hashes: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def none(cls) -> "RareWords":
        """Return no words."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def counts_of(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of tokens of some words.

        Parameters
        ----------
        words : sequence of str

        Returns
        -------
        ndarray of shape (len(words),), int64
        """
        return counts_of(hash_words(words), self.hashes, self.counts)

    def plus(self, words: Sequence[str], counts: NDArray[np.int64]) -> "RareWords":
        """Return these words and further tokens of old or new ones.

        Parameters
        ----------
        words : sequence of str
        counts : ndarray of shape (len(words),), int64
        """
        all_hashes = np.append(self.hashes, hash_words(words))
        hashes, sums, _ = summed(all_hashes, np.append(self.counts, counts))
        return RareWords(hashes, sums)

    def minus(self, words: Sequence[str]) -> "RareWords":
        """Return these words without some of them."""
        places, found = find(self.hashes, hash_words(words))
        return RareWords(
            np.delete(self.hashes, places[found]), np.delete(self.counts, places[found])
        )


def hash_words(words: Sequence[str]) -> NDArray[np.int64]:
    """Return a hash of each word: the first 64 bits of BLAKE2b of its UTF-8.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    ndarray of shape (len(words),), int64
        The same in every process, on every machine.
    """
    digests = (blake2b(word.encode(*CODEC), digest_size=8).digest() for word in words)
    return np.frombuffer(b"".join(digests), "<i8").astype(np.int64)
