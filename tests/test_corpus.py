from collections import Counter

import numpy as np
import pytest

from skw2v.text.corpus import Corpus, encode, read


def decode(corpus, words):
    """Documents of a corpus as lists of words."""
    return [
        [words[i] for i in corpus.ids[start:stop]]
        for start, stop in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True)
    ]


def test_reading_loses_nothing(random_documents):
    corpus, words = read(random_documents)
    assert [] in random_documents
    assert decode(corpus, words) == random_documents
    assert corpus.n_documents == len(random_documents)


def test_words_are_numbered_as_they_come():
    corpus, words = read([["b", "a"], [], ["b", "c"]])
    assert words == ["b", "a", "c"]
    assert corpus.ids.tolist() == [0, 1, 0, 2]
    assert corpus.offsets.tolist() == [0, 2, 2, 4]


def test_encoding_drops_unknown_words(random_documents):
    vocabulary = {"w3": 0, "w0": 1, "absent": 2, "w1": 3}
    expected = [[w for w in words if w in vocabulary] for words in random_documents]
    corpus = encode(random_documents, vocabulary)
    assert decode(corpus, list(vocabulary)) == expected
    assert sum(map(len, expected)) < sum(map(len, random_documents))


def test_renumbering_is_encoding_anew(random_documents):
    corpus, words = read(random_documents)
    selected = np.random.default_rng(0).permutation(len(words))[: len(words) // 2]
    vocabulary = {words[i]: new for new, i in enumerate(selected)}
    expected = encode(random_documents, vocabulary)
    renumbered = corpus.renumber(selected)
    np.testing.assert_array_equal(renumbered.ids, expected.ids)
    np.testing.assert_array_equal(renumbered.offsets, expected.offsets)


def test_counts(random_documents):
    corpus, words = read(random_documents)
    occurrences = Counter(w for document in random_documents for w in document)
    assert corpus.counts(len(words)).tolist() == [occurrences[w] for w in words]


def test_document_counts(random_documents):
    corpus, words = read(random_documents)
    documents = Counter(w for document in random_documents for w in set(document))
    n_words = len(words)
    assert corpus.document_counts(n_words).tolist() == [documents[w] for w in words]
    assert (corpus.document_counts(n_words) < corpus.counts(n_words)).any()


def test_words_that_do_not_occur_are_counted_as_0():
    corpus = encode([["b"], ["b", "b"]], {"a": 0, "b": 1, "c": 2})
    assert corpus.counts(3).tolist() == [0, 3, 0]
    assert corpus.document_counts(3).tolist() == [0, 2, 0]


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_a_corpus_may_be_empty(documents):
    corpus, words = read(documents)
    assert words == []
    assert corpus.n_documents == len(documents)
    assert corpus.counts(0).tolist() == corpus.document_counts(0).tolist() == []
    assert corpus.renumber(np.array([], int)).n_documents == len(documents)


@pytest.mark.parametrize(
    "read_all",
    [lambda X: read(X)[0], lambda X: encode(X, {"w0": 0, "w1": 1})],
    ids=["read", "encode"],
)
def test_documents_are_read_once(random_documents, read_all):
    n_read = 0

    def generator():
        for words in random_documents:
            nonlocal n_read
            n_read += 1
            # A generator of words too: it can't be gone through twice.
            yield (word for word in words)

    once = read_all(generator())
    assert n_read == len(random_documents)
    expected = read_all(random_documents)
    np.testing.assert_array_equal(once.ids, expected.ids)
    np.testing.assert_array_equal(once.offsets, expected.offsets)


def test_types_are_what_training_expects(random_documents):
    corpus, words = read(random_documents)
    for some in (corpus, corpus.renumber(np.arange(3)), encode([], {"a": 0})):
        assert isinstance(some, Corpus)
        assert (some.ids.dtype, some.offsets.dtype) == (np.int32, np.int64)
    assert corpus.counts(len(words)).dtype == np.int64
