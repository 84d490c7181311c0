"""Corpora on disk: the same answers, and nothing left behind."""

import errno
import gc
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from corpora import make_trainer, train, zipf_corpus

import skw2v
from skw2v import CBOWVectorizer
from skw2v.corpus import UNKNOWN, Corpus, Storage, StoredIds, corpus, storage
from skw2v.corpus.kept import find, keep
from skw2v.training import stream, workers
from skw2v.training.likelihood import Likelihood
from skw2v.vectorizers.progress import EpochReport

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the folder for temporary files, which must be empty at the end."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(path))
    yield path
    gc.collect()
    assert list(path.iterdir()) == []


@pytest.fixture
def storages(folder, monkeypatch):
    """Record the files of all storages; they must be empty at the end."""
    made, nameless = [], storage._nameless

    def recorded(*arguments):
        made.append(nameless(*arguments))
        return made[-1]

    monkeypatch.setattr(storage, "_nameless", recorded)
    yield made
    assert [os.fstat(ids.file).st_size for ids in made] == [0] * len(made)


def stored(original, disk):
    """Return a copy of a corpus whose ids lie on disk."""
    disk.append(original.ids)
    return Corpus(disk.ids, original.offsets, original.n_dropped)


@pytest.fixture
def on_disk(storages):
    """Return a function that puts a corpus on disk, until the end of the test."""
    disks = []

    def put(original):
        disks.append(Storage.of("disk"))
        return stored(original, disks[-1])

    yield put
    for disk in disks:
        disk.__exit__()


def assert_same_corpus(first, second):
    for name in ("ids", "offsets"):
        one, other = (getattr(each, name)[:] for each in (first, second))
        assert one.dtype == other.dtype
        assert np.array_equal(one, other), name
    assert np.array_equal(first.n_dropped, second.n_dropped)


# Ids


def test_slices_are_those_of_an_array(on_disk):
    ids = np.arange(10, dtype=np.int32)
    found = on_disk(Corpus(ids, np.array([0, 10]))).ids
    assert isinstance(found, StoredIds)
    assert len(found) == 10
    for start in (None, 0, 3, 10, 12, -2):
        for stop in (None, 0, 2, 3, 9, 10, 20, -1):
            assert np.array_equal(found[start:stop], ids[start:stop])
    found[2:4] = np.array([7, 8], np.int32)
    assert found[:].tolist() == [0, 1, 7, 8, 4, 5, 6, 7, 8, 9]
    with pytest.raises(TypeError, match="read in slices"):
        found[3]


def test_a_file_that_was_cut_short_is_an_error(on_disk):
    found = on_disk(Corpus(np.arange(9, dtype=np.int32), np.array([0, 9]))).ids
    os.ftruncate(found.file, 4)
    with pytest.raises(OSError, match="removed or cut short"):
        found[:]


def test_short_reads_and_writes_are_continued(monkeypatch, on_disk):
    pread, pwrite = storage._pread, storage._pwrite
    monkeypatch.setattr(storage, "_pread", lambda f, n, at: pread(f, min(n, 7), at))
    monkeypatch.setattr(storage, "_pwrite", lambda f, x, at: pwrite(f, x[:5], at))
    original = zipf_corpus(1000, 50)
    assert_same_corpus(on_disk(original), original)


def test_where_there_is_no_pread_threads_take_turns(monkeypatch, folder):
    """Load the module as it is on Windows."""
    monkeypatch.delattr(os, "pread", raising=False)
    source = Path(storage.__file__).read_text(encoding="utf-8")
    names = {"__name__": "skw2v.corpus.storage_of_windows"}
    exec(compile(source, storage.__file__, "exec"), names)
    with names["Storage"].of("disk") as disk:
        disk.append(np.arange(5, dtype=np.int32))
        disk.append(np.arange(3, dtype=np.int32))
        disk.ids[1:2] = np.array([9], np.int32)
        assert disk.ids[:].tolist() == [0, 9, 2, 3, 4, 0, 1, 2]


