"""Rows of binary numbers: a word, one space, and float32 numbers in little-endian."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .rows import Row, Rows
from .source import BLOCK, LONGEST_ROW, Source

NUMERIC = b"0123456789+-.eE \r"  # what numbers in text are made of


class BinaryRows(Rows):
    """Rows without a mark at their end.

    The original word2vec writes a line feed after each; gensim does not.

    Parameters
    ----------
    source : Source
    n_components : int
    start : int
        Offset of the first row.
    """

    unit = "byte"

    def __init__(self, source: Source, n_components: int, start: int) -> None:
        super().__init__(source, n_components)
        self._start = start
        self._width = 4 * n_components

    def __iter__(self) -> Iterator[list[Row]]:
        buffer, place = b"", self._start
        while len(buffer) <= LONGEST_ROW and (block := self.source.read(BLOCK)):
            buffer += block
            rows, rest = self._cut(buffer, place)
            if place == self._start and rows:
                self._check_binary(rows[0])
            yield rows
            buffer, place = rest, place + len(buffer) - len(rest)
        if buffer not in (b"", b"\n"):
            raise self.source.error(
                f"byte {place}",
                f"no word with a space and the {self._width} bytes of a vector begins "
                "here; the file is cut, or of another format",
            )

    def _cut(self, buffer: bytes, place: int) -> tuple[list[Row], bytes]:
        """Whole rows, and the rest."""
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
        """Refuse text, whose digits would be taken for the bytes of numbers.

        One component is too little to tell.
        """
        line, end, _ = row.values.partition(b"\n")
        n_values = line.rstrip(b" \r").count(b" ") + 1
        fits = not end or n_values == self.n_components
        if fits and self.n_components > 1 and not line.translate(None, NUMERIC):
            raise self.error(
                row,
                f"decimal numbers follow the word {row.name}; a text file is read "
                "without binary=True",
            )

    def vectors(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Take the values as they are."""
        values = b"".join([row.values for row in rows])
        return np.frombuffer(values, "<f4").reshape(len(rows), self.n_components)


def format_binary(vector: NDArray[np.float32]) -> bytes:
    """The end of a row.

    Parameters
    ----------
    vector : ndarray of shape (n_components,), float32

    Returns
    -------
    bytes
    """
    return vector.astype("<f4").tobytes()
