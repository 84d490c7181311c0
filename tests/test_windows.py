from itertools import pairwise

import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

from skw2v.training.threads import Team
from skw2v.training.windows import Band, TileShape, side_tables, sides, windowed


def test_sides_stay_in_the_document():
    left, right = sides(np.array([3, 1, 2]), np.array([2, 1, 5, 5, 1, 1]))
    assert left.tolist() == [0, 1, 2, 0, 0, 1]
    assert right.tolist() == [2, 1, 0, 0, 1, 0]


@pytest.mark.parametrize("window", [1, 3, 10])
def test_pairs_are_those_of_two_nested_loops(window):
    ids, offsets, counts = zipf_corpus(200, 15, longest=12)
    trainer = make_trainer(
        (ids, offsets, counts), window=window, shrink_windows=False, batch_size=16
    )
    (chunk,) = trainer.stream.chunks(0, Team(1))
    words = chunk.ids[trainer.stream.window :]
    found = [
        (words[i], words[j])
        for i in range(chunk.n_positions)
        for j in range(i - chunk.left[i], i + chunk.right[i] + 1)
        if i != j
    ]
    expected = []
    for start, stop in pairwise(offsets):
        document = ids[start:stop]
        for i in range(len(document)):
            for j in range(len(document)):
                if i != j and abs(i - j) <= window:
                    expected.append((document[i], document[j]))
    assert found == expected


def test_tables_mark_the_contexts_on_either_side():
    left, right = side_tables(2, np.float32)
    assert (left[1] + right[2]).tolist() == [0, 1, 0, 1, 1]
    assert (left[0] + right[0]).tolist() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(("block", "reach"), [(4, 1), (1, 3), (3, 0), (2, 5)])
def test_band_is_the_diagonals_of_its_blocks(block, reach):
    band = Band(3 * block, block, reach, np.float64)
    band.band[...] = np.arange(1, band.band.size + 1).reshape(band.band.shape)
    expected = np.zeros_like(band.blocks)
    for b, i, k in np.ndindex(band.band.shape):
        expected[b, i, i + k] = band.band[b, i, k]
    assert np.array_equal(band.blocks, expected)
    assert np.count_nonzero(band.blocks) == band.band.size


def test_windowed_rows_overlap_by_twice_the_reach():
    rows = np.arange(20).reshape(10, 2)
    blocks = windowed(rows, block_size=3, reach=2)
    assert np.array_equal(blocks, [rows[0:7], rows[3:10]])
    with pytest.raises(ValueError, match="read-only"):
        blocks[0, 0] = 1


@pytest.mark.parametrize("batch_size", [1, 5, 16, 31, 32, 33, 100, 2048, 4096, 5000])
@pytest.mark.parametrize("window", [1, 5, 1000])
@pytest.mark.parametrize("n_components", [1, 300, 10**6])
def test_tiles_hold_the_whole_update(batch_size, window, n_components):
    shape = TileShape.of_batch(batch_size, window, n_components)
    assert shape.n_positions % shape.block == 0
    size = shape.n_positions * shape.n_tiles
    assert batch_size <= size < batch_size + shape.block * shape.n_tiles
