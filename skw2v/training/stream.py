"""The training stream: the corpus, chunk by chunk, after all random draws.

Randomness is data here: every chunk has a generator of its own, keyed by (seed, epoch,
chunk), so that the draws don't depend on who makes them or when.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .sampling import keep_probability, noise_ratio
from .windows import sides

SPAN = 1 << 12  # words of a piece of the corpus, about; windows end where it ends
SPANS = 64  # pieces, from anywhere, that are shuffled together as a chunk
ROUND = 4  # chunks that are made at the same time
IRREGULAR = 32  # of so many runs, one is of random length


@dataclass(frozen=True)
class Chunk:
    """Training positions: runs in random order, in whole tiles.

    Attributes
    ----------
    windows : ndarray of shape (n_runs, run + 2 * window), int32
        Words of each run, with `window` neighbours on both sides.
    centres : ndarray of shape (n_runs, run), int32
        Words of each run alone: a view of `windows`.
    left, right : ndarrays of shape (n_runs, run), int32
        Contexts before and after each position. Positions without any are not trained,
        but serve as noise.
    n_inputs : ndarray of shape (n_runs, run), float32
        Contexts of each position, but at least 1.
    input_load, output_load : ndarrays of shape (n_runs, run), float32
        Summed weights of the pairs in which each position takes part.
    n_targets : ndarray of shape (n_groups, run, group), float32
        Targets of each position, by group: its contexts (skip-gram), or itself (CBOW).
    noise_weight : ndarray of shape (n_groups, run, group), float32
        Noise words for which each position stands, per target of another one.
    start, stop : int
        Words of the epoch that were seen before it, and with it.
    """

    windows: np.ndarray
    centres: np.ndarray
    left: np.ndarray
    right: np.ndarray
    n_inputs: np.ndarray
    input_load: np.ndarray
    output_load: np.ndarray
    n_targets: np.ndarray
    noise_weight: np.ndarray
    start: int
    stop: int


class Stream:
    """Makes the chunks of an epoch.

    Parameters
    ----------
    ids : ndarray of shape (n_words_of_corpus,), int32
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    counts : ndarray of shape (n_words,), int64
    hyperparameters : Hyperparameters
    window : int
        The greatest number of contexts on one side.
    shape : UpdateShape
    seed : int
    """

    def __init__(self, ids, offsets, counts, hyperparameters, window, shape, seed):
        h = hyperparameters
        self.ids, self.offsets, self.window = ids, offsets, window
        self.cuts = _cuts(offsets)
        self.shape, self.seed, self.widest = shape, seed, h.window
        self.shrink_windows, self.cbow = h.shrink_windows, h.cbow
        self.keep = keep_probability(counts, h.subsample)
        # The noise of a position is the words of the others of its group.
        ratio = noise_ratio(counts, self.keep, h.ns_exponent)
        self.noise_weight = ratio * np.float32(h.negative / (shape.group - 1))

    @property
    def n_chunks(self):
        """Chunks of an epoch, less those of which subsampling leaves nothing."""
        return -(-(len(self.cuts) - 1) // SPANS)

    def chunks(self, epoch, team):
        """The chunks of one epoch, made by the threads of `team`.

        Each is of spans from anywhere in the corpus, which may be sorted: its words are
        the noise of one another.
        """
        rng = np.random.default_rng((self.seed, epoch, self.n_chunks))
        order = rng.permutation(len(self.cuts) - 1)
        parts, sizes = np.array_split(order, self.n_chunks), np.diff(self.cuts)
        stops = np.cumsum([sizes[part].sum() for part in parts])
        jobs = list(zip(range(self.n_chunks), parts, stops, strict=True))
        for start in range(0, len(jobs), ROUND):
            chunks = team.map(
                lambda job: self._chunk(epoch, *job), jobs[start : start + ROUND]
            )
            yield from filter(None, chunks)

    def _chunk(self, epoch, number, spans, stop):
        """One chunk, or None if subsampling leaves nothing of it."""
        rng = np.random.default_rng((self.seed, epoch, number))
        ids, starts = self._words(np.sort(spans))
        kept = np.flatnonzero(rng.random(len(ids), np.float32) < self.keep[ids])
        if not len(kept):
            return None
        lengths = np.diff(np.searchsorted(kept, starts), append=len(kept))
        left, right = sides(lengths, self._sizes(len(kept), rng))
        return self._shuffled(ids[kept], left, right, stop - len(ids), stop, rng)

    def _words(self, spans):
        """Words of some spans, and where documents, or parts of them, start."""
        lows, highs = self.cuts[spans], self.cuts[spans + 1]
        places = np.cumsum(highs - lows) - highs  # of the corpus to those of the chunk
        first, last = np.searchsorted(self.offsets, [lows, highs])
        ids = [self.ids[low:high] for low, high in zip(lows, highs, strict=True)]
        starts = [
            self.offsets[i:j] + place
            for i, j, place in zip(first, last, places, strict=True)
        ]
        # A span that doesn't go on where the last one ended is a start, too.
        torn = np.diff(spans, prepend=-2) != 1
        starts = np.union1d(np.concatenate(starts), (lows + places)[torn])
        return np.concatenate(ids), starts

    def _sizes(self, n_positions, rng):
        """Half-widths of the windows, of which no document can fill more."""
        if self.shrink_windows:
            sizes = rng.integers(1, self.widest + 1, n_positions, dtype=np.int32)
            return np.minimum(sizes, self.window, out=sizes)
        return np.full(n_positions, self.window, np.int32)

    def _shuffled(self, ids, left, right, start, stop, rng):
        """Cut the stream into runs, put them into random order, weigh their pairs."""
        run, window = self.shape.run, self.window
        starts, lengths = _cut(len(ids), run, rng)
        order, trained = self._order(len(starts), rng)
        starts, lengths = starts[order], np.where(trained, lengths[order], 0)
        trained = np.arange(run) < lengths[:, None]

        def runs_of(values, width):
            return sliding_window_view(values, width)[starts]

        # Beyond the end of the stream is its beginning, which only serves as noise.
        ids = np.pad(ids, (window, window + run), mode="wrap")
        windows = runs_of(ids, run + 2 * window)
        left, right = (
            runs_of(np.pad(side, (0, run)), run) * trained for side in (left, right)
        )
        centres = windows[:, window : window + run]
        n_contexts = (left + right).astype(np.float32)
        n_targets = np.minimum(n_contexts, 1) if self.cbow else n_contexts
        noise_weight = self.noise_weight[centres]
        by_group = self.shape.by_group
        return Chunk(
            windows=windows,
            centres=centres,
            left=left,
            right=right,
            n_inputs=np.maximum(n_contexts, 1),
            input_load=n_targets * (1 + self._sum_of_others(noise_weight)),
            output_load=n_targets + noise_weight * self._sum_of_others(n_targets),
            n_targets=np.ascontiguousarray(by_group(n_targets)),
            noise_weight=np.ascontiguousarray(by_group(noise_weight)),
            start=start,
            stop=stop,
        )

    def _order(self, n_runs, rng):
        """Runs of all tiles in random order, and which of them are trained.

        Where a tile has more places than runs to train, others serve as noise.
        """
        n_tiles = -(-n_runs // self.shape.n_trained)
        order = rng.integers(0, n_runs, (n_tiles, self.shape.n_runs))
        trained = np.zeros(order.shape, bool)
        trained[:, : self.shape.n_trained] = True
        trained[-1, n_runs - self.shape.n_trained * (n_tiles - 1) :] = False
        order[trained] = rng.permutation(n_runs)
        return order.reshape(-1), trained.reshape(-1)

    def _sum_of_others(self, values):
        """For each position, the sum over the others of its group.

        Parameters
        ----------
        values : ndarray of shape (n_runs, run)

        Returns
        -------
        ndarray of shape (n_runs, run)
        """
        groups = values.reshape(-1, self.shape.group, values.shape[1])
        return (groups.sum(axis=1, keepdims=True) - groups).reshape(values.shape)


def _cut(n_positions, run, rng):
    """Cut a stream into runs; every IRREGULAR-th is of random length.

    Otherwise, in a corpus of sentences of equal length, the same place of all runs
    would hold the same part of a sentence, and so would its noise.

    Returns
    -------
    starts, lengths : ndarrays of shape (n_runs,), int
    """
    shortest = run * (IRREGULAR - 1) + 1
    lengths = np.full((n_positions // shortest + 1) * IRREGULAR, run)
    irregular = lengths[::IRREGULAR]
    irregular[:] = rng.integers(1, run + 1, len(irregular))
    ends = np.minimum(np.cumsum(lengths), n_positions)
    lengths = np.diff(ends, prepend=0)
    n_runs = np.count_nonzero(lengths)
    return (ends - lengths)[:n_runs], lengths[:n_runs]


def _cuts(offsets):
    """Where spans begin, and the last one ends: if possible, between documents."""
    n_words = offsets[-1]
    ends = np.arange(SPAN, n_words, SPAN)
    before = offsets[np.searchsorted(offsets, ends, side="right") - 1]
    ends = np.where(before > ends - SPAN, before, ends)
    return np.concatenate([[0], ends, [n_words]])
