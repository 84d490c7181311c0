"""Checks that a stored estimator gives the same rows."""

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
from sklearn.base import BaseEstimator

from .rules import always, applies, assert_same, documents, fitted


@applies(always)
def check_pickle(estimator: BaseEstimator) -> None:
    """Check that a pickled estimator gives the same rows as before."""
    estimator = fitted(estimator)
    expected = estimator.transform(documents())
    result = pickle.loads(pickle.dumps(estimator)).transform(documents())
    assert_same(result, expected, "The rows differ")


@applies(always)
def check_memory_map(estimator: BaseEstimator) -> None:
    """Check that `transform` works with read-only arrays of a memory-mapped file."""
    # An open file can't be deleted on Windows.
    with TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        path = Path(directory) / "estimator.joblib"
        joblib.dump(fitted(estimator), path)
        expected = joblib.load(path).transform(documents())
        result = joblib.load(path, mmap_mode="r").transform(documents())
        assert_same(result, expected, "The rows differ from those of arrays in memory")
