"""Collections of Dask: fits in rounds, lazy transforms, and what happens to workers."""

import copy
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import dask
import dask.array as da
import dask.bag as db
import dask.dataframe as dd
import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
from dask.sizeof import sizeof
from distributed import Client, LocalCluster, get_task_stream
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skw2v
from skw2v import PretrainedVectorizer, SkipGramVectorizer
from skw2v.corpus.numbering import number
from skw2v.text.counting import WordCounts
from skw2v.training import shards
from skw2v.training.rounds import train_shard
from skw2v.training.sections import sections
from skw2v.training.shards import Shard
from skw2v.vectorizers import rounds
from skw2v.vectorizers.fitted import model_of
from skw2v.vectorizers.tasks import few

LEARNED = [
    "embeddings_",
    "output_embeddings_",
    "word_counts_",
    "document_counts_",
    "rare_word_hashes_",
    "rare_word_counts_",
    "word_weights_",
]


def zipf_texts(n_documents=400, n_words=60):
    """Make random documents, some of them empty."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, n_words + 1)
    return [
        " ".join(f"w{i}" for i in rng.choice(n_words, size, p=shares / shares.sum()))
        for size in rng.integers(0, 30, n_documents)
    ]


TEXTS = zipf_texts()
BAG = db.from_sequence(TEXTS, npartitions=5)
SERIES = pd.Series(TEXTS, index=np.arange(10, 410))


def vectorizer(**parameters):
    """Make an estimator that is trained in many rounds of several shards."""
    small = {"n_components": 4, "min_count": 3, "max_iter": 3, "random_state": 0}
    return SkipGramVectorizer(**{**small, "batch_size": 256, **parameters})


@pytest.fixture(autouse=True)
def synchronous():
    """Run tasks one by one in this thread, unless there is a client."""
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture
def many_rounds(monkeypatch):
    """Divide the small corpus into 4 shards and 4 rounds."""
    monkeypatch.setattr(shards, "SHARD", 1_000)
    monkeypatch.setattr(shards, "ROUND", 350)


def equal(one, other):
    """Return whether two estimators have learned the same, to the last bit."""
    return list(one.vocabulary_) == list(other.vocabulary_) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in LEARNED
    )


# What is learned


@pytest.mark.parametrize(
    "X",
    [
        BAG,
        BAG.map(str.split),
        dd.from_pandas(SERIES, npartitions=3),
        dd.from_pandas(SERIES.to_frame("text"), npartitions=3),
        BAG.to_delayed(),
        [dask.delayed(pd.Series)(TEXTS[:99]), dask.delayed(list)(TEXTS[99:])],
    ],
    ids=["texts", "tokens", "series", "table", "delayed", "delayed series"],
)
def test_one_shard_learns_what_one_machine_does(X):
    settings = {"weighting": "idf", "min_df": 2}
    local, lazy = vectorizer(**settings).fit(TEXTS), vectorizer(**settings).fit(X)
    assert list(lazy.vocabulary_) == list(local.vocabulary_)
    for name in LEARNED:
        expected = getattr(local, name)
        np.testing.assert_allclose(getattr(lazy, name), expected, atol=1e-3)
    np.testing.assert_allclose(lazy.loss_curve_, local.loss_curve_, rtol=1e-3)
    states = [dict(each.training_state_, documents="") for each in (lazy, local)]
    assert states[0] == states[1]


@pytest.mark.parametrize(
    "parameters",
    [
        {"vocabulary": ["w3", "w1", "absent"]},
        {"max_features": 5},
        {"subwords": (2, 3), "n_buckets": 50},
        {"loss": "hierarchical_softmax"},
        {"pooling": ("mean", "clusters"), "n_clusters": 3, "weighting": "sif"},
        {"init": vectorizer().fit(TEXTS)},
    ],
    ids=lambda parameters: next(iter(parameters)),
)
def test_parameters_mean_what_they_mean_on_one_machine(parameters):
    local, lazy = (vectorizer(**parameters).fit(X) for X in (TEXTS, BAG))
    assert list(lazy.vocabulary_) == list(local.vocabulary_)
    np.testing.assert_allclose(lazy.transform(TEXTS), local.transform(TEXTS), atol=0.01)


@pytest.mark.usefixtures("many_rounds")
def test_a_fitted_estimator_is_an_ordinary_one(tmp_path):
    fitted = vectorizer().fit(BAG)
    rows = fitted.transform(TEXTS)
    assert fitted.loss_curve_[-1] < fitted.loss_curve_[0]
    assert fitted.n_iter_ == len(fitted.loss_curve_) == 3
    for stored in (pickle.loads(pickle.dumps(fitted)), copy.copy(fitted)):
        np.testing.assert_array_equal(stored.transform(TEXTS), rows)
    skw2v.save(fitted, tmp_path / "model.skw2v")
    loaded = skw2v.load(tmp_path / "model.skw2v").partial_fit(["new new new w1 w2"])
    assert loaded.word_counts_.sum() == fitted.word_counts_.sum() + 5
    assert "new" in loaded.vocabulary_


@pytest.mark.usefixtures("many_rounds")
def test_the_order_in_which_tasks_finish_does_not_matter(monkeypatch):
    expected, finished = vectorizer().fit(BAG), []

    def late(model, shard, *key):  # the first one is the last
        time.sleep(0.01 * (9 - shard.number))
        change = train_shard(model, shard, *key)
        finished.append(shard.number)
        return change

    monkeypatch.setattr(rounds, "train_shard", late)
    with ThreadPoolExecutor(5) as pool, dask.config.set(scheduler="threads", pool=pool):
        other = vectorizer().fit(BAG)
    assert finished[:5] != sorted(finished[:5])
    assert equal(other, expected)


@pytest.mark.usefixtures("many_rounds")
def test_blocks_of_rounds_change_nothing_and_callbacks_follow_them(monkeypatch):
    expected = vectorizer().fit(BAG)
    monkeypatch.setattr(rounds, "BLOCK", 6)  # four shards, and what combines them
    chunks = []

    class Follower(skw2v.vectorizers.progress.Tasks):
        def chunks(self, items):
            for item in items:
                yield item
                chunks.append(item)

        def end_epoch(self):
            return len(chunks) > 4

    other = vectorizer()
    other._follow(BAG, None, None, Follower())
    assert chunks == [range(i, i + 1) for i in range(4)] * 2
    assert expected.loss_curve_[:2] == other.loss_curve_


@pytest.mark.filterwarnings("ignore:training")
@pytest.mark.parametrize("tokens", [1_000, 10_000], ids=["4 shards", "1 shard"])
def test_the_first_loss_is_that_of_the_untrained_model(tokens, monkeypatch):
    monkeypatch.setattr(shards, "SHARD", tokens)

    class Noted(skw2v.vectorizers.progress.Tasks):
        def start(self, trainer, learned, attributes):
            self.trainer = trainer

    local, lazy = Noted(), Noted()
    vectorizer(max_iter=1)._follow(TEXTS, None, None, local)
    vectorizer(max_iter=1)._follow(BAG, None, None, lazy)
    assert lazy.trainer.first_loss == pytest.approx(local.trainer.first_loss, rel=0.05)
    assert lazy.trainer.n_trained == pytest.approx(local.trainer.n_trained, rel=0.05)


def test_a_fit_without_verbose_lines_is_silent_and_with_them_says_how_fast(capsys):
    vectorizer(verbose=1, max_iter=1).fit(BAG)
    assert "epoch 1/1: loss" in capsys.readouterr().out


# Where words are counted, and what makes up a shard


@pytest.mark.parametrize("with_documents", [False, True])
def test_merged_counts_are_those_of_all_documents(with_documents):
    parts = [number(text.split() for text in TEXTS[i::3]) for i in range(3)]
    counts = [WordCounts.of(*part, with_documents) for part in parts]
    merged = WordCounts.merged([counts[0], WordCounts.merged(counts[1:])])
    expected = Counter(word for text in TEXTS for word in text.split())
    df = Counter(word for text in TEXTS for word in set(text.split()))
    assert dict(zip(merged.words, merged.counts.tolist(), strict=True)) == expected
    if with_documents:
        assert dict(zip(merged.words, merged.df.tolist(), strict=True)) == df
    assert len(merged.df) == with_documents * len(merged.words)
    assert merged.n_documents == 400
    assert merged.sizes == [part.n_tokens for part, _ in parts]
    assert merged.digests == [part.digest(words) for part, words in parts]
    assert merged.digest != WordCounts.merged(counts[::-1]).digest


@pytest.mark.parametrize("n_shards", [1, 3, 7])
def test_sections_cover_every_token_once_in_shards_of_equal_size(n_shards):
    sizes = [5, 0, 40, 7, 11, 1, 1]
    shards = sections(sizes, n_shards)
    seen = [
        (place, token)
        for shard in shards
        for place, start, stop in shard
        for token in range(start, stop)
    ]
    assert sorted(seen) == [(i, k) for i, size in enumerate(sizes) for k in range(size)]
    lengths = [sum(stop - start for _, start, stop in shard) for shard in shards]
    assert max(lengths) - min(lengths) <= 1


def test_shards_of_a_sorted_collection_take_places_from_all_over_it():
    places = [[place for place, *_ in shard] for shard in sections([10] * 6, 2)]
    assert places == [[0, 2, 4], [1, 3, 5]]


def test_dask_knows_how_large_results_are():
    part = number([["a", "b"] * 50_000])
    assert sizeof(part) > 400_000
    corpus, _ = part
    model = model_of(vectorizer(n_components=1_000).fit(TEXTS))
    change = train_shard(model, Shard(corpus, 0, 1, np.array([50_000] * 60)), 0, 0, 0)
    assert sizeof(Shard(corpus, 0, 1, model.counts)) > 400_000
    assert sizeof(rounds.State(model, 0.0, 0.0, 0.0)) > 2 * 60 * 4_000
    assert sizeof(change) > 4 * 4_000


def test_results_are_merged_as_a_tree():
    groups = few(lambda group: [*group], list(range(70)))
    assert groups[0] == [list(range(8 * i, 8 * i + 8)) for i in range(8)]
    assert len(groups) == 2


# Refusals


@pytest.mark.parametrize(
    ("X", "given"),
    [
        (da.from_array(np.array(["a b", "b a"])), "Array"),
        (dd.from_pandas(pd.DataFrame({"a": ["x"], "b": ["y"]}), 1), "DataFrame"),
        (dask.delayed(["a b"]), "Delayed"),
        ([dask.delayed(["a b"]), "a b"], "list"),
    ],
    ids=["array", "table", "delayed", "mixed list"],
)
@pytest.mark.parametrize("method", ["fit", "transform"])
def test_other_collections_of_dask_are_refused(X, given, method):
    message = rf"X must be a Bag, one column .* list of Delayed .* got {given}"
    with pytest.raises(TypeError, match=message):
        getattr(vectorizer().fit(TEXTS), method)(X)


@pytest.mark.parametrize(
    ("parameters", "sample_weight", "name"),
    [
        ({}, [1.0], "sample_weight"),
        ({"warm_start": True}, None, "warm_start=True"),
        ({"corpus_storage": "disk"}, None, "corpus_storage='disk'"),
    ],
)
def test_what_needs_documents_in_one_place_is_refused(parameters, sample_weight, name):
    with pytest.raises(ValueError, match=f"{name} isn't possible for a collection"):
        vectorizer(**parameters).fit(BAG, sample_weight=sample_weight)


@pytest.mark.parametrize("method", ["partial_fit", "score", "coverage"])
@pytest.mark.parametrize("X", [BAG, BAG.to_delayed()], ids=["bag", "delayed"])
def test_other_methods_ask_to_compute_the_collection(method, X):
    with pytest.raises(TypeError, match="lazy collection of Dask; compute it first"):
        getattr(vectorizer().fit(TEXTS), method)(X)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (["", ""], "no word found in the 2 documents"),
        (["a b"], "min_count=3 leaves no word"),
    ],
)
def test_a_collection_without_words_is_refused(X, message):
    with pytest.raises(ValueError, match=message):
        vectorizer().fit(db.from_sequence(X, npartitions=1))


def test_a_collection_without_documents_or_given_words_is_refused():
    with pytest.raises(ValueError, match="X holds no documents"):
        vectorizer().fit(BAG.filter(lambda text: False))
    message = "none of the 1 words of vocabulary occurs in the 400 documents; 1 of"
    with pytest.raises(ValueError, match=message):
        vectorizer(vocabulary=["W1"]).fit(BAG)


@pytest.mark.parametrize("method", ["fit", "transform"])
def test_a_missing_document_is_named_with_its_partition(method):
    broken = dd.from_pandas(pd.Series(["a", "b", "c", None]), npartitions=2)
    fitted = vectorizer().fit(TEXTS)
    with pytest.raises(ValueError, match=r"^partition 1: Document 1 is missing"):
        dask.compute(getattr(fitted, method)(broken))


def failing(text):
    raise KeyError(text)


def test_any_other_error_is_named_with_its_partition():
    with pytest.raises(RuntimeError, match=r"^partition .: KeyError: 'w"):
        vectorizer(tokenizer=failing, lowercase=False).fit(BAG)


# Transforms


@pytest.fixture(scope="module")
def fitted():
    return vectorizer().fit(TEXTS)


@pytest.mark.parametrize(
    "X", [BAG, BAG.to_delayed(), dd.from_pandas(SERIES, 3)], ids=["bag", "list", "dd"]
)
def test_a_transform_is_a_lazy_array(fitted, X):
    rows = fitted.transform(X)
    assert isinstance(rows, da.Array)
    assert rows.shape[1] == 4
    assert np.isnan(rows.shape[0])
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows.compute(), fitted.transform(TEXTS))


@pytest.mark.parametrize("is_global", [False, True])
def test_a_transform_to_pandas_is_a_lazy_frame_with_divisions(fitted, is_global):
    estimator, X = copy.deepcopy(fitted), dd.from_pandas(SERIES, npartitions=3)
    if not is_global:
        estimator.set_output(transform="pandas")
    with sklearn.config_context(transform_output="pandas" if is_global else "default"):
        frame, expected = estimator.transform(X), estimator.transform(SERIES)
    assert isinstance(frame, dd.DataFrame)
    assert frame.divisions == X.divisions
    assert frame.known_divisions
    pd.testing.assert_frame_equal(frame._meta, expected.iloc[:0])
    pd.testing.assert_frame_equal(frame.compute(), expected)


def test_a_bag_becomes_a_lazy_frame_without_divisions(fitted):
    estimator = copy.deepcopy(fitted).set_output(transform="pandas")
    frame = estimator.transform(BAG)
    assert not frame.known_divisions
    np.testing.assert_array_equal(frame.compute(), fitted.transform(TEXTS))


def test_polars_cannot_be_lazy(fitted):
    estimator = copy.deepcopy(fitted).set_output(transform="polars")
    with pytest.raises(ValueError, match=r"set_output.*'polars'.* isn't possible"):
        estimator.transform(BAG)


def test_fit_transform_is_lazy_as_well():
    rows = vectorizer().set_output(transform="pandas").fit_transform(BAG)
    assert isinstance(rows, dd.DataFrame)
    expected = vectorizer().fit(BAG).transform(TEXTS)
    np.testing.assert_array_equal(rows.compute(), expected)


def test_a_pretrained_vectorizer_transforms_lazily(fitted):
    pretrained = PretrainedVectorizer(fitted.word_vectors())
    for output in ("default", "pandas"):
        rows = pretrained.set_output(transform=output).fit_transform(BAG)
        np.testing.assert_array_equal(rows.compute(), fitted.transform(TEXTS))
    with pytest.raises(TypeError, match="lazy collection of Dask; compute it first"):
        PretrainedVectorizer(fitted.word_vectors(), weighting="idf").fit(BAG)


def test_dask_is_imported_for_its_collections_only():
    code = f"""
