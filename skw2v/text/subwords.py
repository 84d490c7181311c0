"""Words as compositions of pieces, such as n-grams of their characters.

The pieces are hashed into buckets, so that any word has some, also one that was never
seen [1]_.

References
----------
.. [1] Bojanowski, P., Grave, E., Joulin, A., & Mikolov, T. (2017). "Enriching Word
   Vectors with Subword Information".
   https://arxiv.org/abs/1607.04606
.. [2] Park, S., Byun, J., Baek, S., Cho, Y., & Oh, A. (2018). "Subword-level Word
   Vector Representations for Korean".
   https://aclanthology.org/P18-1226
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from numbers import Integral
from reprlib import repr as shortened
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..corpus.words import CODEC

Pieces: TypeAlias = Callable[[str], list[str]]
Hashes: TypeAlias = Callable[[Sequence[str]], NDArray[np.uint32]]

FIRST, PRIME = np.uint32(2166136261), np.uint32(16777619)  # of FNV-1a with 32 bits
WORDS = 4096  # whose pieces are in memory at a time
END = "</s>"  # fastText's mark of the end of a line, which has no pieces
EMPTY = "∅"  # marks the final consonant of a syllable that has none


def fnv1a(pieces: Sequence[str]) -> NDArray[np.uint32]:
    """Return the FNV-1a hash of each piece, as fastText computes it.

    It is that of fastText so that its files can be read: it is FNV-1a of 32 bits over
    the bytes of UTF-8, but each byte of 128 or more sets the upper 24 bits as well,
    because fastText takes the bytes for signed numbers. So it must never change.

    Parameters
    ----------
    pieces : sequence of str

    Returns
    -------
    ndarray of shape (n_pieces,), uint32
        The same in every process, on every machine.

    Examples
    --------
    >>> fnv1a(["a", "피자"])
    array([3826002220, 3722362418], dtype=uint32)
    """
    encoded = [piece.encode(*CODEC) for piece in pieces]
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    signed = np.frombuffer(b"".join(encoded), np.int8)
    values = signed.astype(np.int32).view(np.uint32)
    order = np.argsort(-lengths, kind="stable")  # those with another byte come first
    starts = (np.cumsum(lengths) - lengths)[order]
    hashes = np.full(len(encoded), FIRST)
    n_longer = np.searchsorted(-lengths[order], -np.arange(lengths.max(initial=0)))
    for place, n in enumerate(n_longer.tolist()):
        hashes[:n] ^= values[starts[:n] + place]
        hashes[:n] *= PRIME
    unsorted = np.empty_like(hashes)
    unsorted[order] = hashes
    return unsorted


@dataclass(frozen=True)
class NGrams:
    """Cuts a word into the n-grams of its characters, as fastText does.

    Attributes
    ----------
    shortest, longest : int
        Minimum and maximum number of characters.

    Examples
    --------
    >>> NGrams(3, 4)("where")
    ['<wh', 'whe', 'her', 'ere', 're>', '<whe', 'wher', 'here', 'ere>']
    """

    shortest: int
    longest: int

    def __call__(self, word: str) -> list[str]:
        """Return the n-grams of ``<word>``, but neither border alone."""
        if word == END:
            return []
        return _ngrams(f"<{word}>", self.shortest, self.longest)


@dataclass(frozen=True)
class WordAndNGrams(NGrams):
    """Cuts a word into itself and the n-grams of its characters, as floret does.

    Examples
    --------
    >>> WordAndNGrams(4, 4)("here")
    ['<here>', '<her', 'here', 'ere>']
    """

    def __call__(self, word: str) -> list[str]:
        """Return ``<word>`` and its n-grams, but neither border alone."""
        return [] if word == END else [f"<{word}>", *super().__call__(word)]


def _ngrams(text: str, shortest: int, longest: int) -> list[str]:
    ngrams = [
        text[i : i + n]
        for n in range(shortest, min(longest, len(text)) + 1)
        for i in range(len(text) - n + 1)
    ]
    if shortest == 1 <= longest:  # the first are the characters, and the ends borders
        del ngrams[len(text) - 1], ngrams[0]
    return ngrams


@dataclass(frozen=True)
class JamoNGrams:
    """Cuts a Korean word into n-grams of its letters and of its syllables [1]_.

    The letters (jamo) of a syllable are those of Unicode's canonical decomposition
    (NFD), and "∅" stands for a final consonant that is missing, so that each syllable
    has three. The pieces are 3 to 5 letters of ``<word>``, across the borders of
    syllables as well, and 1 to 4 whole syllables, each once. Other characters count as
    a letter and as a syllable.

    References
    ----------
    .. [1] Park, S., Byun, J., Baek, S., Cho, Y., & Oh, A. (2018). "Subword-level Word
       Vector Representations for Korean".
       https://aclanthology.org/P18-1226

    Examples
    --------
    >>> from skw2v import JamoNGrams
    >>> from unicodedata import normalize
    >>> [normalize("NFC", piece) for piece in JamoNGrams()("해")]
    ['<해', '해∅', 'ᅢ∅>', '<해∅', '해∅>', '<해∅>']
    """

    def __call__(self, word: str) -> list[str]:
        """Return the pieces of a word."""
        syllables = [_letters(each) for each in unicodedata.normalize("NFC", word)]
        pieces = _ngrams(f"<{''.join(syllables)}>", 3, 5)
        for n in range(1, min(4, len(syllables)) + 1):
            for i in range(len(syllables) - n + 1):
                piece = "".join(syllables[i : i + n])
                if not 3 <= len(piece) <= 5:  # or it is there already
                    pieces.append(piece)
        return pieces


def _letters(character: str) -> str:
    """Return the three letters of a syllable; other characters as they are."""
    if not "가" <= character <= "힣":
        return character
    letters = unicodedata.normalize("NFD", character)
    return letters if len(letters) == 3 else letters + EMPTY


@dataclass(frozen=True)
class Subwords:
    """How words are composed of rows of a matrix: their own and those of their pieces.

    The matrix has a row for each known word, and below them one for each bucket.

    Attributes
    ----------
    pieces : callable
        Takes a word, and returns a list of str.
    n_buckets : int
        Number of rows that the pieces share: that of a piece is its hash modulo
        `n_buckets`.
    hashes : callable, default=`fnv1a`
        Takes the pieces, and returns an ndarray of shape (n_pieces,) or (n_pieces,
        n_hashes), of unsigned integers. In the latter case a piece has several rows.
    """

    pieces: Pieces
    n_buckets: int
    hashes: Hashes = fnv1a

    def composition(
        self, words: Sequence[str], rows: NDArray[np.integer], n_words: int
    ) -> csr_array:
        """Return the matrix ``S``, by which the vectors of words are ``S @ W``.

        Parameters
        ----------
        words : sequence of str
        rows : ndarray of shape (len(words),), int
            Row of each word in the matrix ``W``; -1 for words without one.
        n_words : int
            Number of rows of words.

        Returns
        -------
        csr_array of shape (len(words), n_words + n_buckets), float32
            A row holds 1/m in the m columns of the word and of its pieces. If two of
            these are the same, they are stored as two. A word that has neither a row
            nor pieces has an empty one.
        """
        known = rows >= 0
        buckets, n_pieces = self._buckets(words)
        lengths = n_pieces + known
        indptr = np.concatenate([[0], np.cumsum(lengths)])
        indices = np.empty(indptr[-1], np.int32)
        is_own = np.zeros(indptr[-1], bool)
        is_own[indptr[:-1][known]] = True
        indices[is_own] = rows[known]
        indices[~is_own] = n_words + buckets
        data = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
        shape = len(words), n_words + self.n_buckets
        return csr_array((data, indices, indptr), shape=shape)

    def _buckets(
        self, words: Sequence[str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the buckets of the pieces of all words, and how many each word has."""
        buckets, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for start in range(0, len(words), WORDS):
            some = words[start : start + WORDS]
            lists = [_checked(word, self.pieces(word)) for word in some]
            hashes = self.hashes(list(chain.from_iterable(lists)))
            buckets.append(hashes.ravel().astype(np.int64) % self.n_buckets)
            n_pieces = np.fromiter(map(len, lists), np.int64, len(lists))
            lengths.append(n_pieces * (1 if hashes.ndim == 1 else hashes.shape[1]))
        return np.concatenate(buckets), np.concatenate(lengths)


