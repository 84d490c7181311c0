import numpy as np
import pytest
from corpora import make_trainer, randomize, zipf_corpus

from skw2v.training.losses import LOSSES
from skw2v.training.workers import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
losses = pytest.mark.parametrize("loss", LOSSES)


@pytest.fixture
def tile_of():
    """Return a function that makes a trainer, its tile and a function to compute it."""

    def make(cbow, loss="negative_sampling"):
        trainer = make_trainer(
            zipf_corpus(120, 9), dtype=np.float64, cbow=cbow, loss=loss, batch_size=64
        )
        randomize(trainer)
        (chunk,) = trainer.stream.chunks(0, Team(1))
        tile = trainer.update.tile(0)

        def compute(number=1):
            n_runs = trainer.layout.n_runs
            runs = slice(number * n_runs, (number + 1) * n_runs)
            return tile.compute(chunk.positions[runs])

        return trainer, tile, compute

    return make


def gradients_of(trainer, side):
    """Return the gradients of the tile that was computed."""
    (gradients,) = getattr(trainer.update, f"{side}s").parts(1)
    return gradients


def dense(gradients, shape):
    """Sum row gradients into a dense matrix."""
    total = np.zeros(shape)
    np.add.at(total, gradients.ids, gradients.rows.reshape(len(gradients.ids), -1))
    return total


@models
@losses
@pytest.mark.parametrize("side", ["input", "output"])
def test_gradient_matches_finite_differences(tile_of, cbow, loss, side):
    trainer, _, compute = tile_of(cbow, loss)
    matrix = getattr(trainer.model, f"{side}_matrix")
    compute()
    exact = dense(gradients_of(trainer, side), matrix.shape)
    step, numeric = 1e-6, np.zeros_like(exact)
    for index in np.ndindex(exact.shape):
        original = matrix[index]
        matrix[index] = original + step
        above = compute()
        matrix[index] = original - step
        numeric[index] = (above - compute()) / (2 * step)
        matrix[index] = original
    assert np.abs(exact).max() > 1
    np.testing.assert_allclose(exact, numeric, atol=1e-6)


@models
@losses
def test_a_tile_can_be_computed_again(tile_of, cbow, loss):
    trainer, _, compute = tile_of(cbow, loss)
    first, rows = compute(), gradients_of(trainer, "input").rows.copy()
    compute(0)
    assert compute() == first
    assert np.array_equal(gradients_of(trainer, "input").rows, rows)


@models
def test_curvatures_weigh_all_pairs(tile_of, cbow):
    trainer, tile, compute = tile_of(cbow)
    compute()
    for side in ("input", "output"):
        weights = gradients_of(trainer, side).curvature.weights
        assert weights.sum() == pytest.approx(tile.workspace.weights.sum())


@losses
def test_spread_bounds_the_mean_square_along_any_direction(tile_of, loss):
    trainer, tile, compute = tile_of(False, loss)
    compute()
    rows = tile.workspace.hidden.reshape(-1, 6)
    moments = rows.T @ rows / len(rows)
    largest = np.linalg.eigvalsh(moments)[-1]
    # The spread is estimated from a sample of the rows.
    spread = gradients_of(trainer, "output").curvature.spread
    assert 0.8 * largest <= spread <= np.trace(moments)
