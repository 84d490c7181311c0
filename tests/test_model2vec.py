"""Folders for model2vec and sentence-transformers, loaded with both libraries."""

import json
import unicodedata

import numpy as np
import pytest
from model2vec import StaticModel
from safetensors.numpy import load_file
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer
from tokenizers import Tokenizer

from skw2v import PretrainedVectorizer, SkipGramVectorizer, WordVectors
from skw2v.io import write_model2vec

TEXTS = [
    "I love 피자, you LOVE tea!",
    "love_2 x² ½ naïve café cafe\u0301 नमस्ते a\u200db",
    "ΟΔΟΣ, ΣΑΣ Σ ΑΣ' ΣΑ'Α ΌΔΟ\u0301Σ οδος İstanbul STRASSE ẞ",
    "unknown words only",
    "",
    " \t\n",
    "piza pizzas  pizza\xa0pizza\u3000pizza a xa ax",
    "it's e-mail: a.b@c.de ❤️ 👩\u200d🍳 1️⃣ ▁a _ __",
    "tea " * 700 + "pizza",
]
LEARNED = [*TEXTS[:3], "", *TEXTS[6:8]]
SETTINGS = {"n_components": 4, "min_count": 1, "max_iter": 1, "random_state": 0}
PATTERNS = [
    None,
    r"\w+",
    r"(?u)\b\w\w+\b",
    r"\b\w+\b",
    r"(?u)\w\w\w+",
    r"\S+",
    r"(?u)\S\S+",
]


def fitted(**parameters):
    return SkipGramVectorizer(**SETTINGS, **parameters).fit(LEARNED)


def assert_same(vectors, expected):
    assert expected.any()
    np.testing.assert_allclose(vectors, expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize(
    ("pattern", "lowercase"),
    [*((pattern, True) for pattern in PATTERNS), (None, False)],
)
def test_model2vec_gives_the_same_vectors(tmp_path, pattern, lowercase):
    vectorizer = fitted(token_pattern=pattern, lowercase=lowercase)
    write_model2vec(vectorizer, tmp_path / "new" / "folder")
    model = StaticModel.from_pretrained(tmp_path / "new" / "folder")
    assert_same(model.encode(TEXTS), vectorizer.transform(TEXTS))
    assert not model.encode(["unseen"]).any()


# Takes 3 seconds for 100,000 tokens, three times.
@pytest.mark.parametrize("pattern", [None, r"\w\w+", r"\S+"])
def test_all_characters_give_the_same_tokens(tmp_path, pattern):
    characters = [chr(i) for i in range(0x20000) if not 0xD800 <= i < 0xE000]
    # Both sides may know letters of different versions of Unicode.
    known = [c for c in characters if unicodedata.category(c) != "Cn"]
    text = " ".join(f"{c}a{c}b" for c in known)
    vectorizer = PretrainedVectorizer(
        WordVectors(["abc"], [[1]]), token_pattern=pattern, lowercase=False
    )
    found, expected = found_and_expected(tmp_path, vectorizer, text)
    assert len(expected) > 60_000
    assert found == expected


def found_and_expected(folder, vectorizer, text):
    """Return the tokens of a text that both sides find."""
    write_model2vec(vectorizer, folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    normal = tokenizer.normalizer.normalize_str(text)
    tokens = [token for token, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal)]
    assert all(token.startswith(" ") for token in tokens)
    return [token[1:] for token in tokens], vectorizer.build_analyzer()(text)


def test_capitals_become_the_same_small_letters(tmp_path):
    vectorizer = PretrainedVectorizer(WordVectors(["ab"], [[1]]))
    # Letters that Unicode has had since version 13, that of Python 3.10.
    known = (chr(i) for i in range(0xA7C0) if unicodedata.category(chr(i)) != "Cn")
    text = " ".join(f"{c} A{c}b" for c in known)
    found, expected = found_and_expected(tmp_path, vectorizer, text)
    assert found == expected
    found, expected = found_and_expected(tmp_path, vectorizer, TEXTS[2])
    assert found == expected
    assert "οδος" in expected


@pytest.mark.parametrize("weighting", ["uniform", "idf", "sif"])
def test_weighted_means_have_the_same_direction(tmp_path, weighting):
    vectorizer = fitted(weighting=weighting)
    if weighting != "uniform":
        with pytest.raises(ValueError, match=rf"weighting='{weighting}' divides by th"):
            write_model2vec(vectorizer, tmp_path)
        assert not list(tmp_path.iterdir())
    write_model2vec(vectorizer, tmp_path, normalize=True)
    model = StaticModel.from_pretrained(tmp_path)
    expected = Normalizer().transform(vectorizer.transform(TEXTS))
    assert_same(model.encode(TEXTS), expected)


def test_words_that_no_text_gives_are_left_out(tmp_path):
    words = ["tea", "Tea", "the", "New York", "x\ud800", "é", " ", ""]
    vectors = WordVectors(words, np.eye(8))
    vectorizer = PretrainedVectorizer(vectors, stop_words=["the"], input="filename")
    write_model2vec(vectorizer, tmp_path)
    assert list(vocabulary_of(tmp_path)) == [" tea", " é"]
    np.testing.assert_array_equal(rows_of(tmp_path), np.eye(8)[[0, 5]])
    with pytest.raises(ValueError, match="no text has any of the words as its token"):
        write_model2vec(vectorizer.set_params(stop_words=["tea", "the", "é"]), tmp_path)


def vocabulary_of(folder):
    text = (folder / "tokenizer.json").read_text(encoding="utf-8")
    return json.loads(text)["model"]["vocab"]


def rows_of(folder):
    return load_file(folder / "model.safetensors")["embeddings"]


class OfLetters(SkipGramVectorizer):
    def build_analyzer(self):
        return list


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"pooling": ("mean", "max")}, r"only average vectors; got pooling=\('mean'"),
        ({"pooling": "max"}, "can only average vectors; got pooling='max'"),
        ({"subwords": (3, 4), "n_buckets": 9}, "can't compose unknown words of their"),
        ({"analyzer": "char"}, "the folder can't do analyzer='char'; set analyzer='wo"),
        ({"strip_accents": "ascii"}, "can't do strip_accents='ascii'; set .*=None"),
        ({"analyzer": str.split}, "holds no code, so the analyzer, tokenizer, prep"),
        ({"tokenizer": str.split}, "holds no code"),
        ({"preprocessor": str.lower}, "holds no code"),
        ({"token_pattern": r"\w+|!"}, r"can only .* got token_pattern='\\\\w\+\|!'"),
        ({"token_pattern": r"\w"}, r"can only find tokens by None, r'\\w\+', "),
        ({"token_pattern": r"\b\S+\b"}, "can only find tokens"),
    ],
)
def test_what_the_folder_cannot_do_is_refused(tmp_path, parameters, message):
    with pytest.raises(ValueError, match=f"{message}.*\\.$"):
        write_model2vec(fitted(**parameters), tmp_path / "folder")
    assert not list(tmp_path.iterdir())


