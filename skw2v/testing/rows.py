"""Checks of `transform`: one row for each document, from whatever holds them."""

import joblib
import numpy as np
import pandas as pd

from .rules import always, applies, assert_same, documents, fitted, matrix


@applies(always)
def check_transform_keeps_state(estimator):
    """`transform` must leave the attributes of the estimator as they are."""
    estimator = fitted(estimator)
    before = {name: joblib.hash(value) for name, value in vars(estimator).items()}
    estimator.transform(documents())
    after = {name: joblib.hash(value) for name, value in vars(estimator).items()}
    changed = [name for name in before | after if before.get(name) != after.get(name)]
    assert not changed, f"It changed {', '.join(changed)}."


@applies(always)
def check_subset(estimator):
    """Some of the documents must get the rows that they get among all."""
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(documents()))
    for part in (slice(5), slice(5, None), slice(None, None, 3)):
        result = estimator.transform(documents()[part])
        assert_same(result, rows[part], f"The rows of {part} differ")


@applies(always)
def check_permutation(estimator):
    """Documents in another order must get the same rows, in that order."""
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(documents()))
    assert_same(estimator.transform(documents()[::-1]), rows[::-1], "The rows differ")


@applies(always)
def check_one_document(estimator):
    """One document must be enough, for `fit` and for `transform`."""
    X = [" ".join(documents())]
    shape = fitted(estimator, X).transform(X).shape
    assert len(shape) == 2, f"The result has the shape {shape}."
    assert shape[0] == 1, f"The result has the shape {shape}."


@applies(always)
def check_empty_document(estimator):
    """An empty document must get a row, and the others theirs."""
    X = documents()
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(["", *X]))
    n_rows = rows.shape[0]
    assert n_rows == len(X) + 1, f"{len(X) + 1} documents got {n_rows} rows."
    assert_same(rows[1:], estimator.transform(X), "The rows of the others differ")


@applies(always)
def check_generator(estimator):
    """Documents from a generator, which can be read but once, must do."""
    X = documents()
    expected = fitted(estimator).transform(X)
    result = fitted(estimator, (text for text in X)).transform(text for text in X)
    assert_same(result, expected, "The rows differ from those of a list")


@applies(always)
def check_collections(estimator):
    """A tuple, an array and a Series must give the same as a list."""
    X = documents()
    expected = fitted(estimator).transform(X)
    index = range(len(X), 0, -1)  # X[0] of the Series would be an error
    collections = {
        "a tuple": tuple(X),
        "an array of objects": np.array(X, dtype=object),
        "an array of str": np.array(X),
        "a Series of objects": pd.Series(X, index, dtype=object),
        "a Series of strings": pd.Series(X, index, dtype="string"),
    }
    for name, collection in collections.items():
        result = fitted(estimator, collection).transform(collection)
        assert_same(result, expected, f"The rows of {name} differ")
