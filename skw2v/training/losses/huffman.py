"""The binary tree of hierarchical softmax.

References
----------
.. [1] Huffman, D. A. (1952). "A Method for the Construction of Minimum-Redundancy
   Codes".
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


def n_inner_nodes(n_words: int) -> int:
    """Return the number of inner nodes of a tree: one less than words, at least 1."""
    return max(1, n_words - 1)


class HuffmanTree:
    """A binary tree with the words as leaves, frequent ones near the root [1]_.

    Inner nodes are numbered in decreasing order of their counts: the root is 0, and the
    first nodes are those that most tokens pass. Leaves are numbered from left to right:
    those below a node are ``low`` to ``high - 1``, and from ``middle`` on they lie to
    its right.

    Parameters
    ----------
    counts : ndarray of shape (n_words,)
        Of two nodes of the same count the one that was made later, or the word with
        the lower id, is nearer to the root.

    Attributes
    ----------
    n_nodes : int
        Number of inner nodes: one less than words, but at least 1.
    leaves : ndarray of shape (n_words,), int32
        Leaf of each word.
    spans : ndarray of shape (n_nodes, 3), int32
        ``low, middle, high`` of each node.
    starts : ndarray of shape (n_words + 2,), int32
    nodes : ndarray of shape (starts[-1],), int32
        The nodes from the root to leaf ``i`` are ``nodes[starts[i]:starts[i + 1]]``.
        Leaf ``n_words`` stands for none and has no path.
    lengths : ndarray of shape (n_words + 1,), int32
        Number of those nodes.
    common : ndarray of shape (n_words + 2,), int16
        Number of nodes that leaf ``i`` shares with leaf ``i - 1``, if both exist.
    n_at_depth : ndarray of shape (max(lengths),), int
        Number of nodes of each depth; that of the root is 0.
    mean_length : float
        Number of nodes on the path to a word, averaged over all tokens.
    """

    def __init__(self, counts: NDArray) -> None:
        n_words = len(counts)
        self.n_nodes = n_inner_nodes(n_words)
        steps = list(_climb(*_merge(counts)))
        ids, nodes, right = np.concatenate([np.empty((3, 0), np.int32), *steps], axis=1)
        self._order_leaves(ids, nodes, right, n_words)
        leaves = self.leaves[ids]
        lengths = np.bincount(ids, minlength=n_words)
        self.mean_length = float(np.average(lengths, weights=counts))
        self.lengths = np.zeros(n_words + 1, np.int32)
        self.lengths[self.leaves] = lengths
        self.starts = np.append(0, np.cumsum(self.lengths)).astype(np.int32)
        # The first step from a leaf meets the last node of its path.
        step = np.repeat(np.arange(1, len(steps) + 1), [s.shape[1] for s in steps])
        self.nodes = np.empty(len(nodes), np.int32)
        self.nodes[self.starts[leaves + 1] - step] = nodes
        depths = np.zeros(self.n_nodes, np.int16)
        path = np.repeat(self.starts[:-1], self.lengths)
        depths[self.nodes] = np.arange(len(self.nodes)) - path
        self.n_at_depth = np.bincount(depths)
        # Neighbors part at the one node whose right side starts between them.
        self.common = np.zeros(n_words + 2, np.int16)
        self.common[self.spans[:, 1]] = depths + 1
        self.common[n_words:] = 0

    def _order_leaves(
        self, ids: NDArray, nodes: NDArray, right: NDArray, n_words: int
    ) -> None:
        """Sort the leaves from left to right, and find those below each node."""
        n_below = np.bincount(nodes, minlength=self.n_nodes)
        n_left = np.bincount(nodes, 1 - right, minlength=self.n_nodes)
        # Each turn to the right passes the leaves on the left.
        passed = np.bincount(ids, right * n_left[nodes], minlength=n_words)
        self.leaves = passed.astype(np.int32)
        low = np.full(self.n_nodes, n_words)
        np.minimum.at(low, nodes, self.leaves[ids])
        spans = np.stack([low, low + n_left, low + n_below], axis=1)
        self.spans = spans.astype(np.int32)

    def equals(self, other: "HuffmanTree") -> bool:
        """Return whether two trees have the same leaves and nodes."""
        return np.array_equal(self.leaves, other.leaves) and np.array_equal(
            self.spans, other.spans
        )

    def turns(self, ids: NDArray) -> csr_array:
        """Return the paths to some words, as rows of a sparse matrix.

        Parameters
        ----------
        ids : ndarray of shape (n_asked,), int

        Returns
        -------
        csr_array of shape (n_asked, n_nodes), int8
            -1 where the path turns to the left, 1 to the right, 0 at other nodes.
        """
        shape = len(self.leaves), self.n_nodes
        ones = np.ones(len(self.nodes), np.int8)
        paths = csr_array((ones, self.nodes, self.starts[:-1]), shape=shape)
        leaves = self.leaves[ids]
        paths = paths[leaves]
        middle = self.spans[paths.indices, 1]
        paths.data[np.repeat(leaves, np.diff(paths.indptr)) < middle] = -1
        return paths


def _merge(counts: NDArray) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Join the two rarest nodes until one is left.

    Nodes 0 to n_words - 1 are the words, the rarest first; inner nodes follow in the
    order in which they are made.

    Returns
    -------
    ids : ndarray of shape (n_words,), int32
        Word ids, the rarest first.
    parents : ndarray of shape (2 * n_words - 1,), int32
    """
    n_words = len(counts)
    ids = np.argsort(-counts, kind="stable")[::-1].astype(np.int32)
    total = [*counts[ids].tolist(), *[float("inf")] * n_words]
    parents = np.zeros(2 * n_words - 1, np.int32)
    # Two queues, both by rising count: words, and inner nodes as they are made.
    word, inner = 0, n_words
    for made in range(n_words, 2 * n_words - 1):
        total[made] = 0
        for _ in range(2):
            if word < n_words and (inner == made or total[word] <= total[inner]):
                child, word = word, word + 1
            else:
                child, inner = inner, inner + 1
            total[made] += total[child]
            parents[child] = made
    return ids, parents


def _climb(ids: NDArray, parents: NDArray) -> Iterator[NDArray[np.int32]]:
    """Yield (ids, nodes, turns) of all paths, one step toward the root at a time.

    A turn is 1 to the right, where the child is the one joined second, and else 0.
    """
    root = len(parents) - 1
    right = np.ones(len(parents), np.int32)
    right[np.unique(parents[:root], return_index=True)[1]] = 0
    here = np.arange(len(ids), dtype=np.int32)
    while True:
        below = here < root
        ids, here = ids[below], here[below]
        if not len(ids):
            return
        yield np.stack([ids, root - parents[here], right[here]])
        here = parents[here]
