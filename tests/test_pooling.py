import tracemalloc

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from skw2v.corpus import Corpus
from skw2v.corpus.numbering import number
from skw2v.pooling import POOLINGS, WEIGHTINGS, Frequencies, WordFeatures
from skw2v.pooling.clusters import SAMPLE, SMALLEST, soft_clusters
from skw2v.pooling.pieces import BLOCK as NUMBERS
from skw2v.pooling.pieces import PIECE
from skw2v.text.documents import Analyzer
from skw2v.text.reading import encode

BLOCK = NUMBERS // (3 * PIECE)  # pieces of a block, with vectors of three components


def features_of(vectors, weights=None, memberships=None):
    n_words = len(vectors)
    weights = np.ones(n_words) if weights is None else weights
    memberships = np.zeros((n_words, 0)) if memberships is None else memberships
    arrays = vectors, weights, memberships
    return WordFeatures(*(np.asarray(array, np.float32) for array in arrays))


def pool(name, corpus, *arrays):
    """Return the rows of a corpus."""
    features = features_of(*arrays)
    n_clusters = features.memberships.shape[1] if name == "clusters" else 1
    n_columns = n_clusters * features.vectors.shape[1]
    rows = np.zeros((corpus.n_documents, n_columns), np.float32)
    POOLINGS[name](corpus, features, rows)
    return rows


def test_a_row_is_the_mean_of_the_vectors_of_its_tokens(random_documents):
    corpus, words = number(random_documents)
    embeddings = np.random.default_rng(0).normal(size=(len(words), 5))
    embeddings = embeddings.astype(np.float32)
    row_of = {word: row for row, word in enumerate(words)}
    expected = [
        np.mean([embeddings[row_of[w]] for w in document], axis=0, dtype=np.float64)
        if document
        else np.zeros(5)
        for document in random_documents
    ]
    result = pool("mean", corpus, embeddings)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
    assert result.dtype == np.float32


def test_repeated_words_count_repeatedly():
    corpus = encode(Analyzer(), [["a", "b", "a", "a"]], 1, {"a": 0, "b": 1})
    result = pool("mean", corpus, np.array([[4, 0], [0, 8]], np.float32))
    assert result.tolist() == [[3, 2]]


def test_documents_without_known_words_give_rows_of_zeros():
    corpus = encode(Analyzer(), [[], ["a"], ["unknown"], []], 1, {"a": 0})
    result = pool("mean", corpus, np.ones((1, 3), np.float32))
    assert result.tolist() == [[0] * 3, [1] * 3, [0] * 3, [0] * 3]


def test_no_documents_give_no_rows():
    result = pool("mean", encode(Analyzer(), [], 1, {"a": 0}), np.ones((1, 3)))
    assert result.shape == (0, 3)


def corpus_of(lengths, n_words, seed=0):
    ids = np.random.default_rng(seed).integers(0, n_words, sum(lengths))
    return Corpus(ids.astype(np.int32), np.concatenate([[0], np.cumsum(lengths)]))


@pytest.mark.parametrize(
    "lengths",
    [
        [1, PIECE, 2, 0],
        [PIECE + 1],
        [0, 5, 0, 3 * PIECE, PIECE * BLOCK + 1, 1, 0, 2 * PIECE * BLOCK - 7, 0, 100, 0],
        [PIECE * BLOCK] * 3,
        [2_000_000],
    ],
)
@pytest.mark.parametrize("n_words", [1, 300])
def test_a_mean_of_many_tokens_keeps_its_digits(lengths, n_words):
    corpus = corpus_of(lengths, n_words)
    embeddings = np.random.default_rng(1).uniform(0.5, 1.5, (n_words, 3))
    embeddings = embeddings.astype(np.float32)
    result = pool("mean", corpus, embeddings)
    assert result.dtype == np.float32
    for row, start, stop in zip(
        result, corpus.offsets[:-1], corpus.offsets[1:], strict=True
    ):
        counts = np.bincount(corpus.ids[start:stop], minlength=n_words)
        expected = counts @ embeddings.astype(np.float64) / max(stop - start, 1)
        np.testing.assert_allclose(row, expected, rtol=1e-6)


def test_a_long_document_takes_little_memory():
    corpus, embeddings = corpus_of([3_000_000], 50), np.ones((50, 100), np.float32)
    tracemalloc.start()
    pool("mean", corpus, embeddings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20


LENGTHS = [
    [1, PIECE, 2, 0],
    [0, 5, 0, 3 * PIECE, 1, 0, 2 * PIECE + 7, 0, 100, 0],
    [0, 0, 30 * PIECE, 40 * PIECE + 1, 0],
]


@pytest.fixture(params=[1, 7, None], ids=lambda size: f"{size} pieces")
def small_blocks(request, monkeypatch):
    """Pool so few pieces at a time that documents continue in the next block."""
    if request.param:
        monkeypatch.setattr("skw2v.pooling.pieces.BLOCK", 3 * PIECE * request.param)


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("name", POOLINGS)
def test_poolings_are_their_formulas(small_blocks, lengths, name):
    rng, n_words = np.random.default_rng(2), 40
    corpus = corpus_of(lengths, n_words)
    vectors = rng.normal(size=(n_words, 3)).astype(np.float32)
    weights = rng.uniform(0.1, 2, n_words).astype(np.float32)
    memberships = rng.uniform(size=(n_words, 4)).astype(np.float32)
    memberships[rng.random(memberships.shape) < 0.5] = 0
    expected = []
    for start, stop in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True):
        ids = corpus.ids[start:stop]
        v, a, p = (x[ids].astype(float) for x in (vectors, weights, memberships))
        if not len(ids):
            expected.append(np.zeros(12 if name == "clusters" else 3))
        elif name == "mean":
            expected.append(a @ v / a.sum())
        elif name == "clusters":
            expected.append(np.einsum("t,tk,tc->kc", a, p, v).ravel() / a.sum())
        else:
            expected.append(getattr(np, name)(v, axis=0))
    result = pool(name, corpus, vectors, weights, memberships)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", POOLINGS)
