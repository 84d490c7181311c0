"""Reading documents, in this process and in others."""

import contextlib
import itertools
import os
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path
from subprocess import Popen

import joblib
import numpy as np
import pytest

from skw2v import children
from skw2v.text import helpers, reading
from skw2v.text.documents import Analyzer


@pytest.fixture
def impatient(monkeypatch):
    """Make batches small, and read the second in another process already.

    This process waits for the other one instead of reading in the meantime.
    """
    monkeypatch.setattr(reading, "BATCH", 2_000)
    monkeypatch.setattr(reading, "PATIENCE", 0.0)
    monkeypatch.setattr(helpers, "_is_readable", lambda file: True)


@pytest.fixture
def texts():
    rng = np.random.default_rng(0)
    return [
        " ".join(f"w{i}" for i in rng.zipf(1.3, rng.integers(0, 40)) if i < 10**6)
        for _ in range(500)
    ]


def process_words(text):
    """Return the words and the name of the process that found them."""
    return [*text.split(), f"process-{os.getpid()}"]


def test_the_corpus_does_not_depend_on_n_jobs(impatient, texts):
    expected, expected_words = reading.read(Analyzer(), iter(texts), 1)
    corpus, words = reading.read(Analyzer(), iter(texts), 2)
    assert words == expected_words
    assert np.array_equal(corpus.ids, expected.ids)
    assert np.array_equal(corpus.offsets, expected.offsets)
    assert corpus.n_documents == len(texts)


def test_a_given_numbering_does_not_depend_on_n_jobs(impatient, texts):
    vocabulary = {"w3": 0, "w1": 1, "absent": 2}
    one, two = (reading.encode(Analyzer(), texts, n, vocabulary) for n in (1, 2))
    assert np.array_equal(one.ids, two.ids)
    assert np.array_equal(one.offsets, two.offsets)
    assert one.counts(3).tolist() == [
        sum(text.split().count(word) for text in texts) for word in vocabulary
    ]


def test_other_processes_help_when_reading_takes_long(impatient, texts):
    _, words = reading.read(Analyzer(tokenizer=process_words), texts, 2)
    processes = {word for word in words if word.startswith("process-")}
    assert len(processes) > 1
    assert f"process-{os.getpid()}" in processes


def test_a_short_corpus_is_read_in_this_process(texts):
    _, words = reading.read(Analyzer(tokenizer=process_words), texts, 2)
    assert {w for w in words if "-" in w} == {f"process-{os.getpid()}"}


def test_a_tokenizer_that_cannot_be_pickled_still_works(impatient, texts):
    analyzer = Analyzer(tokenizer=lambda text: text.split())
    corpus, words = reading.read(analyzer, texts, 2)
    expected, expected_words = reading.read(Analyzer(), texts, 1)
    assert words == expected_words
    assert np.array_equal(corpus.ids, expected.ids)


SCRIPT = """
import os, time
from functools import lru_cache
from skw2v.text import helpers, reading
from skw2v.text.documents import Analyzer

reading.BATCH, reading.PATIENCE = 2_000, 0.0
helpers._is_readable = lambda file: True
X = [f"word{i}" for i in range(2_000)]

class Tokenizer:
    def __call__(self, text):
        return [text, self.name]
    name = "own"
    def __setstate__(self, state):
        self.name = f"load-{os.getpid()}-{time.monotonic()}"
    def __getstate__(self):
        return {}

words = reading.read(Analyzer(tokenizer=Tokenizer()), X, 2)[1]
loads = [word.split("-")[1] for word in words if word.startswith("load-")]
print(0 < len(loads) == len(set(loads)))

@lru_cache
def tokenize(text):
    return [text, f"process-{os.getpid()}"]

words = reading.read(Analyzer(tokenizer=tokenize), X, 2)[1]
print(len(words))
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Run a script that defines its own tokenizers, and return the lines it prints.

    This takes 2 to 3 seconds, because three processes import everything.
    """
    path = tmp_path_factory.mktemp("script") / "script.py"
    path.write_text(SCRIPT)
    result = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, timeout=100
    )
    assert result.stderr == ""
    return result.stdout.splitlines()


def test_an_analyzer_is_loaded_once_in_each_process(printed):
    assert printed[0] == "True"


def test_a_tokenizer_that_other_processes_cannot_load_still_works(printed):
    assert printed[1] == "2001"  # the words, and the name of one process


CHILD = """
from multiprocessing import get_context

def job():
    from skw2v.text import reading
    from skw2v.text.documents import Analyzer
    reading.BATCH, reading.PATIENCE = 100, 0.0
    reading.read(Analyzer(), ["a b c"] * 1000, 2)

if __name__ == "__main__":
    process = get_context("spawn").Process(target=job)
    process.start()
    process.join(60)
    print(process.exitcode)
    process.kill()
"""


