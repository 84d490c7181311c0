from collections import Counter

import numpy as np
import pytest

from skw2v.corpus import UNKNOWN, Corpus
from skw2v.corpus.corpus import SLICE
from skw2v.corpus.numbering import join, number


def decode(corpus, words):
    """Return the documents of a corpus as lists of tokens."""
    return [
        [words[i] for i in corpus.ids[start:stop]]
        for start, stop in zip(corpus.offsets[:-1], corpus.offsets[1:], strict=True)
    ]


def test_numbering_loses_nothing(random_documents):
    corpus, words = number(random_documents)
    assert [] in random_documents
    assert decode(corpus, words) == random_documents
    assert corpus.n_documents == len(random_documents)


def test_words_are_numbered_in_order_of_appearance():
    corpus, words = number([["b", "a"], [], ["b", "c"]])
    assert words == ["b", "a", "c"]
    assert corpus.ids.tolist() == [0, 1, 0, 2]
    assert corpus.offsets.tolist() == [0, 2, 2, 4]


def test_renumbering_drops_unknown_words(random_documents):
    corpus, words = number(random_documents)
    selected = np.random.default_rng(0).permutation(len(words))[: len(words) // 2]
    kept = [words[i] for i in selected]
    expected = [[t for t in tokens if t in kept] for tokens in random_documents]
    new_ids = np.full(len(words), UNKNOWN, np.int32)
    new_ids[selected] = np.arange(len(selected))
    assert decode(corpus.renumber(new_ids), kept) == expected
    assert sum(map(len, expected)) < sum(map(len, random_documents))


def test_renumbering_works_across_slices():
    ids = np.random.default_rng(0).integers(0, 5, 2 * SLICE + 7).astype(np.int32)
    corpus = Corpus(ids.copy(), np.array([0, 10, SLICE + 3, len(ids)]))
    new_ids = np.array([2, UNKNOWN, 0, 1, UNKNOWN], np.int32)
    renumbered = corpus.renumber(new_ids)
    assert np.array_equal(renumbered.ids, new_ids[ids][new_ids[ids] != UNKNOWN])
    kept_before = np.concatenate([[0], np.cumsum(new_ids[ids] != UNKNOWN)])
    assert np.array_equal(renumbered.offsets, kept_before[[0, 10, SLICE + 3, len(ids)]])


def test_joined_parts_equal_the_whole(random_documents):
    expected, expected_words = number(random_documents)
    id_of = {word: i for i, word in enumerate(expected_words)}
    parts = [number(random_documents[i : i + 7]) for i in range(0, 200, 7)]
    corpus = join(parts, id_of.__getitem__)
    assert np.array_equal(corpus.ids, expected.ids)
    assert np.array_equal(corpus.offsets, expected.offsets)


def test_counts(random_documents):
    corpus, words = number(random_documents)
    occurrences = Counter(w for document in random_documents for w in document)
    assert corpus.counts(len(words)).tolist() == [occurrences[w] for w in words]


def test_document_counts(random_documents):
    corpus, words = number(random_documents)
    documents = Counter(w for document in random_documents for w in set(document))
    n_words = len(words)
    assert corpus.document_counts(n_words).tolist() == [documents[w] for w in words]
    assert (corpus.document_counts(n_words) < corpus.counts(n_words)).any()


def test_counting_does_not_change_the_corpus():
    corpus, words = number([["a", "b", "a", "a"], ["c", "a", "c"], ["b", "b"]])
    ids, offsets = corpus.ids.copy(), corpus.offsets.copy()
    corpus.counts(len(words))
    assert corpus.document_counts(len(words)).tolist() == [2, 2, 1]
    assert np.array_equal(corpus.ids, ids)
    assert np.array_equal(corpus.offsets, offsets)


def test_absent_words_have_a_count_of_0():
    corpus = Corpus(np.array([1, 1, 1], np.int32), np.array([0, 1, 3]))
    assert corpus.counts(3).tolist() == [0, 3, 0]
    assert corpus.document_counts(3).tolist() == [0, 2, 0]


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_a_corpus_may_be_empty(documents):
    corpus, words = number(documents)
    assert words == []
    assert corpus.n_documents == len(documents)
    assert corpus.counts(0).tolist() == corpus.document_counts(0).tolist() == []
    assert corpus.renumber(np.array([], np.int32)).n_documents == len(documents)


def test_documents_are_read_once(random_documents):
    n_read = 0

    def generator():
        for tokens in random_documents:
            nonlocal n_read
            n_read += 1
            # The tokens come from a generator too, which can't be read twice.
            yield (token for token in tokens)

    once, _ = number(generator())
    assert n_read == len(random_documents)
    expected, _ = number(random_documents)
    np.testing.assert_array_equal(once.ids, expected.ids)
    np.testing.assert_array_equal(once.offsets, expected.offsets)


def test_dtypes_are_those_that_training_expects(random_documents):
    corpus, words = number(random_documents)
    for result in (corpus, join([(corpus, words)], len), join([], len)):
        assert isinstance(result, Corpus)
        assert (result.ids.dtype, result.offsets.dtype) == (np.int32, np.int64)
    assert corpus.counts(len(words)).dtype == np.int64
