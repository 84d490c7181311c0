"""Sampling: which tokens are kept, and how much each word counts as noise.

References
----------
.. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
.. [2] Bengio, Y., & Senécal, J.-S. (2003). "Quick training of probabilistic neural nets
   by importance sampling".
"""

import numpy as np
from numpy.typing import NDArray

SMALLEST = np.finfo(np.float32).tiny  # probability that a token is kept
STEEPEST = 1e300  # exponent, which leaves one word as noise, as any larger one


def keep_probability(
    counts: NDArray[np.int64], subsample: float
) -> NDArray[np.float32]:
    """Return the probability that a token of each word stays in the training stream.

    It is ``min(1, sqrt(t / f) + t / f)`` for a word of relative frequency ``f`` and the
    threshold ``t = subsample``: the form of the word2vec program, which [1]_ gives
    without its second term.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
    subsample : float
        0 keeps every token.

    Returns
    -------
    ndarray of shape (n_words,), float32
    """
    if subsample == 0 or subsample >= 1:
        return np.ones(len(counts), np.float32)
    # A word that never occurs may have any probability.
    ratio = subsample * counts.sum() / np.maximum(counts, 1)
    keep = np.minimum(1, np.sqrt(ratio) + ratio)
    # At 0, words would have no shares of the stream, which is empty long before.
    return np.maximum(keep, SMALLEST).astype(np.float32)


def noise_probability(
    counts: NDArray[np.int64], exponent: float
) -> NDArray[np.float64]:
    """Return the probability of each word as noise, ``p(w) ~ counts ** exponent`` [1]_.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
        At least one is positive.
    exponent : float
        1 gives the distribution of the corpus, 0 the uniform one over the words that
        occur in it.

    Returns
    -------
    ndarray of shape (n_words,), float64
        0 for a word that never occurs.
    """
    exponent = min(max(exponent, -STEEPEST), STEEPEST)
    logarithms = exponent * np.log(np.maximum(counts, 1))
    logarithms[counts == 0] = -np.inf
    noise = np.exp(logarithms - logarithms.max())
    return noise / noise.sum()


def noise_ratio(
    counts: NDArray[np.int64], stream: NDArray, exponent: float
) -> NDArray[np.float32]:
    """Return the ratio of each word's noise probability to its share of the stream.

    Noise words are those of the training stream itself, where word ``w`` has the
    probability ``q(w) ~ stream``. Weighted with ``p(w) / q(w)`` they stand for draws
    from the `noise_probability` of the words in the stream: importance sampling [2]_.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int
    stream : ndarray of shape (n_words,), float
        Expected number of tokens of each word in the stream.
    exponent : float
        See `noise_probability`.

    Returns
    -------
    ndarray of shape (n_words,), float32
        0 for a word that is not in the stream.
    """
    if not stream.any():
        return np.zeros(len(counts), np.float32)
    noise = noise_probability(np.where(stream > 0, counts, 0), exponent)
    ratio = np.divide(noise, stream, out=np.zeros(len(counts)), where=stream > 0)
    return (ratio * stream.sum()).astype(np.float32)
