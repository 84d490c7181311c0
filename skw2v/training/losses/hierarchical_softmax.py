"""Hierarchical softmax: the probability of a word as a product of turns in a tree.

References
----------
.. [1] Morin, F., & Bengio, Y. (2005). "Hierarchical Probabilistic Neural Network
   Language Model".
.. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..batches import Layout
from ..gradients import Curvature, RowGradients, Size
from ..hyperparameters import Hyperparameters
from ..onehot import gather, scatter_add
from ..positions import Positions
from ..sampling import keep_probability
from .base import Loss, Workspace, pairs_of
from .buckets import CBOW_BLOCK, SKIP_GRAM_BLOCK, Bucket, Buckets
from .huffman import HuffmanTree, n_inner_nodes
from .logistic import MAX_EXPONENT, softplus

FREQUENT = 32  # nodes near the root, from which the spread of all is estimated


class TreeWorkspace(Workspace):
    """Arrays of a tile, where those of the scratch grow as needed.

    Attributes
    ----------
    row_of : ndarray of shape (n_nodes,), int32
        Row of each node of a tile; arbitrary for other nodes. See `_find_distinct`.
    """

    def __init__(self, n_nodes: int, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.row_of = self.scratch.share("rows", lambda: np.empty(n_nodes, np.int32))


class HierarchicalSoftmax(Loss):
    """Logistic losses at the nodes between the root of a tree and a word [1]_ [2]_.

    With the turns ``z``, -1 to the left and 1 to the right, at the nodes ``n`` on the
    path to the word ``t``::

        p(t | h) = product over n of sigmoid(z_n * w_n . h)
        loss = -sum_t log p(t | h)

    The tree is a Huffman tree, so a word with probability p in the training stream has
    a path of about ``-log2 p`` nodes.

    Words that are neighbors in the tree share most of their paths. So the pairs of a
    tile are sorted by the leaf of their target and cut into blocks: the nodes of a
    block are few, and one product gives all their scores. Those of nodes that aren't on
    the path of a pair aren't used.
    """

    largest_tile = 4096  # the more pairs are sorted together, the more they share

    def __init__(
        self, counts: NDArray[np.int64], hyperparameters: Hyperparameters
    ) -> None:
        super().__init__(counts, hyperparameters)
        keep = keep_probability(counts, hyperparameters.subsample)
        self.tree = HuffmanTree(counts * keep)

    @staticmethod
    def n_outputs(n_words: int) -> int:
        """Return the number of inner nodes of the tree."""
        return n_inner_nodes(n_words)

    def adopt(
        self,
        other: "HierarchicalSoftmax",
        output_matrix: NDArray,
        rows: NDArray[np.intp],
    ) -> NDArray:
        """See `Loss.adopt`.

        The trees differ. A node tells the words on its right from those on its left.
        Near ``h = 0``, ``log p(t | h)`` of the other tree grows along ``g_t``, the sum
        of ``z_n * w_n / 2`` over the path, so a node here gets the difference of the
        mean ``g_t`` on both sides. The words of a mean weigh ``p(t | 0)``, which halves
        with each node of the path, so a node with the same words on either side as in
        the other tree keeps its weights.
        """
        if self.tree.equals(other.tree) and np.array_equal(rows, np.arange(len(rows))):
            return output_matrix.copy()  # without rounding
        known, n_words = np.flatnonzero(rows >= 0), len(rows)
        ids, dtype = rows[known], output_matrix.dtype
        slopes = np.zeros((n_words, output_matrix.shape[1]), dtype)
        slopes[known] = other.tree.turns(ids) @ output_matrix / 2
        weights = np.zeros(n_words, dtype)
        weights[known] = np.exp2(-other.tree.lengths[other.tree.leaves[ids]])
        turns = self.tree.turns(np.arange(n_words)).T.astype(dtype)
        right, left = (
            _mean_of_rows(side, weights, slopes)
            for side in (turns.maximum(0), (-turns).maximum(0))
        )
        return right - left

    def size(self, layout: Layout) -> Size:
        """See `Loss.size`.

        At any depth, the pairs have no more nodes than there are pairs.
        """
        n_pairs = layout.n_positions * (1 if layout.cbow else 2 * layout.reach)
        n_rows = int(np.minimum(self.tree.n_at_depth, n_pairs).sum())
        return Size(n_rows, n_rows)

    def workspace(self, *arguments: Any) -> TreeWorkspace:
        """See `Loss.workspace`."""
        return TreeWorkspace(self.tree.n_nodes, *arguments)

    def compute(
        self, workspace: TreeWorkspace, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """See `Loss.compute`."""
        w, dtype = workspace, workspace.layout.dtype
        block = CBOW_BLOCK if w.layout.cbow else SKIP_GRAM_BLOCK
        buckets = Buckets(self.tree, *pairs_of(w, positions), block)
        nodes, rows = _find_distinct(buckets.nodes, w.row_of)
        gradient = w.output_rows[: len(nodes)]
        gradient[...], w.hidden_gradient[...] = 0, 0
        n_pairs, value = np.empty(len(rows)), 0.0
        for bucket in buckets.each(dtype):
            n_pairs[bucket.rows] = bucket.n_pairs.reshape(-1)
            to = gradient, rows[bucket.rows]
            value += _compute_bucket(w, bucket, output_matrix, to)
        weights = np.bincount(rows, n_pairs, minlength=len(nodes)).astype(dtype)
        curvature = Curvature(nodes, weights, w.spread_of(w.hidden))
        output = RowGradients(nodes, gradient, curvature)
        return value, output, self._input_curvature(w, positions, output_matrix)

    def log_probabilities(
        self, hidden: NDArray, ids: NDArray, output_matrix: NDArray
    ) -> NDArray:
        """See `Loss.log_probabilities`."""
        turns = self.tree.turns(ids)
        nodes = np.unique(turns.indices)
        turns, scores = turns[:, nodes], output_matrix[nodes] @ hidden.T
        right, left = turns.maximum(0), (-turns).maximum(0)
        return -(right @ softplus(-scores) + left @ softplus(scores)).T

    def _input_curvature(
        self, workspace: Workspace, positions: Positions, output_matrix: NDArray
    ) -> Curvature:
        """Return the curvature of the embedding; pairs weigh the mean path length."""
        n_targets = positions.left + positions.right
        if workspace.layout.cbow:
            n_targets = np.minimum(n_targets, 1)
        weights = (self.tree.mean_length * n_targets).astype(workspace.layout.dtype)
        spread = workspace.spread_of(output_matrix[:FREQUENT, None])
        return Curvature(positions.centers.reshape(-1), weights.reshape(-1), spread)


def _mean_of_rows(chosen: Any, weights: NDArray, rows: NDArray) -> NDArray:
    """Return the weighted means of chosen rows; 0 where all weights are 0.

    Parameters
    ----------
    chosen : csr_array of shape (n_means, n_rows)
        1 where a row belongs to a mean, else 0.
    weights : ndarray of shape (n_rows,)
    rows : ndarray of shape (n_rows, n_components)

    Returns
    -------
    ndarray of shape (n_means, n_components)
    """
    totals = (chosen @ weights)[:, None]
    sums = chosen @ (weights[:, None] * rows)
    return np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)


def _find_distinct(nodes: NDArray, row_of: NDArray) -> tuple[NDArray, NDArray]:
    """Return each node once, and which of them each of `nodes` is."""
    count = np.arange(len(nodes), dtype=np.int32)
    row_of[nodes] = count
    distinct = nodes[row_of[nodes] == count]
    row_of[distinct] = count[: len(distinct)]
    return distinct, row_of[nodes]


def _compute_bucket(
    workspace: TreeWorkspace,
    bucket: Bucket,
    output_matrix: NDArray,
    to: tuple[NDArray, NDArray],
) -> float:
    """Add the gradients of a bucket; return its loss, in nats.

    Parameters
    ----------
    workspace : TreeWorkspace
    bucket : Bucket
    output_matrix : ndarray of shape (n_nodes, n_components)
    to : tuple of ndarrays
        Gradient of the output weights, and its row for each node of the bucket.
    """
    w, positions, nodes = workspace, bucket.positions, bucket.nodes
    n_components, dtype = output_matrix.shape[1], w.layout.dtype
    hidden = w.hidden.reshape(-1, n_components)
    inputs, vectors, slopes, totals, signs = (
        w.scratch.array(name, shape, dtype)
        for name, shape in (
            ("inputs", (*positions.shape, n_components)),
            ("vectors", (*nodes.shape, n_components)),
            ("slopes", (*positions.shape, nodes.shape[1])),
            ("totals", (*positions.shape, nodes.shape[1])),
            ("signs", (*positions.shape, nodes.shape[1])),
        )
    )
    gather(hidden, positions, inputs)
    gather(output_matrix, nodes, vectors)
    gather(bucket.signs, bucket.targets, signs)
    np.matmul(inputs, vectors.swapaxes(1, 2), out=slopes)
    value = _differentiate(slopes, signs, totals)
    # Where a node isn't on a path, the margin is 0 and the loss log 2.
    n_unused = slopes.size - int(bucket.n_pairs.sum(dtype=np.int64))
    value -= n_unused * float(np.log(np.full(1, 2, dtype))[0])
    hidden_gradient = w.scratch.array("hidden part", inputs.shape, dtype)
    np.matmul(slopes, vectors, out=hidden_gradient)
    _add_rows(w.hidden_gradient.reshape(hidden.shape), positions, hidden_gradient)
    np.matmul(slopes.swapaxes(1, 2), inputs, out=vectors)
    _add_rows(*to, vectors)
    return value


def _add_rows(matrix: NDArray, ids: NDArray, rows: NDArray) -> None:
    """Add rows to those of a matrix."""
    scatter_add(matrix, ids.reshape(-1), np.ones(ids.size, matrix.dtype), rows)


def _differentiate(slopes: NDArray, signs: NDArray, totals: NDArray) -> float:
    """Turn scores into their slopes, in place; return the summed loss."""
    np.multiply(slopes, signs, out=slopes)
    np.minimum(slopes, MAX_EXPONENT, out=slopes)
    np.exp(slopes, out=slopes)
    np.add(slopes, 1, out=totals)
    np.divide(slopes, totals, out=slopes)
    np.multiply(slopes, signs, out=slopes)
    return float(np.log(totals, out=totals).sum())
