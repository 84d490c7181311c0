"""Stochastic gradient descent on the rows of a matrix.

References
----------
.. [1] Böhning, D. (1992). "Multinomial logistic regression algorithm". The bound on the
   second derivative of the logistic loss.
"""

import numpy as np

from .onehot import scatter_add

STEP_LIMIT = 2.5  # in units of 1 / (curvature of the row's loss)
TINY = 1e-12


def linear_decay(progress, start, end):
    """Learning rate after the share `progress` of all words, as in word2vec."""
    return max(end, start * (1 - progress))


class RowSGD:
    """Adds row gradients to a matrix, with steps that stay stable in large updates.

    An update of thousands of positions sums hundreds of gradients of one frequent word,
    all taken at the same point, and plain SGD diverges. Along a direction of curvature
    ``q`` gradient descent needs a step below ``2 / q``. For a row whose pairs weigh
    ``w_i`` and have the vectors ``x_i`` on the other side, ``q`` is the greatest
    eigenvalue of ``sum_i w_i * s_i * x_i x_i^T``, where ``s_i``, the second derivative
    of the logistic loss, is at most 1/4 [1]_. With the second moments of a tile's
    vectors for those of the row, ``q <= sum_i w_i / 4 * |mean of x x^T|`` in the
    Frobenius norm, and the step of the row is ``min(learning_rate, STEP_LIMIT / q)``.
    Rare rows stay exact SGD.

    Parameters
    ----------
    matrix : ndarray of shape (n_words, n_components)
        Changed in place.
    """

    def __init__(self, matrix):
        self.matrix = matrix
        self._load = np.full(len(matrix), TINY, matrix.dtype)
        self._indptr = np.zeros(1, np.int32)

    def step(self, parts, learning_rate):
        """Apply the gradients of one update, in their order.

        Parameters
        ----------
        parts : list of RowGradients
            Those of each tile.
        learning_rate : float
        """
        loads = [part.load for part in parts]
        for load in loads:
            np.add.at(self._load, load.ids, load.weights)
        spread = np.mean([load.spread for load in loads])
        limit = 4 * STEP_LIMIT / max(float(spread), TINY)
        for ids, rows, _ in parts:
            scale = np.divide(-limit, self._load.take(ids))
            np.maximum(scale, -learning_rate, out=scale)
            scatter_add(self.matrix, ids, scale, rows, self._arange(len(ids) + 1))
        for load in loads:
            self._load[load.ids] = TINY

    def _arange(self, size):
        if size > len(self._indptr):
            self._indptr = np.arange(size, dtype=np.int32)
        return self._indptr
