"""What a question asks for: words, vectors and their weights; and how many answers."""

from collections.abc import Iterable
from math import isfinite
from numbers import Real
from operator import index
from reprlib import repr as shortened
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Term: TypeAlias = "str | NDArray | tuple[str | NDArray, float]"
Terms: TypeAlias = "str | NDArray | Iterable[Term]"


def as_list(terms):
    """One word or vector as a list of it; several as a list.

    Parameters
    ----------
    terms : str, ndarray, or iterable

    Returns
    -------
    list

    Raises
    ------
    TypeError
        It is something else.
    """
    if isinstance(terms, np.ndarray) and terms.ndim == 1 and terms.dtype.kind in "fiu":
        return [terms]
    if isinstance(terms, str):
        return [terms]
    if not isinstance(terms, Iterable):
        raise TypeError(f"expected a word, a vector, or a list of them; got {terms!r}.")
    return list(terms)


def weighted(terms, weight):
    """Yield each term with its weight.

    Parameters
    ----------
    terms : str, ndarray, or iterable
        Words and vectors, or pairs of one and its weight.
    weight : float
        Of those without their own.

    Yields
    ------
    term : str or array-like
    weight : float

    Raises
    ------
    ValueError
        A weight is not a finite number, or above 0 where `weight` is below.
    """
    for term in as_list(terms):
        pair = term if isinstance(term, tuple) else (term, weight)
        if len(pair) != 2 or not isinstance(pair[1], Real) or not isfinite(pair[1]):
            raise ValueError(f"expected a pair of a word and a weight; got {term!r}.")
        if weight < 0 < pair[1]:
            raise ValueError(
                f"{term!r} is among the negative and must have a weight below 0."
            )
        yield pair


def as_vector(term, n_components):
    """A given vector, checked.

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
        It is none, has another length, or is not finite.
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


def check_topn(topn):
    """Refuse to give fewer than one answer.

    Parameters
    ----------
    topn : int

    Raises
    ------
    TypeError, ValueError
        It is no integer, or below 1.
    """
    if index(topn) < 1:
        raise ValueError(f"topn must be 1 or more; got {topn}.")
