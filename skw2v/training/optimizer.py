"""Stochastic gradient descent on the rows of a matrix.

References
----------
.. [1] Böhning, D. (1992). "Multinomial logistic regression algorithm". The bound on the
   second derivative of the logistic loss.
"""

import numpy as np
from numpy.typing import NDArray

from .gradients import RowGradients
from .onehot import scatter_add

STEP_LIMIT = 2.5  # maximum step, in units of 1 / (curvature of the row's loss)
TINY = 1e-12


def linear_decay(progress: float, start: float, end: float) -> float:
    """Return the learning rate after the share `progress` of training, in [0, 1]."""
    return max(end, start * (1 - progress))


class RowSGD:
    """Adds row gradients to a matrix, with steps that stay stable in large updates.

    An update of thousands of positions sums hundreds of gradients of one frequent word,
    all taken at the same point, and plain SGD diverges. Along a direction of curvature
    ``q`` gradient descent needs a step below ``2 / q``. For a row whose pairs weigh
    ``w_i`` and have the vectors ``x_i`` on the other side, ``q`` is the largest
    eigenvalue of ``sum_i w_i * s_i * x_i x_i^T``, where ``s_i``, the second derivative
    of the logistic loss, is at most 1/4 [1]_. With the second moments of a tile's
    vectors for those of the row, ``q <= sum_i w_i / 4 * |mean of x x^T|`` in the
    Frobenius norm, and the step of the row is ``min(learning_rate, STEP_LIMIT / q)``.
    The rows of rare words take plain SGD steps.

    Parameters
    ----------
    matrix : ndarray of shape (n_rows, n_components)
        Changed in place.
    """

    def __init__(self, matrix: NDArray) -> None:
        self.matrix = matrix
        self._pair_weights = np.full(len(matrix), TINY, matrix.dtype)
        self._indptr = np.zeros(1, np.int32)
        self._largest = float(np.finfo(matrix.dtype).max)

    def step(self, parts: list[RowGradients], learning_rate: float) -> None:
        """Apply the gradients of one update, in their order.

        Parameters
        ----------
        parts : list of RowGradients
            Those of each tile.
        learning_rate : float
        """
        curvatures = [part.curvature for part in parts]
        for curvature in curvatures:
            np.add.at(self._pair_weights, curvature.ids, curvature.weights)
        spread = sum(curvature.spread for curvature in curvatures) / len(curvatures)
        limit = 4 * STEP_LIMIT / max(spread, TINY)
        for part in parts:
            scale = np.divide(-limit, self._pair_weights.take(part.ids))
            np.maximum(scale, -min(learning_rate, self._largest), out=scale)
            indptr = self._arange(len(part.ids) + 1)
            scatter_add(self.matrix, part.ids, scale, part.rows, indptr)
        for curvature in curvatures:
            self._pair_weights[curvature.ids] = TINY

    def _arange(self, size: int) -> NDArray[np.int32]:
        if size > len(self._indptr):
            self._indptr = np.arange(size, dtype=np.int32)
        return self._indptr
