import itertools
from functools import partial

import numpy as np
import pytest

from skw2v import WordVectors

KeyedVectors = pytest.importorskip(
    "gensim.models", reason="gensim has no wheels for Python 3.14"
).KeyedVectors

WORDS = [f"w{i}" for i in range(30)]

# gensim's most_similar_cosmul calls a method that gensim deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.*init_sims:DeprecationWarning")


def both(words, vectors):
    """Return the same table as `WordVectors` and as gensim's `KeyedVectors`."""
    keyed = KeyedVectors(vector_size=vectors.shape[1])
    keyed.add_vectors(list(words), vectors)
    return WordVectors(words, vectors), keyed


@pytest.fixture(params=range(3), ids="seed {}".format)
def rng(request):
    return np.random.default_rng(request.param)


@pytest.fixture
def tables(rng):
    return both(WORDS, rng.normal(size=(30, 5)).astype(np.float32))


def assert_same(found, expected):
    """Assert that words and order are the same and scores nearly so."""
    assert [word for word, _ in found] == [word for word, _ in expected]
    np.testing.assert_allclose(
        [score for _, score in found],
        [score for _, score in expected],
        rtol=1e-5,
        atol=1e-6,
    )


def queries(rng, n):
    """Yield random positive and negative words; some occur twice or in both."""
    for _ in range(n):
        n_positive, n_negative = rng.integers([1, 0], 4)
        chosen = rng.choice(WORDS[:12], n_positive + n_negative).tolist()
        yield chosen[:n_positive], chosen[n_positive:]


@pytest.mark.parametrize("topn", [1, 10, 29, 1000])
def test_most_similar_agrees_with_gensim(tables, rng, topn):
    ours, theirs = tables
    for positive, negative in queries(rng, 50):
        expected = theirs.most_similar(positive, negative, topn=topn)
        if abs(expected[0][1]) > 1e-5:  # else gensim ranks rounding errors
            assert_same(ours.most_similar(positive, negative, topn), expected)


@pytest.mark.parametrize("topn", [1, 10, 29, 1000])
def test_most_similar_cosmul_agrees_with_gensim(tables, rng, topn):
    ours, theirs = tables
    for positive, negative in queries(rng, 50):
        found = ours.most_similar_cosmul(positive, negative, topn)
        expected = theirs.most_similar_cosmul(positive, negative, topn=topn)
        if sorted(positive) != sorted(negative):  # else all scores are 1
            assert_same(found, expected)


@pytest.mark.parametrize("restrict_vocab", [1, 7, 29, 1000])
def test_restrict_vocab_agrees_with_gensim(tables, rng, restrict_vocab):
    ours, theirs = tables
    limit = {"restrict_vocab": restrict_vocab}
    for positive, negative in queries(rng, 50):
        if sorted(positive) == sorted(negative):  # else gensim ranks rounding errors
            continue
        expected = theirs.most_similar(positive, negative, topn=10, **limit)
        assert_same(ours.most_similar(positive, negative, **limit), expected)


def test_restrict_vocab_leaves_out_the_words_behind(tables):
    # Also with products of cosines, where gensim ignores it.
    ours = tables[0]
    asked = ["w3", "w20", ["w1", "w25"]]
    for ask in (
        partial(ours.nearest, asked),
        lambda **limits: [ours.analogy("w1", "w2", "w23", **limits)],
        lambda **limits: [ours.most_similar_cosmul("w1", "w25", **limits)],
    ):
        expected = [
            [pair for pair in answers if pair[0] in WORDS[:7]]
            for answers in ask(topn=None)
        ]
        assert ask(topn=None, restrict_vocab=7) == expected
        assert ask(topn=2, restrict_vocab=7) == [answers[:2] for answers in expected]


def test_words_vectors_and_weights_can_be_mixed_as_in_gensim(tables, rng):
    ours, theirs = tables
    vector = rng.normal(size=5).astype(np.float32)
    for positive, negative in (
        ("w3", "w4"),
        (vector, []),
        ([vector, "w1"], vector),
        (rng.normal(size=(3, 5)).astype(np.float32), "w1"),
        ([("w1", 0.5), "w2", ("w3", -2)], [("w4", -0.1), vector]),
        ([(vector, 3.0), ("w1", 0.0)], []),
    ):
        expected = theirs.most_similar(positive, negative)
        assert_same(ours.most_similar(positive, negative), expected)


