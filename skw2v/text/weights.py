"""What counts as weights of documents."""

from reprlib import repr as shortened

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST = 1 << 31  # sum of the weights: training repeats documents


def as_weights(sample_weight: ArrayLike | None) -> NDArray[np.float64] | None:
    """Return the weights of documents as an array; None if there are none.

    `Corpus.weighted` gives them to the documents, and checks their number.

    Parameters
    ----------
    sample_weight : array-like of shape (n_documents,) or None

    Returns
    -------
    ndarray of shape (n_documents,), float64, or None

    Raises
    ------
    ValueError
        They are not numbers, not in one dimension, negative, NaN or infinite, all of
        them are zero, or their sum is too large.
    """
    if sample_weight is None:
        return None
    try:
        weights = np.array(sample_weight, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise _error(shortened(sample_weight)) from None
    if weights.ndim != 1:
        raise _error(f"an array of shape {weights.shape}")
    wrong = ~(np.isfinite(weights) & (weights >= 0))
    if wrong.any():
        first = np.argmax(wrong)
        raise _error(f"{weights[first]:g} for document {first}")
    if not 0 < weights.sum() <= LARGEST:
        raise _error(f"weights that sum to {weights.sum():g}")
    return weights


def _error(given: str) -> ValueError:
    return ValueError(
        "sample_weight must be an array of one dimension that says how often each "
        "document counts: finite numbers of 0 or more, not all of them zero, that sum "
        f"to {LARGEST:,} at most; got {given}."
    )
