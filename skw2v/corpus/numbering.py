"""Words to ids, in the order of their first occurrence."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np

from .corpus import Corpus


def numbering() -> defaultdict[str, int]:
    """Return a dict that gives every new word the next number."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    return numbers


def number(documents: Iterable[list[str]]) -> tuple[Corpus, list[str]]:
    """Assign ids to words in the order of their first occurrence.

    This takes one pass and keeps four bytes per token.

    Parameters
    ----------
    documents : iterable of list of str

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id.
    """
    numbers = numbering()
    ids, offsets = array("i"), array("q", [0])
    for tokens in documents:
        ids.extend(map(numbers.__getitem__, tokens))
        offsets.append(len(ids))
    return _as_corpus(ids, offsets), list(numbers)


def join(
    parts: Iterable[tuple[Corpus, list[str]]], number_of: Callable[[str], int]
) -> Corpus:
    """Join several corpora, each with a numbering of its own.

    Parameters
    ----------
    parts : iterable of (Corpus, list of str)
        What `number` returns.
    number_of : callable
        Maps a word to its id in the joined corpus, or to `UNKNOWN`. It is called in
        the order of the words.

    Returns
    -------
    Corpus
    """
    ids, offsets = array("i"), array("q", [0])
    for part, words in parts:
        new_ids = np.fromiter(map(number_of, words), np.int32, len(words))
        part = part.renumber(new_ids)
        offsets.frombytes((part.offsets[1:] + len(ids)).tobytes())
        ids.frombytes(part.ids.tobytes())
    return _as_corpus(ids, offsets)


def _as_corpus(ids: array, offsets: array) -> Corpus:
    # np.frombuffer would refuse an empty array; asarray doesn't copy either.
    return Corpus(np.asarray(ids, np.int32), np.asarray(offsets, np.int64))
