"""What files of fitted estimators must hold, as they are untrusted."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from inspect import signature
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import assert_all_finite

from ..training.losses import LOSSES
from ..vectorizers.fitted import ARRAYS, TrainingState, pooling_of
from .tensors import read_json

WORDS = {"words": np.uint8, "word_offsets": np.int64}
POSITIVE = "word_weights_", "word_clusters_", "document_counts_", "rare_word_counts_"


def check_names(what: str, given: Collection[str], expected: Collection[str]) -> None:
    """Refuse other names than those expected."""
    if set(given) != set(expected):
        raise ValueError(
            f"its {what} lack {shortened(sorted(set(expected) - set(given)))} and have "
            f"the unknown {shortened(sorted(set(given) - set(expected)))}."
        )


def parameters_of(cls: type, metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters of an estimator from a file."""
    parameters = read_json(metadata.get("parameters", "null"))
    if not isinstance(parameters, dict):
        raise ValueError("it holds no parameters.")
    check_names("parameters", parameters, signature(cls).parameters)
    return parameters


def training_state(metadata: Mapping[str, str]) -> TrainingState:
    """Return the state of a training from a file."""
    values = read_json(metadata.get("training_state", "null"))
    kinds = {field.name: field.type for field in fields(TrainingState)}
    if not isinstance(values, dict):
        raise ValueError("it holds no state of a training.")
    check_names("state", values, kinds)
    for name, kind in kinds.items():
        value = values[name]
        if type(value) is not kind or (kind is not str and not 0 <= value < 2**63):
            raise ValueError(f"its {name} is {shortened(value)}.")
    return TrainingState(**values)


def check_arrays(arrays: Mapping[str, NDArray], dtypes: Mapping[str, Any]) -> None:
    """Refuse arrays of other names and dtypes."""
    check_names("arrays", arrays, dtypes)
    for name, dtype in dtypes.items():
        if arrays[name].dtype != dtype:
            raise ValueError(
                f"{name} is of dtype {arrays[name].dtype}, not {np.dtype(dtype)}."
            )


def check_learned(
    estimator: Any, n_words: int, state: TrainingState, arrays: Mapping[str, NDArray]
) -> None:
    """Refuse arrays that no `fit` with these parameters can have produced."""
    for name, shape in _shapes(estimator, n_words, state, arrays).items():
        if arrays[name].shape != shape:
            raise ValueError(
                f"{name} has the shape {arrays[name].shape}, where {n_words} words and "
                f"the parameters make it {shape}."
            )
    with np.errstate(invalid="ignore"):  # its quick sum may be inf - inf
        for name in ARRAYS:
            if name != "loss_curve_":
                assert_all_finite(arrays[name], input_name=name)
    counts, hashes = arrays["word_counts_"], arrays["rare_word_hashes_"]
    if (counts < 0).any() or not 0 < counts.sum(dtype=float) < 2**63:
        raise ValueError("word_counts_ are not numbers of tokens.")
    for name in POSITIVE:
        if (arrays[name] < 0).any():
            raise ValueError(f"{name} has negative numbers.")
    check_increasing("rare_word_hashes_", hashes)


def check_increasing(name: str, hashes: NDArray[np.int64]) -> None:
    """Refuse hashes that are not in increasing order."""
    if (hashes[1:] <= hashes[:-1]).any():
        raise ValueError(f"{name} don't increase.")


def _shapes(
    estimator: Any, n_words: int, state: TrainingState, arrays: Mapping[str, NDArray]
) -> dict[str, tuple[int, ...]]:
    """Return the shape that each array must have."""
    n_components, n_rare = estimator.n_components, arrays["rare_word_hashes_"].size
    # A training may be stored in its first epoch.
    fewest = state.n_before if state.chunk else max(1, state.n_before)
    n_rows = 0 if estimator.subwords is None else n_words + estimator.n_buckets
    return {
        "embeddings_": (n_words, n_components),
        "subword_embeddings_": (n_rows, n_components),
        "output_embeddings_": (LOSSES[estimator.loss].n_outputs(n_words), n_components),
        "word_counts_": (n_words,),
        "word_weights_": (n_words,),
        "word_clusters_": (n_words, pooling_of(estimator)["n_clusters"]),
        "document_counts_": (n_words if estimator.weighting == "idf" else 0,),
        "rare_word_hashes_": (n_rare,),
        "rare_word_counts_": (n_rare,),
        "loss_curve_": (max(fewest, arrays["loss_curve_"].size),),
    }
