import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

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
        tile = trainer.tiles[0]

        def compute(start=32):
            tile.compute(chunk, start, *matrices)
            return tile

        return matrices, compute

    return make


def dense(gradient, shape):
    """Sum of row gradients as a whole matrix."""
    total = np.zeros(shape)
    for ids, rows in gradient.rows:
        np.add.at(total, ids, rows)
    return total


@models
@pytest.mark.parametrize("side", [0, 1], ids=["W_in", "W_out"])
def test_gradient_is_that_of_the_value(tile_of, cbow, side):
    matrices, compute = tile_of(cbow)
    tile = compute()
    gradient = (tile.inputs, tile.outputs)[side]
    exact = dense(gradient, matrices[side].shape)
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
    matrices, compute = tile_of(cbow)
    first = dense(compute().inputs, matrices[0].shape)
    compute(0)
    assert np.array_equal(dense(compute().inputs, matrices[0].shape), first)


@models
def test_loads_count_the_pairs_of_all_words(tile_of, cbow):
    _, compute = tile_of(cbow)
    tile = compute()
    (_, of_inputs), *_ = tile.inputs.load
    assert of_inputs.sum() == pytest.approx(6 * tile.n_pairs)
    of_outputs = sum(weights.sum() for _, weights in tile.outputs.load)
    assert of_outputs == pytest.approx(6 * tile.n_pairs)


def test_spread_bounds_the_mean_square_along_any_direction(tile_of):
    _, compute = tile_of(cbow=False)
    tile = compute()
    moments = tile.output.T @ tile.output / len(tile.output)
    greatest = np.linalg.eigvalsh(moments)[-1]
    assert greatest <= tile.inputs.other_spread <= np.trace(moments)
