"""What scikit-learn keeps private, or lacks in some supported version.

Nothing else in this package may reach for what is private.
"""

import sklearn
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import Interval, StrOptions

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # before 1.9

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """No callbacks."""

    def with_callbacks(method):
        """The method as it is."""
        return method


if sklearn.__version__.startswith(("1.6.", "1.7.0")):
    from sklearn.utils._set_output import _wrap_data_with_container

    def keep_index(rows, X, estimator):
        """Give the DataFrame that `set_output` asks for the index of a Series."""
        if not hasattr(X, "to_frame"):
            return rows
        return _wrap_data_with_container("transform", rows, X.to_frame(), estimator)

else:  # since 1.7.1 scikit-learn does it

    def keep_index(rows, X, estimator):
        """The rows as they are."""
        return rows


__all__ = [
    "CallbackSupportMixin",
    "Interval",
    "StrOptions",
    "count_vectorizer_constraints",
    "has_callbacks",
    "keep_index",
    "output_container",
    "with_callbacks",
]


def has_callbacks(estimator):
    """Whether callbacks are set, by the user or by a meta-estimator.

    Parameters
    ----------
    estimator : estimator

    Returns
    -------
    bool
    """
    return hasattr(estimator, "_skl_callbacks")


def count_vectorizer_constraints(names):
    """What `CountVectorizer` allows for some of its parameters.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    dict of str to list
    """
    return {name: CountVectorizer._parameter_constraints[name] for name in names}


def output_container(estimator):
    """What `set_output` was told for `transform`.

    Parameters
    ----------
    estimator : estimator

    Returns
    -------
    str or None
        None if it was never called.
    """
    return getattr(estimator, "_sklearn_output_config", {}).get("transform")
