"""Pairs of words, and what is between them when they are joined."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..corpus.numbering import numbering
from .hash_counts import find
from .string_hashes import StringHashes


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of words.

    Attributes
    ----------
    words : list of str
    links : list of str
        What is between two words when they are joined: "_", "_of_", "_of_the_".
    first, link, last : ndarrays of shape (n_pairs,), int64 or int32
        Number of the first word of each pair, of its link, and of its last word.
    """

    words: list[str]
    links: list[str]
    first: NDArray[np.integer]
    link: NDArray[np.int64]
    last: NDArray[np.integer]

    def __getitem__(self, which: NDArray) -> "Pairs":
        """Return some of the pairs."""
        first, link, last = self.first[which], self.link[which], self.last[which]
        return replace(self, first=first, link=link, last=last)

    def distinct(self) -> tuple["Pairs", NDArray[np.int64]]:
        """Return each pair once, and how often it occurs."""
        keys, counts = np.unique(self._keys(), return_counts=True)
        n_words = max(1, len(self.words))
        others, last = np.divmod(keys, n_words)
        link, first = np.divmod(others, n_words)
        return replace(self, first=first, link=link, last=last), counts

    def hashes(self) -> NDArray[np.int64]:
        """Return the hash of each pair as a joined token; see `StringHashes`."""
        words, links = StringHashes.of(self.words), StringHashes.of(self.links)
        return (words[self.first] + links[self.link] + words[self.last]).values

    def names(self) -> list[str]:
        """Return the joined token of each pair."""
        numbers = self.first.tolist(), self.link.tolist(), self.last.tolist()
        return [
            self.words[first] + self.links[link] + self.words[last]
            for first, link, last in zip(*numbers, strict=True)
        ]

    def plus(self, others: "Pairs") -> "Pairs":
        """Return these pairs and others, each once."""
        both = np.concatenate([others.first, others.last])
        numbers, words = _renumbered(self.words, others.words, both)
        link, links = _renumbered(self.links, others.links, others.link)
        first, last = np.split(numbers, 2)
        united = Pairs(
            words,
            links,
            np.append(self.first, first),
            np.append(self.link, link),
            np.append(self.last, last),
        )
        return united.distinct()[0]

    def places_of(self, others: "Pairs") -> NDArray[np.int64]:
        """Return where other pairs are among these, -1 for those that aren't."""
        row, link = _places(others.words, self.words), _places(others.links, self.links)
        # Only a few are left to search for.
        chosen = np.isin(row, self.first)[others.first]
        chosen &= np.isin(row, self.last)[others.last]
        chosen &= np.isin(link, self.link)[others.link]
        few = others[chosen]
        wanted = replace(
            self, first=row[few.first], link=link[few.link], last=row[few.last]
        )
        order = np.argsort(keys := self._keys())
        places, found = find(keys[order], wanted._keys())
        result = np.full(len(chosen), -1)
        result[np.flatnonzero(chosen)[found]] = order[places[found]]
        return result

    def _keys(self) -> NDArray[np.int64]:
        """Return one number for each pair.

        Its 63 bits are enough for a billion words and nine links, or for ten million
        words and 92,000 links.
        """
        n_words = len(self.words)
        return (self.link * n_words + self.first) * n_words + self.last


def _renumbered(
    known: list[str], strings: list[str], numbers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[str]]:
    """Give strings the numbers that follow those of known ones.

    Returns the new number for each of the given ones, and the string of each.
    """
    new = numbering()
    new.update({string: number for number, string in enumerate(known)})
    distinct, place = np.unique(numbers, return_inverse=True)
    new_numbers = [new[strings[number]] for number in distinct.tolist()]
    return np.array(new_numbers, np.int64)[place], list(new)


def _places(strings: list[str], known: list[str]) -> NDArray[np.int64]:
    """Return the place of each string among known ones, -1 for others."""
    places = {string: place for place, string in enumerate(known)}
    return np.array([places.get(string, -1) for string in strings], np.int64)
