"""The bytes of a file that is read, unzipped, and the errors that name it."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, BinaryIO, cast

BLOCK = 1 << 18  # bytes that are read at a time
LONGEST_ROW = 1 << 22  # bytes; a million components; a longer row is a broken file
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Source:
    """A file that is read from its beginning to its end.

    Parameters
    ----------
    name : str
        What errors call it.
    file : io.BufferedReader
        Unzipped on the way if it begins like a gzip file, whatever its name.
    """

    def __init__(self, name: str, file: io.BufferedReader) -> None:
        self.name = name
        self._file: Any = file
        with self._gzip_errors():
            if file.peek(2).startswith(GZIP_MAGIC):
                self._file = gzip.GzipFile(fileobj=file)

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end of the file."""
        with self._gzip_errors():
            return self._file.read(size)

    def lines(self, first: int) -> Iterator[tuple[int, bytes]]:
        """Yield the lines to the end of the file, numbered from `first`."""
        with self._gzip_errors():
            for number in count(first):
                line = self._file.readline(LONGEST_ROW + 1)
                if not line:
                    return
                if len(line) > LONGEST_ROW:
                    problem = f"it is longer than {LONGEST_ROW} bytes"
                    raise self.error(f"line {number}", problem)
                yield number, line

    def first_line(self) -> bytes:
        """The line that tells what the others must be."""
        _, line = next(self.lines(1), (1, b""))
        if not line:
            raise ValueError(f"{self.name} is empty.")
        if line.startswith(BYTE_ORDER_MARK):
            raise self.error("line 1", "a byte order mark; save the file without it")
        return line

    def error(self, place: str, problem: str) -> ValueError:
        """An error that says where something is wrong."""
        return ValueError(f"{self.name}, {place}: {problem}.")

    @contextmanager
    def _gzip_errors(self) -> Iterator[None]:
        """Turn the errors of damaged gzip data into one of this file."""
        try:
            yield
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            place = f"byte {self._file.tell()} of the unzipped content"
            raise self.error(place, f"gzip data cut or damaged ({error})") from error


@contextmanager
def open_source(file: str | os.PathLike[str] | BinaryIO) -> Iterator[Source]:
    """Open a file for reading; one that is given open stays open.

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
        It is open for text, or no file.
    """
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            yield Source(os.fspath(file), opened)
        return
    check_binary(file, "readinto")
    buffered = io.BufferedReader(cast(Any, file))
    try:
        yield Source(str(getattr(file, "name", "the file")), buffered)
    finally:
        buffered.detach()


def check_binary(file: Any, method: str) -> None:
    """Refuse what is no binary file with a method.

    Raises
    ------
    TypeError
    """
    if isinstance(file, io.TextIOBase) or not hasattr(file, method):
        raise TypeError(f"file must be a path, or open in binary mode; got {file!r}.")
