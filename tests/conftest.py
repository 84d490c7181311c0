"""Fixtures that several test modules share."""

import _thread
import signal
import time
from functools import cache, partial
from importlib.util import find_spec

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from skw2v import CBOWVectorizer, SkipGramVectorizer, datasets
from skw2v.training import hybrid, trainer, workers
from skw2v.training.trainer import Trainer

SMALL = {
    "n_components": 4,
    "window": 2,
    "subsample": 0,  # the default would drop nearly all tokens of a small corpus
    "min_count": 1,
    "max_iter": 2,
    "batch_size": 16,  # "auto" would update after each word or two, which is slow
    "random_state": 0,
}


# scikit-learn has callbacks since 1.9; test_compat.py covers the older versions.
collect_ignore = [] if find_spec("sklearn.callback") else ["test_callbacks.py"]


def pytest_collection_modifyitems(items):
    """Let examples draw Korean words on a machine that lacks a font for them."""
    for item in items:
        if isinstance(item, pytest.DoctestItem):
            item.add_marker(pytest.mark.filterwarnings("ignore:no installed font"))


@pytest.fixture(params=[CBOWVectorizer, SkipGramVectorizer], ids=["cbow", "skip-gram"])
def make(request):
    """Return a function that makes a small, fast estimator, for each model in turn."""
    return partial(request.param, **SMALL)


@pytest.fixture(scope="session", autouse=True)
def read_once():
    """Read the docstrings of the packages once, as it takes a second or two."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "_documents", cache(datasets._documents))
        yield


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Let OpenMP use one thread: several are slow while other processes run."""
    with threadpool_limits(1, user_api="openmp"):
        yield


@pytest.fixture
def started(monkeypatch):
    """Let processes train; return those that were started."""
    started, start = [], hybrid.Crew.start

    def noted(self, *arguments):
        start(self, *arguments)
        started.extend(self._others)

    monkeypatch.setattr(hybrid.Crew, "start", noted)
    monkeypatch.setattr(trainer, "LONG", 0)
    monkeypatch.setattr(workers, "_n_cores", lambda: 8)
    yield started
    assert all(process.returncode is not None for process in started)


@pytest.fixture
def interruptible():
    """Handle SIGINT, which background processes ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def ends_its_threads():
    """Fail if a thread that the test has started still runs at its end.

    `threading` doesn't know the helpers of a training, but `_thread` does.
    """
    before, end = _thread._count(), time.monotonic() + 5
    yield
    while _thread._count() > before and time.monotonic() < end:
        time.sleep(0.001)  # a helper is counted until shortly after its last line
    assert _thread._count() <= before


@pytest.fixture
def trainings(monkeypatch):
    """Record the seed of every training run in this process."""
    seeds, epochs = [], Trainer.epochs

    def recorded(trainer, *arguments):
        seeds.append(trainer.stream.seed)
        return epochs(trainer, *arguments)

    monkeypatch.setattr(Trainer, "epochs", recorded)
    return seeds


@pytest.fixture(scope="session")
def texts():
    """Return four documents on each of two topics, which share no words."""
    return [
        "The cat chased the mouse; the mouse ran.",
        "A cat and a mouse: the cat ran.",
        "The mouse saw the cat and ran and ran.",
        "And the cat saw a mouse.",
        "Stocks fell as BANKS sold bonds, stocks fell.",
        "Banks bought bonds as stocks rose.",
        "Bonds rose as banks sold stocks.",
        "Stocks rose; bonds fell as banks bought stocks.",
    ]


@pytest.fixture(params=range(3), ids="seed {}".format)
def random_documents(request):
    """Return random token lists, some empty; several words have equal counts."""
    rng = np.random.default_rng(request.param)
    weights = 1 / np.arange(1, 21)
    return [
        [f"w{i}" for i in rng.choice(20, rng.integers(0, 8), p=weights / weights.sum())]
        for _ in range(15)
    ]
