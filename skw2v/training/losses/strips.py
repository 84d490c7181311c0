"""Pairs of hidden layer and target, arranged so that they share the nodes of a tree.

::

    pairs     sorted by the leaves of their targets: neighbours share most of their path
    strip     32 pairs, and the nodes on the paths of all their targets
    shelf     strips with similar numbers of nodes, which are computed at a time
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

STRIP = 32  # pairs
GROWTH = 1.4  # from the least to the greatest number of nodes on a shelf


class Shelf(NamedTuple):
    """Strips with similar numbers of nodes.

    Attributes
    ----------
    positions : ndarray of shape (n_strips, STRIP), int32
        Hidden layers; filled up with 0.
    nodes : ndarray of shape (n_strips, n_nodes), int32
        Filled up with 0.
    signs : ndarray of shape (n_targets, n_nodes)
        Of the margins, for each distinct target of each strip: 1 where its path turns
        to the left, -1 to the right, 0 at nodes that aren't on it.
    targets : ndarray of shape (n_strips, STRIP), int
        Rows of `signs`.
    """

    positions: np.ndarray
    nodes: np.ndarray
    signs: np.ndarray
    targets: np.ndarray


def shelves_of(tree, positions, words, dtype):
    """Arrange pairs.

    Parameters
    ----------
    tree : HuffmanTree
    positions, words : ndarrays of shape (n_pairs,), int
        Hidden layer and target of each pair.
    dtype : dtype
        Of the signs.

    Returns
    -------
    list of Shelf
    """
    positions, leaves = _strips(positions, tree.leaves[words], len(tree.leaves))
    totals, nodes, spans = _nodes(tree, leaves)
    order = np.argsort(totals, kind="stable")
    totals, edges = totals[order], GROWTH ** np.arange(45)
    edges = np.unique(np.searchsorted(totals, edges))
    shelves = []
    for start, stop in pairwise(edges):
        rows, width = order[start:stop], totals[stop - 1]
        signs, targets = _signs(leaves[rows], spans[:, rows, :width], dtype)
        shelves.append(Shelf(positions[rows], nodes[rows, :width], signs, targets))
    return shelves


def _strips(positions, leaves, no_leaf):
    """Sort pairs by their leaves and cut them into strips, the last one filled up.

    Returns
    -------
    positions, leaves : ndarrays of shape (n_strips, STRIP), int32
    """
    n_strips = -(-len(leaves) // STRIP)
    # Sorted as one number, which is faster than to sort an index.
    pairs = np.full(n_strips * STRIP, no_leaf << 32)
    pairs[: len(leaves)] = (leaves.astype(np.int64) << 32) | positions
    pairs.sort()
    pairs = pairs.reshape(n_strips, STRIP)
    return (pairs & 0xFFFFFFFF).astype(np.int32), (pairs >> 32).astype(np.int32)


def _nodes(tree, leaves):
    """The nodes of each strip, each once.

    Returns
    -------
    totals : ndarray of shape (n_strips,), int
        Their number.
    nodes : ndarray of shape (n_strips, max(totals)), int32
    spans : ndarray of shape (3, n_strips, max(totals)), int32
        Their leaves; empty where `nodes` is filled up.
    """
    first, _ = _distinct(leaves)
    flat = leaves.reshape(-1)
    previous = np.where(first % STRIP, flat[first - 1], -1)
    starts, stops = tree.starts[flat[first]], tree.starts[flat[first] + 1]
    lengths = stops - starts
    on_paths = np.repeat(stops - np.cumsum(lengths), lengths) + np.arange(lengths.sum())
    nodes = tree.nodes[on_paths]
    # A node that is above the previous target, too, was met there.
    new = tree.spans[nodes, 0] > np.repeat(previous, lengths)
    nodes, strip = nodes[new], np.repeat(first // STRIP, lengths)[new]
    totals = np.bincount(strip, minlength=len(leaves))
    tables = np.zeros((4, len(leaves), totals.max(initial=0)), np.int32)
    used = np.arange(tables.shape[2]) < totals[:, None]
    for table, values in zip(tables, (nodes, *tree.spans[nodes].T), strict=True):
        table[used] = values
    return totals, tables[0], tables[1:]


def _signs(leaves, spans, dtype):
    """`Shelf.signs` and `Shelf.targets`."""
    first, targets = _distinct(leaves)
    leaf, strip = leaves.reshape(-1)[first, None], first // STRIP
    low, middle, high = ((leaf >= edge[strip]).view(np.int8) for edge in spans)
    return (low - 2 * middle + high).astype(dtype), targets


def _distinct(leaves):
    """The distinct leaves of each strip.

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
