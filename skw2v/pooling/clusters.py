"""Soft clusters of words, and a weighted average for each of them.

References
----------
.. [1] Mekala, D., Gupta, V., Paranjape, B., & Karnick, H. (2017). "SCDV: Sparse
   Composite Document Vectors using soft clustering over distributional
   representations".
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from ..corpus import Corpus
from .features import WordFeatures
from .pieces import Block, pool, sums_of_pieces, total_weights

SMALLEST = 0.02  # memberships below it are dropped, as small values are in SCDV
SAMPLE = 20_000  # words from which the mixture is learned: the most frequent
SLICE = 1 << 14  # words whose memberships are computed at a time
ITERATIONS = 30  # of expectation-maximization, at most


def check_number(n_clusters: int, n_words: int) -> None:
    """Raise a ValueError if there are more clusters than words."""
    if n_clusters > n_words:
        raise ValueError(
            f"n_clusters={n_clusters} is more than the {n_words} words; lower it."
        )


def soft_clusters(
    vectors: NDArray[np.float32], counts: NDArray, n_clusters: int, seed: int
) -> NDArray[np.float32]:
    """Cluster words by their vectors, with a mixture of normal distributions [1]_.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components), float32
    counts : ndarray of shape (n_words,)
        Tokens of each word: the mixture is learned from the most frequent words.
    n_clusters : int
    seed : int

    Returns
    -------
    ndarray of shape (n_words, n_clusters), float32
        Probability of each cluster, given the word; 0 where it is small.

    Raises
    ------
    ValueError
        There are more clusters than words.
    """
    check_number(n_clusters, len(vectors))
    if n_clusters == 1:
        return np.ones((len(vectors), 1), np.float32)
    # Imported here because it takes half a second, and few poolings need it.
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    mixture = GaussianMixture(
        n_clusters, covariance_type="diag", max_iter=ITERATIONS, random_state=seed
    )
    sample = np.argsort(-counts, kind="stable")[:SAMPLE]
    scaled = _scaled(vectors, sample)
    # One thread, because sums of several threads would differ from run to run.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(scaled[sample])
        return _memberships(mixture, scaled)


def updated_clusters(
    vectors: NDArray[np.float32], memberships: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the memberships of words whose vectors have changed, and of new words.

    That is one step of expectation-maximization, so the clusters keep their numbers.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components), float32
    memberships : ndarray of shape (n_known, n_clusters), float32
        Those of the first words before.

    Returns
    -------
    ndarray of shape (n_words, n_clusters), float32
        See `soft_clusters`.
    """
    n_known, n_clusters = memberships.shape
    if n_clusters == 1:
        return np.ones((len(vectors), 1), np.float32)
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    mixture = GaussianMixture(n_clusters, covariance_type="diag")
    scaled = _scaled(vectors, slice(n_known))
    known, of_known = scaled[:n_known].astype(float), memberships.astype(float)
    totals = of_known.sum(axis=0) + np.finfo(float).tiny
    mixture.weights_ = totals / totals.sum()
    with threadpool_limits(1):
        means = of_known.T @ known / totals[:, None]
        squares = of_known.T @ known**2 / totals[:, None]
        mixture.means_ = means
        mixture.covariances_ = np.maximum(squares - means**2, 0) + mixture.reg_covar
        mixture.precisions_cholesky_ = 1 / np.sqrt(mixture.covariances_)
        return _memberships(mixture, scaled)


def memberships_of(
    vectors: NDArray[np.float32], words: WordFeatures
) -> NDArray[np.float32]:
    """Return the memberships of further words in the clusters of known ones.

    Parameters
    ----------
    vectors : ndarray of shape (n_further, n_components), float32
    words : WordFeatures
        The known words, of which the first ones are enough.

    Returns
    -------
    ndarray of shape (n_further, n_clusters), float32
        See `soft_clusters`.
    """
    memberships = words.memberships[:SAMPLE]
    if not memberships.shape[1] or not len(vectors):
        return np.zeros((len(vectors), memberships.shape[1]), np.float32)
    both = np.concatenate([words.vectors[:SAMPLE], vectors])
    return updated_clusters(both, memberships)[len(memberships) :]


def _scaled(vectors: NDArray[np.float32], sample: Any) -> NDArray[np.float32]:
    """Return vectors whose components have a root mean square of 1 in a sample."""
    scale = np.sqrt(np.mean(np.square(vectors[sample], dtype=np.float64))) or 1.0
    return vectors / np.float32(scale)


def _memberships(mixture: Any, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = [
        mixture.predict_proba(vectors[start : start + SLICE])
        for start in range(0, len(vectors), SLICE)
    ]
    memberships = np.concatenate(parts, dtype=np.float32)
    memberships[memberships < SMALLEST] = 0
    return memberships


def clusters(corpus: Corpus, features: WordFeatures, rows: NDArray[np.float32]) -> None:
    """Average the vectors of the tokens of each document, cluster by cluster [1]_.

    With ``p[t, k]`` the membership of token ``t`` in cluster ``k``, the columns of that
    cluster are::

        sum_t a[t] * p[t, k] * v[t] / sum_t a[t]

    That is one product of a sparse matrix, with a row for each document and cluster and
    a column for each token, and the vectors of the tokens.

    Parameters
    ----------
    corpus, features, rows
        See `Pooling`.
    """
    vectors, weights = features.vectors, features.weights
    n_words, n_clusters = features.memberships.shape
    # Only those of the words at hand: a table may have a million others.
    used = np.flatnonzero(corpus.counts(n_words))
    memberships = csr_array(features.memberships[used])
    row_of = np.zeros(n_words, np.int32)
    row_of[used] = np.arange(len(used))
    totals = total_weights(corpus, weights)

    def of_pieces(block: Block) -> NDArray:
        documents, ids, bounds = block
        of_tokens = memberships[row_of[ids]]
        n_entries = np.diff(of_tokens.indptr)
        piece = np.repeat(np.arange(len(documents)), np.diff(bounds))
        weight = weights[ids] / totals[documents[piece]]
        product = csc_array(
            (
                of_tokens.data * np.repeat(weight, n_entries).astype(np.float32),
                of_tokens.indices + n_clusters * np.repeat(piece, n_entries),
                of_tokens.indptr,
            ),
            shape=(len(documents) * n_clusters, len(ids)),
        )
        return (product @ vectors[ids]).reshape(len(documents), -1)

    pool(corpus, rows, vectors.shape[1], of_pieces, sums_of_pieces, np.add)
