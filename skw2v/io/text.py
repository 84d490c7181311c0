"""Rows of text: a word and decimal numbers, separated by single spaces."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from .rows import Row, Rows
from .source import BLOCK, Source


def split_line(line: bytes) -> tuple[bytes, bytes]:
    """Split a line into its word and its values."""
    word, _, values = line.rstrip(b" \r\n").partition(b" ")
    return word, values


class TextRows(Rows):
    """Lines of text; spaces and carriage returns at their end are dropped.

    Parameters
    ----------
    source : Source
    n_components : int
    lines : iterable of (int, bytes)
        The lines and their numbers.
    """

    unit = "line"

    def __init__(
        self, source: Source, n_components: int, lines: Iterable[tuple[int, bytes]]
    ) -> None:
        super().__init__(source, n_components)
        self._lines = lines

    def __iter__(self) -> Iterator[list[Row]]:
        block, size = [], 0
        for number, line in self._lines:
            block.append(Row(number, *split_line(line)))
            size += sys.getsizeof(line)
            if size >= BLOCK:
                yield block
                block, size = [], 0
        yield block

    def vectors(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Parse decimal numbers: take the nearest float64, and round it to float32."""
        vectors = self._parse([row.values for row in rows])
        if vectors is not None:
            return vectors
        if len(rows) == 1:
            raise self.error(rows[0], self._fault(rows[0]))
        half = len(rows) // 2  # at least one half contains a malformed row
        return np.concatenate([self.vectors(rows[:half]), self.vectors(rows[half:])])

    def _parse(self, lines: list[bytes]) -> NDArray[np.float32] | None:
        """Return the vectors, or None if a line contains anything else."""
        # loadtxt would skip empty lines and the whitespace characters of Latin-1.
        if not all(lines) or not all(map(bytes.isascii, lines)):
            return None
        try:
            vectors = np.loadtxt(
                lines, np.float32, comments=None, delimiter=" ", ndmin=2
            )
        except ValueError:
            return None
        return vectors if vectors.shape[1] == self.n_components else None

    def _fault(self, row: Row) -> str:
        """Describe what is wrong with a row that can't be parsed."""
        if not row.values.isascii():
            return (
                f"the values of {row.name} are not ASCII; a binary file needs "
                "binary=True"
            )
        n_values = row.values.count(b" ") + 1 if row.values else 0
        if n_values != self.n_components:
            return (
                f"{self.n_components} values must follow the word {row.name}, with one "
                f"space before each; found {n_values}"
            )
        values = row.values.split(b" ")
        wrong = next((v for v in values if not _is_number(v)), row.values)
        return f"{shortened(wrong)} after the word {row.name} is not a decimal number"


def _is_number(value: bytes) -> bool:
    try:
        float(value.decode())
    except ValueError:
        return False
    return b"_" not in value


def format_text(vector: NDArray[np.float32]) -> bytes:
    """Format a vector as the end of a line.

    Parameters
    ----------
    vector : ndarray of shape (n_components,), float32

    Returns
    -------
    bytes
        Each number has the fewest digits that tell it from other float32 numbers.
    """
    return " ".join(map(str, vector)).encode() + b"\n"
