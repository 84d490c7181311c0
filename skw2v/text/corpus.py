"""Documents as one flat array of word ids."""

from array import array
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

UNKNOWN = -1
SLICE = 1 << 20  # words that are renumbered at a time


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

    def renumber(self, new_ids):
        """Number the words anew, in place: large corpora fit into memory once.

        Parameters
        ----------
        new_ids : ndarray of shape (n_words,), int32
            New id of each old one; `UNKNOWN` drops the word.

        Returns
        -------
        Corpus
            Its ids take the memory of the old ones.
        """
        ids, n_kept, dropped = self.ids, 0, []
        for start in range(0, len(ids), SLICE):
            part = new_ids[ids[start : start + SLICE]]
            kept = part[part != UNKNOWN]
            ids[n_kept : n_kept + len(kept)] = kept
            n_kept += len(kept)
            dropped.append(start + np.flatnonzero(part == UNKNOWN))
        if n_kept == len(ids):
            return self
        before = np.searchsorted(np.concatenate(dropped), self.offsets)
        return Corpus(ids[:n_kept], self.offsets - before)

    def counts(self, n_words):
        """Occurrences of each id: ndarray of shape (n_words,), int64."""
        return np.bincount(self.ids, minlength=n_words)

    def document_counts(self, n_words):
        """Documents in which each id occurs: ndarray of shape (n_words,), int64."""
        occurrences = csr_array(
            (np.ones(len(self.ids), np.int8), self.ids, self.offsets),
            shape=(self.n_documents, n_words),
            copy=True,  # the next line works in place
        )
        occurrences.sum_duplicates()
        return np.bincount(occurrences.indices, minlength=n_words)


def numbering():
    """A dict that gives every new word the next number."""
    numbers = defaultdict()
    numbers.default_factory = numbers.__len__
    return numbers


def number(documents):
    """Number words in the order of their first occurrence.

    One pass; what is kept are four bytes for each word.

    Parameters
    ----------
    documents : iterable of list of str

    Returns
    -------
    corpus : Corpus
    words : list of str
    """
    numbers = numbering()
    ids, offsets = array("i"), array("q", [0])
    for words in documents:
        ids.extend(map(numbers.__getitem__, words))
        offsets.append(len(ids))
    return _as_corpus(ids, offsets), list(numbers)


def join(parts, number_of):
    """One corpus of several, each with a numbering of its own.

    Parameters
    ----------
    parts : iterable of (Corpus, list of str)
        As `number` gives them.
    number_of : callable
        New id of a word, or `UNKNOWN`. Called in the order of the words.

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


def _as_corpus(ids, offsets):
    # frombuffer would refuse an empty array; asarray takes the memory over as well.
    return Corpus(np.asarray(ids, np.int32), np.asarray(offsets, np.int64))
