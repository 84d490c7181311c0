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
from ..windows import Band
from .huffman import HuffmanTree
from .logistic import logistic
from .loss import Load, Loss, RowGradients, spread_of

TOP = 32  # nodes near the root that are computed for every position
STRIP = 4  # positions of a run whose other nodes form one product
SHELVES = 4  # parts of a tile, by the number of those nodes


class HierarchicalSoftmax(Loss):
    """Logistic losses at the nodes between the root of a tree and a word [1]_ [2]_.

    With the turns ``z = ±1`` at the inner nodes ``n`` on the path to the word ``t``::

        p(t | h) = product over n of sigmoid(z_n * w_n . h)
        loss = -sum_t log p(t | h)

    The tree is that of Huffman, so that a word of probability p has a path of about
    ``-log2 p`` nodes; p is that in the training stream. Nodes near the root are on most
    paths: one product with all of them serves every position. Those below are fetched,
    and multiplied with the hidden layers of a strip of few positions. Strips are sorted
    by their number of nodes, to be filled up to few different ones.

    In a pair of skip-gram the word at the centre is predicted, from each word of its
    window, as in the word2vec program: each path is then fetched once.
    """

    predicts_centre = True

    def __init__(self, layout, shared):
        super().__init__(layout, shared)
        self.tree, shape, window = shared, layout.shape, layout.window
        self.strip = math.gcd(shape.run, STRIP)
        n_strips = shape.n_runs * shape.run // self.strip
        self.windows = Band(shape.n_runs, shape.run, window, layout.dtype)
        # Which positions of a run, or of a strip, each hidden layer predicts.
        self.members = self.windows.matrices
        self.strips = Band(n_strips, self.strip, window, layout.dtype)
        self.strip_members = self.strips.matrices
        if layout.cbow:
            size = shape.n_runs, shape.run, shape.run
            self.members = np.zeros(size, layout.dtype)
            size = n_strips, self.strip, self.strip
            self.strip_members = np.zeros(size, layout.dtype)
        self.inputs = self._inputs_of_strips()
        self.ones = np.ones(self.inputs.size, layout.dtype)
        self.indptr = np.arange(self.inputs.size + 1, dtype=np.int32)
        self._memory = {}

    def _inputs_of_strips(self):
        """Hidden layers of each strip: ndarray of shape (n_strips, n_inputs), int32."""
        n_runs, run, n_inputs = self.members.shape
        first = np.arange(0, run, self.strip) + n_inputs * np.arange(n_runs)[:, None]
        width = np.arange(self.strip_members.shape[2])
        return (first.reshape(-1, 1) + width).astype(np.int32)

    @staticmethod
    def prepare(counts, subsample):
        """The tree."""
        return HuffmanTree(counts * keep_probability(counts, subsample), TOP)

    @staticmethod
    def n_outputs(n_words):
        """Inner nodes of the tree."""
        return max(1, n_words - 1)

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """See `Loss.compute`."""
        centres, trained = chunk.centres[runs], contexts.any(axis=2)
        self.windows.band[...] = contexts
        if self.layout.cbow:  # a position predicts its own word
            np.einsum("...ii->...i", self.members)[...] = trained
            own = np.einsum("...ii->...i", self.strip_members)
            own[...] = trained.reshape(own.shape)
        else:
            self.strips.band[...] = contexts.reshape(self.strips.band.shape)
        top = output_matrix[: self.tree.n_top]
        shape = -1, self.strip
        tails = self._tails(centres.reshape(shape), trained.reshape(shape))
        shelves = list(self._shelves(*tails))
        n_rows = len(top) + sum(nodes.size for _, nodes, _, _ in shelves)
        ids = self._array("ids", (n_rows,), np.int32)
        weights = self._array("load", (n_rows,))
        gradient = self._array("gradient", (n_rows, hidden.shape[2]))
        first = slice(0, len(top))
        ids[first] = np.arange(len(top))
        value, weights[first] = self._top(
            centres, top, hidden, hidden_gradient, gradient[first]
        )
        for rows, nodes, turns, owners in shelves:
            here = slice(first.stop, first.stop + nodes.size)
            ids[here] = nodes.reshape(-1)
            part, weights[here] = self._shelf(
                (rows, nodes, turns, owners),
                (output_matrix, hidden, hidden_gradient, gradient[here]),
            )
            value, first = value + part, here
        load = Load(ids, weights, spread_of(hidden))
        input_load = self._input_load(chunk, runs, trained, top)
        return value, RowGradients(ids, gradient, load), input_load

    @classmethod
    def log_probabilities(cls, hidden, output_matrix, counts, subsample, ns_exponent):
        """See `Loss.log_probabilities`."""
        tree = cls.prepare(counts, subsample)
        scores = hidden @ output_matrix.T
        logs = -np.logaddexp(0, [-scores, scores])  # of turning to 1, and to -1
        passed, ones = np.split(tree.top.T.astype(scores.dtype), 2)
        to_one, to_minus = logs[..., : tree.n_top]
        total = to_one @ ones + to_minus @ (passed - ones)
        words = np.repeat(np.arange(len(counts)), np.diff(tree.starts))
        for row, example in zip(total, logs.swapaxes(0, 1), strict=True):
            steps = np.where(tree.turns == 1, *example[:, tree.nodes])
            row += np.bincount(words, steps, minlength=len(row))
        return total

    def _array(self, name, shape, dtype=None):
        """Memory that is kept, and grows as needed."""
        size = int(np.prod(shape))
        if size > self._memory.get(name, np.empty(0)).size:
            self._memory[name] = np.empty(size + size // 4, dtype or self.layout.dtype)
        return self._memory[name][:size].reshape(shape)

    def _top(self, centres, top, hidden, hidden_gradient, gradient):
        """Value at the nodes near the root, and how many targets pass each."""
        # For each hidden layer and node: how many of its targets pass, and turn to 1.
        turns = self.members.swapaxes(1, 2) @ self.tree.top[centres].astype(top.dtype)
        turns = turns.reshape(-1, 2 * len(top))
        passed, ones = turns[:, : len(top)].copy(), turns[:, len(top) :].copy()
        flat = hidden.reshape(-1, hidden.shape[2])
        scores = flat @ top.T
        value = -float(np.vdot(ones, scores))
        slopes = np.empty_like(scores)
        value += logistic(scores, passed, slopes)
        slopes -= ones
        np.matmul(slopes, top, out=hidden_gradient.reshape(flat.shape))
        np.matmul(slopes.T, flat, out=gradient)
        return value, passed.sum(axis=0)

    def _tails(self, centres, trained):
        """Nodes below the top on the paths to all words of a strip, one after another.

        Returns
        -------
        totals : ndarray of shape (n_strips,), int
        nodes, turns, owners : ndarrays of shape (n_strips, max(totals)), int
            Filled up with zeros. `owners` are the positions of the words in the strip.
        """
        tree, (n_strips, strip) = self.tree, centres.shape
        starts = tree.starts[centres]
        lengths = (tree.starts[centres + 1] - starts) * trained
        totals = lengths.sum(axis=1)
        each = lengths.reshape(-1)
        source = np.repeat(starts.reshape(-1) - np.cumsum(each) + each, each)
        source += np.arange(len(source))
        owner = np.repeat(np.tile(np.arange(strip), n_strips), each)
        filled = np.zeros((3, n_strips, totals.max(initial=0)), np.int32)
        used = np.arange(filled.shape[2]) < totals[:, None]
        for table, values in zip(
            filled, (tree.nodes[source], tree.turns[source], owner), strict=True
        ):
            table[used] = values
        return totals, *filled

    def _shelves(self, totals, nodes, turns, owners):
        """Yield strips of similar totals, with what `_tails` found."""
        for rows in np.array_split(np.argsort(totals, kind="stable"), SHELVES):
            width = totals[rows].max(initial=0)
            if width:
                yield rows, *(a[rows, :width] for a in (nodes, turns, owners))

    def _shelf(self, tails, arrays):
        """Value at the nodes of some strips, and how many pairs pass each."""
        rows, nodes, turns, owners = tails
        output_matrix, hidden, hidden_gradient, gradient = arrays
        signs = -turns[..., None].astype(hidden.dtype)
        vectors = self._array("vectors", (*nodes.shape, hidden.shape[2]))
        gather(output_matrix, nodes, vectors)
        ids, flat = self.inputs[rows], hidden.reshape(-1, hidden.shape[2])
        inputs = self._array("inputs", (*ids.shape, hidden.shape[2]))
        gather(flat, ids, inputs)
        shape = (*nodes.shape, ids.shape[1])
        margins, slopes, weights = (
            self._array(name, shape) for name in ("margins", "slopes", "weights")
        )
        _, strip, n_inputs = self.strip_members.shape
        members = self.strip_members.reshape(-1, n_inputs)
        members_of = rows[:, None] * strip + owners
        gather(members, members_of, weights)
        np.matmul(vectors, inputs.swapaxes(1, 2), out=margins)
        margins *= signs
        value = logistic(margins, weights, slopes)
        slopes *= signs
        np.matmul(slopes, inputs, out=gradient.reshape(vectors.shape))
        np.matmul(slopes.swapaxes(1, 2), vectors, out=inputs)
        scatter_add(
            hidden_gradient.reshape(flat.shape),
            ids.reshape(-1),
            self.ones[: ids.size],
            inputs,
            self.indptr[: ids.size + 1],
        )
        # What fills up has slopes of zero, and margins of zero.
        n_pairs = members.sum(axis=1)[members_of]
        value -= np.log(2) * float(n_pairs[turns == 0].sum())
        return value, (n_pairs * (turns != 0)).reshape(-1)

    def _input_load(self, chunk, runs, trained, top):
        shares = (self.tree.lengths[chunk.centres[runs]] * trained).astype(top.dtype)
        if self.layout.cbow:
            shares /= chunk.n_inputs[runs]
        weights = shares[:, None] @ self.windows.matrices
        ids = chunk.windows[runs].reshape(-1)
        return Load(ids, weights.reshape(-1), spread_of(top[:, None]))
