from itertools import pairwise

import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

from skw2v.training.windows import (
    Band,
    PaddedRows,
    bands_of,
    in_blocks,
    side_tables,
    sides,
)
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


def matrices_of(band, reach):
    """Return the whole matrices of a band, cell by cell."""
    n_runs, run, _ = band.shape
    matrices = np.zeros((n_runs, run, run + 2 * reach))
    for b, i, k in np.ndindex(band.shape):
        matrices[b, i, i + k] = band[b, i, k]
    return matrices


@pytest.mark.parametrize("run", [1, 2, 3, 6, 7, 16, 32])
@pytest.mark.parametrize("reach", [0, 1, 3, 5])
def test_blocks_of_a_band_are_those_of_its_matrices(run, reach):
    band = Band(3, run, reach, np.float64)
    band.band[...] = np.arange(1, band.band.size + 1).reshape(band.band.shape)
    matrices = matrices_of(band.band, reach)
    _, n_blocks, block, width = band.blocks.shape
    assert n_blocks * block == run
    for b, number in np.ndindex(3, n_blocks):
        rows = slice(number * block, (number + 1) * block)
        columns = slice(number * block, number * block + width)
        assert np.array_equal(band.blocks[b, number], matrices[b, rows, columns])
    _, n_blocks, block, width = band.transposed_blocks.shape
    assert n_blocks * block == run + 2 * reach
    around = np.pad(matrices, [(0, 0), (2 * reach, 2 * reach), (0, 0)])
    for b, number in np.ndindex(3, n_blocks):
        rows = slice(number * block, number * block + width)
        columns = slice(number * block, (number + 1) * block)
        expected = around[b, rows, columns].T
        assert np.array_equal(band.transposed_blocks[b, number], expected)


@pytest.mark.parametrize("run", [1, 2, 3, 6, 7, 16, 32])
@pytest.mark.parametrize("reach", [0, 3, 5])
def test_products_of_blocks_are_those_of_the_band(run, reach):
    rng = np.random.default_rng(0)
    padded, windows = (
        PaddedRows(3, run, 5, reach, float),
        rng.random((3, run + 2 * reach, 5)),
    )
    rows = padded.rows
    rows[...] = rng.random(rows.shape)
    blocks, neighbors = in_blocks(rows, run), in_blocks(windows, run)
    scores = blocks @ neighbors.swapaxes(2, 3)
    weights = Band(3, run, reach, np.float64)
    weights.band[...] = bands_of(scores).reshape(weights.band.shape)
    matrices = matrices_of(weights.band, reach)
    inside = matrices_of(np.ones(weights.band.shape), reach)
    np.testing.assert_allclose(matrices, rows @ windows.swapaxes(1, 2) * inside)
    products = (weights.transposed_blocks @ padded.blocks).reshape(windows.shape)
    np.testing.assert_allclose(products, matrices.swapaxes(1, 2) @ rows)
    np.matmul(weights.blocks, neighbors, out=blocks)
    np.testing.assert_allclose(rows, matrices @ windows)
