"""Processes that train together: the same vectors, and nothing left behind."""

import _thread
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from copy import copy
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from corpora import make_trainer, random_composition, train, zipf_corpus
from joblib import Parallel, delayed

from skw2v.training import crew, stream, trainer
from skw2v.training.barrier import CACHE_LINE, Barrier
from skw2v.training.hybrid import HybridTeam
from skw2v.training.losses import LOSSES
from skw2v.training.sharing import SharedArrays, SharedObject, open_memory

pytestmark = pytest.mark.skipif(os.name != "posix", reason="threads train on Windows")
models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])

# In a script of its own, so that it can be changed here and used elsewhere.
FORCE = """
from skw2v.training import trainer, workers
workers._n_cores = lambda: 8
trainer.LONG = 0
"""


LARGE = {"batch_size": 8192}  # updates of eight tiles


def results(corpus, n_workers, **settings):
    training = make_trainer(corpus, **settings)
    losses, *matrices = train(training, n_workers)
    return [np.array(losses), *matrices, np.array(training.n_trained)]


def assert_same(first, second):
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one, other)


# Takes 2 to 3 seconds because 13 processes start, of a quarter of a second each. With
# three, they have different numbers of the eight tiles; with eight, one each.
@models
@pytest.mark.parametrize("loss", LOSSES)
def test_vectors_do_not_depend_on_who_trains(request, cbow, loss):
    batch_size = 8 * LOSSES[loss].largest_tile
    settings = {"cbow": cbow, "loss": loss, "batch_size": batch_size, "max_iter": 3}
    corpus = zipf_corpus(20_000, 300)
    expected = results(corpus, 1, **settings)
    for n_threads in (2, 3, 4, 8):
        assert_same(expected, results(corpus, n_threads, **settings))
    started = request.getfixturevalue("started")
    for n_processes in (2, 3, 4, 8):
        assert_same(expected, results(corpus, n_processes, **settings))
    assert len(started) == 1 + 2 + 3 + 7


# Takes 2 seconds because an epoch must have seven chunks of several updates each.
@models
def test_processes_share_the_chunks_of_an_epoch(started, monkeypatch, cbow):
    # Seven chunks in rounds of four, and updates of many tiles; the last ones are
    # smaller.
    monkeypatch.setattr(stream, "SPAN", 1 << 10)
    corpus = zipf_corpus(430_000, 500)
    assert make_trainer(corpus).stream.n_chunks == 7
    settings = {"cbow": cbow, "batch_size": 20_000, "subsample": 1e-2}
    expected = results(corpus, 1, **settings)
    for n_processes in (2, 5):
        assert_same(expected, results(corpus, n_processes, **settings))
    assert len(started) == 1 + 4


# Takes 2 seconds because processes must divide the rows again, in update 16.
@models
def test_processes_compose_words_with_the_same_bits(started, cbow):
    corpus, composition = zipf_corpus(108_000, 500), random_composition(500, 90)
    settings = {"cbow": cbow, "composition": composition, "max_iter": 4, **LARGE}
    expected = results(corpus, 1, **settings)
    assert not started
    assert_same(expected, results(corpus, 3, **settings))
    assert len(started) == 2


def endless():
    return make_trainer(zipf_corpus(20_000, 300), max_iter=10**6, batch_size=8192)


@pytest.mark.parametrize("n_workers", [3, 16])
def test_there_are_more_processes_than_threads(started, n_workers):
    training = make_trainer(zipf_corpus(200_000, 50), batch_size=16_384)
    with HybridTeam(training, n_workers) as team, team.start():
        assert team.size == min(n_workers, 4)
        team.begin_round(0, 0)
        assert len(started) == min(n_workers, 8) - 1
        team.begin_round(0, 1)
        assert team.size == min(n_workers, 8)


def test_an_early_end_leaves_the_model_and_no_process(started):
    model, expected = endless(), endless()
    for epochs, n_workers in ((model.epochs(3), 3), (expected.epochs(1), 1)):
        assert sum(1 for _, _ in zip(range(4), epochs, strict=False)) == 4, n_workers
        epochs.close()
    assert len(started) == 2
    for name in ("input_matrix", "output_matrix"):
        matrix = getattr(model.model, name)
        assert matrix.flags.owndata  # not the memory that was shared
        assert np.array_equal(matrix, getattr(expected.model, name))


