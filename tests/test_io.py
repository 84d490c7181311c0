"""Reading and writing tables of word vectors, compared with gensim."""

import bz2
import gzip
import io
import lzma
import tempfile
import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skw2v import PretrainedVectorizer, SkipGramVectorizer, WordVectors
from skw2v.io import read_glove, read_word2vec, write_glove, write_word2vec

KeyedVectors = pytest.importorskip(
    "gensim.models", reason="gensim has no wheels for Python 3.14"
).KeyedVectors

READ = {
    "text": read_word2vec,
    "binary": partial(read_word2vec, binary=True),
    "glove": read_glove,
}
WRITE = {
    "text": write_word2vec,
    "binary": partial(write_word2vec, binary=True),
    "glove": write_glove,
}
GENSIM_LOAD = {"text": {}, "binary": {"binary": True}, "glove": {"no_header": True}}
GENSIM_SAVE = {"text": {}, "binary": {"binary": True}, "glove": {"write_header": False}}
WORDS = ["the", "</s>", "피자", "naïve", "non\xa0breaking", "\u2028", "0.5", "\ufeff"]


@pytest.fixture(params=READ)
def kind(request):
    return request.param


@pytest.fixture
def table():
    return random_table(WORDS)


def random_table(words, n_components=7):
    """Make a table of numbers of many magnitudes, inexact in float32."""
    rng = np.random.default_rng(0)
    shape = len(words), n_components
    return WordVectors(
        words, rng.normal(size=shape) * 10.0 ** rng.integers(-9, 9, shape)
    )


def file_of(kind, table):
    """Return the bytes that are written."""
    file = io.BytesIO()
    WRITE[kind](table, file)
    return file.getvalue()


def gensim_table(table):
    keyed = KeyedVectors(table.vectors.shape[1])
    keyed.add_vectors(list(table.words), table.vectors)
    return keyed


def assert_same(table, expected):
    assert list(table.words) == list(expected.words)
    assert table.vectors.dtype == np.float32
    assert table.vectors.tobytes() == expected.vectors.tobytes()  # with the sign of 0


# ---- round trips ---------------------------------------------------------------------


@st.composite
def tables(draw):
    """Draw any words that can be written, and any numbers up to a limit."""
    letters = st.characters(codec="utf-8", exclude_characters="\0\t\n\v\f\r ")
    words = draw(st.lists(st.text(letters, min_size=1), min_size=1, unique=True))
    shape = len(words), draw(st.integers(1, 4))
    numbers = st.floats(-(2.0**120), 2.0**120, width=32)
    vectors = draw(st.lists(numbers, min_size=shape[0], max_size=shape[0]))
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    return WordVectors(words, rng.permuted(np.resize(np.float32(vectors), shape)))


COMPRESS = [bytes, gzip.compress, bz2.compress, lzma.compress]


# Takes 2 seconds for 300 tables.
@given(table=tables(), kind=st.sampled_from(list(READ)), pack=st.sampled_from(COMPRESS))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_written_tables_are_read_back(table, kind, pack):
    assume(kind != "glove" or not table.words[0].startswith("\ufeff"))
    assert_same(READ[kind](io.BytesIO(pack(file_of(kind, table)))), table)


@given(
    words=st.lists(
        st.lists(st.text("ab.1-\xa0피", min_size=1), min_size=1).map(" ".join),
        min_size=1,
        unique=True,
    )
)
@settings(derandomize=True, deadline=None, max_examples=300)
def test_words_with_spaces_are_read_back_or_not_written(words):
    table = random_table(words, 3)
    try:
        data = file_of("glove", table)
    except ValueError:
        assert any("1" in word.partition(" ")[2] for word in words)
        return
    assert_same(read_glove(io.BytesIO(data)), table)


ROWS = [". . .", "the", "at", "at name@domain.com", "soup"]


@pytest.mark.parametrize("n_first", range(5))
def test_words_with_spaces_are_told_from_others(n_first):
    words = ROWS[n_first:] + ROWS[:n_first]
    table = random_table(words, 3)
    data = file_of("glove", table)
    assert_same(read_glove(io.BytesIO(data)), table)
    assert_same(read_word2vec(io.BytesIO(b"5 3\n" + data)), table)
    for some in (["at", "soup"], ["at name@domain.com"], [". . .", "the"], ["the"]):
        expected = table.subset(word for word in words if word in some)
        assert_same(read_glove(io.BytesIO(data), words=some), expected)
    with pytest.raises(ValueError, match="contains none of the words"):
        read_glove(io.BytesIO(data), words=[".", "name@domain.com"])


