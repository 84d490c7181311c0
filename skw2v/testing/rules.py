"""Parts that all checks share: documents, the list of checks, and when they apply."""

from collections.abc import Callable, Iterable
from functools import wraps
from random import Random
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, issparse, sparray, spmatrix
from sklearn.base import BaseEstimator, clone
from sklearn.utils import get_tags

TEXT = (
    "The cat sat on a warm mat while rain fell over Gdańsk and café owners sold 피자 "
    "to banks that bought stocks as bonds rose 3 times in one naïve year"
)

Check: TypeAlias = Callable[[BaseEstimator], None]
Rule: TypeAlias = Callable[[BaseEstimator], bool]
Matrix: TypeAlias = np.ndarray | pd.DataFrame | sparray | spmatrix

CHECKS: list[tuple[Check, Rule]] = []


def always(estimator: BaseEstimator) -> bool:
    """Return True, as the check applies to every vectorizer."""
    return True


def learns(estimator: BaseEstimator) -> bool:
    """Return True unless the tags declare `requires_fit=False`."""
    return get_tags(estimator).requires_fit


def names_features(estimator: BaseEstimator) -> bool:
    """Return whether there is `get_feature_names_out`, which `set_output` requires."""
    return hasattr(estimator, "get_feature_names_out")


def iterates(estimator: BaseEstimator) -> bool:
    """Return whether there is a parameter `max_iter`."""
    return "max_iter" in estimator.get_params()


def applies(rule: Rule) -> Callable[[Check], Check]:
    """Register a check, and turn its errors into AssertionErrors that name its claim.

    The claim is the first line of its docstring, after "Check that".
    """

    def register(check: Check) -> Check:
        summary, *_ = (check.__doc__ or "").split("\n")
        claim = summary.removeprefix("Check that ")

        @wraps(check)
        def checked(estimator: BaseEstimator) -> None:
            try:
                check(estimator)
            except Exception as error:
                failed = f"{type(estimator).__name__} fails the check that {claim}"
                kind = "" if type(error) is AssertionError else type(error).__name__
                detail = ": ".join(filter(None, (kind, str(error))))
                raise AssertionError(f"{failed} {detail}".strip()) from error

        CHECKS.append((checked, rule))
        return checked

    return register


def documents() -> list[str]:
    """Return forty documents, the shortest first."""
    random = Random(0)
    return [" ".join(random.choices(TEXT.split(), k=3 + i // 2)) for i in range(40)]


def fresh(estimator: BaseEstimator) -> BaseEstimator:
    """Return a clone, with a fixed seed if it has one."""
    copy = clone(estimator)
    if "random_state" in copy.get_params():
        copy.set_params(random_state=0)
    return copy


def fitted(estimator: BaseEstimator, X: Iterable[str] | None = None) -> BaseEstimator:
    """Return a clone that is fitted to documents."""
    copy = fresh(estimator)
    copy.fit(documents() if X is None else X)
    return copy


def matrix(result: Matrix) -> csr_array:
    """Convert what `transform` returned to a sparse array.

    There may be many columns, few of which hold anything.
    """
    return csr_array(result if issparse(result) else np.asarray(result))


def assert_same(result: Matrix, expected: Matrix, message: str) -> None:
    """Fail with `message` if the rows differ by more than rounding."""
    assert result.shape == expected.shape, (
        f"{message}: the shape is {result.shape} and not {expected.shape}."
    )
    rows = matrix(expected)
    largest = abs(matrix(result) - rows).max()
    assert largest <= 1e-5 * abs(rows).max(), f"{message}, by up to {largest}."
