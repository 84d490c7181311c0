"""What is given to a table: words, and matrices that nobody can change any more."""

from collections.abc import Iterable, Iterator
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def as_word(word: str) -> str:
    """Return a word, and refuse what is no str."""
    if not isinstance(word, str):
        raise TypeError(
            f"expected a word, of type str; got {shortened(word)} of type "
            f"{type(word).__name__}."
        )
    return word


def as_words(words: Iterable[str]) -> list[str]:
    """Return several words as a list."""
    if isinstance(words, str) or not isinstance(words, Iterable):
        raise TypeError(f"expected a list of words; got {shortened(words)}.")
    return [as_word(word) for word in words]


def some_words(words: Iterable[str]) -> list[str]:
    """Return at least one word as a list."""
    words = as_words(words)
    if not words:
        raise ValueError("the list of words is empty; give at least one word.")
    return words


def freeze(array: NDArray) -> NDArray:
    """Make an array, and what it is a view of, read-only; return it."""
    for one in _chain(array):
        one.flags.writeable = False
    return array


def as_matrix(vectors: ArrayLike) -> NDArray[np.float32]:
    """Return numbers that nobody can change."""
    with np.errstate(over="ignore"):  # infinity is refused later
        matrix = np.asarray(vectors, dtype=np.float32)
    frozen = not any(one.flags.writeable for one in _chain(matrix))
    return matrix if frozen else freeze(matrix.copy())


def _chain(array: Any) -> Iterator[NDArray]:
    """Yield an array, the array that it is a view of, and so on."""
    while isinstance(array, np.ndarray):
        yield array
        array = array.base
