import numpy as np
import pytest

from skw2v.training.losses.logistic import logistic


def evaluate(margins, weights, dtype=np.float64):
    margins = np.array(margins, dtype)
    gradient = np.empty_like(margins)
    value = logistic(margins, np.array(weights, dtype), gradient)
    return value, gradient


def test_value_is_the_weighted_logistic_loss():
    rng = np.random.default_rng(0)
    margins, weights = rng.normal(0, 3, (4, 5)), rng.random((4, 5))
    value, _ = evaluate(margins, weights)
    assert value == pytest.approx(np.sum(weights * np.logaddexp(0, margins)))


def test_gradient_matches_finite_differences():
    rng = np.random.default_rng(0)
    margins, weights = rng.normal(0, 3, (4, 5)), rng.random((4, 5))
    _, gradient = evaluate(margins, weights)
    for index in np.ndindex(margins.shape):
        step = np.zeros_like(margins)
        step[index] = 1e-6
        above, _ = evaluate(margins + step, weights)
        below, _ = evaluate(margins - step, weights)
        assert gradient[index] == pytest.approx((above - below) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_scores_stay_finite(dtype):
    value, gradient = evaluate(
        [[-1e30, -200.0, 0.0, 80.0, 1e30]], np.ones((1, 5)), dtype
    )
    assert value == pytest.approx(np.log(2) + 160)
    np.testing.assert_allclose(gradient, [[0, 0, 0.5, 1, 1]], atol=1e-7)


def test_nan_is_propagated():
    value, gradient = evaluate([[np.nan, 0.0]], np.ones((1, 2)))
    assert np.isnan(value)
    assert np.isnan(gradient[0, 0])
