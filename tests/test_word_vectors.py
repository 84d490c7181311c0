import copy
import itertools
import pickle

import numpy as np
import pandas as pd
import pytest

from skw2v import WordVectors
from skw2v.exceptions import COMPARED, UnknownWordError, similar_words

WORDS = [f"w{i}" for i in range(30)]


@pytest.fixture
def vectors():
    return np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)


@pytest.fixture
def table(vectors):
    return WordVectors(WORDS, vectors)


def test_a_table_can_be_read_like_a_mapping(table, vectors):
    assert len(table) == 30
    assert list(table) == WORDS
    assert "w3" in table
    assert "W3" not in table
    np.testing.assert_array_equal(table["w3"], vectors[3])
    assert repr(table) == (
        "WordVectors(30 words, 5 components: 'w0', 'w1', 'w2', 'w3', ...)"
    )


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, iter])
def test_several_words_give_a_matrix(table, vectors, kind):
    found = table[kind(["w3", "w0", "w3"])]
    np.testing.assert_array_equal(found, vectors[[3, 0, 3]])
    assert found.dtype == np.float32
    assert table[kind(["w3"])].shape == (1, 5)


def test_no_words_give_an_empty_matrix(table):
    assert table[[]].shape == (0, 5)


def test_vectors_are_kept_as_float32():
    vectors = WordVectors(["a", "b"], [[1, 2], [3, 4]])
    assert vectors.vectors.dtype == np.float32
    assert vectors["b"].tolist() == [3, 4]


def test_words_become_python_strings(vectors):
    table = WordVectors(np.array(WORDS), vectors)
    assert type(table.words) is tuple
    assert {type(word) for word in table} == {str}
    assert table == WordVectors(iter(WORDS), vectors)


@pytest.mark.parametrize("kind", [np.array, np.ndarray.tolist], ids=["array", "list"])
def test_a_table_is_immutable(vectors, kind):
    given, words = kind(vectors), list(WORDS)
    table = WordVectors(words, given)
    with pytest.raises(ValueError, match="read-only"):
        table.vectors[3] = 0
    with pytest.raises(ValueError, match="read-only"):
        table["w3"][:] = 0
    with pytest.raises(AttributeError, match=r"words can't be set: .* is fixed"):
        table.words = ()
    given[3] = given[4]  # the caller may still change the input
    words[3] = "other"
    np.testing.assert_array_equal(table.vectors, vectors)
    assert list(table) == WORDS


def test_a_memory_map_is_not_copied(vectors, tmp_path):
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    table = WordVectors(WORDS, mapped)
    assert np.shares_memory(table.vectors, mapped)
    assert table == WordVectors(WORDS, vectors)
    assert not np.shares_memory(WordVectors(WORDS, vectors).vectors, vectors)


def test_a_read_only_view_of_a_writable_array_is_copied(vectors):
    given = vectors.copy()
    view = given.view()
    view.flags.writeable = False
    table = WordVectors(WORDS, view)
    given[:] = 0
    np.testing.assert_array_equal(table.vectors, vectors)


def test_from_dict(vectors):
    table = WordVectors.from_dict(dict(zip(WORDS, vectors, strict=True)))
    assert table == WordVectors(WORDS, vectors)
    assert len(WordVectors([], np.empty((0, 5)))) == 0


def test_vectors_of_a_dict_must_have_equal_lengths():
    with pytest.raises(ValueError, match=r"'a' has \(2,\), and 'c' has \(3,\)"):
        WordVectors.from_dict({"a": [1, 2], "b": [1, 2], "c": [1, 2, 3]})


def test_equality(table, vectors):
    assert table == WordVectors(WORDS, vectors)
    assert table != WordVectors(WORDS[::-1], vectors)
    assert table != WordVectors(WORDS, vectors + 1)
    assert table != WordVectors(WORDS, vectors[:, :4])
    assert table != table.subset(WORDS[:-1])
    assert table != WORDS
    with pytest.raises(TypeError, match="unhashable"):
        hash(table)


