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

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .changes import RowChanges
from .optimizer import TINY

PART = 1 << 10  # rows that are computed at a time
SMALLEST = 1e-6  # time times curvature, below which changes are summed
RowsOf = Callable[[slice], NDArray]  # see `Side.mean`


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

    def mean(self, part: slice) -> NDArray:
        """Return some of the changed rows, after the mean of the changes.

        Parameters
        ----------
        part : slice
            Which of the changed rows.

        Returns
        -------
        ndarray of shape (n_part, n_components)
        """
        changes = self.changes
        rows = changes.rows[part] / changes.n_shards[part, None]
        rows += self.matrix[changes.ids[part]]
        return rows

    def moved(self, curvature: NDArray) -> RowsOf:
        """Return a function like `mean`: rows after the changes of all shards.

        Parameters
        ----------
        curvature : ndarray of shape (n_components, n_components)
            ``A``, the second moments of the vectors on the other side.

        Returns
        -------
        callable
        """
        changes, dtype = self.changes, self.matrix.dtype
        eigenvalues, axes = np.linalg.eigh(curvature.astype(np.float64))
        eigenvalues, axes = eigenvalues.astype(dtype), axes.astype(dtype)

        def rows_of(part: slice) -> NDArray:
            # What a single shard has changed stays, whatever the directions.
            several = np.flatnonzero(changes.n_shards[part] > 1)
            steps, time = changes.rows[part].copy(), changes.time[part]
            n_shards = changes.n_shards[part][several, None]
            total = np.maximum(time[several, None] * eigenvalues, SMALLEST)
            factors = np.expm1(-total) / (n_shards * np.expm1(-total / n_shards))
            steps[several] = ((steps[several] @ axes) * factors) @ axes.T
            steps += self.matrix[changes.ids[part]]
            return steps

        return rows_of

    def moments(self, rows_of: RowsOf) -> NDArray:
        """Return the second moments of the rows, as the other side meets them.

        A row takes part in as many pairs as its time says, and the rows of a mean are
        drawn independently.

        Parameters
        ----------
        rows_of : callable
            Like `mean`.

        Returns
        -------
        ndarray of shape (n_components, n_components)
        """
        time, n_components = self.changes.time, self.matrix.shape[1]
        weights = time / max(time.sum(), TINY)
        mean = np.zeros(n_components, self.matrix.dtype)
        moments = np.zeros((n_components, n_components), self.matrix.dtype)
        for part in self._parts():
            rows = rows_of(part)
            mean += weights[part] @ rows
            rows *= np.sqrt(weights[part, None])
            moments += rows.T @ rows  # half the work of other products
        of_mean = np.outer(mean, mean)
        return of_mean + self.share * (moments - of_mean)

    def replaced(self, rows_of: RowsOf) -> NDArray:
        """Return a copy of the matrix with other rows where it has changed."""
        matrix = self.matrix.copy()
        for part in self._parts():
            matrix[self.changes.ids[part]] = rows_of(part)
        return matrix

    def _parts(self) -> Iterator[slice]:
        """Cut the changed rows into parts that stay in the caches."""
        for start in range(0, len(self.changes.ids), PART):
            yield slice(start, start + PART)


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
    input_rows, output_rows = inputs.moved(of_outputs), outputs.moved(of_inputs)
    of_inputs += inputs.moments(input_rows)
    of_outputs += outputs.moments(output_rows)
    return (
        inputs.replaced(inputs.moved(of_outputs)),
        outputs.replaced(outputs.moved(of_inputs)),
    )
