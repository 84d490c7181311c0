"""Write a table of word vectors to a file."""

import gzip
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from reprlib import repr as shortened
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ..atomic import atomic_write
from ..word_vectors import WordVectors
from ..word_vectors.of import vectorizer_in, word_vectors_of
from .source import check_binary
from .table import SEPARATORS
from .text import can_hold_spaces

LEAVE_OUT = "leave it out with vectors.subset, or use skw2v.save"
FORBIDDEN = re.compile(rf"{SEPARATORS.pattern}| ")


def table_of(vectors: WordVectors | BaseEstimator) -> WordVectors:
    """Return the table to be written: the most frequent words first, if that is known.

    Parameters
    ----------
    vectors : WordVectors, fitted vectorizer or Pipeline

    Returns
    -------
    WordVectors
        A table that is given keeps its order. With a vectorizer that has learned from
        a `vocabulary` in another order, the words are sorted by their counts.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        The vectorizer is not fitted.
    TypeError
        `vectors` is something else.
    """
    table = word_vectors_of(vectors)
    if table is vectors:
        return table
    counts = getattr(vectorizer_in(vectors), "word_counts_", None)
    if counts is None or (counts[1:] <= counts[:-1]).all():
        return table
    return table.subset(table.words[i] for i in np.argsort(-counts, kind="stable"))


def write_rows(
    vectors: WordVectors,
    file: str | os.PathLike[str] | BinaryIO,
    header: str,
    format_vector: Callable[[NDArray[np.float32]], bytes],
    spaces: bool = False,
) -> None:
    """Write a header and one row for each word.

    Parameters
    ----------
    vectors : WordVectors
    file : str, path-like, or binary file
        If a path ends in ".gz", the file is gzipped.
    header : str
    format_vector : callable
        Formats a vector as the bytes that follow the word and a space.
    spaces : bool, default=False
        Whether words may contain spaces if they can be told from numbers.

    Raises
    ------
    OSError
        The file can't be written.
    ValueError
        The table is empty, or a word couldn't be read back from the file. Nothing is
        written.
    """
    words = [_encode(word, spaces) for word in vectors.words]
    if vectors.vectors.size == 0:
        raise ValueError("the table is empty; there is nothing to write.")
    with _open_target(file) as target:
        target.write(header.encode())
        for word, vector in zip(words, vectors.vectors, strict=True):
            target.write(word + b" " + format_vector(vector))


def _encode(word: str, spaces: bool) -> bytes:
    try:
        encoded = word.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"the word {shortened(word)} can't be written as UTF-8; {LEAVE_OUT}."
        ) from error
    forbidden = SEPARATORS if spaces and can_hold_spaces(encoded) else FORBIDDEN
    if not word or forbidden.search(word):
        raise ValueError(
            f"the word {shortened(word)} can't be written: it is empty, or contains "
            f"whitespace or NUL, which the format can't represent; {LEAVE_OUT}."
        )
    return encoded


@contextmanager
def _open_target(
    file: str | os.PathLike[str] | BinaryIO,
) -> Iterator[BinaryIO | gzip.GzipFile]:
    if not isinstance(file, (str, os.PathLike)):
        check_binary(file, "write")
        yield file
        return
    with atomic_write(file) as target:
        if not os.fspath(file).endswith(".gz"):
            yield target
            return
        # Without a name and a time, the same table gives the same bytes. Level 9 would
        # take several times as long to save 1% of the size.
        with gzip.GzipFile("", "wb", 6, target, mtime=0) as zipped:
            yield zipped