def test_an_array_of_words_is_a_list_of_them(tables):
    found = tables[0].most_similar(np.array(["w1", "w2"]), np.array(["w3"]))
    assert found == tables[0].most_similar(["w1", "w2"], ["w3"])


def test_cosmul_takes_vectors(tables):
    ours, theirs = tables
    by_vector = ours.most_similar_cosmul([10 * ours["w1"], "w2"], "w3", topn=30)
    by_word = theirs.most_similar_cosmul(["w1", "w2"], "w3", topn=30)
    assert_same([pair for pair in by_vector if pair[0] != "w1"], by_word)


def test_analogy_agrees_with_gensim(tables):
    ours, theirs = tables
    assert_same(
        ours.analogy("w1", "w2", "w3", topn=4),
        theirs.most_similar(positive=["w2", "w3"], negative=["w1"], topn=4),
    )


def test_similarity_of_two_words_agrees_with_gensim(tables):
    ours, theirs = tables
    for first, second in zip(WORDS, WORDS[3:], strict=False):
        expected = theirs.similarity(first, second)
        assert ours.similarity(first, second) == pytest.approx(expected, abs=1e-6)
        expected = theirs.distance(first, second)
        assert ours.distance(first, second) == pytest.approx(expected, abs=1e-6)
        assert ours.rank(first, second) == theirs.rank(first, second)
        assert ours.closer_than(first, second) == theirs.closer_than(first, second)


def test_n_similarity_and_doesnt_match_agree_with_gensim(tables, rng):
    ours, theirs = tables
    for size in (1, 3, 4, 5):
        first, second = rng.choice(WORDS, (2, size), replace=False).tolist()
        expected = theirs.n_similarity(first, second)
        assert ours.n_similarity(first, second) == pytest.approx(expected, abs=1e-6)
        assert ours.doesnt_match(iter(first)) == theirs.doesnt_match(first)


@pytest.mark.parametrize("weights", [None, [2, 0.5, -1, 1], (0, 0, 3, 0)])
def test_mean_vector_agrees_with_gensim(tables, weights):
    ours, theirs = tables
    words = ["w3", "w1", "w3", "w9"]
    given = None if weights is None else np.array(weights)
    found = ours.mean_vector(iter(words), weights)
    np.testing.assert_allclose(found, theirs.get_mean_vector(words, given), atol=1e-6)
    assert found.dtype == np.float32


def test_the_mean_vector_points_where_most_similar_looks(tables):
    ours = tables[0]
    found = ours.most_similar(ours.mean_vector(["w1", "w2"], [1, 2]), topn=None)
    expected = ours.most_similar(["w1", ("w2", 2)], topn=None)
    assert_same([pair for pair in found if pair[0] not in ("w1", "w2")], expected)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1], r"for each of the 2 words; got \[1\]"),
        ([[1, 2]], r"a finite number .* got \[\[1, 2\]\]"),
        ([1, np.nan], "a finite number .* nan"),
        ("ab", "a finite number .* got 'ab'"),
        ([0, 0.0], "weights are all 0"),
    ],
)
def test_weights_of_a_mean_must_be_numbers(tables, weights, message):
    with pytest.raises(ValueError, match=message):
        tables[0].mean_vector(["w1", "w2"], weights)


def test_other_methods_of_gensim_have_the_answers_of_the_page(tables):
    """Check the lines of the page "Coming from gensim"."""
    vectors, wv = tables
    words = WORDS[3:9]
    units = vectors.normalized()[words]
    central = sorted(zip(units @ units.mean(axis=0), words, strict=True), reverse=True)
    assert [word for _, word in central] == [w for _, w in wv.rank_by_centrality(words)]
    found = words[vectors.similarities(["w1"], words).argmax()]
    assert found == wv.most_similar_to_given("w1", words)
    distances = 1 - vectors.similarities(["w1"], words)[0]
    np.testing.assert_allclose(distances, wv.distances("w1", words), atol=1e-6)
    total = sum(cosine for _, cosine in vectors.most_similar("w1"))
    expected = wv.relative_cosine_similarity("w1", "w2")
    assert vectors.similarity("w1", "w2") / total == pytest.approx(expected, abs=1e-5)
    np.testing.assert_allclose(
        vectors.similarities(["w1"])[0], wv.most_similar("w1", topn=None), atol=1e-6
    )
    larger = WordVectors([*vectors, "new"], np.vstack([vectors.vectors, units[0]]))
    assert larger.most_similar("new", topn=1)[0][0] == words[0]


