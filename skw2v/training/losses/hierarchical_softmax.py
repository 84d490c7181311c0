"""Hierarchical softmax: the probability of a word as a product of turns in a tree.

References
----------
.. [1] Morin, F., & Bengio, Y. (2005). "Hierarchical Probabilistic Neural Network
   Language Model".
.. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
"""

import numpy as np
from numpy.typing import NDArray

from ..batches import Layout
from ..gradients import Curvature, RowGradients, spread_of
from ..hyperparameters import Hyperparameters
from ..onehot import gather, scatter_add
from ..sampling import keep_probability
from ..stream import Positions
from .base import Loss, Scratch, Workspace, pairs_of
from .buckets import Bucket, Buckets
from .huffman import HuffmanTree, n_inner_nodes
from .logistic import MAX_EXPONENT, softplus

SKIP_GRAM_BLOCK, CBOW_BLOCK = 32, 8
FREQUENT = 32  # nodes near the root, from which the spread of all is estimated


class TreeWorkspace(Workspace):
    """Arrays of a tile, and others that grow as needed.

    Attributes
    ----------
    scratch, own : Scratch
        Growing arrays: those that the tiles of a worker share, and the gradient.
    ones : ndarray of shape (n_pairs,)
    indptr : ndarray of shape (n_pairs + 1,), int32
        ``arange``; see `scatter_add`.
    """

    def __init__(self, layout: Layout, scratch: Scratch) -> None:
        super().__init__(layout, scratch)
        self.scratch, self.own = scratch, Scratch()
        n_pairs, dtype = layout.n_positions * max(1, 2 * layout.reach) + 64, np.int32
        self.ones = scratch.share("ones", lambda: np.ones(n_pairs, layout.dtype))
        self.indptr = scratch.share(
            "indptr", lambda: np.arange(n_pairs + 1, dtype=dtype)
        )


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
    block are few, and one product gives all their scores. The scores of nodes that
    aren't on the path of a pair have weight 0.
    """

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

    def workspace(self, layout: Layout, scratch: Scratch) -> TreeWorkspace:
        """See `Loss.workspace`."""
        return TreeWorkspace(layout, scratch)

    def compute(
        self, workspace: TreeWorkspace, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """See `Loss.compute`."""
        block = CBOW_BLOCK if workspace.layout.cbow else SKIP_GRAM_BLOCK
        dtype = workspace.layout.dtype
        buckets = Buckets(self.tree, *pairs_of(workspace, positions), block, dtype)
        ids = buckets.nodes
        weights = np.empty(len(ids), dtype)
        size = len(ids), output_matrix.shape[1]
        gradient = workspace.own.array("gradient", size, dtype)
        workspace.hidden_gradient[...] = 0
        value = 0.0
        for bucket in buckets:
            rows = bucket.rows
            weights[rows] = bucket.n_pairs.reshape(-1)
            value += _compute_bucket(workspace, bucket, output_matrix, gradient[rows])
        # Where a node isn't on a path, the margin is 0.
        n_pairs = buckets.n_scores - float(weights.sum(dtype=np.float64))
        value -= n_pairs * float(np.log(dtype.type(2) if 0 else np.asarray(2, dtype)))
        curvature = Curvature(ids, weights, spread_of(workspace.hidden))
        output = RowGradients(ids, gradient, curvature)
        return value, output, self._input_curvature(workspace, positions, output_matrix)

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
        spread = spread_of(output_matrix[:FREQUENT, None])
        return Curvature(positions.centers.reshape(-1), weights.reshape(-1), spread)


def _compute_bucket(
    workspace: TreeWorkspace, bucket: Bucket, output_matrix: NDArray, gradient: NDArray
) -> float:
    """Compute a bucket: fill in `gradient`, add to the gradient of the hidden layer.

    Returns
    -------
    float
        Summed loss, in nats, with a loss of log 2 where a node isn't on a path.
    """
    w, positions = workspace, bucket.positions
    n_components = output_matrix.shape[1]
    hidden = w.hidden.reshape(-1, n_components)
    dtype, array = w.layout.dtype, w.scratch.array
    inputs = array("inputs", (*positions.shape, n_components), dtype)
    gather(hidden, positions, inputs)
    vectors = array("vectors", (*bucket.nodes.shape, n_components), dtype)
    gather(output_matrix, bucket.nodes, vectors)
    slopes, totals, signs = (
        array(name, (*positions.shape, bucket.nodes.shape[1]), dtype)
        for name in ("slopes", "totals", "signs")
    )
    gather(bucket.signs, bucket.targets, signs)
    np.matmul(inputs, vectors.swapaxes(1, 2), out=slopes)
    value = _differentiate(slopes, signs, totals)
    np.matmul(slopes.swapaxes(1, 2), inputs, out=gradient.reshape(vectors.shape))
    np.matmul(slopes, vectors, out=inputs)
    scatter_add(
        w.hidden_gradient.reshape(hidden.shape),
        positions.reshape(-1),
        w.ones[: positions.size],
        inputs,
        w.indptr[: positions.size + 1],
    )
    return value


def _differentiate(slopes: NDArray, signs: NDArray, totals: NDArray) -> float:
    np.multiply(slopes, signs, out=slopes)
    np.minimum(slopes, MAX_EXPONENT, out=slopes)
    np.exp(slopes, out=slopes)
    np.add(slopes, 1, out=totals)
    np.divide(slopes, totals, out=slopes)
    np.multiply(slopes, signs, out=slopes)
    return float(np.log(totals, out=totals).sum())
