import threading

import pytest

from skw2v.training.workers import Team


@pytest.mark.parametrize("n_threads", [1, 2, 4])
def test_map_keeps_the_order_of_the_items(n_threads):
    with Team(n_threads) as team:
        for size in (0, 1, 2, 50):
            assert team.map(lambda x: x * x, range(size)) == [
                x * x for x in range(size)
            ]


def test_several_iterables_are_mapped_as_by_the_builtin_map():
    with Team(2) as team:
        assert team.map(pow, [2, 3, 4], [3, 2, 1]) == [8, 9, 4]
        with pytest.raises(ValueError, match="shorter"):
            team.map(pow, [2, 3], [3])


def test_work_is_shared():
    # Each call waits for the other: a single thread would never finish.
    barrier = threading.Barrier(2, timeout=10)
    with Team(2) as team:
        names = team.map(lambda _: (barrier.wait(), threading.get_ident())[1], range(2))
    assert len(set(names)) == 2


@pytest.mark.parametrize("error", [ValueError, IndexError, KeyboardInterrupt])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_errors_are_raised_and_no_thread_remains(n_threads, error):
    def fail(item):
        if item == 5:
            raise error("item 5")

    before = threading.active_count()
    with pytest.raises(error, match="item 5"), Team(n_threads) as team:
        team.map(fail, range(100))
    assert threading.active_count() == before


def test_a_team_works_after_an_error():
    with Team(2) as team:
        with pytest.raises(ZeroDivisionError):
            team.map(lambda x: 1 // x, [0, 1, 2])
        assert team.map(str, [1, 2]) == ["1", "2"]
