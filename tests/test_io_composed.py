"""Models of fastText and tables of floret, compared with gensim and plain loops."""

import bz2
import gzip
import io
import lzma
import tracemalloc
from functools import partial

import numpy as np
import pytest
from composed_files import fasttext_file, floret_file, plain_fasttext, plain_murmur

from skw2v import WordVectors
from skw2v.exceptions import UnknownWordError
from skw2v.io import read_fasttext, read_floret, read_word2vec, write_word2vec
from skw2v.text.murmur import MurmurHash3

KNOWN = ["where", "a", "피자", "naïve", "<b>", "a>", "<", "</s>", "New York"]
UNKNOWN = [
    "",
    "b",
    "wherever",
    "피자를",
    "학교에서",
    "<<a>>",
    "🍕",
    "x" * 60,
    "New\tY",
]


def random_rows(n_rows, n_components=5):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n_rows, n_components)).astype(np.float32)


def model(n_buckets=20, lengths=(3, 6)):
    rows = random_rows(len(KNOWN) + n_buckets)
    return fasttext_file(KNOWN, rows, lengths)


def assert_close(vectors, expected):
    np.testing.assert_allclose(vectors, expected, rtol=1e-5, atol=1e-6)


# ---- fastText, compared with plain loops ---------------------------------------------


@pytest.mark.parametrize("lengths", [(3, 6), (0, 2), (1, 1), (5, 5), (2, 9), (3, 2)])
@pytest.mark.parametrize("n_buckets", [0, 1, 20])
def test_words_are_composed_as_by_the_loops_of_fasttext(lengths, n_buckets):
    data = model(n_buckets, lengths)
    vectors, plain = read_fasttext(io.BytesIO(data)), plain_fasttext(data)
    assert list(vectors.words) == KNOWN
    for word in [*KNOWN, *UNKNOWN]:
        expected = plain.vector(word)
        assert (word in vectors) == (expected is not None)
        if expected is None:
            with pytest.raises(UnknownWordError):
                vectors[word]
        else:
            assert_close(vectors[word], expected)


def test_the_mark_of_the_end_of_a_line_has_no_pieces():
    vectors = read_fasttext(io.BytesIO(model()))
    np.testing.assert_array_equal(vectors["</s>"], random_rows(8)[7])
    absent = fasttext_file(["a"], random_rows(9))
    with pytest.raises(UnknownWordError, match="has no pieces"):
        read_fasttext(io.BytesIO(absent))["</s>"]


def test_words_may_be_empty_and_contain_whitespace():
    words = ["", "tab\t", "New York", "New", "\n"]
    file = io.BytesIO(fasttext_file(words, random_rows(9)))
    assert list(read_fasttext(file).words) == words
    file.seek(0)
    vectors = read_fasttext(file, words=["\n", "New York"])
    assert list(vectors.words) == ["New York", "\n"]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files_are_read(compress, tmp_path):
    path = tmp_path / "model"
    path.write_bytes(compress(model()))
    assert read_fasttext(path) == read_fasttext(io.BytesIO(model()))
    table = floret_file(random_rows(9).tolist())
    path.write_bytes(compress(table))
    assert read_floret(path) == read_floret(io.BytesIO(table))


def test_some_words_are_those_of_the_whole_model():
    whole = read_fasttext(io.BytesIO(model()))
    for limit in (1, 5, 100):
        vectors = read_fasttext(io.BytesIO(model()), limit=limit)
        assert vectors == whole.subset(KNOWN[:limit])
    vectors = read_fasttext(io.BytesIO(model()), words=["a", "absent", "피자"], limit=3)
    assert vectors == whole.subset(["a", "피자"])
    assert_close(vectors["absent"], whole["absent"])
    with pytest.raises(ValueError, match="contains none of the words"):
        read_fasttext(io.BytesIO(model()), words=["absent"])


