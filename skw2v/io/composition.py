"""Tables whose words are composed of rows: their own, and those of their pieces."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..text.subwords import Subwords
from ..word_vectors import WordVectors
from ..word_vectors.arguments import freeze
from ..word_vectors.cosines import lengths_of
from ..word_vectors.pieces import PieceVectors
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
    matrix: NDArray[np.float32],
    subwords: Subwords | None,
) -> WordVectors:
    """Make a table of composed words, which also composes others.

    Parameters
    ----------
    source : Source
    words : sequence of str
    matrix : ndarray of shape (n_words + n_buckets, n_components), float32
        The rows of words, which their vectors replace, so that memory holds them only
        once, and those of buckets.
    subwords : Subwords or None
        None if words have no pieces.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        The vector of a bucket or of a word isn't finite, or is too long for float32.
    """
    vectors, buckets = matrix[: len(words)], matrix[len(words) :]
    finite = np.isfinite(lengths_of(buckets))
    if not finite.all():
        raise ValueError(
            f"{source.name}: the vector of bucket {np.argmin(finite)} contains NaN or "
            "infinity, or is too long for float32."
        )
    pieces = None
    if subwords:
        for some in _blocks(words, matrix.shape[1]):
            rows = np.arange(some.start, some.stop)
            shares = subwords.composition(words[some], rows, len(words))
            vectors[some] = shares @ matrix
        pieces = PieceVectors(subwords, freeze(buckets))
    try:
        return WordVectors(words, freeze(vectors), pieces)
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
