from itertools import pairwise

import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

from skw2v.training.windows import Band, in_blocks, side_tables, sides
from skw2v.training.workers import Team


def test_sides_stay_in_the_document():
    left, right = sides(np.array([3, 1, 2]), np.array([2, 1, 5, 5, 1, 1]))
    assert left.tolist() == [0, 1, 2, 0, 0, 1]
    assert right.tolist() == [2, 1, 0, 0, 1, 0]


@pytest.mark.parametrize("window", [1, 3, 10])
def test_pairs_are_those_of_two_nested_loops(window):
    corpus = zipf_corpus(200, 15, longest=12)
    trainer = make_trainer(corpus, window=window, shrink_windows=False, batch_size=16)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    p, reach = chunk.positions, trainer.layout.reach
    found = [
        (p.centers[run, i], p.windows[run, reach + i + k])
        for run, i in np.ndindex(p.left.shape)
        for k in range(-p.left[run, i], p.right[run, i] + 1)
        if k != 0
    ]
    expected = []
    for start, stop in pairwise(corpus.offsets):
        document = corpus.ids[start:stop]
        for i in range(len(document)):
            for j in range(len(document)):
                if i != j and abs(i - j) <= window:
                    expected.append((document[i], document[j]))
    assert sorted(found) == sorted(expected)


def test_tables_mark_the_contexts_on_either_side():
    left, right = side_tables(2, np.float32)
    assert (left[1] + right[2]).tolist() == [0, 1, 0, 1, 1]
    assert (left[0] + right[0]).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("run", "reach"), [(4, 1), (1, 3), (3, 0), (2, 5)])
def test_band_is_the_diagonals_of_its_matrices(run, reach):
    band = Band(3, run, reach, np.float64)
    band.band[...] = np.arange(1, band.band.size + 1).reshape(band.band.shape)
    expected = np.zeros_like(band.matrices)
    for b, i, k in np.ndindex(band.band.shape):
        expected[b, i, i + k] = band.band[b, i, k]
    assert np.array_equal(band.matrices, expected)
    assert np.count_nonzero(band.matrices) == band.band.size


@pytest.mark.parametrize("run", [1, 2, 3, 6, 7, 16])
@pytest.mark.parametrize("reach", [0, 3])
def test_products_of_blocks_are_those_of_the_band(run, reach):
    rng = np.random.default_rng(0)
    rows, windows = rng.random((3, run, 5)), rng.random((3, run + 2 * reach, 5))
    scores, weights = (Band(3, run, reach, np.float64) for _ in range(2))
    blocks, neighbors = in_blocks(rows, run), in_blocks(windows, run)
    np.matmul(blocks, neighbors.swapaxes(2, 3), out=scores.blocks)
    expected = Band(3, run, reach, np.float64)
    np.matmul(rows, windows.swapaxes(1, 2), out=expected.matrices)
    np.testing.assert_allclose(scores.band, expected.band)
    weights.band[...] = scores.band
    np.matmul(weights.blocks, neighbors, out=blocks)
    np.testing.assert_allclose(rows, weights.matrices @ windows)
