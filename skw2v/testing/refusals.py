"""Checks that input that isn't a collection of documents raises an error."""

import re
from collections.abc import Callable, Sequence

import pandas as pd
from sklearn.base import BaseEstimator

from .rules import always, applies, documents, fitted, fresh, learns

METHODS = ("fit", "fit_transform", "transform")


@applies(always)
def check_bare_string_raises(estimator: BaseEstimator) -> None:
    """Check that a single str raises an error; its characters aren't documents."""
    assert_refused(estimator, " ".join(documents()))


@applies(always)
def check_missing_document_raises(estimator: BaseEstimator) -> None:
    """Check that an error names the position of a missing document (None, NaN, NA)."""
    for missing in (None, float("nan"), pd.NA):
        X: list[object] = [*documents()]
        X[17] = missing
        assert_refused(estimator, X, mention="17")


@applies(always)
def check_table_raises(estimator: BaseEstimator) -> None:
    """Check that a table of two columns raises an error; its names aren't documents."""
    assert_refused(estimator, pd.DataFrame({"text": documents(), "label": "a"}))


@applies(learns)
def check_no_documents_raise(estimator: BaseEstimator) -> None:
    """Check that an empty collection raises an error; nothing can be learned."""
    assert_refused(estimator, [], methods=("fit", "fit_transform"))


def assert_refused(
    estimator: BaseEstimator,
    X: object,
    mention: str = "",
    methods: Sequence[str] = METHODS,
) -> None:
    """Fail unless each method raises a TypeError or ValueError with a certain word."""
    for method in methods:
        if method == "fit" and not learns(estimator):
            continue  # it may ignore the documents
        copy = fitted(estimator) if method == "transform" else fresh(estimator)
        message = complaint(getattr(copy, method), X)
        assert message is not None, f"`{method}` accepted it."
        assert re.search(rf"\b{mention}\b", message), (
            f"The message of `{method}` doesn't mention {mention}: {message}"
        )


def complaint(function: Callable, X: object) -> str | None:
    """Return the message of the error that the function raises, or None."""
    try:
        function(X)
    except (TypeError, ValueError) as error:
        return str(error)
    return None
