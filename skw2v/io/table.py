"""Collect the rows of a file in a table of words and vectors."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import as_words
from ..word_vectors import WordVectors
from .errors import (
    EMPTY,
    NOT_UTF8,
    REPEATED,
    WITH_SEPARATORS,
    WITH_SPACES,
    WordErrors,
)
from .formats import cut
from .rows import Row, Rows
from .text import can_hold_spaces

# ASCII whitespace separates words in these formats, and NUL ends a string in C. Some
# words of GloVe contain spaces all the same, which the rows have told from separators.
SEPARATORS = re.compile(r"[\0\t\n\v\f\r]")


class Selection:
    """The rows of a file to read.

    Parameters
    ----------
    limit : int or None
        Maximum number of rows to read from the beginning.
    words : iterable of str, or None
        Read only the rows of these words.
    errors : {"strict", "replace", "skip"}, default="strict"
        See `WordErrors`.

    Raises
    ------
    TypeError
        `words` is a single str, or contains something other than str.
    ValueError
        `limit` is not a positive integer, or `errors` is none of these.
    """

    def __init__(
        self, limit: int | None, words: Iterable[str] | None, errors: str = "strict"
    ) -> None:
        if limit is not None and not (isinstance(limit, Integral) and limit > 0):
            raise ValueError(
                f"limit must be an integer of 1 or more; got {shortened(limit)}."
            )
        self.limit = limit or sys.maxsize
        self.errors = WordErrors(errors)
        self.words = None
        if words is not None:
            self.words = {
                word.encode(errors="surrogatepass") for word in as_words(words)
            }
            # A row of text is first known by what comes before its first space.
            self._begins = self.words | {word.partition(b" ")[0] for word in self.words}

    def of(self, block: list[Row]) -> list[Row]:
        """Return the rows of a block that may be selected."""
        if self.words is None:
            return block
        return [row for row in block if self._is_in(self._begins, row)]

    def exactly(
        self, rows: Sequence[Row], vectors: NDArray[np.float32]
    ) -> tuple[Sequence[Row], NDArray[np.float32]]:
        """Return the selected rows, whose words are now known, and their vectors."""
        if self.words is None:
            return rows, vectors
        return chosen(rows, vectors, [self._is_in(self.words, row) for row in rows])

    def _is_in(self, words: set[bytes], row: Row) -> bool:
        """Return whether a word is one of these, as it is or after its repair."""
        if row.word in words or self.errors.is_strict:
            return row.word in words
        return row.word.decode(errors="replace").encode() in words


def chosen(
    rows: Sequence[Row], vectors: NDArray[np.float32], are_chosen: Sequence[bool]
) -> tuple[Sequence[Row], NDArray[np.float32]]:
    """Return some of the rows, and their vectors."""
    if all(are_chosen):
        return rows, vectors
    return list(compress(rows, are_chosen)), vectors[np.flatnonzero(are_chosen)]


def collect(rows: Rows, selection: Selection, n_rows: int | None = None) -> WordVectors:
    """Make a table of the selected rows.

    Parameters
    ----------
    rows : Rows
    selection : Selection
    n_rows : int or None, default=None
        Number of rows according to the header, if there is one.

    Returns
    -------
    WordVectors

    Raises
    ------
    ValueError
        A row is malformed, a word occurs twice, the number of rows is not that in the
        header, or no row is selected.
    """
    words, data = read_rows(rows, selection, n_rows)
    # Read-only, so that `WordVectors` doesn't copy it.
    matrix = np.frombuffer(memoryview(data).toreadonly(), np.float32)
    try:
        return WordVectors(words, matrix.reshape(-1, rows.n_components))
    except ValueError as error:
        raise ValueError(f"{rows.source.name}: {cut(error)}") from error


def read_rows(
    rows: Rows, selection: Selection, n_rows: int | None = None
) -> tuple[list[str], bytearray]:
    """Return the words of the selected rows, and their vectors.

    The matrix grows with the rows, because the numbers in a header may be wrong.

    Parameters
    ----------
    rows, selection, n_rows
        See `collect`.

    Returns
    -------
    words : list of str
        At least one.
    data : bytearray
        The float32 numbers of a matrix of shape (len(words), n_components). It grows in
        place, whereas NumPy 2.5 would copy an array.

    Raises
    ------
    ValueError
        See `collect`.
    """
    places: dict[str, int] = {}
    data = bytearray()
    blocks = map(selection.of, _counted(rows, selection.limit, n_rows))
    for block in filter(None, blocks):
        selected, vectors = selection.exactly(*rows.parse(block))
        are_kept = [_add_word(places, row, rows, selection.errors) for row in selected]
        selected, vectors = chosen(selected, vectors, are_kept)
        _check_finite(selected, vectors, rows)
        data += np.asarray(vectors, np.float32).tobytes()
    if not places:
        raise ValueError(f"{rows.source.name} contains none of the words{rows.hint()}.")
    return list(places), data


def _counted(rows: Rows, limit: int, n_rows: int | None) -> Iterator[list[Row]]:
    """Yield rows up to the limit, and check that there are `n_rows` if it is given."""
    n_read = 0
    for block in rows:
        block = block[: limit - n_read]
        n_read += len(block)
        if n_rows is not None and n_read > n_rows:
            raise rows.error(
                block[n_rows - n_read],
                f"more rows than the {n_rows} given in the header",
            )
        yield block
        if n_read == limit:
            return
    if n_rows is not None and n_read < n_rows:
        raise ValueError(
            f"{rows.source.name} ends after {n_read} of the {n_rows} rows given in its "
            f"header{rows.hint()}."
        )


def _add_word(places: dict[str, int], row: Row, rows: Rows, errors: WordErrors) -> bool:
    """Decode the word of a row and record its place; return whether it is kept."""
    word = row.word.decode(errors="replace")
    problems = _problems(word, places, row, rows)
    if problems and errors.is_strict:
        raise rows.error(row, _message(problems[0], word, places, row, rows))
    is_kept = not problems or errors.keeps(problems)
    if is_kept:
        places[word] = row.place
    return is_kept


def _problems(word: str, places: dict[str, int], row: Row, rows: Rows) -> list[str]:
    """Return what is wrong with a word."""
    problems = []
    if "\ufffd" in word and word.encode() != row.word:
        problems.append(NOT_UTF8)
    if not rows.any_word:
        if not word:
            problems.append(EMPTY)
        if SEPARATORS.search(word):
            problems.append(WITH_SEPARATORS)
        if " " in word and not can_hold_spaces(row.word):
            problems.append(WITH_SPACES)
    if word in places:
        problems.append(REPEATED)
    return problems


def _message(
    problem: str, word: str, places: dict[str, int], row: Row, rows: Rows
) -> str:
    """Return the message of an error; the rows refuse words with spaces themselves."""
    return {
        NOT_UTF8: f"the word {shortened(row.word)} is not UTF-8",
        EMPTY: "there is no word before the first space",
        WITH_SEPARATORS: f"the word {row.name} contains whitespace or NUL",
        REPEATED: f"the word {row.name} already occurs at {rows.unit} "
        f"{places.get(word)}",
    }[problem]


def _check_finite(
    selected: Sequence[Row], vectors: NDArray[np.float32], rows: Rows
) -> None:
    finite = np.isfinite(vectors).all(axis=1)
    if not finite.all():
        row = selected[int(np.argmin(finite))]
        raise rows.error(
            row,
            f"the vector of {row.name} contains NaN, infinity, or a number too "
            "large for float32",
        )
