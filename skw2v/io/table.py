"""Rows of a file become a table of words and vectors."""

import re
import sys
from collections.abc import Iterable, Iterator
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import as_words
from ..word_vectors import WordVectors
from .rows import Row, Rows

# ASCII whitespace separates words in these formats, and NUL ends a string in C.
SEPARATORS = re.compile(r"[\0\t\n\v\f\r ]")


class Selection:
    """Which rows of a file are wanted.

    Parameters
    ----------
    limit : int or None
        Only so many from the beginning.
    words : iterable of str, or None
        Only those of these words.

    Raises
    ------
    TypeError
        `words` is a single str, or holds something else.
    ValueError
        `limit` is not a positive integer.
    """

    def __init__(self, limit: int | None, words: Iterable[str] | None) -> None:
        if limit is not None and not (isinstance(limit, Integral) and limit > 0):
            raise ValueError(f"limit must be an integer of 1 or more; got {limit!r}.")
        self.limit = limit or sys.maxsize
        self.words = None
        if words is not None:
            self.words = {
                word.encode(errors="surrogatepass") for word in as_words(words)
            }

    def of(self, block: list[Row]) -> list[Row]:
        """The rows with wanted words."""
        if self.words is None:
            return block
        return [row for row in block if row.word in self.words]


def collect(rows: Rows, selection: Selection, n_rows: int | None = None) -> WordVectors:
    """Make a table of the rows that are wanted.

    Parameters
    ----------
    rows : Rows
    selection : Selection
    n_rows : int or None, default=None
        How many the header promises.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        A row is broken, a word comes twice, there are more or fewer rows than promised,
        or none is wanted.
    """
    blocks = map(selection.of, _counted(rows, selection.limit, n_rows))
    words, vectors = _read(rows, blocks)
    if not words:
        raise ValueError(f"{rows.source.name} holds none of the words.")
    try:
        return WordVectors(words, vectors)
    except ValueError as error:
        raise ValueError(f"{rows.source.name}: {error}") from error


def _counted(rows: Rows, limit: int, promised: int | None) -> Iterator[list[Row]]:
    """Pass on rows up to the limit, and no more or fewer than are promised."""
    n_read = 0
    for block in rows:
        block = block[: limit - n_read]
        n_read += len(block)
        if promised is not None and n_read > promised:
            raise rows.error(
                block[promised - n_read],
                f"a row beyond the {promised} that the header promises",
            )
        yield block
        if n_read == limit:
            return
    if promised is not None and n_read < promised:
        raise ValueError(
            f"{rows.source.name} ends after {n_read} of the {promised} rows that its "
            "header promises."
        )


def _read(
    rows: Rows, blocks: Iterable[list[Row]]
) -> tuple[list[str], NDArray[np.float32]]:
    """Words and vectors of rows.

    The matrix grows with the rows: memory is not taken on the word of a header.
    """
    places: dict[str, int] = {}
    data = bytearray()  # grows in place, where NumPy 2.5 copies an array
    for block in filter(None, blocks):
        for row in block:
            _add_word(places, row, rows)
        data += np.asarray(_finite_vectors(block, rows), np.float32).tobytes()
    # Read-only, so that `WordVectors` doesn't copy it.
    vectors = np.frombuffer(memoryview(data).toreadonly(), np.float32)
    return list(places), vectors.reshape(-1, rows.n_components)


def _add_word(places: dict[str, int], row: Row, rows: Rows) -> None:
    """Decode a word and note its place."""
    try:
        word = row.word.decode()
    except UnicodeDecodeError as error:
        raise rows.error(row, f"the word {shortened(row.word)} is not UTF-8") from error
    if not word:
        raise rows.error(row, "no word stands before the first space")
    if SEPARATORS.search(word):
        raise rows.error(row, f"the word {row.name} holds whitespace or NUL")
    if word in places:
        first = f"{rows.unit} {places[word]}"
        raise rows.error(row, f"the word {row.name} stands at {first} already")
    places[word] = row.place


def _finite_vectors(block: list[Row], rows: Rows) -> NDArray[np.float32]:
    vectors = rows.vectors(block)
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        row = block[np.argmin(finite)]
        raise rows.error(
            row,
            f"the vector of {row.name} holds NaN, infinity, or a number too "
            "large for float32",
        )
    return vectors