def test_only_a_process_with_the_file_can_copy_ids(on_disk):
    ids = on_disk(zipf_corpus(1000, 50)).ids
    copy = pickle.loads(content := pickle.dumps(ids))
    assert copy.file != ids.file
    assert np.array_equal(copy[:], ids[:])
    code = "import pickle, sys; pickle.load(sys.stdin.buffer)"
    process = subprocess.run(
        [sys.executable, "-c", code],
        input=content,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert b"OSError" in process.stderr


def test_ids_move_to_disk_where_they_become_too_many(folder):
    with Storage(limit=40) as some:
        some.append(np.arange(6, dtype=np.int32))
        some.append(np.arange(4, dtype=np.int32))
        assert isinstance(some.ids, np.ndarray)
        some.append(np.arange(1, dtype=np.int32))
        assert isinstance(some.ids, StoredIds)
        assert some.ids[:].tolist() == [*range(6), *range(4), 0]


def test_auto_is_half_a_gibibyte():
    assert {"memory": np.inf, "auto": 2**29, "disk": 0} == storage.LIMITS


# Corpora


@pytest.mark.parametrize("longest", [3, 30, 700])
@pytest.mark.parametrize("slice_", [64, 1 << 20])
def test_a_corpus_on_disk_gives_the_same_answers(monkeypatch, on_disk, longest, slice_):
    original = zipf_corpus(5000, 40, longest=longest)
    disk = on_disk(original)
    counts, documents = original.counts(45), original.document_counts(45)
    monkeypatch.setattr(corpus, "SLICE", slice_)
    new_ids = np.random.default_rng(0).permutation(45).astype(np.int32) - 9
    new_ids[new_ids < 0] = UNKNOWN
    for one in (original, disk):
        assert np.array_equal(one.counts(45), counts)
        assert np.array_equal(one.counts(0), counts[:40])
        assert np.array_equal(one.document_counts(45), documents)
        assert_same_corpus(one.part(17, 444), original.part(17, 444))
    expected = Corpus(original.ids.copy(), original.offsets).renumber(new_ids)
    renumbered = disk.renumber(new_ids)
    assert_same_corpus(renumbered, expected)
    assert 0 < renumbered.n_tokens < 5000
    assert os.fstat(disk.ids.file).st_size == 4 * renumbered.n_tokens


def test_a_part_has_the_tokens_of_its_documents():
    original = zipf_corpus(300, 9, longest=12)
    part = original.part(40, 250)
    document = np.searchsorted(original.offsets, np.arange(40, 250), side="right")
    assert np.array_equal(part.ids, original.ids[40:250])
    assert part.lengths.tolist() == np.unique(document, return_counts=True)[1].tolist()


@pytest.mark.parametrize(
    "use",
    [
        lambda each: each.counts(50),
        lambda each: each.document_counts(50),
        lambda each: each.renumber(np.arange(50, dtype=np.int32)[::-1] - 20),
        lambda each: next(make_trainer(each).stream.chunks(0, workers.Team(1))),
    ],
    ids=["counts", "document counts", "renumber", "a chunk"],
)
def test_nothing_has_the_size_of_a_corpus_on_disk(monkeypatch, on_disk, use):
    monkeypatch.setattr(corpus, "SLICE", 1 << 10)
    monkeypatch.setattr(stream, "SPAN", 1 << 7)
    n_tokens = 4_000_000
    ids = np.random.default_rng(0).integers(0, 50, n_tokens).astype(np.int32)
    disk = on_disk(Corpus(ids, np.arange(0, n_tokens + 1, 1000)))
    use(on_disk(zipf_corpus(1000, 50)))  # imports what is needed
    tracemalloc.start()
    try:
        use(disk)
        assert tracemalloc.get_traced_memory()[1] < 2 * n_tokens  # half of the ids
    finally:
        tracemalloc.stop()


# Training


def results(one, n_workers, **settings):
    training = make_trainer(one, batch_size=8192, **settings)
    losses, *matrices = train(training, n_workers)
    return [np.array(losses), *matrices]


# Takes 2 seconds because processes start.
@pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
@pytest.mark.parametrize("span", [1 << 7, 1 << 12], ids=["many chunks", "one chunk"])
def test_training_from_disk_gives_the_same_bits(
    request, monkeypatch, on_disk, cbow, span
):
    monkeypatch.setattr(stream, "SPAN", span)
    original = zipf_corpus(40_000, 300)
    disk = on_disk(original)
    n_chunks = make_trainer(disk).stream.n_chunks
    assert (n_chunks == 5) if span == 1 << 7 else (n_chunks == 1)
    expected = results(original, 1, cbow=cbow)
    for n_workers in (1, 2):
        for one, two in zip(results(disk, n_workers, cbow=cbow), expected, strict=True):
            assert np.array_equal(one, two)
    if os.name == "posix":
        started = request.getfixturevalue("started")
        for one, two in zip(results(disk, 2, cbow=cbow), expected, strict=True):
            assert np.array_equal(one, two)
        assert len(started) == 1


@posix
@pytest.mark.parametrize("span", [1 << 7, 1 << 12], ids=["many chunks", "one chunk"])
def test_processes_train_on_a_kept_corpus(monkeypatch, tmp_path, started, span):
    monkeypatch.setattr(stream, "SPAN", span)
    original, path = zipf_corpus(40_000, 300), os.fspath(tmp_path / "corpus")
    keep(path, original, [f"w{i}" for i in range(300)], bytes(32))
    found, _ = find(path, lambda: bytes(32))
    expected = results(original, 1)
    for one, two in zip(results(found, 2), expected, strict=True):
        assert np.array_equal(one, two)
    assert len(started) == 1


@posix
def test_the_next_processes_read_the_file_too(monkeypatch, on_disk, started):
    """The first ones end, because an epoch is cut short."""
    monkeypatch.setattr(stream, "SPAN", 1 << 7)
    original = zipf_corpus(40_000, 300)

    def first_chunks(chunks):
        return (chunk for chunk, _ in zip(chunks, range(2), strict=False))

    matrices = []
    for one, n_workers in ((original, 1), (on_disk(original), 2)):
        training = make_trainer(one, batch_size=8192, max_iter=3)
        assert len(list(training.epochs(n_workers, first_chunks))) == 3
        matrices.append(training.model.input_matrix)
    assert np.array_equal(*matrices)
    assert len(started) == 3


@pytest.mark.parametrize("pairs", [7, 1 << 20])
@pytest.mark.parametrize("window", [2, 1000])
def test_the_likelihood_is_the_same_for_all_parts(monkeypatch, on_disk, pairs, window):
    original = zipf_corpus(400, 20, longest=50)
    training = make_trainer(original, window=window)
    train(training)
    likelihood = Likelihood(training.model)
    expected = likelihood.mean(original, 1)
    assert likelihood.mean(on_disk(original), 1) == expected
    monkeypatch.setattr("skw2v.training.likelihood.PAIRS", pairs)
    # Sums of parts are rounded in another order.
    assert likelihood.mean(on_disk(original), 1) == pytest.approx(expected, rel=1e-6)


# Estimators


def answers(vectorizer, texts):
    rows = vectorizer.fit_transform(texts)
    return {
        "rows": rows,
        "transformed": vectorizer.transform(texts[::-1]),
        "score": vectorizer.score(texts),
        "coverage": vectorizer.coverage(["the cat", "unheard of"]),
        "fitted": vectorizer.fit(texts).embeddings_,
        "output": vectorizer.output_embeddings_,
        "counts": vectorizer.word_counts_,
        "weights": vectorizer.word_weights_,
        "clusters": vectorizer.word_clusters_,
    }


def assert_same_answers(first, second):
    for name, value in first.items():
        assert np.array_equal(value, second[name]), name


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"n_jobs": 2, "weighting": "sif"},
        {"weighting": "idf", "min_df": 2, "min_count": 2},
        {"pooling": ("clusters", "max", "mean"), "n_clusters": 2},
        {"vocabulary": ["cat", "stocks", "ran", "dog"]},
    ],
    ids=str,
)
@pytest.mark.parametrize("where", ["disk", "auto", "folder"])
def test_estimators_give_the_same_answers_from_disk(
    make, texts, monkeypatch, storages, tmp_path, where, parameters
):
    monkeypatch.setitem(storage.LIMITS, "auto", 40)
    expected = answers(make(corpus_storage="memory", **parameters), texts)
    assert not storages
    kept = tmp_path if where == "folder" else where
    assert_same_answers(
        answers(make(corpus_storage=kept, **parameters), texts), expected
    )
    # Two tokens are few enough for "auto", which a folder is to all but `fit`.
    assert len(storages) == {"disk": 5, "auto": 4, "folder": 4}[where]


