"""Checks for text vectorizers, like those that scikit-learn has for matrices.

`sklearn.utils.estimator_checks.check_estimator` ends early for an estimator whose tags
declare text as its input. The checks here use documents as their input. They require
nothing that only the estimators of this package can do.
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
    """Return the checks that apply to an estimator, for `pytest.mark.parametrize`.

    Parameters
    ----------
    estimator : object
        A text vectorizer, fitted or not; the checks use clones of it. With its
        parameters it should be able to learn from 40 short documents with a vocabulary
        of 30 words.

    Returns
    -------
    list of (object, callable)
        Pairs of the given estimator and a check. ``check(estimator)`` raises an
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
    """Check that a text vectorizer fulfills the contract of scikit-learn.

    Parameters
    ----------
    estimator : object
        See `text_vectorizer_checks`.

    Raises
    ------
    AssertionError
        A check fails; the message is that of the first one that does.

    Examples
    --------
    >>> from skw2v import CBOWVectorizer
    >>> from skw2v.testing import check_text_vectorizer
    >>> check_text_vectorizer(CBOWVectorizer(subsample=0, max_iter=1))
    """
    for _, check in text_vectorizer_checks(estimator):
        check(estimator)