@pytest.mark.parametrize("header", [b"2\t3", b"2 \t 3", b"2  3", b"2 3\t", b"2\t3 \r"])
def test_tabs_and_spaces_in_a_header_are_accepted(header):
    data = header + b"\na 1 2 3\nb 4 5 6\n"
    expected = WordVectors(["a", "b"], [[1, 2, 3], [4, 5, 6]])
    assert_same(read_word2vec(io.BytesIO(data)), expected)


@pytest.mark.parametrize("end", ["\n", "\n\n\n", "\r\n", " \n", "\n\r\n  "])
def test_blank_lines_at_the_end_are_accepted(end):
    rows = "a 1 2 3\nb 4 5 6\n" + end
    expected = WordVectors(["a", "b"], [[1, 2, 3], [4, 5, 6]])
    assert_same(read_word2vec(io.BytesIO(f"2 3\n{rows}".encode())), expected)
    assert_same(read_glove(io.BytesIO(rows.encode())), expected)


@pytest.mark.parametrize("compress", [bz2.compress, lzma.compress, gzip.compress])
def test_compressed_files_of_several_streams_are_read(kind, table, compress):
    data = file_of(kind, table)
    half = len(data) // 2
    padding = b"\0" * 8 if compress is not gzip.compress else b""
    parts = compress(data[:half]) + padding + compress(data[half:]) + padding
    assert_same(READ[kind](io.BytesIO(parts)), table)


@pytest.mark.parametrize("compress", COMPRESS)
def test_a_pipe_that_gives_one_byte_at_a_time_is_read(kind, table, compress):
    class Slow(io.BytesIO):
        def readinto(self, buffer):
            return super().readinto(memoryview(buffer)[:1])

    assert_same(READ[kind](Slow(compress(file_of(kind, table)))), table)


def test_a_word_that_looks_like_the_beginning_of_bz2_is_one():
    table = WordVectors(["BZh9", "GGUF"], [[1], [2]])
    assert_same(read_glove(io.BytesIO(file_of("glove", table))), table)


def test_tables_of_many_blocks_keep_their_rows(kind):
    table = random_table([f"word{i}" for i in range(2000)], 200)
    data = file_of(kind, table)
    assert_same(READ[kind](io.BytesIO(data)), table)
    expected = WordVectors(table.words[:1999], table.vectors[:1999])
    assert_same(READ[kind](io.BytesIO(data), limit=1999), expected)


@pytest.mark.parametrize("name", ["vectors", "vectors.gz"])
def test_paths_are_read_and_written(kind, table, tmp_path, name):
    for path in (tmp_path / name, str(tmp_path / name)):
        WRITE[kind](table, path)
        assert_same(READ[kind](path), table)


# ---- gensim, the original word2vec, fastText -----------------------------------------


@pytest.mark.filterwarnings("ignore:Exception ignored")  # gensim leaves files open
@pytest.mark.parametrize("name", ["vectors", "vectors.gz"])
def test_gensim_reads_written_files(kind, table, tmp_path, name):
    WRITE[kind](table, tmp_path / name)
    keyed = KeyedVectors.load_word2vec_format(tmp_path / name, **GENSIM_LOAD[kind])
    assert keyed.index_to_key == list(table.words)
    np.testing.assert_array_equal(keyed.vectors, table.vectors)


@pytest.mark.parametrize("name", ["vectors", "vectors.gz"])
def test_files_written_by_gensim_are_read(kind, table, tmp_path, name):
    gensim_table(table).save_word2vec_format(tmp_path / name, **GENSIM_SAVE[kind])
    assert_same(READ[kind](tmp_path / name), table)


def test_written_bytes_equal_those_of_gensim(kind, table, tmp_path):
    gensim_table(table).save_word2vec_format(tmp_path / "theirs", **GENSIM_SAVE[kind])
    assert file_of(kind, table) == (tmp_path / "theirs").read_bytes()


def test_parsed_numbers_equal_those_of_gensim(tmp_path):
    rng = np.random.default_rng(0)
    digits = [
        "".join(map(str, rng.integers(0, 10, n))) for n in rng.integers(1, 30, 3000)
    ]
    points = [f"{d[: len(d) // 2]}.{d[len(d) // 2 :]}" for d in digits]
    numbers = [
        rng.choice(["", "+", "-"]) + number + rng.choice(["", "e-20", "E+3", "e-42"])
        for number in points
    ]
    path = tmp_path / "vectors.txt"
    path.write_text(f"1 {len(numbers)}\nword {' '.join(numbers)}\n")
    keyed = KeyedVectors.load_word2vec_format(path)
    np.testing.assert_array_equal(read_word2vec(path).vectors, keyed.vectors)