import sys
from skw2v import SkipGramVectorizer
X = {TEXTS!r}
SkipGramVectorizer(n_components=2, max_iter=1).fit(X).transform(X)
sys.exit("dask" in sys.modules or "distributed" in sys.modules)"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)


# Workers in other processes; all these tests use one cluster.

on_cluster = pytest.mark.xdist_group("cluster")


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    with dask.config.set(scheduler=None), Client(cluster) as client:
        client.wait_for_workers(1)
        yield client


def n_tasks(client):
    """Return the number of tasks that the scheduler knows, after a moment."""
    for _ in range(100):
        n = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        if not n:
            break
        time.sleep(0.05)
    return n


@pytest.fixture
def expected(many_rounds):
    """Return what is learned before there is a client."""
    return vectorizer(max_iter=5).fit(BAG)


@on_cluster
def test_vectors_do_not_depend_on_the_number_of_workers(expected, cluster, client):
    for n_workers in (1, 2, 4):
        cluster.scale(n_workers)
        client.wait_for_workers(n_workers)
        assert equal(vectorizer(max_iter=5).fit(BAG), expected)
    assert n_tasks(client) == 0


@on_cluster
@pytest.mark.usefixtures("many_rounds")
def test_workers_train_as_many_shards(cluster, client):
    cluster.scale(2)
    while len(client.nthreads()) != 2:
        time.sleep(0.05)
    with get_task_stream(client) as tasks:
        vectorizer().fit(BAG)
    keys = [(str(each["key"]), each["worker"]) for each in tasks.data]
    learned = Counter(worker for key, worker in keys if key.startswith("_learned"))
    assert set(learned) == set(client.nthreads())
    assert len(set(learned.values())) == 1


