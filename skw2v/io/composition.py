"""Tables whose words are composed of rows: their own, and those of their pieces."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..text.subwords import Subwords
from ..word_vectors import WordVectors
from ..word_vectors.table import freeze
from .formats import cut
from .source import Source

MAX_NGRAM = 32  # characters; the pieces of a word would take much memory
CHARACTERS = 1 << 14  # of the words that are composed at a time
NUMBERS = 1 << 20  # of their vectors


def check_ngrams(
    shortest: int, longest: int, error: Callable[[str], ValueError]
) -> None:
    """Refuse lengths of n-grams that no model has.

    Raises
    ------
    ValueError
        What `error` makes of the problem.
    """
    if shortest < 0 or not 0 <= longest <= MAX_NGRAM:
        raise error(
            f"the lengths of n-grams must be from 0 to {MAX_NGRAM} characters; got "
            f"{shortest} to {longest}"
        )


def composed(
    source: Source,
    words: Sequence[str],
    rows: NDArray[np.int64],
    matrix: NDArray[np.float32],
    subwords: Subwords,
    vectors: NDArray[np.float32],
) -> WordVectors:
    """Make a table of composed words, which also composes others.

    Parameters
    ----------
    source : Source
    words : sequence of str
    rows : ndarray of shape (n_words,), int64
        See `Subwords.composition`.
    matrix : ndarray of shape (n_rows + n_buckets, n_components), float32
        The rows of words, if they have any, and of buckets.
    subwords : Subwords
    vectors : ndarray of shape (n_words, n_components), float32
        Filled in. It may be a part of the matrix if row ``i`` is that of word ``i``.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        A vector is too long for float32.
    """
    n_rows = len(matrix) - subwords.n_buckets
    for block in _blocks(words, matrix.shape[1]):
        parts = subwords.composition(words[block], rows[block], n_rows)
        vectors[block] = parts @ matrix
    try:
        return WordVectors(words, freeze(vectors))
    except ValueError as error:
        raise ValueError(f"{source.name}: {cut(error)}") from error


def _blocks(words: Sequence[str], n_components: int) -> Iterator[slice]:
    """Yield the words in blocks whose composition takes little memory."""
    start, size = 0, 0
    n_words = max(1, NUMBERS // n_components)
    for stop, word in enumerate(words):
        if size > CHARACTERS or stop - start == n_words:
            yield slice(start, stop)
            start, size = stop, 0
        size += len(word)
    if start < len(words):
        yield slice(start, len(words))
