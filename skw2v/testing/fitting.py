"""Checks of `fit`, and of estimators before and after it."""

import joblib
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

from .rules import (
    always,
    applies,
    assert_same,
    documents,
    fitted,
    fresh,
    iterates,
    learns,
)


@applies(always)
def check_tags(estimator: BaseEstimator) -> None:
    """Check that the tags declare text as the input, and not a matrix."""
    tags = get_tags(estimator).input_tags
    assert tags.string, "input_tags.string is False."
    assert not tags.two_d_array, "input_tags.two_d_array is True."


@applies(always)
def check_fit_returns_self(estimator: BaseEstimator) -> None:
    """Check that `fit` returns the estimator itself."""
    estimator = fresh(estimator)
    assert estimator.fit(documents()) is estimator


@applies(always)
def check_fit_takes_labels(estimator: BaseEstimator) -> None:
    """Check that `fit` and `fit_transform` accept labels, which a Pipeline passes."""
    X = documents()
    labels = [len(text) % 2 for text in X]
    fresh(estimator).fit(X, labels)
    fresh(estimator).fit_transform(X, labels)


@applies(always)
def check_fit_keeps_parameters(estimator: BaseEstimator) -> None:
    """Check that `fit` doesn't change the parameters of the constructor."""
    estimator = fresh(estimator)
    before = {name: joblib.hash(p) for name, p in estimator.get_params().items()}
    estimator.fit(documents())
    for name, parameter in estimator.get_params().items():
        assert joblib.hash(parameter) == before[name], f"{name} is {parameter!r} now."


@applies(always)
def check_second_fit_forgets_the_first(estimator: BaseEstimator) -> None:
    """Check that a second `fit` gives the same result as a first one."""
    X = documents()
    estimator = fitted(estimator)
    expected = estimator.transform(X)
    estimator.fit([text + " another" for text in X])
    estimator.fit(X)
    assert_same(estimator.transform(X), expected, "The rows differ after more fits")


@applies(always)
def check_fit_transform(estimator: BaseEstimator) -> None:
    """Check that `fit_transform` gives the same rows as `fit` and then `transform`."""
    X = documents()
    result = fresh(estimator).fit_transform(X)
    assert_same(result, fitted(estimator).transform(X), "The rows differ")


@applies(learns)
def check_not_fitted_error(estimator: BaseEstimator) -> None:
    """Check that `transform` raises a NotFittedError before `fit`."""
    try:
        fresh(estimator).transform(documents())
    except NotFittedError:
        return
    raise AssertionError("It returned a result.")


@applies(always)
def check_clone_is_unfitted(estimator: BaseEstimator) -> None:
    """Check that a clone of a fitted estimator keeps nothing that was learned."""
    first = fitted(estimator)
    learned = vars(first).keys() - vars(fresh(estimator)).keys()
    kept = sorted(learned & vars(clone(first)).keys())
    assert not kept, f"It has {', '.join(kept)}."


@applies(iterates)
def check_n_iter(estimator: BaseEstimator) -> None:
    """Check that `n_iter_` is at least 1 if there is a parameter `max_iter`."""
    assert fitted(estimator).n_iter_ >= 1


@applies(always)
def check_no_n_features_in(estimator: BaseEstimator) -> None:
    """Check that there is no `n_features_in_`, as text has no number of features."""
    assert not hasattr(fitted(estimator), "n_features_in_")
