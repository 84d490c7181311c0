"""Files in the GloVe format: rows of text without a header."""

import os
from collections.abc import Iterable
from itertools import chain, takewhile
from reprlib import repr as shortened
from typing import BinaryIO

from sklearn.base import BaseEstimator

from ..word_vectors import WordVectors
from .source import open_source
from .table import Selection, collect
from .target import table_of, write_rows
from .text import TextRows, format_text, is_number, split_line
from .word2vec import HEADER

FOUND_HEADER = (
    "found a word2vec header; use read_word2vec, with binary=True for a binary file"
)


def read_glove(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    limit: int | None = None,
    words: Iterable[str] | None = None,
    errors: str = "strict",
) -> WordVectors:
    r"""Read vectors in the GloVe format: text without a header, plain or compressed.

    The first row determines the number of components. A word may contain spaces, as
    ". . ." in the vectors called 840B does, if what follows them is no number.

    Parameters
    ----------
    file, limit, words, errors
        As in `read_word2vec`.

    Returns
    -------
    WordVectors
        See `read_word2vec`.

    Raises
    ------
    OSError, TypeError, ValueError
        As in `read_word2vec`.

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v.io import read_glove
    >>> read_glove(BytesIO(b"king 1 2 0.5\nqueen 1 2 -0.5\n"))
    WordVectors(2 words, 3 components: 'king', 'queen')
    """
    selection = Selection(limit, words, errors)
    with open_source(file) as source:
        first = source.first_line()
        if HEADER.fullmatch(first):
            raise source.error("line 1", FOUND_HEADER)
        if not split_line(first)[1]:
            raise source.error(
                "line 1",
                "expected a word and its values, separated by spaces; got "
                f"{shortened(first)}",
            )
        lines = source.lines(2)
        _, second = next(lines, (2, b""))
        n_components = _count_components(first, second)
        lines = chain([(1, first), (2, second)], lines)
        rows = TextRows(source, n_components, lines, selection.errors)
        table = collect(rows, selection)
    selection.errors.warn(source.name)
    return table


def _count_components(first: bytes, second: bytes) -> int:
    """Count the numbers of a line, the first one unless its word contains spaces."""
    counts = []
    for line in (first, second):
        numbers = [is_number(field) for field in split_line(line)[1].split(b" ")]
        if all(numbers):
            return len(numbers)
        counts.append(len(list(takewhile(bool, reversed(numbers)))) or len(numbers))
    return counts[0]


def write_glove(
    vectors: WordVectors | BaseEstimator, file: str | os.PathLike[str] | BinaryIO
) -> None:
    """Write vectors in the GloVe format: text without a header.

    Parameters
    ----------
    vectors, file
        As in `write_word2vec`.

    Raises
    ------
    OSError, TypeError, ValueError
        As in `write_word2vec`, but a word may contain single spaces if what follows
        them is no number. In addition, the first word can't begin with U+FEFF, which is
        a byte order mark at the beginning of a file.

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v import WordVectors
    >>> from skw2v.io import write_glove
    >>> file = BytesIO()
    >>> write_glove(WordVectors(["up", "down"], [[0, 1], [0, -1]]), file)
    >>> file.getvalue().decode().splitlines()
    ['up 0.0 1.0', 'down 0.0 -1.0']
    """
    table = table_of(vectors)
    if table.words and table.words[0].startswith("\ufeff"):
        raise ValueError(
            f"the first word, {shortened(table.words[0])}, can't begin with U+FEFF, "
            "which is a byte order mark at the beginning of a file."
        )
    write_rows(table, file, "", format_text, spaces=True)
