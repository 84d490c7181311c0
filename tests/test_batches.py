import numpy as np
import pytest

from skw2v.training.batches import LARGEST_TILE, SKIP_GRAM_GROUP, Layout


@pytest.mark.parametrize("window", [1, 5, 1000])
@pytest.mark.parametrize("n_components", [1, 300, 10**6])
@pytest.mark.parametrize("batch_size", [1, 5, 31])
def test_small_updates_are_padded_with_noise(batch_size, window, n_components):
    layout = Layout.of_batch(batch_size, window, n_components, cbow=False)
    assert (layout.run, layout.n_runs, layout.n_tiles) == (1, SKIP_GRAM_GROUP, 1)
    assert layout.n_trained == batch_size


@pytest.mark.parametrize("window", [1, 5, 1000])
@pytest.mark.parametrize("n_components", [1, 300, 10**6])
@pytest.mark.parametrize("batch_size", [32, 33, 100, 512, 900, 2048, 8192, 50_000])
@pytest.mark.parametrize("cbow", [False, True])
@pytest.mark.parametrize("has_subwords", [False, True])
def test_updates_consist_of_whole_groups(
    batch_size, window, n_components, cbow, has_subwords
):
    layout = Layout.of_batch(
        batch_size, window, n_components, cbow, has_subwords=has_subwords
    )
    assert layout.n_trained == layout.n_runs
    assert layout.n_runs % layout.group == 0
    assert layout.n_positions <= LARGEST_TILE
    assert 0.66 < layout.n_positions * layout.n_tiles / batch_size < 1.5


@pytest.mark.parametrize(("window", "run"), [(5, 32), (50_000, 1)])
def test_wide_windows_make_short_runs(window, run):
    assert Layout.of_batch(1024, window, 100, False).run == run


def test_large_updates_are_split_for_two_threads():
    assert Layout.of_batch(2048, 5, 100, False).n_tiles == 2


@pytest.mark.parametrize("cbow", [False, True])
@pytest.mark.parametrize(("batch_size", "n_tiles"), [(700, 1), (800, 2), (1100, 2)])
def test_small_updates_of_composed_words_are_split_as_well(cbow, batch_size, n_tiles):
    plain, composed = (
        Layout.of_batch(batch_size, 5, 100, cbow, has_subwords=has_subwords)
        for has_subwords in (False, True)
    )
    assert plain.n_tiles == 1
    assert composed.n_tiles == n_tiles
    assert (composed == plain) == (n_tiles == 1)


def test_positions_of_a_group_come_from_different_runs():
    layout = Layout.of_batch(96, 5, 100, cbow=False)
    positions = np.arange(2 * layout.group * 3).reshape(2 * layout.group, 3)
    groups = layout.by_group(positions)
    assert groups.shape == (2, 3, layout.group)
    assert np.array_equal(groups[1, 2], positions[layout.group :, 2])