def test_a_child_of_multiprocessing_reads_alone_and_ends(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(CHILD)
    result = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, timeout=100
    )
    assert result.stdout == "0\n", result.stderr


def test_documents_are_iterated_in_the_thread_of_the_caller(impatient, texts):
    threads = set()

    def documents():
        for text in texts:
            threads.add(threading.get_ident())
            yield text

    reading.read(Analyzer(), documents(), 2)
    assert threads == {threading.get_ident()}


def test_documents_may_themselves_be_read_by_several_processes(impatient, texts):
    def documents():
        for i, text in enumerate(texts):
            if i % 100 == 99:
                assert reading.read(Analyzer(), texts, 2)[1] == words
            yield text

    words = reading.read(Analyzer(), texts, 1)[1]
    assert reading.read(Analyzer(), documents(), 2)[1] == words


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_any_backend_of_joblib_reads(impatient, texts, backend):
    words = reading.read(Analyzer(), texts, 1)[1]
    with joblib.parallel_config(backend):
        assert reading.read(Analyzer(), texts, 2)[1] == words


@pytest.mark.parametrize("kind", [str, Path])
def test_files_are_read_in_this_process(impatient, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)  # other processes may have another working directory
    names = [kind(f"{i}.txt") for i in range(1_100)]
    for name in names:
        Path(name).write_text("here")
    analyzer = Analyzer(input="filename", tokenizer=process_words)
    corpus, words = reading.read(analyzer, names, 2)
    assert words == ["here", f"process-{os.getpid()}"]
    assert corpus.counts(2)[0] == len(names)


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("kind", [list, np.array])
def test_a_generator_may_reuse_a_document(impatient, texts, n_jobs, kind):
    lists = [kind([f"w{i % 7}", f"w{i % 900}"]) for i in range(5_000)]

    def documents():
        reused = lists[0].copy()
        for document in lists:
            reused[:] = document
            yield reused

    if kind is np.array:
        lists = [document.astype("U4") for document in lists]
    corpus, words = reading.read(Analyzer(), documents(), n_jobs)
    expected, expected_words = reading.read(Analyzer(), lists, 1)
    assert words == expected_words
    assert np.array_equal(corpus.ids, expected.ids)


def test_a_generator_may_close_its_files(impatient, tmp_path):
    paths = [tmp_path / f"{i}.txt" for i in range(1_100)]
    open_files = 0

    def documents():
        nonlocal open_files
        for path in paths:
            with path.open() as file:
                open_files += 1
                assert open_files == 1
                yield file
            open_files -= 1

    for i, path in enumerate(paths):
        path.write_text(f"w{i}")
    _, words = reading.read(Analyzer(input="file"), documents(), 2)
    assert words == [f"w{i}" for i in range(len(paths))]


def test_two_processes_share_the_work(impatient, texts, monkeypatch):
    """Unlike in other tests, this process reads whenever the other is busy."""
    turns = itertools.cycle([False, False, True])
    monkeypatch.setattr(helpers, "_is_readable", lambda file: next(turns))
    texts = [f"{text} n{i // 3}" for i, text in enumerate(texts)]
    expected, expected_words = reading.read(Analyzer(), texts, 1)
    corpus, words = reading.read(Analyzer(), iter(texts), 2)
    assert words == expected_words
    assert np.array_equal(corpus.ids, expected.ids)


def die_later(text):
    """End a process that helps when it comes to a certain word."""
    if "w7777" in text.split() and os.getpid() != PROCESS:
        os._exit(0)
    return text.split()


PROCESS = int(os.environ.get("SKW2V_TEST_PROCESS", os.getpid()))


@pytest.mark.parametrize("waits", [True, False])
def test_documents_of_a_dead_process_are_read_again(
    impatient, texts, monkeypatch, waits
):
    if not waits:
        turns = itertools.cycle([True, False])
        monkeypatch.setattr(helpers, "_is_readable", lambda file: next(turns))
    monkeypatch.setenv("SKW2V_TEST_PROCESS", str(os.getpid()))
    texts = [*texts[:250], "w7777", *texts[250:]]
    expected, expected_words = reading.read(Analyzer(), texts, 1)
    corpus, words = reading.read(Analyzer(tokenizer=die_later), iter(texts), 2)
    assert words == expected_words
    assert np.array_equal(corpus.ids, expected.ids)


def test_few_documents_are_drawn_ahead(impatient, monkeypatch):
    """Texts that other processes have not read yet stay in memory, so few may."""
    drawn = 0

    def documents():
        nonlocal drawn
        for i in range(20_000):
            drawn += 1
            yield f"word{i} and others"

    ahead = []
    for corpus, _ in reading._parts(Analyzer(), documents(), 2):
        drawn -= corpus.n_documents
        ahead.append(drawn)
    per_batch = 2_000 // len("word1 and others")
    assert 0 < max(ahead) <= (2 * helpers.AHEAD + 1) * per_batch


