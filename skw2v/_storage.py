"""Fitted estimators and word vectors in files of plain data, and back.

A file holds arrays, named as the attributes, and the words as two arrays more; beside
them, as text, the class, the version, and the parameters as JSON.
"""

import json
import os
from collections.abc import Collection, Mapping
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import check_is_fitted

from ._compat import output_container
from ._persistence import check_version, current_version
from .io.tensors import read_json, read_tensors, write_tensors
from .io.words import pack_words, unpack_words
from .text.vocabulary import check_given
from .training.losses import LOSSES
from .vectorizers import CBOWVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

CLASSES: dict[str, Any] = {
    cls.__name__: cls for cls in (CBOWVectorizer, SkipGramVectorizer, WordVectors)
}
WORDS = {"words": np.uint8, "word_offsets": np.int64}
VECTORS = {"vectors": np.float32}
LEARNED = {
    "embeddings_": np.float32,
    "output_embeddings_": np.float32,
    "word_counts_": np.int64,
    "loss_curve_": np.float64,
}
CONTAINERS = ("default", "pandas", "polars")  # that `set_output` knows


def save(model: Any, path: str | os.PathLike[str], dtype: DTypeLike) -> None:
    """See `SavedMixin.save`."""
    if np.dtype(dtype) not in (np.float32, np.float16):
        raise ValueError(f"dtype must be float32 or float16; got {dtype!r}.")
    name = type(model).__name__
    if type(model) is not CLASSES.get(name):
        raise TypeError(f"save knows {', '.join(CLASSES)}; store {name} with joblib.")
    metadata = {"class": name, "version": current_version()}
    if isinstance(model, WordVectors):
        words, arrays = model.words, {"vectors": model.vectors}
    else:
        check_is_fitted(model)
        metadata |= _settings(model)
        words = tuple(model.vocabulary_)
        arrays = {key: np.asarray(getattr(model, key)) for key in LEARNED}
    arrays |= pack_words(words)
    _restore(arrays, metadata)  # what could not be loaded is not saved
    if np.dtype(dtype) == np.float16:
        arrays = {key: _rounded(key, array) for key, array in arrays.items()}
    write_tensors(path, arrays, metadata)


def load(path: str | os.PathLike[str]) -> Any:
    """Load what `save` of an estimator or of `WordVectors` has saved.

    Nothing in the file is executed. The matrices stay on disk: they are mapped into
    memory, read-only, as by ``joblib.load(path, mmap_mode="r")``, so that processes
    which load the same file share them. Everything but changing them in place works as
    before.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    CBOWVectorizer, SkipGramVectorizer or WordVectors
        Fitted, if it is an estimator.

    Raises
    ------
    ImportError
        safetensors is not installed.
    OSError
        There is no such file, or it can't be opened.
    ValueError
        The file is cut or malformed, was saved by something else or by a version that
        this one can't read, or what it holds doesn't fit together.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> import skw2v
    >>> path = Path(mkdtemp()) / "vectors.safetensors"
    >>> skw2v.WordVectors(["up", "down"], [[1, 2], [-1, -2]]).save(path)
    >>> skw2v.load(path)
    WordVectors(2 words, 2 components)
    """
    path = os.fspath(path)  # a number would be read as a file that is open already
    try:
        return _restore(*read_tensors(path))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{path} can't be loaded: {error}") from error


