"""Test vectorizers that compose the vectors of words of pieces."""

import pickle

import numpy as np
import pytest

import skw2v
from skw2v import JamoNGrams, PretrainedVectorizer, SkipGramVectorizer
from skw2v.exceptions import LowCoverageWarning, UnknownWordError
from skw2v.text.subwords import NGrams, Subwords
from skw2v.training.losses import LOSSES

UNSEEN = "mousetrap"


def syllables(word):
    """Return the characters of a word, as pieces."""
    return list(word)


KINDS = [(2, 4), JamoNGrams(), syllables]
kinds = pytest.mark.parametrize("subwords", KINDS, ids=["pair", "jamo", "callable"])


@pytest.fixture
def composing(make):
    """Return a function that makes an estimator with subwords, for each model."""

    def make_it(**changes):
        return make(**{"subwords": (2, 4), "n_buckets": 50, **changes})

    return make_it


def assert_same(first, second):
    """Compare what was learned, to the last bit."""
    assert list(first.vocabulary_) == list(second.vocabulary_)
    for name in ("embeddings_", "subword_embeddings_", "output_embeddings_"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert first.loss_curve_ == second.loss_curve_
    assert first.subwords_ == second.subwords_


@kinds
def test_embeddings_are_composed(composing, texts, subwords):
    vectorizer = composing(subwords=subwords).fit(texts)
    words, n_words = list(vectorizer.vocabulary_), len(vectorizer.vocabulary_)
    pieces = NGrams(2, 4) if subwords == (2, 4) else subwords
    S = Subwords(pieces, 50).composition(words, np.arange(n_words), n_words)
    rows = vectorizer.subword_embeddings_
    assert rows.shape == (n_words + 50, 4)
    np.testing.assert_allclose(vectorizer.embeddings_, S @ rows, atol=1e-6)
    assert vectorizer.subwords_ == ([2, 4] if subwords == (2, 4) else [subwords])


def test_without_subwords_there_are_no_rows(make, texts):
    vectorizer = make().fit(texts)
    assert vectorizer.subword_embeddings_.shape == (0, 4)
    assert vectorizer.subwords_ == []
    assert vectorizer.word_vectors().pieces is None


@pytest.mark.parametrize("loss", LOSSES)
def test_training_learns_with_every_loss(composing, texts, loss):
    vectorizer = composing(loss=loss, max_iter=30).fit(texts)
    assert vectorizer.loss_curve_[-1] < 0.9 * vectorizer.loss_curve_[0]
    assert np.isfinite(vectorizer.score(texts))


@kinds
def test_unknown_words_are_composed(composing, texts, subwords):
    vectorizer = composing(subwords=subwords).fit(texts)
    n_words = len(vectorizer.vocabulary_)
    pieces = NGrams(2, 4) if subwords == (2, 4) else subwords
    S = Subwords(pieces, 50).composition([UNSEEN], np.array([-1]), n_words)
    (expected,) = S @ vectorizer.subword_embeddings_
    vectors = vectorizer.word_vectors()
    np.testing.assert_allclose(vectors[UNSEEN], expected, atol=1e-6)
    np.testing.assert_allclose(vectorizer.transform([UNSEEN])[0], expected, atol=1e-6)
    assert UNSEEN in vectors
    assert len(vectors.most_similar(UNSEEN, topn=3)) == 3
    assert vectorizer.coverage([UNSEEN]) == 1


def test_documents_of_known_unknown_and_impossible_words(composing, texts):
    vectorizer = composing(subwords=(5, 6)).fit(texts)
    vectors = vectorizer.word_vectors()
    documents = ["the cat " + UNSEEN, "a zz", "", "zz", f"{UNSEEN} zz cat {UNSEEN}"]
    with pytest.warns(LowCoverageWarning, match="3 of 10 tokens have no vector"):
        rows = vectorizer.transform(documents)
    expected = [["the", "cat", UNSEEN], ["a"], [UNSEEN, "cat", UNSEEN]]
    for row, words in zip(rows[[0, 1, 4]], expected, strict=True):
        np.testing.assert_allclose(row, vectors[words].mean(axis=0), atol=1e-6)
    assert not rows[[2, 3]].any()
    coverage = vectorizer.coverage(documents)
    np.testing.assert_array_equal(coverage, [1, 0.5, np.nan, 0, 0.75])
    with pytest.raises(UnknownWordError, match=r"'zz' is not.*and has no pieces"):
        vectors["zz"]
    with pytest.warns(LowCoverageWarning, match="2 of 2 tokens have no vector"):
        vectorizer.transform(["zz yy"])


def test_fit_transform_composes_rare_words(composing, texts):
    vectorizer = composing(min_count=4)
    rows = vectorizer.fit_transform(iter(texts))
    assert "chased" not in vectorizer.vocabulary_
    assert np.array_equal(rows, vectorizer.transform(texts))
    assert vectorizer.coverage(texts).tolist() == [1] * len(texts)


@pytest.mark.parametrize("weighting", ["uniform", "idf", "sif"])
def test_composed_words_count_as_the_rarest(composing, texts, weighting):
    vectorizer = composing(weighting=weighting).fit(texts)
    vectors, weights = vectorizer.word_vectors(), vectorizer.word_weights_
    both = np.array([weights[vectorizer.vocabulary_["cat"]], weights.max()])
    expected = both @ vectors[["cat", UNSEEN]] / both.sum()
    rows = vectorizer.transform([f"cat {UNSEEN}"])
    np.testing.assert_allclose(rows[0], expected, rtol=1e-5)


def test_all_poolings_take_composed_words(composing, texts):
    pooling = "mean", "max", "min", "clusters"
    vectorizer = composing(pooling=pooling, n_clusters=3, max_iter=20).fit(texts)
    (row,) = vectorizer.transform([UNSEEN])
    vector = vectorizer.word_vectors()[UNSEEN]
    for part in np.split(row[:12], 3):
        np.testing.assert_allclose(part, vector, atol=1e-6)
    of_clusters = row[12:].reshape(3, 4)
    np.testing.assert_allclose(of_clusters.sum(axis=0), vector, rtol=0.1, atol=1e-3)
    # A known word has the memberships that were learned.
    together = vectorizer.transform(["cat", UNSEEN])
    assert np.array_equal(together[1], row)
    alone = vectorizer.set_params(subwords=None).transform(["cat"])
    np.testing.assert_allclose(together[0], alone[0], atol=1e-6)


def test_what_was_fitted_holds_whatever_is_set_later(composing, texts):
    vectorizer = composing().fit(texts)
    before = vectorizer.transform([UNSEEN])
    vectorizer.set_params(subwords=JamoNGrams(), n_buckets=3)
    assert np.array_equal(vectorizer.transform([UNSEEN]), before)


@pytest.mark.parametrize("subwords", [(3,), (3, 2), (0, 2), (1.5, 2), (1, 2, 3)])
def test_what_subwords_must_be(make, texts, subwords):
    with pytest.raises(ValueError, match=r"subwords must be None, the min.*got \("):
        make(subwords=subwords).fit(texts)


@pytest.mark.parametrize("changes", [{"subwords": "abc"}, {"n_buckets": 0}])
def test_parameters_out_of_range(composing, texts, changes):
    (name,) = changes
    with pytest.raises(ValueError, match=f"The '{name}' parameter"):
        composing(**changes).fit(texts)


def test_only_input_vectors_are_composed(composing, texts):
    vectorizer = composing().fit(texts)
    assert UNSEEN in vectorizer.word_vectors()
    assert UNSEEN not in vectorizer.word_vectors("output")
    assert UNSEEN not in vectorizer.word_vectors("sum")


@kinds
def test_pickles_and_files(composing, texts, subwords, tmp_path):
    vectorizer = composing(subwords=subwords).fit(texts)
    others = [pickle.loads(pickle.dumps(vectorizer))]
    path = tmp_path / "model.safetensors"
    if subwords is syllables:
        with pytest.raises(TypeError, match=r"subwords=.*holds no code"):
            skw2v.save(vectorizer, path)
    else:
        skw2v.save(vectorizer, path)
        others.append(skw2v.load(path))
        assert others[-1].subwords == subwords
    for other in others:
        assert_same(other, vectorizer)
        assert np.array_equal(other.transform([UNSEEN]), vectorizer.transform([UNSEEN]))
        other.set_params(warm_start=True, max_iter=3).fit(texts)


@pytest.mark.parametrize("changes", [{"subwords": (2, 3)}, {"n_buckets": 51}])
def test_changed_subwords_are_not_saved_and_dont_go_on(composing, texts, changes):
    vectorizer = composing(warm_start=True).fit(texts).set_params(**changes)
    (name,) = changes
    with pytest.raises(ValueError, match=f"{name} was changed after fit"):
        skw2v.save(vectorizer, "never_written.safetensors")
    for train in (vectorizer.fit, vectorizer.partial_fit):
        with pytest.raises(ValueError, match="can't go on from vectors"):
            train(texts)


def test_warm_start_goes_on_with_the_same_bits(composing, texts):
    expected = composing(max_iter=6).fit(texts)
    vectorizer = composing(max_iter=6, warm_start=True)
    vectorizer.set_params(max_iter=3, learning_rate=0.1, min_learning_rate=0.1)
    expected.set_params(learning_rate=0.1, min_learning_rate=0.1).fit(texts)
    vectorizer.fit(texts).set_params(max_iter=6).fit(texts)
    assert_same(vectorizer, expected)


def test_partial_fit_keeps_buckets_and_adds_words(composing, texts):
    vectorizer = composing().partial_fit(texts[:4])
    n_before, before = len(vectorizer.vocabulary_), vectorizer.subword_embeddings_
    # With a tiny step nothing changes but the words that are new.
    vectorizer.set_params(learning_rate=1e-9, min_learning_rate=0)
    vectorizer.partial_fit(texts[4:])
    after, n_words = vectorizer.subword_embeddings_, len(vectorizer.vocabulary_)
    assert n_words > n_before
    np.testing.assert_allclose(after[n_words:], before[n_before:], atol=1e-5)
    np.testing.assert_allclose(after[:n_before], before[:n_before], atol=1e-5)


@pytest.mark.parametrize("of", ["table", "same", "others", "plain"])
def test_init(make, composing, texts, of):
    givers = {
        "table": lambda: make().fit(texts).word_vectors(),
        "same": lambda: composing().fit(texts),
        "others": lambda: composing(n_buckets=9).fit(texts),
        "plain": lambda: make().fit(texts),
    }
    init = givers[of]()
    tiny = {"learning_rate": 1e-9, "min_learning_rate": 0, "max_iter": 1}
    vectorizer = composing(init=init, **tiny).fit(texts)
    given = init.vectors if of == "table" else init.embeddings_
    np.testing.assert_allclose(vectorizer.embeddings_, given, atol=1e-4)
    if of == "same":
        rows = init.subword_embeddings_
        np.testing.assert_allclose(vectorizer.subword_embeddings_, rows, atol=1e-4)


@pytest.mark.parametrize("n_buckets", [50, 9])
def test_init_gives_its_buckets_to_words_of_the_same_pieces(
    composing, texts, n_buckets
):
    init = composing().fit(texts[:4]).word_vectors()
    tiny = {"learning_rate": 1e-9, "min_learning_rate": 0, "max_iter": 1}
    vectorizer = composing(init=init, n_buckets=n_buckets, **tiny).fit(texts)
    words = list(vectorizer.vocabulary_)
    buckets = vectorizer.subword_embeddings_[len(words) :]
    same = n_buckets == 50
    assert same == (len(buckets) == 50 and np.allclose(buckets, init.pieces.rows))
    vectors = vectorizer.word_vectors()
    np.testing.assert_allclose(vectors[init.words], init.vectors, atol=1e-4)
    assert same == np.allclose(vectors[UNSEEN], init[UNSEEN], atol=1e-4)


def test_plain_training_starts_from_composed_vectors(make, composing, texts):
    init = composing().fit(texts)
    tiny = {"learning_rate": 1e-9, "min_learning_rate": 0, "max_iter": 1}
    vectorizer = make(init=init, **tiny).fit(texts)
    np.testing.assert_allclose(vectorizer.embeddings_, init.embeddings_, atol=1e-5)


def test_pretrained_vectors_compose(composing, texts):
    vectorizer = composing().fit(texts)
    pretrained = PretrainedVectorizer(vectorizer.word_vectors())
    documents = [*texts, UNSEEN]
    expected = vectorizer.transform(documents)
    assert np.array_equal(pretrained.transform(documents), expected)
    assert pretrained.coverage([UNSEEN]) == 1


def test_korean_particles():
    documents = ["학교가 크다", "학교를 보다", "학교에 가다", "시장이 크다"] * 20
    vectorizer = SkipGramVectorizer(
        n_components=10,
        min_count=1,
        subsample=0,
        subwords=JamoNGrams(),
        n_buckets=1000,
        random_state=0,
    )
    vectors = vectorizer.fit(documents).word_vectors()
    neighbors = [word for word, _ in vectors.most_similar("학교에서", topn=3)]
    assert set(neighbors) == {"학교가", "학교를", "학교에"}