@pytest.mark.parametrize("n_chunks", [1, 2, 5])
def test_an_epoch_may_end_early(started, monkeypatch, n_chunks):
    monkeypatch.setattr(stream, "SPAN", 1 << 8)
    corpus, losses = zipf_corpus(108_000, 500), []
    trainings = [make_trainer(corpus, max_iter=4, **LARGE) for _ in range(2)]
    assert trainings[0].stream.n_chunks == 7
    for training, n_workers in zip(trainings, (1, 2), strict=True):
        first = training.epochs(n_workers, lambda chunks: islice(chunks, n_chunks))
        losses.append(list(first))
    assert losses[0] == losses[1]
    assert np.array_equal(*(each.model.input_matrix for each in trainings))
    assert len(started) > 0


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGSEGV])
def test_the_death_of_a_process_ends_the_training(started, kind):
    epochs = endless().epochs(3)
    for _ in range(4):
        next(epochs)
    started[-1].send_signal(kind)
    with pytest.raises(RuntimeError, match=f"one of the 3 processes .* code {-kind}"):
        list(epochs)


def test_an_error_of_a_process_is_raised_here(started, monkeypatch):
    def broken(self):  # in the other process only
        model = replace(self.model, hyperparameters=copy(self.model.hyperparameters))
        object.__setattr__(model.hyperparameters, "learning_rate", "fast")
        return vars(self) | {"update": None, "model": model}

    monkeypatch.setattr(trainer.Trainer, "__getstate__", broken)
    with pytest.raises(TypeError, match="multiply"):
        list(endless().epochs(2))
    assert [process.returncode for process in started] == [1]


def test_threads_train_on_if_a_process_cannot_start(started, monkeypatch):
    failing = [sys.executable, "-c", "import sys; sys.exit(3)"]
    monkeypatch.setattr(crew, "command", lambda *arguments: failing)
    corpus = zipf_corpus(20_000, 300)
    assert_same(results(corpus, 1, **LARGE), results(corpus, 2, **LARGE))
    assert [process.returncode for process in started] == [3]


def test_threads_train_on_if_memory_cannot_be_shared(started, monkeypatch):
    def fail():
        raise OSError("too many open files")

    monkeypatch.setattr(crew, "open_memory", fail)
    corpus = zipf_corpus(20_000, 300)
    assert_same(results(corpus, 1, **LARGE), results(corpus, 2, **LARGE))
    assert not started


