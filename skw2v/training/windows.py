"""Windows: which neighbours of a position are its contexts.

The positions of a tile are cut into blocks of consecutive ones. All pairs of a block
are then one small dense matrix, of which the windows fill a diagonal band::

    block of 4 positions, window 1:   x . x . . .     rows: positions
                                      . x . x . .     columns: the same positions with
                                      . . x . x .     `reach` neighbours on both sides
                                      . . . x . x

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

BLOCK = 16  # positions whose pairs form one dense matrix, and that share noise words
LARGEST_TILE = 4096  # positions that one thread computes at a time
SMALLEST_TILE = 1024  # below it, an update is not cut
TILE_CELLS = 4096 * 100  # cells of their vectors; more would leave the caches
BAND_CELLS = 1 << 21  # at most so many cells in the pair matrices of a tile


def tile_size(n_components):
    """Positions that one thread computes at a time, at the most."""
    return int(
        np.clip(TILE_CELLS // n_components // BLOCK * BLOCK, BLOCK, LARGEST_TILE)
    )


@dataclass(frozen=True)
class TileShape:
    """How an update is cut.

    Attributes
    ----------
    block : int
        Positions whose pairs form one dense matrix, and that share noise words.
    n_positions : int
        Positions of a tile, the work of one thread; a multiple of `block`.
    n_tiles : int
        Tiles of an update.
    """

    block: int
    n_positions: int
    n_tiles: int

    @property
    def n_update(self):
        """Positions of an update."""
        return self.n_positions * self.n_tiles

    @classmethod
    def of_batch(cls, batch_size, window, n_components):
        """Cut `batch_size` positions, rounded up to whole tiles."""
        block = min(BLOCK, batch_size)
        largest = min(
            tile_size(n_components), max(block, BAND_CELLS // (block + 2 * window))
        )
        # Two threads share an update unless it is too small to be worth it.
        n_tiles = max(-(-batch_size // largest), min(2, batch_size // SMALLEST_TILE), 1)
        n_blocks = -(-batch_size // (n_tiles * block))
        return cls(block, n_blocks * block, n_tiles)


def entries_of(per_block, positions, block):
    """Entries of the blocks of some positions, in one row.

    Parameters
    ----------
    per_block : ndarray of shape (n_blocks, n_entries)
    positions : slice
        From one start of a block to another.
    block : int
        Positions of a block.

    Returns
    -------
    ndarray of shape (n_blocks_of_positions * n_entries,)
    """
    blocks = slice(positions.start // block, positions.stop // block)
    return per_block[blocks].reshape(-1)


class Band:
    """A stack of matrices that are zero outside of a diagonal band.

    Parameters
    ----------
    n_positions : int
        A multiple of `block_size`.
    block_size : int
        Rows of one matrix.
    reach : int
        Half-width of the band: 0 is the diagonal alone.
    dtype : dtype

    Attributes
    ----------
    blocks : ndarray of shape (n_blocks, block_size, block_size + 2 * reach)
    band : ndarray of shape (n_blocks, block_size, 2 * reach + 1)
        View of the band: ``band[b, i, reach + k]`` is the pair of position ``i`` of
        block ``b`` and its neighbour at distance ``k``.
    """

    def __init__(self, n_positions, block_size, reach, dtype):
        n_blocks, width = n_positions // block_size, block_size + 2 * reach
        self.blocks = np.zeros((n_blocks, block_size, width), dtype)
        block, row, item = self.blocks.strides
        self.band = as_strided(
            self.blocks,
            (n_blocks, block_size, 2 * reach + 1),
            (block, row + item, item),
        )

    def fill(self, values):
        """Set the band from an array of shape (n_positions, 2 * reach + 1)."""
        self.band[...] = values.reshape(self.band.shape)


def windowed(rows, block_size, reach):
    """Blocks of consecutive rows, each with `reach` neighbours on both sides: a view.

    Parameters
    ----------
    rows : ndarray of shape (n_positions + 2 * reach, ...)
    block_size, reach : int

    Returns
    -------
    ndarray of shape (n_blocks, block_size + 2 * reach, ...)
    """
    n_blocks = (len(rows) - 2 * reach) // block_size
    row = rows.strides[0]
    return as_strided(
        rows,
        (n_blocks, block_size + 2 * reach, *rows.shape[1:]),
        (block_size * row, *rows.strides),
        writeable=False,
    )


def side_tables(window, dtype):
    """Rows of a band by the number of contexts on either side.

    Returns
    -------
    left, right : ndarrays of shape (window + 1, 2 * window + 1)
        ``left[m] + right[n]`` is 1 at the ``m`` positions before the centre and at the
        ``n`` after it.
    """
    distance = np.arange(-window, window + 1)
    size = np.arange(window + 1)[:, None]
    left = (distance < 0) & (-distance <= size)
    right = (distance > 0) & (distance <= size)
    return left.astype(dtype), right.astype(dtype)


def sides(lengths, sizes):
    """Number of contexts before and after each position; they stay in the document.

    Parameters
    ----------
    lengths : ndarray of shape (n_documents,), int
        Words of each document; their sum is n_positions.
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
