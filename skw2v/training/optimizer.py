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
    n_rows : int
        Gradients of an update, at the most.
    """

    def __init__(self, matrix, n_rows):
        self.matrix = matrix
        self._load = np.full(len(matrix), TINY, matrix.dtype)
        self._indptr = np.arange(n_rows + 1, dtype=np.int32)

    def step(self, ids, gradients, load_ids, load, spread, learning_rate):
        """Apply the gradients of one update, in their order.

        Parameters
        ----------
        ids : ndarray of shape (n_rows,), int32
            Word of each gradient; a word may occur more than once.
        gradients : ndarray of shape (n_rows, n_components)
        load_ids : ndarray of shape (n_positions,), int32
        load : ndarray of shape (n_positions,)
            Words and the summed weights ``w_i`` of the pairs in which they took part.
        spread : float
            The norm of the second moments of the vectors on the other side.
        learning_rate : float
        """
        np.add.at(self._load, load_ids, load)
        limit = 4 * STEP_LIMIT / max(spread, TINY)
        scale = np.divide(-limit, self._load.take(ids))
        np.maximum(scale, -learning_rate, out=scale)
        scatter_add(self.matrix, ids, scale, gradients, self._indptr[: len(ids) + 1])
        self._load[load_ids] = TINY
