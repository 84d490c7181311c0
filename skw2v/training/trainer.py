"""Training: epochs x updates x threads -> trained matrices and their loss.

A fixed number of tiles is computed from one state of the matrices and applied in a
fixed order. Who computes a tile doesn't matter, so that the vectors are the same, to
the last bit, for every number of threads.
"""

from collections import deque
from dataclasses import dataclass
from functools import partial

import numpy as np

from .gradients import TileWorkspace, UpdateGradients
from .optimizer import RowSGD, linear_decay
from .stream import Stream
from .threads import Team, single_threaded_blas
from .windows import TileShape, entries_of, tile_size

UPDATES = 2000  # least number of updates in an epoch
LARGEST_BATCH = 2  # tiles


@dataclass(frozen=True)
class Hyperparameters:
    """What training needs to know; see the estimators for the meaning of each."""

    cbow: bool
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

    Large updates are fast, but a small corpus needs many: on the docstrings, two
    million words, averaged vectors classify better the smaller they are.

    Parameters
    ----------
    n_words, n_components : int

    Returns
    -------
    int
    """
    return int(np.clip(n_words // UPDATES, 1, LARGEST_BATCH * tile_size(n_components)))


def initial_matrices(n_words, n_components, seed, dtype=np.float32):
    """Matrices before training.

    Parameters
    ----------
    n_words, n_components, seed : int
    dtype : dtype, default=float32

    Returns
    -------
    input_matrix : ndarray of shape (n_words, n_components)
        The embedding: uniform in ±1 / n_components.
    output_matrix : ndarray of shape (n_words, n_components)
        The output weights: zero.
    """
    rng = np.random.default_rng(seed)
    input_matrix = rng.random((n_words, n_components), np.float32).astype(dtype)
    input_matrix -= 0.5
    input_matrix *= 2 / n_components
    return input_matrix, np.zeros_like(input_matrix)


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
    input_matrix, output_matrix : ndarrays of shape (n_words, n_components)
    hyperparameters : Hyperparameters
    seed : int
    """

    def __init__(
        self, ids, offsets, counts, input_matrix, output_matrix, hyperparameters, seed
    ):
        h = hyperparameters
        # A wider window than the longest document has no further contexts.
        window = int(min(h.window, max(1, np.diff(offsets).max() - 1)))
        shape = TileShape.of_batch(h.batch_size, window, h.n_components)
        self.hyperparameters, self.shape = h, shape
        self.input_matrix, self.output_matrix = input_matrix, output_matrix
        self.input_optimizer = RowSGD(input_matrix)
        self.output_optimizer = RowSGD(output_matrix)
        self.gradients = UpdateGradients(
            shape, window, h.n_components, h.cbow, input_matrix.dtype
        )
        self.new_workspace = partial(
            TileWorkspace,
            shape,
            window,
            h.n_components,
            h.cbow,
            h.negative,
            input_matrix.dtype,
        )
        self._idle = deque()
        self.stream = Stream(ids, offsets, counts, h, window, shape, seed)
        self.n_words = len(ids)

    def fit(self, n_threads, on_epoch=None):
        """Run all epochs.

        Parameters
        ----------
        n_threads : int
        on_epoch : callable, optional
            Called with the losses so far after each epoch.

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
                losses.append(self._epoch(epoch, team))
                if on_epoch is not None:
                    on_epoch(losses)
        return losses

    def _epoch(self, epoch, team):
        """One pass over the corpus; returns its mean loss."""
        value = n_pairs = 0.0
        n_seen = epoch * self.n_words
        for chunk in self.stream.chunks(epoch, team):
            for start in range(0, chunk.n_positions, self.shape.n_update):
                seen = n_seen + chunk.n_words * start / chunk.n_positions
                value += self._update(chunk, start, self._learning_rate(seen), team)
            if not np.isfinite(value):
                rate = self.hyperparameters.learning_rate
                raise FloatingPointError(
                    f"training diverged in epoch {epoch + 1}: the loss is {value}; "
                    f"lower learning_rate, now {rate}."
                )
            n_seen += chunk.n_words
            n_pairs += float(chunk.n_targets.sum(dtype=np.float64))
        return value / n_pairs if n_pairs else float("nan")

    def _update(self, chunk, start, learning_rate, team):
        """Compute tiles from one state of the matrices, apply them; return the loss."""
        stop = min(start + self.shape.n_update, chunk.n_positions)
        tiles = enumerate(range(start, stop, self.shape.n_positions))
        results = team.map(lambda tile: self._compute(chunk, *tile), tiles)
        values, input_spreads, output_spreads = zip(*results, strict=True)
        inputs, outputs = self.touched(chunk, slice(start, stop), len(values))
        steps = [
            (self.output_optimizer, *outputs, float(np.mean(output_spreads))),
            (self.input_optimizer, *inputs, float(np.mean(input_spreads))),
        ]
        team.map(lambda step: step[0].step(*step[1:], learning_rate), steps)
        return sum(values)

    def _compute(self, chunk, tile, start):
        """One tile, in a workspace that no other thread uses now."""
        try:
            workspace = self._idle.pop()
        except IndexError:
            workspace = self.new_workspace()
        matrices = self.input_matrix, self.output_matrix
        result = workspace.compute(chunk, start, *matrices, self.gradients, tile)
        self._idle.append(workspace)
        return result

    def touched(self, chunk, here, n_tiles):
        """Rows and loads of both matrices at the positions of an update."""
        h, shape, gradients = self.hyperparameters, self.shape, self.gradients
        window = self.stream.window
        centre = chunk.ids[here.start + window : here.stop + window]
        windows = entries_of(chunk.windows, here, shape.block)
        noise = entries_of(chunk.noise, here, shape.block)
        noise_share = entries_of(chunk.noise_share, here, shape.block)
        n_targets = chunk.n_targets[here]
        input_ids, target_ids = (windows, centre) if h.cbow else (centre, windows)
        inputs = [(input_ids, gradients.inputs[:n_tiles])]
        outputs = [
            (target_ids, gradients.targets[:n_tiles]),
            (noise, gradients.noise[:n_tiles]),
        ]
        # A position is in as many windows as there are in its own, on average, and
        # counts as if it were so exactly.
        input_load = [(centre, n_targets * (1 + h.negative))]
        output_load = [(centre, n_targets), (noise, noise_share)]
        return (inputs, input_load), (outputs, output_load)

    def _learning_rate(self, n_seen):
        h = self.hyperparameters
        progress = n_seen / (h.max_iter * self.n_words)
        return linear_decay(progress, h.learning_rate, h.min_learning_rate)
