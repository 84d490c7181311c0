import numpy as np
import pytest
from gensim.models import KeyedVectors

from skw2v import WordVectors

WORDS = [f"w{i}" for i in range(30)]


@pytest.fixture(params=range(3), ids="seed {}".format)
def vectors(request):
    return np.random.default_rng(request.param).normal(size=(30, 5)).astype(np.float32)


@pytest.fixture
def ours(vectors):
    return WordVectors(WORDS, vectors)


@pytest.fixture
def theirs(vectors):
    keyed = KeyedVectors(vector_size=5)
    keyed.add_vectors(WORDS, vectors)
    return keyed


@pytest.mark.parametrize("topn", [1, 10, 29, 1000])
def test_most_similar_answers_as_gensim(ours, theirs, topn):
    for word in WORDS[:5]:
        found = ours.most_similar(word, topn)
        expected = theirs.most_similar(word, topn=topn)
        assert [w for w, _ in found] == [w for w, _ in expected]
        np.testing.assert_allclose(
            [cosine for _, cosine in found],
            [cosine for _, cosine in expected],
            atol=1e-6,
        )


def test_ten_words_are_found_by_default_and_never_the_word_itself(ours):
    found = ours.most_similar("w7")
    assert len(found) == 10
    assert "w7" not in dict(found)
    assert all(type(w) is str and type(cosine) is float for w, cosine in found)


@pytest.mark.parametrize("topn", [0, -1])
def test_at_least_one_word_must_be_asked_for(ours, topn):
    with pytest.raises(ValueError, match=f"topn must be 1 or more; got {topn}\\."):
        ours.most_similar("w7", topn)


def test_words_with_the_same_vector_come_in_the_order_of_the_table():
    vectors = WordVectors(["c", "a", "b", "d"], [[1, 2], [0, 1], [0, 1], [0, 1]])
    assert [word for word, _ in vectors.most_similar("c")] == ["a", "b", "d"]


def test_similarity_is_that_of_gensim(ours, theirs):
    for first, second in zip(WORDS, WORDS[3:], strict=False):
        expected = theirs.similarity(first, second)
        assert ours.similarity(first, second) == pytest.approx(expected, abs=1e-6)


def test_similarity_ignores_length():
    vectors = WordVectors(["a", "b", "c"], [[1, 2], [10, 20], [-3, -6]])
    assert vectors.similarity("a", "b") == pytest.approx(1)
    assert vectors.similarity("a", "c") == pytest.approx(-1)


def test_similarity_lies_between_minus_1_and_1():
    vectors = np.random.default_rng(0).normal(size=(200, 7)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (np.sum(unit * unit, axis=1) > 1).any()  # rounding alone would go beyond
    words = [f"w{i}" for i in range(200)]
    opposites = [f"-{word}" for word in words]
    table = WordVectors(words + opposites, np.concatenate([vectors, -vectors]))
    for word, opposite in zip(words, opposites, strict=True):
        assert 1 - 1e-6 < table.similarity(word, word) <= 1
        assert -1 <= table.similarity(word, opposite) < -1 + 1e-6


def test_a_zero_vector_is_similar_to_nothing():
    vectors = WordVectors(["a", "zero"], [[1, 2], [0, 0]])
    assert vectors.similarity("a", "zero") == 0
    assert vectors.most_similar("zero") == [("a", 0)]
    assert vectors.most_similar("a") == [("zero", 0)]


def test_a_table_reads_like_a_mapping(ours, vectors):
    assert len(ours) == 30
    assert list(ours) == WORDS
    assert "w3" in ours
    assert "W3" not in ours
    np.testing.assert_array_equal(ours["w3"], vectors[3])
    assert repr(ours) == "WordVectors(30 words, 5 components)"


def test_vectors_are_kept_as_float32():
    vectors = WordVectors(["a", "b"], [[1, 2], [3, 4]])
    assert vectors.vectors.dtype == np.float32
    assert vectors["b"].tolist() == [3, 4]


@pytest.mark.parametrize("kind", [np.array, np.ndarray.tolist], ids=["array", "list"])
def test_vectors_are_read_only(vectors, kind):
    given = kind(vectors)
    table = WordVectors(WORDS, given)
    with pytest.raises(ValueError, match="read-only"):
        table.vectors[3] = 0
    with pytest.raises(ValueError, match="read-only"):
        table["w3"][:] = 0
    np.testing.assert_array_equal(table.vectors, vectors)
    given[3] = given[4]  # what was given stays the caller's


@pytest.mark.parametrize(
    "ask",
    [
        lambda vectors: vectors["nobody"],
        lambda vectors: vectors.most_similar("nobody"),
        lambda vectors: vectors.similarity("w0", "nobody"),
        lambda vectors: vectors.similarity("nobody", "w0"),
    ],
    ids=["getitem", "most_similar", "similarity second", "similarity first"],
)
def test_unknown_words_are_named(ours, ask):
    with pytest.raises(KeyError, match="'nobody' is not among the 30 words"):
        ask(ours)


@pytest.mark.parametrize("shape", [(2, 4), (4, 4), (3,), (3, 4, 1)])
def test_there_must_be_a_row_for_each_word(shape):
    with pytest.raises(ValueError, match=r"one row for each of the 3 words; got .* \("):
        WordVectors(["a", "b", "c"], np.ones(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_vectors_must_be_finite(vectors, value):
    vectors[29, 4] = value
    with pytest.raises(ValueError, match="vectors holds NaN or infinity"):
        WordVectors(WORDS, vectors)


def test_a_word_must_not_occur_twice():
    with pytest.raises(ValueError, match="a word twice"):
        WordVectors(["a", "b", "a"], np.ones((3, 2)))


def test_the_vectors_of_a_fitted_estimator_are_its_embedding(make, texts):
    vectorizer = make().fit(texts)
    vectors = vectorizer.word_vectors()
    assert list(vectors) == list(vectorizer.vocabulary_)
    for word, row in vectorizer.vocabulary_.items():
        np.testing.assert_array_equal(vectors[word], vectorizer.embeddings_[row])


def test_the_embedding_of_the_estimator_stays_writable(make, texts):
    vectorizer = make().fit(texts)
    vectors = vectorizer.word_vectors()
    with pytest.raises(ValueError, match="read-only"):
        vectors.vectors[0] = 1
    assert not (vectorizer.embeddings_[0] == 1).any()
    vectorizer.embeddings_[0] = 1
    assert (vectorizer.word_vectors().vectors[0] == 1).all()
