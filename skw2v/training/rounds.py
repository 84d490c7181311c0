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
from dataclasses import replace

from numpy.typing import NDArray

from .changes import Change, MeasuringSGD, merge
from .combination import Side, combined
from .model import Model
from .shards import Shard
from .trainer import Trainer
from .workers import Team


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
    progress, update = trainer.progress, trainer.update
    inputs, outputs = update.input_sgd, update.output_sgd
    assert isinstance(inputs, MeasuringSGD)
    assert isinstance(outputs, MeasuringSGD)
    return Change(
        shard.number,
        inputs.changes(model.input_matrix),
        outputs.changes(model.output_matrix),
        progress.loss,
        progress.n_pairs,
        trainer.first_loss,
    )


def combine(model: Model, changes: Sequence[Change]) -> Model:
    """Return the model of the next round.

    Parameters
    ----------
    model : Model
        That of the round; it isn't changed.
    changes : sequence of Change
        Those of all shards, in any order; some may be merged already.

    Returns
    -------
    Model
    """
    total = merge(changes)
    share = model.word_share
    inputs = Side(model.input_matrix, total.inputs, share * model.row_share)
    outputs = Side(model.output_matrix, total.outputs, share)
    with Team(1) as team, team.start():  # for the same bits, with any number of cores
        return replaced(model, *combined(inputs, outputs))


def replaced(model: Model, input_matrix: NDArray, output_matrix: NDArray) -> Model:
    """Return a model with other matrices, which shares everything else."""
    other = replace(model, input_matrix=input_matrix, output_matrix=output_matrix)
    other._loss = model.loss
    return other
