"""The average of the vectors of a document's tokens."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..corpus import Corpus

PIECE = 64  # tokens summed in float32, which gives a relative error below 1e-6
BLOCK = 4096  # pieces summed at a time


def mean(corpus: Corpus, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the vectors of the tokens of each document.

    A sum of millions of vectors would lose digits in float32. So documents are cut into
    pieces of 64 tokens, and the sums of these are added in float64. Beyond the result,
    this takes the memory of up to 4,096 vectors in float32 and 8,192 in float64.

    Parameters
    ----------
    corpus : Corpus
    embeddings : ndarray of shape (n_words, n_components), float32

    Returns
    -------
    ndarray of shape (n_documents, n_components), float32
        A row of zeros for a document without tokens.
    """
    lengths = corpus.lengths
    if lengths.max(initial=0) <= PIECE:
        sums = _sums_of_rows(embeddings, corpus.ids, corpus.offsets)
        return sums / np.maximum(lengths, 1).astype(sums.dtype)[:, None]
    result = np.zeros((corpus.n_documents, embeddings.shape[1]), embeddings.dtype)
    documents, bounds = _pieces(corpus)
    last, carried = -1, np.zeros(0)
    for start in range(0, len(documents), BLOCK):
        here, edges = documents[start : start + BLOCK], bounds[start:][: BLOCK + 1]
        ids = corpus.ids[edges[0] : edges[-1]]
        sums = _sums_of_rows(embeddings, ids, edges - edges[0]).astype(np.float64)
        first = np.flatnonzero(np.diff(here, prepend=-1))
        totals = _sums_of_rows(sums, np.arange(len(here)), np.append(first, len(here)))
        if here[0] == last:  # the block before ends within this document
            totals[0] += carried
        here = here[first]
        last, carried = here[-1], totals[-1].copy()
        result[here] = totals / lengths[here, None]
    return result


def _pieces(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut documents into pieces of at most `PIECE` tokens.

    Returns
    -------
    documents : ndarray of shape (n_pieces,), int64
        Document of each piece.
    bounds : ndarray of shape (n_pieces + 1,), int64
        Where in the corpus each piece begins, and the last one ends.
    """
    n_pieces = -(-corpus.lengths // PIECE)
    documents = np.repeat(np.arange(corpus.n_documents), n_pieces)
    first = np.cumsum(n_pieces) - n_pieces
    place = np.arange(len(documents)) - first[documents]
    starts = corpus.offsets[documents] + PIECE * place
    return documents, np.append(starts, corpus.n_tokens)


def _sums_of_rows(matrix: NDArray, ids: NDArray, bounds: NDArray) -> NDArray:
    """Return the sums of the rows ``ids[bounds[i]:bounds[i + 1]]`` of a matrix."""
    ones = np.ones(len(ids), matrix.dtype)
    shape = len(bounds) - 1, len(matrix)
    return csr_array((ones, ids, bounds), shape=shape) @ matrix
