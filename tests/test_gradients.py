from typing import NamedTuple

import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

from skw2v.training.gradients import TileWorkspace
from skw2v.training.threads import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])


@pytest.fixture
def tile_of():
    """Make a tile of random weights and a function that computes it."""

    def make(cbow, shrink_windows=True):
        trainer = make_trainer(
            zipf_corpus(120, 9),
            dtype=np.float64,
            cbow=cbow,
            shrink_windows=shrink_windows,
            batch_size=64,
        )
        rng = np.random.default_rng(1)
        matrices = rng.normal(size=(2, *trainer.input_matrix.shape))
        (chunk,) = trainer.stream.chunks(0, Team(1))
        workspace = trainer.new_workspace()

        def compute(start=32):
            runs = slice(start, start + trainer.shape.n_runs)
            tile = chunk, runs, *matrices, trainer.gradients, 0
            value, *spreads = workspace.compute(*tile)
            return Result(value, spreads, *trainer.touched(chunk, runs), workspace)

        return matrices, compute

    return make


class Result(NamedTuple):
    """What one tile gives."""

    value: float
    spreads: list
    inputs: tuple
    outputs: tuple
    workspace: TileWorkspace


def dense(ids, gradients, shape):
    """Sum of row gradients as a whole matrix."""
    total = np.zeros(shape)
    np.add.at(total, ids, gradients.reshape(len(ids), -1))
    return total


@models
@pytest.mark.parametrize("side", [0, 1], ids=["W_in", "W_out"])
def test_gradient_is_that_of_the_value(tile_of, cbow, side):
    matrices, compute = tile_of(cbow)
    result = compute()
    ids, gradients, *_ = (result.inputs, result.outputs)[side]
    exact = dense(ids, gradients, matrices[side].shape)
    step, numeric = 1e-6, np.zeros_like(exact)
    for index in np.ndindex(exact.shape):
        original = matrices[side][index]
        matrices[side][index] = original + step
        above = compute().value
        matrices[side][index] = original - step
        numeric[index] = (above - compute().value) / (2 * step)
        matrices[side][index] = original
    assert np.abs(exact).max() > 1
    np.testing.assert_allclose(exact, numeric, atol=1e-6)


@models
def test_a_tile_can_be_computed_again(tile_of, cbow):
    _, compute = tile_of(cbow)
    first = compute().inputs[1].copy()
    compute(0)
    assert np.array_equal(compute().inputs[1], first)


@models
def test_loads_are_the_weights_of_all_pairs(tile_of, cbow):
    _, compute = tile_of(cbow)
    result = compute()
    for _, _, _, load in (result.inputs, result.outputs):
        assert load.sum() == pytest.approx(result.workspace.weights.sum())


def test_spread_bounds_the_mean_square_along_any_direction(tile_of):
    _, compute = tile_of(cbow=False)
    result = compute()
    rows = result.workspace.output.reshape(-1, 6)
    moments = rows.T @ rows / len(rows)
    greatest = np.linalg.eigvalsh(moments)[-1]
    assert greatest <= result.spreads[0] <= np.trace(moments)
