"""Sampling: which occurrences are kept, how much each word counts as noise.

References
----------
.. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
.. [2] Bengio, Y., & Senécal, J.-S. (2003). "Quick training of probabilistic neural nets
   by importance sampling".
"""

import numpy as np


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


def noise_probability(counts, exponent):
    """Probability of each word as noise, ``p(w) ~ counts ** exponent`` [1]_.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
        At least one is positive.
    exponent : float
        1 is the distribution of the corpus, 0 the uniform one over the words that
        occur in it.

    Returns
    -------
    ndarray of shape (n_words,), float64
        0 for a word that never occurs.
    """
    logarithms = exponent * np.log(np.maximum(counts, 1))
    logarithms[counts == 0] = -np.inf
    noise = np.exp(logarithms - logarithms.max())
    return noise / noise.sum()


def noise_ratio(counts, keep, exponent):
    """How much more often words serve as noise than they occur in the stream.

    Noise words are those of the training stream itself, where word ``w`` has the
    probability ``q(w) ~ counts * keep``. Weighted with ``p(w) / q(w)`` they stand for
    draws from `noise_probability`: importance sampling [2]_.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
    keep : ndarray of shape (n_words,), float
        Probability that an occurrence of each word stays in the stream.
    exponent : float
        As of `noise_probability`.

    Returns
    -------
    ndarray of shape (n_words,), float32
        0 for a word that never occurs.
    """
    noise, stream = noise_probability(counts, exponent), counts * keep
    ratio = np.divide(noise, stream, out=np.zeros(len(counts)), where=counts > 0)
    return (ratio * stream.sum()).astype(np.float32)
