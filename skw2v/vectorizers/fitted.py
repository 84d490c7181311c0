"""The fitted attributes of vectorizers, and the model and the features that they hold.

They are dicts, arrays, a list and a number, which pickle, joblib and skops can store.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from ..pooling import POOLINGS, WEIGHTINGS, WordFeatures
from ..pooling.clusters import soft_clusters
from ..training.hyperparameters import Hyperparameters
from ..training.model import Model

# Attributes that are arrays, or can be stored as one, with their dtypes.
ARRAYS = {
    "embeddings_": np.float32,
    "output_embeddings_": np.float32,
    "word_counts_": np.int64,
    "word_weights_": np.float32,
    "word_clusters_": np.float32,
    "loss_curve_": np.float64,
}


def fitted_attributes(
    words: list[str], model: Model, losses: list[float]
) -> dict[str, Any]:
    """Return the attributes that hold a model.

    Parameters
    ----------
    words : list of str
        Word of each row.
    model : Model
    losses : list of float
        Mean loss of each epoch.

    Returns
    -------
    dict of str to object
        Not copied: if training goes on, it changes the matrices.
    """
    return {
        "vocabulary_": {word: row for row, word in enumerate(words)},
        "word_counts_": model.counts,
        "embeddings_": model.input_matrix,
        "output_embeddings_": model.output_matrix,
        "loss_curve_": losses,
        "n_iter_": len(losses),
        "hyperparameters_": asdict(model.hyperparameters),
    }


def model_of(estimator: Any) -> Model:
    """Return the model that the fitted attributes of an estimator hold."""
    return Model(
        Hyperparameters(**estimator.hyperparameters_),
        estimator.word_counts_,
        estimator.embeddings_,
        estimator.output_embeddings_,
    )


def pooling_of(estimator: Any) -> dict[str, Any]:
    """Return how the parameters of an estimator ask to pool.

    Parameters
    ----------
    estimator : PoolingVectorizer

    Returns
    -------
    dict of str to object
        `weighting`, `pooling` as a list, and `n_clusters`, 0 without clusters.

    Raises
    ------
    ValueError
        `pooling` is a tuple of something other than different poolings.
    """
    names = estimator.pooling
    names = [names] if isinstance(names, str) else [*names]
    if not names or len({*names} & {*POOLINGS}) < len(names):
        raise ValueError(
            f"pooling must be one of {list(POOLINGS)}, or a tuple of different ones; "
            f"got {estimator.pooling!r}."
        )
    n_clusters = estimator.n_clusters if "clusters" in names else 0
    return {
        "weighting": estimator.weighting,
        "pooling": names,
        "n_clusters": n_clusters,
    }


def pooling_attributes(
    estimator: Any,
    corpus: Corpus,
    vectors: NDArray[np.float32],
    seed: int,
) -> dict[str, Any]:
    """Return the attributes that hold what poolings know of the words.

    Parameters
    ----------
    estimator : PoolingVectorizer
    corpus : Corpus
        The documents of `fit`.
    vectors : ndarray of shape (n_words, n_components), float32
    seed : int

    Returns
    -------
    dict of str to object
    """
    pooling, n_words = pooling_of(estimator), len(vectors)
    weights = WEIGHTINGS[pooling["weighting"]](corpus, n_words)
    memberships = np.zeros((n_words, 0), np.float32)
    if n_clusters := pooling["n_clusters"]:
        counts = corpus.counts(n_words)
        memberships = soft_clusters(vectors, counts, n_clusters, seed)
    return {
        "pooling_": pooling,
        "word_weights_": weights.astype(np.float32),
        "word_clusters_": memberships,
    }


def features_of(estimator: Any, vectors: NDArray[np.float32]) -> WordFeatures:
    """Return what the fitted attributes of an estimator say of the words."""
    return WordFeatures(vectors, estimator.word_weights_, estimator.word_clusters_)
