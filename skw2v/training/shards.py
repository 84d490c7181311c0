"""Shards: parts of a corpus that machines train on side by side.

Their number, and that of the rounds in which they train, follow from the corpus alone.
So the vectors don't depend on how many machines there are.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from ..corpus.sizes import Sized

SHARD = 1 << 21  # minimum number of tokens of a shard, if there are several
MOST_SHARDS = 128
ROUND = 1 << 17  # tokens of a shard that are trained in a round of a small corpus
MOST_ROUNDS = 24  # of an epoch; those of a large corpus are longer


@dataclass(frozen=True, eq=False)
class Shard(Sized):
    """A part of a corpus.

    Attributes
    ----------
    corpus : Corpus
        Its documents; there may be none.
    number : int
        Number of the shard, from 0.
    n_rounds : int
        Rounds of an epoch, which are those of all shards; see `n_rounds`.
    counts : ndarray of shape (n_words,), int64
        Tokens of each word in all shards.
    """

    corpus: Corpus
    number: int
    n_rounds: int
    counts: NDArray[np.int64]


def n_shards(n_tokens: int) -> int:
    """Return the number of shards for a corpus of `n_tokens` tokens.

    It is a power of two, so that 2, 4 or 8 workers have equal work.
    """
    most = int(np.clip(n_tokens // SHARD, 1, MOST_SHARDS))
    return 1 << (most.bit_length() - 1)


def n_rounds(n_tokens: int, n_shards: int) -> int:
    """Return the number of rounds of an epoch, given the tokens of all shards.

    Few shards need few: what each has learned fits the rest for longer.
    """
    most = min(MOST_ROUNDS, n_shards**2)
    return int(np.clip(round(n_tokens / n_shards / ROUND), 1, most))


def split(corpus: Corpus, n_parts: int) -> list[Corpus]:
    """Cut a corpus between documents, into parts of about equal size.

    Parameters
    ----------
    corpus : Corpus
    n_parts : int

    Returns
    -------
    list of Corpus
        Some are empty if there are few documents.
    """
    ends = np.linspace(0, corpus.n_tokens, n_parts + 1)
    cuts = np.searchsorted(corpus.offsets, ends).clip(max=corpus.n_documents)
    cuts[0], cuts[-1] = 0, corpus.n_documents
    return [_documents(corpus, *limits) for limits in pairwise(cuts.tolist())]


def _documents(corpus: Corpus, first: int, last: int) -> Corpus:
    """Return the documents from `first` to `last` - 1."""
    offsets = corpus.offsets[first : last + 1]
    weights = corpus.weights if corpus.weights is None else corpus.weights[first:last]
    ids = corpus.ids[offsets[0] : offsets[-1]]
    return Corpus(ids, offsets - offsets[0], weights=weights)
