"""What a question asks for: words, vectors and their weights, and how many answers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from operator import index
from reprlib import repr as shortened
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arguments import finite_numbers
from .cosines import unit

Term: TypeAlias = "str | NDArray | tuple[str | NDArray, float]"
Terms: TypeAlias = "str | NDArray | Iterable[Term]"
Find: TypeAlias = Callable[[Any], "Query"]


@dataclass(frozen=True, eq=False)
class Query:
    """A vector, and the words that gave it.

    Attributes
    ----------
    vector : ndarray of shape (n_components,), float32
    given : list of int
        Rows of the words, which are no answers.
    """

    vector: NDArray[np.float32]
    given: list[int]


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


def query_of(find: Find, positive: Terms, negative: Terms = ()) -> Query:
    """Return the weighted sum of terms, at length 1.

    Parameters
    ----------
    find : callable
        Takes a word or a vector, and returns what it adds to the sum.
    positive, negative : str, ndarray, or iterable
        See `weighted`; weights are 1 and -1 unless pairs give others.

    Returns
    -------
    Query

    Raises
    ------
    TypeError, ValueError
        See `weighted`; or there is neither word nor vector.
    """
    pairs = [*weighted(positive, 1.0), *weighted(negative, -1.0)]
    if not pairs:
        raise ValueError("give at least one word or vector.")
    terms = [find(term) for term, _ in pairs]
    weights = np.array([weight for _, weight in pairs])
    vector = unit(weights @ np.array([term.vector for term in terms], np.float64))
    return Query(vector, [row for term in terms for row in term.given])


def queries_of(find: Find, terms: Terms) -> list[Query]:
    """Return each term at length 1; pairs with weights are refused by `find`."""
    found = [find(term) for term in as_list(terms)]
    return [Query(unit(term.vector), term.given) for term in found]


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
    if (vector := finite_numbers(term, n_components)) is None:
        raise ValueError(
            f"expected a word, or a vector of {n_components} finite numbers; got "
            f"{shortened(term)}."
        )
    return vector


def check_number(name: str, number: int | None, n_words: int) -> int:
    """Return a number of words; refuse a number below one.

    Parameters
    ----------
    name : str
        What the number is called.
    number : int or None
        None means all words.
    n_words : int

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        `number` is neither an integer nor None, or is below 1.
    """
    if number is None:
        return n_words
    try:
        number = index(number)
    except TypeError as error:
        raise TypeError(
            f"{name} must be an integer of 1 or more, or None for all words; got "
            f"{shortened(number)}."
        ) from error
    if number < 1:
        raise ValueError(f"{name} must be 1 or more; got {shortened(number)}.")
    return number
