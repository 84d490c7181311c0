"""Rows are divided so that all workers take equally long, whatever that depends on."""

import numpy as np
import pytest

from skw2v.training import division
from skw2v.training.division import FIRST, Division


class InTurn:
    """Workers of one process that work one after another."""

    def __init__(self, size):
        self.size = size

    def run(self, function, n_active):
        for worker in range(n_active):
            function(worker)


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only where a test says so."""
    now = [0.0]
    monkeypatch.setattr(division, "perf_counter", lambda: now[0])
    return now


def update(rows, n_workers, works, cost=None, clock=None):
    """Run one update; return the ranges of the workers, and the cost of each."""
    ranges, costs = [], []

    def change(worker, own):
        ranges.append(own)
        if cost is not None:
            pairs = zip(cost, own, strict=True)
            costs.append(sum(each[slice(*limits)].sum() for each, limits in pairs))
            clock[0] += costs[-1]

    rows.run(InTurn(n_workers), n_workers, lambda: works, change)
    return ranges, costs


def assert_complete(ranges, sizes):
    """Each row of each matrix belongs to one worker."""
    for number, size in enumerate(sizes):
        owned = [np.arange(*each[number]) for each in ranges]
        assert np.array_equal(np.concatenate(owned), np.arange(size))


@pytest.mark.parametrize("n_workers", [1, 2, 3, 7])
def test_workers_share_the_work_on_all_matrices(n_workers):
    rng = np.random.default_rng(0)
    works = [rng.integers(0, 9, 500), rng.integers(0, 5, 300)]
    ranges, _ = update(Division([500, 300], 7), n_workers, works)
    assert len(ranges) == n_workers
    assert_complete(ranges, [500, 300])
    totals = [
        sum(work[slice(*rows)].sum() for work, rows in zip(works, each, strict=True))
        for each in ranges
    ]
    assert np.ptp(totals) < 20


@pytest.mark.parametrize("n_workers", [2, 5, 16])
def test_workers_take_equally_long_after_some_updates(clock, n_workers):
    sizes = 4000, 3000
    works = [np.ones(size) for size in sizes]
    # The first rows cost more than the estimate says, and so does the first matrix.
    cost = [1 / np.arange(1, size + 1) ** 0.5 for size in sizes]
    cost[0] *= 2
    rows = Division(sizes, 16)
    spread = []
    for _ in range(20 * FIRST):
        ranges, costs = update(rows, n_workers, works, cost, clock)
        assert_complete(ranges, sizes)
        spread.append(max(costs) / np.mean(costs))
    assert spread[0] == pytest.approx(spread[FIRST - 2])
    assert spread[0] > 1.3
    assert spread[FIRST - 1] < spread[0]
    assert spread[-1] < 1.05


def test_rows_without_work_belong_to_a_worker(clock):
    works = [np.array([0, 0, 5, 5, 0, 0])]
    rows = Division([6], 2)
    for _ in range(2 * FIRST):  # changes that take no time leave the division as it is
        ranges, _ = update(rows, 2, works, [np.zeros(6)], clock)
        assert ranges == [[(0, 3)], [(3, 6)]]


@pytest.mark.parametrize("later", [0, 1])
def test_processes_divide_the_rows_alike_whoever_is_ahead(clock, later):
    """Two processes, of which one is ahead by as much as barriers allow."""
    shared = np.full((3, 2), np.nan)
    views = [Division([1000], 2, lambda shape, dtype: shared) for _ in range(2)]
    cost, ranges = np.linspace(1, 5, 1000), [[], []]

    class Process:
        size = 2

        def __init__(self, rank):
            self.rank = rank

        def run(self, function, n_active):
            function(self.rank)

    def step(rank):
        def change(worker, own):
            clock[0] += cost[slice(*own[0])].sum()
            ranges[rank].append(own)

        views[rank].run(Process(rank), 2, lambda: [np.ones(1000)], change)

    for _ in range(4 * FIRST):
        # Both have passed the barrier before rows are changed.
        step(1 - later)
        step(later)
    for first, second in zip(*ranges, strict=True):
        assert_complete([first, second], [1000])
    assert ranges[0][0] != ranges[0][-1]


def test_numbers_of_workers_have_divisions_of_their_own(clock):
    works, cost = [np.ones(100)], [np.linspace(1, 9, 100)]
    rows, alone = Division([100], 4), Division([100], 4)
    for number in range(1, 3 * FIRST):
        expected, _ = update(alone, 4, works, cost, clock)
        if number % 3 == 0:
            assert_complete(update(rows, 3, works, cost, clock)[0], [100])
        assert update(rows, 4, works, cost, clock)[0] == expected