def when_training(client, function, *arguments):
    """Call a function when a worker trains a shard; return the thread."""

    def wait():
        while True:
            for worker, tasks in client.processing().items():
                if any(str(name).startswith("_learned") for name in tasks):
                    return function(worker, *arguments)
            time.sleep(0.001)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@on_cluster
def test_a_worker_that_is_killed_changes_nothing(expected, cluster, client):
    cluster.scale(4)
    client.wait_for_workers(4)
    process_of, killed = client.run(os.getpid), []

    def kill(worker):
        killed.append(process_of[worker])
        os.kill(process_of[worker], signal.SIGKILL)

    thread = when_training(client, kill)
    fitted = vectorizer(max_iter=5).fit(BAG)
    thread.join()
    client.wait_for_workers(4)
    assert killed
    assert killed[0] not in client.run(os.getpid).values()
    assert equal(fitted, expected)


@on_cluster
@pytest.mark.usefixtures("many_rounds", "interruptible")
def test_an_interrupt_leaves_nothing_on_the_workers(client, monkeypatch):
    def interrupt(worker):
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(shards, "ROUND", 40)  # so that it comes within an epoch
    estimator = vectorizer(max_iter=100)
    thread = when_training(client, interrupt)
    with pytest.raises(KeyboardInterrupt) as kept:
        estimator.fit(BAG)
    thread.join()
    assert n_tasks(client) == 0
    assert kept.traceback
    assert not hasattr(estimator, "embeddings_")


