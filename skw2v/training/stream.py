"""The training stream: the corpus, chunk by chunk, after all random draws.

Randomness is data here: every part of the corpus has a generator of its own, keyed by
(seed, epoch, part), so that the draws don't depend on who makes them or when.
"""

from dataclasses import dataclass

import numpy as np

from .sampling import NOISE_WORDS, NoiseDistribution, keep_probability
from .windows import sides, windowed

PART = 1 << 16  # words of the corpus that share a generator
CHUNK = 8 * PART  # words that are in memory as a stream; windows end where it ends


@dataclass(frozen=True)
class Chunk:
    """Training positions in the order of the corpus, padded to whole tiles.

    Attributes
    ----------
    ids : ndarray of shape (n_positions + 2 * window,), int32
        Word at each position, with `window` padding positions on both sides.
    windows : ndarray of shape (n_blocks, block + 2 * window), int32
        The same, cut into the overlapping windows of the blocks.
    left, right : ndarrays of shape (n_positions,), int32
        Contexts before and after each position; 0 for padding.
    n_targets : ndarray of shape (n_positions,), float
        Targets of each position: its contexts (skip-gram), or itself (CBOW).
    noise : ndarray of shape (n_blocks, NOISE_WORDS), int32
        Noise words of each block.
    noise_share : ndarray of shape (n_blocks, NOISE_WORDS), float
        Pairs for which each of them stands, over all positions of its block.
    n_words : int
        Words of the corpus from which the chunk was made.
    """

    ids: np.ndarray
    windows: np.ndarray
    left: np.ndarray
    right: np.ndarray
    n_targets: np.ndarray
    noise: np.ndarray
    noise_share: np.ndarray
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
        self.hyperparameters, self.shape, self.seed = hyperparameters, shape, seed
        self.keep = keep_probability(counts, hyperparameters.subsample)
        self.noise = NoiseDistribution(counts, hyperparameters.ns_exponent)

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
        if self.hyperparameters.shrink_windows:
            sizes = rng.integers(1, self.window + 1, len(kept), dtype=np.int32)
        else:
            sizes = np.full(len(kept), self.window, np.int32)
        n_noise = -(-len(kept) // self.shape.block) * NOISE_WORDS
        return ids[kept], document, sizes, self.noise.draw(rng, n_noise)

    def _chunk(self, parts, n_words):
        ids, document, sizes, noise = map(np.concatenate, zip(*parts, strict=True))
        first = np.flatnonzero(np.diff(document, prepend=-1, append=-1))
        padding = (0, -len(ids) % self.shape.n_positions)
        left, right = (np.pad(side, padding) for side in sides(np.diff(first), sizes))
        ids = np.pad(ids, (self.window, self.window + padding[1]))
        n_targets = (left + right).astype(np.float32)
        if self.hyperparameters.cbow:
            n_targets = np.minimum(n_targets, 1)
        of_block = n_targets.reshape(-1, self.shape.block).sum(axis=1)
        share = of_block * (self.hyperparameters.negative / NOISE_WORDS)
        return Chunk(
            ids=ids,
            windows=windowed(ids, self.shape.block, self.window).copy(),
            left=left,
            right=right,
            n_targets=n_targets,
            # Padding takes noise words from the front; there they don't count.
            noise=np.resize(noise, (len(share), NOISE_WORDS)),
            noise_share=np.repeat(share[:, None], NOISE_WORDS, axis=1),
            n_words=n_words,
        )
