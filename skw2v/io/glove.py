"""Files in the GloVe format: rows of text without a header."""

import os
from collections.abc import Iterable
from itertools import chain
from reprlib import repr as shortened
from typing import BinaryIO

from ..word_vectors import WordVectors
from .source import open_source
from .table import Selection, collect
from .target import check_table, write_rows
from .text import TextRows, format_text, split_line
from .word2vec import HEADER


def read_glove(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    limit: int | None = None,
    words: Iterable[str] | None = None,
) -> WordVectors:
    r"""Read vectors in the GloVe format: text without a header, plain or gzipped.

    The first row determines the number of components.

    Parameters
    ----------
    file, limit, words
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
    selection = Selection(limit, words)
    with open_source(file) as source:
        first = source.first_line()
        if HEADER.fullmatch(first):
            raise source.error("line 1", "found a word2vec header; use read_word2vec")
        _, values = split_line(first)
        if not values:
            raise source.error(
                "line 1",
                "expected a word and its values, separated by spaces; got "
                f"{shortened(first)}",
            )
        n_components = values.count(b" ") + 1
        lines = chain([(1, first)], source.lines(2))
        return collect(TextRows(source, n_components, lines), selection)


def write_glove(vectors: WordVectors, file: str | os.PathLike[str] | BinaryIO) -> None:
    """Write vectors in the GloVe format: text without a header.

    Parameters
    ----------
    vectors, file
        As in `write_word2vec`.

    Raises
    ------
    OSError, TypeError, ValueError
        As in `write_word2vec`. In addition, the first word can't begin with U+FEFF,
        which is a byte order mark at the beginning of a file.
    """
    check_table(vectors)
    if vectors.words and vectors.words[0].startswith("\ufeff"):
        raise ValueError(
            f"the first word, {vectors.words[0]!r}, can't begin with U+FEFF, which is "
            "a byte order mark at the beginning of a file."
        )
    write_rows(vectors, file, "", format_text)