def test_similarities_agree_with_gensim(tables):
    ours, theirs = tables
    first, second = WORDS[:4], WORDS[2:9]
    expected = [[theirs.similarity(a, b) for b in second] for a in first]
    found = ours.similarities(iter(first), iter(second))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found.dtype == np.float32
    expected = [[theirs.similarity(a, b) for b in WORDS] for a in first]
    np.testing.assert_allclose(ours.similarities(first), expected, atol=1e-6)


@pytest.mark.parametrize("topn", [1, 7, 100])
def test_nearest_answers_each_query_as_most_similar_does(monkeypatch, rng, topn):
    # Blocks of 3 queries, the last one shorter; equal vectors among the words.
    monkeypatch.setattr("skw2v.word_vectors.ranking.BLOCK", 2 * 31)
    vectors = rng.normal(size=(30, 50)).astype(np.float32)
    vectors[10:20] = vectors[10]
    ours = WordVectors(WORDS, vectors)
    asked = ["w3", ["w4", "w5"], vectors[10], [("w6", -1.0)], "w12", "w3", "w0", "w1"]
    answers = ours.nearest(iter(asked), topn)
    assert answers == [ours.most_similar(query, topn=topn) for query in asked]
    answers = ours.nearest(vectors, topn)
    assert answers == [ours.most_similar(vector, topn=topn) for vector in vectors]
    assert ours.nearest([], topn) == []


@pytest.mark.parametrize("topn", [1, 5])
def test_nearest_lists_equal_vectors_in_the_order_of_the_table(rng, topn):
    # Matrix products may round the scores of equal vectors differently.
    words = rng.permutation([f"w{i}" for i in range(101)]).tolist()
    ours = WordVectors(words, np.tile(rng.normal(size=50), (101, 1)))
    queries = rng.normal(size=(30, 50))
    for start in range(0, 30, 3):
        for found in ours.nearest(queries[start : start + 3], topn):
            assert [word for word, _ in found] == words[:topn]


def test_most_similar_finds_ten_words_by_default_but_not_the_word_itself(tables):
    found = tables[0].most_similar("w7")
    assert len(found) == 10
    assert "w7" not in dict(found)
    assert all(type(w) is str and type(cosine) is float for w, cosine in found)


@pytest.mark.parametrize("topn", [1, 3, 5, 9, 10, 11, 100])
@pytest.mark.parametrize("n_components", [1, 2, 50, 300])
def test_words_with_equal_vectors_keep_the_order_of_the_table(topn, n_components):
    rng = np.random.default_rng(topn)
    distinct = rng.normal(size=(4, n_components))
    words = rng.permutation(WORDS).tolist()
    ours = WordVectors(words, distinct[rng.integers(4, size=30)])
    for search in (ours.most_similar, ours.most_similar_cosmul):
        everything = search("w0", topn=100)
        groups = itertools.groupby(everything, key=lambda pair: pair[1])
        for _, group in groups:
            positions = [words.index(word) for word, _ in group]
            assert positions == sorted(positions)
        assert len({score for _, score in everything}) <= 4
        assert search("w0", topn=topn) == everything[:topn]


def test_a_query_that_cancels_out_is_similar_to_nothing(tables):
    assert tables[0].most_similar("w1", "w1", topn=2) == [("w0", 0.0), ("w2", 0.0)]


@pytest.mark.parametrize("n_words", [1, 2, 3])
def test_tables_of_few_words(n_words, rng):
    ours, theirs = both(WORDS[:n_words], rng.normal(size=(n_words, 2)))
    assert_same(ours.most_similar("w0"), theirs.most_similar("w0"))
    assert_same(ours.most_similar_cosmul("w0"), theirs.most_similar_cosmul("w0"))
    assert ours.nearest(["w0"]) == [ours.most_similar("w0")]
    assert ours.doesnt_match(["w0"]) == theirs.doesnt_match(["w0"])
    assert ours.rank("w0", "w0") == 1


