"""Readers that repair or skip words, compared with gensim."""

import gzip
import io
import struct
import tracemalloc
import zipfile
from functools import partial

import numpy as np
import pytest
from composed_files import fasttext_file

from skw2v import WordVectors
from skw2v.io import read_fasttext, read_glove, read_word2vec

READ = {
    "text": read_word2vec,
    "binary": partial(read_word2vec, binary=True),
    "glove": read_glove,
}
ODD = [b"caf\xe9", b"the", b"\xff", b"caf\xea", b"the", "피자".encode(), b"\xec\x9e"]


def file_of(kind, words, n_components=3):
    """Return the bytes of a file, and the numbers in it."""
    numbers = np.arange(len(words) * n_components, dtype="f4").reshape(len(words), -1)
    header = b"" if kind == "glove" else b"%d %d\n" % numbers.shape
    if kind == "binary":
        ends = [struct.pack(f"<{n_components}f", *row) for row in numbers]
    else:
        ends = [" ".join(map(str, row)).encode() + b"\n" for row in numbers]
    rows = (word + b" " + end for word, end in zip(words, ends, strict=True))
    return header + b"".join(rows), numbers


@pytest.mark.filterwarnings("ignore:Exception ignored")  # gensim leaves files open
@pytest.mark.parametrize("kind", READ)
def test_what_is_not_utf8_is_replaced_as_in_gensim(kind, tmp_path):
    models = pytest.importorskip(
        "gensim.models", reason="gensim has no wheels for Python 3.14"
    )
    data, _ = file_of(kind, ODD)
    path = tmp_path / "vectors"
    path.write_bytes(data)
    keyed = models.KeyedVectors.load_word2vec_format(
        path,
        binary=kind == "binary",
        no_header=kind == "glove",
        unicode_errors="replace",
    )
    with pytest.warns(UserWarning, match="vectors: skipped words") as found:
        table = READ[kind](path, errors="replace")
    # gensim leaves a key None and a row of zeros for each that it has skipped.
    assert keyed.index_to_key == [*table.words, None, None, None]
    assert table.words == ("caf�", "the", "�", "피자")
    np.testing.assert_array_equal(table.vectors, keyed.vectors[: len(table)])
    message = str(found[0].message)
    assert message.endswith("words (3 repeated) and repaired words (2 not UTF-8).")
    assert len(found) == 1
    assert found[0].filename == __file__


@pytest.mark.parametrize("kind", READ)
def test_words_that_are_wrong_are_skipped(kind):
    data, numbers = file_of(kind, [*ODD, b"", b"a\tb", b"last"])
    counts = "4 not UTF-8, 1 repeated, 1 empty, 1 with whitespace or NUL"
    message = rf"^the file: skipped words \({counts}\)\.$"
    with pytest.warns(UserWarning, match=message) as found:
        table = READ[kind](io.BytesIO(data), errors="skip")
    assert len(found) == 1
    assert table == WordVectors(["the", "피자", "last"], numbers[[1, 5, 9]])
    some = READ[kind](io.BytesIO(data), errors="skip", words=["last"])
    assert some == table.subset(["last"])
    with pytest.raises(ValueError, match=r"the word b'caf\\xe9' is not UTF-8"):
        READ[kind](io.BytesIO(data))


@pytest.mark.parametrize("kind", READ)
def test_words_are_selected_as_they_are_after_their_repair(kind):
    data, numbers = file_of(kind, ODD)
    with pytest.warns(UserWarning, match=r"repaired words \(1 not UTF-8\)"):
        table = READ[kind](io.BytesIO(data), errors="replace", words=["caf�", "피자"])
    assert table == WordVectors(["caf�", "피자"], numbers[[0, 5]])
    with pytest.raises(ValueError, match="contains none of the words"):
        READ[kind](io.BytesIO(data), words=["caf�"])


SPACES = [b"first", b"in 1999", b"a  b", b"New York", b"7 \xff 8", b"in 1999", b" "]


