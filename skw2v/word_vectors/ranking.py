"""The rows of highest score."""

import numpy as np
from numpy.typing import NDArray

from .cosines import cosines

ROUNDING = 1e-5  # well above the rounding errors of a cosine
EPSILON = 1e-6  # added to a divisor, as in Levy and Goldberg (2014)


def highest(
    scores: NDArray[np.floating], left_out: list[int], topn: int, margin: float = 0
) -> NDArray[np.int64]:
    """Return the rows whose scores are among the `topn` highest.

    Parameters
    ----------
    scores : ndarray of shape (n_words,), float32
        Overwritten for the rows that are left out.
    left_out : list of int
    topn : int
    margin : float, default=0
        Rows whose scores are lower by up to this much are returned, too.

    Returns
    -------
    ndarray of shape (n_rows,), int64
        In the order of the table; at least as many as `topn` unless there are fewer.
    """
    scores[left_out] = -np.inf
    threshold = np.finfo(scores.dtype).min  # above those that are left out
    if topn < len(scores):
        threshold = max(threshold, np.partition(scores, -topn)[-topn] - margin)
    return np.flatnonzero(scores >= threshold)


def ranked(
    rows: NDArray[np.int64], scores: NDArray, topn: int
) -> list[tuple[int, float]]:
    """Return the rows of highest score with their scores.

    Parameters
    ----------
    rows : ndarray of shape (n_rows,), int64
        In the order of the table, which decides where scores are equal.
    scores : ndarray of shape (n_rows,)
    topn : int

    Returns
    -------
    list of (int, float)
        By falling score, at most `topn`.
    """
    order = np.argsort(-scores, kind="stable")[:topn]
    return [(int(rows[i]), float(scores[i])) for i in order]


def nearest(
    vectors: NDArray[np.float32],
    lengths: NDArray[np.float32],
    query: NDArray[np.float32],
    products: NDArray[np.float32],
    left_out: list[int],
    topn: int,
) -> list[tuple[int, float]]:
    """Return the rows that are nearest to a query, with their cosines.

    The products with all vectors, computed by BLAS, find the candidates. The cosines of
    these few are computed again, because the rounding of BLAS depends on the place of
    a row and on the number of queries.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components), float32
    lengths : ndarray of shape (n_words,), float32
        See `cosines`.
    query : ndarray of shape (n_components,), float32
        Of length 1.
    products : ndarray of shape (n_words,), float32
        ``vectors @ query``; overwritten.
    left_out : list of int
        Rows that are no answers.
    topn : int

    Returns
    -------
    list of (int, float)
        By falling cosine.
    """
    products /= lengths
    rows = highest(products, left_out, topn, ROUNDING)
    return ranked(rows, cosines(vectors, lengths, query, rows), topn)
