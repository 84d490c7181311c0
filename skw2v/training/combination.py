r"""How the changes of several shards are combined.

Their sum would go too far: in each shard, the steps of a frequent word take it close to
its minimum, and ``n`` shards together take it ``n`` times as far. Their mean stops too
early: the steps of a rare word are short, and those of a single machine would add up.
Here both are limits of one formula.

Close to its minimum ``m``, gradient descent moves a row ``x`` by the flow ``dx/dt = A @
(m - x)``, with the second moments ``A`` of the vectors on the other side of its pairs
as curvature. In the time ``t`` a shard moves it by ``(1 - exp(-t * A)) @ (m - x)``. One
machine would move it for the times of all shards, by ``(1 - exp(-n * t * A)) @ (m -
x)``. So along an eigenvector of ``A`` with the eigenvalue ``q``, the sum of the changes
is multiplied by ::

    (1 - exp(-n * t * q)) / (n * (1 - exp(-t * q)))

That is 1 for small ``t * q``, and ``1 / n`` for large ones. Directions matter as much
as words: along the part that all vectors have in common, most words are close to their
minimum soon, and along others the curvature may be a hundred times smaller.

The vectors on the other side move as well. So ``A`` is the sum of their moments after
the mean of the changes, and of those where that leads: if the first were too small, the
second are large. All rows take part in it: a few frequent words weigh so much that a
sample without them lets changes go too far.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .changes import RowChanges
from .optimizer import TINY

BLOCK = 1 << 12  # rows that are moved at a time
SMALLEST = 1e-6  # time times curvature, below which changes are summed


@dataclass(frozen=True, eq=False)
class Side:
    """The rows of a matrix that have changed in a round.

    Attributes
    ----------
    matrix : ndarray of shape (n_rows, n_components)
        At the beginning of the round.
    changes : RowChanges
        Those of all shards.
    share : float
        How much of what differs between the rows the other side meets. A hidden layer
        that is the mean of `n` rows differs from others by ``1 / n`` of what rows do
        (in squares). In the same way, an output row that differs from others moves a
        hidden layer by ``1 / n`` when it moves one of these rows, but what all have in
        common moves all rows together.
    """

    matrix: NDArray
    changes: RowChanges
    share: float = 1.0

    @property
    def mean(self) -> NDArray:
        """Return the rows after the mean of the changes."""
        changes = self.changes
        return self.matrix[changes.ids] + changes.rows / changes.n_shards[:, None]

    def moments(self, rows: NDArray) -> NDArray:
        """Return the second moments of these rows, as the other side meets them.

        A row takes part in as many pairs as its time says, and the rows of a mean are
        drawn independently.

        Parameters
        ----------
        rows : ndarray of shape (n_changed, n_components)

        Returns
        -------
        ndarray of shape (n_components, n_components)
        """
        time = self.changes.time
        weights = time / max(time.sum(), TINY)
        mean = weights @ rows
        of_mean = np.outer(mean, mean)
        return of_mean + self.share * ((rows.T * weights) @ rows - of_mean)

    def moved(self, curvature: NDArray) -> NDArray:
        """Return the rows after the changes of all shards.

        Parameters
        ----------
        curvature : ndarray of shape (n_components, n_components)
            ``A``, the second moments of the vectors on the other side.

        Returns
        -------
        ndarray of shape (n_changed, n_components)
        """
        changes, dtype = self.changes, self.matrix.dtype
        rows = self.matrix[changes.ids] + changes.rows
        # What a single shard has changed stays, whatever the directions.
        several = np.flatnonzero(changes.n_shards > 1)
        eigenvalues, axes = np.linalg.eigh(curvature.astype(np.float64))
        eigenvalues, axes = eigenvalues.astype(dtype), axes.astype(dtype)
        for start in range(0, len(several), BLOCK):
            part = several[start : start + BLOCK]
            n_shards = changes.n_shards[part, None]
            total = np.maximum(changes.time[part, None] * eigenvalues, SMALLEST)
            factors = np.expm1(-total) / (n_shards * np.expm1(-total / n_shards))
            step = ((changes.rows[part] @ axes) * factors) @ axes.T
            rows[part] = self.matrix[changes.ids[part]] + step
        return rows

    def replaced(self, rows: NDArray) -> NDArray:
        """Return a copy of the matrix with other rows where it has changed."""
        matrix = self.matrix.copy()
        matrix[self.changes.ids] = rows
        return matrix


def combined(inputs: Side, outputs: Side) -> tuple[NDArray, NDArray]:
    """Return both matrices after the changes of all shards.

    Parameters
    ----------
    inputs, outputs : Side

    Returns
    -------
    input_matrix, output_matrix : ndarrays of shape (n_rows, n_components)
    """
    of_inputs, of_outputs = inputs.moments(inputs.mean), outputs.moments(outputs.mean)
    rows, other_rows = inputs.moved(of_outputs), outputs.moved(of_inputs)
    of_inputs += inputs.moments(rows)
    of_outputs += outputs.moments(other_rows)
    return (
        inputs.replaced(inputs.moved(of_outputs)),
        outputs.replaced(outputs.moved(of_inputs)),
    )
