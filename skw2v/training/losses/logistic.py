"""The logistic loss: margins in, value and gradient out."""

import numpy as np
from numpy.typing import NDArray

# exp(80) is finite in float32, and log(1 + exp(80)) is 80 to all its digits.
MAX_EXPONENT = 80.0


def softplus(margins: NDArray) -> NDArray:
    """Return ``log(1 + exp(z))`` of margins, those above 80 taken as 80.

    Parameters
    ----------
    margins : ndarray

    Returns
    -------
    ndarray like `margins`
    """
    # np.logaddexp(0, z) is twenty times slower.
    return np.log1p(np.exp(np.minimum(margins, MAX_EXPONENT)))


def logistic(margins: NDArray, weights: NDArray, gradient: NDArray) -> float:
    """Return the weighted logistic loss, and fill in its gradient.

    For a pair of score ``s`` the margin is ``z = -s`` if the pair was seen in a window
    and ``z = s`` if one of its words is noise. Then::

        value = sum(weights * log(1 + exp(z)))
        gradient = weights * sigmoid(z)         with respect to z

    Parameters
    ----------
    margins : ndarray of any shape, C-contiguous
        Margins above 80 are taken as 80. Overwritten.
    weights : ndarray like `margins`
        Weight of each pair.
    gradient : ndarray like `margins`
        Receives the gradient.

    Returns
    -------
    float
        The summed loss, in nats.
    """
    # Most tiles have no large margins. NumPy finds the maximum in a sixth of the time
    # that it takes to limit them.
    if not margins.max(initial=0) <= MAX_EXPONENT:  # true for NaN as well
        np.minimum(margins, MAX_EXPONENT, out=margins)
    exponential = np.exp(margins, out=margins)
    total = np.add(exponential, 1, out=gradient)
    sigmoid = np.divide(exponential, total, out=margins)
    value = np.vdot(np.log(total, out=gradient), weights)
    np.multiply(sigmoid, weights, out=gradient)
    return float(value)
