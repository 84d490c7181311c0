"""One-hot rows times a matrix, and the transpose: how rows are read and changed.

A row of the sparse one-hot matrix ``X`` (n_positions, n_words) is 1 in the column of
its word, so that ``X @ W`` picks rows of ``W`` and ``X.T @ G`` sums the rows of ``G``
that belong to the same word. Both touch only the rows of the words at hand.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_array

# The kernel behind ``csc_array @ ndarray``. It adds to its last argument in place; the
# public operator would return a new (n_words, n_components) matrix for every update.
from scipy.sparse._sparsetools import csc_matvecs


def one_hot(ids: NDArray, n_words: int, dtype: DTypeLike = np.float32) -> csr_array:
    """Return the one-hot rows of word ids.

    Parameters
    ----------
    ids : ndarray of shape (n_positions,), int32
    n_words : int
    dtype : dtype, default=float32

    Returns
    -------
    csr_array of shape (n_positions, n_words)
    """
    ones = np.ones(len(ids), dtype=dtype)
    return csr_array((ones, ids, np.arange(len(ids) + 1)), shape=(len(ids), n_words))


def gather(matrix: NDArray, ids: NDArray, out: NDArray) -> None:
    """Compute ``out = one_hot(ids) @ matrix`` without allocating.

    Parameters
    ----------
    matrix : ndarray of shape (n_words, n_components)
    ids : ndarray of shape (n_positions,), int32
    out : ndarray of shape (n_positions, n_components)
    """
    # With mode="raise", NumPy would write to a buffer first.
    matrix.take(ids, axis=0, out=out, mode="clip")


def scatter_add(
    matrix: NDArray,
    ids: NDArray[np.int32],
    scale: NDArray,
    rows: NDArray,
    chosen: NDArray[np.bool_] | None = None,
) -> None:
    """Compute ``matrix += one_hot(ids).T @ (scale[:, None] * rows[chosen])`` in place.

    The transpose of a CSR one-hot matrix is the CSC matrix of the same three arrays.
    The columns of rows that aren't chosen are empty, and these rows are not even read.
    Rows are added in the order of `ids`, so the result is the same in every run.

    Parameters
    ----------
    matrix : ndarray of shape (n_words, n_components), C-contiguous
    ids : ndarray of shape (n_chosen,), int32
    scale : ndarray of shape (n_chosen,), dtype of `matrix`
    rows : ndarray of shape (..., n_components), C-contiguous, dtype of `matrix`
    chosen : ndarray of shape (n_rows,), bool, or None
        None chooses all rows.
    """
    n_words, n_components = matrix.shape
    if chosen is None:
        indptr = np.arange(len(ids) + 1, dtype=np.int32)
    else:
        indptr = np.zeros(len(chosen) + 1, np.int32)
        np.cumsum(chosen, out=indptr[1:])
    csc_matvecs(
        n_words,
        len(indptr) - 1,
        n_components,
        indptr,
        ids,
        scale,
        rows.reshape(-1),
        matrix.reshape(-1),
    )
