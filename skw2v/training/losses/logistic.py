"""The logistic loss: margins in, value and gradient out."""

import numpy as np

# exp(80) is finite in float32, and log(1 + exp(80)) is 80 to all its digits.
MAX_EXPONENT = 80.0


def softplus(margins):
    """``log(1 + exp(z))`` of margins; above 80 they count as 80.

    Parameters
    ----------
    margins : ndarray

    Returns
    -------
    ndarray like `margins`
    """
    # np.logaddexp(0, z) is twenty times slower.
    return np.log1p(np.exp(np.minimum(margins, MAX_EXPONENT)))


def logistic(margins, weights, gradient):
    """Weighted logistic loss.

    For a pair of score ``s`` the margin is ``z = -s`` if the pair was seen in a window
    and ``z = s`` if one of its words is noise. Then::

        value = sum(weights * log(1 + exp(z)))
        gradient = weights * sigmoid(z)         with respect to z

    Parameters
    ----------
    margins : ndarray of shape (n_positions, n_candidates), C-contiguous
        Above 80 they count as 80. Overwritten.
    weights : ndarray like `margins`
        How often each pair counts.
    gradient : ndarray like `margins`
        Takes the gradient.

    Returns
    -------
    value : float
        The summed loss in nats.
    """
    np.minimum(margins, MAX_EXPONENT, out=margins)
    exponential = np.exp(margins, out=margins)
    total = np.add(exponential, 1, out=gradient)
    sigmoid = np.divide(exponential, total, out=margins)
    value = np.vdot(np.log(total, out=gradient), weights)
    np.multiply(sigmoid, weights, out=gradient)
    return float(value)
