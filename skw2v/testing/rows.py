"""Checks of `transform`: one row per document, from any type of collection."""

import joblib
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from .rules import always, applies, assert_same, documents, fitted, matrix


@applies(always)
def check_transform_keeps_state(estimator: BaseEstimator) -> None:
    """Check that `transform` doesn't change the attributes of the estimator."""
    estimator = fitted(estimator)
    before = {name: joblib.hash(value) for name, value in vars(estimator).items()}
    estimator.transform(documents())
    after = {name: joblib.hash(value) for name, value in vars(estimator).items()}
    changed = [name for name in before | after if before.get(name) != after.get(name)]
    assert not changed, f"It changed {', '.join(changed)}."


@applies(always)
def check_subset(estimator: BaseEstimator) -> None:
    """Check that documents get the same rows in a subset as among all documents."""
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(documents()))
    for part in (slice(5), slice(5, None), slice(None, None, 3)):
        result = estimator.transform(documents()[part])
        assert_same(result, rows[part], f"The rows of {part} differ")


@applies(always)
def check_permutation(estimator: BaseEstimator) -> None:
    """Check that documents in another order get the same rows, in that order."""
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(documents()))
    assert_same(estimator.transform(documents()[::-1]), rows[::-1], "The rows differ")


@applies(always)
def check_one_document(estimator: BaseEstimator) -> None:
    """Check that one document is enough for `fit` and for `transform`."""
    X = [" ".join(documents())]
    shape = fitted(estimator, X).transform(X).shape
    assert len(shape) == 2, f"The result has the shape {shape}."
    assert shape[0] == 1, f"The result has the shape {shape}."


@applies(always)
def check_empty_document(estimator: BaseEstimator) -> None:
    """Check that an empty document gets a row, and doesn't change the other rows."""
    X = documents()
    estimator = fitted(estimator)
    rows = matrix(estimator.transform(["", *X]))
    n_rows = rows.shape[0]
    assert n_rows == len(X) + 1, f"{len(X) + 1} documents got {n_rows} rows."
    assert_same(rows[1:], estimator.transform(X), "The other rows differ")


@applies(always)
def check_generator(estimator: BaseEstimator) -> None:
    """Check that documents can come from a generator, which can be read only once."""
    X = documents()
    expected = fitted(estimator).transform(X)
    result = fitted(estimator, (text for text in X)).transform(text for text in X)
    assert_same(result, expected, "The rows differ from those of a list")


@applies(always)
def check_collections(estimator: BaseEstimator) -> None:
    """Check that a tuple, an array and a Series give the same rows as a list."""
    X = documents()
    expected = fitted(estimator).transform(X)
    index = range(len(X), 0, -1)  # X[0] of the Series raises an error
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
