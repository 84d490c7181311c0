"""The fitted attributes of vectorizers, and what they hold.

They are dicts, arrays, a list and a number, which pickle, joblib and skops can store.
"""

from dataclasses import asdict, dataclass
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..pooling import POOLINGS, WEIGHTINGS, Frequencies, WordFeatures
from ..pooling.clusters import soft_clusters, updated_clusters
from ..text.rare_words import RareWords
from ..text.subwords import as_subwords
from ..text.vocabulary import Vocabulary
from ..training.hyperparameters import Hyperparameters
from ..training.model import Model
from ..training.trainer import Progress
from ..word_vectors import WordVectors
from ..word_vectors.pieces import PieceVectors

KINDS = ("input", "output", "sum")  # of word vectors
# Attributes that are arrays, or can be stored as one, with their dtypes.
ARRAYS = {
    "embeddings_": np.float32,
    "output_embeddings_": np.float32,
    "subword_embeddings_": np.float32,
    "word_counts_": np.int64,
    "word_weights_": np.float32,
    "word_clusters_": np.float32,
    "document_counts_": np.int64,
    "rare_word_hashes_": np.int64,
    "rare_word_counts_": np.int64,
    "loss_curve_": np.float64,
}


@dataclass(frozen=True)
class TrainingState:
    """Where a training stands: the attribute `training_state_`.

    Attributes
    ----------
    seed : int
        Seed of all draws.
    documents : str
        Digest of the last documents.
    n_tokens : int
        Number of their tokens.
    n_documents : int
        Number of all documents so far.
    n_before : int
        Number of epochs before those on the last documents.
    is_stream : bool
        Whether the last documents are one part of a stream.
    chunk, loss, n_pairs
        See `Progress`.
    """

    seed: int
    documents: str
    n_tokens: int
    n_documents: int
    n_before: int = 0
    is_stream: bool = False
    chunk: int = 0
    loss: float = 0.0
    n_pairs: float = 0.0

    def progress(self, n_iter: int) -> Progress:
        """Return how far the training on the last documents has come."""
        epoch = n_iter - self.n_before
        return Progress(epoch, self.chunk, self.loss, self.n_pairs)


@dataclass(eq=False)
class Learned:
    """What a vectorizer has learned from documents.

    Attributes
    ----------
    vocabulary : Vocabulary
    model : Model
    frequencies : Frequencies
    losses : list of float
        Mean loss of each epoch.
    state : TrainingState
    subwords : list
        How words are composed: see `subwords_of`.
    clusters : ndarray of shape (n_known, n_clusters), float32, or None
        Memberships of the first words, if documents before have given them.
    """

    vocabulary: Vocabulary
    model: Model
    frequencies: Frequencies
    losses: list[float]
    state: TrainingState
    subwords: list
    clusters: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, estimator: Any) -> "Learned":
        """Return what the fitted attributes of an estimator hold."""
        state = TrainingState(**estimator.training_state_)
        counts = estimator.word_counts_
        hashes, rare_counts = estimator.rare_word_hashes_, estimator.rare_word_counts_
        vocabulary = Vocabulary(
            list(estimator.vocabulary_),
            counts,
            RareWords(hashes, rare_counts),
            state.documents,
        )
        return cls(
            vocabulary,
            model_of(estimator, composed=False),
            Frequencies(counts, estimator.document_counts_, state.n_documents),
            list(estimator.loss_curve_),
            state,
            estimator.subwords_,
        )

    def attributes(self) -> dict[str, Any]:
        """Return the attributes that hold this.

        Returns
        -------
        dict of str to object
            Matrices that are trained as they are aren't copied: if training goes on, it
            changes them. Composed vectors, and the rows that they share, are copies.
        """
        vocabulary, model = self.vocabulary, self.model
        rows = model.rows()
        if model.composition is None:
            rows = np.zeros((0, rows.shape[1]), rows.dtype)
        return {
            "vocabulary_": vocabulary.rows(),
            "word_counts_": vocabulary.counts,
            "subwords_": self.subwords,
            "embeddings_": model.vectors(),
            "subword_embeddings_": rows,
            "output_embeddings_": model.output_matrix,
            "document_counts_": self.frequencies.document_counts,
            "rare_word_hashes_": vocabulary.rare_words.hashes,
            "rare_word_counts_": vocabulary.rare_words.counts,
            "loss_curve_": self.losses,
            "n_iter_": len(self.losses),
            "hyperparameters_": asdict(model.hyperparameters),
            "training_state_": asdict(self.state),
        }


