"""Copies of documents, as many as their weights say."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus


class Copies:
    """The documents of a corpus, in as many copies as their weights say.

    A document of weight 2.3 has two copies in each epoch, and with probability 0.3 a
    third one. If it lies in several spans, each of them draws its part.

    Parameters
    ----------
    corpus : Corpus
    weights : ndarray of shape (n_documents,), float64
    cut : callable
        Returns where spans begin and the last one ends, given the offsets of documents.

    Attributes
    ----------
    sizes : ndarray of shape (n_spans,), float64
        Expected number of tokens of each span.

    Notes
    -----
    Weighted gradients would have the same expectation. But a document that is copied is
    trained exactly as one that the corpus holds several times, so losses, noise words,
    limits of steps and the learning rate need no weights; a large weight makes no large
    step, and a small one saves time.
    """

    def __init__(
        self,
        corpus: Corpus,
        weights: NDArray[np.float64],
        cut: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    ) -> None:
        self._corpus = corpus
        n_copies = np.ceil(weights).astype(np.int64)
        documents = np.repeat(np.arange(len(weights)), n_copies)
        before = np.cumsum(n_copies) - n_copies
        number = np.arange(len(documents)) - before[documents]
        probabilities = np.minimum(weights[documents] - number, 1)
        offsets = np.append(0, np.cumsum(corpus.lengths[documents]))
        cuts = cut(offsets)
        # A piece is the part of a copy that lies in one span.
        edges = np.union1d(offsets, cuts)
        starts, self._lengths = edges[:-1], np.diff(edges)
        copies = np.searchsorted(offsets, starts, side="right") - 1
        skipped = starts - offsets[copies]
        self._places = corpus.offsets[documents[copies]] + skipped
        self._continues = skipped > 0
        self._probabilities = probabilities[copies]
        self._first = np.searchsorted(edges, cuts)  # piece of each span
        expected = self._probabilities * self._lengths
        self.sizes = np.add.reduceat(expected, self._first[:-1])

    def tokens(
        self, spans: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the tokens of spans, and where documents, or parts of them, start.

        Parameters
        ----------
        spans : ndarray of int
            In increasing order.
        rng : Generator
            Draws the copies that aren't always there; if there are none, it is unused,
            as for a corpus without weights.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        starts : ndarray of shape (n_parts,), int64
        """
        first = self._first[spans]
        pieces = _ranges(first, self._first[spans + 1] - first)
        probabilities = self._probabilities[pieces]
        if np.any(probabilities < 1):
            pieces = pieces[rng.random(len(pieces)) < probabilities]
        lengths = self._lengths[pieces]
        places = self._places[pieces].tolist()
        ids = [self._corpus.ids[:0]] + [
            self._corpus.ids[place : place + length]
            for place, length in zip(places, lengths.tolist(), strict=True)
        ]
        follows = np.diff(pieces, prepend=-2) == 1
        torn = ~(self._continues[pieces] & follows)
        return np.concatenate(ids), (np.cumsum(lengths) - lengths)[torn]


def _ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of several ranges, one after the other."""
    before = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
