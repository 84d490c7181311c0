"""The training stream: the corpus, chunk by chunk, after all random draws.

Randomness is data here: every chunk has a generator of its own, keyed by (seed, epoch,
chunk, shard), so the draws don't depend on which worker makes them, or when.
"""

import math
from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .batches import Layout
from .copies import Copies
from .hyperparameters import Hyperparameters
from .positions import Chunk, Positions
from .sampling import keep_probability, noise_ratio
from .shards import Shard
from .windows import sides
from .workers import Workers

SPAN = 1 << 12  # approximate tokens per span; windows end where it ends
SPANS = 64  # spans, from anywhere in the corpus, that are shuffled together as a chunk
IRREGULAR = 32  # runs of which one has a random length
SHIFTS = 16  # runs of random lengths in a small corpus, if it has enough


class Stream:
    """Makes the chunks of an epoch.

    Subsampling and noise follow the given counts, whatever the corpus.

    Parameters
    ----------
    corpus : Corpus
    counts : ndarray of shape (n_words,), int64
        Tokens of each word, in this corpus and in others before it.
    hyperparameters : Hyperparameters
    layout : Layout
    seed : int
        Seed of all draws.
    n_before : int, default=0
        Number of epochs on other documents with the same seed, whose draws are not
        repeated.
    shard : Shard, optional
        That of the corpus, if it is a part of a larger one.

    Attributes
    ----------
    n_tokens : int or float
        Tokens of an epoch; if the documents have weights, their expected number.
    keep : ndarray of shape (n_words,), float32
        Probability that a token of each word is kept.
    noise_weight : ndarray of shape (n_words,), float32
        Noise words that a token of each word stands for, per target of another one.
    """

    def __init__(
        self,
        corpus: Corpus,
        counts: NDArray[np.int64],
        hyperparameters: Hyperparameters,
        layout: Layout,
        seed: int,
        n_before: int = 0,
        shard: Shard | None = None,
    ) -> None:
        h = hyperparameters
        self.corpus, self.layout, self.seed = corpus, layout, seed
        self.n_before, self.shard = n_before, shard
        self.window, self.shrink_windows = h.window, h.shrink_windows
        self.copies: Copies | None = None
        if corpus.weights is None:
            self.cuts = _cuts(corpus.offsets)
            self.sizes = np.diff(self.cuts)
        else:
            self.copies = Copies(corpus, corpus.weights, _cuts)
            self.sizes = self.copies.sizes
        self.n_tokens = self.sizes.sum().item()
        self.keep = keep_probability(counts, h.subsample)
        # The noise of a position is the words of the others of its group.
        present = corpus.counts(len(counts)) if shard is None else shard.counts
        ratio = noise_ratio(counts, present * self.keep, h.ns_exponent)
        self.noise_weight = ratio * np.float32(h.negative / (layout.group - 1))

    @property
    def n_chunks(self) -> int:
        """Return the number of chunks of an epoch, if subsampling empties none."""
        n_chunks = -(-len(self.sizes) // SPANS)
        if self.shard is None:
            return n_chunks
        n_rounds = self.shard.n_rounds  # each has the same number of chunks
        return n_rounds * -(-n_chunks // n_rounds)

    @property
    def most_tiles(self) -> int:
        """Return the maximum number of tiles of a chunk."""
        n_positions = min(math.ceil(self.n_tokens), 2 * SPANS * SPAN)
        n_runs = 2 * (n_positions // (self.layout.run + 1) + 1)  # see `_cut`
        return -(-n_runs // self.layout.n_trained)

    def chunks(
        self, epoch: int, workers: Workers, first: int = 0, last: int | None = None
    ) -> Generator[Chunk, None, None]:
        """Yield the chunks of one epoch, made in rounds by all workers.

        Each has spans from anywhere in the corpus, which may be sorted: its words are
        the noise of one another.

        Parameters
        ----------
        epoch : int
        workers : Workers
        first : int, default=0
            Number of the chunk to begin with.
        last : int, optional
            Number of the chunk before which to end; None is all.

        Notes
        -----
        If an epoch ends early, the iterator must be closed.
        """
        parts, seen = self._parts(epoch)
        last = self.n_chunks if last is None else last

        def make(worker: int) -> None:
            for place in range(worker, len(slots), workers.size):
                number = start + place
                limits = seen[number], seen[number + 1]
                slots[place].put(self._chunk(epoch, number, parts[number], *limits))

        start = first
        while start < last:
            workers.begin_round(epoch, start)
            slots = workers.slots[: last - start]
            workers.run(make, len(slots))
            for slot in slots:
                if (chunk := slot.get()) is not None:
                    try:
                        yield chunk
                    except GeneratorExit:
                        workers.leave_round()
                        raise
            start += len(slots)

    def _parts(self, epoch: int) -> tuple[list[NDArray[np.int64]], list[float]]:
        """Return the spans of each chunk, and the tokens seen before each and at last.

        If the documents have weights, these are the expected numbers of tokens.
        """
        n_spans = len(self.sizes)
        if self.n_chunks == 1:
            return [np.arange(n_spans)], [0, self.n_tokens]
        rng = self._generator(epoch, self.n_chunks)
        parts = np.array_split(rng.permutation(n_spans), self.n_chunks)
        n_seen = np.cumsum([self.sizes[part].sum() for part in parts])
        return parts, [0, *n_seen.tolist()]

    def _chunk(
        self,
        epoch: int,
        number: int,
        spans: NDArray[np.int64],
        start: float,
        stop: float,
    ) -> Chunk | None:
        """Return one chunk, or None if subsampling leaves nothing of it."""
        if not len(spans):  # a small shard
            return None
        rng = self._generator(epoch, number)
        ids, starts = self._tokens(np.sort(spans), rng)
        kept = np.flatnonzero(rng.random(len(ids), np.float32) < self.keep[ids])
        if not len(kept):
            return None
        lengths = _differences(np.searchsorted(kept, starts), len(kept))
        left, right = sides(lengths, self._sizes(len(kept), rng))
        positions = self._shuffled(ids[kept], left, right, rng)
        return Chunk(positions, number, start, stop)

    def _generator(self, epoch: int, number: int) -> np.random.Generator:
        # A key that ends in 0 gives the same draws as one without it.
        shard = 0 if self.shard is None else self.shard.number
        return np.random.default_rng((self.seed, self.n_before + epoch, number, shard))

    def _tokens(
        self, spans: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the tokens of spans, and where documents, or parts of them, start."""
        if self.copies is not None:
            return self.copies.tokens(spans, rng)
        if len(spans) == len(self.cuts) - 1:
            return self.corpus.ids[:], self.corpus.offsets[:-1]
        lows, highs = self.cuts[spans], self.cuts[spans + 1]
        places = np.cumsum(highs - lows) - highs  # from the corpus to the chunk
        first, last = np.searchsorted(self.corpus.offsets, [lows, highs])
        ids = [self.corpus.ids[i:j] for i, j in zip(lows, highs, strict=True)]
        starts = [
            self.corpus.offsets[i:j] + place
            for i, j, place in zip(first, last, places, strict=True)
        ]
        # A span that doesn't continue the one before it starts a part, too.
        torn = np.diff(spans, prepend=-2) != 1
        all_starts = np.union1d(np.concatenate(starts), (lows + places)[torn])
        return np.concatenate(ids), all_starts

    def _sizes(self, n_positions: int, rng: np.random.Generator) -> NDArray[np.int32]:
        """Return the half-widths of the windows, cut to what a document can fill."""
        reach = self.layout.reach
        if self.shrink_windows:
            sizes = rng.integers(1, self.window + 1, n_positions, dtype=np.int32)
            return np.minimum(sizes, reach, out=sizes)
        return np.full(n_positions, reach, np.int32)

    def _shuffled(
        self,
        ids: NDArray[np.int32],
        left: NDArray[np.int32],
        right: NDArray[np.int32],
        rng: np.random.Generator,
    ) -> Positions:
        """Cut the stream into runs, and shuffle them."""
        run, reach = self.layout.run, self.layout.reach
        starts, lengths = _cut(len(ids), run, rng)
        order, is_trained = self._order(len(starts), rng)
        starts, lengths = starts[order], np.where(is_trained, lengths[order], 0)
        trained = np.arange(run) < lengths[:, None]

        # Beyond its ends the stream begins again, only to serve as noise.
        before = ids.take(np.arange(-reach, 0), mode="wrap")
        after = ids.take(np.arange(reach + run), mode="wrap")
        around = np.concatenate([before, ids, after])
        windows = _pieces(around, run + 2 * reach, starts)
        nothing = np.zeros(run, np.int32)
        left, right = (
            _pieces(np.concatenate([side, nothing]), run, starts) * trained
            for side in (left, right)
        )
        return self._weighted(windows, left, right)

    def _weighted(
        self,
        windows: NDArray[np.int32],
        left: NDArray[np.int32],
        right: NDArray[np.int32],
    ) -> Positions:
        """Return the positions of runs, with the weights of their pairs."""
        run, reach = self.layout.run, self.layout.reach
        centers = windows[:, reach : reach + run]
        n_contexts = (left + right).astype(np.float32)
        n_targets = np.minimum(n_contexts, 1) if self.layout.cbow else n_contexts
        noise_weight = self.noise_weight[centers]
        return Positions(
            windows=windows,
            left=left,
            right=right,
            n_inputs=np.maximum(n_contexts, 1),
            input_pairs=n_targets * (1 + self._sum_of_others(noise_weight)),
            output_pairs=n_targets + noise_weight * self._sum_of_others(n_targets),
            n_targets=np.ascontiguousarray(self.layout.by_group(n_targets)),
            noise_weight=np.ascontiguousarray(self.layout.by_group(noise_weight)),
        )

    def _order(
        self, n_runs: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the runs of all tiles in random order, and which are trained.

        Where a tile has more places than runs to train, others serve as noise.
        """
        n_trained = self.layout.n_trained
        n_tiles = -(-n_runs // n_trained)
        order = rng.integers(0, n_runs, (n_tiles, self.layout.n_runs))
        trained = np.zeros(order.shape, bool)
        trained[:, :n_trained] = True
        trained[-1, n_runs - n_trained * (n_tiles - 1) :] = False
        order[trained] = rng.permutation(n_runs)
        return order.reshape(-1), trained.reshape(-1)

    def _sum_of_others(self, values: NDArray) -> NDArray:
        """Return, for each position, the sum over the others of its group.

        Parameters
        ----------
        values : ndarray of shape (n_runs, run)

        Returns
        -------
        ndarray of shape (n_runs, run)
        """
        groups = values.reshape(-1, self.layout.group, values.shape[1])
        return (groups.sum(axis=1, keepdims=True) - groups).reshape(values.shape)


def _differences(starts: NDArray, end: int) -> NDArray:
    """Return the distance of each start to the next one, and of the last to the end."""
    stops = np.empty_like(starts)
    stops[:-1], stops[-1:] = starts[1:], end
    return stops - starts


def _pieces(values: NDArray, width: int, starts: NDArray[np.int64]) -> NDArray:
    """Return the `width` values from each start on, as rows."""
    # sliding_window_view takes longer than copying the pieces of a small corpus.
    size, (step,) = (len(values) - width + 1, width), values.strides
    return np.ndarray(size, values.dtype, values, strides=(step, step))[starts]


def _cut(
    n_positions: int, run: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut a stream into runs, of which every IRREGULAR-th has a random length.

    Otherwise, in a corpus of sentences of equal length, the same place of all runs
    would hold the same part of a sentence, and so would its noise. A small corpus has
    more of them, at most every second one.

    Returns
    -------
    starts, lengths : ndarrays of shape (n_runs,), int
    """
    period = min(max(n_positions // (run * SHIFTS), 2), IRREGULAR)
    n_irregular = n_positions // (run * (period - 1) + 1) + 1
    lengths = np.full(n_irregular * period, run)
    lengths[::period] = rng.integers(1, run + 1, n_irregular)
    starts = np.cumsum(lengths) - lengths
    starts = starts[starts < n_positions]
    return starts, _differences(starts, n_positions)


def _cuts(offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where spans begin and the last one ends, if possible between documents."""
    n_tokens = offsets[-1]
    ends = np.arange(SPAN, n_tokens, SPAN)
    before = offsets[np.searchsorted(offsets, ends, side="right") - 1]
    ends = np.where(before > ends - SPAN, before, ends)
    return np.concatenate([[0], ends, [n_tokens]])
