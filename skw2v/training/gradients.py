"""What a loss hands to the optimizer: gradients of rows, and bounds on their steps."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

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
        bound on their mean squared length along any direction. NaN if it wasn't
        measured.
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


class Size(NamedTuple):
    """Maximum size of the gradients of a tile.

    Attributes
    ----------
    n_rows : int
        Rows with a gradient.
    n_weights : int
        Weights of their curvature.
    """

    n_rows: int
    n_weights: int


class UpdateGradients:
    """The gradients of all tiles of an update, side by side.

    Any worker may compute a tile, and every worker reads all of them, perhaps from
    memory that processes share. An update of one tile has one worker.

    Parameters
    ----------
    n_tiles : int
    size : Size
        That of a tile.
    n_components : int
    dtype : dtype
    allocate : callable
        Makes an array of any content from its shape and dtype.
    """

    _only: RowGradients  # if an update has one tile

    def __init__(
        self,
        n_tiles: int,
        size: Size,
        n_components: int,
        dtype: DTypeLike,
        allocate: Callable[..., NDArray[Any]] = np.empty,
    ) -> None:
        self.rows = allocate((n_tiles, size.n_rows, n_components), dtype)
        self._ids = allocate((n_tiles, size.n_rows), np.int32)
        self._weight_ids = allocate((n_tiles, size.n_weights), np.int32)
        self._weights = allocate((n_tiles, size.n_weights), dtype)
        self._sizes = allocate((n_tiles, 2), np.int64)
        self._spreads = allocate((n_tiles,), np.float64)
        self._size = size

    def put(self, tile: int, gradients: RowGradients) -> None:
        """Store the gradients of a tile, whose rows are in `rows` already."""
        if len(self.rows) == 1:  # nobody else needs them
            self._only = gradients
            return
        ids, curvature = gradients.ids, gradients.curvature
        n_rows, n_weights = len(ids), len(curvature.ids)
        self._sizes[tile] = n_rows, n_weights
        self._ids[tile, :n_rows] = ids
        self._weight_ids[tile, :n_weights] = curvature.ids
        self._weights[tile, :n_weights] = curvature.weights
        self._spreads[tile] = curvature.spread

    def parts(self, n_tiles: int) -> list[RowGradients]:
        """Return the gradients of the first tiles, in their order.

        Those that leave no gap between them are one part, which costs fewer calls. The
        spread of each is the mean over all tiles that have measured it.
        """
        if len(self.rows) == 1:
            return [self._only]
        # np.nanmean takes ten times as long.
        spreads = self._spreads[:n_tiles].tolist()
        measured = [spread for spread in spreads if not math.isnan(spread)]
        spread = sum(measured) / max(len(measured), 1)
        if (self._sizes[:n_tiles] == self._size).all():
            return [self._part(slice(n_tiles), spread, *self._size)]
        sizes = self._sizes[:n_tiles].tolist()
        return [
            self._part(slice(tile, tile + 1), spread, *size)
            for tile, size in enumerate(sizes)
        ]

    def _part(
        self, tiles: slice, spread: float, n_rows: int, n_weights: int
    ) -> RowGradients:
        n_components = self.rows.shape[2]
        curvature = Curvature(
            self._weight_ids[tiles, :n_weights].reshape(-1),
            self._weights[tiles, :n_weights].reshape(-1),
            spread,
        )
        rows = self.rows[tiles, :n_rows].reshape(-1, n_components)
        return RowGradients(self._ids[tiles, :n_rows].reshape(-1), rows, curvature)


def spread_of(rows: NDArray) -> float:
    """Return the Frobenius norm of the second moments of a sample of rows.

    Parameters
    ----------
    rows : ndarray of shape (n_runs, n_rows_of_run, n_components)

    Returns
    -------
    float
    """
    rows = rows[:: max(1, len(rows) // SAMPLE), 0]
    moments = rows @ rows.T  # has the same norm as rows.T @ rows
    return float(np.sqrt(np.vdot(moments, moments))) / len(rows)
