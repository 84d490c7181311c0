"""What is given to a table: words, numbers, and matrices that stay as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def as_rows(vectors: Mapping[str, ArrayLike]) -> list[Any]:
    """Return vectors of words as a list; refuse those that differ in their shapes."""
    shapes = {word: np.shape(vector) for word, vector in vectors.items()}
    for word, shape in shapes.items():
        first = next(iter(shapes))
        if shape != shapes[first]:
            raise ValueError(
                f"the vectors must have the same shape; {shortened(first)} "
                f"has {shapes[first]}, and {shortened(word)} has {shape}."
            )
    return list(vectors.values())


def check_finite(lengths: NDArray[np.float32], words: Sequence[str]) -> None:
    """Refuse vectors without a finite length, and name the word of the first."""
    if not np.isfinite(lengths).all():
        raise ValueError(
            "vectors holds NaN or infinity, or a vector too long for float32, in "
            f"the row of {shortened(words[int(np.argmin(np.isfinite(lengths)))])}."
        )


def shares_of(weights: ArrayLike | None, n_words: int) -> NDArray[np.float32]:
    """Return the weights of words, scaled so that their absolute values sum to 1.

    Parameters
    ----------
    weights : array-like of shape (n_words,) or None
        None means equal weights.
    n_words : int

    Returns
    -------
    ndarray of shape (n_words,), float32

    Raises
    ------
    ValueError
        There isn't a finite number for each word, or all are 0.
    """
    numbers = finite_numbers(np.ones(n_words) if weights is None else weights, n_words)
    if numbers is None:
        raise ValueError(
            f"weights must be a finite number for each of the {n_words} words; got "
            f"{shortened(weights)}."
        )
    if not numbers.any():
        raise ValueError("weights are all 0; give at least one word another weight.")
    return numbers / np.abs(numbers).sum()


def finite_numbers(given: Any, n: int) -> NDArray[np.float32] | None:
    """Return a vector of finite numbers; None if it is anything else."""
    try:
        with np.errstate(over="ignore"):  # infinity is refused below
            numbers = np.asarray(given, np.float32)
    except (TypeError, ValueError):
        return None
    is_finite = numbers.shape == (n,) and np.isfinite(numbers).all()
    return numbers if is_finite else None


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
