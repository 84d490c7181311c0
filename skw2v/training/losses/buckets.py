"""Pairs of hidden layer and target, arranged so that they share the nodes of a tree.

::

    pairs     sorted by the leaves of their targets: neighbors share most of their path
    block     16 pairs (CBOW: 8), and the nodes on the paths of all their targets
    bucket    blocks with similar numbers of nodes, padded to the same number and
              computed together, so that their arrays stay in the caches
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .huffman import HuffmanTree

# Pairs of a block. With more, more of the scores aren't used; with fewer, more vectors
# of nodes are read, and more gradients added. For CBOW a tile has fewer pairs, so
# neighbors have less of their paths in common.
SKIP_GRAM_BLOCK, CBOW_BLOCK = 16, 8
BUCKET = 2048  # nodes of a bucket, without padding, unless one block has more


class Bucket(NamedTuple):
    """Blocks with similar numbers of nodes.

    Attributes
    ----------
    rows : slice
        Its nodes among those of all buckets.
    nodes : ndarray of shape (n_blocks, n_nodes), int32
        Padded with 0.
    n_pairs : ndarray of shape (n_blocks, n_nodes), int16
        Number of pairs whose path passes each node.
    positions : ndarray of shape (n_blocks, block), int32
        Hidden layers, padded with 0.
    signs : ndarray of shape (n_targets, n_nodes)
        Signs of the margins, for each distinct target of each block: 1 where its path
        turns to the left, -1 to the right, 0 at nodes that aren't on it.
    targets : ndarray of shape (n_blocks, block), int
        Rows of `signs`.
    """

    rows: slice
    nodes: NDArray[np.int32]
    n_pairs: NDArray[np.int16]
    positions: NDArray[np.int32]
    signs: NDArray
    targets: NDArray[np.int64]


class Buckets:
    """The pairs of a tile, arranged in buckets.

    Parameters
    ----------
    tree : HuffmanTree
    positions, ids : ndarrays of shape (n_pairs,), int
        Hidden layer and word id of the target of each pair.
    block : int
        Pairs of a block.

    Attributes
    ----------
    nodes : ndarray of shape (n_rows,), int32
        Nodes of all buckets, one after the other.
    """

    def __init__(
        self, tree: HuffmanTree, positions: NDArray, ids: NDArray, block: int
    ) -> None:
        positions, leaves = _sort(positions, tree.leaves[ids], len(tree.leaves), block)
        n_new = _count_new(tree, leaves)
        totals = n_new.sum(axis=1)
        order = np.argsort(totals, kind="stable")
        self._positions, self._leaves = positions[order], leaves[order]
        self._edges, self._widths = _cut(totals[order])
        widths = np.repeat(self._widths, np.diff(self._edges))
        self.nodes, self._spans = _nodes(tree, self._leaves, n_new[order], widths)

    def each(self, dtype: DTypeLike) -> Iterator[Bucket]:
        """Yield the buckets, those of few nodes first.

        Parameters
        ----------
        dtype : dtype
            Dtype of the signs.
        """
        first, targets = _distinct(self._leaves)
        leaves = self._leaves.reshape(-1)[first, None]
        n_pairs = np.diff(first, append=targets.size).astype(np.int16)[:, None]
        block_of = first // self._leaves.shape[1]
        starts, row = np.append(targets[:, :1], len(first)), 0
        for (low, high), width in zip(pairwise(self._edges), self._widths, strict=True):
            start, shape = starts[low], (high - low, width)
            here, rows = slice(start, starts[high]), slice(row, row + shape[0] * width)
            spans = self._spans[:, rows].reshape(3, *shape)
            spans = spans.take(block_of[here] - low, axis=1)
            left, right = _turns(leaves[here], spans)
            n_passing = np.add.reduceat(
                (left + right) * n_pairs[here], starts[low:high] - start
            )
            yield Bucket(
                rows,
                self.nodes[rows].reshape(shape),
                n_passing,
                self._positions[low:high],
                (left - right).astype(dtype),
                targets[low:high] - start,
            )
            row = rows.stop


def _sort(
    positions: NDArray, leaves: NDArray, no_leaf: int, block: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sort pairs by their leaves and cut them into blocks, the last one padded.

    Returns
    -------
    positions, leaves : ndarrays of shape (n_blocks, block), int32
    """
    # Sorted as one number, which is faster than sorting an index, and twice as fast as
    # that if 4 bytes are enough for it.
    bits = int(positions.max(initial=0)).bit_length()
    dtype = np.min_scalar_type(no_leaf << bits)
    keys = np.full(-(-len(leaves) // block) * block, no_leaf << bits, dtype)
    keys[: len(leaves)] = leaves.astype(dtype) << dtype.type(bits)
    keys[: len(leaves)] |= positions.astype(dtype)
    keys.sort()
    keys = keys.reshape(-1, block)
    mask = dtype.type((1 << bits) - 1)
    return (keys & mask).astype(np.int32), (keys >> dtype.type(bits)).astype(np.int32)


def _count_new(tree: HuffmanTree, leaves: NDArray) -> NDArray[np.int32]:
    """Count the nodes of each pair that no pair before it in its block has.

    Parameters
    ----------
    leaves : ndarray of shape (n_blocks, block), int32
        Sorted.

    Returns
    -------
    ndarray like `leaves`
    """
    flat = leaves.reshape(-1)
    first = np.flatnonzero(np.diff(flat, prepend=-1))
    distinct = flat[first]
    n_new = np.zeros(len(flat), np.int32)
    n_new[first] = tree.lengths[distinct]
    # What a leaf shares with one before it, all leaves in between share, too.
    n_new[first[1:]] -= np.minimum.reduceat(tree.common, distinct + 1)[:-1]
    in_blocks = n_new.reshape(leaves.shape)
    in_blocks[:, 0] = tree.lengths[leaves[:, 0]]
    return in_blocks


def _cut(totals: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Cut blocks into buckets.

    Parameters
    ----------
    totals : ndarray of shape (n_blocks,), int
        Nodes of each block, sorted.

    Returns
    -------
    edges : ndarray of shape (n_buckets + 1,), int
        Where each bucket starts, and where the last one stops.
    widths : ndarray of shape (n_buckets,), int
        Nodes of each block of a bucket, with padding.
    """
    bucket = (np.cumsum(totals) - totals) // BUCKET
    edges = np.append(np.flatnonzero(np.diff(bucket, prepend=-1)), len(totals))
    return edges, totals[edges[1:] - 1]


def _nodes(
    tree: HuffmanTree, leaves: NDArray, n_new: NDArray, widths: NDArray
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes of blocks, each once in its block.

    Parameters
    ----------
    leaves, n_new : ndarrays of shape (n_blocks, block), int32
    widths : ndarray of shape (n_blocks,), int
        Nodes of each block, with padding.

    Returns
    -------
    nodes : ndarray of shape (n_rows,), int32
    spans : ndarray of shape (3, n_rows), int32
        Their leaves; empty where `nodes` is padded.
    """
    new, totals = n_new.reshape(-1), n_new.sum(axis=1)
    count = np.arange(totals.sum())
    # The new nodes of a path are its last ones.
    last = tree.starts[leaves.reshape(-1) + 1] - np.cumsum(new)
    nodes = tree.nodes.take(np.repeat(last, new) + count)
    table = np.zeros((4, widths.sum()), np.int32)
    padding = widths - totals
    places = np.repeat(np.cumsum(padding) - padding, totals) + count
    table[0, places] = nodes
    for column, values in zip(table[1:], tree.spans.take(nodes, axis=0).T, strict=True):
        column[places] = values
    return table[0], table[1:]


def _distinct(leaves: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the distinct leaves of each block.

    Returns
    -------
    first : ndarray of shape (n_distinct,), int
        Where each is found first, as an index of all leaves.
    which : ndarray like `leaves`, int
        Which of them each leaf is.
    """
    new = np.ones(leaves.shape, bool)
    np.not_equal(leaves[:, 1:], leaves[:, :-1], out=new[:, 1:])
    return np.flatnonzero(new), (np.cumsum(new) - 1).reshape(leaves.shape)


def _turns(
    leaves: NDArray, spans: NDArray
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return where the path to a leaf turns to the left, and where to the right."""
    low, middle, high = (leaves >= spans).view(np.int8)
    return low - middle, middle - high
