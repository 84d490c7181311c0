"""Random draws: which positions are kept, which words serve as noise.

References
----------
.. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
"""

import numpy as np

NOISE_WORDS = 32  # noise words that the positions of a block share


def keep_probability(counts, subsample):
    """Probability that an occurrence of each word stays in the training stream.

    ``min(1, sqrt(t / f) + t / f)`` for a word of relative frequency ``f`` and the
    threshold ``t = subsample``: the form of the word2vec program, which [1]_ gives
    without its second term.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
    subsample : float
        0 keeps every occurrence.

    Returns
    -------
    ndarray of shape (n_words,), float32
    """
    if subsample == 0:
        return np.ones(len(counts), np.float32)
    # A word that never occurs may have any probability.
    ratio = subsample * counts.sum() / np.maximum(counts, 1)
    return np.minimum(1, np.sqrt(ratio) + ratio).astype(np.float32)


class NoiseDistribution:
    """Words drawn in proportion to ``counts ** exponent`` [1]_.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
        At least one is positive.
    exponent : float
        1 is the distribution of the corpus, 0 the uniform one over the words that
        occur in it.
    """

    def __init__(self, counts, exponent):
        logarithms = exponent * np.log(np.maximum(counts, 1))
        logarithms[counts == 0] = -np.inf
        cumulated = np.cumsum(np.exp(logarithms - logarithms.max()))
        self.cumulated = cumulated / cumulated[-1]

    def draw(self, rng, size):
        """Word ids, independent of each other.

        Parameters
        ----------
        rng : numpy.random.Generator
        size : int

        Returns
        -------
        ndarray of shape (size,), int32
        """
        # Sorted numbers are found three times as fast: they walk through the table.
        uniform = np.sort(rng.random(size))
        # side="right" never returns a word of probability 0.
        ids = self.cumulated.searchsorted(uniform, side="right")
        return rng.permutation(ids.astype(np.int32))
