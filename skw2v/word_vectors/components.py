"""The components that most vectors have in common.

References
----------
.. [1] Mu, J., & Viswanath, P. (2018). "All-but-the-Top: Simple and Effective
   Postprocessing for Word Representations".
   https://arxiv.org/abs/1702.01417
"""

from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray


def check_n_components(n_components: int, length: int) -> int:
    """Return a number of components of vectors; refuse more than these have.

    Parameters
    ----------
    n_components : int
    length : int
        Of the vectors.

    Returns
    -------
    int

    Raises
    ------
    TypeError, ValueError
        It isn't an integer from 0 to `length`.
    """
    if not isinstance(n_components, Integral):
        raise TypeError(
            f"n_components must be an integer; got {shortened(n_components)}."
        )
    if not 0 <= n_components <= length:
        raise ValueError(
            f"n_components must be from 0 to {length}, the length of the vectors; got "
            f"{n_components}."
        )
    return int(n_components)


def common_components(
    rows: NDArray, n_components: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of rows and their first principal components [1]_.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns)
    n_components : int
        At most `n_columns`.

    Returns
    -------
    mean : ndarray of shape (n_columns,), float64
    components : ndarray of shape (n_components, n_columns), float64
        Orthonormal; the largest component of each is positive.
    """
    mean = rows.mean(axis=0, dtype=np.float64)
    # Not the singular values of the rows, which would take a centered copy.
    moments = (rows.T @ rows).astype(np.float64) / len(rows) - np.outer(mean, mean)
    _, vectors = np.linalg.eigh(moments)
    components = vectors.T[::-1][:n_components]
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(len(components)), largest])
    return mean, components * signs[:, None]


def without_components(
    rows: NDArray, mean: NDArray[np.float64], components: NDArray[np.float64]
) -> NDArray:
    """Return rows without their mean and components: ``r - (r @ C.T) @ C``.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_columns)
    mean, components
        See `common_components`.

    Returns
    -------
    ndarray of shape (n_rows, n_columns), dtype of `rows`
    """
    centered = rows - mean.astype(rows.dtype)
    directions = components.astype(rows.dtype)
    centered -= (centered @ directions.T) @ directions
    return centered
