"""How words are composed of rows that they share: orders, and factors of steps.

A composition is the matrix ``S`` of a model: a row holds 1/m in m columns. See
`embedding` for what it does in training.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

FIRST_PIECES = 4  # by which words are sorted
MANY = 8  # words that have a row, so that most updates need it


def by_first_pieces(composition: csr_array) -> NDArray[np.intp]:
    """Return all words, those that begin with the same pieces side by side.

    Parameters
    ----------
    composition : csr_array of shape (n_words, n_rows)
        That of a model: the own row of a word precedes those of its pieces.
    """
    own, stops = composition.indptr[:-1, None], composition.indptr[1:, None]
    places = np.minimum(own + np.arange(1, 1 + FIRST_PIECES), stops - 1)
    return np.lexsort(composition.indices[places].T[::-1])


def places_of_rows(composition: csr_array) -> NDArray[np.int32]:
    """Return where each row stands if rows that are needed together stand together.

    Those of many words come first, and then those of few, word by word: reading a word
    takes fewer pages of memory.

    Parameters
    ----------
    composition : csr_array of shape (n_words, n_rows)
        That of a model.

    Returns
    -------
    ndarray of shape (n_rows,), int32
    """
    ids = composition[by_first_pieces(composition)].indices
    n_entries, n_rows = len(ids), composition.shape[1]
    first = np.full(n_rows, n_entries)
    first[ids[::-1]] = np.arange(n_entries)[::-1]
    n_words = np.bincount(ids, minlength=n_rows)
    order = np.lexsort((first, n_words < MANY))
    return np.argsort(order).astype(np.int32)


def step_factors(composition: csr_array, counts: NDArray[np.int64]) -> NDArray:
    """Return how many times larger the step of each row is than that of a plain word.

    Parameters
    ----------
    composition : csr_array of shape (n_words, n_rows)
    counts : ndarray of shape (n_words,), int64

    Returns
    -------
    ndarray of shape (n_rows,), float64
    """
    n_tokens = np.repeat(counts, np.diff(composition.indptr)).astype(float)
    n_rows = composition.shape[1]
    all_tokens = np.bincount(composition.indices, n_tokens, n_rows)
    shares = np.bincount(composition.indices, n_tokens * composition.data, n_rows)
    return np.divide(all_tokens, shares, out=np.ones(n_rows), where=shares > 0)