def test_other_vectorizers_are_refused(tmp_path):
    table = WordVectors(["a"], [[1]])
    pipeline = make_pipeline(PretrainedVectorizer(table), Normalizer())
    for other in (table, pipeline, None, PretrainedVectorizer):
        with pytest.raises(
            TypeError, match=r"expected a fitted CBOWVectorizer, .* got"
        ):
            write_model2vec(other, tmp_path)
    with pytest.raises(NotFittedError):
        write_model2vec(SkipGramVectorizer(), tmp_path)
    with pytest.raises(ValueError, match="holds no code"):
        write_model2vec(OfLetters(**SETTINGS).fit(LEARNED), tmp_path)
    assert not list(tmp_path.iterdir())


def test_files_are_replaced(tmp_path):
    for words in (["a", "b"], ["c"]):
        vectors = WordVectors(words, np.eye(len(words)))
        write_model2vec(PretrainedVectorizer(vectors), tmp_path)
    assert list(vocabulary_of(tmp_path)) == [" c"]
    assert StaticModel.from_pretrained(tmp_path).encode(["c a"]).tolist() == [[1]]


def test_means_of_all_tokens_are_the_same(tmp_path):
    """Do what a `StaticEmbedding` does, for which torch would be needed."""
    vectorizer = fitted()
    write_model2vec(vectorizer, tmp_path)
    rows = rows_of(tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    encodings = tokenizer.encode_batch(TEXTS, add_special_tokens=False)
    means = [
        rows[each.ids].mean(axis=0) if each.ids else rows[0] * 0 for each in encodings
    ]
    assert_same(np.array(means), vectorizer.transform(TEXTS))


@pytest.mark.filterwarnings("default")  # of torch and transformers
@pytest.mark.parametrize("normalize", [False, True])
def test_sentence_transformers_gives_the_same_vectors(tmp_path, normalize):
    """Where sentence-transformers is installed; the test above is for elsewhere."""
    sentence_transformers = pytest.importorskip(
        "sentence_transformers", reason="it needs torch, which takes gigabytes"
    )
    vectorizer = fitted(weighting="sif" if normalize else "uniform")
    write_model2vec(vectorizer, tmp_path, normalize=normalize)
    model = sentence_transformers.SentenceTransformer(str(tmp_path), device="cpu")
    assert type(model[0]).__name__ == "StaticEmbedding"
    expected = vectorizer.transform(TEXTS)
    expected = Normalizer().transform(expected) if normalize else expected
    assert_same(model.encode(TEXTS), expected)