def test_auto_is_in_memory_at_first(make, texts, storages):
    answers(make(), texts)
    assert not storages


def test_the_rows_of_long_documents_are_the_same(make, on_disk, storages):
    text = " ".join(f"w{i % 37}" for i in range(3000))
    documents = [text, "", text[:500], "w1"]
    for pooling in ("mean", "max", "clusters"):
        rows = [
            make(pooling=pooling, n_clusters=2, corpus_storage=each).fit_transform(
                documents
            )
            for each in ("memory", "disk")
        ]
        assert np.array_equal(*rows)


# Nothing is left behind


def full(*arguments):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


FULL = "the encoded corpus can't be written to .*No space left on device.*make room"


@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
def test_a_full_disk_is_one_error(make, texts, monkeypatch, storages, method):
    vectorizer = make(corpus_storage="memory").fit(texts)
    vectorizer.set_params(corpus_storage="disk")
    monkeypatch.setattr(storage, "_pwrite", full)
    with pytest.raises(OSError, match=FULL) as caught:
        getattr(vectorizer, method)(texts)
    assert caught.value.errno == errno.ENOSPC


def test_a_disk_that_becomes_full_is_one_error(make, texts, monkeypatch, storages):
    """The words are given other numbers in place, which writes as well."""
    monkeypatch.setattr(StoredIds, "__setitem__", full)
    with pytest.raises(OSError, match="No space left"):
        make(corpus_storage="disk", min_count=2).fit(texts)
    assert len(storages) == 1


