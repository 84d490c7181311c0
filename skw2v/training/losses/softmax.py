"""The exact softmax over the vocabulary.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
.. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from ..batches import Layout
from ..gradients import Curvature, RowGradients, Size
from ..hyperparameters import Hyperparameters
from ..positions import Positions
from .base import Loss, Workspace, pairs_of

LOGITS = 1 << 24  # maximum number of logits in memory at once (64 MiB in float32)
# The rows of the second derivative of the logits sum to at most 2 p in absolute value:
# 8 times the 1/4 of the logistic loss, for which `RowSGD` is made.
CURVATURE = 8.0


class Softmax(Loss):
    """Cross-entropy of the probabilities of all words [1]_ [2]_.

    For a hidden layer ``h`` and its targets ``t``::

        p = softmax(W_out @ h)
        loss = -sum_t log p_t
        gradient of the logits = n_targets * p - (how often each word is a target)

    Its cost is that of a product with all output weights, so it suits a vocabulary of
    a few thousand words. For skip-gram the hidden layer depends on the center word
    alone: all its tokens in a tile share their probabilities.
    """

    def __init__(
        self, counts: NDArray[np.int64], hyperparameters: Hyperparameters
    ) -> None:
        super().__init__(counts, hyperparameters)
        self.ids = np.arange(len(counts), dtype=np.int32)

    def size(self, layout: Layout) -> Size:
        """See `Loss.size`."""
        return Size(len(self.ids), len(self.ids))

    def compute(
        self, workspace: Workspace, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """See `Loss.compute`."""
        centers = positions.centers.reshape(-1)
        places, targets = pairs_of(workspace, positions)
        rows, first = _rows(
            places if workspace.layout.cbow else centers[places], places
        )
        order = np.argsort(rows, kind="stable")
        value, expected = _sum_of_parts(
            workspace, output_matrix, rows[order], targets[order], first
        )
        seen = np.bincount(targets, minlength=len(self.ids))
        output_curvature = Curvature(
            self.ids,
            CURVATURE * (expected + seen),
            workspace.spread_of(_hidden(workspace)[:, None]),
        )
        weights = CURVATURE * np.bincount(places, minlength=len(centers))
        spread = workspace.spread_of(output_matrix[:, None])
        output = RowGradients(self.ids, workspace.output_rows, output_curvature)
        return value, output, Curvature(centers, weights, spread)

    def log_probabilities(
        self, hidden: NDArray, ids: NDArray, output_matrix: NDArray
    ) -> NDArray:
        """See `Loss.log_probabilities`."""
        return log_softmax(hidden @ output_matrix.T, axis=1)[:, ids]


def _rows(same: NDArray, places: NDArray) -> tuple[NDArray, NDArray]:
    """Find the distinct hidden layers of pairs.

    Parameters
    ----------
    same : ndarray of shape (n_pairs,), int
        Equal for pairs with the same hidden layer.
    places : ndarray of shape (n_pairs,), int
        Position of each pair.

    Returns
    -------
    rows : ndarray of shape (n_pairs,), int
        Hidden layer of each pair.
    first : ndarray of shape (n_rows,), int
        A position with that hidden layer.
    """
    _, first, rows = np.unique(same, return_index=True, return_inverse=True)
    return rows, places[first]


def _sum_of_parts(
    workspace: Workspace,
    output_matrix: NDArray,
    rows: NDArray,
    targets: NDArray,
    first: NDArray,
) -> tuple[float, NDArray]:
    """Compute the loss and the gradients, as many hidden layers at a time as fit.

    Parameters
    ----------
    workspace, output_matrix
        See `Loss.compute`.
    rows, targets : ndarrays of shape (n_pairs,), int
        Hidden layer and target of each pair, sorted by hidden layer.
    first : ndarray of shape (n_rows,), int
        A position with each hidden layer.

    Returns
    -------
    value : float
        Summed loss, in nats.
    expected : ndarray of shape (n_words,)
        How often the model expects each word as a target.
    """
    hidden = _hidden(workspace)
    hidden_gradient = workspace.hidden_gradient.reshape(hidden.shape)
    hidden_gradient[...] = 0
    workspace.output_rows[...] = 0
    expected = np.zeros(len(output_matrix))
    value, size = 0.0, max(1, LOGITS // len(output_matrix))
    for start in range(0, len(first), size):
        here = slice(*np.searchsorted(rows, (start, start + size)))
        part = first[start : start + size]
        vectors = hidden[part]
        loss, counts, slopes = cross_entropy(
            vectors @ output_matrix.T, rows[here] - start, targets[here]
        )
        value += loss
        expected += counts
        hidden_gradient[part] = slopes @ output_matrix
        workspace.output_rows += slopes.T @ vectors
    return value, expected


def _hidden(workspace: Workspace) -> NDArray:
    """Return the hidden layers as a matrix."""
    return workspace.hidden.reshape(-1, workspace.layout.n_components)


def cross_entropy(
    logits: NDArray, rows: NDArray, targets: NDArray
) -> tuple[float, NDArray, NDArray]:
    """Return the cross-entropy of a softmax with several targets for each row.

    Parameters
    ----------
    logits : ndarray of shape (n_rows, n_words)
        Overwritten.
    rows, targets : ndarrays of shape (n_pairs,), int
        Row and word id of each target; every row has at least one.

    Returns
    -------
    value : float
        ``-sum(log softmax(logits)[rows, targets])``, in nats.
    expected : ndarray of shape (n_words,)
        How often the model expects each word as a target.
    slopes : ndarray like `logits`
        The gradient, in the memory of `logits`.
    """
    n_targets = np.bincount(rows, minlength=len(logits)).astype(logits.dtype)
    logits -= logits.max(axis=1, keepdims=True)  # exp can't overflow
    value = -np.sum(logits[rows, targets], dtype=np.float64)
    slopes = np.exp(logits, out=logits)
    total = slopes.sum(axis=1)
    value += np.sum(n_targets * np.log(total), dtype=np.float64)
    slopes *= (n_targets / total)[:, None]
    expected = slopes.sum(axis=0, dtype=np.float64)
    np.subtract.at(slopes, (rows, targets), 1)
    return float(value), expected, slopes