@on_cluster
def test_lazy_rows_are_computed_on_the_workers(client, fitted):
    rows = fitted.transform(BAG)
    np.testing.assert_array_equal(rows.compute(), fitted.transform(TEXTS))
    del rows
    assert n_tasks(client) == 0


@on_cluster
def test_an_error_of_a_partition_comes_back_to_the_client(client):
    broken = db.from_sequence(["a", None], npartitions=2)
    with pytest.raises(ValueError, match=r"^partition 1: Document 0 is missing"):
        vectorizer().fit(broken)
    assert n_tasks(client) == 0


@on_cluster
def test_a_grid_search_runs_on_the_workers(client):
    labels = [text.count("w1") > 1 for text in TEXTS]
    pipeline = make_pipeline(vectorizer(max_iter=1), LogisticRegression())
    grid = {"skipgramvectorizer__window": [1, 2]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise")
    expected = search.fit(TEXTS, labels).cv_results_["mean_test_score"]
    with joblib.parallel_backend("dask"):
        search.fit(TEXTS, labels)
    assert search.cv_results_["mean_test_score"].tolist() == expected.tolist()


@on_cluster
@pytest.mark.usefixtures("many_rounds")
def test_a_cluster_that_closes_ends_the_fit_with_one_error(client):
    def close(worker):
        client.close()

    thread = when_training(client, close)
    with pytest.raises(RuntimeError, match="the cluster was closed before the work"):
        vectorizer(max_iter=100).fit(BAG)
    thread.join()
