"""The training stream: the corpus, chunk by chunk, after all random draws.

Randomness is data here: every part of the corpus has a generator of its own, keyed by
(seed, epoch, part), so that the draws don't depend on who makes them or when.
"""

from dataclasses import dataclass

import numpy as np

from .sampling import NOISE_WORDS, NoiseDistribution, keep_probability
from .windows import sides

PART = 1 << 16  # words of the corpus that share a generator
CHUNK = 8 * PART  # words that are in memory as a stream; windows end where it ends


@dataclass(frozen=True)
class Chunk:
    """Training positions in the order of the corpus, padded to whole tiles.

    Attributes
    ----------
    ids : ndarray of shape (n_positions + 2 * window,), int32
        Word at each position, with `window` padding positions on both sides.
    left, right : ndarrays of shape (n_positions,), int32
        Contexts before and after each position; 0 for padding.
    noise : ndarray of shape (n_noise,), int32
        Noise words of the chunk, in the order of the blocks that use them.
    n_words : int
        Words of the corpus from which the chunk was made.
    """

    ids: np.ndarray
    left: np.ndarray
    right: np.ndarray
    noise: np.ndarray
    n_words: int

    @property
    def n_positions(self):
        """Number of positions, padding included."""
        return len(self.left)


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
    shape : TileShape
        Chunks are padded to whole tiles.
    seed : int
    """

    def __init__(self, ids, offsets, counts, hyperparameters, window, shape, seed):
        self.ids, self.offsets, self.window = ids, offsets, window
        self.shrink_windows = hyperparameters.shrink_windows
        self.keep = keep_probability(counts, hyperparameters.subsample)
        self.noise = NoiseDistribution(counts, hyperparameters.ns_exponent)
        self.shape, self.seed = shape, seed

    def chunks(self, epoch, team):
        """The chunks of one epoch, each drawn by the threads of `team`."""
        n_words = len(self.ids)
        for start in range(0, n_words, CHUNK):
            stop = min(start + CHUNK, n_words)
            parts = range(start, stop, PART)
            drawn = team.map(
                lambda part, stop=stop: self._draw(epoch, part, stop), parts
            )
            yield self._chunk(drawn, stop - start)

    def _draw(self, epoch, start, stop):
        """Kept words of one part, their documents, window sizes and noise words."""
        rng = np.random.default_rng((self.seed, epoch, start // PART))
        ids = self.ids[start : min(start + PART, stop)]
        kept = np.flatnonzero(rng.random(len(ids), np.float32) < self.keep[ids])
        document = np.searchsorted(self.offsets, start + kept, side="right")
        if self.shrink_windows:
            sizes = rng.integers(1, self.window + 1, len(kept), dtype=np.int32)
        else:
            sizes = np.full(len(kept), self.window, np.int32)
        n_noise = self._n_noise(len(kept))
        return ids[kept], document, sizes, self.noise.draw(rng, n_noise)

    def _chunk(self, parts, n_words):
        ids, document, sizes, noise = (
            np.concatenate(part) for part in zip(*parts, strict=True)
        )
        first = np.flatnonzero(np.diff(document, prepend=-1, append=-1))
        left, right = sides(np.diff(first), sizes)
        padding = -len(ids) % self.shape.n_positions
        return Chunk(
            ids=np.pad(ids, (self.window, self.window + padding)),
            left=np.pad(left, (0, padding)),
            right=np.pad(right, (0, padding)),
            # Padding positions take noise words from the front: they don't count.
            noise=np.resize(noise, self._n_noise(len(ids) + padding)),
            n_words=n_words,
        )

    def _n_noise(self, n_positions):
        return -(-n_positions // self.shape.noise_block) * NOISE_WORDS
