"""Rows of text: a word and decimal numbers, separated by single spaces."""

import codecs
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from .errors import WordErrors
from .rows import Row, Rows
from .source import Source
from .streams import BLOCK

# Blank lines are accepted at the end of a file, but a file of them isn't read.
MAX_BLANK_LINES = 1000
SAMPLE_BYTES = 4096  # number of bytes that tell text from binary numbers
CONTROL = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]")
BINARY_HINT = "; a binary file of word2vec needs read_word2vec with binary=True"


def split_line(line: bytes) -> tuple[bytes, bytes]:
    """Split a line into its word and its values."""
    word, _, values = line.rstrip(b" \r\n").partition(b" ")
    return word, values


def is_number(value: bytes) -> bool:
    """Return whether a field is a decimal number, as far as it matters for words."""
    try:
        float(value.decode())
    except ValueError:
        return False
    return b"_" not in value


def can_hold_spaces(word: bytes) -> bool:
    """Return whether a word with spaces can be told from the numbers that follow it.

    Single spaces are between its parts, and no part but the first is a number.
    """
    first, *others = word.split(b" ")
    return bool(first) and all(others) and not any(map(is_number, others))


class TextRows(Rows):
    """Lines of text; spaces and carriage returns at their end are dropped.

    A word may contain single spaces, as a few words of GloVe do, if what follows them
    is no number, and any spaces unless `errors` is strict. Blank lines at the end are
    skipped.

    Parameters
    ----------
    source : Source
    n_components : int
    lines : iterable of (int, bytes)
        The lines and their numbers.
    errors : WordErrors
    """

    unit = "line"

    def __init__(
        self,
        source: Source,
        n_components: int,
        lines: Iterable[tuple[int, bytes]],
        errors: WordErrors,
    ) -> None:
        super().__init__(source, n_components)
        self._lines = lines
        self._takes_any_spaces = not errors.is_strict
        self._first: list[Row] = []

    def __iter__(self) -> Iterator[list[Row]]:
        block, size, n_blank = [], 0, 0
        for number, line in self._lines:
            row = Row(number, *split_line(line))
            if not row.values and not row.word and n_blank < MAX_BLANK_LINES:
                n_blank += 1
                continue
            if n_blank:  # they were not the end
                block += [Row(i, b"", b"") for i in range(number - n_blank, number)]
                size += n_blank * sys.getsizeof(b"\n")
                n_blank = 0
            block.append(row)
            size += sys.getsizeof(line)
            if size >= BLOCK:
                yield self._seen(block)
                block, size = [], 0
        yield self._seen(block)

    def _seen(self, block: list[Row]) -> list[Row]:
        self._first = self._first or block[:100]
        return block

    def hint(self) -> str:
        """Return advice if the first rows look like binary numbers."""
        if not self._first or self._is_text(self._first[0]):
            return ""
        lines = [row.word + b" " + row.values for row in self._first]
        sample = b"\n".join(lines)[:SAMPLE_BYTES]
        try:
            codecs.getincrementaldecoder("utf-8")().decode(sample)
        except UnicodeDecodeError:
            return BINARY_HINT
        return BINARY_HINT if CONTROL.search(sample) else ""

    def _is_text(self, row: Row) -> bool:
        numbers = row.values.split(b" ")[-self.n_components :]
        return all(map(is_number, numbers))

    def parse(self, rows: Sequence[Row]) -> tuple[Sequence[Row], NDArray[np.float32]]:
        """Parse decimal numbers: take the nearest float64, and round it to float32."""
        vectors = self._parse([row.values for row in rows])
        if vectors is not None:
            return rows, vectors
        if len(rows) == 1:
            return self._parse_one(rows[0])
        half = len(rows) // 2  # at least one half contains a row of another form
        halves = self.parse(rows[:half]), self.parse(rows[half:])
        (first, one), (second, other) = halves
        return [*first, *second], np.concatenate([one, other])

    def _parse_one(self, row: Row) -> tuple[list[Row], NDArray[np.float32]]:
        """Parse a row whose word contains spaces."""
        fields = [row.word, *row.values.split(b" ")]
        word = b" ".join(fields[: -self.n_components])
        values = b" ".join(fields[-self.n_components :])
        takes_any = self._takes_any_spaces and len(fields) > self.n_components
        is_word = takes_any or can_hold_spaces(word)
        vectors = self._parse([values]) if is_word else None
        if vectors is None:
            raise self.error(row, self._fault(row))
        return [Row(row.place, word, values)], vectors

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
        if not row.word and not row.values:
            return "the line is blank, and others follow it"
        if not row.values.isascii():
            return f"the values of {row.name} are not ASCII"
        if b"\t" in row.word + row.values:
            return "the line contains tabs; put single spaces between its parts"
        n_values = row.values.count(b" ") + 1 if row.values else 0
        if n_values != self.n_components:
            return (
                f"{self.n_components} values must follow the word {row.name}, with one "
                f"space before each; found {n_values}"
            )
        values = row.values.split(b" ")
        wrong = next((v for v in values if not is_number(v)), row.values)
        return f"{shortened(wrong)} after the word {row.name} is not a decimal number"


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
