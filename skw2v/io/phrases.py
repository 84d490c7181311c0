"""What files of phrase detectors hold."""

import json
from collections.abc import Mapping
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import unpack_words
from ..vectorizers import PhraseDetector
from ..vectorizers.phrases import phrases_of
from .contents import WORDS, check_arrays, check_increasing, check_names, parameters_of
from .tensors import read_json

# Attributes that are arrays, with their dtypes; the words are packed beside them.
ARRAYS = {
    "pairs_": np.int64,
    "pair_scores_": np.float64,
    "ngram_hashes_": np.int64,
    "ngram_counts_": np.int64,
}
# Attributes that are text in the metadata, with the types of their values.
STATE = {
    "threshold_": float,
    "delimiter_": str,
    "connector_words_": list,
    "pair_links_": list,
    "n_tokens_": int,
}


def pack_detector(detector: PhraseDetector) -> tuple[dict[str, NDArray], str]:
    """Return the arrays of a fitted detector, and its other attributes as text."""
    state = {name: getattr(detector, name) for name in STATE}
    return {name: getattr(detector, name) for name in ARRAYS}, json.dumps(state)


def unpack_detector(
    arrays: Mapping[str, NDArray], metadata: Mapping[str, str]
) -> PhraseDetector:
    """Return the fitted detector of a file, which is untrusted."""
    check_arrays(arrays, WORDS | ARRAYS)
    detector = PhraseDetector(**parameters_of(PhraseDetector, metadata))
    detector._threshold()  # checks the parameters
    state, words = _state(metadata), unpack_words(arrays)
    _check_pairs(arrays, len(words), state)
    attributes = {name: arrays[name] for name in ARRAYS} | state
    detector.__dict__.update(attributes, pair_words_=words)
    pairs, scores = detector._known().pairs, detector.pair_scores_
    detector.phrases_ = phrases_of(pairs, scores, detector.threshold_)
    return detector


def _state(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return the attributes that are text in a file."""
    state = read_json(metadata.get("state", "null"))
    if not isinstance(state, dict):
        raise ValueError("it holds no phrases.")
    check_names("phrases", state, STATE)
    for name, kind in STATE.items():
        value = state[name]
        strings = value if kind is list and type(value) is list else []
        if type(value) is not kind or not all(type(each) is str for each in strings):
            raise ValueError(f"its {name} is {shortened(value)}.")
    return state


def _check_pairs(
    arrays: Mapping[str, NDArray], n_words: int, state: Mapping[str, Any]
) -> None:
    """Refuse arrays that no `fit` can have produced."""
    pairs, scores = arrays["pairs_"], arrays["pair_scores_"]
    hashes, counts = arrays["ngram_hashes_"], arrays["ngram_counts_"]
    if pairs.ndim != 2 or pairs.shape[1] != 3 or scores.shape != (len(pairs),):
        raise ValueError("pairs_ and pair_scores_ don't fit together.")
    sizes = n_words, len(state["pair_links_"]), n_words
    if (pairs < 0).any() or (pairs >= sizes).any():
        raise ValueError("pairs_ has words or links that it doesn't hold.")
    if np.isnan(scores).any():
        raise ValueError("pair_scores_ has NaN.")
    if hashes.ndim != 1 or counts.shape != hashes.shape or (counts < 1).any():
        raise ValueError("ngram_counts_ are not numbers of tokens.")
    check_increasing("ngram_hashes_", hashes)
