"""Private or version-dependent parts of scikit-learn.

No other module of this package may use private parts of scikit-learn.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import Interval as Interval
from sklearn.utils._param_validation import StrOptions as StrOptions

Rows = TypeVar("Rows")

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # before 1.9

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in for scikit-learn's class, without callbacks."""

    def with_callbacks(method: Callable) -> Callable:
        """Return the method as it is."""
        return method


if sklearn.__version__.startswith(("1.6.", "1.7.0")):
    from sklearn.utils._set_output import _wrap_data_with_container

    def keep_index(rows: Rows, X: Any, estimator: Any) -> Rows:
        """Give the DataFrame that `set_output` asks for the index of a Series."""
        if not hasattr(X, "to_frame"):
            return rows
        return _wrap_data_with_container("transform", rows, X.to_frame(), estimator)

else:  # since 1.7.1 scikit-learn does it

    def keep_index(rows: Rows, X: Any, estimator: Any) -> Rows:
        """Return the rows as they are."""
        return rows


def callbacks_of(estimator: Any) -> list[Any]:
    """Return the callbacks that are set, by the user or by a meta-estimator."""
    return getattr(estimator, "_skl_callbacks", [])


def count_vectorizer_constraints(names: Iterable[str]) -> dict[str, list]:
    """Return what `CountVectorizer` allows for some of its parameters."""
    return {name: CountVectorizer._parameter_constraints[name] for name in names}


def output_container(estimator: Any) -> str | None:
    """Return what `set_output` was told for `transform`; None if it wasn't called."""
    return getattr(estimator, "_sklearn_output_config", {}).get("transform")