def as_subwords(subwords: object, n_buckets: int) -> Subwords | None:
    """Return how words are composed, as the parameters of a vectorizer say.

    Parameters
    ----------
    subwords : None, pair of int, or callable
    n_buckets : int

    Returns
    -------
    Subwords or None

    Raises
    ------
    ValueError
        `subwords` is something else.
    """
    if subwords is None:
        return None
    if callable(subwords):
        return Subwords(subwords, n_buckets)
    if isinstance(subwords, tuple) and len(subwords) == 2:
        shortest, longest = subwords
        are_integers = all(isinstance(each, Integral) for each in subwords)
        if are_integers and 1 <= shortest <= longest:
            return Subwords(NGrams(int(shortest), int(longest)), n_buckets)
    raise ValueError(
        "subwords must be None, the minimum and maximum length of n-grams, such as "
        "(3, 6), or a callable that returns the pieces of a word; got "
        f"{shortened(subwords)}."
    )


def _checked(word: str, pieces: Iterable[str]) -> list[str]:
    """Return the pieces of a word as a list, and refuse all else."""
    if isinstance(pieces, Iterable) and not isinstance(pieces, str):
        pieces = list(pieces)
        if all(isinstance(piece, str) for piece in pieces):
            return pieces
    raise TypeError(
        f"subwords must return a list of str; it returned {shortened(pieces)} for "
        f"{shortened(word)}."
    )
