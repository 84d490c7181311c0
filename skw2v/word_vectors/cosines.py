"""Cosines of the angles between vectors.

The `lengths` of vectors hold 1 for a vector of zeros: dividing by it leaves the vector
as it is, and its cosine with any other is 0.
"""

import numpy as np
from numpy.typing import NDArray

Rows = int | slice | NDArray[np.int64]


def lengths_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the length of each vector, or 1 for zeros.

    Squares are summed in float64, in which none overflows or vanishes.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components), float32

    Returns
    -------
    ndarray of shape (n_words,), float32
        Infinite or NaN if the vector holds such a number, or is too long for float32.
    """
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    with np.errstate(over="ignore"):
        lengths = np.sqrt(squares).astype(np.float32)
    lengths[lengths == 0] = 1
    return lengths


def unit_rows(
    vectors: NDArray[np.float32], lengths: NDArray[np.float32], rows: Rows
) -> NDArray[np.float32]:
    """Return one row or several, divided by their lengths."""
    return vectors[rows] / lengths[rows][..., None]


def unit(vector: NDArray) -> NDArray[np.float32]:
    """Return a vector divided by its length; zeros stay as they are."""
    length = np.linalg.norm(vector)
    return (vector / (length or 1)).astype(np.float32)


def cosine(first: NDArray, second: NDArray) -> float:
    """Return the cosine of two vectors of length 1."""
    return min(1.0, max(-1.0, float(first @ second)))


def products(vectors: NDArray[np.float32], query: NDArray) -> NDArray[np.float32]:
    """Return the product of each vector with a query.

    BLAS isn't used because its rounding depends on the place of a row, so that equal
    vectors would get unequal products.
    """
    return np.einsum("ij,j->i", vectors, query)


def cosines(
    vectors: NDArray[np.float32],
    lengths: NDArray[np.float32],
    query: NDArray[np.float32],
    rows: Rows = slice(None),
) -> NDArray[np.float32]:
    """Return the cosines of some rows with a query of length 1.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components), float32
    lengths : ndarray of shape (n_words,), float32
    query : ndarray of shape (n_components,), float32
    rows : slice or ndarray of int, default=all

    Returns
    -------
    ndarray of shape (n_rows,), float32
    """
    result = products(vectors[rows], query) / lengths[rows]
    return np.clip(result, -1, 1, out=result)


def cosine_matrix(
    units: NDArray[np.float32],
    vectors: NDArray[np.float32],
    lengths: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the cosines of vectors of length 1 with others, in one matrix product.

    Parameters
    ----------
    units : ndarray of shape (n_rows, n_components), float32
    vectors : ndarray of shape (n_others, n_components), float32
    lengths : ndarray of shape (n_others,), float32

    Returns
    -------
    ndarray of shape (n_rows, n_others), float32
    """
    result = units @ vectors.T
    result /= lengths
    return np.clip(result, -1, 1, out=result)
