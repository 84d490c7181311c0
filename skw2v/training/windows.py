"""Windows: which neighbors of a position are its contexts.

The training stream is cut into runs of consecutive positions. All pairs of a run are
then one small dense matrix, of which the windows fill a diagonal band::

    run of 4 positions, window 1:   x . x . . .     rows: positions
                                    . x . x . .     columns: the same positions with
                                    . . x . x .     `reach` neighbors on both sides
                                    . . . x . x

Products with such matrices are computed in blocks of a few rows, which leave out most
of what lies outside the band.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import DTypeLike, NDArray

BLOCK = 4  # minimum number of rows of a block, if there are as many


def block_size(n_rows: int) -> int:
    """Return the number of rows of a block: a divisor of `n_rows`."""
    return next(n for n in range(min(BLOCK, n_rows), n_rows + 1) if n_rows % n == 0)


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
    block = block_size(run)
    of_run, row, item = rows.strides
    return as_strided(
        rows,
        (n_runs, run // block, block + n_rows - run, n_components),
        (of_run, block * row, row, item),
    )


def bands_of(blocks: NDArray) -> NDArray:
    """View the bands of a stack of blocks of rows.

    Parameters
    ----------
    blocks : ndarray of shape (..., block, block + 2 * reach)

    Returns
    -------
    ndarray of shape (..., block, 2 * reach + 1)
    """
    *outer, block, n_columns = blocks.shape
    *steps, row, item = blocks.strides
    shape = *outer, block, n_columns - block + 1
    return as_strided(blocks, shape, (*steps, row + item, item))


class PaddedRows:
    """Rows of positions, amid zeros, which `Band.transposed_blocks` multiplies.

    Parameters
    ----------
    n_runs, run, n_components : int
        Number of runs, of positions of each, and of components of each row.
    reach : int
        Neighbors on either side of a run.
    dtype : dtype

    Attributes
    ----------
    rows : ndarray of shape (n_runs, run, n_components)
    blocks : ndarray of shape (n_runs, n_blocks, block + 2 * reach, n_components)
        View of the positions that have the neighbors of a block in their windows. Those
        of other runs are among them, but the band is zero there.
    """

    def __init__(
        self, n_runs: int, run: int, n_components: int, reach: int, dtype: DTypeLike
    ) -> None:
        n_positions = n_runs * run
        padded = np.zeros((n_positions + 4 * reach, n_components), dtype)
        inner = padded[2 * reach : 2 * reach + n_positions]
        self.rows = inner.reshape(n_runs, run, n_components)
        n_rows = run + 2 * reach
        block, (row, item) = block_size(n_rows), padded.strides
        self.blocks = as_strided(
            padded,
            (n_runs, n_rows // block, block + 2 * reach, n_components),
            (run * row, block * row, row, item),
        )


class Band:
    """A stack of matrices that are zero outside a diagonal band.

    A row is stored from its band on, and the zeros behind it are those before the band
    of the next row. So a step down and one to the left lie `width` numbers apart::

        x x x 0 0           x x x . .           width 5, reach 1
        x x x 0 0     is    0 x x x .
        x x x 0 0           0 0 x x x

    Parameters
    ----------
    n_runs, run : int
        Number of matrices, and of rows of each.
    reach : int
        Half-width of the band.
    dtype : dtype

    Attributes
    ----------
    band : ndarray of shape (n_runs, run, 2 * reach + 1)
        View of the band: ``band[b, i, reach + k]`` is the pair of position ``i`` of
        run ``b`` and its neighbor at distance ``k``.
    blocks : ndarray of shape (n_runs, n_blocks, block, block + 2 * reach)
        View of a few rows at a time, each with the columns of its band; see
        `in_blocks`.
    transposed_blocks : ndarray of shape (n_runs, n_blocks, block, block + 2 * reach)
        The same of the transposed matrices, of shape (run + 2 * reach, run), with zeros
        for rows beyond the run; see `PaddedRows`.
    """

    def __init__(self, n_runs: int, run: int, reach: int, dtype: DTypeLike) -> None:
        sides, n_rows = 2 * reach, run + 2 * reach
        block, other = block_size(run), block_size(n_rows)
        width = sides + max(block, other) + 1
        # Rows of zeros lie before and after each run.
        cells = np.zeros((n_runs * n_rows + sides, width), dtype)
        row, item = cells.strides
        of_run = n_rows * row
        first = cells[sides:]
        self.band = as_strided(first, (n_runs, run, sides + 1), (of_run, row, item))
        self.blocks = as_strided(
            first,
            (n_runs, run // block, block, block + sides),
            (of_run, block * row, row - item, item),
        )
        self.transposed_blocks = as_strided(
            cells[:, sides:],
            (n_runs, n_rows // other, other, other + sides),
            (of_run, other * row, item, row - item),
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
