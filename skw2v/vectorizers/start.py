"""What a training starts from: random vectors, or what `init` gives."""

from reprlib import repr as shortened
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.frozen import FrozenEstimator

from ..text.subwords import as_subwords
from ..text.vocabulary import Vocabulary
from ..training.hyperparameters import Hyperparameters
from ..training.model import Model
from ..word_vectors import WordVectors
from ..word_vectors.pieces import PieceVectors
from .advice import warn_of_lost_vectors
from .fitted import model_of, pieces_of


def initial(
    estimator: Any, h: Hyperparameters, vocabulary: Vocabulary, seed: int
) -> Model:
    """Return the model to start from, with what `init` knows."""
    words, counts, init = vocabulary.words, vocabulary.counts, estimator.init
    composition = composition_of(estimator, vocabulary)
    if init is None or isinstance(init, WordVectors):
        model = Model.initial(h, counts, seed, composition=composition)
        if init is not None:
            if init.pieces is not None and composes_alike(estimator, init.pieces):
                model.input_matrix[len(words) :] = init.pieces.rows
            there = set(init)
            known = [row for row, word in enumerate(words) if word in there]
            model.start_from(np.array(known, int), init[[words[i] for i in known]])
            warn_of_lost_vectors(init, words)
        return model
    trained = _trained(init)
    row_of = trained.vocabulary_
    rows_there = np.array([row_of.get(word, -1) for word in words])
    warn_of_lost_vectors(row_of, words)
    before = model_of(
        trained, composed=not composes_alike(estimator, pieces_of(trained))
    )
    return before.continued(h, counts, rows_there, seed, composition)


def composition_of(estimator: Any, vocabulary: Vocabulary) -> csr_array | None:
    """Return how the words are composed; None without subwords."""
    subwords = as_subwords(estimator.subwords, estimator.n_buckets)
    if subwords is None:
        return None
    words = vocabulary.words
    return subwords.composition(words, np.arange(len(words)), len(words))


def composes_alike(estimator: Any, pieces: PieceVectors | None) -> bool:
    """Return whether an estimator composes words of the same pieces and buckets."""
    subwords = as_subwords(estimator.subwords, estimator.n_buckets)
    return subwords == (None if pieces is None else pieces.subwords)


def check_init(init: Any, n_components: int) -> None:
    """Refuse an `init` from which no training can start.

    Raises
    ------
    ValueError
    """
    if init is None:
        return
    if isinstance(init, WordVectors):
        length = init.n_components
    elif hasattr(_trained(init), "embeddings_"):
        length = _trained(init).embeddings_.shape[1]
    else:
        raise ValueError(
            f"init must be WordVectors or a fitted vectorizer; got {shortened(init)}. "
            "clone, and so GridSearchCV, makes an unfitted one of it unless it is a "
            "FrozenEstimator of scikit-learn."
        )
    if length != n_components:
        raise ValueError(
            f"init has vectors of {length} components, and n_components is "
            f"{n_components}; they must be the same."
        )


def _trained(init: Any) -> Any:
    """Return the vectorizer that `init` gives, which may be frozen."""
    return init.estimator if isinstance(init, FrozenEstimator) else init
