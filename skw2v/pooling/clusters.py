"""Soft clusters of words, and a weighted average for each of them.

References
----------
.. [1] Mekala, D., Gupta, V., Paranjape, B., & Karnick, H. (2017). "SCDV: Sparse
   Composite Document Vectors using soft clustering over distributional
   representations".
   https://arxiv.org/abs/1612.06778
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from ..corpus import Corpus
from .features import WordFeatures
from .pieces import (
    BLOCK,
    Block,
    blocks,
    pool,
    sums_of_pieces,
    sums_of_rows,
    total_weights,
)

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
    """Cluster words by the directions of their vectors [1]_.

    The clusters are those of a mixture of normal distributions. A vector of zeros has
    no direction and stays as it is.

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
    directions = _directions(vectors)
    # One thread, because sums of several threads would differ from run to run.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(directions[sample])
        return _memberships(mixture, directions)


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
    directions = _directions(vectors)
    known, of_known = directions[:n_known].astype(float), memberships.astype(float)
    totals = of_known.sum(axis=0) + np.finfo(float).tiny
    mixture.weights_ = totals / totals.sum()
    with threadpool_limits(1):
        means = of_known.T @ known / totals[:, None]
        squares = of_known.T @ known**2 / totals[:, None]
        mixture.means_ = means
        mixture.covariances_ = np.maximum(squares - means**2, 0) + mixture.reg_covar
        mixture.precisions_cholesky_ = 1 / np.sqrt(mixture.covariances_)
        return _memberships(mixture, directions)


def _directions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale vectors to length 1, as their length says how frequent the word is."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    lengths[lengths == 0] = 1
    return vectors / lengths[:, None].astype(np.float32)


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

    Block by block, the tokens are put in order by document and cluster. Only clusters
    that a document has are summed; the others keep their zeros.

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
    of_clusters = rows.reshape(len(rows), n_clusters, vectors.shape[1])
    sizes = BLOCK // rows.shape[1], BLOCK // vectors.shape[1]
    for documents, ids, bounds in blocks(corpus, *sizes):
        numbers, of_piece = np.unique(documents, return_inverse=True)
        document = np.repeat(of_piece, np.diff(bounds))
        weight = (weights[ids] / totals[numbers[document]]).astype(np.float32)
        groups = _by_cluster(memberships[row_of[ids]], document, weight)
        filled = np.flatnonzero(np.diff(groups.indptr))
        offsets = np.append(groups.indptr[filled], groups.nnz)
        sums = _sums(vectors, ids[groups.indices], offsets, groups.data)
        document, cluster = np.divmod(filled, n_clusters)
        of_clusters[numbers[document], cluster] += sums


def _by_cluster(
    memberships: csr_array, document: NDArray[np.int64], weight: NDArray[np.float32]
) -> csr_array:
    """Return the weighted memberships of tokens, a row per document and cluster.

    Parameters
    ----------
    memberships : csr_array of shape (n_tokens, n_clusters)
    document : ndarray of shape (n_tokens,), int64
        Document of each token, from 0 on, in order.
    weight : ndarray of shape (n_tokens,), float32

    Returns
    -------
    csr_array of shape (n_documents * n_clusters, n_tokens)
    """
    n_tokens, n_clusters = memberships.shape
    n_entries = np.diff(memberships.indptr)
    first_row = np.repeat(n_clusters * document, n_entries)
    return csc_array(
        (
            memberships.data * np.repeat(weight, n_entries),
            first_row + memberships.indices,
            memberships.indptr,
        ),
        shape=(n_clusters * (document[-1] + 1), n_tokens),
    ).tocsr()


def _sums(
    vectors: NDArray[np.float32],
    ids: NDArray[np.int32],
    offsets: NDArray,
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the weighted sums of ``vectors[ids]``, from each offset to the next."""
    entries = Corpus(np.arange(len(ids), dtype=np.int32), offsets)
    sums = np.zeros((entries.n_documents, vectors.shape[1]), np.float32)

    def of_pieces(block: Block) -> NDArray:
        places, bounds = block.ids, block.bounds
        return sums_of_rows(vectors, ids[places], bounds, weights[places])

    pool(entries, sums, vectors.shape[1], of_pieces, sums_of_pieces, np.add)
    return sums
