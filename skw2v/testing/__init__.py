"""Checks for text vectorizers: what scikit-learn's own checks say of matrices only.

`sklearn.utils.estimator_checks.check_estimator` ends early for an estimator whose tags
say that it takes text. These checks have documents as their input, and demand nothing
that only the estimators of this package could do.
"""

from sklearn.base import BaseEstimator

from . import fitting, output, refusals, rows, storing
from .rules import CHECKS, Check

__all__ = [
    "check_text_vectorizer",
    "fitting",
    "output",
    "refusals",
    "rows",
    "storing",
    "text_vectorizer_checks",
]


def text_vectorizer_checks(
    estimator: BaseEstimator,
) -> list[tuple[BaseEstimator, Check]]:
    """The checks that apply to a text vectorizer, for `pytest.mark.parametrize`.

    Parameters
    ----------
    estimator : object
        A text vectorizer, fitted or not; the checks use clones of it. Its settings
        should let it learn from 40 short documents of 30 words.

    Returns
    -------
    list of (object, callable)
        The estimator that was given, and a check: ``check(estimator)`` raises an
        AssertionError that says what is wrong.

    Examples
    --------
    >>> import pytest
    >>> from skw2v import CBOWVectorizer
    >>> from skw2v.testing import text_vectorizer_checks
    >>> @pytest.mark.parametrize(
    ...     ("estimator", "check"), text_vectorizer_checks(CBOWVectorizer())
    ... )
    ... def test_contract(estimator, check):
    ...     check(estimator)
    """
    return [(estimator, check) for check, applies in CHECKS if applies(estimator)]


def check_text_vectorizer(estimator: BaseEstimator) -> None:
    """Check that a text vectorizer keeps the contract of scikit-learn.

    Parameters
    ----------
    estimator : object
        As in `text_vectorizer_checks`.

    Raises
    ------
    AssertionError
        It doesn't; the message is that of the first check that fails.

    Examples
    --------
    >>> from skw2v import CBOWVectorizer
    >>> from skw2v.testing import check_text_vectorizer
    >>> check_text_vectorizer(CBOWVectorizer(n_components=4, max_iter=1))
    """
    for _, check in text_vectorizer_checks(estimator):
        check(estimator)
