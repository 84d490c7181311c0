"""Counts of things that are known by their hashes, in two arrays."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.int64]
Counts = NDArray[np.int64]


def summed(hashes: Hashes, counts: Counts) -> tuple[Hashes, Counts, NDArray[np.int64]]:
    """Sum the counts of equal hashes.

    Parameters
    ----------
    hashes, counts : ndarrays of shape (n,), int64

    Returns
    -------
    hashes, counts : ndarrays of shape (n_distinct,), int64
        Each hash once, in increasing order, and the sum of its counts.
    places : ndarray of shape (n,), int64
        Where each of the given hashes is now.
    """
    order = np.argsort(hashes)
    hashes = hashes[order]
    is_first = np.ones(len(hashes), bool)
    is_first[1:] = hashes[1:] != hashes[:-1]
    first = np.flatnonzero(is_first)
    places = np.empty(len(order), np.int64)
    places[order] = np.cumsum(is_first) - 1
    return hashes[first], np.add.reduceat(counts[order], first), places


def find(hashes: Hashes, wanted: Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the places of some hashes among others, and which are there.

    Parameters
    ----------
    hashes : ndarray of shape (n,), int64
        In increasing order.
    wanted : ndarray of shape (n_wanted,), int64
    """
    places = np.searchsorted(hashes, wanted)
    found = np.zeros(len(wanted), bool)
    inside = places < len(hashes)
    found[inside] = hashes[places[inside]] == wanted[inside]
    return places, found


def counts_of(wanted: Hashes, hashes: Hashes, counts: Counts) -> Counts:
    """Return the counts of some hashes, 0 for those that aren't there.

    Parameters
    ----------
    wanted : ndarray of shape (n_wanted,), int64
    hashes, counts : ndarrays of shape (n,), int64
        What `summed` returns.
    """
    places, found = find(hashes, wanted)
    result = np.zeros(len(wanted), np.int64)
    result[found] = counts[places[found]]
    return result
