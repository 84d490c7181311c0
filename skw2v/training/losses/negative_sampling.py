"""Negative sampling: seen pairs of words against pairs with noise.

References
----------
.. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
.. [2] Goldberg, Y., & Levy, O. (2014). "word2vec Explained: deriving Mikolov et al.'s
   negative-sampling word-embedding method".
"""

import numpy as np

from ..onehot import gather
from ..sampling import noise_probability
from ..windows import Band
from .logistic import logistic
from .loss import Load, Loss, RowGradients, spread_of


class NegativeSampling(Loss):
    """Logistic loss of seen pairs and of pairs with noise words [1]_ [2]_.

    For a hidden layer ``h``, its targets ``t`` and noise words ``c``::

        loss = sum_t [-log sigmoid(w_t . h) - sum_c weight_c * log sigmoid(-w_c . h)]

    The noise words of a position are the words of the other positions of its group;
    `Chunk` has their weights. For CBOW the target is the own word of the position, so
    that targets and noise are one product of matrices; for skip-gram the targets are
    the contexts, a band in the product of a run with its windows.
    """

    pointwise = staticmethod(logistic)

    def __init__(self, layout, shared):
        super().__init__(layout, shared)
        shape, window, n_components, self.cbow, dtype = layout
        n_rows = shape.run if self.cbow else shape.run + 2 * window
        size = shape.n_runs, n_rows, n_components
        self.words, self.gradient = np.empty((2, *size), dtype)
        core = slice(0, None) if self.cbow else slice(window, window + shape.run)
        self.centres, self.centre_gradient = self.words[:, core], self.gradient[:, core]
        self._allocate_pairs(shape, window, dtype)
        if not self.cbow:
            self.scores, self.band = (
                Band(shape.n_runs, shape.run, window, dtype) for _ in range(2)
            )
            self.spare = np.empty((shape.n_runs, shape.run, n_components), dtype)

    def _allocate_pairs(self, shape, window, dtype):
        # The pairs of the windows (skip-gram), then those of the groups.
        in_windows = shape.n_runs, shape.run, 0 if self.cbow else 2 * window + 1
        group = shape.group
        in_groups = shape.n_runs // group, shape.run, group, group
        n_window_pairs = int(np.prod(in_windows))
        pairs = np.empty((3, n_window_pairs + int(np.prod(in_groups))), dtype)
        self.margins, self.weights, self.slopes = pairs
        windows, groups = np.split(pairs, [n_window_pairs], axis=1)
        groups = groups.reshape(3, *in_groups)
        self.group_margins, self.group_weights, self.group_slopes = groups
        own = np.einsum("...ii->...i", groups)
        self.own_weights = own[1]
        targets = own if self.cbow else windows.reshape(3, *in_windows)
        self.target_margins, self.target_weights, self.target_slopes = targets

    @staticmethod
    def prepare(counts, hyperparameters):
        """Log of how often each word serves as noise, per target."""
        h = hyperparameters
        noise = h.negative * noise_probability(counts, h.ns_exponent)
        return np.log(noise, out=np.full(len(counts), -np.inf), where=noise > 0)

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """See `Loss.compute`."""
        ids = chunk.centres[runs] if self.cbow else chunk.windows[runs]
        gather(output_matrix, ids, self.words)
        self._weigh(chunk, runs, contexts)
        self._score(hidden)
        value = self.pointwise(self.margins, self.weights, self.slopes)
        self._differentiate(hidden, hidden_gradient)
        centres = chunk.centres[runs].reshape(-1)
        output_load = Load(
            centres, chunk.output_load[runs].reshape(-1), spread_of(hidden)
        )
        input_load = Load(
            centres, chunk.input_load[runs].reshape(-1), spread_of(self.words)
        )
        output = RowGradients(ids.reshape(-1), self.gradient, output_load)
        return value, output, input_load

    @staticmethod
    def log_probabilities(hidden, words, output_matrix, shared):
        """See `Loss.log_probabilities`.

        At the optimum a score is ``log p(t | h) - log(negative * p_noise(t))`` [2]_.
        Nothing makes the estimates sum to 1; they do so about.
        """
        estimates = hidden @ output_matrix[words].T
        estimates += shared[words]
        return estimates

    def _weigh(self, chunk, runs, contexts):
        """How often each pair counts."""
        group = self.layout.shape.group
        groups = slice(runs.start // group, runs.stop // group)
        n_targets = chunk.n_targets[groups]
        noise = chunk.noise_weight[groups]
        weights = self.group_weights
        np.multiply(
            n_targets[..., None], noise[..., None, :], out=weights, dtype=weights.dtype
        )
        if self.cbow:
            self.own_weights[...] = n_targets
        else:
            self.own_weights[...] = 0
            self.target_weights[...] = contexts

    def _score(self, hidden):
        """Margins of all pairs: scores of noise, and negative ones of targets."""
        by_group = self.layout.shape.by_group
        words = _T(by_group(self.centres))
        np.matmul(by_group(hidden), words, out=self.group_margins)
        scores = self.target_margins
        if not self.cbow:
            np.matmul(hidden, _T(self.words), out=self.scores.matrices)
            scores = self.scores.band
        # Not np.negative: it misreads rows that are 64 bytes apart (NumPy 2.4).
        np.multiply(scores, -1, out=self.target_margins)

    def _differentiate(self, hidden, hidden_gradient):
        """Gradients of the hidden layer and of the words, from those of the margins."""
        by_group = self.layout.shape.by_group
        slopes, words = self.group_slopes, by_group(self.centres)
        if self.cbow:
            np.multiply(self.target_slopes, -1, out=self.target_slopes)
            np.matmul(_T(slopes), by_group(hidden), out=by_group(self.gradient))
            np.matmul(slopes, words, out=by_group(hidden_gradient))
            return
        np.multiply(self.target_slopes, -1, out=self.band.band)
        np.matmul(_T(self.band.matrices), hidden, out=self.gradient)
        np.matmul(_T(slopes), by_group(hidden), out=by_group(self.spare))
        np.add(self.centre_gradient, self.spare, out=self.centre_gradient)
        np.matmul(self.band.matrices, self.words, out=hidden_gradient)
        np.matmul(slopes, words, out=by_group(self.spare))
        np.add(hidden_gradient, self.spare, out=hidden_gradient)


def _T(stack):
    """Transpose each matrix of a stack."""
    return stack.swapaxes(-1, -2)
