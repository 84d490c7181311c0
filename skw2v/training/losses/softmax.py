"""The exact softmax over the vocabulary.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
.. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
"""

import numpy as np
from scipy.special import log_softmax

from .loss import Load, Loss, RowGradients, pairs_of, spread_of

LOGITS = 1 << 24  # that are in memory at a time: 64 MiB in float32
# The rows of the second derivative of the logits sum to 2 p at most, in absolute
# values; 8 times the 1/4 of the logistic loss, for which `RowSGD` is made.
CURVATURE = 8.0


class Softmax(Loss):
    """Cross-entropy of the probabilities of all words [1]_ [2]_.

    For a hidden layer ``h`` and its targets ``t``::

        p = softmax(W_out @ h)
        loss = -sum_t log p_t
        gradient of the logits = n_targets * p - (how often each word is a target)

    Its cost is that of a product with all output weights, so that it suits a vocabulary
    of some thousand words. For skip-gram the hidden layer depends on the centre alone:
    all its occurrences in a tile share their probabilities.
    """

    def __init__(self, layout, shared):
        super().__init__(layout, shared)
        self.gradient = np.empty((shared, layout.n_components), layout.dtype)
        self.words = np.arange(shared, dtype=np.int32)

    @staticmethod
    def prepare(counts, hyperparameters):
        """Number of words."""
        return len(counts)

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """See `Loss.compute`."""
        centres = chunk.centres[runs].reshape(-1)
        positions, targets = pairs_of(chunk, runs, contexts, self.layout.cbow)
        rows, first = self._rows(centres, positions)
        order = np.argsort(rows, kind="stable")
        rows, targets = rows[order], targets[order]
        hidden, hidden_gradient = (
            array.reshape(-1, array.shape[-1]) for array in (hidden, hidden_gradient)
        )
        hidden_gradient[...] = 0
        self.gradient[...] = 0
        expected = np.zeros(len(output_matrix))
        value, size = 0.0, max(1, LOGITS // len(output_matrix))
        for start in range(0, len(first), size):
            here = slice(*np.searchsorted(rows, (start, start + size)))
            part = first[start : start + size]
            vectors = hidden[part]
            loss, counts, slopes = cross_entropy(
                vectors @ output_matrix.T, rows[here] - start, targets[here]
            )
            value += loss
            expected += counts
            hidden_gradient[part] = slopes @ output_matrix
            self.gradient += slopes.T @ vectors
        seen = np.bincount(targets, minlength=len(expected))
        load = CURVATURE * (expected + seen)
        output_load = Load(self.words, load, spread_of(hidden[:, None]))
        load = CURVATURE * np.bincount(positions, minlength=len(centres))
        input_load = Load(centres, load, spread_of(output_matrix[:, None]))
        return value, RowGradients(self.words, self.gradient, output_load), input_load

    @staticmethod
    def log_probabilities(hidden, words, output_matrix, shared):
        """See `Loss.log_probabilities`."""
        return log_softmax(hidden @ output_matrix.T, axis=1)[:, words]

    def _rows(self, centres, positions):
        """Distinct hidden layers.

        Returns
        -------
        rows : ndarray of shape (n_pairs,), int
            Hidden layer of each pair.
        first : ndarray of shape (n_rows,), int
            A position with that hidden layer.
        """
        same = positions if self.layout.cbow else centres[positions]
        _, first, rows = np.unique(same, return_index=True, return_inverse=True)
        return rows, positions[first]


def cross_entropy(logits, rows, targets):
    """Cross-entropy of a softmax, with several targets for each row.

    Parameters
    ----------
    logits : ndarray of shape (n_rows, n_words)
        Overwritten.
    rows, targets : ndarrays of shape (n_pairs,), int
        Row and word of each target; every row has one at least.

    Returns
    -------
    value : float
        ``-sum(log softmax(logits)[rows, targets])``, in nats.
    expected : ndarray of shape (n_words,)
        How often the model expects each word as a target.
    slopes : ndarray like `logits`
        The gradient, in its memory.
    """
    n_targets = np.bincount(rows, minlength=len(logits)).astype(logits.dtype)
    logits -= logits.max(axis=1, keepdims=True)  # exp can't overflow
    value = -np.sum(logits[rows, targets], dtype=np.float64)
    slopes = np.exp(logits, out=logits)
    total = slopes.sum(axis=1)
    value += np.sum(n_targets * np.log(total), dtype=np.float64)
    slopes *= (n_targets / total)[:, None]
    expected = slopes.sum(axis=0, dtype=np.float64)
    np.subtract.at(slopes, (rows, targets), 1)
    return float(value), expected, slopes
