"""Documents as one flat array of word ids."""

from array import array
from collections import defaultdict
from itertools import repeat
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

UNKNOWN = -1


class Corpus(NamedTuple):
    """Encoded documents, one after the other.

    Attributes
    ----------
    ids : ndarray of shape (n_words_of_corpus,), int32
    offsets : ndarray of shape (n_documents + 1,), int64
        Document ``d`` is ``ids[offsets[d]:offsets[d + 1]]``.
    """

    ids: np.ndarray
    offsets: np.ndarray

    @property
    def n_documents(self):
        """Number of documents, empty ones included."""
        return len(self.offsets) - 1

    def renumber(self, selected):
        """Keep some words and number them anew.

        Parameters
        ----------
        selected : ndarray of shape (n_selected,), int
            Ids to keep; the first becomes 0, the second 1, and so on.

        Returns
        -------
        Corpus
        """
        new_ids = np.full(self.ids.max(initial=0) + 1, UNKNOWN, np.int32)
        new_ids[selected] = np.arange(len(selected))
        return Corpus(new_ids[self.ids], self.offsets).without_unknown()

    def without_unknown(self):
        """The same documents without the ids that are `UNKNOWN`."""
        dropped = np.flatnonzero(self.ids == UNKNOWN)
        offsets = self.offsets - np.searchsorted(dropped, self.offsets)
        return Corpus(self.ids[self.ids != UNKNOWN], offsets)

    def counts(self, n_words):
        """Occurrences of each id: ndarray of shape (n_words,), int64."""
        return np.bincount(self.ids, minlength=n_words)

    def document_counts(self, n_words):
        """Documents in which each id occurs: ndarray of shape (n_words,), int64."""
        occurrences = csr_array(
            (np.ones(len(self.ids), np.int32), self.ids, self.offsets),
            shape=(self.n_documents, n_words),
        )
        occurrences.sum_duplicates()
        return np.bincount(occurrences.indices, minlength=n_words)


def read(documents):
    """Read a corpus and number its words in the order of their first occurrence.

    One pass; what is kept are four bytes for each word.

    Parameters
    ----------
    documents : iterable of list of str

    Returns
    -------
    corpus : Corpus
    words : list of str
    """
    numbers = defaultdict()
    numbers.default_factory = numbers.__len__
    corpus = _encode(map(numbers.__getitem__, words) for words in documents)
    return corpus, list(numbers)


def encode(documents, vocabulary):
    """Read a corpus with a given numbering; unknown words are dropped.

    Parameters
    ----------
    documents : iterable of list of str
    vocabulary : dict of str to int

    Returns
    -------
    Corpus
    """
    unknown = repeat(UNKNOWN)
    corpus = _encode(map(vocabulary.get, words, unknown) for words in documents)
    return corpus.without_unknown()


def _encode(documents):
    ids, offsets = array("i"), array("q", [0])
    for document in documents:
        ids.extend(document)
        offsets.append(len(ids))
    # frombuffer would refuse an empty array; asarray takes the memory over as well.
    return Corpus(np.asarray(ids, np.int32), np.asarray(offsets, np.int64))