def test_line_feeds_after_binary_vectors_are_skipped(table):
    rows = zip(table.words, table.vectors, strict=True)
    data = b"%d %d\n" % table.vectors.shape
    data += b"".join(word.encode() + b" " + row.tobytes() + b"\n" for word, row in rows)
    assert_same(read_word2vec(io.BytesIO(data), binary=True), table)


@pytest.mark.parametrize("end", ["\n", " \n", "\r\n", " \r\n"])
@pytest.mark.parametrize("last", [True, False], ids=["end", "no end"])
def test_lines_end_in_several_ways(end, last):
    """The original word2vec and fastText write a space after the last number."""
    data = end.join(["2 3", "a 1 2 3", "b 4 5 6"]) + end * last
    vectors = read_word2vec(io.BytesIO(data.encode()))
    assert_same(vectors, WordVectors(["a", "b"], [[1, 2, 3], [4, 5, 6]]))
    headless = data[3:].lstrip().encode()
    assert_same(read_glove(io.BytesIO(headless)), vectors)


# ---- parts of files ------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 5, len(WORDS), 1000, np.int64(2)])
def test_limit_takes_the_first_rows(kind, table, limit):
    expected = WordVectors(table.words[:limit], table.vectors[:limit])
    assert_same(READ[kind](io.BytesIO(file_of(kind, table)), limit=limit), expected)


def test_rows_beyond_the_limit_are_not_checked(kind, table):
    data = file_of(kind, table)[:-50] + b"\xff nan"
    expected = WordVectors(table.words[:3], table.vectors[:3])
    assert_same(READ[kind](io.BytesIO(data), limit=3), expected)


def test_selected_words_keep_the_order_of_the_file(kind, table):
    file, rows = io.BytesIO(file_of(kind, table)), [2, 3, 6]
    wanted = (WORDS[row] for row in [6, 2, 3])
    vectors = READ[kind](file, words=[*wanted, "absent", "\ud800"])
    expected = WordVectors([WORDS[row] for row in rows], table.vectors[rows])
    assert_same(vectors, expected)


def test_limit_counts_all_rows_not_only_selected_ones(kind, table):
    data = file_of(kind, table)
    vectors = READ[kind](io.BytesIO(data), limit=3, words=iter(WORDS[1:5]))
    assert list(vectors.words) == WORDS[1:3]


@pytest.mark.parametrize("header", ["4 2\n", ""])
def test_rows_of_other_words_are_not_checked(header):
    data = header.encode() + b"a 1 2\n\xff 1 2\nb 3\nc 5 6\n"
    read = read_word2vec if header else read_glove
    vectors = read(io.BytesIO(data), words={"a", "c"})
    assert_same(vectors, WordVectors(["a", "c"], [[1, 2], [5, 6]]))


def test_the_file_must_contain_one_of_the_words(kind, table):
    with pytest.raises(ValueError, match="the file contains none of the words"):
        READ[kind](io.BytesIO(file_of(kind, table)), words=["absent"])


@pytest.mark.parametrize("limit", [0, -1, 2.5, "3"])
def test_limit_must_be_a_positive_integer(kind, limit):
    with pytest.raises(ValueError, match=f"limit must be .* got {limit!r}"):
        READ[kind]("absent", limit=limit)


def test_words_must_not_be_a_single_str(kind):
    with pytest.raises(
        TypeError, match="words must be a list of words; got the str 'th"
    ):
        READ[kind]("absent", words="the")
    with pytest.raises(TypeError, match="words must hold words, of type str; got 3 of"):
        READ[kind]("absent", words=["the", 3])


def test_only_word_vectors_are_written(kind, tmp_path):
    with pytest.raises(TypeError, match=r"expected WordVectors, .*; got .*MinMaxSca"):
        WRITE[kind](MinMaxScaler(), tmp_path / "file")
    with pytest.raises(NotFittedError):
        WRITE[kind](SkipGramVectorizer(), tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_a_vectorizer_is_written_with_the_most_frequent_words_first(kind):
    texts = [["a", "b", "c", "b"], ["c", "b", "d"]] * 5
    vectorizer = SkipGramVectorizer(
        n_components=4, vocabulary=["a", "d", "b", "c"], subsample=0, random_state=0
    )
    pipeline = make_pipeline(vectorizer, MinMaxScaler()).fit(texts)
    table = vectorizer.word_vectors()
    assert_same(READ[kind](io.BytesIO(file_of(kind, table))), table)
    for given_ in (vectorizer, pipeline):
        written = READ[kind](io.BytesIO(file_of(kind, given_)))
        assert_same(written, table.subset(["b", "c", "a", "d"]))


def test_given_vectors_are_written_in_their_order(kind, table):
    vectorizer = PretrainedVectorizer(table)
    assert file_of(kind, vectorizer) == file_of(kind, table)


# ---- files ---------------------------------------------------------------------------


def test_open_files_stay_open_and_are_read_from_their_position(kind, table):
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"before")
        WRITE[kind](table, file)
        file.seek(len("before"))
        assert_same(READ[kind](file), table)
        assert not file.closed


