"""Pairs of hidden layer and target, arranged so that they share the nodes of a tree.

::

    pairs     sorted by the leaves of their targets: neighbors share most of their path
    block     32 pairs, and the nodes on the paths of all their targets
    bucket    blocks with similar numbers of nodes, padded to the same number and
              computed together
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .huffman import HuffmanTree

BLOCK = 32  # pairs
GROWTH = 1.4  # ratio of the largest to the smallest number of nodes in a bucket


class Bucket(NamedTuple):
    """Blocks with similar numbers of nodes.

    Attributes
    ----------
    positions : ndarray of shape (n_blocks, BLOCK), int32
        Hidden layers, padded with 0.
    nodes : ndarray of shape (n_blocks, n_nodes), int32
        Padded with 0.
    signs : ndarray of shape (n_targets, n_nodes)
        Signs of the margins, for each distinct target of each block: 1 where its path
        turns to the left, -1 to the right, 0 at nodes that aren't on it.
    targets : ndarray of shape (n_blocks, BLOCK), int
        Rows of `signs`.
    """

    positions: NDArray[np.int32]
    nodes: NDArray[np.int32]
    signs: NDArray
    targets: NDArray[np.int64]


def buckets_of(
    tree: HuffmanTree, positions: NDArray, ids: NDArray, dtype: DTypeLike
) -> list[Bucket]:
    """Arrange pairs in buckets.

    Parameters
    ----------
    tree : HuffmanTree
    positions, ids : ndarrays of shape (n_pairs,), int
        Hidden layer and word id of the target of each pair.
    dtype : dtype
        Dtype of the signs.

    Returns
    -------
    list of Bucket
    """
    positions, leaves = _blocks(positions, tree.leaves[ids], len(tree.leaves))
    totals, nodes, spans = _nodes(tree, leaves)
    order = np.argsort(totals, kind="stable")
    totals, edges = totals[order], GROWTH ** np.arange(45)
    edges = np.unique(np.searchsorted(totals, edges))
    buckets = []
    for start, stop in pairwise(edges):
        rows, width = order[start:stop], totals[stop - 1]
        signs, targets = _signs(leaves[rows], spans[:, rows, :width], dtype)
        buckets.append(Bucket(positions[rows], nodes[rows, :width], signs, targets))
    return buckets


def _blocks(
    positions: NDArray, leaves: NDArray, no_leaf: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sort pairs by their leaves and cut them into blocks, the last one padded.

    Returns
    -------
    positions, leaves : ndarrays of shape (n_blocks, BLOCK), int32
    """
    n_blocks = -(-len(leaves) // BLOCK)
    # Sorted as one number, which is faster than sorting an index.
    keys = np.full(n_blocks * BLOCK, no_leaf << 32)
    keys[: len(leaves)] = (leaves.astype(np.int64) << 32) | positions
    keys.sort()
    pairs = keys.reshape(n_blocks, BLOCK)
    return (pairs & 0xFFFFFFFF).astype(np.int32), (pairs >> 32).astype(np.int32)


def _nodes(
    tree: HuffmanTree, leaves: NDArray
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return the nodes of each block, each once.

    Returns
    -------
    totals : ndarray of shape (n_blocks,), int
        Their number.
    nodes : ndarray of shape (n_blocks, max(totals)), int32
    spans : ndarray of shape (3, n_blocks, max(totals)), int32
        Their leaves; empty where `nodes` is padded.
    """
    first, _ = _distinct(leaves)
    flat = leaves.reshape(-1)
    previous = np.where(first % BLOCK, flat[first - 1], -1)
    starts, stops = tree.starts[flat[first]], tree.starts[flat[first] + 1]
    lengths = stops - starts
    on_paths = np.repeat(stops - np.cumsum(lengths), lengths) + np.arange(lengths.sum())
    nodes = tree.nodes[on_paths]
    # A node that is also above the previous target was met there.
    new = tree.spans[nodes, 0] > np.repeat(previous, lengths)
    nodes, block = nodes[new], np.repeat(first // BLOCK, lengths)[new]
    totals = np.bincount(block, minlength=len(leaves))
    tables = np.zeros((4, len(leaves), totals.max(initial=0)), np.int32)
    used = np.arange(tables.shape[2]) < totals[:, None]
    for table, values in zip(tables, (nodes, *tree.spans[nodes].T), strict=True):
        table[used] = values
    return totals, tables[0], tables[1:]


def _signs(
    leaves: NDArray, spans: NDArray, dtype: DTypeLike
) -> tuple[NDArray, NDArray[np.int64]]:
    """Return `Bucket.signs` and `Bucket.targets`."""
    first, targets = _distinct(leaves)
    leaf, block = leaves.reshape(-1)[first, None], first // BLOCK
    low, middle, high = ((leaf >= edge[block]).view(np.int8) for edge in spans)
    return (low - 2 * middle + high).astype(dtype), targets


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
