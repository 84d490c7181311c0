"""The decompressed bytes of a file, and errors that name it."""

import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from reprlib import repr as shortened
from typing import BinaryIO, cast

from .formats import HEAD_BYTES, cut, recognized
from .streams import DamagedError, decompressed

MAX_ROW_BYTES = 1 << 22  # a million components; if a row is longer, the file is broken
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """A file that is read from beginning to end.

    Parameters
    ----------
    name : str
        Name of the file in error messages.
    file : io.BufferedReader
        Decompressed if it begins like a gzip, bz2 or xz file, whatever its name.
    expected : str, default=""
        The format among `FORMATS` that is read, if it is one of these.

    Raises
    ------
    ValueError
        The file is in another known format; the message says what to do.
    """

    def __init__(self, name: str, file: io.BufferedReader, expected: str = "") -> None:
        self.name = cut(name)
        self._file: io.BufferedReader | gzip.GzipFile = file
        self._compression = ""
        with self._damage_errors():
            self._file, self._compression = decompressed(file)
            head = self._file.peek(HEAD_BYTES)
        if found := recognized(head[:HEAD_BYTES]):
            what, advice = found
            if what != expected:
                raise ValueError(f"{self.name} is {what}; {advice}.")

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, and none at the end of the file."""
        with self._damage_errors():
            return self._file.read(size)

    def lines(self, first: int) -> Iterator[tuple[int, bytes]]:
        """Yield the lines to the end of the file, numbered from `first`."""
        with self._damage_errors():
            for number in count(first):
                line = self._file.readline(MAX_ROW_BYTES + 1)
                if not line:
                    return
                if len(line) > MAX_ROW_BYTES:
                    raise self.error(
                        f"line {number}",
                        f"the line is longer than {MAX_ROW_BYTES} bytes, so this is "
                        "no text; a binary file of word2vec needs read_word2vec with "
                        "binary=True",
                    )
                yield number, line

    def first_line(self) -> bytes:
        """Return the first line, which determines what the others must be."""
        _, line = next(self.lines(1), (1, b""))
        if not line:
            raise self.empty()
        if line.startswith(BYTE_ORDER_MARK):
            problem = "found a byte order mark; save the file without it"
            raise self.error("line 1", problem)
        return line

    def error(self, place: str, problem: str) -> ValueError:
        """Return an error that says where something is wrong."""
        return ValueError(f"{self.name}, {place}: {problem}.")

    def empty(self) -> ValueError:
        """Return an error that says that there is nothing to read."""
        return ValueError(f"{self.name} is empty.")

    @contextmanager
    def _damage_errors(self) -> Iterator[None]:
        """Turn errors about damaged compressed data into one that names this file."""
        damage = (
            EOFError,
            zlib.error,
            lzma.LZMAError,
            gzip.BadGzipFile,
            zipfile.BadZipFile,
            DamagedError,
        )
        try:
            yield
        except (*damage, OSError) as error:
            # The file may be one of bz2, which raises plain OSErrors without a number.
            if not isinstance(error, damage) and (
                type(error) is not OSError or error.errno is not None
            ):
                raise
            place = f"byte {self._file.tell()} of the decompressed content"
            data = f"{self._compression or 'compressed'} data"
            problem = f"the {data} are truncated or damaged ({error})"
            raise self.error(place, problem) from error


@contextmanager
def open_source(
    file: str | os.PathLike[str] | BinaryIO, expected: str = ""
) -> Iterator[Source]:
    """Open a file for reading; a file that is already open stays open.

    Parameters
    ----------
    file : str, path-like, or binary file
    expected : str, default=""
        See `Source`.

    Yields
    ------
    Source

    Raises
    ------
    OSError
        The file can't be opened.
    TypeError
        `file` is open in text mode, or is not a file.
    """
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            yield Source(os.fspath(file), opened, expected)
        return
    check_binary(file, "readinto")
    buffered: io.BufferedReader = io.BufferedReader(cast(io.RawIOBase, file))
    try:
        yield Source(str(getattr(file, "name", "the file")), buffered, expected)
    finally:
        buffered.detach()


def check_binary(file: object, method: str) -> None:
    """Refuse anything but a binary file that has a certain method.

    Raises
    ------
    TypeError
    """
    if isinstance(file, io.TextIOBase) or not hasattr(file, method):
        raise TypeError(
            "file must be a path, or open in binary mode; got "
            f"{shortened(file)} of type {type(file).__name__}."
        )