@pytest.mark.parametrize(
    "remake",
    [copy.copy, copy.deepcopy, lambda table: pickle.loads(pickle.dumps(table))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_copies_are_equal_and_read_only(table, remake):
    table.most_similar("w3")  # fills any cache
    again = remake(table)
    assert again == table
    assert again.most_similar("w3") == table.most_similar("w3")
    assert not again.vectors.flags.writeable


def test_a_pickle_holds_words_and_vectors_once():
    words = [f"w{i}" for i in range(1000)]
    table = WordVectors(words, np.ones((1000, 200)))
    table.most_similar("w3")
    table.nearest(["w3"])
    assert len(pickle.dumps(table)) < 1.05 * table.vectors.nbytes


def test_subset(table, vectors):
    assert table.subset(iter(["w3", "w0"])) == WordVectors(
        ["w3", "w0"], vectors[[3, 0]]
    )
    assert len(table.subset([])) == 0
    with pytest.raises(ValueError, match="words holds 'w3' twice"):
        table.subset(["w3", "w3"])


def test_normalized(vectors):
    vectors[4] = 0
    normalized = WordVectors(WORDS, vectors).normalized()
    lengths = np.linalg.norm(normalized.vectors, axis=1)
    np.testing.assert_allclose(lengths, np.arange(30) != 4, rtol=1e-6)
    assert normalized.words == tuple(WORDS)


def test_to_frame(table, vectors):
    frame = table.to_frame()
    np.testing.assert_array_equal(frame.loc["w3"], vectors[3])
    assert (frame.index.name, frame.columns.name) == ("word", "component")
    assert set(frame.dtypes) == {np.dtype(np.float32)}
    frame.loc["w3"] = 0  # a copy
    np.testing.assert_array_equal(table["w3"], vectors[3])


@pytest.mark.parametrize("shape", [(2, 4), (4, 4), (3,), (3, 4, 1)])
def test_there_must_be_a_row_for_each_word(shape):
    with pytest.raises(ValueError, match=r"one row for each of the 3 words; got .* \("):
        WordVectors(["a", "b", "c"], np.ones(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39, 3e38])
def test_vectors_must_be_finite(vectors, value):
    given = vectors.astype(np.float64)
    given[7, 3:] = value
    with pytest.raises(ValueError, match=r"NaN or infinity, or .* row of 'w7'"):
        WordVectors(WORDS, given)


@pytest.mark.parametrize(
    ("words", "error", "message"),
    [
        (["a", "b", "a"], ValueError, "words holds 'a' twice"),
        (["a", "b", 3], TypeError, "of type str; got 3 of type int"),
        (["a", "b", None], TypeError, "of type str; got None of type NoneType"),
        ("abc", TypeError, "a list of words; got the str 'abc'"),
    ],
)
def test_words_must_be_distinct_strings(words, error, message):
    with pytest.raises(error, match=message):
        WordVectors(words, np.ones((3, 2)))


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: table["nobody"],
        lambda table: table[["w0", "nobody"]],
        lambda table: table.subset(["nobody"]),
        lambda table: table.similarity("w0", "nobody"),
        lambda table: table.similarities(["w0"], ["nobody"]),
        lambda table: table.n_similarity(["w0"], ["w1", "nobody"]),
        lambda table: table.doesnt_match(["w0", "nobody"]),
        lambda table: table.rank("nobody", "w0"),
        lambda table: table.rank("w0", "nobody"),
        lambda table: table.most_similar("nobody"),
        lambda table: table.most_similar("w0", "nobody"),
        lambda table: table.most_similar_cosmul("w0", ["nobody"]),
        lambda table: table.analogy("w0", "w1", "nobody"),
        lambda table: table.nearest(["w0", "nobody"]),
    ],
)
def test_error_names_an_unknown_word(table, ask):
    with pytest.raises(KeyError) as caught:
        ask(table)
    assert str(caught.value) == "'nobody' is not among the 30 words."


