import numpy as np
import pytest

from skw2v.training.gradients import MatrixGradient
from skw2v.training.optimizer import STEP_LIMIT, RowSGD, linear_decay


def gradient_of(ids, rows, weights, other_spread):
    ids = np.array(ids, np.int32)
    return MatrixGradient(
        [(ids, np.array(rows, float))], [(ids, np.array(weights, float))], other_spread
    )


def test_rare_rows_take_the_learning_rate():
    matrix = np.zeros((3, 2))
    RowSGD(matrix).step([gradient_of([1, 1], [[1, 2], [3, 4]], [1, 1], 2.0)], 0.1)
    np.testing.assert_allclose(matrix, [[0, 0], [-0.4, -0.6], [0, 0]])


def test_steps_of_loaded_rows_are_limited_over_the_whole_update():
    matrix = np.zeros((2, 1))
    tiles = [gradient_of([0, 1], [[1], [1]], [300, 1], 3.0) for _ in range(2)]
    RowSGD(matrix).step(tiles, 0.1)
    assert matrix[0, 0] == pytest.approx(-2 * STEP_LIMIT / (600 * 3 / 4))
    assert matrix[1, 0] == pytest.approx(-0.2)


def test_an_update_does_not_remember_the_one_before():
    matrix = np.zeros((1, 1))
    optimizer = RowSGD(matrix)
    optimizer.step([gradient_of([0], [[0.0]], [1e6], 1.0)], 0.1)
    optimizer.step([gradient_of([0], [[1.0]], [1], 1.0)], 0.1)
    assert matrix[0, 0] == pytest.approx(-0.1)


def test_vectors_of_zero_do_not_limit_anything():
    matrix = np.zeros((1, 1))
    RowSGD(matrix).step([gradient_of([0], [[1.0]], [1e6], 0.0)], 0.1)
    assert matrix[0, 0] == pytest.approx(-0.1)


def test_learning_rate_decays_to_its_end():
    assert linear_decay(0.25, 0.4, 0.01) == pytest.approx(0.3)
    assert linear_decay(1.0, 0.4, 0.01) == 0.01
