"""Interrupts, forks, a lack of threads, and extreme parameters."""

import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.training.losses import LOSSES

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux itself")

BEGIN = """
import _thread, os, random, signal, sys, threading, time, warnings
import numpy as np
from threadpoolctl import threadpool_info
from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.text import reading
from skw2v.training import workers

warnings.simplefilter("ignore")

def blas():
    libraries = threadpool_info()
    return [each["num_threads"] for each in libraries if each["user_api"] == "blas"]

def state():
    return blas(), _thread._count()

def eventually(expected, seconds=5):
    time.sleep(0.2)  # a thread that was just started may not be counted yet
    end = time.monotonic() + seconds
    while state() != expected and time.monotonic() < end:
        time.sleep(0.01)
    assert state() == expected, (state(), expected)

def make(n_jobs=2, max_iter=1):
    return CBOWVectorizer(
        n_components=8, n_jobs=n_jobs, max_iter=max_iter, min_count=1, random_state=0
    )

def exit_codes(child, n_children, pause):
    pids = []
    for i in range(n_children):
        time.sleep(pause * (i % 7))
        pids.append(os.fork())
        if not pids[-1]:
            signal.alarm(20)  # ends a child that hangs
            try:
                child()
            except BaseException as error:
                print(repr(error), flush=True)
                os._exit(1)
            os._exit(0)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]

def exit_codes_beside(work, child, n_children):
    stop = threading.Event()

    def work_on():
        while not stop.is_set():
            work()

    thread = threading.Thread(target=work_on)
    thread.start()
    time.sleep(0.1)
    codes = exit_codes(child, n_children, 0.003)
    stop.set()
    thread.join()
    return codes

texts = ["a b c d e f g h " * 20] * 30
"""


def run(script):
    """Run a script in a new process, where BLAS has two threads.

    This takes more than a second, because the process imports everything; and up to 4
    seconds where something must hold at any of hundreds of moments, or in many forks.
    """
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    result = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_interrupt_at_any_call_leaves_no_thread_and_restores_blas():
    run("""
workers._n_cores = lambda: 3

def cycle():
    with workers.Team(3) as team, team.start():
        return team.map(abs, [-1, -2, -3])

def interrupt(at):
    # Signals are handled where functions begin and where they return.
    n_events = 0
    def count(frame, event, argument):
        nonlocal n_events
        n_events += event != "c_call"
        if n_events == at and event != "c_call":
            raise KeyboardInterrupt
    sys.setprofile(count)
    try:
        cycle()
    except KeyboardInterrupt:
        pass
    finally:
        sys.setprofile(None)
    return n_events >= at  # Python drops an interrupt within a destructor

cycle()
before, at = state(), 1
while interrupt(at):
    assert blas() == before[0]
    at += 1
assert at > 50
assert cycle() == [1, 2, 3]
eventually(before)
""")


@linux
def test_sigint_at_any_moment_leaves_no_thread_and_restores_blas():
    run("""
signal.signal(signal.SIGINT, signal.default_int_handler)
few, fit = [["a", "b"]], make()
fit.fit(few)
before, n_interrupts = state(), 0
start = time.monotonic()
fit.fit(few)
duration = time.monotonic() - start
random.seed(0)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
for _ in range(150):
    try:
        signal.setitimer(signal.ITIMER_REAL, random.uniform(0, duration) + 1e-6)
        for _ in range(10):
            fit.fit(few)
        # Python drops an interrupt within a destructor.
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        n_interrupts += 1
    assert blas() == before[0]
assert n_interrupts > 100, n_interrupts
eventually(before)
""")


@linux
@pytest.mark.parametrize("few", [False, True], ids=["one long fit", "short fits"])
def test_a_fork_while_another_thread_fits(few):
    run(f"""
before = blas()
expected = make().fit(texts).embeddings_

def fit():
    make(max_iter=1 if {few} else 200).fit(texts[:2] if {few} else texts)

def child():
    assert blas() == before, blas()
    assert np.array_equal(make().fit(texts).embeddings_, expected)
    assert blas() == before, blas()

codes = exit_codes_beside(fit, child, 40)
assert codes == [0] * 40, codes
assert blas() == before
""")


@linux
@pytest.mark.parametrize("n_threads", [1, 2])
def test_a_fork_waits_while_another_thread_multiplies_matrices(n_threads):
    run(f"""
multiplying = False

def multiply(worker):
    global multiplying
    multiplying = True
    time.sleep(0.01)
    multiplying = False

def train():
    with workers.Team({n_threads}) as team, team.start():
        for _ in range(20):
            team.run(multiply, 1)
            team.map(multiply, [0, 0])

def child():
    assert not multiplying

codes = exit_codes_beside(train, child, 20)
assert codes == [0] * 20, codes
""")