@pytest.mark.usefixtures("interruptible", "ends_its_threads")
def test_an_interrupt_ends_all_processes(started):
    timer = threading.Timer(1.5, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        list(endless().epochs(4))
    timer.join()
    assert len(started) == 3


def test_an_interrupt_while_processes_end_leaves_nothing(started, monkeypatch):
    gc.collect()
    n_files, end = len(os.listdir("/dev/fd")), subprocess.Popen.communicate
    interrupts = [KeyboardInterrupt]

    def interrupted(self):
        if interrupts:
            raise interrupts.pop()
        return end(self)

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(make_trainer(zipf_corpus(20_000, 300), **LARGE).epochs(3))
    assert len(started) == 2
    assert all(process.returncode is not None for process in started)
    gc.collect()  # the error holds frames, and these hold memory that was shared
    assert len(os.listdir("/dev/fd")) == n_files


def test_a_fork_within_a_training_does_not_disturb_it(started):
    corpus = zipf_corpus(20_000, 300)
    training, expected = (make_trainer(corpus, max_iter=4, **LARGE) for _ in range(2))
    list(expected.epochs(1))
    epochs = training.epochs(3)
    next(epochs)
    child = os.fork()
    if not child:
        try:
            next(epochs)
        except RuntimeError as error:
            os._exit(
                0 if "was forked while several processes train" in str(error) else 1
            )
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(list(epochs)) == 3
    assert len(started) == 2
    assert np.array_equal(training.model.input_matrix, expected.model.input_matrix)


def run(*command, **options):
    return subprocess.run(
        command, capture_output=True, text=True, check=False, **options
    )


METHOD = """
import multiprocessing, sys
multiprocessing.set_start_method(sys.argv[1])
"""
FIT = """
import hashlib, warnings
import numpy as np
from skw2v import SkipGramVectorizer
warnings.filterwarnings("ignore", "training on")  # random words
words = np.random.default_rng(0).zipf(1.5, 60_000) % 1000
texts = [" ".join(map(str, row)) for row in words.reshape(-1, 60)]
fitted = SkipGramVectorizer(max_iter=3, batch_size=8192, n_jobs=3, random_state=0)
fitted.fit(texts)
print(hashlib.sha256(fitted.embeddings_.tobytes()).hexdigest())
"""


# Takes 2 seconds because three fresh processes import everything.
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_script_needs_no_guard_and_leaves_no_trace(tmp_path, capsys, method):
    # A file, whose code would run again in a process that imports the main module.
    script = tmp_path / "script.py"
    script.write_text(FORCE + METHOD + FIT, encoding="utf-8")
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    result = run(sys.executable, "-W", "error", script, method, env=environment)
    assert result.stderr == ""
    with warnings.catch_warnings():
        exec(FIT, {})  # threads train
    assert result.stdout == capsys.readouterr().out
    assert os.listdir(tmp_path) == ["script.py"]


ORPHANS = """
from skw2v.training import crew
import os, signal, sys
sys.path.insert(0, {tests!r})
from corpora import make_trainer, zipf_corpus
trainer = make_trainer(zipf_corpus(20_000, 300), max_iter=99, batch_size=8192)
for number, _ in enumerate(trainer.epochs(3)):
    if number == 3:
        import gc
        (found,) = (each for each in gc.get_objects() if isinstance(each, crew.Crew))
        print(*(other.pid for other in found._others), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_end_with_a_parent_that_is_killed():
    result = run(
        sys.executable, "-c", FORCE + ORPHANS.format(tests=os.path.dirname(__file__))
    )
    pids = [int(pid) for pid in result.stdout.split()]
    assert len(pids) == 2
    for _ in range(1000):
        if not any(is_running(pid) for pid in pids):
            break
        time.sleep(0.01)
    assert not any(is_running(pid) for pid in pids)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = run("ps", "-o", "stat=", "-p", str(pid))
    return not state.stdout.strip().startswith("Z")  # nobody has asked for its code


def test_children_start_no_processes():
    assert crew.can_start()
    assert (
        Parallel(n_jobs=2)(delayed(crew.can_start)() for _ in range(2)) == [False] * 2
    )
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # daemonic
        assert pool.apply(crew.can_start) is False


def test_an_object_keeps_its_arrays_in_shared_memory():
    file = open_memory()
    here, there = SharedObject(file), SharedObject(file)
    for size in (3, 10_000):  # it grows
        here.put({"a": np.arange(size), "b": np.arange(6.0).reshape(2, 3), "c": "text"})
        first, second = here.get(), there.get()
        assert first["c"] == second["c"] == "text"
        first["a"][-1] = -5
        assert second["a"].tolist() == [*range(size - 1), -5]
        assert np.array_equal(second["b"], np.arange(6.0).reshape(2, 3))
    os.close(file)
    assert second["a"][0] == 0  # the memory lives as long as its arrays


def test_arrays_of_the_same_order_are_the_same_memory():
    file = open_memory()
    (a, b), (c, d) = (
        (array((2, 3), np.float32), array((1000,), np.int64))
        for array in (SharedArrays(file), SharedArrays(file))
    )
    a[1, 2], b[999] = 7, 8
    assert (c[1, 2], d[999], c.sum(), d.sum()) == (7, 8, 7, 8)


def test_nobody_passes_a_barrier_alone():
    counters = np.zeros(3 * CACHE_LINE, np.int64)
    arrived, passed = [0] * 3, []

    def pass_it(rank):
        barrier = Barrier(counters, rank, lambda: None)
        for number in range(1, 21):
            time.sleep(0.001 * (rank == number % 3))
            arrived[rank] = number
            barrier.wait()
            passed.append(min(arrived) >= number)

    threads = [threading.Thread(target=pass_it, args=(rank,)) for rank in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed == [True] * 60


def test_a_long_wait_is_checked():
    def fail():
        raise RuntimeError("the other one is gone")

    barrier = Barrier(np.zeros(2 * CACHE_LINE, np.int64), 0, fail)
    with pytest.raises(RuntimeError, match="is gone"):
        barrier.wait()
