"""The decompressed bytes of a file, and errors that name it."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import BinaryIO, cast

BLOCK = 1 << 18  # number of bytes to read at a time
MAX_ROW_BYTES = 1 << 22  # a million components; if a row is longer, the file is broken
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """A file that is read from beginning to end.

    Parameters
    ----------
    name : str
        Name of the file in error messages.
    file : io.BufferedReader
        Decompressed if it begins like a gzip file, whatever its name.
    """

    def __init__(self, name: str, file: io.BufferedReader) -> None:
        self.name = name
        self._file: io.BufferedIOBase = file
        with self._gzip_errors():
            if file.peek(2).startswith(GZIP_MAGIC):
                self._file = gzip.GzipFile(fileobj=file)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, and none at the end of the file."""
        with self._gzip_errors():
            return self._file.read(size)

    def lines(self, first: int) -> Iterator[tuple[int, bytes]]:
        """Yield the lines to the end of the file, numbered from `first`."""
        with self._gzip_errors():
            for number in count(first):
                line = self._file.readline(MAX_ROW_BYTES + 1)
                if not line:
                    return
                if len(line) > MAX_ROW_BYTES:
                    problem = f"the line is longer than {MAX_ROW_BYTES} bytes"
                    raise self.error(f"line {number}", problem)
                yield number, line

    def first_line(self) -> bytes:
        """Return the first line, which determines what the others must be."""
        _, line = next(self.lines(1), (1, b""))
        if not line:
            raise ValueError(f"{self.name} is empty.")
        if line.startswith(BYTE_ORDER_MARK):
            problem = "found a byte order mark; save the file without it"
            raise self.error("line 1", problem)
        return line

    def error(self, place: str, problem: str) -> ValueError:
        """Return an error that says where something is wrong."""
        return ValueError(f"{self.name}, {place}: {problem}.")

    @contextmanager
    def _gzip_errors(self) -> Iterator[None]:
        """Turn errors about damaged gzip data into one that names this file."""
        try:
            yield
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            place = f"byte {self._file.tell()} of the decompressed content"
            problem = f"the gzip data are truncated or damaged ({error})"
            raise self.error(place, problem) from error


@contextmanager
def open_source(file: str | os.PathLike[str] | BinaryIO) -> Iterator[Source]:
    """Open a file for reading; a file that is already open stays open.

    Parameters
    ----------
    file : str, path-like, or binary file

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
            yield Source(os.fspath(file), opened)
        return
    check_binary(file, "readinto")
    buffered: io.BufferedReader = io.BufferedReader(cast(io.RawIOBase, file))
    try:
        yield Source(str(getattr(file, "name", "the file")), buffered)
    finally:
        buffered.detach()


def check_binary(file: object, method: str) -> None:
    """Refuse anything but a binary file that has a certain method.

    Raises
    ------
    TypeError
    """
    if isinstance(file, io.TextIOBase) or not hasattr(file, method):
        raise TypeError(f"file must be a path, or open in binary mode; got {file!r}.")
