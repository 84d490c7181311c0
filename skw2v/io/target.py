"""The file that a table is written to."""

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
    """Refuse what is no table of word vectors.

    Parameters
    ----------
    vectors : WordVectors

    Raises
    ------
    TypeError
        It is something else.
    """
    if not isinstance(vectors, WordVectors):
        raise TypeError(
            "expected WordVectors, such as those of vectorizer.word_vectors(); got "
            f"{type(vectors).__name__}."
        )


def write_rows(
    vectors: WordVectors,
    file: str | os.PathLike[str] | BinaryIO,
    header: str,
    format_vector: Callable[[NDArray[np.float32]], bytes],
) -> None:
    """Write a header, and a row for each word.

    Parameters
    ----------
    vectors : WordVectors
    file : str, path-like, or binary file
        A path that ends in ".gz" is compressed.
    header : str
    format_vector : callable
        A vector to the bytes that stand after the word and a space.

    Raises
    ------
    OSError
        The file can't be written.
    ValueError
        A word can't be read back from such a file; nothing is written.
    """
    words = [_encode(word) for word in vectors.words]
    if vectors.vectors.size == 0:
        raise ValueError("the table holds no numbers to write.")
    with _open_target(file) as target:
        target.write(header.encode())
        for word, vector in zip(words, vectors.vectors, strict=True):
            target.write(word + b" " + format_vector(vector))


def _encode(word: str) -> bytes:
    if not word or SEPARATORS.search(word):
        raise ValueError(
            f"the word {word!r} can't be written: it is empty, or holds whitespace or "
            "NUL, which the format has no way to mark."
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
        # Without name and time, the same table gives the same bytes. Level 9 would take
        # several times as long for 1 % of the size.
        with gzip.GzipFile("", "wb", 6, target, mtime=0) as zipped:
            yield zipped
