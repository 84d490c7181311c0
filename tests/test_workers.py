import threading

import pytest

from skw2v.training import workers
from skw2v.training.workers import Team


@pytest.fixture(autouse=True)
def four_cores(monkeypatch):
    monkeypatch.setattr(workers, "_n_cores", lambda: 4)


@pytest.mark.parametrize("n_threads", [1, 2, 4])
def test_map_keeps_the_order_of_the_items(n_threads):
    with Team(n_threads) as team, team.start():
        for size in (0, 1, 2, 50):
            assert team.map(lambda x: x * x, range(size)) == [
                x * x for x in range(size)
            ]


def test_several_iterables_are_mapped_as_by_the_builtin_map():
    with Team(2) as team, team.start():
        assert team.map(pow, [2, 3, 4], [3, 2, 1]) == [8, 9, 4]
        with pytest.raises(ValueError, match="shorter"):
            team.map(pow, [2, 3], [3])


def test_work_is_shared():
    # Each call waits for the other: a single thread would never finish.
    barrier = threading.Barrier(2, timeout=10)
    with Team(2) as team, team.start():
        names = team.map(lambda _: (barrier.wait(), threading.get_ident())[1], range(2))
    assert len(set(names)) == 2


@pytest.mark.usefixtures("ends_its_threads")
@pytest.mark.parametrize("error", [ValueError, IndexError, KeyboardInterrupt])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_errors_are_raised_and_no_thread_remains(n_threads, error):
    def fail(item):
        if item == 5:
            raise error("item 5")

    with (
        pytest.raises(error, match="item 5"),
        Team(n_threads) as team,
        team.start(),
    ):
        team.map(fail, range(100))


def test_a_team_works_after_an_error():
    with Team(2) as team, team.start():
        with pytest.raises(ZeroDivisionError):
            team.map(lambda x: 1 // x, [0, 1, 2])
        assert team.map(str, [1, 2]) == ["1", "2"]


@pytest.mark.parametrize(("n_threads", "n_helpers"), [(1, 0), (3, 2), (2000, 3)])
def test_there_are_no_more_threads_than_cores(n_threads, n_helpers):
    with Team(n_threads) as team, team.start():
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("skw2v") == n_helpers


@pytest.mark.usefixtures("ends_its_threads")
def test_what_was_started_ends_if_a_thread_cannot_be_started(monkeypatch):
    start, started = threading.Thread.start, []

    def start_two(thread):
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(start(thread))

    monkeypatch.setattr(threading.Thread, "start", start_two)
    with pytest.raises(RuntimeError, match="start new"), Team(4) as team, team.start():
        pass
    assert len(started) == 2


def test_a_team_that_was_not_started_works_alone():
    team = Team(4)
    assert team.map(str, [1, 2]) == ["1", "2"]
    team.end()