def test_gzip_is_recognized_by_content_not_by_name(kind, table, tmp_path):
    zipped, plain = tmp_path / "vectors.txt", tmp_path / "vectors.gz"
    zipped.write_bytes(gzip.compress(file_of(kind, table)))
    plain.write_bytes(file_of(kind, table))
    assert_same(READ[kind](zipped), table)
    assert_same(READ[kind](plain), table)
    with gzip.open(zipped) as file:
        assert_same(READ[kind](file), table)


def test_gzip_files_of_the_same_table_are_identical(kind, table, tmp_path, monkeypatch):
    for name in ("one.gz", "two.gz"):
        WRITE[kind](table, tmp_path / name)
        monkeypatch.setattr("time.time", lambda: 1e9)
    one = (tmp_path / "one.gz").read_bytes()
    assert one == (tmp_path / "two.gz").read_bytes()
    assert gzip.decompress(one) == file_of(kind, table)


@pytest.mark.parametrize("file", [io.StringIO("1 1\na 1\n"), None, 3])
def test_files_must_be_binary(kind, table, file):
    for call in (READ[kind], partial(WRITE[kind], table)):
        with pytest.raises(
            TypeError, match="must be a path, or open in binary mode; got"
        ):
            call(file)


def test_files_that_cannot_be_opened_raise_os_errors(kind, table, tmp_path):
    for path in (tmp_path, tmp_path / "absent" / "vectors"):
        with pytest.raises(OSError, match=str(path)):
            READ[kind](path)
        with pytest.raises(OSError, match=str(path.parent)):
            WRITE[kind](table, path)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "tab\t",
        "\n",
        "a\0",
        "\r",
        "\ud800",
        " a",
        "a ",
        "a  b",
        "a 1",
        "x" * 10**6 + "\n",
    ],
)
def test_words_that_cannot_be_read_back_are_not_written(kind, tmp_path, word):
    path = tmp_path / "vectors"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="can't be written") as refused:
        WRITE[kind](WordVectors(["a", word], [[1], [2]]), path)
    assert len(str(refused.value)) < 300
    assert [file.name for file in tmp_path.iterdir()] == ["vectors"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("kind", [kind for kind in WRITE if kind != "glove"])
def test_words_with_spaces_are_written_in_glove_files_only(kind, tmp_path):
    table = WordVectors(["New York", "b"], [[1], [2]])
    with pytest.raises(ValueError, match="'New York' can't be written"):
        WRITE[kind](table, tmp_path / "vectors")
    WRITE["glove"](table, tmp_path / "vectors")
    assert read_glove(tmp_path / "vectors") == table


def test_a_glove_file_cannot_begin_with_a_byte_order_mark():
    table = WordVectors(["\ufeffa", "b"], [[1], [2]])
    with pytest.raises(
        ValueError, match=r"first word, '\\ufeffa', can't .* byte order"
    ):
        file_of("glove", table)
    assert_same(read_word2vec(io.BytesIO(file_of("text", table))), table)


@pytest.mark.parametrize("shape", [(0, 3), (1, 0)])
def test_an_empty_table_is_not_written(kind, shape):
    table = WordVectors(["a"][: shape[0]], np.empty(shape))
    with pytest.raises(ValueError, match="the table is empty"):
        file_of(kind, table)


# ---- memory --------------------------------------------------------------------------


def peak_of(read, *arguments, **settings):
    """Return the result and the peak memory in bytes."""
    tracemalloc.start()
    try:
        return read(*arguments, **settings), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def large():
    """Make a table of 12 MB, whose text is quick to parse."""
    words = [f"word{i}" for i in range(10_000)]
    vectors = np.random.default_rng(0).integers(0, 10, (10_000, 300), dtype=np.int8)
    return WordVectors(words, vectors)


def test_reading_takes_little_more_memory_than_the_matrix(kind, large, tmp_path):
    path = tmp_path / "vectors"
    WRITE[kind](large, path)
    vectors, peak = peak_of(READ[kind], path)
    assert_same(vectors, large)
    assert peak < 1.3 * large.vectors.nbytes


def test_few_words_take_little_memory(kind, large, tmp_path):
    path = tmp_path / "vectors"
    WRITE[kind](large, path)
    vectors, peak = peak_of(READ[kind], path, words=["word7", "word9999"])
    assert list(vectors.words) == ["word7", "word9999"]
    assert peak < 0.4 * large.vectors.nbytes
