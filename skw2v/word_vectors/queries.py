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
        raise TypeError(
            f"expected a word, a vector, or a list of them; got {shortened(terms)}."
        )
    return list(terms)


def as_queries(queries: Iterable[Terms]) -> list:
    """Return several queries as a list; refuse a single word or vector.

    Parameters
    ----------
    queries : iterable

    Returns
    -------
    list

    Raises
    ------
    TypeError
        `queries` is a word, a vector, or not iterable.
    """
    one = "a single word" if isinstance(queries, str) else None
    if one is None and isinstance(queries, Iterable):
        queries = list(queries)
        if not any(isinstance(query, Real) for query in queries):
            return queries
        one = "a single vector"
    raise TypeError(
        f"expected a list of queries; got {shortened(queries)}"
        + (f", {one}; put it in a list: nearest([...])." if one else ".")
    )


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
            raise ValueError(
                f"expected a pair of a word and a weight; got {shortened(term)}."
            )
        if weight < 0 < float(own):
            raise ValueError(
                f"{shortened(term)} is among the negative and must have a weight below "
                "0."
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


def check_topn(topn: int | None, n_words: int) -> int:
    """Return the number of answers; refuse to give fewer than one.

    Parameters
    ----------
    topn : int or None
        None means all words.
    n_words : int

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        `topn` is neither an integer nor None, or is below 1.
    """
    if topn is None:
        return n_words
    try:
        number = index(topn)
    except TypeError as error:
        raise TypeError(
            "topn must be an integer of 1 or more, or None for all words; got "
            f"{shortened(topn)}."
        ) from error
    if number < 1:
        raise ValueError(f"topn must be 1 or more; got {shortened(number)}.")
    return number
