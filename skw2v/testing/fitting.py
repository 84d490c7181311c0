"""Checks of `fit`, and of what an estimator is before and after it."""

import joblib
from sklearn.base import clone
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
def check_tags(estimator):
    """The tags must say that the input is text, and not a matrix."""
    tags = get_tags(estimator).input_tags
    assert tags.string, "input_tags.string is False."
    assert not tags.two_d_array, "input_tags.two_d_array is True."


@applies(always)
def check_fit_returns_self(estimator):
    """`fit` must return the estimator itself."""
    estimator = fresh(estimator)
    assert estimator.fit(documents()) is estimator


@applies(always)
def check_fit_takes_labels(estimator):
    """`fit` and `fit_transform` must take labels, which a Pipeline passes."""
    X = documents()
    labels = [len(text) % 2 for text in X]
    fresh(estimator).fit(X, labels)
    fresh(estimator).fit_transform(X, labels)


@applies(always)
def check_fit_keeps_parameters(estimator):
    """`fit` must leave the parameters of the constructor as they are."""
    estimator = fresh(estimator)
    before = {name: joblib.hash(p) for name, p in estimator.get_params().items()}
    estimator.fit(documents())
    for name, parameter in estimator.get_params().items():
        assert joblib.hash(parameter) == before[name], f"{name} is {parameter!r} now."


@applies(always)
def check_second_fit_forgets_the_first(estimator):
    """A second `fit` must give what a first would have given."""
    X = documents()
    estimator = fitted(estimator)
    expected = estimator.transform(X)
    estimator.fit([text + " another" for text in X])
    estimator.fit(X)
    assert_same(estimator.transform(X), expected, "Rows are others after two more fits")


@applies(always)
def check_fit_transform(estimator):
    """`fit_transform` must give what `fit` and then `transform` give."""
    X = documents()
    result = fresh(estimator).fit_transform(X)
    assert_same(result, fitted(estimator).transform(X), "The rows differ")


@applies(learns)
def check_not_fitted_error(estimator):
    """`transform` must raise a NotFittedError before `fit`."""
    try:
        fresh(estimator).transform(documents())
    except NotFittedError:
        return
    raise AssertionError("It gave a result.")


@applies(always)
def check_clone_is_unfitted(estimator):
    """A clone of a fitted estimator must have nothing of what was learned."""
    first = fitted(estimator)
    learned = vars(first).keys() - vars(fresh(estimator)).keys()
    kept = sorted(learned & vars(clone(first)).keys())
    assert not kept, f"It has {', '.join(kept)}."


@applies(iterates)
def check_n_iter(estimator):
    """With a parameter `max_iter` there must be an `n_iter_`, of 1 or more."""
    assert fitted(estimator).n_iter_ >= 1


@applies(always)
def check_no_n_features_in(estimator):
    """There must be no `n_features_in_`: documents have no number of features."""
    assert not hasattr(fitted(estimator), "n_features_in_")
