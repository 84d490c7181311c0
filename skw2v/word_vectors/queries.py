"""What a question asks for: words, vectors and their weights, and how many answers."""

from collections.abc import Iterable, Iterator
from math import isfinite
from numbers import Real
from operator import index
from reprlib import repr as shortened
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Term: TypeAlias = "str | NDArray | tuple[str | NDArray, float]"
Terms: TypeAlias = "str | NDArray | Iterable[Term]"


def as_list(terms: Terms) -> list:
    """Return terms as a list; a single word or vector becomes a list of one.

    Parameters
    ----------
    terms : str, ndarray, or iterable

    Returns
    -------
    list

    Raises
    ------
    TypeError
        `terms` is something else.
    """
    if isinstance(terms, np.ndarray) and terms.ndim == 1 and terms.dtype.kind in "fiu":
        return [terms]
    if isinstance(terms, str):
        return [terms]
    if not isinstance(terms, Iterable):
        raise TypeError(f"expected a word, a vector, or a list of them; got {terms!r}.")
    return list(terms)


def weighted(terms: Terms, weight: float) -> Iterator[tuple[Any, float]]:
    """Yield each term with its weight.

    Parameters
    ----------
    terms : str, ndarray, or iterable
        Words and vectors, or pairs of one and its weight.
    weight : float
        Weight of terms without their own.

    Yields
    ------
    term : str or array-like
    weight : float

    Raises
    ------
    ValueError
        A weight is not a finite number, or is positive where `weight` is negative.
    """
    for term in as_list(terms):
        pair = term if isinstance(term, tuple) else (term, weight)
        item, own = pair if len(pair) == 2 else (None, None)
        if not isinstance(own, Real) or not isfinite(own):
            raise ValueError(f"expected a pair of a word and a weight; got {term!r}.")
        if weight < 0 < float(own):
            raise ValueError(
                f"{term!r} is among the negative and must have a weight below 0."
            )
        yield item, float(own)


def as_vector(term: Any, n_components: int) -> NDArray[np.float32]:
    """Return a given vector after checking it.

    Parameters
    ----------
    term : array-like
    n_components : int

    Returns
    -------
    ndarray of shape (n_components,), float32

    Raises
    ------
    ValueError
        `term` is not a vector, has another length, or is not finite.
    """
    try:
        with np.errstate(over="ignore"):  # infinity is refused below
            vector = np.asarray(term, np.float32)
    except (TypeError, ValueError):
        vector = np.array(np.nan)
    if vector.shape != (n_components,) or not np.isfinite(vector).all():
        raise ValueError(
            f"expected a word, or a vector of {n_components} finite numbers; got "
            f"{shortened(term)}."
        )
    return vector


def check_topn(topn: int) -> None:
    """Refuse to give fewer than one answer.

    Parameters
    ----------
    topn : int

    Raises
    ------
    TypeError, ValueError
        `topn` is not an integer, or is below 1.
    """
    if index(topn) < 1:
        raise ValueError(f"topn must be 1 or more; got {topn}.")
