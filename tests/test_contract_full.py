"""All checks of scikit-learn, on estimators that read numeric rows as documents."""

import pandas as pd
import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from skw2v import CBOWVectorizer, SkipGramVectorizer


class _RowsAsDocuments:
    """Mixin that reads a matrix; each cell is a token, "{column}:{rounded value}"."""

    def _documents(self, X, reset):
        index = X.index if isinstance(X, pd.DataFrame) else None
        X = validate_data(self, X, reset=reset)
        documents = [[f"{i}:{x:.0f}" for i, x in enumerate(row)] for row in X]
        return pd.Series(documents, index)

    def fit(self, X, y=None, sample_weight=None):
        documents = self._documents(X, reset=True)
        return super().fit(documents, sample_weight=sample_weight)

    def partial_fit(self, X, y=None, sample_weight=None):
        documents = self._documents(X, reset=not hasattr(self, "n_features_in_"))
        return super().partial_fit(documents, sample_weight=sample_weight)

    def fit_transform(self, X, y=None, sample_weight=None):
        documents = self._documents(X, reset=True)
        return super().fit_transform(documents, sample_weight=sample_weight)

    def transform(self, X):
        check_is_fitted(self)
        return super().transform(self._documents(X, reset=False))

    def score(self, X, y=None):
        check_is_fitted(self)
        return super().score(self._documents(X, reset=False))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.string = False
        return tags


class NumericCBOW(_RowsAsDocuments, CBOWVectorizer):
    """CBOW of numeric rows; `validate_data` sets `feature_names_in_`."""


class NumericSkipGram(_RowsAsDocuments, SkipGramVectorizer):
    """Skip-gram of numeric rows; `validate_data` sets `feature_names_in_`."""


SMALL = {"n_components": 2, "min_count": 1, "subsample": 0, "max_iter": 2}
ESTIMATORS = [NumericCBOW(**SMALL), NumericSkipGram(**SMALL)]


# Like `parametrize_with_checks`, which in scikit-learn 1.7 passes a generator to pytest
# and so makes pytest 9 warn. No check is expected to fail.
@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(
            estimator, check, id=f"{type(estimator).__name__}-{check.func.__name__}"
        )
        for one in ESTIMATORS
        for estimator, check in estimator_checks.estimator_checks_generator(one)
        # These checks skip themselves unless SCIPY_ARRAY_API is set.
        if "array_api" not in check.func.__name__
    ],
)
def test_scikit_learn_checks_pass(estimator, check, monkeypatch):
    if "sample_weight_equivalence" in check.func.__name__:
        # It shuffles the documents, on whose order our draws depend.
        monkeypatch.setattr(estimator_checks, "shuffle", as_they_are)
    check(estimator)


def as_they_are(*arrays, random_state):
    return arrays


def test_weights_are_checked():
    found = [name for name in dir(estimator_checks) if "sample_weight" in name]
    checks = list(estimator_checks.estimator_checks_generator(ESTIMATORS[0]))
    names = {check.func.__name__ for _, check in checks}
    assert len(names & set(found)) >= 6


# Checks that scikit-learn runs on its own transformers besides `check_estimator`.
NAMES = [
    "check_dataframe_column_names_consistency",
    "check_global_output_transform_pandas",
    "check_global_set_output_transform_polars",
    "check_n_features_in",
    "check_set_output_transform",
    "check_set_output_transform_pandas",
    "check_set_output_transform_polars",
    "check_transformer_get_feature_names_out",
    "check_transformer_get_feature_names_out_pandas",
]
OUTPUT_CHECKS = [
    getattr(estimator_checks, name) for name in NAMES if hasattr(estimator_checks, name)
]


# The checks themselves mix arrays and DataFrames in `fit` and `transform`.
@pytest.mark.filterwarnings("ignore:X (has|does not have valid) feature names")
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("check", OUTPUT_CHECKS, ids=lambda check: check.__name__)
def test_output_checks_pass(estimator, check):
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda e: type(e).__name__)
def test_there_are_many_checks(estimator):
    checks = list(estimator_checks.estimator_checks_generator(estimator))
    assert len(checks) >= 40
    assert len(OUTPUT_CHECKS) >= 7
