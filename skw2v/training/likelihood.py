"""How well a trained model tells the words of held-out windows from noise.

References
----------
.. [1] Gutmann, M., & Hyvärinen, A. (2012). "Noise-Contrastive Estimation of
   Unnormalized Statistical Models, with Applications to Natural Image Statistics".
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse import csr_array

from .losses import LOSSES
from .losses.logistic import softplus
from .onehot import one_hot
from .sampling import keep_probability
from .threads import Team, single_threaded_blas
from .windows import side_tables, sides

NOISE = 1000  # words that stand for the noise distribution
PAIRS = 1 << 20  # pairs of windows that are in memory at a time
EXAMPLES = 256  # hidden layers that one thread computes at a time


class Likelihood:
    """Log-likelihood of pairs of words, one seen in a window and one with noise [1]_.

    For a hidden layer ``h``, its target ``t`` and noise words ``c``, which are drawn
    from the distribution ``q`` of the words in the training stream::

        r(w) = log p(w | h) - log q(w)
        log sigmoid(r(t)) + mean over c of log sigmoid(-r(c))

    That is minus the loss of negative sampling with ``negative=1`` and
    ``ns_exponent=1``, whatever loss the model was trained with. Nothing is drawn: the
    pairs count as often as they are expected in training, and the noise words are the
    1,000 quantiles of ``q``, words in the order of their rows.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
        Occurrences of each word in training.
    input_matrix, output_matrix : ndarrays
        Embedding and output weights.
    hyperparameters : Hyperparameters
        Those of training.
    """

    def __init__(self, counts, input_matrix, output_matrix, hyperparameters):
        h = hyperparameters
        self.input_matrix, self.output_matrix = input_matrix, output_matrix
        self.window, self.shrink_windows, self.cbow = h.window, h.shrink_windows, h.cbow
        self.keep = keep_probability(counts, h.subsample).astype(np.float64)
        share = counts * self.keep / (counts @ self.keep)
        quantiles = (np.arange(NOISE) + 0.5) / NOISE
        self.noise = np.searchsorted(np.cumsum(share), quantiles)
        self.log_share = np.log(share, out=np.zeros_like(share), where=share > 0)
        self.loss = LOSSES[h.loss]
        self.shared = self.loss.prepare(counts, h)

    def mean(self, ids, offsets, n_threads):
        """Mean over the pairs of a corpus.

        Parameters
        ----------
        ids : ndarray of shape (n_words_of_corpus,), int32
            Words that occurred in training.
        offsets : ndarray of shape (n_documents + 1,), int64
        n_threads : int

        Returns
        -------
        float
            In nats; NaN if there is no pair.
        """
        value = n_pairs = 0.0
        with single_threaded_blas, Team(n_threads) as team:
            for inputs, targets in self.examples(ids, offsets):
                cuts = range(0, inputs.shape[0], EXAMPLES)
                parts = [slice(start, start + EXAMPLES) for start in cuts]
                examples = [(inputs[part], targets[part]) for part in parts]
                value += sum(team.map(self._sum, examples))
                n_pairs += float(targets.sum())
        return value / n_pairs if n_pairs else float("nan")

    def examples(self, ids, offsets):
        """Yield the inputs and targets of the hidden layers, part by part.

        Parameters
        ----------
        ids, offsets
            As of `mean`.

        Yields
        ------
        inputs : csr_array of shape (n_examples, n_words)
            ``X`` of the hidden layers ``X @ W_in``.
        targets : csr_array of shape (n_examples, n_words)
            How often each word is expected as a target.
        """
        lengths = np.diff(offsets)
        window = min(self.window, lengths.max(initial=0))
        reach, width = self._reach(window), 2 * window + 1
        before, after = (reach * table for table in side_tables(window, np.float64))
        left, right = sides(lengths, np.full(len(ids), window, np.int32))
        # NumPy wants to see one window at least, even if there is no word.
        padded = np.pad(ids, (window, window + 1))
        windows = sliding_window_view(padded, width)[: len(ids)]
        size = max(1, PAIRS // width)
        for start in range(0, len(ids), size):
            here = slice(start, start + size)
            weights = before[left[here]] + after[right[here]]
            weights *= self.keep[windows[here]]
            yield self._of_model(ids[here], windows[here], weights)

    def _sum(self, examples):
        """Summed log-likelihood of some examples."""
        inputs, targets = examples
        hidden = inputs.astype(self.input_matrix.dtype) @ self.input_matrix
        words, column = np.unique(
            np.concatenate([self.noise, targets.indices]), return_inverse=True
        )
        ratios = self.loss.log_probabilities(
            hidden, words, self.output_matrix, self.shared
        )
        ratios -= self.log_share[words]
        noise, target = np.split(column, [NOISE])
        row = np.repeat(np.arange(len(ratios)), np.diff(targets.indptr))
        of_noise = softplus(np.take(ratios, noise, axis=1)).mean(axis=1)
        of_targets = softplus(-ratios[row, target])
        return -float(targets.sum(axis=1) @ of_noise + targets.data @ of_targets)

    def _reach(self, window):
        """Probability that a window reaches each of its places."""
        distance = np.abs(np.arange(-window, window + 1))
        if self.shrink_windows:
            return (self.window + 1 - distance) / self.window
        return np.ones(len(distance))

    def _of_model(self, ids, windows, weights):
        """Inputs and targets, from the weights of the words of each window."""
        centres = one_hot(ids, len(self.keep), np.float64)
        centres.data = self.keep[ids]
        position, place = np.nonzero(weights)
        contexts = csr_array(
            (weights[position, place], (position, windows[position, place])),
            shape=centres.shape,
        )
        if self.cbow:
            total = contexts.sum(axis=1)
            contexts.data /= np.repeat(total, np.diff(contexts.indptr))
            return contexts[total > 0], centres[total > 0]
        # The hidden layer depends on the word at the centre alone.
        words = np.unique(ids)
        return one_hot(words, len(self.keep)), (centres.T @ contexts).tocsr()[words]
