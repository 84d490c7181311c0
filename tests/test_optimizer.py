import numpy as np
import pytest

from skw2v.training.gradients import Curvature, RowGradients
from skw2v.training.optimizer import STEP_LIMIT, RowSGD, linear_decay


def step(optimizer, ids, rows, weights, spread):
    ids = np.array(ids, np.int32)
    curvature = Curvature(ids, np.array(weights, float), spread)
    part = RowGradients(ids, np.array(rows, float), curvature)
    optimizer.step([part], learning_rate=0.1)


def test_rare_rows_take_the_learning_rate():
    matrix = np.zeros((3, 2))
    step(RowSGD(matrix), [1, 1], [[1, 2], [3, 4]], [1, 1], 2.0)
    np.testing.assert_allclose(matrix, [[0, 0], [-0.4, -0.6], [0, 0]])


def test_steps_of_frequent_rows_are_limited():
    matrix = np.zeros((2, 1))
    step(RowSGD(matrix), [0, 1, 0], [[1], [1], [1]], [300, 1, 300], 3.0)
    assert matrix[0, 0] == pytest.approx(-2 * STEP_LIMIT / (600 * 3 / 4))
    assert matrix[1, 0] == pytest.approx(-0.1)


def test_an_update_does_not_depend_on_the_previous_one():
    matrix = np.zeros((1, 1))
    optimizer = RowSGD(matrix)
    step(optimizer, [0], [[0.0]], [1e6], 1.0)
    step(optimizer, [0], [[1.0]], [1], 1.0)
    assert matrix[0, 0] == pytest.approx(-0.1)


def test_zero_vectors_do_not_limit_the_step():
    matrix = np.zeros((1, 1))
    step(RowSGD(matrix), [0], [[1.0]], [1e6], 0.0)
    assert matrix[0, 0] == pytest.approx(-0.1)


def test_only_the_given_rows_are_changed():
    ids, rows = np.array([0, 2, 1, 2], np.int32), np.arange(8.0).reshape(4, 2)
    part = RowGradients(ids, rows, Curvature(ids, np.full(4, 300.0), 1.0))
    whole, matrix = np.zeros((3, 2)), np.zeros((3, 2))
    RowSGD(whole).step([part], 0.1)
    RowSGD(matrix).step([part], 0.1, 1, 3)
    assert not matrix[0].any()
    assert np.array_equal(matrix[1:], whole[1:])


def test_learning_rate_decays_to_its_minimum():
    assert linear_decay(0.25, 0.4, 0.01) == pytest.approx(0.3)
    assert linear_decay(1.0, 0.4, 0.01) == 0.01
