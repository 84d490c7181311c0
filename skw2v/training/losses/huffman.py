"""The binary tree of hierarchical softmax.

References
----------
.. [1] Huffman, D. A. (1952). "A Method for the Construction of Minimum-Redundancy
   Codes".
"""

import numpy as np


class HuffmanTree:
    """A binary tree with the words as leaves, frequent ones near the root [1]_.

    Inner nodes are numbered by falling count, so that the root is 0 and the first nodes
    are those that most words pass.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
        Of two nodes of the same count the one that was made later, or the word with
        the lower id, is nearer to the root.
    n_top : int
        Nodes that count as the top of the tree.

    Attributes
    ----------
    n_nodes, n_top : int
        Inner nodes: one less than words, but at least 1; and those of the top.
    lengths : ndarray of shape (n_words,), int32
        Inner nodes on the path from the root to each word.
    top : ndarray of shape (n_words, 2 * n_top), uint8
        For each of the first nodes, 1 if it is on the path; then for each of them, 1 if
        the path turns to 1 there.
    starts : ndarray of shape (n_words + 1,), int64
    nodes, turns : ndarrays of shape (starts[-1],), int32 and int8
        The nodes on the path of word ``w`` below the top, and the turns there, are
        those from ``starts[w]`` to ``starts[w + 1]``.
    """

    def __init__(self, counts, n_top):
        n_words = len(counts)
        self.n_nodes = max(1, n_words - 1)
        self.n_top = n_top = min(n_top, self.n_nodes)
        self.lengths = np.zeros(n_words, np.int32)
        self.top = np.zeros((n_words, 2 * n_top), np.uint8)
        tails = [np.empty((3, 0), np.int64)]
        for words, nodes, turns in _climb(*_merge(counts), n_words):
            self.lengths[words] += 1
            at_top = nodes < n_top
            self.top[words[at_top], nodes[at_top]] = 1
            self.top[words[at_top], n_top + nodes[at_top]] = turns[at_top] == 1
            tails.append(np.stack([words, nodes, turns])[:, ~at_top])
        words, nodes, turns = np.concatenate(tails, axis=1)
        order = np.argsort(words, kind="stable")
        self.nodes = nodes[order].astype(np.int32)
        self.turns = turns[order].astype(np.int8)
        self.starts = np.searchsorted(words[order], np.arange(n_words + 1))


def _merge(counts):
    """Join the two rarest nodes until one is left.

    Leaves are 0 to n_words - 1 from the rarest on, inner nodes follow as they are made.

    Returns
    -------
    leaves : ndarray of shape (n_words,), int
        Words in the order of the leaves.
    parents : ndarray of shape (2 * n_words - 1,), int
    """
    n_words = len(counts)
    leaves = np.argsort(-counts, kind="stable")[::-1]
    total = [*counts[leaves].tolist(), *[float("inf")] * n_words]
    parents = np.zeros(2 * n_words - 1, np.int64)
    # Two queues, both of rising counts: leaves, and inner nodes as they are made.
    leaf, inner = 0, n_words
    for made in range(n_words, 2 * n_words - 1):
        total[made] = 0
        for _ in range(2):
            if leaf < n_words and (inner == made or total[leaf] <= total[inner]):
                child, leaf = leaf, leaf + 1
            else:
                child, inner = inner, inner + 1
            total[made] += total[child]
            parents[child] = made
    return leaves, parents


def _climb(leaves, parents, n_words):
    """Yield (words, nodes, turns) of all paths, a step towards the root at a time."""
    root = 2 * n_words - 2
    # Of the two children of a node, the one that was joined first turns to -1.
    turns = np.ones(len(parents), np.int64)
    first = np.unique(parents[:root], return_index=True)[1]
    turns[first] = -1
    words, here = leaves, np.arange(n_words)
    while True:
        below = here < root
        words, here = words[below], here[below]
        if not len(words):
            return
        yield words, root - parents[here], turns[here]
        here = parents[here]
