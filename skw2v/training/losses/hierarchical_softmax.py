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
from ..gradients import Curvature, RowGradients, Size, spread_of
from ..hyperparameters import Hyperparameters
from ..onehot import gather, scatter_add
from ..sampling import keep_probability
from ..stream import Positions
from .base import Loss, Scratch, Workspace, pairs_of
from .buckets import BLOCK, Bucket, buckets_of
from .huffman import HuffmanTree, n_inner_nodes
from .logistic import logistic, softplus

FREQUENT = 32  # nodes near the root, from which the spread of all is estimated


class TreeWorkspace(Workspace):
    """Arrays of a tile, and others that grow as needed.

    Attributes
    ----------
    scratch : Scratch
        Growing arrays.
    ones : ndarray of shape (n_pairs,)
    """

    def __init__(
        self,
        layout: Layout,
        scratch: Scratch,
        hidden_gradient: NDArray,
        output_rows: NDArray,
    ) -> None:
        super().__init__(layout, scratch, hidden_gradient, output_rows)
        self.scratch = scratch
        n_pairs = _n_pairs(layout) + BLOCK
        self.ones = scratch.share("ones", lambda: np.ones(n_pairs, layout.dtype))


def _n_pairs(layout: Layout) -> int:
    """Return the maximum number of pairs of a tile."""
    return layout.n_positions * (1 if layout.cbow else 2 * layout.reach)


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

    def size(self, layout: Layout) -> Size:
        """See `Loss.size`."""
        n_blocks = -(-_n_pairs(layout) // BLOCK)
        longest_path = int(np.diff(self.tree.starts).max())
        n_rows = n_blocks * min(BLOCK * longest_path, self.tree.n_nodes)
        return Size(n_rows, n_rows)

    def workspace(self, *arguments: Any) -> TreeWorkspace:
        """See `Loss.workspace`."""
        return TreeWorkspace(*arguments)

    def compute(
        self, workspace: TreeWorkspace, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """See `Loss.compute`."""
        dtype = workspace.layout.dtype
        buckets = buckets_of(self.tree, *pairs_of(workspace, positions), dtype)
        ids = np.concatenate(
            [np.empty(0, np.int32), *(bucket.nodes.reshape(-1) for bucket in buckets)]
        )
        weights = np.empty(len(ids), dtype)
        gradient = workspace.output_rows[: len(ids)]
        workspace.hidden_gradient[...] = 0
        value, start = 0.0, 0
        for bucket in buckets:
            rows = slice(start, start + bucket.nodes.size)
            part, weights[rows] = _compute_bucket(
                workspace, bucket, output_matrix, gradient[rows]
            )
            value, start = value + part, rows.stop
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
) -> tuple[float, NDArray]:
    """Compute a bucket: fill in `gradient`, add to the gradient of the hidden layer.

    Returns
    -------
    value : float
        Summed loss, in nats.
    n_pairs : ndarray of shape (n_blocks * n_nodes,)
        Number of pairs whose path passes each node.
    """
    w, positions = workspace, bucket.positions
    n_components = output_matrix.shape[1]
    hidden = w.hidden.reshape(-1, n_components)
    dtype, array = w.layout.dtype, w.scratch.array
    inputs = array("inputs", (*positions.shape, n_components), dtype)
    gather(hidden, positions, inputs)
    vectors = array("vectors", (*bucket.nodes.shape, n_components), dtype)
    gather(output_matrix, bucket.nodes, vectors)
    margins, slopes, weights, signs = (
        array(name, (*positions.shape, bucket.nodes.shape[1]), dtype)
        for name in ("margins", "slopes", "weights", "signs")
    )
    gather(bucket.signs, bucket.targets, signs)
    np.abs(signs, out=weights)
    np.matmul(inputs, vectors.swapaxes(1, 2), out=margins)
    margins *= signs
    value = logistic(margins, weights, slopes)
    slopes *= signs
    np.matmul(slopes.swapaxes(1, 2), inputs, out=gradient.reshape(vectors.shape))
    np.matmul(slopes, vectors, out=inputs)
    scatter_add(
        w.hidden_gradient.reshape(hidden.shape),
        positions.reshape(-1),
        w.ones[: positions.size],
        inputs,
    )
    return value, np.einsum("spn->sn", weights).reshape(-1)
