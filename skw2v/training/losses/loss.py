"""What every loss has in common."""

from typing import Any, NamedTuple

import numpy as np

from ..shape import UpdateShape

SAMPLE = 64  # rows from which the spread of a tile's vectors is estimated


class Layout(NamedTuple):
    """The arrays of a tile.

    Attributes
    ----------
    shape : UpdateShape
    window, n_components : int
    cbow : bool
    dtype : dtype
    """

    shape: UpdateShape
    window: int
    n_components: int
    cbow: bool
    dtype: Any


class Load(NamedTuple):
    """How strongly words of a matrix are pulled in a tile; see `RowSGD`.

    Attributes
    ----------
    ids : ndarray of shape (n,), int32
    weights : ndarray of shape (n,)
        Summed weights of the pairs in which they take part.
    spread : float
        Norm of the second moments of the vectors on the other side of the pairs: a
        bound on their mean squared length along any direction.
    """

    ids: np.ndarray
    weights: np.ndarray
    spread: float


class RowGradients(NamedTuple):
    """Gradients of rows of a matrix.

    Attributes
    ----------
    ids : ndarray of shape (n_rows,), int32
        A word may own several rows.
    rows : ndarray of shape (..., n_components)
    load : Load
    """

    ids: np.ndarray
    rows: np.ndarray
    load: Load


class Loss:
    """An output layer with its loss, for one tile.

    A tile's arrays are made once and reused: fresh ones would cost a third of the run
    in page faults.

    Parameters
    ----------
    layout : Layout
    shared : object
        What `prepare` returned.

    """

    def __init__(self, layout: Layout, shared: Any) -> None:
        self.layout = layout

    @staticmethod
    def prepare(counts: np.ndarray, hyperparameters: Any) -> Any:
        """What all tiles share, from the counts of the words."""
        return None

    @staticmethod
    def n_outputs(n_words: int) -> int:
        """Rows of the output weights."""
        return n_words

    def compute(self, chunk, runs, output_matrix, hidden, contexts, hidden_gradient):
        """Value and gradients of a tile.

        Parameters
        ----------
        chunk : Chunk
        runs : slice
            The runs of the tile.
        output_matrix : ndarray of shape (n_outputs, n_components)
        hidden : ndarray of shape (n_runs, run, n_components)
            Hidden layer of each position.
        contexts : ndarray of shape (n_runs, run, 2 * window + 1)
            1 where a neighbour is a context.
        hidden_gradient : ndarray like `hidden`
            Takes the gradient.

        Returns
        -------
        value : float
            Summed loss, in nats.
        output : RowGradients
            Of the output weights.
        input_load : Load
            Of the embedding.
        """
        raise NotImplementedError

    @staticmethod
    def log_probabilities(hidden, words, output_matrix, shared):
        """Log-probabilities of some words, of a trained model.

        Parameters
        ----------
        hidden : ndarray of shape (n_examples, n_components)
        words : ndarray of shape (n_asked,), int
        output_matrix : ndarray of shape (n_outputs, n_components)
        shared : object
            What `prepare` returned.

        Returns
        -------
        ndarray of shape (n_examples, n_asked)
            In the training stream, that is, after subsampling.
        """
        raise NotImplementedError


def pairs_of(chunk, runs, contexts, cbow):
    """The pairs of hidden layer and target of a tile.

    Parameters
    ----------
    chunk, runs, contexts
        As of `Loss.compute`.
    cbow : bool

    Returns
    -------
    positions, targets : ndarrays of shape (n_pairs,), int
        Position of the hidden layer, from 0, and word.
    """
    if cbow:
        positions = np.flatnonzero(contexts.any(axis=2))
        return positions, chunk.centres[runs].reshape(-1)[positions]
    _, run, width = contexts.shape
    windows = chunk.windows[runs]
    flat = np.flatnonzero(contexts != 0)
    positions = flat // width
    # A window has width - 1 words more than positions of its own.
    neighbours = flat - (width - 1) * (positions - positions // run)
    return positions, windows.reshape(-1)[neighbours]


def spread_of(rows):
    """Frobenius norm of the second moments of a sample of rows.

    Parameters
    ----------
    rows : ndarray of shape (n_runs, n_rows_of_run, n_components)

    Returns
    -------
    float
    """
    rows = rows[:: max(1, len(rows) // SAMPLE), 0]
    moments = rows @ rows.T  # of the same norm as rows.T @ rows
    return float(np.sqrt(np.vdot(moments, moments))) / len(rows)
