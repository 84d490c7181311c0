"""What scikit-learn keeps private; nothing else in this package may reach for it."""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils._param_validation import Interval, StrOptions

__all__ = ["Interval", "StrOptions", "count_vectorizer_constraints"]


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
