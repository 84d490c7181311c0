"""Checks of the names of the features, and of DataFrames as output."""

import pandas as pd

from .rules import applies, assert_same, documents, fitted, fresh, names_features


@applies(names_features)
def check_feature_names(estimator):
    """`get_feature_names_out` must give each column a name of its own."""
    estimator = fitted(estimator)
    names = estimator.get_feature_names_out()
    n_columns = estimator.transform(documents()).shape[1]
    assert len(names) == n_columns, f"{n_columns} columns have {len(names)} names."
    assert all(isinstance(name, str) for name in names), "A name is not a str."
    assert len(set(names)) == n_columns, "A name occurs twice."


@applies(names_features)
def check_input_features_are_ignored(estimator):
    """`get_feature_names_out` must take the name of the column of text, unused."""
    estimator = fitted(estimator)
    names = list(estimator.get_feature_names_out())
    assert list(estimator.get_feature_names_out(["text"])) == names


@applies(names_features)
def check_pandas_output(estimator):
    """`set_output(transform="pandas")` must give a DataFrame of the same numbers."""
    estimator = fitted(estimator)
    expected = estimator.transform(documents())
    frame = estimator.set_output(transform="pandas").transform(documents())
    assert isinstance(frame, pd.DataFrame), f"It gives a {type(frame).__name__}."
    names = list(estimator.get_feature_names_out())
    assert list(frame.columns) == names, f"The columns are {list(frame.columns)}."
    assert_same(frame, expected, "The numbers differ")


@applies(names_features)
def check_pandas_output_keeps_index(estimator):
    """A DataFrame that comes from a Series must have its index."""
    X = documents()
    X = pd.Series(X, index=[f"row {i}" for i in range(len(X))])
    estimator = fresh(estimator).set_output(transform="pandas")
    for frame in (estimator.fit_transform(X), estimator.transform(X)):
        assert list(frame.index) == list(X.index), f"The index is {list(frame.index)}."


@applies(names_features)
def check_default_output_comes_back(estimator):
    """`set_output(transform="default")` must undo `set_output(transform="pandas")`."""
    estimator = fitted(estimator)
    expected = type(estimator.transform(documents()))
    estimator.set_output(transform="pandas").set_output(transform="default")
    result = type(estimator.transform(documents()))
    assert result is expected, f"It gives a {result.__name__}."
