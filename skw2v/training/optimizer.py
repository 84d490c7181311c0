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
FETCH = 3  # time to fetch a row from memory, in units of that to change a fetched one


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
        self._largest = float(np.finfo(matrix.dtype).max)

    def work(self, parts: list[RowGradients]) -> NDArray:
        """Return about how much work each row is in an update.

        Parameters
        ----------
        parts : list of RowGradients
            See `step`.

        Returns
        -------
        ndarray of shape (n_rows,)
            In units of the work to add a gradient to a row.
        """
        ids = np.concatenate([part.ids for part in parts])
        n_changes = np.bincount(ids, minlength=len(self.matrix))
        return n_changes + FETCH * (n_changes > 0)

    def step(
        self,
        parts: list[RowGradients],
        learning_rate: float,
        first: int = 0,
        last: int | None = None,
    ) -> None:
        """Apply the gradients of one update, in their order.

        Parameters
        ----------
        parts : list of RowGradients
            Those of all tiles, with the spread of all.
        learning_rate : float
        first, last : int
            The rows from `first` to `last` - 1 are changed; None is the number of rows.
        """
        limits = first, len(self.matrix) if last is None else last
        weighed = []
        for ids, weights, _ in (part.curvature for part in parts):
            own, chosen = self.within(ids, *limits)
            if chosen is not None:
                weights = weights.compress(chosen)
            self.weigh(own, weights)
            weighed.append(own)
        for part in parts:
            own, chosen = self.within(part.ids, *limits)
            steps = self.steps(own, parts[0].curvature.spread, learning_rate)
            scatter_add(self.matrix, own, steps, part.rows, chosen)
        for own in weighed:
            self.forget(own)

    def within(
        self, ids: NDArray[np.int32], first: int, last: int
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_] | None]:
        """Return the ids from `first` on, and where they are; None is everywhere."""
        if last - first == len(self.matrix):
            return ids, None
        return within(ids, first, last)

    def weigh(self, ids: NDArray[np.int32], weights: NDArray) -> None:
        """Add the weights of pairs to the rows that take part in them."""
        np.add.at(self._pair_weights, ids, weights)

    def steps(
        self, ids: NDArray[np.int32], spread: float, learning_rate: float | NDArray
    ) -> NDArray:
        """Return the step of each row, which is negative, by the weights of its pairs.

        Parameters
        ----------
        ids : ndarray of shape (n,), int32
        spread : float
            See `Curvature`.
        learning_rate : float or ndarray of shape (n,)
            That of all rows, or of each.

        Returns
        -------
        ndarray of shape (n,), dtype of the matrix
        """
        limit = 4 * STEP_LIMIT / max(spread, TINY)
        steps = np.divide(-limit, self._pair_weights.take(ids))
        lowest = -np.minimum(learning_rate, self._largest)
        return np.maximum(steps, lowest, out=steps, dtype=steps.dtype)

    def forget(self, ids: NDArray[np.int32]) -> None:
        """Take the weights of pairs from rows, for the next update."""
        self._pair_weights[ids] = TINY


def within(
    ids: NDArray[np.int32], first: int, last: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the ids from `first` to `last` - 1, and where they are."""
    chosen = (ids >= first) & (ids < last)
    return ids.compress(chosen), chosen