@posix
def test_a_limit_of_files_is_one_error(tmp_path):
    code = """
import resource, signal, sys, tempfile
from skw2v import CBOWVectorizer
tempfile.tempdir = sys.argv[1]
vectorizer = CBOWVectorizer(corpus_storage="disk", min_count=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    vectorizer.fit(["a b c d e"] * 1000)
except OSError as error:
    print(error)
"""
    process = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    expected = f"[Errno 27] the encoded corpus can't be written to {tmp_path}: "
    assert process.stdout.startswith(expected), process.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_for_temporary_files_is_one_error(
    make, texts, monkeypatch, tmp_path
):
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError, match=r"can't be written to .*absent"):
        make(corpus_storage="disk").fit(texts)


def interrupt_reading(vectorizer, texts):
    def documents():
        for _ in range(3):
            yield from texts
            yield "cat " * 300_000  # so that parts are written before
        raise KeyboardInterrupt

    vectorizer.fit(documents())


def interrupt_training(vectorizer, texts):
    def interrupt(self, losses):
        raise KeyboardInterrupt

    vectorizer.set_params(verbose=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EpochReport, "__call__", interrupt)
        vectorizer.fit(texts)


@pytest.mark.parametrize("kept", [False, True], ids=["disk", "folder"])
@pytest.mark.parametrize("interrupt", [interrupt_reading, interrupt_training])
def test_an_interrupt_leaves_nothing(make, texts, storages, tmp_path, interrupt, kept):
    place = tmp_path / "kept"
    place.mkdir()
    vectorizer = make(corpus_storage=place if kept else "disk")
    with pytest.raises(KeyboardInterrupt):
        interrupt(vectorizer, texts)
    assert len(storages) == 1  # whose file is empty, though it is still open
    # What was read completely is kept.
    names = ["corpus.skw2v"] if kept and interrupt is interrupt_training else []
    assert [path.name for path in place.iterdir()] == names


@posix
def test_a_killed_process_leaves_nothing(tmp_path):
    code = """
import sys, tempfile
import numpy as np
from skw2v import CBOWVectorizer
tempfile.tempdir = sys.argv[1]

def documents():
    while True:
        yield "a b c " * 100_000
        print(flush=True)

CBOWVectorizer(corpus_storage="disk", min_count=1).fit(documents())
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, tmp_path],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        for _ in range(10):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_descriptors_are_closed(make, texts, folder):
    def lowest():
        gc.collect()
        os.close(file := os.open(os.devnull, os.O_RDONLY))
        return file

    before = lowest()
    for _ in range(3):
        make(corpus_storage="disk", n_jobs=2).fit_transform(texts)
    assert lowest() <= before  # lower if a cluster of an earlier test closes its own


@posix
def test_a_fork_leaves_the_file_as_it_is(storages):
    with Storage.of("disk") as disk:
        disk.append(np.arange(9, dtype=np.int32))
        if not (child := os.fork()):
            disk.__exit__()
            os._exit(0)
        os.waitpid(child, 0)
        assert disk.ids[:].tolist() == list(range(9))


# The parameter


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_another_word_must_be_a_folder(make, tmp_path, method):
    def documents():
        raise AssertionError("read a document")
        yield

    for value in ("dsik", tmp_path / "absent", os.fspath(tmp_path / "absent")):
        message = r"corpus_storage must be one of \['memory', .*; got .*(dsik|absent)"
        with pytest.raises(ValueError, match=message):
            getattr(make(corpus_storage=value), method)(documents())


@pytest.mark.parametrize("kind", [Path, str])
def test_a_saved_estimator_names_its_folder(tmp_path, texts, kind):
    place = tmp_path / "kept"
    place.mkdir()
    saved = CBOWVectorizer(min_count=1, corpus_storage=kind(place)).fit(texts)
    skw2v.save(saved, tmp_path / "model.safetensors")
    (place / "corpus.skw2v").unlink()
    place.rmdir()  # as on another machine
    loaded = skw2v.load(tmp_path / "model.safetensors")
    assert loaded.corpus_storage == os.fspath(place)
    assert np.array_equal(loaded.transform(texts), saved.transform(texts))
