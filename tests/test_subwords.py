"""Test how words are cut into pieces, and composed of them."""

import pickle
from unicodedata import normalize

import numpy as np
import pytest

from skw2v import JamoNGrams
from skw2v.text.subwords import NGrams, Subwords, fnv1a

WORDS = ["where", "a", "", "피자", "naïve", "aaaa", "학교에서", "\ud800x", "🍕"]


def plain_hash(piece):
    """Return the hash of fastText by its definition: ``h ^ uint32_t(int8_t(byte))``."""
    h = 2166136261
    for byte in piece.encode("utf-8", "surrogatepass"):
        signed = byte - 256 if byte > 127 else byte
        h = (h ^ (signed & 0xFFFFFFFF)) * 16777619 & 0xFFFFFFFF
    return h


def test_hashes_follow_their_definition():
    pieces = [piece for word in WORDS for piece in NGrams(1, 6)(word)] + ["", *WORDS]
    hashes = fnv1a(pieces)
    assert hashes.dtype == np.uint32
    assert hashes.tolist() == [plain_hash(piece) for piece in pieces]
    assert fnv1a([]).tolist() == []


@pytest.mark.parametrize("lengths", [(3, 6), (1, 2), (1, 1), (2, 9), (5, 6)])
def test_ngrams_and_their_buckets_are_those_of_gensim(lengths):
    ft_ngram_hashes = pytest.importorskip("gensim.models.fasttext").ft_ngram_hashes
    for word in WORDS[:-2]:
        ours = fnv1a(NGrams(*lengths)(word)) % 1000
        assert sorted(ours) == sorted(ft_ngram_hashes(word, *lengths, 1000))


def test_a_border_alone_is_no_piece():
    assert NGrams(1, 2)("<a") == ["<", "a", "<<", "<a", "a>"]
    assert NGrams(1, 1)("") == []


def test_jamo():
    pieces = [normalize("NFC", piece) for piece in JamoNGrams()("학교")]
    letters = ["<하", "학", "ᅡᆨᄀ", "ᆨ교", "교∅", "ᅭ∅>"]
    letters += ["<학", "학ᄀ", "ᅡᆨ교", "ᆨ교∅", "교∅>"]
    letters += ["<학ᄀ", "학교", "ᅡᆨ교∅", "ᆨ교∅>"]
    assert pieces == [*letters, "학교∅"]


def test_jamo_of_mixed_words_and_of_nfd():
    assert JamoNGrams()(normalize("NFD", "한국어")) == JamoNGrams()("한국어")
    pieces = JamoNGrams()("K팝")
    assert len(set(pieces)) == len(pieces)
    assert {"K", normalize("NFD", "팝"), normalize("NFD", "K팝")} <= set(pieces)


def test_pieces_can_be_pickled_and_compared():
    for pieces in (NGrams(3, 6), JamoNGrams()):
        assert pickle.loads(pickle.dumps(pieces)) == pieces
    assert NGrams(3, 6) != NGrams(3, 5)


def test_the_composition_of_known_and_unknown_words():
    subwords = Subwords(NGrams(3, 4), 50)
    words, rows = ["where", "a", "there"], np.array([4, 0, -1])
    S = subwords.composition(words, rows, 7)
    assert S.shape == (3, 57)
    assert S.dtype == np.float32
    for dense, word, row in zip(S.toarray(), words, rows, strict=True):
        expected = np.zeros(57)
        columns = [7 + plain_hash(piece) % 50 for piece in NGrams(3, 4)(word)]
        columns += [row] * int(row >= 0)
        np.add.at(expected, columns, 1 / len(columns))
        np.testing.assert_allclose(dense, expected, rtol=1e-6)


def test_a_word_without_anything_has_an_empty_row():
    S = Subwords(NGrams(5, 6), 50).composition(["a"], np.array([-1]), 3)
    assert S.nnz == 0
    assert Subwords(NGrams(5, 6), 50).composition([], np.zeros(0, int), 3).nnz == 0


def test_many_words_are_cut_in_parts():
    words = [f"word{i}" for i in range(5000)]
    subwords = Subwords(NGrams(3, 3), 1000)
    S = subwords.composition(words, np.arange(5000), 5000)
    last = subwords.composition(words[-1:], np.array([4999]), 5000)
    assert S[[4999]].indices.tolist() == last.indices.tolist()


@pytest.mark.parametrize("pieces", ["abc", None, [1], 3])
def test_a_callable_must_return_strings(pieces):
    subwords = Subwords(lambda word: pieces, 50)
    with pytest.raises(TypeError, match=r"subwords must return a list of str; it.*'x'"):
        subwords.composition(["x"], np.array([0]), 1)
