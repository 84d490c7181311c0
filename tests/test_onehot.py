import numpy as np
import pytest

from skw2v.training.onehot import gather, one_hot, scatter_add

IDS = np.array([3, 0, 3, 2, 3], np.int32)


@pytest.fixture(params=[np.float32, np.float64])
def arrays(request):
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=(6, 4)).astype(request.param),
        rng.normal(size=(5, 4)).astype(request.param),
        rng.normal(size=5).astype(request.param),
    )


def test_gather_is_a_product_with_one_hot_rows(arrays):
    matrix, rows, _ = arrays
    gather(matrix, IDS, rows)
    np.testing.assert_array_equal(rows, one_hot(IDS, 6, matrix.dtype) @ matrix)


def test_scatter_is_a_product_with_the_transpose(arrays):
    matrix, rows, scale = arrays
    X = one_hot(IDS, 6, matrix.dtype)
    expected = matrix + X.T @ (scale[:, None] * rows)
    scatter_add(matrix, IDS, scale, rows)
    np.testing.assert_allclose(matrix, expected, rtol=1e-5)


def test_rows_that_are_not_chosen_are_left_out(arrays):
    matrix, rows, scale = arrays
    chosen = np.array([True, False, True, True, False])
    rows[~chosen] = np.nan
    X = one_hot(IDS[chosen], 6, matrix.dtype)
    expected = matrix + X.T @ (scale[chosen, None] * rows[chosen])
    scatter_add(matrix, IDS[chosen], scale[chosen], rows, chosen)
    np.testing.assert_allclose(matrix, expected, rtol=1e-5)


def test_one_hot_rows_are_sparse():
    X = one_hot(IDS, 6)
    assert X.shape == (5, 6)
    assert X.nnz == 5
    assert np.array_equal(X.toarray(), np.eye(6)[IDS])
