"""Rows of a file, one for each word."""

from collections.abc import Iterator, Sequence
from reprlib import repr as shortened
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .source import Source


class Row(NamedTuple):
    """A word and its vector as they stand in the file.

    Attributes
    ----------
    place : int
        Where in the file, in the unit of `Rows`.
    word : bytes
    values : bytes
    """

    place: int
    word: bytes
    values: bytes

    @property
    def name(self) -> str:
        """The word as errors show it."""
        return shortened(self.word.decode(errors="replace"))


class Rows:
    """The rows of a file in their order; a format says how they are cut and read.

    Parameters
    ----------
    source : Source
    n_components : int
        Length of each vector.
    """

    unit: ClassVar[str]

    def __init__(self, source: Source, n_components: int) -> None:
        self.source = source
        self.n_components = n_components

    def __iter__(self) -> Iterator[list[Row]]:
        """Yield them in lists, to be worked on at a time."""
        raise NotImplementedError

    def vectors(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        """Read the values of some rows.

        Returns
        -------
        ndarray of shape (len(rows), n_components), float32

        Raises
        ------
        ValueError
            They are not what the format says.
        """
        raise NotImplementedError

    def error(self, row: Row, problem: str) -> ValueError:
        """An error that says which row is wrong."""
        return self.source.error(f"{self.unit} {row.place}", problem)
