"""A folder keeps the encoded corpus, and gives it back for the same documents only."""

import errno
import io
import os
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from skw2v.corpus import StoredIds, kept
from skw2v.corpus.kept import MAGIC, find, keep
from skw2v.corpus.numbering import number
from skw2v.text import keeping
from skw2v.text.documents import Analyzer
from skw2v.text.keeping import Proof


@pytest.fixture
def place(tmp_path):
    """Return a folder, in which there may be no other file at the end."""
    path = tmp_path / "kept"
    path.mkdir()
    yield path
    assert {each.name for each in path.iterdir()} <= {"corpus.skw2v"}


@pytest.fixture
def n_read(monkeypatch):
    """Return a list with an item for each time that documents were read."""
    times, read = [], keeping._read

    def counted(*arguments):
        times.append(1)
        return read(*arguments)

    monkeypatch.setattr(keeping, "_read", counted)
    return times


def assert_same_vectors(first, second):
    assert list(first.vocabulary_) == list(second.vocabulary_)
    for name in ("embeddings_", "output_embeddings_", "word_counts_", "word_weights_"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name


def fit_twice(make, place, n_read, documents, others, changes=None, **parameters):
    """Fit to documents, and then to others; return how often they were read.

    The second fit must give what it would without a folder.
    """
    make(corpus_storage=place, **parameters).fit(documents())
    parameters |= changes or {}
    second = make(corpus_storage=place, **parameters).fit(others())
    n = len(n_read)
    assert_same_vectors(second, make(**parameters).fit(others()))
    return n


ROWS = [["the", "cat", "ran"], ["stocks", "fell", "and", "stocks", "rose"], ["a", "b"]]
TEXTS = [" ".join(row) for row in ROWS]
KINDS = {
    "list of str": lambda: list(TEXTS),
    "tuple": lambda: tuple(TEXTS),
    "bytes": lambda: [text.encode() for text in TEXTS],
    "array": lambda: np.array(TEXTS),
    "array of objects": lambda: np.array(TEXTS, object),
    "Series": lambda: pd.Series(TEXTS, index=[3, 1, 2]),
    "DataFrame": lambda: pd.DataFrame({"text": TEXTS}),
    "polars": lambda: pl.Series(TEXTS),
    "pyarrow": lambda: pa.array(TEXTS),
    "lists of tokens": lambda: [list(row) for row in ROWS],
    "arrays of tokens": lambda: [np.array(row) for row in ROWS],
    "polars lists": lambda: pl.Series(ROWS),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_documents_are_not_read_again(make, place, n_read, kind):
    documents = KINDS[kind]
    assert fit_twice(make, place, n_read, documents, documents, weighting="idf") == 1


def test_rows_of_a_kept_corpus_are_the_same(make, texts, place, n_read):
    parameters = {"min_count": 2, "weighting": "idf", "pooling": ("mean", "max")}
    expected = make(**parameters).fit_transform(texts)
    del n_read[:]
    for _ in range(2):
        vectorizer = make(corpus_storage=os.fspath(place), **parameters)
        assert np.array_equal(vectorizer.fit_transform(texts), expected)
    assert len(n_read) == 1


def changed(position, document):
    def documents():
        return [*TEXTS[:position], document, *TEXTS[position + 1 :]]

    return documents


@pytest.mark.parametrize(
    "others",
    [
        changed(2, "a c"),
        changed(2, "a  b"),
        changed(2, ["a", "b"]),
        changed(2, b"a b"),
        lambda: TEXTS[::-1],
        lambda: TEXTS[:2],
        lambda: [*TEXTS, "a"],
        lambda: [*TEXTS, ""],
    ],
)
def test_other_documents_are_read(make, place, n_read, others):
    assert fit_twice(make, place, n_read, KINDS["list of str"], others) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"lowercase": True}, {"lowercase": False}),
        ({"token_pattern": r"\w+"}, {"token_pattern": r"\w\w+"}),
        ({"token_pattern": r"\w+"}, {"token_pattern": None}),
        ({"stop_words": ["the"]}, {"stop_words": ["cat"]}),
        ({"stop_words": None}, {"stop_words": "english"}),
        ({"strip_accents": None}, {"strip_accents": "ascii"}),
        ({"analyzer": "word"}, {"analyzer": "char"}),
        ({"encoding": "utf-8"}, {"encoding": "latin-1"}),
        ({"vocabulary": None}, {"vocabulary": ["cat", "the"]}),
        ({"vocabulary": ["cat", "the"]}, {"vocabulary": ["the", "cat"]}),
        ({"vocabulary": ["cat", "the"]}, {"vocabulary": {"cat": 1, "the": 0}}),
    ],
    ids=str,
)
def test_other_parameters_of_text_are_read_again(make, place, n_read, before, after):
    def documents():
        return [*TEXTS, "The the the cat, Ünïque", "the cat"]

    n = fit_twice(make, place, n_read, documents, documents, after, **before)
    assert n == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"min_count": 1}, {"min_count": 2}),
        ({"min_df": 1}, {"min_df": 2}),
        ({"max_df": 1.0}, {"max_df": 1}),
        ({"max_features": None}, {"max_features": 2}),
    ],
    ids=str,
)
def test_other_limits_choose_from_the_same_words(make, place, n_read, before, after):
    def documents():
        return [*TEXTS, "The the the cat, Ünïque", "the cat"]

    n = fit_twice(make, place, n_read, documents, documents, after, **before)
    assert n == 1


