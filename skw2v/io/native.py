"""Fitted estimators and word vectors in files of plain data.

A file holds arrays, named like the attributes, and the words as two more arrays. Its
metadata, all text, are the class, the version, and the parameters as JSON.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from reprlib import repr as shortened
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from ..corpus.words import pack_words, unpack_words
from ..text.subwords import JamoNGrams
from ..text.vocabulary import check_given
from ..vectorizers import CBOWVectorizer, PhraseDetector, SkipGramVectorizer
from ..vectorizers.compat import output_container
from ..vectorizers.fitted import (
    ARRAYS,
    TrainingState,
    pieces_of,
    pooling_of,
    subwords_of,
)
from ..vectorizers.learning import hyperparameters_of
from ..vectorizers.versions import check_version, current_version
from ..word_vectors import WordVectors
from .contents import WORDS, check_arrays, check_learned, parameters_of, training_state
from .formats import cut
from .phrases import pack_detector, unpack_detector
from .pieces import bucket_arrays, pack_pieces, unpack_pieces
from .tensors import read_tensors, write_tensors

Estimator: TypeAlias = CBOWVectorizer | SkipGramVectorizer
Storable: TypeAlias = Estimator | PhraseDetector | WordVectors

ESTIMATORS: dict[str, type[Estimator]] = {
    cls.__name__: cls for cls in (CBOWVectorizer, SkipGramVectorizer)
}
CLASSES: dict[str, type] = {
    **ESTIMATORS,
    "PhraseDetector": PhraseDetector,
    "WordVectors": WordVectors,
}
VECTORS = {"vectors": np.float32}
JAMO = "JamoNGrams"
CONTAINERS = ("default", "pandas", "polars")  # those that `set_output` knows


def save(
    model: Storable, path: str | os.PathLike[str], *, dtype: DTypeLike = "float32"
) -> None:
    """Save a fitted estimator or word vectors to a file of plain data.

    `skw2v.load` reads it. Loading it executes nothing, which no pickle can promise. The
    file is of the safetensors format. It is written completely or not at all: after a
    failure an older file is unchanged. Callbacks are not saved.

    Parameters
    ----------
    model : CBOWVectorizer, SkipGramVectorizer, PhraseDetector or WordVectors
        An estimator must be fitted.
    path : str or path-like
        Usually with the suffix ".safetensors".
    dtype : dtype of NumPy, "float32" or "float16", default="float32"
        Dtype of the vectors in the file. float16 halves its size, and rounds each
        number to about three decimal digits, those below 6e-5 to fewer. When they are
        loaded, vectors of float16 become float32, which processes don't share.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        An estimator is not fitted.
    TypeError
        A parameter is not plain data, such as a callable `tokenizer` or a RandomState,
        or `model` is something else, such as an instance of your own subclass, or
        composes words of the pieces that a callable returns. joblib can store all of
        these, but no lambda: a function must have a name in a module.
    ValueError
        A parameter of training was changed after `fit`, so that it is no longer what
        was fitted; or `dtype` is another, or float16 and a number is above 65,504.
    OSError
        The file can't be written.

    See Also
    --------
    load : Load such a file.
    skw2v.io.write_word2vec : Write word vectors in a format that other libraries read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import skw2v
    >>> vectorizer = skw2v.CBOWVectorizer(n_components=4, min_count=1, subsample=0)
    >>> path = Path(mkdtemp()) / "pizza.safetensors"
    >>> skw2v.save(vectorizer.fit(["I love 피자", "I like 피자"]), path)
    >>> skw2v.load(path)
    CBOWVectorizer(min_count=1, n_components=4, subsample=0)
    """
    half = _is_half(dtype)
    check_savable(model)
    metadata = {"class": type(model).__name__, "version": current_version()}
    if isinstance(model, WordVectors):
        arrays, settings = pack_pieces(model.pieces)
        words, metadata = model.words, metadata | settings
        arrays["vectors"] = model.vectors
    elif isinstance(model, PhraseDetector):
        check_is_fitted(model)
        words = tuple(model.pair_words_)
        arrays, metadata["state"] = pack_detector(model)
        metadata["parameters"] = _as_json(model.get_params(deep=False))
    else:
        check_is_fitted(model)
        metadata |= _settings(model)
        words = tuple(model.vocabulary_)
        arrays = {key: np.asarray(getattr(model, key)) for key in ARRAYS}
    arrays |= pack_words(words)
    _check_loadable(arrays, metadata)
    if half:
        arrays = {key: _rounded(key, array) for key, array in arrays.items()}
    write_tensors(path, arrays, metadata)


def check_savable(model: Any) -> None:
    """Refuse what `save` can't store, whether it is fitted or not.

    Raises
    ------
    TypeError
        See `save`.
    """
    name = type(model).__name__
    if type(model) is not CLASSES.get(name):
        raise TypeError(
            f"save knows {', '.join(CLASSES)}; store {name} with joblib instead."
        )
    if isinstance(model, BaseEstimator):
        for parameter, value in model.get_params(deep=False).items():
            if parameter != "vocabulary":  # which is stored with the learned words
                _check_plain(parameter, value)


def load(path: str | os.PathLike[str]) -> Storable:
    """Load a fitted estimator or word vectors that `save` has written.

    Nothing in the file is executed. The matrices stay on disk: they are mapped into
    memory, read-only, as by ``joblib.load(path, mmap_mode="r")``, so processes that
    load the same file share them. Everything works as before, except changing the
    matrices in place.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    CBOWVectorizer, SkipGramVectorizer, PhraseDetector or WordVectors
        Fitted, if it is an estimator.

    Raises
    ------
    OSError
        There is no such file, or it can't be opened.
    ValueError
        The file is truncated or malformed, was written by something else or by a
        version that this one can't read, or its contents don't fit together.

    See Also
    --------
    save : Write such a file.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import skw2v
    >>> path = Path(mkdtemp()) / "vectors.safetensors"
    >>> skw2v.save(skw2v.WordVectors(["up", "down"], [[1, 2], [-1, -2]]), path)
    >>> skw2v.load(path)
    WordVectors(2 words, 2 components: 'up', 'down')
    """
    path = os.fspath(path)  # a number would be taken for an open file
    try:
        return _restore(*read_tensors(path))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path} can't be loaded: {cut(error)}") from error


def _check_loadable(arrays: Mapping[str, NDArray], metadata: Mapping[str, str]) -> None:
    """Refuse to save what could not be loaded."""
    try:
        _restore(arrays, metadata)
    except ValueError as error:
        raise ValueError(cut(error)) from error


def _restore(arrays: Mapping[str, NDArray], metadata: Mapping[str, str]) -> Storable:
    """Return the model of these arrays and metadata, which are untrusted."""
    name = metadata.get("class")
    if name not in CLASSES:
        raise ValueError(f"it holds none of {', '.join(CLASSES)}.")
    check_version(name, metadata.get("version"))
    arrays = {key: _widened(array) for key, array in arrays.items()}
    if name in ESTIMATORS:
        return _estimator(ESTIMATORS[name], arrays, metadata)
    if name == PhraseDetector.__name__:
        return unpack_detector(arrays, metadata)
    check_arrays(arrays, WORDS | VECTORS | bucket_arrays(metadata))
    pieces = unpack_pieces(arrays, metadata)
    return WordVectors(unpack_words(arrays), arrays["vectors"], pieces)


def _estimator(
    cls: type[Estimator], arrays: Mapping[str, NDArray], metadata: Mapping[str, str]
) -> Estimator:
    """Return the fitted vectorizer of a file."""
    check_arrays(arrays, WORDS | ARRAYS)
    words = unpack_words(arrays)
    estimator = _configured(cls, metadata, words)
    state = training_state(metadata)
    check_learned(estimator, len(words), state, arrays)
    losses = arrays["loss_curve_"].tolist()
    estimator.__dict__.update({name: arrays[name] for name in ARRAYS})
    estimator.__dict__.update(
        vocabulary_={word: row for row, word in enumerate(words)},
        loss_curve_=losses,
        n_iter_=len(losses),
        training_state_=asdict(state),
        pooling_=pooling_of(estimator),
        subwords_=subwords_of(estimator),
    )
    estimator.hyperparameters_ = _present(estimator)
    return estimator


# Parameters


def _settings(estimator: Estimator) -> dict[str, str]:
    """Return the parameters, and what `set_output` was told, as text."""
    _check_unchanged(estimator)
    parameters = estimator.get_params(deep=False)
    if (vocabulary := parameters["vocabulary"]) is not None:
        if check_given(vocabulary) != list(estimator.vocabulary_):
            raise ValueError(
                "vocabulary was changed after fit; fit again before saving."
            )
        is_mapping = isinstance(vocabulary, Mapping)
        parameters["vocabulary"] = "mapping" if is_mapping else "list"
    settings = {"parameters": _as_json(parameters)}
    settings["training_state"] = _as_json(estimator.training_state_)
    if (container := output_container(estimator)) is not None:
        settings["output"] = container
    return settings


def _check_unchanged(estimator: Estimator) -> None:
    """Refuse parameters of training that are not those that were fitted."""
    try:
        estimator._check_parameters()
    except ValueError as error:
        raise ValueError(cut(error)) from error
    present = _present(estimator) | pooling_of(estimator)
    present["subwords"] = subwords_of(estimator)
    all_fitted = estimator.hyperparameters_ | estimator.pooling_
    all_fitted["subwords"] = estimator.subwords_
    if (pieces := pieces_of(estimator)) is not None:
        present["n_buckets"] = estimator.n_buckets
        all_fitted["n_buckets"] = pieces.subwords.n_buckets
    for name, fitted in all_fitted.items():
        if present[name] != fitted:
            raise ValueError(
                f"{name} was changed after fit, from {fitted!r} to "
                f"{shortened(getattr(estimator, name))}, which was not fitted; set it "
                f"back with set_params({name}={fitted!r}) before saving, or fit again."
            )


def _present(estimator: Estimator) -> dict[str, Any]:
    """Return the hyperparameters that the fitted documents and the parameters give."""
    state = TrainingState(**estimator.training_state_)
    n_seen = int(estimator.word_counts_.sum()) if state.is_stream else None
    return asdict(hyperparameters_of(estimator, state.n_tokens, n_seen))


def _check_plain(name: str, value: Any) -> None:
    """Refuse a parameter that is not plain data."""
    try:
        _as_json(value)
    except (TypeError, ValueError) as error:
        functions = ", which takes functions with a name in a module, but no lambda"
        raise TypeError(
            f"{name}={shortened(value)} can't be saved, because a file holds no code "
            "and no state; set another value before saving and this one again after "
            "loading, with set_params, or store the estimator with joblib"
            f"{functions if callable(value) else ''}."
        ) from error


def _as_json(value: Any) -> str:
    return json.dumps(value, default=_as_plain)


def _as_plain(value: Any) -> object:
    """Return a path as a str, and a number of NumPy as Python's."""
    if type(value) is JamoNGrams:
        return JAMO
    is_path = isinstance(value, os.PathLike)
    return os.fspath(value) if is_path else np.generic.item(value)


