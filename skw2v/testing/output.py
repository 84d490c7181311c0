"""Checks of feature names, and of DataFrames as output."""

import pandas as pd
from sklearn.base import BaseEstimator

from .rules import applies, assert_same, documents, fitted, fresh, names_features


@applies(names_features)
def check_feature_names(estimator: BaseEstimator) -> None:
    """Check that `get_feature_names_out` gives each column a unique name."""
    estimator = fitted(estimator)
    names = estimator.get_feature_names_out()
    n_columns = estimator.transform(documents()).shape[1]
    assert len(names) == n_columns, f"{n_columns} columns have {len(names)} names."
    assert all(isinstance(name, str) for name in names), "A name is not a str."
    assert len(set(names)) == n_columns, "A name occurs twice."


@applies(names_features)
def check_input_features_are_ignored(estimator: BaseEstimator) -> None:
    """Check that `get_feature_names_out` accepts `input_features` and ignores them."""
    estimator = fitted(estimator)
    names = list(estimator.get_feature_names_out())
    assert list(estimator.get_feature_names_out(["text"])) == names


@applies(names_features)
def check_pandas_output(estimator: BaseEstimator) -> None:
    """Check that `set_output(transform="pandas")` gives the rows as a DataFrame."""
    estimator = fitted(estimator)
    expected = estimator.transform(documents())
    frame = estimator.set_output(transform="pandas").transform(documents())
    assert isinstance(frame, pd.DataFrame), f"It is a {type(frame).__name__}."
    names = list(estimator.get_feature_names_out())
    assert list(frame.columns) == names, f"The columns are {list(frame.columns)}."
    assert_same(frame, expected, "The numbers differ")


@applies(names_features)
def check_pandas_output_keeps_index(estimator: BaseEstimator) -> None:
    """Check that the DataFrame for a Series of documents has the same index."""
    texts = documents()
    X = pd.Series(texts, index=[f"row {i}" for i in range(len(texts))])
    estimator = fresh(estimator).set_output(transform="pandas")
    for frame in (estimator.fit_transform(X), estimator.transform(X)):
        assert list(frame.index) == list(X.index), f"The index is {list(frame.index)}."


@applies(names_features)
def check_default_output_comes_back(estimator: BaseEstimator) -> None:
    """Check that `set_output(transform="default")` restores the type of the output."""
    estimator = fitted(estimator)
    expected = type(estimator.transform(documents()))
    estimator.set_output(transform="pandas").set_output(transform="default")
    result = type(estimator.transform(documents()))
    assert result is expected, f"It is {result.__name__} and not {expected.__name__}."
