"""What a loss hands to the optimizer: gradients of rows, and bounds on their steps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLE = 64  # rows from which the spread of a tile's vectors is estimated


class Curvature(NamedTuple):
    """How strongly the loss of a tile curves along rows of a matrix; see `RowSGD`.

    Attributes
    ----------
    ids : ndarray of shape (n,), int32
        Rows of the matrix; one may occur several times.
    weights : ndarray of shape (n,)
        Summed weights of the pairs in which each takes part.
    spread : float
        Norm of the second moments of the vectors on the other side of the pairs: a
        bound on their mean squared length along any direction.
    """

    ids: NDArray[np.int32]
    weights: NDArray
    spread: float


class RowGradients(NamedTuple):
    """Gradients of rows of a matrix.

    Attributes
    ----------
    ids : ndarray of shape (n_rows,), int32
        Rows of the matrix; one may occur several times.
    rows : ndarray of shape (..., n_components)
    curvature : Curvature
    """

    ids: NDArray[np.int32]
    rows: NDArray
    curvature: Curvature


def spread_of(rows: NDArray) -> float:
    """Return the Frobenius norm of the second moments of rows, estimated from a sample.

    The squared norm is the mean square of the products of two rows. Those of a row with
    itself are left out, which would weigh more in a sample.

    Parameters
    ----------
    rows : ndarray of shape (n_runs, n_rows_of_run, n_components)

    Returns
    -------
    float
    """
    rows = rows[:: max(1, len(rows) // SAMPLE), 0]
    products = rows[::2] @ rows[min(1, len(rows) - 1) :: 2].T
    return float(np.sqrt(np.vdot(products, products) / products.size))
