"""Hierarchical softmax: the probability of a word as a product of turns in a tree.

References
----------
.. [1] Morin, F., & Bengio, Y. (2005). "Hierarchical Probabilistic Neural Network
   Language Model".
.. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
"""

import math

import numpy as np

from ..onehot import gather, scatter_add
from ..sampling import keep_probability
from .huffman import HuffmanTree
from .logistic import logistic, softplus
from .loss import Load, Loss, RowGradients, pairs_of, spread_of
from .strips import STRIP, shelves_of

FREQUENT = 32  # nodes near the root, whose spread is taken for that of all


class HierarchicalSoftmax(Loss):
    """Logistic losses at the nodes between the root of a tree and a word [1]_ [2]_.

    With the turns ``z``, -1 to the left and 1 to the right, at the nodes ``n`` on the
    path to the word ``t``::

        p(t | h) = product over n of sigmoid(z_n * w_n . h)
        loss = -sum_t log p(t | h)

    The tree is that of Huffman, so that a word of probability p has a path of about
    ``-log2 p`` nodes; p is that in the training stream.

    Words that are neighbours in the tree share most of their paths. So the pairs of a
    tile are sorted by the leaf of their target and cut into strips: the nodes of a
    strip are few, and one product gives all their scores. The scores of nodes that
    aren't on the path of a pair count nothing.
    """

    def __init__(self, layout, shared):
        super().__init__(layout, shared)
        self.tree = shared
        most = layout.shape.n_positions * max(1, 2 * layout.window) + STRIP
        self.ones = np.ones(most, layout.dtype)
        self.indptr = np.arange(most + 1, dtype=np.int32)
        self._memory = {}

    @staticmethod
    def prepare(counts, hyperparameters):
        """The tree."""
        keep = keep_probability(counts, hyperparameters.subsample)
        return HuffmanTree(counts * keep)

    @staticmethod
    def n_outputs(n_words):
        """Inner nodes of the tree."""
        return max(1, n_words - 1)

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """See `Loss.compute`."""
        positions, targets = pairs_of(chunk, runs, contexts, self.layout.cbow)
        shelves = shelves_of(self.tree, positions, targets, self.layout.dtype)
        ids = np.concatenate(
            [np.empty(0, np.int32), *(s.nodes.reshape(-1) for s in shelves)]
        )
        weights = np.empty(len(ids), self.layout.dtype)
        gradient = self._array("gradient", (len(ids), hidden.shape[2]))
        hidden_gradient[...] = 0
        value, start = 0.0, 0
        for shelf in shelves:
            rows = slice(start, start + shelf.nodes.size)
            part, weights[rows] = self._shelf(
                shelf, (output_matrix, hidden, hidden_gradient, gradient[rows])
            )
            value, start = value + part, rows.stop
        load = Load(ids, weights, spread_of(hidden))
        input_load = self._input_load(chunk, runs, output_matrix)
        return value, RowGradients(ids, gradient, load), input_load

    @staticmethod
    def log_probabilities(hidden, words, output_matrix, shared):
        """See `Loss.log_probabilities`."""
        turns = shared.turns(words)
        nodes = np.unique(turns.indices)
        turns, scores = turns[:, nodes], output_matrix[nodes] @ hidden.T
        right, left = turns.maximum(0), (-turns).maximum(0)
        return -(right @ softplus(-scores) + left @ softplus(scores)).T

    def _array(self, name, shape):
        """Memory that is kept, and grows as needed."""
        size = math.prod(shape)
        if name not in self._memory or size > self._memory[name].size:
            self._memory[name] = np.empty(size + size // 4, self.layout.dtype)
        return self._memory[name][:size].reshape(shape)

    def _shelf(self, shelf, arrays):
        """Value at the nodes of some strips, and how many pairs pass each."""
        output_matrix, hidden, hidden_gradient, gradient = arrays
        flat, positions = hidden.reshape(-1, hidden.shape[2]), shelf.positions
        inputs = self._array("inputs", (*positions.shape, flat.shape[1]))
        gather(flat, positions, inputs)
        vectors = self._array("vectors", (*shelf.nodes.shape, flat.shape[1]))
        gather(output_matrix, shelf.nodes, vectors)
        margins, slopes, weights, signs = (
            self._array(name, (*positions.shape, shelf.nodes.shape[1]))
            for name in ("margins", "slopes", "weights", "signs")
        )
        gather(shelf.signs, shelf.targets, signs)
        np.abs(signs, out=weights)
        np.matmul(inputs, vectors.swapaxes(1, 2), out=margins)
        margins *= signs
        value = logistic(margins, weights, slopes)
        slopes *= signs
        np.matmul(slopes.swapaxes(1, 2), inputs, out=gradient.reshape(vectors.shape))
        np.matmul(slopes, vectors, out=inputs)
        scatter_add(
            hidden_gradient.reshape(flat.shape),
            positions.reshape(-1),
            self.ones[: positions.size],
            inputs,
            self.indptr[: positions.size + 1],
        )
        return value, np.einsum("spn->sn", weights).reshape(-1)

    def _input_load(self, chunk, runs, output_matrix):
        """A pair weighs as much as a path is long."""
        n_targets = chunk.left[runs] + chunk.right[runs]
        if self.layout.cbow:
            n_targets = np.minimum(n_targets, 1)
        weights = (self.tree.mean_length * n_targets).astype(self.layout.dtype)
        spread = spread_of(output_matrix[:FREQUENT, None])
        return Load(chunk.centres[runs].reshape(-1), weights.reshape(-1), spread)
