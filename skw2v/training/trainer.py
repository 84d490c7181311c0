"""Training: epochs x updates x threads -> trained matrices and their loss.

A fixed number of tiles is computed from one state of the matrices and applied in a
fixed order. Who computes a tile doesn't matter, so that the vectors are the same, to
the last bit, for every number of threads.
"""

from dataclasses import dataclass

import numpy as np

from .losses import LOSSES
from .losses.loss import Layout
from .optimizer import RowSGD, linear_decay
from .shape import UpdateShape, tile_size
from .stream import Stream
from .threads import Team, single_threaded_blas
from .tile import Tile

UPDATES = 500  # least number of updates in an epoch
LARGEST_BATCH = 2  # tiles


@dataclass(frozen=True)
class Hyperparameters:
    """What training needs to know; see the estimators for the meaning of each."""

    cbow: bool
    loss: str
    n_components: int
    window: int
    shrink_windows: bool
    negative: int
    ns_exponent: float
    subsample: float
    max_iter: int
    learning_rate: float
    min_learning_rate: float
    batch_size: int


def auto_batch_size(n_words, n_components):
    """Positions per update for a corpus of so many words.

    Large updates are fast, but a small corpus that saw few of them would learn little.

    Parameters
    ----------
    n_words, n_components : int

    Returns
    -------
    int
    """
    return int(np.clip(n_words // UPDATES, 1, LARGEST_BATCH * tile_size(n_components)))


def initial_matrices(n_words, n_components, loss, seed, dtype=np.float32):
    """Matrices before training.

    Parameters
    ----------
    n_words, n_components : int
    loss : str
        Key of `LOSSES`.
    seed : int
    dtype : dtype, default=float32

    Returns
    -------
    input_matrix : ndarray of shape (n_words, n_components)
        The embedding: uniform in ±1 / n_components.
    output_matrix : ndarray of shape (n_outputs, n_components)
        The output weights: zero.
    """
    rng = np.random.default_rng(seed)
    input_matrix = rng.random((n_words, n_components), np.float32).astype(dtype)
    input_matrix -= 0.5
    input_matrix *= 2 / n_components
    n_outputs = LOSSES[loss].n_outputs(n_words)
    return input_matrix, np.zeros((n_outputs, n_components), dtype)


class Trainer:
    """Trains a pair of matrices, in place, on a corpus.

    Parameters
    ----------
    ids : ndarray of shape (n_words_of_corpus,), int32
        The corpus, document after document.
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    counts : ndarray of shape (n_words,), int64
        Occurrences of each word.
    input_matrix, output_matrix : ndarrays
        As `initial_matrices` makes them.
    hyperparameters : Hyperparameters
    seed : int
    """

    def __init__(
        self, ids, offsets, counts, input_matrix, output_matrix, hyperparameters, seed
    ):
        h = hyperparameters
        # A wider window than the longest document has no further contexts.
        window = int(min(h.window, max(1, np.diff(offsets).max() - 1)))
        shape = UpdateShape.of_batch(h.batch_size, window, h.n_components, h.cbow)
        self.hyperparameters, self.shape = h, shape
        self.input_matrix, self.output_matrix = input_matrix, output_matrix
        self.input_optimizer = RowSGD(input_matrix)
        self.output_optimizer = RowSGD(output_matrix)
        loss, dtype = LOSSES[h.loss], input_matrix.dtype
        layout = Layout(shape, window, h.n_components, h.cbow, dtype)
        shared = loss.prepare(counts, h)
        self.tiles = [Tile(layout, loss(layout, shared)) for _ in range(shape.n_tiles)]
        self.stream = Stream(ids, offsets, counts, h, window, shape, seed)
        self.n_words = len(ids)

    def fit(self, n_threads, on_epoch=None, through=iter):
        """Run all epochs.

        Parameters
        ----------
        n_threads : int
        on_epoch : callable, optional
            Called with the losses so far after each epoch; true ends the training.
        through : callable, default=iter
            Given the chunks of an epoch, it passes them on, and may end them early.

        Returns
        -------
        loss_curve : list of float
            Mean loss per training pair of each epoch, in nats; NaN where there was
            no pair, because of subsampling or documents of one word.

        Raises
        ------
        FloatingPointError
            The loss is no longer finite.
        """
        losses = []
        with single_threaded_blas, Team(n_threads) as team:
            for epoch in range(self.hyperparameters.max_iter):
                chunks = through(self.stream.chunks(epoch, team))
                losses.append(self._epoch(epoch, chunks, team))
                if on_epoch is not None and on_epoch(losses):
                    break
        return losses

    def _epoch(self, epoch, chunks, team):
        """One pass over the corpus; returns its mean loss."""
        value = n_pairs = 0.0
        n_update = self.shape.n_runs * self.shape.n_tiles
        for chunk in chunks:
            n_runs, n_words = len(chunk.windows), chunk.stop - chunk.start
            for start in range(0, n_runs, n_update):
                seen = epoch * self.n_words + chunk.start + n_words * start / n_runs
                runs = slice(start, min(start + n_update, n_runs))
                value += self._update(chunk, runs, self._learning_rate(seen), team)
            if not np.isfinite(value):
                rate = self.hyperparameters.learning_rate
                raise FloatingPointError(
                    f"training diverged in epoch {epoch + 1}: the loss is {value}; "
                    f"lower learning_rate, now {rate}."
                )
            n_pairs += float(chunk.n_targets.sum(dtype=np.float64))
        return value / n_pairs if n_pairs else float("nan")

    def _update(self, chunk, runs, learning_rate, team):
        """Compute tiles from one state of the matrices, apply them; return the loss."""
        starts = range(runs.start, runs.stop, self.shape.n_runs)
        tiles = self.tiles[: len(starts)]
        values = team.map(
            lambda tile: self._compute(chunk, *tile), zip(tiles, starts, strict=True)
        )
        steps = [
            (self.output_optimizer, [tile.output for tile in tiles]),
            (self.input_optimizer, [tile.input for tile in tiles]),
        ]
        team.map(lambda step: step[0].step(step[1], learning_rate), steps)
        return sum(values)

    def _compute(self, chunk, tile, start):
        runs = slice(start, start + self.shape.n_runs)
        return tile.compute(chunk, runs, self.input_matrix, self.output_matrix)

    def _learning_rate(self, n_seen):
        h = self.hyperparameters
        progress = n_seen / (h.max_iter * self.n_words)
        return linear_decay(progress, h.learning_rate, h.min_learning_rate)