def _restore(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> Any:
    """The model of these arrays and metadata, which may come from anybody."""
    name = metadata.get("class")
    if name not in CLASSES:
        raise ValueError(f"it holds none of {', '.join(CLASSES)}.")
    check_version(name, metadata.get("version"))
    arrays = {key: _widened(array) for key, array in arrays.items()}
    if name == "WordVectors":
        _check_arrays(arrays, WORDS | VECTORS)
        return WordVectors(unpack_words(arrays), arrays["vectors"])
    _check_arrays(arrays, WORDS | LEARNED)
    words = unpack_words(arrays)
    estimator = _configured(CLASSES[name], metadata, words)
    _check_learned(estimator, words, arrays)
    vars(estimator).update(
        {key: arrays[key] for key in LEARNED},
        vocabulary_=_rows(words),
        loss_curve_=arrays["loss_curve_"].tolist(),
        n_iter_=len(arrays["loss_curve_"]),
    )
    return estimator


def _rows(words: list[str]) -> dict[str, int]:
    return {word: row for row, word in enumerate(words)}


# Parameters


def _settings(estimator: Any) -> dict[str, str]:
    """Parameters, and what `set_output` was told, as text."""
    parameters = estimator.get_params(deep=False)
    if (vocabulary := parameters["vocabulary"]) is not None:
        if check_given(vocabulary) != list(estimator.vocabulary_):
            raise ValueError(
                "vocabulary was changed since fit; fit anew before saving."
            )
        is_mapping = isinstance(vocabulary, Mapping)
        parameters["vocabulary"] = "mapping" if is_mapping else "list"
    for name, value in parameters.items():
        try:
            _as_json(value)
        except TypeError as error:
            raise TypeError(
                f"{name}={value!r} can't be saved, as a file holds no code and no "
                "state; store the estimator with joblib, or set another value before "
                "and this one again after loading, with set_params."
            ) from error
    settings = {"parameters": _as_json(parameters)}
    if (container := output_container(estimator)) is not None:
        settings["output"] = container
    return settings


def _as_json(value: Any) -> str:
    return json.dumps(value, default=np.generic.item)  # numbers of NumPy


def _configured(cls: Any, metadata: Mapping[str, str], words: list[str]) -> Any:
    """An estimator with the parameters of a file."""
    parameters = read_json(metadata.get("parameters", "null"))
    if not isinstance(parameters, dict):
        raise ValueError("it holds no parameters.")
    _check_names("parameters", parameters, signature(cls).parameters)
    if (form := parameters["vocabulary"]) is not None:  # it is the learned words
        if form not in ("list", "mapping"):
            raise ValueError(f"its vocabulary is {form!r}, no list and no mapping.")
        parameters["vocabulary"] = words if form == "list" else _rows(words)
    estimator = cls(**parameters)
    estimator._check_parameters()
    if (container := metadata.get("output")) is not None:
        if container not in CONTAINERS:
            raise ValueError(f"its output {container!r} is none of {CONTAINERS}.")
        estimator.set_output(transform=container)
    return estimator


def _check_names(what: str, given: Collection[str], expected: Collection[str]) -> None:
    if set(given) != set(expected):
        raise ValueError(
            f"its {what} lack {sorted(set(expected) - set(given))} and have the "
            f"unknown {sorted(set(given) - set(expected))}."
        )


# Arrays


def _rounded(name: str, array: np.ndarray) -> np.ndarray:
    """Vectors as float16; other arrays as they are."""
    if array.dtype != np.float32:
        return array
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float16)
    if not np.isfinite(rounded).all():
        raise ValueError(
            f"{name} holds numbers of up to {np.abs(array).max():.3g}, and float16 "
            "none above 65,504; save as float32."
        )
    return rounded


def _widened(array: np.ndarray) -> np.ndarray:
    """Vectors of float16 as float32, read-only; other arrays as they are."""
    if array.dtype != np.float16:
        return array
    widened = array.astype(np.float32)
    widened.flags.writeable = False
    return widened


def _check_arrays(arrays: Mapping[str, np.ndarray], dtypes: Mapping[str, Any]) -> None:
    _check_names("arrays", arrays, dtypes)
    for name, dtype in dtypes.items():
        if arrays[name].dtype != dtype:
            raise ValueError(
                f"{name} is of dtype {arrays[name].dtype}, not {np.dtype(dtype)}."
            )


def _check_learned(
    estimator: Any, words: list[str], arrays: Mapping[str, np.ndarray]
) -> None:
    """Refuse what no `fit` with the parameters of the estimator can have left."""
    n_words, n_components = len(words), estimator.n_components
    shapes = {
        "embeddings_": (n_words, n_components),
        "output_embeddings_": (LOSSES[estimator.loss].n_outputs(n_words), n_components),
        "word_counts_": (n_words,),
        "loss_curve_": (max(1, arrays["loss_curve_"].size),),
    }
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise ValueError(
                f"{name} has the shape {arrays[name].shape}, where {n_words} words and "
                f"the parameters make it {shape}."
            )
    with np.errstate(invalid="ignore"):  # inf - inf, in its quick sum
        for name in ("embeddings_", "output_embeddings_"):
            assert_all_finite(arrays[name], input_name=name)
    counts = arrays["word_counts_"]
    if (counts < 0).any() or not 0 < counts.sum(dtype=float) < 2**63:
        raise ValueError("word_counts_ are no numbers of occurrences.")
