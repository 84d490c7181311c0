"""Base class of the losses."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..batches import LARGEST_TILE, Layout
from ..gradients import Curvature, RowGradients, Size, spread_of
from ..hyperparameters import Hyperparameters
from ..positions import Positions
from ..windows import PaddedRows

Thing = TypeVar("Thing")


class Scratch:
    """Things that the tiles of one worker share, because it computes one at a time.

    So these arrays stay in the caches of its core. Gradients don't belong here: they
    are needed until the update is applied.
    """

    def __init__(self) -> None:
        self._things: dict[str, Any] = {}

    def share(self, name: str, make: Callable[[], Thing]) -> Thing:
        """Return the thing of a name, which is made when it is first asked for."""
        if name not in self._things:
            self._things[name] = make()
        return self._things[name]

    def array(
        self, name: str, shape: tuple[int, ...], dtype: DTypeLike
    ) -> NDArray[Any]:
        """Return an array of any content, in memory that is kept for the next call."""
        size, memory = math.prod(shape), self._things.get(name)
        if memory is None or size > memory.size:
            memory = self._things[name] = np.empty(size + size // 4, dtype)
        return memory[:size].reshape(shape)

    def padded_rows(self, name: str, layout: Layout) -> PaddedRows:
        """Return rows of the positions of a tile."""
        return self.share(
            name,
            lambda: PaddedRows(
                layout.n_runs,
                layout.run,
                layout.n_components,
                layout.reach,
                layout.dtype,
            ),
        )


class Workspace:
    """The arrays that a tile shares with its loss.

    They are made once and reused, because allocating them for each update would cost a
    third of the time in page faults.

    Parameters
    ----------
    layout : Layout
    scratch : Scratch
        Holds all arrays but those of gradients.
    hidden_gradient : ndarray of shape (n_runs, run, n_components)
        Memory for the gradient of the hidden layer.
    output_rows : ndarray of shape (n_rows, n_components)
        Memory for the gradients of output weights.

    Attributes
    ----------
    contexts : ndarray of shape (n_runs, run, 2 * reach + 1)
        1 where a neighbor is a context, else 0.
    padded_hidden : PaddedRows
    hidden : ndarray of shape (n_runs, run, n_components)
        Hidden layer of each position: the rows of `padded_hidden`.
    layout, scratch, hidden_gradient, output_rows
        The parameters.
    measures_spread : bool
        Whether the tile is one of those from which the spread of vectors is estimated.
    """

    measures_spread = True

    def __init__(
        self,
        layout: Layout,
        scratch: Scratch,
        hidden_gradient: NDArray,
        output_rows: NDArray,
    ) -> None:
        self.layout, self.scratch = layout, scratch
        runs, dtype = (layout.n_runs, layout.run), layout.dtype
        width = 2 * layout.reach + 1
        self.contexts = scratch.array("contexts", (*runs, width), dtype)
        self.padded_hidden = scratch.padded_rows("hidden", layout)
        self.hidden = self.padded_hidden.rows
        self.hidden_gradient = hidden_gradient
        self.output_rows = output_rows

    def spread_of(self, rows: NDArray) -> float:
        """Return the spread of vectors, or NaN if this tile doesn't measure it."""
        return spread_of(rows) if self.measures_spread else float("nan")


class Loss:
    """An output layer and its loss, which all tiles of a training share.

    A loss changes nothing but the arrays of a workspace.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), int64
        Tokens of each word.
    hyperparameters : Hyperparameters

    Attributes
    ----------
    largest_tile : int
        Maximum number of positions of a tile, for vectors of 100 components.
    """

    largest_tile = LARGEST_TILE

    def __init__(
        self, counts: NDArray[np.int64], hyperparameters: Hyperparameters
    ) -> None:
        self.hyperparameters = hyperparameters

    @classmethod
    def check(cls, hyperparameters: Hyperparameters) -> None:
        """Raise a ValueError that names a hyperparameter the loss can't work with."""

    @staticmethod
    def n_outputs(n_words: int) -> int:
        """Return the number of rows of the output weights."""
        return n_words

    def adopt(
        self, other: Any, output_matrix: NDArray, rows: NDArray[np.intp]
    ) -> NDArray:
        """Return output weights to begin with, from those of another loss.

        Parameters
        ----------
        other : Loss
            Of the same class, for other counts and perhaps other words.
        output_matrix : ndarray
            Its output weights.
        rows : ndarray of shape (n_words,), int
            Id of each word in the other loss; -1 for words that it lacks.

        Returns
        -------
        ndarray of shape (n_outputs, n_components)
            Not views. Words that the other loss lacks have zeros.
        """
        weights = np.zeros((len(rows), output_matrix.shape[1]), output_matrix.dtype)
        weights[rows >= 0] = output_matrix[rows[rows >= 0]]
        return weights

    def size(self, layout: Layout) -> Size:
        """Return the maximum size of a tile's gradients of the output weights."""
        raise NotImplementedError

    def workspace(self, *arguments: Any) -> Workspace:
        """Return the arrays of a tile, to which a loss may add its own.

        Parameters
        ----------
        *arguments
            Those of `Workspace`.
        """
        return Workspace(*arguments)

    def compute(
        self, workspace: Any, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """Return the value and the gradients of a tile.

        Parameters
        ----------
        workspace : Workspace
            What `workspace` returned. `contexts` and `hidden` are filled in;
            `hidden_gradient` and the first of `output_rows` receive the gradients.
        positions : Positions
            Those of the tile.
        output_matrix : ndarray of shape (n_outputs, n_components)

        Returns
        -------
        value : float
            Summed loss, in nats.
        output : RowGradients
            Gradients of the output weights.
        input_curvature : Curvature
            Curvature along the rows of the embedding.
        """
        raise NotImplementedError

    def log_probabilities(
        self, hidden: NDArray, ids: NDArray, output_matrix: NDArray
    ) -> NDArray:
        """Return the log-probabilities of some words under a trained model.

        Parameters
        ----------
        hidden : ndarray of shape (n_examples, n_components)
        ids : ndarray of shape (n_asked,), int
        output_matrix : ndarray of shape (n_outputs, n_components)

        Returns
        -------
        ndarray of shape (n_examples, n_asked)
            Those in the training stream, that is, after subsampling.
        """
        raise NotImplementedError


def pairs_of(workspace: Workspace, positions: Positions) -> tuple[NDArray, NDArray]:
    """Return the pairs of hidden layer and target of a tile.

    Parameters
    ----------
    workspace, positions
        See `Loss.compute`.

    Returns
    -------
    places : ndarray of shape (n_pairs,), int
        Position of the hidden layer of each pair in the tile.
    targets : ndarray of shape (n_pairs,), int
        Word id of the target of each pair.
    """
    n_contexts = (positions.left + positions.right).reshape(-1)
    if workspace.layout.cbow:
        places = np.flatnonzero(n_contexts)
        return places, positions.centers.reshape(-1)[places]
    _, run, width = workspace.contexts.shape
    all_places = np.arange(n_contexts.size, dtype=np.int32)
    # A window has width - 1 tokens more than positions of its own.
    shift = (width - 1) * (all_places - all_places // run)
    flat = np.flatnonzero(workspace.contexts != 0)
    flat -= np.repeat(shift, n_contexts)
    return np.repeat(all_places, n_contexts), positions.windows.reshape(-1)[flat]