def _subwords(plain: Any) -> Any:
    """Return the parameter `subwords` from what `_as_plain` made of it."""
    if isinstance(plain, list):
        return tuple(plain)
    return JamoNGrams() if plain == JAMO else plain


def _configured(
    cls: type[Estimator],
    metadata: Mapping[str, str],
    words: list[str],
) -> Estimator:
    """Return an unfitted estimator with the parameters of a file."""
    parameters = parameters_of(cls, metadata)
    if (form := parameters["vocabulary"]) is not None:  # it equals the learned words
        if form not in ("list", "mapping"):
            raise ValueError(
                f"its vocabulary is {shortened(form)}, not a list or a mapping."
            )
        rows = {word: row for row, word in enumerate(words)}
        parameters["vocabulary"] = words if form == "list" else rows
    if isinstance(parameters["pooling"], list):  # JSON has no tuples
        parameters["pooling"] = tuple(parameters["pooling"])
    parameters["subwords"] = _subwords(parameters["subwords"])
    estimator = cls(**parameters)
    estimator._check_parameters()
    if (container := metadata.get("output")) is not None:
        if container not in CONTAINERS:
            raise ValueError(
                f"its output {shortened(container)} is none of {CONTAINERS}."
            )
        estimator.set_output(transform=container)
    return estimator


# Arrays


def _is_half(dtype: DTypeLike) -> bool:
    """Return whether a dtype is float16, and refuse all but float32 otherwise."""
    try:
        known = np.dtype(dtype)
    except (TypeError, ValueError):
        known = np.dtype(object)
    if known not in (np.float32, np.float16):
        raise ValueError(f"dtype must be float32 or float16; got {shortened(dtype)}.")
    return known == np.float16


def _rounded(name: str, array: NDArray) -> NDArray:
    """Return vectors as float16, and other arrays as they are."""
    if array.dtype != np.float32 or array.ndim < 2:
        return array
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise ValueError(
            f"{name} holds numbers up to {np.abs(array).max():.3g}, and float16 can't "
            "hold numbers above 65,504; save as float32."
        )
    return rounded


def _widened(array: NDArray) -> NDArray:
    """Return float16 as read-only float32, and other arrays as they are."""
    if array.dtype != np.float16:
        return array
    widened = array.astype(np.float32)
    widened.flags.writeable = False
    return widened