def test_processes_end_with_an_interrupt(impatient, texts, monkeypatch):
    started = []
    monkeypatch.setattr(
        helpers, "Popen", lambda *a, **k: started.append(Popen(*a, **k)) or started[-1]
    )

    def documents():
        yield from texts
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reading.read(Analyzer(), documents(), 2)
    assert len(started) == 1
    assert started[0].returncode is not None


def test_an_interrupt_while_processes_start_ends_them(impatient, texts, monkeypatch):
    started = []

    def start(*arguments, **options):
        if started:
            raise KeyboardInterrupt
        started.append(Popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(helpers, "Popen", start)
    monkeypatch.setattr(reading, "cpu_count", lambda: 3)
    # The error holds the frames, and with them whatever they refer to.
    with pytest.raises(KeyboardInterrupt):
        reading.read(Analyzer(), texts, 3)
    assert [process.returncode is None for process in started] == [False]


@pytest.mark.skipif(os.name != "posix", reason="asks POSIX itself")
def test_an_interrupt_from_the_keyboard_does_not_reach_processes_that_start():
    with contextlib.closing(helpers.Helper(pickle.dumps(Analyzer()))) as helper:
        assert os.getpgid(helper._process.pid) != os.getpgid(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_a_fork_while_documents_are_read(impatient, texts, monkeypatch):
    monkeypatch.setattr(reading, "cpu_count", lambda: 2)
    expected, pids = reading.read(Analyzer(), texts, 1), [os.getpid()]

    def documents():
        for position, text in enumerate(texts):
            if position == 300:  # while the other process has several batches
                pids.append(os.fork())
            yield text

    corpus, words = reading.read(Analyzer(), documents(), 2)
    is_same = words == expected[1] and np.array_equal(corpus.ids, expected[0].ids)
    if not pids[1]:
        os._exit(0 if is_same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pids[1], 0)[1]) == 0
    assert is_same


def test_reading_goes_on_alone_where_no_process_can_be_started(
    impatient, texts, monkeypatch
):
    monkeypatch.setattr(children, "get_executable", lambda: b"/no/such/python")
    assert (
        reading.read(Analyzer(), texts, 2)[1] == reading.read(Analyzer(), texts, 1)[1]
    )


def test_a_process_that_cannot_even_start_is_given_up(impatient, texts, monkeypatch):
    failing = [sys.executable, "-c", "import sys; sys.exit()"]
    monkeypatch.setattr(helpers, "command", lambda *arguments: failing)
    assert (
        reading.read(Analyzer(), texts, 2)[1] == reading.read(Analyzer(), texts, 1)[1]
    )


def test_a_process_that_helps_does_not_import_scikit_learn():
    code = (
        "import skw2v.text.helpers, skw2v.text.documents, sys\n"
        "print({'sklearn', 'scipy', 'pandas', 'joblib'} & {*sys.modules})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100
    )
    assert result.stdout == "set()\n"


class TwoPartError(Exception):
    """An error that can be pickled but not loaded."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def fail_at_w7(text):
    if "w7" in text.split():
        raise TwoPartError("this", "that")
    return text.split()


def test_errors_of_a_tokenizer_are_raised_unchanged(impatient, texts):
    texts = [*["w1"] * 3000, *texts]
    with pytest.raises(TwoPartError, match="this and that"):
        reading.read(Analyzer(tokenizer=fail_at_w7), texts, 2)


# Takes 2 seconds because helpers start, and are ended, twice.
def test_the_first_error_is_raised_though_another_process_meets_it(
    impatient, monkeypatch
):
    turns = itertools.cycle([True, False])
    monkeypatch.setattr(helpers, "_is_readable", lambda file: next(turns))
    for position in (400, 477):
        texts = ["word and word"] * 3000
        texts[position], texts[position + 200] = "w7", None
        with pytest.raises(TwoPartError, match="this and that"):
            reading.read(Analyzer(tokenizer=fail_at_w7), texts, 2)


def test_errors_name_the_position_from_any_process(impatient, texts):
    with pytest.raises(TypeError, match=re.escape("Document 400 must be a str")):
        reading.read(Analyzer(), [*texts[:400], 3, *texts], 2)


def test_parts_keep_the_order_and_the_positions(impatient):
    documents = ["x" * 1500, "y" * 600, ["a", "list"], "z" * 5000, "last"]
    parts = list(reading._parts(Analyzer(), documents, 1))
    sizes = [corpus.n_documents for corpus, _ in parts]
    assert sizes == [2, 2, 1, 0]
    words = [words[i] for corpus, words in parts for i in corpus.ids]
    assert words == ["x" * 1500, "y" * 600, "a", "list", "z" * 5000, "last"]