def test_an_empty_table_has_no_neighbors():
    ours = WordVectors([], np.empty((0, 2)))
    assert ours.most_similar(np.ones(2)) == []
    assert ours.nearest([np.ones(2)]) == [[]]


def test_a_zero_vector_is_similar_to_nothing():
    vectors = WordVectors(["a", "zero", "b"], [[1, 2], [0, 0], [-1, -2]])
    assert vectors.similarity("a", "zero") == 0
    assert vectors.similarity("zero", "zero") == 0
    assert vectors.most_similar("zero") == [("a", 0), ("b", 0)]
    assert vectors.most_similar("a") == [("zero", 0), ("b", pytest.approx(-1))]
    assert vectors.n_similarity(["a", "b"], ["a"]) == 0
    assert vectors.similarities(["zero"]).tolist() == [[0, 0, 0]]


def test_zero_vectors_do_not_affect_other_words(rng):
    vectors = rng.normal(size=(30, 5)).astype(np.float32)
    vectors[[4, 17]] = 0
    ours, theirs = both(WORDS, vectors)
    with np.errstate(invalid="ignore"):  # gensim divides by their length
        expected = theirs.most_similar(["w1", "w2"], ["w3"], topn=30)
    found = ours.most_similar(["w1", "w2"], ["w3"], topn=30)
    assert_same(
        *(
            [p for p in pairs if p[0] not in ("w4", "w17")]
            for pairs in (found, expected)
        )
    )
    assert dict(found)["w4"] == 0


@pytest.mark.parametrize("scale", [1e-30, 1e-20, 1, 1e20, 1e37])
def test_similarity_ignores_length(scale, rng):
    vectors = rng.normal(size=(30, 5))
    ours, scaled = WordVectors(WORDS, vectors), WordVectors(WORDS, vectors * scale)
    assert_same(scaled.most_similar("w3", "w4"), ours.most_similar("w3", "w4"))
    np.testing.assert_allclose(
        scaled.similarities(WORDS), ours.similarities(WORDS), atol=1e-6
    )
    expected = ours.n_similarity(["w1", "w2"], ["w3", "w4"])
    found = scaled.n_similarity(["w1", "w2"], ["w3", "w4"])
    assert found == pytest.approx(expected, abs=1e-6)


