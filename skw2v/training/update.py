"""One update: tiles are computed from one state of the matrices, and then applied.

It doesn't matter which worker computes a tile, or changes a row: every row gets the
same gradients in the same order. So the result is the same, to the last bit, for every
number of workers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .batches import Layout
from .division import Division, Ranges
from .embedding import ComposedEmbedding, Embedding
from .gradients import UpdateGradients
from .losses.base import Scratch
from .model import Model
from .optimizer import RowSGD
from .positions import Positions
from .tile import Tile, input_size
from .workers import Workers


class Update:
    """Computes and applies the gradients of updates.

    Parameters
    ----------
    model : Model
        Changed in place.
    layout : Layout
    n_tiles : int
        Maximum number of tiles of an update.
    allocate : callable, default=numpy.empty
        Makes the arrays that all workers use, from a shape and a dtype.
    sgd : type of RowSGD, default=RowSGD
        Changes the rows of both matrices.

    Attributes
    ----------
    output_sgd, input_sgd : RowSGD
        Those of the two matrices.
    """

    def __init__(
        self,
        model: Model,
        layout: Layout,
        n_tiles: int,
        allocate: Callable[..., NDArray[Any]] = np.empty,
        sgd: type[RowSGD] = RowSGD,
    ) -> None:
        self.model, self.layout, self.n_tiles = model, layout, n_tiles
        sizes = model.loss.size(layout), input_size(layout)
        self.outputs, self.inputs = (
            UpdateGradients(n_tiles, size, layout.n_components, layout.dtype, allocate)
            for size in sizes
        )
        self._losses = allocate((n_tiles,), np.float64)
        self.embedding = (
            Embedding(model, sgd)
            if (composition := model.composition) is None
            else ComposedEmbedding(
                model, composition, n_tiles * sizes[1].n_rows, n_tiles, allocate, sgd
            )
        )
        self.output_sgd, self.input_sgd = sgd(model.output_matrix), self.embedding.sgd
        self._optimizers = [self.output_sgd, self.embedding.optimizer]
        n_rows = len(model.output_matrix), len(self.embedding.vectors)
        self._division = Division(n_rows, n_tiles, allocate)
        # Made when they are needed: a small corpus needs few.
        self._tiles: dict[tuple[int, int], Tile] = {}
        self._scratches: dict[int, Scratch] = {}

    @property
    def n_runs(self) -> int:
        """Return the maximum number of runs of an update."""
        return self.n_tiles * self.layout.n_runs

    def step(
        self, positions: Positions, learning_rate: float, workers: Workers
    ) -> float:
        """Train some positions, in whole tiles; return their summed loss, in nats."""
        n_runs = self.layout.n_runs
        n_tiles = positions.n_runs // n_runs
        n_active = min(workers.size, n_tiles)
        self.embedding.read(positions, workers, n_active)

        def compute(worker: int) -> None:
            for number in range(worker, n_tiles, n_active):
                part = positions[number * n_runs : (number + 1) * n_runs]
                self._losses[number] = self.tile(number, worker).compute(part)

        workers.run(compute, n_active)
        # Read now: others may begin with the next update when this one is applied.
        loss = sum(self._losses[:n_tiles].tolist())
        parts = [self.outputs.parts(n_tiles), self.inputs.parts(n_tiles)]

        def works() -> list[NDArray]:
            pairs = zip(self._optimizers, parts, strict=True)
            return [optimizer.work(of_matrix) for optimizer, of_matrix in pairs]

        def apply(worker: int, ranges: Ranges) -> None:
            for optimizer, of_matrix, (first, last) in zip(
                self._optimizers, parts, ranges, strict=True
            ):
                if first < last:
                    optimizer.step(of_matrix, learning_rate, first, last)

        self._division.run(workers, n_active, works, apply)
        spread = parts[1][0].curvature.spread
        self.embedding.change(spread, learning_rate, workers, n_active)
        return loss

    def tile(self, number: int, worker: int = 0) -> Tile:
        """Return the tile of a place in the update, for one worker."""
        if (number, worker) not in self._tiles:
            scratch = self._scratches.setdefault(worker, Scratch())
            self._tiles[number, worker] = Tile(
                self.layout,
                self.model,
                scratch,
                number,
                self.embedding,
                self.inputs,
                self.outputs,
            )
        return self._tiles[number, worker]
