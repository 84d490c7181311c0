"""The fitted attributes of a Word2Vec vectorizer, and the model that they hold.

They are a dict, arrays, a list and a number, which pickle, joblib and skops can store.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from ..training.hyperparameters import Hyperparameters
from ..training.model import Model

# Attributes that are arrays, or can be stored as one, with their dtypes.
ARRAYS = {
    "embeddings_": np.float32,
    "output_embeddings_": np.float32,
    "word_counts_": np.int64,
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