def test_cosines_lie_between_minus_1_and_1(rng):
    vectors = rng.normal(size=(200, 7)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (np.sum(unit * unit, axis=1) > 1).any()  # rounding alone would exceed 1
    words = [f"w{i}" for i in range(200)]
    opposites = [f"-{word}" for word in words]
    table = WordVectors(words + opposites, np.concatenate([vectors, -vectors]))
    assert abs(table.similarities(words)).max() == 1
    for word, opposite in zip(words, opposites, strict=True):
        assert 1 - 1e-6 < table.similarity(word, word) <= 1
        assert -1 <= table.similarity(word, opposite) < -1 + 1e-6
        assert table.n_similarity([word], [word]) <= 1
        assert table.most_similar(table[word], topn=1)[0][1] <= 1
        assert table.distance(word, word) >= 0


@pytest.mark.parametrize("topn", [0, -1])
def test_topn_must_be_positive(tables, topn):
    for search in (tables[0].most_similar, tables[0].most_similar_cosmul):
        with pytest.raises(ValueError, match=f"topn must be 1 or more; got {topn}\\."):
            search("w7", topn=topn)
    with pytest.raises(ValueError, match=f"topn must be 1 or more; got {topn}\\."):
        tables[0].nearest(["w7"], topn)


def test_restrict_vocab_must_be_positive(tables):
    ours = tables[0]
    for search in (ours.most_similar, ours.most_similar_cosmul, ours.nearest):
        with pytest.raises(ValueError, match="restrict_vocab must be 1 or more; got 0"):
            search(["w7"], restrict_vocab=0)
        with pytest.raises(
            TypeError, match=r"restrict_vocab must be .* None .* got 2.5"
        ):
            search(["w7"], restrict_vocab=2.5)


@pytest.mark.parametrize(
    ("terms", "error", "message"),
    [
        ([], ValueError, "give at least one"),
        ([np.ones(4)], ValueError, "a vector of 5 finite numbers; got array"),
        (np.ones((2, 4)), ValueError, "a vector of 5 finite numbers; got array"),
        ([[1, 2, np.nan, 4, 5]], ValueError, "a vector of 5 finite numbers; got"),
        ([np.full(5, 1e39)], ValueError, "a vector of 5 finite numbers; got array"),
        ([["w1", "w2"]], ValueError, r"a vector of 5 .* got \['w1', 'w2'\]"),
        ([3], ValueError, "a vector of 5 finite numbers; got 3"),
        ([None], ValueError, "a vector of 5 finite numbers; got None"),
        (None, TypeError, "a word, a vector, or a list of them; got None"),
    ],
)
def test_terms_must_be_words_or_vectors(tables, terms, error, message):
    for search in (tables[0].most_similar, tables[0].most_similar_cosmul):
        with pytest.raises(error, match=message):
            search(terms)


@pytest.mark.parametrize(
    "term", [("w1",), ("w1", "w2"), ("w1", None), ("w1", np.nan), ("w1", 1, 2)]
)
def test_weights_must_be_numbers(tables, term):
    with pytest.raises(ValueError, match="expected a pair of a word and a weight; got"):
        tables[0].most_similar([term])


def test_a_negative_word_with_a_positive_weight_is_refused(tables):
    with pytest.raises(ValueError, match=r"\('w2', 0.5\) is among the negative"):
        tables[0].most_similar("w1", [("w2", 0.5)])


def test_cosmul_refuses_weights(tables):
    with pytest.raises(ValueError, match=r"expected a word, or .* got \('w1', 2\)"):
        tables[0].most_similar_cosmul([("w1", 2)])


def test_a_single_word_is_not_a_list_of_queries(tables):
    with pytest.raises(TypeError, match="a list of queries; got 'w3', a single word"):
        tables[0].nearest("w3")


@pytest.mark.parametrize("kind", [np.array, list, tuple])
def test_a_vector_is_not_a_list_of_queries(tables, kind):
    vector = tables[0]["w3"]
    with pytest.raises(
        TypeError, match=r"got .*, a single vector; .* nearest\(\[\.\.\.\]"
    ):
        tables[0].nearest(kind(vector))
    with pytest.raises(TypeError, match="expected a list of queries; got None"):
        tables[0].nearest(None)
    assert tables[0].nearest([vector]) == [tables[0].most_similar(vector)]


def test_topn_of_none_ranks_all_words(tables):
    ours = tables[0]
    for ask in (
        partial(ours.most_similar, "w1", "w2"),
        partial(ours.most_similar_cosmul, "w1", "w2"),
        partial(ours.analogy, "w1", "w2", "w3"),
    ):
        found = ask(topn=None)
        assert found == ask(topn=len(ours))
        assert len(found) == len(ours) - (3 if len(dict(found)) == 27 else 2)
    assert ours.nearest(["w1", ["w2"]], topn=None) == ours.nearest(["w1", "w2"], 100)
    for ask in (ours.most_similar, ours.most_similar_cosmul, ours.nearest):
        with pytest.raises(TypeError, match=r"topn must be .* or None .* got '10'"):
            ask(["w1"], topn="10")


def test_an_empty_list_of_words_is_refused(tables):
    for ask in (
        lambda: tables[0].n_similarity([], ["w1"]),
        lambda: tables[0].n_similarity(["w1"], []),
        lambda: tables[0].doesnt_match([]),
        lambda: tables[0].mean_vector([]),
    ):
        with pytest.raises(ValueError, match="the list of words is empty"):
            ask()


def test_topn_is_checked_before_anything_is_computed():
    table = WordVectors(["up"], [[1.0]])
    for ask in (table.most_similar, table.most_similar_cosmul, table.nearest):
        with pytest.raises(ValueError, match="topn must be 1 or more; got 0"):
            ask(["no word of the table"], topn=0)
