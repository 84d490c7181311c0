import numpy as np

from skw2v.corpus.numbering import number
from skw2v.pooling import POOLINGS
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
