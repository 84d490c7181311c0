"""Windows: which neighbors of a position are its contexts.

The training stream is cut into runs of consecutive positions. All pairs of a run are
then one small dense matrix, of which the windows fill a diagonal band::

    run of 4 positions, window 1:   x . x . . .     rows: positions
                                    . x . x . .     columns: the same positions with
                                    . . x . x .     `reach` neighbors on both sides
                                    . . . x . x

Products that keep the rows apart are computed in blocks of a few rows, which leave out
most of what lies outside the band.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import DTypeLike, NDArray

BLOCK = 4  # minimum number of rows of a block, if a run has as many


def in_blocks(rows: NDArray, run: int) -> NDArray:
    """View the positions of each run block by block, with their neighbors if stored.

    Parameters
    ----------
    rows : ndarray of shape (n_runs, n_rows, n_components)
        Rows of the positions, or those of the neighbors on both sides as well.
    run : int
        Positions of a run.

    Returns
    -------
    ndarray of shape (n_runs, n_blocks, block + n_rows - run, n_components)
        The blocks overlap if there are neighbors.
    """
    n_runs, n_rows, n_components = rows.shape
    block = _block(run)
    of_run, row, item = rows.strides
    return as_strided(
        rows,
        (n_runs, run // block, block + n_rows - run, n_components),
        (of_run, block * row, row, item),
    )


def _block(run: int) -> int:
    """Return the number of rows of a block: a divisor of `run`."""
    return next(size for size in range(min(BLOCK, run), run + 1) if run % size == 0)


class Band:
    """A stack of matrices that are zero outside a diagonal band.

    Parameters
    ----------
    n_runs, run : int
        Number of matrices, and of rows of each.
    reach : int
        Half-width of the band.
    dtype : dtype

    Attributes
    ----------
    matrices : ndarray of shape (n_runs, run, run + 2 * reach)
    band : ndarray of shape (n_runs, run, 2 * reach + 1)
        View of the band: ``band[b, i, reach + k]`` is the pair of position ``i`` of
        run ``b`` and its neighbor at distance ``k``.
    blocks : ndarray of shape (n_runs, n_blocks, block, block + 2 * reach)
        View of a few rows at a time, each with the columns of its band; see
        `in_blocks`.
    """

    def __init__(self, n_runs: int, run: int, reach: int, dtype: DTypeLike) -> None:
        self.matrices = np.zeros((n_runs, run, run + 2 * reach), dtype)
        matrix, row, item = self.matrices.strides
        self.band = as_strided(
            self.matrices,
            (n_runs, run, 2 * reach + 1),
            (matrix, row + item, item),
        )
        block = _block(run)
        self.blocks = as_strided(
            self.matrices,
            (n_runs, run // block, block, block + 2 * reach),
            (matrix, block * (row + item), row, item),
        )


def side_tables(reach: int, dtype: DTypeLike) -> tuple[NDArray, NDArray]:
    """Return the rows of a band by the number of contexts on either side.

    Returns
    -------
    left, right : ndarrays of shape (reach + 1, 2 * reach + 1)
        ``left[m] + right[n]`` is 1 at the ``m`` positions before the center and at the
        ``n`` after it.
    """
    distance = np.arange(-reach, reach + 1)
    size = np.arange(reach + 1)[:, None]
    left = (distance < 0) & (-distance <= size)
    right = (distance > 0) & (distance <= size)
    return left.astype(dtype), right.astype(dtype)


def sides(
    lengths: NDArray[np.int64], sizes: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the number of contexts before and after each position in its document.

    Parameters
    ----------
    lengths : ndarray of shape (n_documents,), int
        Tokens of each document; their sum is n_positions.
    sizes : ndarray of shape (n_positions,), int
        Window of each position; word2vec draws it from 1 to `window` [1]_.

    Returns
    -------
    left, right : ndarrays of shape (n_positions,), int32
    """
    ends = np.cumsum(lengths, dtype=np.int32)
    position = np.arange(len(sizes), dtype=np.int32)
    left = position - np.repeat(ends - lengths.astype(np.int32), lengths)
    right = np.repeat(ends, lengths) - 1 - position
    return np.minimum(left, sizes), np.minimum(right, sizes)