@linux
def test_a_fork_within_a_fit():
    run("""
def child():
    assert team.map(abs, [-1, -2]) == [1, 2]
    team.end()
    assert blas() == before, blas()
    make().fit(texts)

before = blas()
with workers.Team(2) as team, team.start():
    assert exit_codes(child, 3, 0) == [0, 0, 0]
    assert team.map(abs, [-1, -2]) == [1, 2]
    assert set(blas()) == {1}
assert blas() == before
""")


@linux
def test_a_fork_after_reading_in_several_processes():
    run("""
reading.PATIENCE, reading.BATCH, reading.cpu_count = -1, 500, lambda: 2
n_helpers, helper = [0], reading.Helper

def noted(analyzer):
    n_helpers[0] += 1
    return helper(analyzer)

reading.Helper = noted
model = make(n_jobs=2000).fit(texts)
assert n_helpers == [1]  # no more processes than cores

def child():
    again = make().fit(texts)
    assert np.array_equal(again.embeddings_, model.embeddings_)
    again.transform(texts)

assert exit_codes(child, 2, 0) == [0, 0]
""")


@linux
def test_threads_that_cannot_be_started():
    run("""
import resource
make().fit(texts)
before = state()
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + (1 << 29)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

make(n_jobs=2000).fit(texts)  # no more threads than cores
eventually(before)

workers._n_cores = lambda: 2000
try:
    with workers.Team(2000) as team, team.start():
        raise AssertionError("the limit is too high")
except RuntimeError as error:
    assert "can't start new thread" in str(error)
eventually(before)
make().fit(texts)
eventually(before)
""")


def test_fits_in_several_threads_share_the_limit():
    run("""
before, inside = blas(), []

def fit():
    for n_jobs in (1, 2, 1, 2):
        with workers.Team(n_jobs) as team, team.start():
            inside.extend(blas())
            make(n_jobs).fit(texts)  # as in a callback
            inside.extend(blas())

threads = [threading.Thread(target=fit) for _ in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert set(inside) == {1}, inside
assert blas() == before
""")


# Parameters

CORPORA = [
    [["a"]],
    [["a"] * 7],
    [["a", "b"]],
    [["a", "b"] * 6],
    [["a"], ["b"], ["c"]],
    [["a", "b", "c"]] * 5,
    [[], ["a", "b"], [], ["c", "a"], []],
    [list("abcdefgh") * 9, ["x"] * 40, []],
    [[f"w{i % 37}" for i in range(k, k + 60)] for k in range(0, 300, 31)],
]
HUGE = 10**400  # more than a float can hold
LARGE = [10**5, 2**31 - 2, 2**31 - 1, 2**31, 2**32, 2**63, 2**64, 10**30, HUGE]
REALS = [0.0, 5e-324, 1e-200, 1e-45, 1e-38, 1e-7, 1, 1e38, 1e39, 1.7e308, HUGE]


def integers(low, high):
    return st.one_of(st.integers(low, high), st.sampled_from(LARGE))


def reals(**limits):
    any_float = st.floats(**limits, allow_nan=False, allow_infinity=False)
    return st.one_of(any_float, st.floats(0.001, 2), st.sampled_from(REALS))


PARAMETERS = {
    "loss": st.sampled_from(sorted(LOSSES)),
    "subsample": reals(min_value=0),
    "ns_exponent": st.one_of(reals(), st.just(-HUGE)),
    "learning_rate": reals(min_value=0).filter(bool) | st.just("auto"),
    "min_learning_rate": reals(min_value=0),
    "negative": integers(0, 30),
    "window": integers(1, 12),
    "shrink_windows": st.booleans(),
    "n_components": integers(1, 20),
    "batch_size": integers(1, 600) | st.just("auto"),
    "max_iter": st.integers(1, 4),
}


def complaint_of(method, documents):
    """Return the message of a clear error, or None."""
    try:
        method(documents)
    except (ValueError, FloatingPointError) as error:
        return str(error)
    return None


# Takes 4 to 5 seconds for 400 examples, most of which train.
@settings(
    max_examples=400,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    model=st.sampled_from([CBOWVectorizer, SkipGramVectorizer]),
    documents=st.sampled_from(CORPORA),
    with_unseen_words=st.booleans(),
    parameters=st.fixed_dictionaries({}, optional=PARAMETERS),
)
def test_every_parameter_trains_or_is_named_by_an_error(
    model, documents, with_unseen_words, parameters
):
    words = sorted({word for document in documents for word in document})
    vocabulary = [*words, "never", "nowhere"] if with_unseen_words else None
    vectorizer = model(min_count=1, random_state=0, vocabulary=vocabulary, **parameters)
    with warnings.catch_warnings(), np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", UserWarning)  # those of the package
        complaint = complaint_of(vectorizer.fit, documents)
        if complaint:
            assert any(name in complaint for name in parameters)
            return
        assert np.isfinite(vectorizer.embeddings_).all()
        assert np.isfinite(vectorizer.transform(documents)).all()
        complaint = complaint_of(vectorizer.score, documents)
        assert not complaint or complaint.startswith("X can't be scored")