def model_of(estimator: Any, composed: bool = True) -> Model:
    """Return the model that the fitted attributes of an estimator hold.

    Parameters
    ----------
    estimator : Word2VecVectorizer
    composed : bool, default=True
        Whether its embedding holds the word vectors, even if these are composed of rows
        that words share. For training to go on, these rows are needed.

    Returns
    -------
    Model
    """
    has_rows = not composed and estimator.subwords_
    return Model(
        Hyperparameters(**estimator.hyperparameters_),
        estimator.word_counts_,
        estimator.subword_embeddings_ if has_rows else estimator.embeddings_,
        estimator.output_embeddings_,
    )


def pieces_of(estimator: Any) -> PieceVectors | None:
    """Return what composes the vectors of unknown words, if anything does."""
    fitted = estimator.subwords_
    given = tuple(fitted) if len(fitted) > 1 else next(iter(fitted), None)
    rows = estimator.subword_embeddings_[len(estimator.vocabulary_) :]
    subwords = as_subwords(given, len(rows))
    return None if subwords is None else PieceVectors(subwords, rows)


def subwords_of(estimator: Any) -> list:
    """Return the parameter `subwords` as a list.

    Parameters
    ----------
    estimator : Word2VecVectorizer

    Returns
    -------
    list
        Two lengths of n-grams, or one callable, or nothing.
    """
    given = estimator.subwords
    if isinstance(given, tuple):
        return [int(length) for length in given]
    return [] if given is None else [given]


def table_of(estimator: Any, kind: str) -> WordVectors:
    """Return the word vectors of a fitted estimator; see its `word_vectors`."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}; got {shortened(kind)}.")
    vocabulary, vectors = estimator.vocabulary_, estimator.embeddings_
    if kind == "input":
        return WordVectors(vocabulary, vectors, pieces_of(estimator))
    output = estimator.output_embeddings_
    if len(output) != len(vectors):
        raise ValueError(
            f"kind={kind!r} needs output weights for each word, and hierarchical "
            "softmax has them for the nodes of its tree."
        )
    return WordVectors(vocabulary, output if kind == "output" else vectors + output)


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
    frequencies: Frequencies,
    vectors: NDArray[np.float32],
    seed: int,
    clusters: NDArray[np.float32] | None = None,
) -> dict[str, Any]:
    """Return the attributes that hold what poolings know of the words.

    Parameters
    ----------
    estimator : PoolingVectorizer
    frequencies : Frequencies
    vectors : ndarray of shape (n_words, n_components), float32
    seed : int
    clusters : ndarray of shape (n_known, n_clusters), float32, optional
        Memberships of the first words, whose clusters are kept if there are as many as
        the estimator asks for.

    Returns
    -------
    dict of str to object
    """
    pooling = pooling_of(estimator)
    weights = WEIGHTINGS[pooling["weighting"]](frequencies)
    memberships = np.zeros((len(vectors), 0), np.float32)
    n_clusters = pooling["n_clusters"]
    if n_clusters and clusters is not None and clusters.shape[1] == n_clusters:
        memberships = updated_clusters(vectors, clusters)
    elif n_clusters:
        memberships = soft_clusters(vectors, frequencies.counts, n_clusters, seed)
    return {
        "pooling_": pooling,
        "word_weights_": weights.astype(np.float32),
        "word_clusters_": memberships,
    }


def features_of(estimator: Any, vectors: NDArray[np.float32]) -> WordFeatures:
    """Return what the fitted attributes of an estimator say of the words."""
    return WordFeatures(vectors, estimator.word_weights_, estimator.word_clusters_)
