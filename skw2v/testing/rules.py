"""What all checks share: the documents, the list of checks, and when they apply."""

from collections.abc import Callable
from functools import wraps
from random import Random

import numpy as np
from scipy.sparse import csr_array, issparse
from sklearn.base import BaseEstimator, clone
from sklearn.utils import get_tags

TEXT = (
    "The cat sat on a warm mat while rain fell over Gdańsk and café owners sold 피자 "
    "to banks that bought stocks as bonds rose 3 times in one naïve year"
)

Check = Callable[[BaseEstimator], None]
Rule = Callable[[BaseEstimator], bool]
CHECKS: list[tuple[Check, Rule]] = []


def always(estimator):
    """Whatever the vectorizer."""
    return True


def learns(estimator):
    """Unless its tags say that it needs no `fit`."""
    return get_tags(estimator).requires_fit


def names_features(estimator):
    """If it has `get_feature_names_out`, on which `set_output` depends."""
    return hasattr(estimator, "get_feature_names_out")


def iterates(estimator):
    """If it has a parameter `max_iter`."""
    return "max_iter" in estimator.get_params()


def applies(rule):
    """List a check, whose errors become AssertionErrors that say what it demands."""

    def listed(check):
        @wraps(check)
        def checked(estimator):
            try:
                check(estimator)
            except Exception as error:
                name, demand = type(estimator).__name__, check.__doc__.splitlines()[0]
                kind = "" if type(error) is AssertionError else type(error).__name__
                detail = ": ".join(filter(None, (kind, str(error))))
                raise AssertionError(f"{name}: {demand} {detail}".strip()) from error

        CHECKS.append((checked, rule))
        return checked

    return listed


def documents():
    """Forty documents, the shortest first."""
    random = Random(0)
    return [" ".join(random.choices(TEXT.split(), k=3 + i // 2)) for i in range(40)]


def fresh(estimator):
    """A clone, with a fixed seed if it has one."""
    copy = clone(estimator)
    if "random_state" in copy.get_params():
        copy.set_params(random_state=0)
    return copy


def fitted(estimator, X=None):
    """A clone, fitted to documents."""
    copy = fresh(estimator)
    copy.fit(documents() if X is None else X)
    return copy


def matrix(result):
    """What `transform` gave, as a sparse matrix: few of many columns may be filled."""
    return csr_array(result if issparse(result) else np.asarray(result))


def assert_same(result, expected, message):
    """Fail with `message` if the rows differ by more than rounding."""
    assert result.shape == expected.shape, (
        f"{message}: the shape is {result.shape} and not {expected.shape}."
    )
    expected = matrix(expected)
    greatest = abs(matrix(result) - expected).max()
    assert greatest <= 1e-5 * abs(expected).max(), f"{message}, by up to {greatest}."
