"""Neighboring tokens of documents, and joining some of them into one token each."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .pairs import Pairs
from .string_hashes import BASE


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The pairs of neighboring tokens of documents, in their order.

    Connectors such as "of" are in no pair. They stand between the tokens of one, where
    they are a part of its link.

    Attributes
    ----------
    corpus : Corpus
    words : list of str
        Word of each id.
    is_connector : ndarray of shape (n_words,), bool
    first, last : ndarrays of shape (n_neighbors,), int64
        Places of the two tokens in the corpus.
    pairs : Pairs
        The words of the two tokens, and their link.
    """

    corpus: Corpus
    words: list[str]
    is_connector: NDArray[np.bool_]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    pairs: Pairs

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        words: list[str],
        connectors: Collection[str],
        delimiter: str,
    ) -> "Neighbors":
        """Find the pairs of a corpus.

        Parameters
        ----------
        corpus : Corpus
        words : list of str
            Word of each id.
        connectors : collection of str
        delimiter : str
            What joins two tokens.
        """
        ids = corpus.ids[:]
        is_connector = np.fromiter(map(connectors.__contains__, words), bool)
        places = np.flatnonzero(~is_connector[ids])
        numbers = np.arange(corpus.n_documents, dtype=np.int32)
        document = np.repeat(numbers, corpus.lengths)[places]
        together = document[:-1] == document[1:]
        first, last = places[:-1][together], places[1:][together]
        link, links = _links(ids, words, first, last, delimiter)
        pairs = Pairs(words, links, ids[first], link, ids[last])
        return cls(corpus, words, is_connector, first, last, pairs)

    def joined(
        self, number: NDArray[np.int64], names: list[str]
    ) -> tuple[Corpus, list[str]]:
        """Join the tokens of phrases, from left to right.

        A token that was joined with the one before isn't joined with the one after.

        Parameters
        ----------
        number : ndarray of shape (n_neighbors,), int64
            Number of the phrase that two neighbors are, -1 if they are none.
        names : list of str
            The joined token of each phrase.

        Returns
        -------
        corpus : Corpus
        words : list of str
            Word of each id: those of before, and `names`.
        """
        found = np.flatnonzero(number >= 0)
        found = found[_every_second(self.first[found], self.last[found])]
        first, last = self.first[found], self.last[found]
        ids = self.corpus.ids[:].copy()
        steps = np.zeros(len(ids) + 1, np.int8)
        ids[first] = len(self.words) + number[found]
        steps[first + 1] = 1
        steps[last + 1] = -1
        is_kept = np.cumsum(steps, dtype=np.int8)[:-1] == 0
        before = np.append(0, np.cumsum(is_kept))
        corpus = replace(
            self.corpus, ids=ids[is_kept], offsets=before[self.corpus.offsets]
        )
        return corpus, [*self.words, *names]


def _links(
    ids: NDArray[np.int32],
    words: list[str],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    delimiter: str,
) -> tuple[NDArray[np.int64], list[str]]:
    """Return the number of the link between each two tokens, and the links."""
    link, links = np.zeros(len(first), np.int64), [delimiter]
    gaps = last - first - 1
    for n_between in np.unique(gaps[gaps > 0]):
        where = np.flatnonzero(gaps == n_between)
        between = ids[first[where, None] + np.arange(1, n_between + 1)]
        # Sorting hashes of them is several times as fast as np.unique of rows.
        hashes = between.astype(np.int64) @ np.cumprod(np.full(n_between, BASE))
        _, places, kind = np.unique(hashes, return_index=True, return_inverse=True)
        link[where] = len(links) + kind
        for row in between[places].tolist():
            links.append(delimiter.join(["", *(words[i] for i in row), ""]))
    return link, links


def _every_second(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which phrases to join: of those that share tokens, every second one."""
    number = np.arange(len(first))
    begins = np.ones(len(first), bool)
    begins[1:] = last[:-1] != first[1:]
    return (number - np.maximum.accumulate(np.where(begins, number, 0))) % 2 == 0
