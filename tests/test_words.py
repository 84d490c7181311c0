"""Words as two arrays, in files and in pickles."""

import copy
import pickle
import pickletools
from io import BytesIO

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from skw2v import PretrainedVectorizer, WordVectors
from skw2v.corpus.words import pack_words, unpack_words

WORDS = ["up", "", "위", "a b", "\0", "\n", "\ud800", "\ud83d", "\ude00", "\U0001f600"]
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def table():
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), 3))
    return WordVectors(WORDS, vectors)


@given(st.lists(st.text(st.characters(codec=None, categories=None)), unique=True))
@settings(derandomize=True, deadline=None)
def test_words_come_back_from_arrays(words):
    packed = pack_words(words)
    assert packed["words"].dtype == np.uint8
    assert packed["word_offsets"].dtype == np.int64
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    assert packed["words"].tobytes() == b"".join(encoded)
    assert np.diff(packed["word_offsets"]).tolist() == list(map(len, encoded))
    assert unpack_words(packed) == words


@pytest.mark.parametrize("words", [["a", 1], [b"a"], ["a", None]])
def test_only_words_are_packed(words):
    with pytest.raises(TypeError, match="words must hold words, of type str; got"):
        pack_words(words)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_table_comes_back_from_a_pickle(table, protocol):
    loaded = pickle.loads(pickle.dumps(table, protocol))
    assert loaded == table
    assert loaded.words == table.words
    assert set(map(type, loaded.words)) == {str}
    assert not loaded.vectors.flags.writeable
    assert loaded.most_similar("up") == table.most_similar("up")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_does_not_grow_by_an_object_for_each_word(protocol):
    words = [f"w{i}" for i in range(5000)]
    names = set()

    class Counting(pickle._Pickler):
        def save_str(self, text):
            names.add(text)
            super().save_str(text)

        dispatch = pickle._Pickler.dispatch | {str: save_str}

    Counting(BytesIO(), protocol).dump(WordVectors(words, np.zeros((5000, 1))))
    assert not names & set(words)


def test_an_empty_table_comes_back_from_a_pickle():
    loaded = pickle.loads(pickle.dumps(WordVectors([], np.empty((0, 4)))))
    assert loaded.vectors.shape == (0, 4)


class Own(WordVectors):
    """A subclass, which a pickle keeps."""


def test_a_subclass_comes_back_from_a_pickle(table):
    assert type(pickle.loads(pickle.dumps(Own(table.words, table.vectors)))) is Own


def test_copies_and_clones_share_the_table(table):
    assert copy.copy(table) is table
    assert copy.deepcopy(table) is table
    assert clone(PretrainedVectorizer(table)).vectors is table


def test_what_is_unpickled_is_checked(table):
    restore, (cls, words, vectors) = table.__reduce__()
    with pytest.raises(ValueError, match="one row for each of the 10 words"):
        restore(cls, words, vectors[1:])
    with pytest.raises(ValueError, match="holds NaN or infinity"):
        restore(cls, words, np.full_like(vectors, np.nan))
    offsets = words["word_offsets"]
    with pytest.raises(ValueError, match="don't split the bytes"):
        restore(cls, words | {"word_offsets": offsets[::-1]}, vectors)
    with pytest.raises(ValueError, match="words holds '' twice"):
        restore(
            cls,
            words | {"word_offsets": np.where(offsets == offsets[-1], offsets, 0)},
            vectors,
        )


def test_equal_tables_have_one_hash_and_others_another(table):
    again = WordVectors(list(WORDS), table.vectors.copy())
    assert joblib.hash(again) == joblib.hash(table)
    other = WordVectors([*WORDS[:-1], "down"], table.vectors)
    assert joblib.hash(other) != joblib.hash(table)
    turned = WordVectors(WORDS[::-1], table.vectors)
    assert joblib.hash(turned) != joblib.hash(table)
    # The same bytes, split elsewhere.
    one, two = (WordVectors(words, [[1], [2]]) for words in (["ab", "c"], ["a", "bc"]))
    assert joblib.hash(one) != joblib.hash(two)


def test_a_table_is_stored_and_hashed_as_a_few_objects(monkeypatch):
    """One object per word made both 5 to 20 times slower than the matrix alone."""
    words = [f"w{i}" for i in range(100_000)]
    table = WordVectors(words, np.ones((100_000, 2)))
    assert len(list(pickletools.genops(pickle.dumps(table)))) < 200

    saved, hasher = [], joblib.hashing.NumpyHasher
    save = hasher.save
    monkeypatch.setattr(hasher, "save", lambda *x: (saved.append(x), save(*x)))
    joblib.hash(table)
    assert 0 < len(saved) < 200


def test_a_pipeline_with_memory_finds_what_it_has_stored(table, tmp_path):
    X, y = ["up 위", "위", "up up"] * 3, [0, 1, 0] * 3
    pipeline = make_pipeline(
        PretrainedVectorizer(table), LogisticRegression(), memory=str(tmp_path)
    )
    expected = pipeline.fit(X, y).predict(X)
    stored = sorted(tmp_path.rglob("output.pkl"))
    assert len(stored) == 1
    again = clone(pipeline).set_params(
        pretrainedvectorizer__vectors=WordVectors(WORDS, table.vectors.copy())
    )
    np.testing.assert_array_equal(again.fit(X, y).predict(X), expected)
    assert sorted(tmp_path.rglob("output.pkl")) == stored
