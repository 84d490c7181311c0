"""Hierarchical softmax: the probability of a word as a product of turns in a tree.

References
----------
.. [1] Morin, F., & Bengio, Y. (2005). "Hierarchical Probabilistic Neural Network
   Language Model".
.. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
"""

from itertools import pairwise

import numpy as np

from ..onehot import gather, scatter_add
from ..windows import Band
from .huffman import HuffmanTree
from .logistic import logistic
from .loss import Load, Loss, RowGradients, spread_of

TOP = 32  # nodes near the root that are computed for every position


class HierarchicalSoftmax(Loss):
    """Logistic losses at the nodes between the root of a tree and a word [1]_ [2]_.

    With the turns ``z = ±1`` at the inner nodes ``n`` on the path to the word ``t``::

        p(t | h) = product over n of sigmoid(z_n * w_n . h)
        loss = -sum_t log p(t | h)

    The tree is that of Huffman, so that a word of probability p has a path of about
    ``-log2 p`` nodes. Nodes near the root are on most paths: a product with all of them
    is cheap. Those below are gathered for positions whose words have as many.

    In a pair of skip-gram the word at the centre is predicted, from each word of its
    window, as in the word2vec program: each path is then fetched once.
    """

    predicts_centre = True

    def __init__(self, layout, shared):
        super().__init__(layout, shared)
        self.tree = shared
        shape, self.cbow = layout.shape, layout.cbow
        self.members = Band(shape.n_runs, shape.run, layout.window, layout.dtype)
        self.indptr = np.zeros(1, np.int32)
        self.ones = np.ones(0, layout.dtype)
        self._reserve(0)

    def _reserve(self, n_rows):
        """Memory for the gradients of so many rows."""
        self.ids = np.empty(n_rows, np.int32)
        self.weights = np.empty(n_rows, self.layout.dtype)
        self.gradient = np.empty((n_rows, self.layout.n_components), self.layout.dtype)

    @staticmethod
    def prepare(counts):
        """The tree."""
        return HuffmanTree(counts, TOP)

    @staticmethod
    def n_outputs(n_words):
        """Inner nodes of the tree."""
        return max(1, n_words - 1)

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """See `Loss.compute`."""
        centres, trained = chunk.centres[runs], contexts.any(axis=2)
        lengths = self.tree.lengths[centres] * trained
        n_top = self.tree.top.shape[1]
        n_rows = n_top + int(lengths.sum())
        if n_rows > len(self.ids):
            self._reserve(n_rows + n_rows // 4)
        self.members.band[...] = contexts
        spread = spread_of(hidden)
        flat, gradient = (
            array.reshape(-1, array.shape[-1]) for array in (hidden, hidden_gradient)
        )
        top = output_matrix[:n_top]
        value = self._top(centres, trained, top, flat, gradient)
        n_used = n_top
        for positions, targets in self._by_tail(centres, trained):
            part, n_used = self._tail(
                positions, targets, output_matrix, flat, gradient, contexts, n_used
            )
            value += part
        load = Load(self.ids[:n_used], self.weights[:n_used], spread)
        output = RowGradients(self.ids[:n_used], self.gradient[:n_used], load)
        return value, output, self._input_load(chunk, runs, lengths, top)

    def _top(self, centres, trained, top, hidden, hidden_gradient):
        """Nodes near the root, with all hidden layers at once."""
        # For each hidden layer and node: how many of its targets pass, and turn to 1.
        turns = self.tree.top[centres].astype(top.dtype) * trained[..., None]
        turns = np.stack([np.abs(turns), turns == 1]).astype(top.dtype)
        if not self.cbow:
            turns = self.members.matrices.swapaxes(1, 2) @ turns
        passed, ones = turns.reshape(2, -1, len(top))
        scores = hidden @ top.T
        value = -float(np.vdot(ones, scores))
        slopes = np.empty_like(scores)
        value += logistic(scores, passed, slopes)
        slopes -= ones
        np.matmul(slopes, top, out=hidden_gradient)
        np.matmul(slopes.T, hidden, out=self.gradient[: len(top)])
        self.ids[: len(top)] = np.arange(len(top))
        self.weights[: len(top)] = passed.sum(axis=0)
        return value

    def _by_tail(self, centres, trained):
        """Yield (positions, words) with as many nodes below the top."""
        positions = np.flatnonzero(trained)
        words = centres.reshape(-1)[positions]
        lengths = self.tree.starts[words + 1] - self.tree.starts[words]
        order = np.argsort(lengths, kind="stable")
        ends = np.cumsum(np.bincount(lengths))
        for start, stop in pairwise(ends):
            if start < stop:
                here = order[start:stop]
                yield positions[here], words[here]

    def _tail(
        self, positions, words, output_matrix, hidden, gradient, contexts, n_used
    ):
        """Nodes below the top of words that have equally many."""
        starts = self.tree.starts[words]
        at = starts[:, None] + np.arange(self.tree.starts[words[0] + 1] - starts[0])
        nodes, turns = self.tree.nodes[at], -self.tree.turns[at].astype(hidden.dtype)
        ids, weights = self._inputs(positions, contexts)
        shape = (*nodes.shape, hidden.shape[1])
        vectors = np.empty(shape, hidden.dtype)
        gather(output_matrix, nodes, vectors)
        inputs = np.empty((*ids.shape, hidden.shape[1]), hidden.dtype)
        gather(hidden, ids, inputs)
        margins = inputs @ vectors.swapaxes(1, 2)
        margins *= turns[:, None]
        slopes = np.empty_like(margins)
        all_weights = np.repeat(weights[..., None], nodes.shape[1], axis=2)
        value = logistic(margins, all_weights, slopes)
        slopes *= turns[:, None]
        rows = slice(n_used, n_used + nodes.size)
        out = self.gradient[rows].reshape(shape)
        np.matmul(slopes.swapaxes(1, 2), inputs, out=out)
        np.matmul(slopes, vectors, out=inputs)
        self._add(gradient, ids.reshape(-1), inputs)
        self.ids[rows] = nodes.reshape(-1)
        self.weights[rows] = np.repeat(weights.sum(axis=1), nodes.shape[1])
        return value, rows.stop

    def _inputs(self, positions, contexts):
        """Hidden layers that predict the words at some positions, and their weights."""
        if self.cbow:
            ids = positions[:, None].astype(np.int32)
            return ids, np.ones(ids.shape, contexts.dtype)
        _, run, width = contexts.shape
        wide = run + width - 1
        first = positions // run * wide + positions % run
        ids = first[:, None] + np.arange(width)
        return ids.astype(np.int32), contexts.reshape(-1, width)[positions]

    def _add(self, matrix, ids, rows):
        if len(ids) > len(self.ones):
            self.ones = np.ones(len(ids), matrix.dtype)
            self.indptr = np.arange(len(ids) + 1, dtype=np.int32)
        ones, indptr = self.ones[: len(ids)], self.indptr[: len(ids) + 1]
        scatter_add(matrix, ids, ones, rows, indptr)

    def _input_load(self, chunk, runs, lengths, top):
        shares = lengths / chunk.n_inputs[runs] if self.cbow else lengths
        weights = shares[:, None].astype(top.dtype) @ self.members.matrices
        ids = chunk.windows[runs].reshape(-1)
        return Load(ids, weights.reshape(-1), spread_of(top[:, None]))
