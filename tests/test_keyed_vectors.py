"""Tables from and for gensim."""

import numpy as np
import pytest

from skw2v import SkipGramVectorizer, WordVectors
from skw2v.io import read_fasttext

models = pytest.importorskip(
    "gensim.models", reason="gensim has no wheels for Python 3.14"
)
SENTENCES = [["i", "love", "피자"], ["i", "love", "tea"], ["tea", "love"]] * 5


def assert_same(table, keyed):
    assert list(table.words) == keyed.index_to_key
    np.testing.assert_array_equal(table.vectors, keyed.vectors)


@pytest.mark.parametrize("model", [models.Word2Vec, models.FastText])
def test_the_vectors_of_a_model_are_taken(model):
    wv = model(SENTENCES, vector_size=4, min_count=1, workers=1, seed=0).wv
    table = WordVectors.from_gensim(wv)
    assert_same(table, wv)
    assert "lovely" not in table
    wv.vectors[:] = 0
    assert table.vectors.any()
    assert_same(WordVectors.from_gensim(table.to_gensim()), table.to_gensim())


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_other_numbers_become_float32(dtype):
    keyed = models.KeyedVectors(2, dtype=dtype)
    keyed.add_vectors(["a", "b"], np.array([[1, 0.1], [2, 0.3]]))
    table = WordVectors.from_gensim(keyed)
    np.testing.assert_array_equal(table.vectors, keyed.vectors.astype(np.float32))


def test_rows_without_a_word_are_left_out():
    keyed = models.KeyedVectors(2, count=3)
    for word in ("a", "b"):
        keyed.add_vector(word, [1, 2])
    assert WordVectors.from_gensim(keyed) == WordVectors(["a", "b"], [[1, 2], [1, 2]])


def test_a_vectorizer_is_taken_with_its_counts(tmp_path):
    vectorizer = SkipGramVectorizer(
        n_components=4, min_count=1, subsample=0, random_state=0
    ).fit(SENTENCES)
    table = vectorizer.word_vectors()
    keyed = table.to_gensim(vectorizer.word_counts_)
    assert_same(table, keyed)
    counts = [keyed.get_vecattr(word, "count") for word in table.words]
    assert counts == [15, 10, 10, 5]
    found, expected = (each.most_similar("tea") for each in (table, keyed))
    assert [word for word, _ in found] == [word for word, _ in expected]
    keyed.vectors[:] = 0
    assert table.vectors.any()
    reordered = table.subset(table.words[::-1]).to_gensim(counts[::-1])
    reordered.save_word2vec_format(tmp_path / "vectors")  # sorts by the counts
    again = models.KeyedVectors.load_word2vec_format(tmp_path / "vectors")
    assert again.index_to_key[0] == table.words[0]


def test_a_model_of_fasttext_keeps_its_pieces_through_a_file(tmp_path):
    settings = {"min_n": 2, "max_n": 3, "bucket": 50, "workers": 1, "seed": 0}
    model = models.FastText(SENTENCES, vector_size=4, min_count=1, **settings)
    models.fasttext.save_facebook_model(model, str(tmp_path / "model.bin"))
    table = read_fasttext(tmp_path / "model.bin")
    for word in ("love", "lovely"):
        np.testing.assert_allclose(table[word], model.wv[word], rtol=1e-5, atol=1e-7)


def test_other_objects_are_refused():
    model = models.Word2Vec(SENTENCES, vector_size=4, min_count=1, workers=1)
    for other in (model, WordVectors(["a"], [[1]]), None, {"a": [1, 2]}):
        message = rf"expected KeyedVectors of gensim .* {type(other).__name__}\.$"
        with pytest.raises(TypeError, match=message):
            WordVectors.from_gensim(other)
    keyed = models.KeyedVectors(2)
    keyed.add_vectors([0, 1], np.eye(2))
    with pytest.raises(TypeError, match="of type str; got 0 of type int"):
        WordVectors.from_gensim(keyed)
    with pytest.raises(ValueError, match=r"one number for each of the 2 .* \(3,\)"):
        WordVectors(["a", "b"], [[1], [2]]).to_gensim([1, 2, 3])
