"""Pairs of hidden layer and target, arranged so that they share the nodes of a tree.

::

    pairs     sorted by the leaves of their targets: neighbors share most of their path
    block     a few pairs, and the nodes on the paths of all their targets
    bucket    blocks with similar numbers of nodes, padded to the same number and
              computed together, so that their arrays stay in the caches
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .huffman import HuffmanTree


ROWS = 1536  # of a bucket


class Bucket(NamedTuple):
    """Blocks with similar numbers of nodes.

    Attributes
    ----------
    rows : slice
        Its nodes among those of all buckets.
    positions : ndarray of shape (n_blocks, block), int32
        Hidden layers, padded with 0.
    nodes : ndarray of shape (n_blocks, n_nodes), int32
        Padded with 0.
    signs : ndarray of shape (n_targets, n_nodes)
        Signs of the margins, for each distinct target of each block: 1 where its path
        turns to the left, -1 to the right, 0 at nodes that aren't on it.
    targets : ndarray of shape (n_blocks, block), int
        Rows of `signs`.
    n_pairs : ndarray of shape (n_blocks, n_nodes), int
        Number of pairs whose path passes each node.
    """

    rows: slice
    positions: NDArray[np.int32]
    nodes: NDArray[np.int32]
    signs: NDArray
    targets: NDArray[np.int64]
    n_pairs: NDArray[np.int64]


class Buckets:
    """The pairs of a tile, arranged in buckets.

    Parameters
    ----------
    tree : HuffmanTree
    positions, ids : ndarrays of shape (n_pairs,), int
        Hidden layer and word id of the target of each pair.
    block : int
        Pairs of a block.
    dtype : dtype
        Dtype of the signs.

    Attributes
    ----------
    nodes : ndarray of shape (n_rows,), int32
        Nodes of all buckets, one after the other.
    """

    def __init__(
        self,
        tree: HuffmanTree,
        positions: NDArray,
        ids: NDArray,
        block: int,
        dtype: DTypeLike,
    ) -> None:
        self.block, self.dtype = block, dtype
        positions, leaves = _sort(positions, tree.leaves[ids], len(tree.leaves), block)
        n_new = _count_new(tree, leaves)
        totals = n_new.sum(axis=1)
        order = np.argsort(totals, kind="stable")
        self._positions, self._leaves = positions[order], leaves[order]
        self._edges, self._widths = _cut(totals[order])
        widths = np.repeat(self._widths, np.diff(self._edges))
        self.n_scores = block * int(widths.sum())
        self.nodes, self._spans = _nodes(
            tree, self._leaves, n_new[order], np.cumsum(widths)
        )

    def __iter__(self) -> Iterator[Bucket]:
        """Yield the buckets, those of few nodes first."""
        new = np.ones(self._leaves.shape, bool)
        np.not_equal(self._leaves[:, 1:], self._leaves[:, :-1], out=new[:, 1:])
        targets = np.cumsum(new).reshape(new.shape) - 1
        first = np.flatnonzero(new)
        leaves = self._leaves.reshape(-1)[first, None]
        n_pairs = np.diff(first, append=new.size).astype(np.int16)[:, None]
        first //= self.block
        heads = np.append(targets[:, 0], len(first))
        row = 0
        for (start, stop), width in zip(pairwise(self._edges), self._widths, strict=True):
            entries = slice(heads[start], heads[stop])
            shape = stop - start, width
            rows = slice(row, row + shape[0] * width)
            row = rows.stop
            spans = self._spans[:, rows].reshape(3, *shape)
            spans = spans.take(first[entries] - start, axis=1)
            low, middle, high = (leaves[entries] >= spans).view(np.int8)
            left, right = low - middle, middle - high
            on = (left + right) * n_pairs[entries]
            yield Bucket(
                rows,
                self._positions[start:stop],
                self.nodes[rows].reshape(shape),
                (left - right).astype(self.dtype),
                targets[start:stop] - heads[start],
                np.add.reduceat(on, heads[start:stop] - heads[start])
            )


def _cut(totals: NDArray) -> tuple[NDArray, NDArray]:
    """Cut sorted blocks into buckets"""
    stops = np.cumsum(totals)
    n = stops[-1] if len(stops) else 0
    edges = np.searchsorted(stops, np.arange(ROWS, n, ROWS))
    edges = np.unique(np.concatenate([[0], edges, [len(totals)]]))
    return edges, totals[edges[1:] - 1]


def _sort(
    positions: NDArray, leaves: NDArray, no_leaf: int, block: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sort pairs by their leaves and cut them into blocks, the last one padded.

    Returns
    -------
    positions, leaves : ndarrays of shape (n_blocks, block), int32
    """
    # Sorted as one number, which is faster than sorting an index. Numbers of 4 bytes,
    # which are enough for most vocabularies, are sorted in half the time.
    bits = int(positions.max(initial=0)).bit_length()
    dtype = np.min_scalar_type(no_leaf << bits)
    keys = np.full(-(-len(leaves) // block) * block, no_leaf << bits, dtype)
    keys[: len(leaves)] = leaves.astype(dtype) << dtype.type(bits) | positions
    keys.sort()
    keys = keys.reshape(-1, block)
    leaves = keys >> dtype.type(bits)
    return (keys & ((1 << bits) - 1)).astype(np.int32), leaves.astype(np.int32)


def _count_new(tree: HuffmanTree, leaves: NDArray) -> NDArray[np.int32]:
    """Count the nodes of each pair that no pair before it in its block has.

    Parameters
    ----------
    leaves : ndarray of shape (n_blocks, block), int32

    Returns
    -------
    ndarray like `leaves`
    """
    flat, lengths = leaves.reshape(-1), np.diff(tree.starts)
    n_new = np.zeros(flat.shape, np.int32)
    first = np.flatnonzero(np.diff(flat, prepend=-1))
    distinct = flat[first]
    n_new[first] = lengths[distinct]
    # The nodes that a leaf shares with one before it are above all leaves in between.
    n_new[first[1:]] -= np.minimum.reduceat(tree.common, distinct + 1)[:-1]
    n_new = n_new.reshape(leaves.shape)
    n_new[:, 0] = lengths[leaves[:, 0]]
    return n_new


def _nodes(
    tree: HuffmanTree, leaves: NDArray, n_new: NDArray, stops: NDArray
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes of blocks, each once in its block.

    Parameters
    ----------
    leaves, n_new : ndarrays of shape (n_blocks, block), int32
    stops : ndarray of shape (n_blocks,), int
        Where the nodes of each block end, with padding.

    Returns
    -------
    nodes : ndarray of shape (n_rows,), int32
    edges : ndarray of shape (3, n_rows), int32
        Their leaves; empty where `nodes` is padded.
    """
    new, totals = n_new.reshape(-1), n_new.sum(axis=1)
    count = np.arange(totals.sum())
    ends = tree.starts[leaves.reshape(-1) + 1]
    nodes = tree.nodes[np.repeat(ends - np.cumsum(new), new) + count]
    table = np.zeros((4, stops[-1] if len(stops) else 0), np.int32)
    starts = np.concatenate([[0], stops[:-1]])[: len(stops)]
    places = np.repeat(starts - (np.cumsum(totals) - totals), totals) + count
    for column, values in zip(table, (nodes, *tree.spans[nodes].T), strict=True):
        column[places] = values
    return table[0], table[1:]