def test_a_word_that_is_left_out_is_composed_of_its_pieces_alone():
    whole = read_fasttext(io.BytesIO(model()))
    some = read_fasttext(io.BytesIO(model()), limit=1)
    n_pieces = 3 + 2 + 1  # of "<a b>" with 3 to 5 characters
    rows = random_rows(len(KNOWN) + 20)
    expected = (whole["<b>"] * (n_pieces + 1) - rows[4]) / n_pieces
    assert_close(some["<b>"], expected)


def test_output_vectors_are_not_checked_beyond_a_limit():
    data = model()
    n_bytes = 17 + 4 * 5 * len(KNOWN)
    vectors = read_fasttext(io.BytesIO(data[:-n_bytes]), limit=len(KNOWN))
    assert vectors == read_fasttext(io.BytesIO(data))


def test_models_without_pieces_know_no_other_words():
    rows = random_rows(len(KNOWN))
    vectors = read_fasttext(io.BytesIO(fasttext_file(KNOWN, rows)))
    assert vectors == WordVectors(KNOWN, rows)
    with pytest.raises(UnknownWordError, match="'wherever' is not among the 9 words"):
        vectors["wherever"]


def test_known_words_can_be_written():
    vectors = read_fasttext(io.BytesIO(fasttext_file(KNOWN[:-1], random_rows(20))))
    for binary in (True, False):
        file = io.BytesIO()
        write_word2vec(vectors, file, binary=binary)
        file.seek(0)
        table = read_word2vec(file, binary=binary)
        assert table == WordVectors(vectors.words, vectors.vectors)


def peak_of(read, file):
    tracemalloc.start()
    try:
        return read(file), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("some", [{}, {"limit": 10}, {"words": ["word7"]}])
def test_the_matrix_is_in_memory_once(tmp_path, some):
    path = tmp_path / "model.bin"
    words = [f"word{i}" for i in range(10_000)]
    rows = random_rows(20_000, 300)
    path.write_bytes(fasttext_file(words, rows))
    vectors, peak = peak_of(partial(read_fasttext, **some), path)
    n_rows = len(vectors) + 10_000
    assert len(vectors) == len(words[: 10_000 if not some else some.get("limit", 1)])
    assert peak < 1.35 * n_rows * 300 * 4 + 10e6


# ---- fastText, compared with gensim --------------------------------------------------


@pytest.fixture(scope="module")
def fasttext():
    reason = "gensim has no wheels for Python 3.14"
    return pytest.importorskip("gensim.models.fasttext", reason=reason)


SENTENCES = [
    ["the", "피자", "<b>", "naïve", "학교가"],
    ["the", "학교를", "a<", ">", "the", "피자"],
    ["🍕", "where", "a", "x" * 30, "New York"],
] * 9


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sg": 1, "min_n": 1, "max_n": 3},
        {"min_n": 2, "max_n": 2, "bucket": 7},
        {"hs": 1, "negative": 0, "bucket": 1},
        {"min_n": 5, "max_n": 6},
        {"sample": 0},
        {"max_n": 0},
        {"bucket": 0},
    ],
)
def test_models_written_by_gensim_give_the_vectors_of_gensim(
    fasttext, settings, tmp_path
):
    path = tmp_path / "model.bin"
    settings = {"bucket": 50, "vector_size": 9, "min_count": 1, "seed": 1, **settings}
    fasttext.save_facebook_model(
        fasttext.FastText(SENTENCES, workers=1, **settings), str(path)
    )
    keyed, vectors = fasttext.load_facebook_vectors(str(path)), read_fasttext(path)
    assert list(vectors.words) == keyed.index_to_key
    assert_close(vectors.vectors, keyed.vectors)
    for word in UNKNOWN:
        if word in vectors:
            assert_close(vectors[word], keyed[word])
        elif settings["bucket"] and settings.get("max_n", 6):  # zeros in gensim
            assert not keyed[word].any()
        else:
            with pytest.raises(KeyError):
                keyed[word]
    if "학교에서" in vectors:
        ours, theirs = (
            each.most_similar("학교에서", topn=3) for each in (vectors, keyed)
        )
        assert [word for word, _ in ours] == [word for word, _ in theirs]