def test_other_parameters_of_training_are_not_read_again(make, place, n_read):
    changes = {"n_components": 3, "window": 1, "n_jobs": 2, "random_state": 1}
    documents = KINDS["list of str"]
    assert fit_twice(make, place, n_read, documents, documents, changes) == 1


def test_numbers_of_numpy_are_numbers(make, place, n_read):
    changes = {"min_count": np.int64(1), "max_df": np.float64(1.0)}
    documents = KINDS["list of str"]
    assert fit_twice(make, place, n_read, documents, documents, changes) == 1


def test_another_version_reads_again(make, place, monkeypatch, n_read):
    make(corpus_storage=place).fit(TEXTS)
    for name in ("skw2v", "scikit-learn", "python"):
        monkeypatch.setitem(keeping._VERSIONS, name, "another")
        make(corpus_storage=place).fit(TEXTS)
    assert len(n_read) == 4


def split(text):
    return text.split()


@pytest.mark.parametrize(
    ("documents", "parameters"),
    [
        (lambda: iter(TEXTS), {}),
        (lambda: (text for text in TEXTS), {}),
        (lambda: [io.StringIO(text) for text in TEXTS], {"input": "file"}),
        (KINDS["list of str"], {"tokenizer": split}),
        (KINDS["list of str"], {"preprocessor": str.lower}),
        (KINDS["list of str"], {"analyzer": split}),
        (KINDS["list of str"], {"strip_accents": str.lower}),
        (lambda: [*TEXTS, type("Text", (str,), {})("a b")], {}),
        (lambda: [[type("Word", (str,), {})("a"), "b"]], {}),
    ],
)
def test_nothing_is_kept_that_nothing_could_prove(
    make, place, n_read, documents, parameters
):
    n = fit_twice(make, place, n_read, documents, documents, **parameters)
    assert n == 2
    assert list(place.iterdir()) == []


def test_an_own_analyzer_of_a_subclass_proves_nothing(make, place):
    class Splitting(type(make())):
        def build_analyzer(self):
            return str.split

    Splitting(min_count=1, corpus_storage=place).fit(TEXTS)
    assert list(place.iterdir()) == []


def test_what_cannot_be_proved_leaves_the_kept_corpus(make, place, n_read):
    make(corpus_storage=place).fit(TEXTS)
    make(corpus_storage=place).fit(iter(["other", "words here"]))
    make(corpus_storage=place).fit(TEXTS)
    assert len(n_read) == 2


def test_documents_that_change_while_they_are_read_are_not_mistaken(
    make, place, n_read
):
    class Changing:
        n = 0

        def __iter__(self):
            self.n += 1
            return iter([f"a b c{self.n}", "a b"])

    documents = Changing()
    for n in (1, 3, 5):  # those of an even number are only compared
        vectorizer = make(corpus_storage=place).fit(documents)
        assert f"c{n}" in vectorizer.vocabulary_
    # What is kept belongs to the documents that were read.
    assert "c5" in make(corpus_storage=place).fit(["a b c5", "a b"]).vocabulary_
    assert len(n_read) == 3


@pytest.mark.parametrize("kind", [Path, str, os.fsencode])
def test_files_are_compared_by_their_contents(make, place, tmp_path, n_read, kind):
    paths = [tmp_path / f"{i}.txt" for i in range(3)]
    for path, text in zip(paths, TEXTS, strict=True):
        path.write_text(text, encoding="utf-8")
    documents = [*map(kind, paths), ["some", "tokens"]]
    vectorizer = make(corpus_storage=place, input="filename")
    first = vectorizer.fit(documents).embeddings_
    renamed = paths[0].rename(tmp_path / "renamed.txt")
    documents[0] = kind(renamed)
    assert np.array_equal(vectorizer.fit(documents).embeddings_, first)
    assert len(n_read) == 1
    renamed.write_text("a cat", encoding="utf-8")
    assert "the" not in vectorizer.fit(documents).vocabulary_
    assert len(n_read) == 2
    with pytest.raises(FileNotFoundError, match=re.escape("absent.txt")):
        vectorizer.fit([*documents, kind(tmp_path / "absent.txt")])