def test_rows_beside_others_are_the_same(name):
    rng, corpus = np.random.default_rng(0), corpus_of([3, 0, 200, 5], 20)
    arrays = rng.normal(size=(20, 3)), None, rng.uniform(size=(20, 4))
    alone = pool(name, corpus, *arrays)
    wide = np.full((4, 5 + alone.shape[1]), 9, np.float32)
    wide[:, 2:-3] = 0
    POOLINGS[name](corpus, features_of(*arrays), wide[:, 2:-3])
    assert np.array_equal(wide[:, 2:-3], alone)
    assert (wide[:, :2] == 9).all()
    assert (wide[:, -3:] == 9).all()


def test_clusters_sum_to_the_mean_if_memberships_sum_to_one():
    rng, corpus = np.random.default_rng(0), corpus_of([3, 70, 200], 20)
    vectors, memberships = rng.normal(size=(20, 3)), rng.dirichlet([0.2] * 4, 20)
    rows = pool("clusters", corpus, vectors, None, memberships)
    np.testing.assert_allclose(
        rows.reshape(3, 4, 3).sum(axis=1), pool("mean", corpus, vectors), atol=1e-6
    )


def test_clusters_take_little_memory_beyond_their_result():
    corpus, rng = corpus_of([100] * 20_000, 500), np.random.default_rng(0)
    memberships = np.eye(20)[rng.integers(0, 20, 500)]
    features = features_of(rng.normal(size=(500, 50)), None, memberships)
    rows = np.zeros((20_000, 1000), np.float32)
    tracemalloc.start()
    POOLINGS["clusters"](corpus, features, rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 48 << 20  # the result has 76 MiB, the vectors of all tokens 381


def test_idf_is_that_of_scikit_learn(random_documents):
    corpus, words = number(random_documents)
    tfidf = TfidfVectorizer(analyzer=list, vocabulary=words).fit(random_documents)
    frequencies = Frequencies.of(corpus, corpus.counts(len(words)), "idf")
    np.testing.assert_allclose(WEIGHTINGS["idf"](frequencies), tfidf.idf_)


def test_sif_follows_the_shares_of_words():
    corpus = corpus_of([1000, 3000], 7)
    shares = np.bincount(corpus.ids) / 4000
    frequencies = Frequencies.of(corpus, corpus.counts(7), "sif")
    np.testing.assert_allclose(WEIGHTINGS["sif"](frequencies), 1e-3 / (1e-3 + shares))
    assert (WEIGHTINGS["uniform"](frequencies) == 1).all()


def blobs(n_words, n_blobs, scale=1.0):
    """Return vectors around some centers, and the center of each."""
    rng = np.random.default_rng(0)
    of_word = rng.integers(0, n_blobs, n_words)
    centers = 10 * rng.normal(size=(n_blobs, 8))
    vectors = scale * (centers[of_word] + rng.normal(size=(n_words, 8)))
    return vectors.astype(np.float32), of_word


@pytest.mark.parametrize("scale", [1e-12, 1, 1e12])
def test_soft_clusters_find_groups_of_words_at_any_scale(scale):
    vectors, of_word = blobs(600, 4, scale)
    memberships = soft_clusters(vectors, np.ones(600), 4, 0)
    assert memberships.dtype == np.float32
    found = memberships.argmax(axis=1)
    assert len({*zip(of_word, found, strict=True)}) == 4
    np.testing.assert_allclose(memberships.sum(axis=1), 1, atol=4 * SMALLEST)


def test_soft_clusters_depend_on_directions_only():
    vectors, _ = blobs(600, 4)
    lengths = np.random.default_rng(1).uniform(0.1, 10, (600, 1)).astype(np.float32)
    one, other = (
        soft_clusters(v, np.ones(600), 4, 0) for v in (vectors, vectors * lengths)
    )
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_small_memberships_are_dropped():
    vectors = np.random.default_rng(0).normal(size=(2000, 4)).astype(np.float32)
    memberships = soft_clusters(vectors, np.ones(2000), 5, 0)
    assert ((memberships == 0) | (memberships >= np.float32(SMALLEST))).all()
    assert (memberships == 0).any()


def test_the_most_frequent_words_make_the_clusters():
    vectors, _ = blobs(SAMPLE + 500, 3)
    counts = np.arange(len(vectors))
    vectors[:500] = 0  # the rarest
    one = soft_clusters(vectors, counts, 3, 0)
    vectors[:500] = 7
    other = soft_clusters(vectors, counts, 3, 0)
    np.testing.assert_allclose(one[500:], other[500:], atol=1e-5)


def test_more_clusters_than_words_are_refused():
    with pytest.raises(ValueError, match="n_clusters=4 is more than the 3 words"):
        soft_clusters(np.eye(3, dtype=np.float32), np.ones(3), 4, 0)


@pytest.mark.parametrize("n_words", [1, 5])
def test_equal_vectors_are_clustered_without_a_warning(n_words):
    vectors = np.zeros((n_words, 3), np.float32)
    memberships = soft_clusters(vectors, np.ones(n_words), n_words, 0)
    assert np.isfinite(memberships).all()