@pytest.mark.parametrize(
    "name",
    ["crime-and-punishment", "toy-model", "toy-model-pretrained", "lee_fasttext_new"],
)
def test_models_written_by_fasttext_give_the_vectors_of_gensim(fasttext, name):
    path = pytest.importorskip("gensim.test.utils").datapath(f"{name}.bin")
    keyed, vectors = fasttext.load_facebook_vectors(path), read_fasttext(path)
    assert list(vectors.words) == keyed.index_to_key
    words = [word for word in vectors.words if word != "</s>"]  # has pieces in gensim
    assert_close(vectors[words], keyed[words])
    for word in ("преступник", "criminally", "<>", "피자"):
        assert_close(vectors[word], keyed[word])


def test_a_model_gives_the_vectors_that_fasttext_has_written_beside_it(fasttext):
    datapath = pytest.importorskip("gensim.test.utils").datapath
    vectors = read_fasttext(datapath("crime-and-punishment.bin"))
    expected = read_word2vec(datapath("crime-and-punishment.vec"))
    assert "</s>" in expected.words
    assert vectors.words == expected.words
    np.testing.assert_allclose(vectors.vectors, expected.vectors, rtol=1e-4, atol=1e-5)


# ---- floret --------------------------------------------------------------------------

# What floret 0.10.5 has trained, and the vectors that it gives.
FLORET = b"\n".join(
    [
        b"6 3 2 3 2 2166136261 < >",
        b"0 -0.73606 0.69463 -0.55043 ",
        b"1 -1.326 1.2514 -0.99158 ",
        b"2 -0.72007 0.67953 -0.53846 ",
        b"3 -1.4816 1.3982 -1.1079 ",
        b"4 -1.5672 1.479 -1.172 ",
        b"5 -1.1222 1.059 -0.83918 ",
        b"",
    ]
)
FLORET_VECTORS = {
    "where": [-1.1975, 1.1301, -0.89549],
    "피자를": [-1.3052, 1.2317, -0.97602],
    "<>": [-1.1517, 1.0869, -0.86125],
    "a b": [-1.1859, 1.1192, -0.88681],
    "y" * 40: [-1.3593, 1.2828, -1.0165],
    "🍕": [-1.0478, 0.98882, -0.78354],
}


def test_vectors_are_those_of_floret():
    vectors = read_floret(io.BytesIO(FLORET))
    assert len(vectors) == 0
    for word, expected in FLORET_VECTORS.items():
        np.testing.assert_allclose(vectors[word], expected, rtol=1e-4)
    table = vectors.subset(FLORET_VECTORS)
    np.testing.assert_allclose(table.vectors, list(FLORET_VECTORS.values()), rtol=1e-4)
    np.testing.assert_array_equal(table["other"], vectors["other"])


def test_hashes_are_those_of_the_reference():
    # Computed by the C++ code of the author.
    hashes = MurmurHash3(2166136261, 2)(["apple", "피자"])
    assert hashes.tolist() == [[3678681678, 214302833], [2149559996, 2103912079]]
    rng = np.random.default_rng(0)
    strings = ["".join(rng.choice(list("ab피é"), n)) for n in range(60)]
    for n_hashes in (1, 4):
        hashes = MurmurHash3(7, n_hashes)(strings)
        expected = [plain_murmur(each.encode(), 7)[:n_hashes] for each in strings]
        assert hashes.dtype == np.uint32
        assert hashes.tolist() == expected
    assert MurmurHash3(7, 3)([]).shape == (0, 3)


def test_a_table_without_words_has_nothing_to_write(tmp_path):
    with pytest.raises(ValueError, match="the table is empty"):
        write_word2vec(read_floret(io.BytesIO(FLORET)), tmp_path / "file")
