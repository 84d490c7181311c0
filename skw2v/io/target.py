"""Write a table of word vectors to a file."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..word_vectors import WordVectors
from .atomic import atomic_write
from .source import check_binary
from .table import SEPARATORS


def check_table(vectors: WordVectors) -> None:
    """Refuse anything but a table of word vectors.

    Parameters
    ----------
    vectors : WordVectors

    Raises
    ------
    TypeError
        `vectors` is something else.
    """
    if not isinstance(vectors, WordVectors):
        raise TypeError(
            "expected WordVectors, such as vectorizer.word_vectors() returns; got "
            f"{type(vectors).__name__}."
        )


def write_rows(
    vectors: WordVectors,
    file: str | os.PathLike[str] | BinaryIO,
    header: str,
    format_vector: Callable[[NDArray[np.float32]], bytes],
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

    Raises
    ------
    OSError
        The file can't be written.
    ValueError
        The table is empty, or a word couldn't be read back from the file. Nothing is
        written.
    """
    words = [_encode(word) for word in vectors.words]
    if vectors.vectors.size == 0:
        raise ValueError("the table is empty; there is nothing to write.")
    with _open_target(file) as target:
        target.write(header.encode())
        for word, vector in zip(words, vectors.vectors, strict=True):
            target.write(word + b" " + format_vector(vector))


def _encode(word: str) -> bytes:
    if not word or SEPARATORS.search(word):
        raise ValueError(
            f"the word {word!r} can't be written: it is empty, or contains whitespace "
            "or NUL, which the format can't represent."
        )
    try:
        return word.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"the word {word!r} can't be written as UTF-8.") from error


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