@pytest.mark.parametrize("kind", ["text", "glove"])
def test_the_last_numbers_are_the_vector(kind):
    data, numbers = file_of(kind, SPACES)
    message = (
        r"skipped words \(1 repeated\) and repaired words \(4 with sp.*, 1 not UTF"
    )
    with pytest.warns(UserWarning, match=message):
        table = READ[kind](io.BytesIO(data), errors="replace")
    words = ["first", "in 1999", "a  b", "New York", "7 � 8", " "]
    assert table == WordVectors(words, numbers[[0, 1, 2, 3, 4, 6]])
    message = r"skipped words \(4 with spaces before numbers, 1 not UTF-8\)"
    with pytest.warns(UserWarning, match=message):
        table = READ[kind](io.BytesIO(data), errors="skip")
    assert table == WordVectors(["first", "New York"], numbers[[0, 3]])
    with pytest.raises(ValueError, match="3 values must follow the word 'in'"):
        READ[kind](io.BytesIO(data))


@pytest.mark.parametrize("errors", ["replace", "skip"])
@pytest.mark.parametrize("kind", ["text", "glove"])
@pytest.mark.parametrize("row", [b"a 1", b"a 1  2", b"a 1 x", b"1 2", b"", b"a 1 nan"])
def test_rows_that_are_wrong_raise_errors_in_any_case(kind, errors, row):
    data = (b"" if kind == "glove" else b"3 2\n") + b"b 1 2\n" + row + b"\nc 3 4\n"
    line = 2 if kind == "glove" else 3
    with pytest.raises(ValueError, match=f"the file, line {line}: "):
        READ[kind](io.BytesIO(data), errors=errors)


@pytest.mark.parametrize("errors", ["replace", "skip"])
@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("byte", [b"\xff", b" ", b"\0"])
def test_bombs_are_refused_in_any_case(kind, errors, byte):
    header = b"" if kind == "glove" else b"9 2\n"
    bomb = gzip.compress(header + b"a 1 2\n" + byte * 20_000_000, 1)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="the file"):
            READ[kind](io.BytesIO(bomb), errors=errors)
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("errors", ["replace", "skip"])
@pytest.mark.parametrize("kind", READ)
def test_a_sound_file_gives_no_warning(kind, errors):
    data, numbers = file_of(kind, [b"a", "é".encode(), "�".encode()])
    expected = WordVectors(["a", "é", "�"], numbers)
    assert READ[kind](io.BytesIO(data), errors=errors) == expected


def test_words_of_fasttext_are_repaired_or_skipped():
    data = fasttext_file(["aa", "bb", "bb"], [[1, 2], [3, 4], [5, 6], [7, 8]], (9, 9))
    data = data.replace(b"aa\0", b"\xffa\0")
    with pytest.raises(ValueError, match=r"the word b'\\xffa' is not UTF-8"):
        read_fasttext(io.BytesIO(data))
    with pytest.warns(UserWarning, match=r"skipped words \(1 not UTF-8, 1 repeated\)"):
        table = read_fasttext(io.BytesIO(data), errors="skip")
    assert table.words == ("bb",)
    assert table["bb"].tolist() == [3, 4]
    with pytest.warns(
        UserWarning, match=r"repeated\) and repaired words \(1 not UTF-8"
    ):
        table = read_fasttext(io.BytesIO(data), errors="replace")
    assert table.words == ("�a", "bb")
    assert table["�a"].tolist() == [1, 2]


@pytest.mark.parametrize("read", [*READ.values(), read_fasttext])
@pytest.mark.parametrize("errors", ["ignore", None])
def test_errors_must_be_known(read, errors):
    message = rf"errors must be one of \('strict', 'replace', 'skip'\); got {errors!r}"
    with pytest.raises(ValueError, match=message):
        read("absent", errors=errors)


@pytest.mark.parametrize("kind", READ)
def test_a_file_in_a_zip_archive_is_read(kind):
    data, numbers = file_of(kind, [b"a", b"b"])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("vectors.txt", data)
    with zipfile.ZipFile(archive).open("vectors.txt") as file:
        assert READ[kind](file) == WordVectors(["a", "b"], numbers)
    damaged = archive.getvalue().replace(data, data[:-1] + b" ")
    with (
        zipfile.ZipFile(io.BytesIO(damaged)).open("vectors.txt") as file,
        pytest.raises(ValueError, match=r"^vectors.txt, byte .* data are truncated or"),
    ):
        READ[kind](file)