@pytest.mark.parametrize("word", [3, None, 1.5, b"w3"])
def test_words_must_be_strings(table, word):
    with pytest.raises(TypeError, match="of type str; got"):
        table[[word]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda table: table[3],
        lambda table: table.subset("w3"),
        lambda table: table.similarities("w3"),
        lambda table: table.doesnt_match("w3"),
        lambda table: table.n_similarity(["w0"], "w3"),
    ],
)
def test_a_single_word_is_not_a_list_of_words(table, ask):
    with pytest.raises(TypeError, match="expected a list of words; got"):
        ask(table)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("qeen", "queen"),
        ("KING", "king"),
        ("pariss", "Paris"),
        ("paris", "Paris"),
        ("Straße", "strasse"),
        ("피자들", "피자"),
    ],
)
def test_similar_spellings_are_suggested(word, expected):
    known = ["king", "queen", "man", "woman", "Paris", "strasse", "피자", "커피"]
    assert similar_words(word, known)[0] == expected
    with pytest.raises(UnknownWordError, match=f"did you mean '{expected}'"):
        WordVectors(known, np.eye(8))[word]


def test_the_representation_is_short():
    table = WordVectors(["x" * 100_000, "y"], [[1], [2]])
    assert len(repr(table)) < 100
    assert repr(WordVectors(["a"], [[1]])) == "WordVectors(1 words, 1 components: 'a')"
    assert repr(WordVectors([], np.empty((0, 3)))) == (
        "WordVectors(0 words, 3 components)"
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda table, long: table[long],
        lambda table, long: table.similarity("w0", long),
        lambda table, long: table[[[long]]],
        lambda table, long: table.most_similar(long),
        lambda table, long: table.most_similar((("w1", long),)),
        lambda table, long: table.most_similar(negative=[(long, 1)]),
        lambda table, long: table.most_similar([[long] * 1000]),
        lambda table, long: table.most_similar("w1", topn=long),
        lambda table, long: table.nearest(long),
        lambda table, long: table.nearest(np.zeros(100_000)),
        lambda table, long: table.similarities(long),
        lambda table, long: table.subset([long]),
        lambda table, long: WordVectors([long], [[np.nan]]),
        lambda table, long: WordVectors([long, long], [[1], [2]]),
        lambda table, long: WordVectors.from_dict({long: [1], "b": [1, 2]}),
    ],
)
def test_messages_have_a_bounded_length(table, ask):
    with pytest.raises((KeyError, TypeError, ValueError)) as error:
        ask(table, "x" * 1_000_000)
    assert len(str(error.value)) < 300


def test_suggestions_match_difflib_and_are_at_most_three():
    known = ["word", "ward", "cord", "wood", "lord", "sword"]
    assert similar_words("wordd", known) == ["word", "sword", "wood"]
    assert similar_words("zzz", known) == []
    assert similar_words("", known) == []


def test_the_search_for_suggestions_is_limited():
    permutations = itertools.permutations("123456789")
    known = ["".join(p) for p in itertools.islice(permutations, 1, COMPARED + 1)]
    assert similar_words("1234567890", ["123456789x"]) == ["123456789x"]
    assert "123456789x" not in similar_words("1234567890", [*known, "123456789x"])
    assert similar_words("ab" * 10_000, ["ab" * 10_000 + "c"] * 3) == []


def test_the_error_can_be_pickled(table):
    with pytest.raises(UnknownWordError) as caught:
        table["w33"]
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert str(again).startswith("'w33' is not among the 30 words; did you mean 'w3")
    assert repr(again) == "UnknownWordError('w33')"


def test_word_vectors_of_an_estimator_are_its_embedding(make, texts):
    vectorizer = make().fit(texts)
    vectors = vectorizer.word_vectors()
    assert list(vectors) == list(vectorizer.vocabulary_)
    for word, row in vectorizer.vocabulary_.items():
        np.testing.assert_array_equal(vectors[word], vectorizer.embeddings_[row])


@pytest.mark.parametrize("stored", [False, True])
def test_word_vectors_share_the_memory_of_the_embedding(make, texts, stored):
    vectorizer = make().fit(texts)
    if stored:
        vectorizer = pickle.loads(pickle.dumps(vectorizer))
    vectors = vectorizer.word_vectors()
    assert np.shares_memory(vectors.vectors, vectorizer.embeddings_)
    with pytest.raises(ValueError, match="read-only"):
        vectorizer.embeddings_[0] = 1
    vectorizer.embeddings_ = np.ones_like(vectorizer.embeddings_)
    assert (vectorizer.word_vectors().vectors == 1).all()
