"""The benchmarks run and measure what they claim; their figures are not checked."""

import argparse
import gzip
import importlib
import lzma
import os
import pickle
import re
import shlex
import subprocess
import sys
import tracemalloc
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from corpora import DEFAULTS as HYPERPARAMETERS

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.training.changes import Change, RowChanges
from skw2v.training.hyperparameters import Hyperparameters
from skw2v.training.model import Model

FOLDER = Path(__file__).parents[1] / "benchmarks"
SMALL = ["--words=20000", "--components=8", "--pairs=1", "--epochs=1", "--seeds=0"]


def script(name):
    """Return a fixture that imports a benchmark."""

    @pytest.fixture
    def module(monkeypatch):
        pytest.importorskip("gensim", reason="gensim has no wheels for Python 3.14")
        matplotlib.use("Agg")
        monkeypatch.syspath_prepend(FOLDER)
        return importlib.import_module(name)

    return module


compare_gensim = script("compare_gensim")
compare_evaluation = script("compare_evaluation")
document_vectors = script("document_vectors")
second_halves = script("second_halves")
nearest_documents = script("nearest_documents")
sif = script("sif")
compare_reading = script("compare_reading")
reading_documents = script("reading_documents")
quality = script("quality")
scaling = script("scaling")
learning_curves = script("learning_curves")
kinds = script("kinds")
feature_union = script("feature_union")
roofline = script("roofline")
sorted_corpus = script("sorted_corpus")
streams = script("streams")
small_corpora = script("small_corpora")
how_much_text = script("how_much_text")
min_count = script("min_count")
language_model = script("language_model")
larger_than_memory = script("larger_than_memory")
averages = script("averages")
cluster = script("cluster")
compare_peer = script("compare_peer")
memory = script("memory")
performance = script("performance")
phrases = script("phrases")
pooling_speed = script("pooling_speed")
rounds = script("rounds")
subwords = script("subwords")
subwords_english = script("subwords_english")
tables = script("tables")
workers = script("workers")
texts = script("texts")
turns = script("turns")


# Takes 3 seconds for five tables of both libraries and models.
def test_tables(compare_gensim, capsys):
    names = ["training", "fit", "transform", "jobs", "quality"]
    frames = compare_gensim.main([*SMALL, "--tables", *names])
    printed = capsys.readouterr().out
    assert list(frames) == names
    for name, frame in frames.items():
        assert compare_gensim.TABLES[name].__doc__ in printed
        assert len(frame) >= 2
        if name == "quality":  # with so few words, few questions can be answered
            frame = frame[frame["items"] > 1]
        assert np.isfinite(frame.select_dtypes("number")).all(axis=None)


def test_both_libraries_evaluate_the_same_table(compare_evaluation, capsys):
    questions = compare_evaluation.questions_of(2000)
    assert sum(line.startswith(":") for line in questions) == 14
    theirs, ours = compare_evaluation.random_tables(questions, 3000, 4)
    assert theirs.index_to_key == list(ours)
    np.testing.assert_array_equal(theirs.vectors, ours.vectors)
    options = ["--components=4", "--every=2000", "--turns=1"]
    frame = compare_evaluation.main(["--words", "3000", "4000", *options])
    assert "items per second" in capsys.readouterr().out
    jobs = ["analogies", "SimLex-999", "most_similar", "nearest"]
    assert frame["job"].tolist() == jobs * 2
    assert frame["words"].tolist() == [3000] * 4 + [4000] * 4
    assert (frame[["gensim", "skw2v", "ratio"]] > 0).all(axis=None)


