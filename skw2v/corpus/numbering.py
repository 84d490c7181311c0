"""Words to ids, in the order of their first occurrence."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from reprlib import repr as shortened
from sys import byteorder
from typing import Any

import numpy as np

from .corpus import Corpus
from .storage import Storage


def numbering() -> defaultdict[str, int]:
    """Return a dict that gives every new word the next number."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    return numbers


class Numbers(dict[str, bytes]):
    """The ids of words, as four bytes each; every new word is given the next one.

    Joining bytes is faster than filling an array with int.

    Attributes
    ----------
    words : list of str
        Word of each id.
    """

    def __init__(self) -> None:
        self.words: list[str] = []

    def __missing__(self, word: str) -> bytes:
        self[word] = number = len(self.words).to_bytes(4, byteorder)
        self.words.append(word)
        return number


def number(
    documents: Iterable[Iterable[str]], first: int = 0, numbers: Numbers | None = None
) -> tuple[Corpus, list[str]]:
    """Assign ids to words in the order of their first occurrence.

    This takes one pass and keeps four bytes per token.

    Parameters
    ----------
    documents : iterable of iterables of str
        The tokens of each document.
    first : int, default=0
        Position of the first document, for error messages.
    numbers : Numbers, optional
        The ids of the documents before, which are kept.

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id; the list that `numbers` holds and extends.

    Raises
    ------
    TypeError
        A token is not a str, or the tokens of a document can't be iterated over; the
        position of the document is named.
    """
    numbers = Numbers() if numbers is None else numbers
    words, n_known = numbers.words, len(numbers.words)
    ids, offsets = bytearray(), array("q", [0])
    for tokens in documents:
        try:
            ids += b"".join(map(numbers.__getitem__, tokens))
        except TypeError as error:
            position = first + len(offsets) - 1
            raise TypeError(f"{_NOT_STR.format(position)}: {error}.") from error
        offsets.append(len(ids) // 4)
    # np.frombuffer would refuse an empty buffer; these don't copy either.
    array_of_ids = np.ndarray(len(ids) // 4, np.int32, ids)
    corpus = Corpus(array_of_ids, np.asarray(offsets, np.int64))
    for number in range(n_known, len(words)):  # each once, which costs next to nothing
        if type(words[number]) is not str:
            words[number] = _as_str(words[number], number, corpus, first)
    return corpus, words


_NOT_STR = (
    "Document {}: the tokens, which the analyzer or tokenizer returns, must be str"
)


def _as_str(word: Any, number: int, corpus: Corpus, first: int) -> str:
    """Return a str of a subclass, such as NumPy's, as Python's own; refuse others."""
    if isinstance(word, str):
        return str(word)
    place = np.argmax(corpus.ids[:] == number)
    position = first + np.searchsorted(corpus.offsets, place, side="right") - 1
    raise TypeError(
        f"{_NOT_STR.format(position)}; got {shortened(word)} of type "
        f"{type(word).__name__}."
    )


def join(
    parts: Iterable[tuple[Corpus, list[str]]],
    number_of: Callable[[str], int],
    storage: Storage | None = None,
) -> Corpus:
    """Join several corpora, each with a numbering of its own.

    Parameters
    ----------
    parts : iterable of (Corpus, list of str)
        What `number` returns. Parts that share a list also share a numbering, and only
        words that are new to it are mapped.
    number_of : callable
        Maps a word to its id in the joined corpus, or to `UNKNOWN`. It is called in
        the order of the words.
    storage : Storage, optional
        Where the ids lie, if not in memory.

    Returns
    -------
    Corpus

    Raises
    ------
    OSError
        See `StoredIds.append`.
    """
    storage = Storage() if storage is None else storage
    n_tokens, offsets, n_dropped = 0, array("q", [0]), array("q")
    known: dict[int, tuple[list[str], array]] = {}  # the lists stay, or ids may recur
    for part, words in parts:
        _, new_ids = known.setdefault(id(words), (words, array("i")))
        # The list may hold words of later parts, whose turn has not yet come.
        n_words = part.ids[:].max(initial=-1) + 1
        new_ids.extend(map(number_of, words[len(new_ids) : n_words]))
        part = part.renumber(np.array(new_ids, np.int32))
        offsets.frombytes((part.offsets[1:] + n_tokens).tobytes())
        storage.append(part.ids[:])
        n_tokens += part.n_tokens
        dropped = np.broadcast_to(part.n_dropped, part.n_documents)
        n_dropped.frombytes(dropped.astype(np.int64).tobytes())
    return Corpus(
        storage.ids, np.asarray(offsets, np.int64), np.asarray(n_dropped, np.int64)
    )
