import tracemalloc

import numpy as np
import pytest

from skw2v.corpus import Corpus
from skw2v.corpus.numbering import number
from skw2v.pooling import POOLINGS
from skw2v.pooling.mean import BLOCK, PIECE
from skw2v.text.documents import Analyzer
from skw2v.text.reading import encode


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
    result = POOLINGS["mean"](corpus, embeddings)
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)
    assert result.dtype == np.float32


def test_repeated_words_count_repeatedly():
    corpus = encode(Analyzer(), [["a", "b", "a", "a"]], 1, {"a": 0, "b": 1})
    result = POOLINGS["mean"](corpus, np.array([[4, 0], [0, 8]], np.float32))
    assert result.tolist() == [[3, 2]]


def test_documents_without_known_words_give_rows_of_zeros():
    corpus = encode(Analyzer(), [[], ["a"], ["unknown"], []], 1, {"a": 0})
    result = POOLINGS["mean"](corpus, np.ones((1, 3), np.float32))
    assert result.tolist() == [[0] * 3, [1] * 3, [0] * 3, [0] * 3]


def test_no_documents_give_no_rows():
    result = POOLINGS["mean"](
        encode(Analyzer(), [], 1, {"a": 0}), np.ones((1, 3), np.float32)
    )
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
    result = POOLINGS["mean"](corpus, embeddings)
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
    POOLINGS["mean"](corpus, embeddings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20
