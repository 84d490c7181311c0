"""Trains in rounds on the workers of Dask."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..corpus.sizes import Sized
from ..training.changes import Change, merge
from ..training.model import Model
from ..training.rounds import combine, train_shard
from ..training.shards import Shard
from ..training.trainer import Progress
from .fitted import Learned
from .tasks import Cluster, OnWorkers, few, task

if TYPE_CHECKING:
    from dask.delayed import Delayed

BLOCK = 5_000  # tasks that the scheduler is given at a time


class RoundTrainer:
    """Trains a model, in place, on shards that lie on workers.

    Parameters
    ----------
    learned : Learned
        Before the training.
    cluster : Cluster
    shards : OnWorkers
        Each a `Shard`; they are removed at the end of `epochs`.
    n_rounds : int
        Number of rounds of an epoch.

    Attributes
    ----------
    model : Model
    progress, n_trained, first_loss
        See `Trainer`; a chunk is a block of rounds.
    """

    def __init__(
        self, learned: Learned, cluster: Cluster, shards: OnWorkers, n_rounds: int
    ) -> None:
        self.model, self._seed = learned.model, learned.state.seed
        self._cluster, self._shards = cluster, shards
        size = max(1, BLOCK // (len(shards.results) + 1))
        starts = range(0, n_rounds, size)
        self._blocks = [range(i, min(i + size, n_rounds)) for i in starts]
        self.progress = Progress()
        self.n_trained, self.first_loss = 0.0, float("nan")

    @property
    def n_tokens(self) -> int:
        """Return the number of tokens of an epoch."""
        return int(self.model.counts.sum())

    @property
    def n_chunks(self) -> int:
        """Return the number of blocks of rounds of an epoch."""
        return len(self._blocks)

    def epochs(
        self,
        n_workers: int,
        through: Callable[[Iterator[range]], Iterable[range]] = iter,
    ) -> Generator[float, None, None]:
        """Train epoch by epoch, and yield the loss of each.

        Parameters
        ----------
        n_workers : int
            Not used: the workers are those of Dask.
        through : callable, default=iter
            Maps the iterator of an epoch's blocks to another one, which may end early.

        Yields
        ------
        float
            See `Trainer.epochs`.

        Raises
        ------
        FloatingPointError
            The loss is no longer finite.
        RuntimeError
            See `Cluster.compute`.
        """
        with self._shards as shards:
            for epoch in range(self.model.hyperparameters.max_iter):
                for rounds in through(iter(self._blocks)):
                    self._train(shards, epoch, rounds)
                loss, n_pairs = self.progress.loss, self.progress.n_pairs
                self.progress = Progress(epoch + 1)
                self.n_trained += n_pairs
                yield loss / n_pairs if n_pairs else float("nan")

    def _train(self, shards: list["Delayed"], epoch: int, rounds: range) -> None:
        """Train some rounds.

        Their model comes back to the client, and is sent again for the next ones. So
        the scheduler needn't know how it was made, and forgets these tasks.
        """
        done = self.progress
        before = State(self.model, done.loss, done.n_pairs, self.first_loss)
        learn, add, go_on = task(_learned), task(merge), task(_next)
        places = list(zip(self._cluster.homes(len(shards)), shards, strict=True))

        def follow(state: Any) -> "Delayed":
            for number in rounds:
                key = self._seed, epoch, number
                changes = [home(learn, state, shard, *key) for home, shard in places]
                state = go_on(state, few(add, changes))
            return cast("Delayed", state)

        after = cast(State, self._cluster.compute_from(before, follow))
        self.model.input_matrix = after.model.input_matrix
        self.model.output_matrix = after.model.output_matrix
        self.first_loss = after.first_loss
        self.progress = Progress(epoch, done.chunk + 1, after.loss, after.n_pairs)


@dataclass(frozen=True, eq=False)
class State(Sized):
    """Where a training stands between two rounds.

    Attributes
    ----------
    model : Model
    loss, n_pairs : float
        See `Progress`.
    first_loss : float
        See `RoundTrainer`.
    """

    model: Model
    loss: float
    n_pairs: float
    first_loss: float


def _learned(state: State, shard: Shard, seed: int, epoch: int, number: int) -> Change:
    return train_shard(state.model, shard, seed, epoch, number)


def _next(state: State, changes: Sequence[Change]) -> State:
    """Return the state after a round."""
    total = merge(changes)
    is_first = np.isnan(state.first_loss)
    return State(
        combine(state.model, [total]),
        state.loss + total.loss,
        state.n_pairs + total.n_pairs,
        total.first_loss if is_first else state.first_loss,
    )
