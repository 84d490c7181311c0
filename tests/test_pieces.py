"""Test tables of word vectors that compose the vectors of other words."""

import copy
import pickle

import numpy as np
import pytest

from skw2v import WordVectors
from skw2v.exceptions import UnknownWordError
from skw2v.text.subwords import NGrams, Subwords, fnv1a
from skw2v.word_vectors.pieces import PieceVectors

N_BUCKETS = 30
NGRAMS = NGrams(3, 4)
KNOWN, COMPOSED, IMPOSSIBLE = "where", "there", "a"


@pytest.fixture
def pieces():
    rows = np.random.default_rng(0).normal(size=(N_BUCKETS, 5)).astype(np.float32)
    rows.flags.writeable = False
    return PieceVectors(Subwords(NGrams(4, 5), N_BUCKETS), rows)


@pytest.fixture
def table(pieces):
    vectors = np.random.default_rng(1).normal(size=(4, 5))
    return WordVectors([KNOWN, "here", "the", "mother"], vectors, pieces)


@pytest.fixture
def full(table):
    """Return a plain table that holds the composed word as well."""
    vectors = np.vstack([table.vectors, table[COMPOSED]])
    return WordVectors([*table.words, COMPOSED], vectors)


def test_a_word_is_the_mean_of_its_pieces(table, pieces):
    hashes = fnv1a(NGrams(4, 5)("there")) % N_BUCKETS
    expected = pieces.rows[hashes].mean(axis=0)
    np.testing.assert_allclose(table["there"], expected, atol=1e-6)
    assert table["there"].dtype == np.float32


def test_what_is_known_composed_or_impossible(table):
    assert KNOWN in table
    assert COMPOSED in table
    assert IMPOSSIBLE not in table
    assert 3 not in table
    assert COMPOSED not in table.words
    assert COMPOSED not in list(table)
    assert repr(table).startswith("WordVectors(4 words and composed ones, 5 comp")
    message = "'a' is not among the 4 words, and has no pieces of which its vector"
    with pytest.raises(UnknownWordError, match=message):
        table[IMPOSSIBLE]
    with pytest.raises(UnknownWordError, match=message):
        table[[KNOWN, COMPOSED, IMPOSSIBLE]]


def test_the_error_can_be_pickled(table):
    with pytest.raises(UnknownWordError) as caught:
        table[IMPOSSIBLE]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_known_words_are_not_composed(table, pieces):
    plain = WordVectors(table.words, table.vectors)
    words = [KNOWN, "mother"]
    assert np.array_equal(table[words], plain[words])
    assert np.array_equal(table[KNOWN], plain[KNOWN])
    with pytest.raises(UnknownWordError, match=r"not among the 4 words; did you mean"):
        plain[COMPOSED]


def test_several_words_at_once(table, full):
    words = [COMPOSED, KNOWN, COMPOSED, "the"]
    assert np.array_equal(table[words], full[words])
    assert table[[]].shape == (0, 5)


def test_questions_about_composed_words(table, full):
    words = [KNOWN, COMPOSED, "the"]
    close = {"rtol": 1e-5, "atol": 1e-6}
    np.testing.assert_allclose(
        table.similarity(COMPOSED, KNOWN), full.similarity(COMPOSED, KNOWN), **close
    )
    np.testing.assert_allclose(
        table.similarities(words, words), full.similarities(words, words), **close
    )
    np.testing.assert_allclose(
        table.n_similarity(words, [KNOWN]), full.n_similarity(words, [KNOWN]), **close
    )
    assert table.doesnt_match(words) == full.doesnt_match(words)
    assert table.closer_than(COMPOSED, KNOWN) == full.closer_than(COMPOSED, KNOWN)
    assert table.rank(KNOWN, COMPOSED) == full.rank(KNOWN, COMPOSED)


def test_neighbors_of_composed_words(table, full):
    expected = full.most_similar(COMPOSED)
    for found in (
        table.most_similar(COMPOSED),
        *table.nearest([COMPOSED, [COMPOSED]]),
    ):
        assert [word for word, _ in found] == [word for word, _ in expected]
        np.testing.assert_allclose(
            [cosine for _, cosine in found],
            [cosine for _, cosine in expected],
            atol=1e-6,
        )
    found = table.most_similar_cosmul([COMPOSED], [KNOWN])
    expected = full.most_similar_cosmul([COMPOSED], [KNOWN])
    assert [word for word, _ in found] == [word for word, _ in expected]


def test_a_table_without_words(pieces):
    empty = WordVectors([], np.zeros((0, 5)), pieces)
    assert empty[[COMPOSED]].shape == (1, 5)
    assert empty.similarity(COMPOSED, COMPOSED) == pytest.approx(1)
    assert empty.most_similar(COMPOSED) == []


def test_a_subset_may_hold_composed_words(table):
    subset = table.subset([COMPOSED, KNOWN])
    assert subset.words == (COMPOSED, KNOWN)
    assert np.array_equal(subset.vectors, table[[COMPOSED, KNOWN]])
    assert np.array_equal(subset["mothers"], table["mothers"])


def test_tables_derived_from_all_words_are_plain(table):
    for derived in (table.normalized(), table.without_common_components()):
        assert derived.pieces is None
        assert COMPOSED not in derived


def test_pickles_and_copies_compose(table):
    for other in (pickle.loads(pickle.dumps(table)), copy.deepcopy(table)):
        assert other == table
        assert np.array_equal(other[COMPOSED], table[COMPOSED])


def test_equality_regards_pieces(table, pieces):
    rows = pieces.rows + 1
    others = [
        None,
        PieceVectors(pieces.subwords, rows),
        PieceVectors(Subwords(NGRAMS, N_BUCKETS), pieces.rows),
    ]
    for other in others:
        assert WordVectors(table.words, table.vectors, other) != table
    assert pieces != 1


def test_each_bucket_needs_a_row(pieces):
    with pytest.raises(ValueError, match=r"each of the 31 buckets.*\(30, 5\)"):
        PieceVectors(Subwords(NGRAMS, 31), pieces.rows)
