"""Binary rows: a word, one space, and little-endian float32 numbers."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .rows import Row, Rows
from .source import MAX_ROW_BYTES, Source
from .streams import BLOCK

NUMERIC = b"0123456789+-.eE \r"  # characters of decimal numbers in text
MAX_SAMPLE_BYTES = 4096
TEXT_HINT = "; read a text file without binary=True"


class BinaryRows(Rows):
    """Binary rows, which have no end marker.

    The original word2vec writes a line feed after each row; gensim does not.

    Parameters
    ----------
    source : Source
    n_components : int
    start : int
        Offset of the first row in bytes.
    """

    unit = "byte"

    def __init__(self, source: Source, n_components: int, start: int) -> None:
        super().__init__(source, n_components)
        self._start = start
        self._width = 4 * n_components
        self._sample = b""

    def __iter__(self) -> Iterator[list[Row]]:
        buffer, place = b"", self._start
        while len(buffer) <= MAX_ROW_BYTES and (block := self.source.read(BLOCK)):
            buffer += block
            self._sample = self._sample or block[:MAX_SAMPLE_BYTES]
            rows, rest = self._cut(buffer, place)
            if place == self._start and rows:
                self._check_binary(rows[0])
            yield rows
            buffer, place = rest, place + len(buffer) - len(rest)
        if buffer not in (b"", b"\n"):
            raise self.source.error(
                f"byte {place}",
                f"expected a word, a space and the {self._width} bytes of a vector; "
                f"the file is truncated or in another format{self.hint()}",
            )

    def _cut(self, buffer: bytes, place: int) -> tuple[list[Row], bytes]:
        """Split a buffer into whole rows and the remaining bytes."""
        rows, start = [], 0
        while (space := buffer.find(b" ", start)) >= 0:
            end = space + 1 + self._width
            if end > len(buffer):
                break
            word = buffer[start:space].removeprefix(b"\n")
            rows.append(Row(place + start, word, buffer[space + 1 : end]))
            start = end
        return rows, buffer[start:]

    def _check_binary(self, row: Row) -> None:
        """Refuse text, whose digits would be read as the bytes of numbers.

        The bytes of a single component are too few to tell.
        """
        line, end, _ = row.values.partition(b"\n")
        n_values = line.rstrip(b" \r").count(b" ") + 1
        fits = not end or n_values == self.n_components
        if fits and self.n_components > 1 and not line.translate(None, NUMERIC):
            raise self.source.error(
                f"byte {row.place}",
                f"decimal numbers follow the word {row.name}{TEXT_HINT}",
            )

    def hint(self) -> str:
        """Return advice if the rows begin like a line of text."""
        line = self._sample.partition(b"\n")[0].rstrip(b" \r")
        values = line.partition(b" ")[2]
        return TEXT_HINT if values and not values.translate(None, NUMERIC) else ""

    def parse(self, rows: Sequence[Row]) -> tuple[Sequence[Row], NDArray[np.float32]]:
        """Return rows and their vectors."""
        return rows, parse_binary([row.values for row in rows], self.n_components)


def parse_binary(values: Iterable[bytes], n_components: int) -> NDArray[np.float32]:
    """Parse little-endian float32 numbers.

    Parameters
    ----------
    values : iterable of bytes
        One row or several each.
    n_components : int

    Returns
    -------
    ndarray of shape (n_rows, n_components), float32
    """
    numbers = np.frombuffer(b"".join(values), "<f4")
    return numbers.reshape(-1, n_components).astype(np.float32, copy=False)


def format_binary(vector: NDArray[np.float32]) -> bytes:
    """Format a vector as the end of a row.

    Parameters
    ----------
    vector : ndarray of shape (n_components,), float32

    Returns
    -------
    bytes
    """
    return vector.astype("<f4").tobytes()
