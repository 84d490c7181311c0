"""Checks that what is no collection of documents is refused, not misread."""

import re

import pandas as pd

from .rules import always, applies, documents, fitted, fresh, learns

METHODS = ("fit", "fit_transform", "transform")


@applies(always)
def check_bare_string_raises(estimator):
    """A single str must raise: it would be read as its characters."""
    assert_refused(estimator, " ".join(documents()))


@applies(always)
def check_missing_document_raises(estimator):
    """A missing document (None, NaN, NA) must raise, with its position named."""
    for missing in (None, float("nan"), pd.NA):
        X = documents()
        X[17] = missing
        assert_refused(estimator, X, mention="17")


@applies(always)
def check_table_raises(estimator):
    """A DataFrame must raise: it would be read as the names of its columns."""
    assert_refused(estimator, pd.DataFrame({"text": documents()}))


@applies(learns)
def check_no_documents_raise(estimator):
    """No documents at all must raise: nothing can be learned from them."""
    assert_refused(estimator, [], methods=("fit", "fit_transform"))


def assert_refused(estimator, X, mention="", methods=METHODS):
    """Fail unless each method raises a TypeError or ValueError that mentions it."""
    for method in methods:
        if method == "fit" and not learns(estimator):
            continue  # it need not look at the documents
        one = fitted(estimator) if method == "transform" else fresh(estimator)
        message = complaint(getattr(one, method), X)
        assert message is not None, f"`{method}` took it."
        assert re.search(rf"\b{mention}\b", message), (
            f"`{method}` doesn't say {mention}, but: {message}"
        )


def complaint(function, X):
    """What the error says, or None."""
    try:
        function(X)
    except (TypeError, ValueError) as error:
        return str(error)
    return None
