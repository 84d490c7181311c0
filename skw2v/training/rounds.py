"""Training in rounds: shards train side by side, and their changes are combined.

In each round, all shards begin with the same model. Each trains some of its chunks and
returns the rows that it has changed; `combine` makes the next model of them::

    for epoch in range(max_iter):
        for number in range(n_rounds):
            changes = [train_shard(model, shard, seed, epoch, number) for ...]
            model = combine(model, changes)

Both are pure functions: they change none of their arguments, and draw nothing but what
is keyed by (seed, epoch, chunk, shard). So it doesn't matter where they run, in which
order, or how often.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .model import Model
from .optimizer import STEP_LIMIT, RowSGD
from .shards import Shard
from .trainer import Trainer
from .workers import Team

SMALL = 1e-6  # decay of a row whose steps are too small to need a correction


@dataclass(frozen=True, eq=False)
class RowChanges:
    """The rows of a matrix that a shard has changed.

    Attributes
    ----------
    ids : ndarray of shape (n_changed,), int64
        In increasing order.
    rows : ndarray of shape (n_changed, n_components)
        What was added to each.
    decay : ndarray of shape (n_changed,), float32
        See `MeasuringSGD`.
    """

    ids: NDArray[np.intp]
    rows: NDArray
    decay: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Change:
    """What a shard has learned in a round.

    Attributes
    ----------
    shard : int
        Number of the shard.
    inputs, outputs : RowChanges
        Those of the embedding and of the output weights.
    loss : float
        Summed loss, in nats.
    n_pairs : float
        Number of training pairs.
    """

    shard: int
    inputs: RowChanges
    outputs: RowChanges
    loss: float
    n_pairs: float


class MeasuringSGD(RowSGD):
    """Measures how much of where a row began its steps have left.

    Gradient descent with steps ``t`` on a loss of curvature ``q`` approaches the
    minimum by the factor ``1 - t * q``, so that ``exp(-decay)`` of the way is left, with
    the sum of all ``t * q`` as `decay`.

    Parameters
    ----------
    matrix : ndarray of shape (n_rows, n_components)
        See `RowSGD`.

    Attributes
    ----------
    decay : ndarray of shape (n_rows,), float32
    """

    def __init__(self, matrix: NDArray) -> None:
        super().__init__(matrix)
        self.decay = np.zeros(len(matrix), np.float32)
        self._rate, self._spread = 0.0, 0.0

    def steps(
        self, ids: NDArray[np.int32], spread: float, learning_rate: float
    ) -> NDArray:
        """See `RowSGD.steps`."""
        self._rate, self._spread = learning_rate, spread
        return super().steps(ids, spread, learning_rate)

    def forget(self, ids: NDArray[np.int32]) -> None:
        """Add what the last steps were worth; see `RowSGD.forget`."""
        curvature = self._pair_weights.take(ids) * (self._spread / 4)
        # An id that occurs twice is counted once: both times it gets the same sum.
        self.decay[ids] += np.minimum(self._rate * curvature, STEP_LIMIT)
        super().forget(ids)


def train_shard(
    model: Model, shard: Shard, seed: int, epoch: int, number: int, n_before: int = 0
) -> Change:
    """Train one shard for one round.

    Parameters
    ----------
    model : Model
        That of the round; it isn't changed.
    shard : Shard
    seed, n_before : int
        See `Stream`.
    epoch, number : int
        Those of the round, from 0; `number` counts the rounds of an epoch.

    Returns
    -------
    Change

    Raises
    ------
    FloatingPointError
        The loss is no longer finite.
    """
    own = replaced(model, model.input_matrix.copy(), model.output_matrix.copy())
    trainer = Trainer(shard.corpus, own, seed, n_before, shard=shard, sgd=MeasuringSGD)
    n_chunks = trainer.stream.n_chunks // shard.n_rounds
    first = number * n_chunks
    with Team(1) as team, team.start():
        chunks = trainer.stream.chunks(epoch, team, first, first + n_chunks)
        with closing(chunks):
            trainer.train(epoch, chunks, team)
    update, progress = trainer.update, trainer.progress
    return Change(
        shard.number,
        _changes(model.input_matrix, update.input_sgd),
        _changes(model.output_matrix, update.output_sgd),
        progress.loss,
        progress.n_pairs,
    )


def combine(model: Model, changes: Sequence[Change]) -> Model:
    """Return the model of the next round.

    Parameters
    ----------
    model : Model
        That of the round; it isn't changed.
    changes : sequence of Change
        Those of all shards, in any order.

    Returns
    -------
    Model
    """
    ordered = sorted(changes, key=lambda change: change.shard)
    return replaced(
        model,
        _combined(model.input_matrix, [change.inputs for change in ordered]),
        _combined(model.output_matrix, [change.outputs for change in ordered]),
    )


def replaced(model: Model, input_matrix: NDArray, output_matrix: NDArray) -> Model:
    """Return a model with other matrices, which shares everything else."""
    other = replace(model, input_matrix=input_matrix, output_matrix=output_matrix)
    other._loss = model.loss
    return other


def _changes(before: NDArray, sgd: RowSGD) -> RowChanges:
    assert isinstance(sgd, MeasuringSGD)
    ids = np.flatnonzero((sgd.matrix != before).any(axis=1))
    return RowChanges(ids, sgd.matrix[ids] - before[ids], sgd.decay[ids])


def _combined(matrix: NDArray, changes: list[RowChanges]) -> NDArray:
    r"""Add the changes of all shards to a matrix."""
    total = np.zeros(len(matrix), np.float32)
    result = np.zeros_like(matrix)
    for change in changes:
        total[change.ids] += change.decay
        result[change.ids] += change.rows * _stretch(change.decay)[:, None]
    result /= _stretch(total)[:, None]
    result += matrix
    return result


def _stretch(decay: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``decay / (1 - exp(-decay))``: by how much decay has shortened a change."""
    decay = np.maximum(decay, SMALL)
    return decay / -np.expm1(-decay)
