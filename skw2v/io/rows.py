"""The rows of a file of word vectors, one for each word."""

from collections.abc import Iterator, Sequence
from reprlib import repr as shortened
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .source import Source


class Row(NamedTuple):
    """A word and its vector, as they are written in the file.

    Attributes
    ----------
    place : int
        Position in the file, in the unit of `Rows`.
    word : bytes
    values : bytes
    """

    place: int
    word: bytes
    values: bytes

    @property
    def name(self) -> str:
        """Return the word as error messages show it."""
        return shortened(self.word.decode(errors="replace"))


class Rows:
    """Base class of the rows of a file, in order.

    Subclasses separate the rows of one format and parse their vectors.

    Parameters
    ----------
    source : Source
    n_components : int
        Length of each vector.

    Attributes
    ----------
    unit : {"byte", "line"}
        Unit of `Row.place`: bytes are counted from 0, lines from 1.
    any_word : bool
        Whether a word may be empty and contain any characters.
    """

    unit: ClassVar[str]
    any_word: ClassVar[bool] = False

    def __init__(self, source: Source, n_components: int) -> None:
        self.source = source
        self.n_components = n_components

    def __iter__(self) -> Iterator[list[Row]]:
        """Yield the rows in batches."""
        raise NotImplementedError

    def parse(self, rows: Sequence[Row]) -> tuple[Sequence[Row], NDArray[np.float32]]:
        """Return rows with their words, and their vectors.

        Returns
        -------
        rows : sequence of Row
            The same, but words may turn out to be longer.
        vectors : ndarray of shape (len(rows), n_components), float32

        Raises
        ------
        ValueError
            The values of a row are not in the format.
        """
        raise NotImplementedError

    def error(self, row: Row, problem: str) -> ValueError:
        """Return an error that says which row is wrong."""
        return self.source.error(f"{self.unit} {row.place}", problem + self.hint())

    def hint(self) -> str:
        """Return the end of an error message, which may name another format."""
        return ""
