"""What shards change in a round, and how it is summed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..corpus.sizes import Sized
from .gradients import RowGradients
from .optimizer import RowSGD


@dataclass(frozen=True, eq=False)
class RowChanges(Sized):
    """The rows of a matrix that one or several shards have changed.

    Attributes
    ----------
    ids : ndarray of shape (n_changed,), int64
        In increasing order.
    rows : ndarray of shape (n_changed, n_components)
        Summed changes of each row.
    time : ndarray of shape (n_changed,), dtype of the rows
        Summed times of each row; see `MeasuringSGD`.
    n_shards : ndarray of shape (n_changed,), dtype of the rows
        Number of shards that have changed each row.
    """

    ids: NDArray[np.intp]
    rows: NDArray
    time: NDArray
    n_shards: NDArray


@dataclass(frozen=True, eq=False)
class Change(Sized):
    """What one or several shards have learned in a round.

    Attributes
    ----------
    shard : int
        Number of the shard, or of the first one.
    inputs, outputs : RowChanges
        Those of the embedding and of the output weights.
    loss : float
        Summed loss, in nats.
    n_pairs : float
        Number of training pairs.
    first_loss : float
        Mean loss of the first update: that of the model before the round.
    """

    shard: int
    inputs: RowChanges
    outputs: RowChanges
    loss: float
    n_pairs: float
    first_loss: float


class MeasuringSGD(RowSGD):
    """Measures for how long each row descends.

    With a step ``t``, pairs of the weight ``w`` move a row by ``-t * w / 4 * A @ (row -
    minimum)``, if ``A`` are the second moments of the vectors on their other side. Many
    small steps are gradient flow, for the time ``sum of t * w / 4``.

    Parameters
    ----------
    matrix : ndarray of shape (n_rows, n_components)
        See `RowSGD`.

    Attributes
    ----------
    time : ndarray of shape (n_rows,), dtype of the matrix
    """

    def __init__(self, matrix: NDArray) -> None:
        super().__init__(matrix)
        self.time = np.zeros(len(matrix), matrix.dtype)
        self._is_used = np.zeros(len(matrix), bool)
        self._of_update: tuple[float, float | NDArray] = 0.0, 0.0

    def step(
        self,
        parts: list[RowGradients],
        learning_rate: float,
        first: int = 0,
        last: int | None = None,
    ) -> None:
        """See `RowSGD.step`."""
        for part in parts:
            self._is_used[part.ids] = True
        super().step(parts, learning_rate, first, last)

    def weigh(self, ids: NDArray[np.int32], weights: NDArray) -> None:
        """See `RowSGD.weigh`."""
        self._is_used[ids] = True
        super().weigh(ids, weights)

    def steps(
        self, ids: NDArray[np.int32], spread: float, learning_rate: float | NDArray
    ) -> NDArray:
        """See `RowSGD.steps`."""
        self._of_update = spread, learning_rate
        return super().steps(ids, spread, learning_rate)

    def forget(self, ids: NDArray[np.int32]) -> None:
        """Add the time of an update; see `RowSGD.forget`."""
        steps = super().steps(ids, *self._of_update)
        # An id that occurs twice is counted once: it gets the same sum both times.
        self.time[ids] -= steps * self._pair_weights.take(ids) / 4
        super().forget(ids)

    def changes(self, before: NDArray) -> RowChanges:
        """Return the rows that have changed, given the matrix as it was."""
        used = np.flatnonzero(self._is_used)
        rows = self.matrix[used] - before[used]
        changed = rows.any(axis=1)
        ids = used[changed]
        n_shards = np.ones(len(ids), rows.dtype)
        return RowChanges(ids, rows[changed], self.time[ids], n_shards)


def merge(changes: Sequence[Change]) -> Change:
    """Sum the changes of several shards, in the order of their numbers.

    Changes that are merged in groups, and then these, have the same sum but for
    rounding.

    Parameters
    ----------
    changes : sequence of Change
        Those of at least one shard, in any order.

    Returns
    -------
    Change
    """
    if len(changes) == 1:
        return changes[0]
    ordered = sorted(changes, key=lambda change: change.shard)
    return Change(
        ordered[0].shard,
        _summed([change.inputs for change in ordered]),
        _summed([change.outputs for change in ordered]),
        sum(change.loss for change in ordered),
        sum(change.n_pairs for change in ordered),
        next((c.first_loss for c in ordered if c.n_pairs), float("nan")),
    )


def _summed(changes: list[RowChanges]) -> RowChanges:
    ids = np.unique(np.concatenate([change.ids for change in changes]))
    first = changes[0]
    total = RowChanges(
        ids,
        np.zeros((len(ids), first.rows.shape[1]), first.rows.dtype),
        np.zeros(len(ids), first.time.dtype),
        np.zeros(len(ids), first.n_shards.dtype),
    )
    for change in changes:
        places = np.searchsorted(ids, change.ids)
        total.rows[places] += change.rows
        total.time[places] += change.time
        total.n_shards[places] += change.n_shards
    return total
