"""Which sections of the places where a corpus lies make up each shard."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Section(NamedTuple):
    """Tokens from `start` to `stop` - 1 of one place."""

    place: int
    start: int
    stop: int


def sections(sizes: Sequence[int], n_shards: int) -> list[list[Section]]:
    """Cut a corpus that lies in several places into shards of equal size.

    Each shard takes places from all over the corpus, which may be sorted.

    Parameters
    ----------
    sizes : sequence of int
        Number of tokens in each place.
    n_shards : int

    Returns
    -------
    list of list of Section
        Those of each shard.

    Examples
    --------
    >>> from skw2v.training.sections import sections
    >>> for shard in sections([10, 10, 20], n_shards=2):
    ...     print([tuple(section) for section in shard])
    [(0, 0, 10), (2, 0, 10)]
    [(2, 10, 20), (1, 0, 10)]
    """
    order = [i for first in range(n_shards) for i in range(len(sizes))[first::n_shards]]
    limits = [sum(sizes) * number // n_shards for number in range(n_shards + 1)]
    shards: list[list[Section]] = [[] for _ in range(n_shards)]
    begin = 0
    for place in order:
        end = begin + sizes[place]
        for shard, (first, last) in zip(shards, pairwise(limits), strict=True):
            start, stop = max(first, begin), min(last, end)
            if start < stop:
                shard.append(Section(place, start - begin, stop - begin))
        begin = end
    return shards
