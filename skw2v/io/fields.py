"""Binary fields, one after the other: numbers, strings that NUL ends, and rows."""

import struct
from collections.abc import Iterator

from .source import Source
from .streams import BLOCK

MAX_STRING_BYTES = 1 << 13  # the n-grams of longer words would take much memory


class Fields:
    """The fields of a binary file, in little-endian order.

    Parameters
    ----------
    source : Source

    Attributes
    ----------
    place : int
        Offset of the next field in bytes.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.place = 0
        self._buffer = b""
        self._start = 0  # of the next field in the buffer

    def numbers(self, layout: str) -> tuple:
        """Return the next numbers; `layout` is that of the module struct."""
        layout = "<" + layout
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def take(self, size: int) -> bytes:
        """Return exactly the next `size` bytes."""
        while len(self._buffer) - self._start < size:
            self._fill(size)
        start, self._start = self._start, self._start + size
        self.place += size
        return self._buffer[start : self._start]

    def string(self) -> bytes:
        """Return the bytes before the next NUL, and skip it."""
        while (end := self._buffer.find(b"\0", self._start)) < 0:
            if len(self._buffer) - self._start > MAX_STRING_BYTES:
                break
            self._fill(1)
        if not 0 <= end - self._start <= MAX_STRING_BYTES:
            problem = f"a word has more than {MAX_STRING_BYTES} bytes"
            raise self.error(problem)
        return self.take(end + 1 - self._start)[:-1]

    def rows(self, n_rows: int, width: int) -> Iterator[bytes]:
        """Yield the next `n_rows` rows of `width` bytes, in blocks of whole rows."""
        size = max(1, BLOCK // width)
        for start in range(0, n_rows, size):
            yield self.take(min(size, n_rows - start) * width)

    def end(self) -> None:
        """Refuse further bytes."""
        if self._start < len(self._buffer) or self.source.read(1):
            raise self.error("expected the end of the file; more bytes follow")

    def error(self, problem: str, place: int | None = None) -> ValueError:
        """Return an error that says where something is wrong, by default here."""
        at = self.place if place is None else place
        return self.source.error(f"byte {at}", problem)

    def _fill(self, size: int) -> None:
        """Read more bytes into the buffer, and forget those before the next field."""
        block = self.source.read(max(size, BLOCK))
        if not block and not self.place + len(self._buffer):
            raise self.source.empty()
        if not block:
            missing = size - (len(self._buffer) - self._start)
            raise self.error(f"the file is truncated; {missing} more bytes must follow")
        self._buffer, self._start = self._buffer[self._start :] + block, 0
