"""Documents in pieces: how poolings stay exact and use little memory.

A sum of millions of vectors would lose digits in float32, and the vectors of all tokens
of a batch don't fit into memory. So documents are cut into pieces of a few tokens. The
pieces are pooled block by block, in float32, and the pieces of a document are combined.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..corpus import Corpus

PIECE = 64  # tokens summed in float32, which gives a relative error below 1e-6
BLOCK = 1 << 21  # numbers of each array of a block (8 MiB in float32)


class Block(NamedTuple):
    """Consecutive pieces of documents.

    Attributes
    ----------
    documents : ndarray of shape (n_pieces,), int64
        Document of each piece.
    ids : ndarray of shape (n_tokens,), int32
        Word ids of their tokens.
    bounds : ndarray of shape (n_pieces + 1,), int64
        Piece ``i`` is ``ids[bounds[i]:bounds[i + 1]]``; none is empty.
    """

    documents: NDArray[np.int64]
    ids: NDArray[np.int32]
    bounds: NDArray[np.int64]


def pool(
    corpus: Corpus,
    rows: NDArray[np.float32],
    n_components: int,
    of_pieces: Callable[[Block], NDArray],
    combine: Callable[[NDArray, NDArray], NDArray],
    add: np.ufunc,
) -> None:
    """Fill in the rows of documents, block by block.

    Parameters
    ----------
    corpus : Corpus
    rows : ndarray of shape (n_documents, n_columns), float32
        Zeros; those of documents without tokens stay so.
    n_components : int
        Length of the vectors.
    of_pieces : callable
        Takes a block, and returns a row for each of its pieces.
    combine : callable
        Takes such rows, and where each document begins among them, and returns a row
        for each document.
    add : ufunc of NumPy
        Combines two rows of one document that continues in the next block.
    """
    last, sizes = -1, (BLOCK // rows.shape[1], BLOCK // n_components)
    for block in blocks(corpus, *sizes):
        first = np.flatnonzero(np.diff(block.documents, prepend=-1))
        values = of_pieces(block)
        if len(first) < len(block.documents):
            values = combine(values, first)
        documents = block.documents[first]
        if documents[0] == last:
            values[0] = add(values[0], rows[last])
        rows[documents] = values
        last = documents[-1]


def blocks(corpus: Corpus, n_pieces: int, n_tokens: int) -> Iterator[Block]:
    """Yield the documents of a corpus, piece by piece.

    Parameters
    ----------
    corpus : Corpus
    n_pieces, n_tokens : int
        Maximum number of pieces of a block, and of their tokens; but a block has at
        least one piece.
    """
    offsets = corpus.offsets
    first = np.append(0, np.cumsum(-(-corpus.lengths // PIECE)))  # of each document
    low, start, end = 0, 0, int(first[-1])
    while low < end:
        # Found by arithmetic, because a corpus on disk has more pieces than fit.
        last = np.searchsorted(offsets, start + n_tokens, side="right") - 1
        fits = int(first[last] + (start + n_tokens - offsets[last]) // PIECE)
        high = max(low + 1, min(low + n_pieces, fits, end))
        pieces = np.arange(low, high + 1)
        documents = np.searchsorted(first, pieces, side="right") - 1
        bounds = offsets[documents] + PIECE * (pieces - first[documents])
        start, stop = int(bounds[0]), int(bounds[-1])
        yield Block(documents[:-1], corpus.ids[start:stop], bounds - start)
        low, start = high, stop


def sums_of_rows(
    matrix: NDArray, ids: NDArray, bounds: NDArray, weights: NDArray
) -> NDArray:
    """Return the weighted sums of rows of a matrix.

    Parameters
    ----------
    matrix : ndarray of shape (n_rows, n_columns)
    ids : ndarray of shape (n,), int
        Rows.
    bounds : ndarray of shape (n_sums + 1,), int
        Sum ``i`` is that of the rows ``ids[bounds[i]:bounds[i + 1]]``.
    weights : ndarray of shape (n,), dtype of `matrix`

    Returns
    -------
    ndarray of shape (n_sums, n_columns), dtype of `matrix`
    """
    shape = len(bounds) - 1, len(matrix)
    return csr_array((weights, ids, bounds), shape=shape) @ matrix


def sums_of_pieces(rows: NDArray, first: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the rows from each of `first` to the next one, in float64."""
    ones = np.ones(len(rows))
    bounds = np.append(first, len(rows))
    return sums_of_rows(rows.astype(np.float64), np.arange(len(rows)), bounds, ones)


def total_weights(corpus: Corpus, weights: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the summed weights of the tokens of each document, or 1 if they are 0."""
    totals = np.zeros(corpus.n_documents)
    for documents, ids, bounds in blocks(corpus, BLOCK // 8, BLOCK // 8):
        sums = np.add.reduceat(weights[ids].astype(np.float64), bounds[:-1])
        np.add.at(totals, documents, sums)
    return np.where(totals > 0, totals, 1)
