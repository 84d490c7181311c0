"""Training: epochs x chunks x updates -> a trained model and its losses."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus, StoredIds
from .batches import Layout
from .hybrid import HybridTeam
from .model import Model
from .optimizer import RowSGD, linear_decay
from .positions import Chunk, Positions
from .shards import Shard
from .stream import Stream
from .update import Update
from .workers import Workers

LONG = 4e8  # components of the vectors of all tokens, which take about three seconds
COMPOSED = 4  # times as long, if words are composed of rows that they share


@dataclass(frozen=True)
class Progress:
    """How far a training has come.

    Attributes
    ----------
    epoch : int
        Number of epochs that are complete.
    chunk : int
        Number of chunks of the next epoch that are complete.
    loss : float
        Summed loss of these chunks, in nats.
    n_pairs : float
        Number of their training pairs.
    """

    epoch: int = 0
    chunk: int = 0
    loss: float = 0.0
    n_pairs: float = 0.0


class Trainer:
    """Trains a model, in place, on a corpus.

    Parameters
    ----------
    corpus : Corpus
    model : Model
    seed, n_before, shard
        See `Stream`.
    progress : Progress, optional
        Where an earlier training on the same documents ended.
    sgd : type of RowSGD, default=RowSGD
        Changes the rows of the matrices.

    Attributes
    ----------
    progress : Progress
        How far the training has come.
    n_trained : float
        Number of training pairs so far.
    first_loss : float
        Mean loss of the first update, in nats: that of the model before training.
    """

    _private: tuple[NDArray, ...] = ()  # the matrices, while shared ones are trained

    def __init__(
        self,
        corpus: Corpus,
        model: Model,
        seed: int,
        n_before: int = 0,
        progress: Progress | None = None,
        shard: Shard | None = None,
        sgd: type[RowSGD] = RowSGD,
    ) -> None:
        h, dtype = model.hyperparameters, model.input_matrix.dtype
        # A wider window than the longest document has no further contexts.
        reach = min(h.window, max(1, corpus.longest - 1))
        layout = Layout.of_batch(
            h.batch_size,
            reach,
            h.n_components,
            h.cbow,
            dtype,
            model.loss.largest_tile,
            has_subwords=model.composition is not None,
        )
        self.corpus, self.model, self.layout = corpus, model, layout
        self.progress, self.sgd = progress or Progress(), sgd
        self.n_trained, self.first_loss = 0.0, float("nan")
        self.stream = Stream(corpus, model.counts, h, layout, seed, n_before, shard)
        self.n_tiles = min(layout.n_tiles, self.stream.most_tiles)
        self.prepare()

    def epochs(
        self,
        n_workers: int,
        through: Callable[[Iterator[Chunk]], Iterable[Chunk]] = iter,
    ) -> Generator[float, None, None]:
        """Train epoch by epoch, and yield the loss of each.

        The model can be inspected between two epochs. Closing the generator, as leaving
        a ``for`` loop does, ends the training.

        Parameters
        ----------
        n_workers : int
            Maximum number of threads, or of processes if training takes long.
        through : callable, default=iter
            Maps the iterator of an epoch's chunks to another one, which may end early.

        Yields
        ------
        float
            Mean loss per training pair, in nats; NaN where there was no pair, because
            of subsampling or because each document has one token.

        Raises
        ------
        FloatingPointError
            The loss is no longer finite.
        RuntimeError
            A process that helped to train was killed.
        """
        done = self.progress
        with HybridTeam(self, n_workers) as workers, workers.start():
            yield from self.passes(workers, done.epoch, done.chunk, through)

    def prepare(self, allocate: Callable[..., NDArray[Any]] = np.empty) -> None:
        """Make what updates need; see `Update`."""
        self.update = Update(self.model, self.layout, self.n_tiles, allocate, self.sgd)

    def __getstate__(self) -> dict[str, Any]:
        return {k: v for k, v in vars(self).items() if k != "update"}

    @property
    def files(self) -> list[int]:
        """Return the descriptors of files that copies in other processes read."""
        ids = self.corpus.ids
        return [ids.file] if isinstance(ids, StoredIds) else []

    @property
    def n_tokens(self) -> int:
        """Return the number of tokens of an epoch, as the documents are weighted."""
        return self.corpus.weighted_tokens

    @property
    def n_chunks(self) -> int:
        """See `Stream.n_chunks`."""
        return self.stream.n_chunks

    @property
    def is_long(self) -> bool:
        """Return whether training takes longer than processes need to start."""
        h = self.model.hyperparameters
        n_epochs = h.max_iter - self.progress.epoch
        work = self.stream.n_tokens * n_epochs * h.n_components
        return work * (1 if self.model.composition is None else COMPOSED) > LONG

    def enter_shared_memory(self, shared: "Trainer") -> None:
        """Go on in the memory of a copy, which other processes share."""
        own, copy = self.model, shared.model
        self._private = own.input_matrix, own.output_matrix
        copy.input_matrix[...], copy.output_matrix[...] = self._private
        own.input_matrix, own.output_matrix = copy.input_matrix, copy.output_matrix
        self.corpus, self.stream = shared.corpus, shared.stream
        self.update = shared.update

    def leave_shared_memory(self) -> None:
        """Copy the matrices from memory that other processes share."""
        own, (inputs, outputs) = self.model, self._private
        # Into the memory where they were: new memory would cost page faults.
        inputs[...], outputs[...] = own.input_matrix, own.output_matrix
        own.input_matrix, own.output_matrix = inputs, outputs
        self._private = ()
        self.prepare()

    def passes(
        self,
        workers: Workers,
        epoch: int,
        chunk: int,
        through: Callable[[Iterator[Chunk]], Iterable[Chunk]] = iter,
    ) -> Iterator[float]:
        """Train from a chunk of an epoch on; yield the loss of each epoch."""
        for number in range(epoch, self.model.hyperparameters.max_iter):
            with closing(self.stream.chunks(number, workers, chunk)) as chunks:
                self.train(number, through(chunks), workers)
            yield self._end_epoch(number)
            chunk = 0

    def train(self, epoch: int, chunks: Iterable[Chunk], workers: Workers) -> None:
        """Train some chunks of an epoch."""
        value, n_pairs = self.progress.loss, self.progress.n_pairs
        for chunk in chunks:
            n_runs, n_tokens = chunk.positions.n_runs, chunk.stop - chunk.start
            for start in range(0, n_runs, self.update.n_runs):
                positions = chunk.positions[start : start + self.update.n_runs]
                seen = epoch * self.stream.n_tokens + chunk.start
                rate = self._learning_rate(seen + n_tokens * start / n_runs)
                loss = self.update.step(positions, rate, workers)
                if np.isnan(self.first_loss):
                    self.first_loss = _mean(loss, _n_pairs(positions))
                value += loss
            if not np.isfinite(value):
                raise FloatingPointError(
                    f"training diverged in epoch {epoch + 1}: the loss is {value}; "
                    "lower learning_rate, now "
                    f"{self.model.hyperparameters.learning_rate}."
                )
            n_pairs += _n_pairs(chunk.positions)
            self.progress = Progress(epoch, chunk.number + 1, value, n_pairs)

    def _end_epoch(self, epoch: int) -> float:
        """Go on to the next epoch, and return the mean loss of this one."""
        value, n_pairs = self.progress.loss, self.progress.n_pairs
        self.progress = Progress(epoch + 1)
        self.n_trained += n_pairs
        return _mean(value, n_pairs)

    def _learning_rate(self, n_seen: float) -> float:
        """Return the learning rate after `n_seen` tokens."""
        h = self.model.hyperparameters
        progress = n_seen / (h.max_iter * self.stream.n_tokens)
        return linear_decay(progress, h.learning_rate, h.min_learning_rate)


def _n_pairs(positions: Positions) -> float:
    return float(positions.n_targets.sum(dtype=np.float64))


def _mean(value: float, n_pairs: float) -> float:
    return value / n_pairs if n_pairs else float("nan")
