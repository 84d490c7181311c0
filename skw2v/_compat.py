"""What scikit-learn keeps private, or has since 1.9 only.

Nothing else in this package may reach for what is private.
"""

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


__all__ = [
    "CallbackSupportMixin",
    "Interval",
    "StrOptions",
    "count_vectorizer_constraints",
    "has_callbacks",
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
