"""Hashes of strings, from which those of joined strings follow.

The hash of a string is a polynomial of its bytes in one fixed number ``B`` (Karp and
Rabin, 1987), modulo 2**64, as int64 does it::

    h(s) = sum((s[i] + 1) * B ** (len(s) - 1 - i))
    h(s + t) = h(s) * B ** len(t) + h(t)

So millions of pairs of words are joined and counted without making a str of any.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import pack_words

# The multiplier of Knuth's MMIX generator. It is 5 modulo 8, so its powers only repeat
# after 2**62.
BASE = 6364136223846793005


@dataclass(frozen=True, eq=False)
class StringHashes:
    """Hashes of strings.

    Attributes
    ----------
    values : ndarray of shape (n_strings,), int64
        The hash of each string.
    factors : ndarray of shape (n_strings,), int64
        ``B`` to the power of its length: by this, the hash of what precedes it is
        multiplied.
    """

    values: NDArray[np.int64]
    factors: NDArray[np.int64]

    @classmethod
    def of(cls, strings: Sequence[str]) -> "StringHashes":
        """Return the hashes of strings: the same in every process."""
        packed = pack_words(strings)
        data, offsets = packed["words"], packed["word_offsets"]
        lengths = np.diff(offsets)
        powers = np.full(lengths.max(initial=0) + 1, BASE)
        powers[0] = 1
        powers = np.cumprod(powers)
        follow = np.repeat(offsets[1:], lengths) - np.arange(1, len(data) + 1)
        sums = np.zeros(len(data) + 1, np.int64)
        np.cumsum((data + np.int64(1)) * powers[follow], out=sums[1:])
        return cls(sums[offsets[1:]] - sums[offsets[:-1]], powers[lengths])

    def __getitem__(self, places: NDArray[np.integer]) -> "StringHashes":
        """Return the hashes of the strings at some places."""
        return StringHashes(self.values[places], self.factors[places])

    def __add__(self, other: "StringHashes") -> "StringHashes":
        """Return the hashes of these strings, each followed by another."""
        return StringHashes(
            self.values * other.factors + other.values, self.factors * other.factors
        )
