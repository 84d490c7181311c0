"""How well a trained model tells the words of held-out windows from noise.

References
----------
.. [1] Gutmann, M., & Hyvärinen, A. (2012). "Noise-Contrastive Estimation of
   Unnormalized Statistical Models, with Applications to Natural Image Statistics".
"""

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..corpus import Corpus
from .losses.logistic import softplus
from .model import Model
from .onehot import one_hot
from .sampling import keep_probability
from .windows import side_tables, sides
from .workers import Team

NOISE = 1000  # words that stand for the noise distribution
PAIRS = 1 << 20  # maximum number of pairs of windows in memory at once
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
    1,000 quantiles of ``q``, with the words in the order of their rows.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self.model, h, counts = model, model.hyperparameters, model.counts
        self.loss = model.loss  # built here, before several threads ask for it
        self.window, self.shrink_windows, self.cbow = h.window, h.shrink_windows, h.cbow
        self.keep = keep_probability(counts, h.subsample).astype(np.float64)
        share = counts * self.keep / (counts @ self.keep)
        quantiles = (np.arange(NOISE) + 0.5) / NOISE
        self.noise = np.searchsorted(np.cumsum(share), quantiles)
        self.log_share = np.log(share, out=np.zeros_like(share), where=share > 0)

    def mean(self, corpus: Corpus, n_threads: int) -> float:
        """Return the mean over the pairs of a corpus.

        Parameters
        ----------
        corpus : Corpus
            Its words have occurred in training.
        n_threads : int

        Returns
        -------
        float
            In nats; NaN if there is no pair.
        """
        value = n_pairs = 0.0
        with Team(n_threads) as team, team.start():
            for inputs, targets in self.examples(corpus):
                cuts = range(0, inputs.shape[0], EXAMPLES)
                parts = [slice(start, start + EXAMPLES) for start in cuts]
                value += sum(
                    team.map(
                        self._sum,
                        [inputs[part] for part in parts],
                        [targets[part] for part in parts],
                    )
                )
                n_pairs += float(targets.sum())
        return value / n_pairs if n_pairs else float("nan")

    def examples(self, corpus: Corpus) -> Iterator[tuple[csr_array, csr_array]]:
        """Yield the inputs and targets of the hidden layers, part by part.

        Parameters
        ----------
        corpus : Corpus
            See `mean`.

        Yields
        ------
        inputs : csr_array of shape (n_examples, n_words)
            ``X`` of the hidden layers ``X @ W_in``.
        targets : csr_array of shape (n_examples, n_words)
            How often each word is expected as a target.
        """
        n_tokens = corpus.n_tokens
        reach = min(self.window, int(corpus.lengths.max(initial=0)))
        probability, width = self._probability_of_reach(reach), 2 * reach + 1
        before, after = (probability * t for t in side_tables(reach, np.float64))
        size = max(1, PAIRS // width)
        for start in range(0, n_tokens, size):
            stop = min(start + size, n_tokens)
            low, high = max(0, start - reach), min(stop + reach, n_tokens)
            around = corpus.part(low, high)
            here = slice(start - low, stop - low)
            left, right = sides(around.lengths, np.full(high - low, reach, np.int32))
            padded = np.pad(around.ids[:], reach)
            windows = sliding_window_view(padded, width)[here]
            weights = before[left[here]] + after[right[here]]
            weights *= self.keep[windows]
            yield self._of_model(around.ids[here], windows, weights)

    def _sum(self, inputs: csr_array, targets: csr_array) -> float:
        """Return the summed log-likelihood of some examples."""
        input_matrix = self.model.input_matrix
        hidden = inputs.astype(input_matrix.dtype) @ input_matrix
        ids, column = np.unique(
            np.concatenate([self.noise, targets.indices]), return_inverse=True
        )
        ratios = self.loss.log_probabilities(hidden, ids, self.model.output_matrix)
        ratios -= self.log_share[ids]
        noise, target = np.split(column, [NOISE])
        row = np.repeat(np.arange(len(ratios)), np.diff(targets.indptr))
        of_noise = softplus(np.take(ratios, noise, axis=1)).mean(axis=1)
        of_targets = softplus(-ratios[row, target])
        return -float(targets.sum(axis=1) @ of_noise + targets.data @ of_targets)

    def _probability_of_reach(self, reach: int) -> NDArray[np.float64]:
        """Return the probability that a window extends to each distance."""
        distance = np.abs(np.arange(-reach, reach + 1))
        if self.shrink_windows:
            return (self.window + 1 - distance) / self.window
        return np.ones(len(distance))

    def _of_model(
        self, ids: NDArray[np.int32], windows: NDArray[np.int32], weights: NDArray
    ) -> tuple[csr_array, csr_array]:
        """Return inputs and targets, from the weights of the tokens of each window."""
        centers = one_hot(ids, len(self.keep), np.float64)
        centers.data = self.keep[ids]
        position, place = np.nonzero(weights)
        contexts = csr_array(
            (weights[position, place], (position, windows[position, place])),
            shape=centers.shape,
        )
        if self.cbow:
            total = contexts.sum(axis=1)
            contexts.data /= np.repeat(total, np.diff(contexts.indptr))
            return contexts[total > 0], centers[total > 0]
        # The hidden layer depends on the center word alone.
        distinct = np.unique(ids)
        return one_hot(distinct, len(self.keep)), (centers.T @ contexts).tocsr()[
            distinct
        ]