def traced_mebibytes(*call):
    """Pickle a call as for a fresh process, but trace its memory in this process.

    Nine fresh processes would take 20 seconds, because each imports everything.
    """
    function, *arguments = pickle.loads(pickle.dumps(call))
    tracemalloc.start()
    function(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


# Takes 2 to 3 seconds for four files, read by both libraries.
@pytest.mark.filterwarnings("ignore:Exception ignored")  # gensim doesn't close files
def test_reading_is_measured_in_all_formats(compare_reading, monkeypatch, capsys):
    monkeypatch.setattr(compare_reading, "in_fresh_process", traced_mebibytes)
    frames = compare_reading.main(["--words=1000", "--components=100", "--pairs=1"])
    printed = capsys.readouterr().out
    for frame in frames:
        assert frame["file"].tolist() == list(compare_reading.FILES)
        assert (frame.select_dtypes("number") > 0).all(axis=None)
    assert (frames[1][["gensim", "skw2v"]] >= 1).all(axis=None)  # the matrix itself
    assert "Words per second." in printed
    assert "Peak memory above the imports" in printed


# Takes 4 to 5 seconds because two fresh processes import everything.
def test_reading_is_measured_in_fresh_processes(reading_documents, capsys, tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_text("a b c\n" * 100)
    table = reading_documents.main(["--corpus", str(path), "--turns", "1"])
    assert "600 characters" in capsys.readouterr().out
    assert table.columns.tolist() == ["one process", "several", "ratio", "min", "max"]
    assert (table > 0).all(axis=None)


def test_workers_are_compared_with_a_single_one(workers):
    arguments = "--words=3000 --components=4 --epochs=3 --pairs=2 --workers 1 2"
    table = workers.main(arguments.split())
    assert table["model"].tolist() == ["skipgram"] * 2 + ["cbow"] * 2
    assert table["workers"].tolist() == [1, 2] * 2
    assert (table["tokens/s"] > 0).all()
    assert (table.loc[table["workers"] == 1, ["min", "max"]] == 1).all(axis=None)
    assert ((table["min"] <= table["ratio"]) & (table["ratio"] <= table["max"])).all()


def test_workers_that_learn_other_vectors_are_an_error(workers, monkeypatch):
    monkeypatch.setattr(
        workers, "speed_and_vectors", lambda vectorizer, _: (1.0, vectorizer.n_jobs)
    )
    with pytest.raises(RuntimeError, match="2 workers have learned other vectors"):
        workers.main(["--words=100", "--pairs=1", "--workers", "1", "2"])


def test_scaling_measures_both_models_at_all_sizes(scaling, capsys, tmp_path):
    figure = tmp_path / "curves.png"
    frames = scaling.main(
        "--lengths 4e3 8e3 --words 100 1e3 --random-length 5e3 --turns 1 "
        f"--components 4 --figure {figure}".split()
    )
    assert "time ~ size **" in capsys.readouterr().out
    for frame in frames.values():
        assert len(frame) == 4
        assert (frame["median"] > 0).all()
    assert frames["distinct words"]["size"].tolist() == [100, 1000] * 2
    assert figure.stat().st_size > 1000


def test_linear_time_has_the_exponent_1(scaling):
    frame = pd.DataFrame({"size": [1e6, 1e7], "median": [500.0, 500.0]})
    assert scaling.slope(frame) == pytest.approx(1)
    assert scaling.slope(frame.assign(median=[500, 5000])) == pytest.approx(2)


def test_learning_curves_have_a_point_for_each_training(learning_curves, tmp_path):
    figure = tmp_path / "quality.png"
    frame = learning_curves.main(
        f"--words 20000 --epochs 1 2 --model cbow --figure {figure}".split()
    )
    assert frame["library"].tolist() == ["gensim", "skw2v"] * 2
    assert frame["epochs"].tolist() == [1, 1, 2, 2]
    assert (frame["seconds"] > 0).all()
    assert figure.stat().st_size > 1000


def test_kinds_of_word_vectors_are_compared(kinds):
    frame = kinds.main(["--words", "20000", "--models", "cbow", "--seeds", "1"])
    assert frame["kind"].nunique() == len(frame) == 5
    assert (frame["model"] == "cbow").all()


def test_small_corpora_are_compared_in_quality_and_speed(small_corpora, monkeypatch):
    lee = small_corpora.load_lee()[:40]
    monkeypatch.setattr(small_corpora, "load_lee", lambda: lee)
    options = ["--seeds=1", "--turns=1", "--sizes", "100", "500"]
    quality, speed = small_corpora.main(options)
    assert quality["corpus"].tolist() == ["lee"] * 8 + ["lecture"] * 8
    assert quality["mean"].between(0, 1).all()
    assert speed["tokens"].tolist() == [100, 100, 500, 500]
    assert (speed[["gensim", "skw2v"]] > 0).all(axis=None)
    ratio = speed["gensim"] / speed["skw2v"]
    np.testing.assert_allclose(speed[["ratio", "lowest", "highest"]].T, [ratio] * 3)


@pytest.mark.parametrize("n_tokens", [1, 3, 4, 10])
def test_a_corpus_ends_after_its_first_tokens(small_corpora, n_tokens):
    documents = [["a"] * 3, ["b"], [], ["c"] * 9]
    cut = small_corpora.first_tokens(documents, n_tokens)
    assert list(chain(*cut)) == list(chain(*documents))[:n_tokens]


# Takes 4 to 5 seconds for 16 trainings with their defaults.
def test_accuracy_is_measured_for_each_number_of_documents(
    how_much_text, monkeypatch, tmp_path
):
    packages = [part[:40] for part in how_much_text.load_packages()]
    monkeypatch.setattr(how_much_text, "load_packages", lambda: packages)
    lines = ["the cat sat on the mat", "a dog ran from the cat"] * 20
    (tmp_path / "R8.txt").write_text("\n".join(lines), encoding="utf-8")
    parts = ["train"] * 30 + ["test"] * 10
    rows = [f"{i}\t{part}\t{'xy'[i % 2]}" for i, part in enumerate(parts)]
    (tmp_path / "R8.labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    figure = tmp_path / "figure.png"
    frame = how_much_text.main(
        f"--documents 20 30 --draws 1 --r8 {tmp_path} --figure {figure}".split()
    )
    # Data sets, numbers of documents, kinds of features, classifiers.
    assert len(frame) == 2 * 2 * 5 * 2
    assert frame["accuracy"].between(0, 1).all()
    assert (frame.loc[frame["corpus"] == "R8", "accuracy"] == 1).any()
    assert figure.stat().st_size > 1000


@pytest.fixture
def some_packages(document_vectors, monkeypatch):
    """Let the docstrings be a few."""
    packages = document_vectors.load_packages()
    few = type(packages)(*(part[:60] for part in packages))
    monkeypatch.setattr(document_vectors, "load_packages", lambda seed: few)


def test_document_vectors_are_compared_setting_by_setting(
    document_vectors, some_packages, tmp_path
):
    for name in ("mr", "R8"):
        lines = ["the cat sat on the mat", "a dog ran from the cat"] * 20
        (tmp_path / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
        parts = ["train"] * 30 + ["test"] * 10
        rows = [f"{i}\t{part}\t{'xy'[i % 2]}" for i, part in enumerate(parts)]
        path = tmp_path / f"{name}.labels.tsv"
        path.write_text("\n".join(rows), encoding="utf-8")
    frame = document_vectors.main(
        f"--data docstrings mr R8 --folder {tmp_path} --components 4 --labels 25 "
        "--weightings idf --poolings mean clusters,max --clusters 2 --removed -1 1 "
        "--baselines".split()
    )
    assert len(frame) == 3 * (2 + 2 * 2)
    assert frame["accuracy"].between(0, 1).all()
    simple = frame.loc[frame["data"] != "docstrings"]
    assert (simple["accuracy"] == 1).any()
    assert "idf clusters,max 2 without 1" in {*frame["setting"]}
    assert (frame["labels"] == 25).all()


def test_document_vectors_are_compared_with_few_labels_and_with_pieces_of_words(
    document_vectors, some_packages
):
    assert document_vectors.pieces("나 Pizza") == [
        *("_나_", "_나", "나_"),
        *("_pizza_", "_p", "pi", "iz", "zz", "za", "a_"),
    ]
    options = "--components 4 --weightings uniform --poolings mean --labels 25 0"
    words = document_vectors.main(options.split())
    more = ["--pieces", "--Cs", "1", "--parameters", '{"max_iter": 1}']
    frame = document_vectors.main([*options.split(), *more])
    assert frame["labels"].tolist() == words["labels"].tolist() == [25, 0]
    assert frame["accuracy"].between(0, 1).all()


def test_korean_reviews_are_read_with_their_labels(document_vectors, tmp_path):
    text = 'split\tlabel\ttext\ntrain\t1\t좋다 "최고\ntest\t0\tNA\n'
    with lzma.open(tmp_path / "reviews.tsv.xz", "wt", encoding="utf-8") as file:
        file.write(text)
    split = document_vectors.load_reviews(tmp_path)
    assert split.X.tolist() == ['좋다 "최고']
    assert split.y.tolist() == [1]
    assert split.X_test.tolist() == ["NA"]


def test_vectors_are_compared_with_those_of_language_models(
    language_model, monkeypatch, capsys
):
    texts = np.array(["a b c a", "d e f d"] * 20, dtype=object)
    split = importlib.import_module("labeled").Split(texts, texts, texts, texts)
    monkeypatch.setattr(language_model, "load", lambda name, options, seed: split)
    monkeypatch.setattr(language_model, "CS", {"standard": [1], "unit": [1]})
    quick = partial(SkipGramVectorizer, n_components=4, max_iter=1, n_clusters=2)
    monkeypatch.setattr(language_model, "SkipGramVectorizer", quick)
    lengths = {"lengths": lambda options: lambda X: np.array([[len(x)] for x in X])}
    monkeypatch.setattr(language_model, "MODELS", lengths)
    frame = language_model.main(["--labels", "20", "30", "--models", "lengths"])
    vectors = ["TF-IDF", "skip-gram", "its clusters", "lengths"]
    assert frame["vectors"].tolist() == vectors
    assert frame["columns"].tolist()[1:] == [4, 8, 1]
    assert frame[["20 labels", "30 labels"]].stack().between(0, 1).all()
    assert (frame[["seconds to learn", "documents per second"]] > 0).all(axis=None)
    assert "| lengths | 1 |" in capsys.readouterr().out


def test_speeds_of_poolings_are_compared(pooling_speed, document_vectors, monkeypatch):
    packages = document_vectors.load_packages()
    few = type(packages)(*(part[:60] for part in packages))
    monkeypatch.setattr(pooling_speed, "load_packages", lambda: few)
    options = ["--models=cbow", "--turns=1", "--clusters", "2", "3"]
    frame = pooling_speed.main(options)
    assert frame["method"].tolist() == ["fit", "transform"] * 2
    ratio = frame["mean"] / frame["clusters"]
    np.testing.assert_allclose(1 / frame["ratio"], ratio)


TWO_CLUSTERS = {"pooling": "clusters", "n_clusters": 2}


def test_phrases_are_measured_in_speed_and_accuracy(
    phrases, tmp_path, monkeypatch, capsys
):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("new york is new and york is old\n" * 9, encoding="utf-8")
    monkeypatch.setitem(phrases.POOLINGS, "2 clusters", ("unit", TWO_CLUSTERS))
    monkeypatch.delitem(phrases.POOLINGS, "60 clusters, idf")
    lines = "\n".join(["new york is big", "a day in may"] * 30)
    (tmp_path / "mr.txt").write_text(lines, encoding="utf-8")
    parts = ["train"] * 40 + ["test"] * 20
    rows = [f"{i}\t{part}\t{'xy'[i % 2]}" for i, part in enumerate(parts)]
    (tmp_path / "mr.labels.tsv").write_text("\n".join(rows), encoding="utf-8")
    tables = phrases.main(
        f"--corpus {corpus} --turns 1 --data mr --folder {tmp_path} "
        "--kinds none --thresholds 0.1".split()
    )
    assert "Tokens per second" in capsys.readouterr().out
    assert (tables["speed"][["gensim", "skw2v", "ratio"]] > 0).all(axis=None)
    assert len(tables["speed"]) == len(phrases.CASES)
    assert len(tables["accuracy"]) == 1 + len(phrases.POOLINGS)
    assert (tables["accuracy"]["mean"] == 1).any()


def test_both_libraries_join_the_same_phrases_in_the_benchmark(phrases):
    texts = ["new york is big", "the bank of america in new york"] * 6
    sentences = [text.split() for text in texts]
    for connectors in (None, "english"):
        theirs = phrases.with_gensim_from_text(texts, "npmi", connectors)
        assert theirs == phrases.with_gensim(sentences, "npmi", connectors)
        assert theirs == phrases.with_skw2v(sentences, "npmi", connectors)
        expected = list(map(" ".join, theirs))
        assert expected == phrases.with_skw2v(texts, "npmi", connectors)
        assert theirs != sentences


def test_second_halves_are_found(second_halves, monkeypatch):
    halves = second_halves.load_halves(every=150)
    monkeypatch.setattr(second_halves, "load_halves", lambda: halves)
    frame = second_halves.main(
        ["--components=4", "--weightings=idf", "--poolings=mean", "--removed=1"]
    )
    assert frame["setting"].tolist() == ["TF-IDF", "idf mean without 1"]
    assert frame["share"].iloc[0] > 0.5
    first = np.eye(3)
    assert second_halves.share_found(first, first[[0, 2, 1]]) == 1 / 3


def test_exact_search_finds_all_neighbors(nearest_documents, monkeypatch):
    few = SimpleNamespace(data=nearest_documents.load_docstrings().data[::100])
    monkeypatch.setattr(nearest_documents, "load_docstrings", lambda **_: few)
    frame = nearest_documents.main(
        ["--documents=50", "--queries=5", "--indexes=NearestNeighbors"]
    )
    assert frame["index"].tolist() == ["NearestNeighbors"]
    assert frame["found"].tolist() == [1]


def test_values_of_a_are_compared(sif, monkeypatch):
    halves = sif.load_halves(every=150)
    monkeypatch.setattr(sif, "load_halves", lambda: halves)
    before = sif.weighting.SIF
    frame = sif.main(["--data=halves"])
    assert frame["rule"].tolist() == ["0.0001", "0.001", "0.01", "uSIF"]
    assert frame["score"].nunique() > 1
    assert before == sif.weighting.SIF


# Takes 2 to 3 seconds to train both models with their defaults.
def test_features_are_compared_with_few_labels_and_with_all(feature_union, capsys):
    frame = feature_union.main(["--labels=60", "--seeds=1", "--every=50"])
    assert "TF-IDF and CBOW" in capsys.readouterr().out
    assert frame["labels"].nunique() == 2
    assert len(frame) == 2 * frame["features"].nunique() == 10
    assert frame["accuracy"].between(0.3, 1).all()


# Takes 3 seconds to train eight models with their defaults.
def test_streams_are_compared_with_one_fit_and_with_gensim(streams, capsys):
    quick = ["--every", "40", "--seeds", "0", "--batches", "3", "--model", "cbow"]
    frame = streams.main(quick)
    assert len(frame) == 2 * 3
    assert frame["accuracy mean"].between(0.3, 1).all()
    drifts = frame.loc[("cbow", "shuffled", "partial_fit"), "cosine mean"]
    assert 0 < drifts < 1
    assert "| partial_fit |" in capsys.readouterr().out


def test_both_libraries_read_sorted_and_shuffled_documents(sorted_corpus, capsys):
    frame = sorted_corpus.main(["--every", "100", "--seeds", "0"])
    assert len(frame) == 2 * 2 * 2
    assert frame["mean"].between(0.2, 1).all()
    assert "shuffled" in capsys.readouterr().out


def test_the_steps_of_the_profile_add_up(roofline, capsys, monkeypatch):
    monkeypatch.setattr(roofline, "machine_limits", lambda: {"sgemm, GFLOP/s": 1.0})
    _, tables = roofline.main(["--words=20000", "--components=8"])
    printed = capsys.readouterr().out
    for model, table in tables.items():
        assert f"{model}, " in printed
        assert table["share"].sum() == pytest.approx(1)
        assert table["share"].min() > 0
        assert table.loc["products (np.matmul)", "GFLOP/s"] > 0


# Takes 3 to 4 seconds because two fresh processes import everything. Both jobs take
# more than the imports, whose pages can be discarded where memory is scarce.
def test_memory_is_that_of_the_job(memory):
    (few, none), (many, _) = (
        memory.peaks_of(np.ones, n) for n in (2**26, 2**26 + 2**25)
    )
    assert 250 < many - few < 270  # 2**25 doubles are 256 MiB
    assert none == 0  # no additional process


def test_the_corpus_is_cut_and_long_documents_are_split(texts, tmp_path):
    path = tmp_path / "corpus.txt.gz"
    lines = ["A, b!\n", "c " * 15_000 + "\n", "never read\n"]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(lines)
    corpus = texts.load_corpus(path, 10_000)
    assert corpus.texts == lines[:2]
    assert corpus.sentences == [["a", "b"], ["c"] * 10_000, ["c"] * 5_000]
    assert corpus.n_words == 15_002


def test_both_libraries_get_the_same_settings(compare_gensim):
    options = compare_gensim.parse(["--jobs", "3", "--window", "7"])
    for model, class_name in (
        ("skipgram", "SkipGramVectorizer"),
        ("cbow", "CBOWVectorizer"),
    ):
        settings = compare_gensim.gensim_settings(options, model, 8)
        vectorizer = compare_gensim.make_vectorizer(options, model, 8)
        assert type(vectorizer).__name__ == class_name
        assert settings["sg"] == (model == "skipgram")
        for name, ours in {
            "vector_size": "n_components",
            "window": "window",
            "negative": "negative",
            "sample": "subsample",
            "min_count": "min_count",
            "epochs": "max_iter",
            "workers": "n_jobs",
        }.items():
            assert settings[name] == getattr(vectorizer, ours)
        assert settings["hs"] == 0


def test_both_libraries_use_hierarchical_softmax(compare_gensim):
    options = compare_gensim.parse(["--loss", "hierarchical_softmax"])
    settings = compare_gensim.gensim_settings(options, "cbow", 8)
    assert (settings["hs"], settings["negative"]) == (1, 0)
    vectorizer = compare_gensim.make_vectorizer(options, "cbow", 8)
    assert vectorizer.loss == "hierarchical_softmax"


def test_averages_by_hand_equal_transform(averages, quality):
    texts = ["one two two", "two three. One!", "", "four"]
    vectorizer = CBOWVectorizer(
        n_components=3, vocabulary=["one", "two", "three"], subsample=0, random_state=0
    ).fit(texts)
    table = quality.keyed_vectors(list(vectorizer.vocabulary_), vectorizer.embeddings_)
    for average in (averages.average_by_hand, averages.average_rows_by_hand):
        np.testing.assert_allclose(
            averages.of_texts(average)(table, texts),
            vectorizer.transform(texts),
            rtol=1e-5,
        )


def test_jobs_take_turns(turns):
    calls = []

    def job(name, seconds):
        calls.append(name)
        return seconds

    record = turns.compare(
        {"slow": lambda: job("slow", 4), "fast": lambda: job("fast", 2)}, 3, 100
    )
    assert calls == ["slow", "fast", "fast", "slow", "slow", "fast"]
    assert record == {"slow": 25, "fast": 50, "ratio": 2, "min": 2, "max": 2}


def test_the_last_job_is_compared_with_the_fastest_of_the_others(turns):
    jobs = {"slow": lambda: 8, "fast": lambda: 4, "ours": lambda: 2}
    record = turns.compare(jobs, 2, 8)
    assert record == {"slow": 1, "fast": 2, "ours": 4, "ratio": 2, "min": 2, "max": 2}


def test_tables_are_markdown_with_ranges(tables, capsys):
    frame = pd.DataFrame(
        {"tokens": [1600], "speed": 298324.4, "ratio": 4.5, "min": 3.812, "max": np.nan}
    )
    tables.show(frame, "Speed.")
    assert capsys.readouterr().out == (
        "\nSpeed.\n\n"
        "| tokens | speed | ratio [range] |\n"
        "| --- | --- | --- |\n"
        "| 1,600 | 298,324 | 4.50 [3.81, ] |\n"
    )


# Takes 5 seconds because fresh processes import everything.
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_fits_from_disk_are_measured(larger_than_memory, tmp_path):
    figure = tmp_path / "memory.png"
    frames = larger_than_memory.main(
        "--tokens 3e4 --sizes 2e4 --words 50 --components 4 --jobs 1 --turns 1 "
        f"--figure {figure}".split()
    )
    assert frames["limited"]["tokens"].tolist() == [30_000]
    assert frames["curve"]["corpus_storage"].tolist() == ["memory", "disk"]
    for frame in frames.values():
        assert (frame.select_dtypes("number") >= 0).all(axis=None)
    assert figure.stat().st_size > 1000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_address_space_of_a_fit_is_limited(larger_than_memory, memory):
    options = argparse.Namespace(words=50, components=4, jobs=1)
    measured = larger_than_memory.measured_fit, options, 300_000
    with pytest.raises(MemoryError):
        memory.in_fresh_process(*measured, "memory", 0)


def test_random_text_has_zipf_frequencies(larger_than_memory):
    documents = list(larger_than_memory.zipf_text(100_001, 30))
    counts = Counter(" ".join(documents).split())
    assert len(documents) == 501
    assert counts.total() == 100_001
    assert len(counts) == 30
    assert counts["w1"] / counts["w15"] == pytest.approx(
        np.log(2) / np.log(16 / 15), rel=0.1
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_memory_of_a_process_is_its_own(memory):
    code = "held = b'x' * 2**26; print(flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        process.stdout.readline()
        assert process.pid in memory.descendants(os.getpid())
        before = memory.added_mebibytes(process.pid)
        process.communicate(b"\n")
    assert 64 < before < 96  # `held` has 64 MiB
    assert memory.added_mebibytes(process.pid) == 0


def test_the_time_of_a_program_is_that_of_the_epochs_after_the_first(
    compare_peer, monkeypatch
):
    def seconds_of(run, command, values):
        return 7 + 2 * values["epochs"]

    monkeypatch.setattr(compare_peer, "seconds_of", seconds_of)
    assert compare_peer.peer_training("program", {}, 3) == 6


def test_programs_get_the_n_grams_and_buckets(compare_peer, tmp_path):
    program = (
        "import sys, time; time.sleep(int(sys.argv[1]) / 50); "
        "open(sys.argv[2], 'a').write(' '.join(sys.argv[3:]))"
    )
    log, python = tmp_path / "log", shlex.quote(sys.executable)
    names = "{epochs} " + str(log) + " {model} {shortest} {longest} {buckets}"
    options = (
        "--words=3000 --components=4 --model=cbow --pairs=1 --epochs=1 --subwords 3 4"
    )
    peer = ["--buckets=50", "--peer", f'{python} -c "{program}" {names}']
    frame = compare_peer.main([*options.split(), *peer])
    assert frame["program"].str.startswith("skw2v").tolist() == [False, True]
    assert log.read_text(encoding="utf-8") == "cbow 3 4 50" * 2  # one epoch, and two


def test_english_words_are_hidden_and_compared(subwords_english, capsys):
    hidden = subwords_english.hidden_words()
    assert {"abdomen", "alcohol"} <= hidden
    assert not {"king", "queen", "good"} & hidden  # of analogies
    options = "--words 60000 --components 4 --epochs 1 --model cbow --buckets 50 90"
    frame = subwords_english.main(options.split())
    assert frame["by"].tolist() == ["skw2v, 50 buckets", "skw2v, 90 buckets"]
    assert frame["WordSim-353, unseen"].between(-1, 1).all()
    assert "SimLex-999, rare" in capsys.readouterr().out


def test_a_typo_changes_each_word_of_korean_reviews(subwords):
    texts = ["영화 재미있다", "배우 연기"]
    changed = subwords.with_typos(texts, np.random.default_rng(0))
    for text, other in zip(texts, changed, strict=True):
        assert len(other.split(" ")) == len(text.split(" "))
        assert other != text


# Takes 2 to 3 seconds because it runs all parts of the report, on little text.
def test_all_measurements_go_into_one_report(performance, monkeypatch, tmp_path):
    def in_this_process(function, *arguments):
        return function(*arguments)

    monkeypatch.setattr(performance, "in_fresh_process", in_this_process)
    corpus, report = tmp_path / "corpus.txt", tmp_path / "report.md"
    corpus.write_text("the cat sat on the mat\n" * 3000, encoding="utf-8")
    program = "import sys, time; time.sleep(float(sys.argv[1]) / 10); open(sys.argv[2])"
    peer = f"{shlex.quote(sys.executable)} -c '{program}' {{epochs}} {{corpus}}"
    sections = ["training", "peer", "scaling", "curves"]
    options = f"--quick --corpus={corpus} --report={report} --only".split()
    performance.main([*options, *sections, "--peer", peer])
    text = report.read_text(encoding="utf-8")
    assert re.findall("^## (.*)", text, re.M) == sections
    assert "numpy" in text
    assert text.count("| skipgram | 8 |") == 4
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "scaling.png",
        "quality.png",
    }


def test_a_failed_measurement_does_not_end_the_others(
    performance, monkeypatch, tmp_path
):
    monkeypatch.setattr(performance, "in_fresh_process", lambda run, *args: run(*args))
    report = tmp_path / "report.md"
    options = f"--quick --corpus=absent --report={report} --only".split()
    with pytest.raises(SystemExit, match="failed: training"):
        performance.main([*options, "training", "evaluation"])
    text = report.read_text(encoding="utf-8")
    assert "FileNotFoundError" in text
    assert "items per second" in text


def test_all_scripts_can_be_tried_quickly(performance):
    scripts = {
        command.split()[0]
        for section in performance.SECTIONS.values()
        for command in section.commands
    }
    assert scripts == set(performance.QUICK)
    assert set(performance.APART) < set(performance.SECTIONS)


# Takes 3 to 4 seconds to train eight models with three folds each.
def test_both_models_are_measured_with_each_min_count(min_count):
    frame = min_count.main(["--every=200"])
    assert len(frame) == 2 * 4
    assert frame["accuracy"].between(0.2, 1).all()


def test_the_scores_of_too_few_words_are_nan(quality):
    table = quality.keyed_vectors(["old", "new"], np.eye(2))
    scores = quality.evaluate(table)
    assert scores["SimLex-999"] == (pytest.approx(np.nan, nan_ok=True), 1)
    assert scores["analogies"] == (pytest.approx(np.nan, nan_ok=True), 0)


def test_rounds_are_simulated(rounds, capsys):
    frames = rounds.main(
        ["--words=4000", "--components=4", "--epochs=1", "--model=cbow", "--shards=2"]
    )
    assert "Rounds whose exchange takes a fifth of the time" in capsys.readouterr().out
    assert list(frames["quality"]["way"]) == ["one machine", *rounds.WAYS]
    changed = frames["changes"]
    assert (changed["changed rows"] <= changed["of"]).all()
    exchange = frames["exchange"].set_index(["tokens", "machines"])
    large = exchange.loc[(f"{10**11:,}", 100)]
    assert large["rows: rounds per epoch"] > 5 * large["tree: rounds per epoch"] > 0


def test_ways_to_combine_what_shards_have_changed(rounds):
    """A row that all shards move in the same way, and one that a single shard moves."""
    before = np.zeros((2, 2), np.float32)
    model = Model(Hyperparameters(**HYPERPARAMETERS), np.ones(2, int), before, before)
    both, one = [[1, 0], [0, 1]], [[1, 0]]
    changes = [
        Change(i, row_changes(rows), row_changes(rows), 0.0, 0.0, 0.0)
        for i, rows in enumerate([both, one, one])
    ]
    expected = {
        "sum": [3, 1],
        "mean": [1, 1 / 3],
        "mean where changed": [1, 1],
        "projection": [1, 1],
    }
    for way, sizes in expected.items():
        combined = rounds.WAYS[way](model, changes)
        for matrix in (combined.input_matrix, combined.output_matrix):
            np.testing.assert_allclose(matrix, np.diag(sizes), rtol=1e-6)
    assert not before.any()


def row_changes(rows):
    """Return changes of the first rows of a matrix."""
    ones = np.ones(len(rows), np.float32)
    return RowChanges(np.arange(len(rows)), np.array(rows, np.float32), ones, ones)


def test_a_cluster_reads_the_documents_of_the_other_processes(cluster, tmp_path):
    texts = [f"w{i} w{2 * i}" for i in range(10)]
    paths = cluster.write(texts, tmp_path, n_files=3)
    assert len(paths) == 3
    assert [text.rstrip("\n") for text in cluster.read(paths)] == texts
    assert cluster.db.read_text(paths).compute() == [*cluster.read(paths)]


def test_partitions_of_a_cluster_are_made_again_alike(cluster, monkeypatch):
    monkeypatch.setattr(cluster, "TOKENS", 1000)
    first, second = (cluster.make_partition(number, 50) for number in (0, 1))
    assert sum(len(text.split()) for text in first) == 1000
    assert cluster.make_partition(0, 50) == first != second
