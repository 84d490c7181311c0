"""Training: epochs x updates x tiles -> a trained model and its losses.

A fixed number of tiles is computed from one state of the matrices and applied in a
fixed order. It doesn't matter which worker computes a tile, so the vectors are the
same, to the last bit, for every number of workers.
"""

from collections.abc import Callable, Generator, Iterable, Iterator

import numpy as np

from ..corpus import Corpus
from .batches import Layout
from .losses.base import Scratch
from .model import Model
from .optimizer import RowSGD, linear_decay
from .stream import Chunk, Positions, Stream
from .tile import Tile
from .workers import Team


class Trainer:
    """Trains a model, in place, on a corpus.

    Parameters
    ----------
    corpus : Corpus
    model : Model
        Its counts are those of the corpus.
    seed : int
        Seed of all draws.

    Attributes
    ----------
    n_trained : float
        Number of training pairs so far.
    first_loss : float
        Mean loss of the first update, in nats: that of the model before training.
    """

    def __init__(self, corpus: Corpus, model: Model, seed: int) -> None:
        h, dtype = model.hyperparameters, model.input_matrix.dtype
        # A wider window than the longest document has no further contexts.
        reach = min(h.window, max(1, int(corpus.lengths.max()) - 1))
        layout = Layout.of_batch(h.batch_size, reach, h.n_components, h.cbow, dtype)
        self.corpus, self.model, self.layout = corpus, model, layout
        self.n_trained, self.first_loss = 0.0, float("nan")
        self.input_optimizer = RowSGD(model.input_matrix)
        self.output_optimizer = RowSGD(model.output_matrix)
        self.scratches = [Scratch()]
        self.tiles = [Tile(layout, model, self.scratches[0])]
        self.stream = Stream(corpus, model.counts, h, layout, seed)

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
        """
        with Team(n_workers) as team, team.start():
            self.scratches[1:] = [Scratch() for _ in range(team.size - 1)]
            del self.tiles[1:]
            for epoch in range(self.model.hyperparameters.max_iter):
                chunks = through(self.stream.chunks(epoch, team))
                yield self._epoch(epoch, chunks, team)

    def _epoch(self, epoch: int, chunks: Iterable[Chunk], team: Team) -> float:
        """Pass once over the corpus and return the mean loss."""
        value = n_pairs = 0.0
        n_update = self.layout.n_runs * self.layout.n_tiles
        for chunk in chunks:
            n_runs, n_tokens = chunk.positions.n_runs, chunk.stop - chunk.start
            for start in range(0, n_runs, n_update):
                seen = epoch * self.corpus.n_tokens + chunk.start
                rate = self._learning_rate(seen + n_tokens * start / n_runs)
                loss = self._update(chunk.positions, start, rate, team)
                if np.isnan(self.first_loss):
                    update = chunk.positions[start : start + n_update]
                    self.first_loss = _mean(loss, _n_pairs(update))
                value += loss
            if not np.isfinite(value):
                raise FloatingPointError(
                    f"training diverged in epoch {epoch + 1}: the loss is {value}; "
                    "lower learning_rate, now "
                    f"{self.model.hyperparameters.learning_rate}."
                )
            n_pairs += _n_pairs(chunk.positions)
        self.n_trained += n_pairs
        return _mean(value, n_pairs)

    def _update(
        self, positions: Positions, start: int, learning_rate: float, team: Team
    ) -> float:
        """Compute tiles from one state of the matrices, apply them; return the loss."""
        n_runs = self.layout.n_runs
        stop = min(start + n_runs * self.layout.n_tiles, positions.n_runs)
        parts = [positions[i : i + n_runs] for i in range(start, stop, n_runs)]
        values = self._compute(parts, team)
        tiles = self.tiles[: len(parts)]
        team.map(
            lambda optimizer, gradients: optimizer.step(gradients, learning_rate),
            (self.output_optimizer, self.input_optimizer),
            (
                [tile.output_gradients for tile in tiles],
                [tile.input_gradients for tile in tiles],
            ),
        )
        return sum(values)

    def _compute(self, parts: list[Positions], team: Team) -> list[float]:
        """Compute tiles, those of one scratch in turn, and return their losses."""
        n_scratches, n_tiles = len(self.scratches), len(parts)
        while len(self.tiles) < n_tiles:  # a small corpus needs few
            scratch = self.scratches[len(self.tiles) % n_scratches]
            self.tiles.append(Tile(self.layout, self.model, scratch))
        values = [0.0] * n_tiles

        def compute(first: int) -> None:
            for number in range(first, n_tiles, n_scratches):
                values[number] = self.tiles[number].compute(parts[number])

        team.map(compute, range(min(n_scratches, n_tiles)))
        return values

    def _learning_rate(self, n_seen: float) -> float:
        """Return the learning rate after `n_seen` tokens."""
        h = self.model.hyperparameters
        progress = n_seen / (h.max_iter * self.corpus.n_tokens)
        return linear_decay(progress, h.learning_rate, h.min_learning_rate)


def _n_pairs(positions: Positions) -> float:
    return float(positions.n_targets.sum(dtype=np.float64))


def _mean(value: float, n_pairs: float) -> float:
    return value / n_pairs if n_pairs else float("nan")