def test_no_two_documents_have_the_same_digest():
    documents = [
        [],
        [""],
        ["", ""],
        ["ab"],
        ["a", "b"],
        ["b", "a"],
        [b"ab"],
        [["ab"]],
        [["a", "b"]],
        [["a"], ["b"]],
        [["a", ""], ["b"]],
        [[]],
        [["text 1 a"]],
        ["text 1 a"],
        ["é"],
        ["é".encode()],
        ["\ud800"],
    ]
    keys = {Proof("settings", "content").of(each) for each in documents}
    assert None not in keys
    assert len(keys) == len(documents)
    assert Proof("others", "content").of(["ab"]) not in keys


def test_the_settings_of_an_analyzer_are_those_that_make_tokens():
    assert Analyzer(lowercase=True).settings == Analyzer(lowercase=True).settings
    assert Analyzer(lowercase=True).settings != Analyzer(lowercase=False).settings
    assert Analyzer(tokenizer=split).settings is None


@pytest.mark.parametrize("document", [None, np.nan, pd.NA, 3, {"a": 1}])
def test_documents_of_other_types_are_refused_as_elsewhere(make, place, document):
    make(corpus_storage=place).fit(TEXTS)
    messages = []
    for where in ("memory", place):
        with pytest.raises((TypeError, ValueError), match="Document 3") as caught:
            make(corpus_storage=where).fit([*TEXTS, document])
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


# Files


KEY = bytes(range(32))


@pytest.fixture
def path(place, random_documents):
    path = os.fspath(place / "corpus.skw2v")
    keep(path, *number(random_documents), KEY)
    return path


def test_a_kept_corpus_is_found(path, random_documents):
    expected, expected_words = number(random_documents)
    corpus, words = find(path, lambda: KEY)
    assert words == expected_words
    assert isinstance(corpus.ids, StoredIds)
    assert np.array_equal(corpus.ids[:], expected.ids)
    assert np.array_equal(corpus.offsets, expected.offsets)
    assert np.array_equal(corpus.n_dropped, np.zeros(len(random_documents), int))
    assert find(path, lambda: KEY[::-1]) is None
    assert find(path, lambda: None) is None


def test_slices_of_the_file_make_no_difference(path, random_documents, monkeypatch):
    content = Path(path).read_bytes()
    monkeypatch.setattr(kept, "SLICE", 3)
    assert find(path, lambda: KEY) is not None
    keep(path, *number(random_documents), KEY)
    assert Path(path).read_bytes() == content


def test_a_damaged_file_is_never_found(path):
    content = Path(path).read_bytes()
    rng = np.random.default_rng(0)
    damaged = [content[:n] for n in (len(MAGIC), 60, len(content) // 2, -1)]
    damaged.append(content + b"\0")
    for place in [13, 16, 47, 48, 80, *rng.integers(16, len(content), 30)]:
        flipped = bytearray(content)
        flipped[place] ^= 1 << rng.integers(8)
        damaged.append(bytes(flipped))
    for each in damaged:
        Path(path).write_bytes(each)
        assert find(path, lambda: KEY) is None


def test_a_damaged_file_is_replaced(make, place, n_read):
    first = make(corpus_storage=place).fit(TEXTS)
    file = place / "corpus.skw2v"
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    assert_same_vectors(make(corpus_storage=place).fit(TEXTS), first)
    assert file.read_bytes() == content
    assert len(n_read) == 2


@pytest.mark.parametrize("content", [b"", b"skw2v", b"my own notes on the corpus"])
def test_a_file_of_somebody_else_is_left_alone(make, place, n_read, content):
    file = place / "corpus.skw2v"
    file.write_bytes(content)
    with pytest.raises(FileExistsError, match=r"corpus\.skw2v was not written by"):
        make(corpus_storage=place).fit(TEXTS)
    assert file.read_bytes() == content
    assert not n_read


def test_a_full_disk_keeps_the_old_corpus(make, place, monkeypatch):
    make(corpus_storage=place).fit(TEXTS)
    content = (place / "corpus.skw2v").read_bytes()

    def fsync(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    message = f"can't be written to {re.escape(os.fspath(place))}: No space left"
    with pytest.raises(OSError, match=message):
        make(corpus_storage=place).fit(["another text", "another one"])
    assert (place / "corpus.skw2v").read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays there")
def test_a_corpus_in_use_may_be_replaced(path):
    corpus, _ = find(path, lambda: KEY)
    ids = corpus.ids[:]
    keep(path, *number([["others"] * 9] * 9), KEY)
    assert np.array_equal(corpus.ids[:], ids)
