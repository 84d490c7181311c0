"""Malformed files of word vectors raise one clear error, whatever they claim."""

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tracemalloc

import numpy as np
import pytest
from composed_files import fasttext_file, floret_file
from fuzz_io import ALL_READERS, READERS, fuzz
from safetensors.numpy import save

from skw2v import WordVectors
from skw2v.io import read_fasttext, read_glove, read_word2vec, write_word2vec

BINARY_ROW = b"a " + struct.pack("<2f", 1, 2)
HEADER = "line 1: the header must be two positive integers, .* got "


def refuse(kind, data, message):
    """Check the error, and that little memory is taken."""
    file = io.BytesIO(data)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=rf"the file(,|:)? {message}.*\.$"):
            ALL_READERS[kind](file)
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data) + 20e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", READERS)
def test_empty_files_are_refused(kind):
    refuse(kind, b"", "is empty")
    refuse(kind, gzip.compress(b""), "is empty")


@pytest.mark.parametrize("kind", ["text", "binary"])
@pytest.mark.parametrize(
    "header",
    [
        *(b"2", b"1 2 3", b"", b"a b", b"1,2", b" 1 2", b"1.0 2"),
        *(b"-1 2", b"+1 2", b"0 2", b"1 0", b"1 -2", b"1_0 2", b"0x1 2", b"\0 \0"),
        *(
            "\u0661 2".encode(),
            "\uff11 2".encode(),
            "1\xa02".encode(),
            b"9" * 5000 + b" 2",
        ),
        *(b"1\n2", b"1 2\0"),
    ],
)
def test_headers_must_be_two_positive_integers(kind, header):
    refuse(kind, header + b"\n" + BINARY_ROW, HEADER)


@pytest.mark.parametrize("kind", ["text", "binary"])
def test_memory_does_not_depend_on_the_numbers_in_a_header(kind):
    row = BINARY_ROW if kind == "binary" else b"a 1 2\n"
    for zip_ in (bytes, gzip.compress):
        for count in (b"1000000000", b"9" * 18):
            claimed = count.decode()
            refuse(kind, zip_(count + b" 2\n" + row), f"ends after 1 of the {claimed}")
            refuse(kind, zip_(b"1 " + count + b"\n" + row), "line 1: more than 1048576")
        begin = (
            "byte 10: expected a word" if kind == "binary" else "line 2: 1000000 values"
        )
        refuse(kind, zip_(b"1 1000000\n" + row), begin)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (b"a 1 2\n", "ends after 1 of the 2 rows given in its header"),
        (b"a 1 2\nb 1 2\nc 1 2\n", "line 4: more rows than the 2 given in the header"),
        (b"a 1 2\n\nb 1 2\n", "line (4: more rows than the 2|3: the line is blank)"),
        (
            b"a 1 2\n \r\n\nb 1 2\n",
            "line (4: more rows than the 2|3: the line is blank)",
        ),
        (b"a 1\nb 1 2\n", "line 2: 2 values must follow the word 'a', .* found 1"),
        (b"a\nb 1 2\n", "line 2: 2 values must follow the word 'a', .* found 0"),
        (b"a 1 2\nb 1 2 3\n", "line 3: 2 values must follow the word 'b', .* found 3"),
        (b"a 1 2 3\nb 1\n", "line 2: 2 values must follow the word 'a', .* found 3"),
        (b"a 1 2\nNew  York 1 2\n", "line 3: 2 values .* 'New', with one .* found 4"),
        (b"a 1 2\nin 1999 1 2\n", "line 3: 2 values .* 'in', with one .* found 3"),
        (b"a 1 2b 1 2\n", "line 2: 2 values .* 'a', with one space .* found 4"),
        (b"New York 1 2\nNew York 1 2\n", "line 3: the word 'New York' already occ"),
        (b"a 1 2\nb  1 2\n", "line 3: 2 values .* 'b', with one space .* found 3"),
        (b"a 1  2\nb 1 2\n", "line 2: 2 values must .* one space before each; found 3"),
        (b" 1 2\nb 1 2\n", "line 2: there is no word before the first space"),
        (b"\n\n", "ends after 0 of the 2 rows given in its header"),
        (b"a 1 2\rb 1 2\r", "(line 2: 2 values .* found 4|ends after 1)"),
        (b"a 1 2\na 1 2\n", "line 3: the word 'a' already occurs at line 2"),
        (b"a\t1\t2\nb\t1\t2\n", "line 2: the line contains tabs; put single spaces"),
        (b"a\tb 1 2\nb 1 2\n", r"line 2: the word 'a\\tb' contains whitespace or NUL"),
        (b"a\0 1 2\nb 1 2\n", r"line 2: the word 'a\\x00' contains whitespace or NUL"),
        (b"\xff 1 2\nb 1 2\n", r"line 2: the word b'\\xff' is not UTF-8"),
        (b"\xec\x9e 1 2\nb 1 2\n", r"line 2: the word b'\\xec\\x9e' is not UTF-8"),
        (b"\xed\xa0\x80 1 2\nb 1 2\n", "line 2: the word .* is not UTF-8"),
        (
            b"a 1 nan\nb 1 2\n",
            "line 2: the vector of 'a' contains NaN, infinity, or a num",
        ),
        (b"a 1 2\nb -inf 2\n", "line 3: the vector of 'b' contains NaN, infinity"),
        (b"a 1 2\nb 1e400 2\n", "line 3: the vector of 'b' .* too large for float32"),
        (b"a 1 2\nb 1 -1e39\n", "line 3: the vector of 'b' .* too large for float32"),
        (b"a 1 2\nb 3e38 3e38\n", ".* too long for float32, in the row of 'b'"),
        (b"a 1_0 2\nb 1 2\n", "line 2: b'1_0' after the word 'a' is not a decimal"),
        (b"a 1 2\nb 1 0x1p3\n", "line 3: b'0x1p3' after the word 'b' is not a deci"),
        (b"a 1 2#\nb 1 2\n", "line 2: b'2#' after the word 'a' is not a decimal"),
        (b"a 1 2\nb 1 2,5\n", "line 3: b'2,5' after the word 'b' is not a decimal"),
        (b"a 1 2\nb 1 2\0\n", r"line 3: b'2\\x00' after the word 'b' is not a decimal"),
        (b"a 1 2\nb 1\r 2\n", r"line 3: b'1\\r 2' after the word 'b' is not a deci"),
        ("a 1 2\nb 1 ٢\n".encode(), "line 3: the values of 'b' are not ASCII"),
        (b"a 1 2\nb 1 2\xa0\n", "line 3: the values of 'b' are not ASCII"),
    ],
)
def test_malformed_text_rows_are_refused(rows, message):
    refuse("text", b"2 2\n" + rows, message)
    if "header" not in message:
        refuse("glove", b"first 1 2\n" + rows, message)


def test_line_numbers_are_right_in_a_long_file():
    rows = b"".join(b"word%d 1 2\n" % i for i in range(50_000))
    refuse("text", b"50001 2\n" + rows + b"last 1 x\n", "line 50002: b'x' after")
    refuse(
        "glove", rows + b"word777 1 2\n", "line 50001: .* already occurs at line 778"
    )


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (b"\n", r"expected a word and its values, .* got b'\\n'"),
        (b"word\n", "expected a word and its values"),
        (b"word\t1\t2\n", "expected a word and its values"),
        (b"400000 300\n", "found a word2vec header; use read_word2vec"),
        (b"the 1 x\n", "b'x' after the word 'the' is not a decimal number"),
    ],
)
def test_malformed_first_rows_of_glove_are_refused(first, message):
    refuse("glove", first + b"a 1 2\n", f"line 1: {message}")


@pytest.mark.parametrize("kind", READERS)
def test_byte_order_marks_are_refused(kind):
    refuse(kind, b"\xef\xbb\xbf1 2\na 1 2\n", "line 1: found a byte order mark; save")


NOT_A_ROW = "expected a word, a space and the 8 bytes of a vector"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (BINARY_ROW, "ends after 1 of the 2 rows given in its header"),
        (BINARY_ROW + BINARY_ROW[:-1], f"byte 14: {NOT_A_ROW}; the file is tru"),
        (BINARY_ROW + b"b", f"byte 14: {NOT_A_ROW}"),
        (BINARY_ROW + b"b" + b"x" * 10_000_000, f"byte 14: {NOT_A_ROW}"),
        (b"\0" * 10_000_000, f"byte 4: {NOT_A_ROW}"),
        (BINARY_ROW + BINARY_ROW, "byte 14: the word 'a' already occurs at byte 4"),
        (
            BINARY_ROW + b"b" + BINARY_ROW[1:] + b"c" + BINARY_ROW[1:],
            "byte 24: more rows than",
        ),
        (BINARY_ROW + b"b" + BINARY_ROW[1:] + b"\n\n", f"byte 24: {NOT_A_ROW}"),
        (BINARY_ROW[1:] * 2, "byte 4: there is no word before the first space"),
        (b"\xff" + BINARY_ROW[1:] * 2, r"byte 4: the word b'\\xff' is not UTF-8"),
        (
            b"a\n" + BINARY_ROW[1:] * 2,
            r"byte 4: the word 'a\\n' contains whitespace or NUL",
        ),
        (
            b"b " + struct.pack("<2f", 1, float("nan")) + BINARY_ROW,
            "byte 4: .* contains NaN",
        ),
    ],
)
def test_malformed_binary_rows_are_refused(rows, message):
    refuse("binary", b"2 2\n" + rows, message)


@pytest.mark.parametrize("n_components", [2, 3, 300])
@pytest.mark.parametrize("number", [b"0", b"-1.25", b"1e-05"])
def test_text_is_not_read_as_binary(n_components, number):
    rows = b"".join(
        b"w%d" % i + (b" " + number) * n_components + b"\n" for i in range(9)
    )
    message = r"byte \d: (decimal numbers follow the word 'w0'|expected a word)"
    refuse("binary", b"9 %d\n" % n_components + rows, message)


@pytest.mark.parametrize("kind", ["text", "glove"])
def test_binary_is_not_read_as_text(kind):
    header = b"1 2\n" if kind == "text" else b""
    row = b"a " + struct.pack("<2f", 0.1, 0.2)
    message = r"line \d: the values of 'a' are not ASCII; a binary file .* binary=True"
    refuse(kind, header + row, message)


# ---- gzip ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", READERS)
def test_truncated_or_damaged_gzip_data_are_refused(kind):
    header = b"" if kind == "glove" else b"1 2\n"
    zipped = gzip.compress(header + (BINARY_ROW if kind == "binary" else b"a 1 2\n"))
    READERS[kind](io.BytesIO(zipped))
    message = (
        r"byte \d+ of the decompressed content: the (gzip|compressed) data are "
        r"truncated or damaged \("
    )
    for end in range(2, len(zipped)):
        refuse(kind, zipped[:end], message)
    for position in (2, 10, -5, -1):  # the method, the content, its checksum and length
        damaged = bytearray(zipped)
        damaged[position] ^= 0xFF
        refuse(kind, bytes(damaged), message)
    refuse(kind, zipped + b"more", message)
    with pytest.raises(ValueError, match=rf"the file, {message}"):
        READERS[kind](gzip.GzipFile("the file", fileobj=io.BytesIO(zipped[:-1])))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("byte", [b"\0", b"0", b"\n"])
def test_gzip_bombs_are_refused(kind, byte):
    header = b"" if kind == "glove" else b"100000 1000\n"
    bomb = gzip.compress(header + byte * 50_000_000, 1)
    refuse(kind, bomb, "")


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("module", [bz2, lzma])
def test_truncated_or_damaged_bz2_and_xz_data_are_refused(kind, module):
    header = b"" if kind == "glove" else b"1 2\n"
    data = header + (BINARY_ROW if kind == "binary" else b"a 1 2\n")
    zipped = module.compress(data)
    message = r"byte \d+ of the decompressed content: the (bz2|xz) data are .* damaged"
    for end in range(6, len(zipped)):
        refuse(kind, zipped[:end], message)
    for position in (12, 25, -5):
        damaged = bytearray(zipped)
        damaged[position] ^= 0xFF
        refuse(kind, bytes(damaged), message)
    refuse(kind, zipped + b"more", message)
    refuse(kind, zipped + zipped[:-1], message)
    with pytest.raises(ValueError, match="the compressed data are truncated or dama"):
        READERS[kind](module.open(io.BytesIO(zipped[:-9])))


@pytest.mark.parametrize("compress", [bz2.compress, lzma.compress])
@pytest.mark.parametrize("kind", READERS)
def test_bz2_and_xz_bombs_are_refused(kind, compress):
    header = b"" if kind == "glove" else b"100000 1000\n"
    refuse(kind, compress(header + b"\0" * 50_000_000), "")


# ---- other formats -------------------------------------------------------------------


def saved(save):
    file = io.BytesIO()
    save(file)
    return file.getvalue()


OTHERS = {
    "a zip archive; unpack it": b"PK\3\4" + bytes(60),
    "an .npz file of NumPy; numpy.load it": saved(lambda f: np.savez(f, a=np.eye(2))),
    "an .npy array of NumPy; numpy.load it": saved(lambda f: np.save(f, np.eye(2))),
    r"a model of fastText \(.bin\); read it with read_fasttext": (
        b"\xba\x16\x4f\x2f\x0c\0\0\0"
    ),
    r"a table of floret \(.floret\); read it with read_floret": (
        b"1 2 3 4 2 2166136261 < >\n0 1 2\n"
    ),
    "a safetensors file; load it with skw2v.load": save({"a": np.eye(2)}),
    "compressed more than once; decompress it": gzip.compress(b""),
    "a tar archive; unpack it": b"a" * 257 + b"ustar",
    "text in UTF-16; save it as UTF-8": "a 1 2\n".encode("utf-16"),
    "a web page; download": b"<!doctype HTML>\n",
    "only a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\n",
}


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("what", OTHERS)
def test_other_formats_are_named(kind, what):
    for compress in (gzip.compress, bz2.compress, lzma.compress):
        refuse(kind, compress(OTHERS[what]), f"is {what}")
    if "compressed" not in what:
        refuse(kind, OTHERS[what], f"is {what}")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_are_named(protocol):
    table = WordVectors(["a"], [[1, 2]])
    for content in (table, {}) if protocol != 1 else ():
        refuse("text", pickle.dumps(content, protocol), "is a pickle, as the save")


@pytest.mark.parametrize("n_components", [2, 3, 5, 50])
@pytest.mark.parametrize("words", [None, ["w1"], ["absent"]])
def test_a_binary_file_read_as_text_asks_for_binary(n_components, words):
    for seed in range(20):
        numbers = np.random.default_rng(seed).normal(size=(9, n_components))
        for vectors in (numbers, np.round(numbers), np.zeros_like(numbers)):
            file = io.BytesIO()
            table = WordVectors([f"w{i}" for i in range(9)], vectors)
            write_word2vec(table, file, binary=True)
            for read in (read_word2vec, read_glove):
                file.seek(0)
                with pytest.raises(ValueError, match="binary=True"):
                    read(file, words=words)


@pytest.mark.parametrize("kind", READERS)
def test_messages_are_short_whatever_the_file_holds(kind):
    word = b"x" * 1_000_000
    header = b"" if kind == "glove" else b"2 2\n"
    for number in (b"nan", b"3e38", b"y", word):
        values = b" " + number + b" " + number + b"\n"
        data = header + word + values + b"b" + values
        if kind == "binary":
            data = header + (word + b" " + struct.pack("<2f", 3e38, 3e38)) * 2
        file = io.BytesIO(data)
        with pytest.raises(ValueError, match="the file") as refused:
            READERS[kind](file)
        assert len(str(refused.value)) < 1500


# ---- models of fastText and tables of floret -----------------------------------------

ROWS = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]


def fasttext(words=("a", "b"), rows=ROWS, **fields):
    return fasttext_file(words, rows, **fields)


DICTIONARY = "expected a dictionary of one or more words, and of no labels; got "
SETTINGS = "expected a model of type 1 or 2, 1 to 1048576 components, and 0 or more "


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"magic": 12}, "byte 0: a model of fastText begins with the bytes ba 16 4f"),
        ({"version": 10}, "byte 4: expected version 11 or 12; got 10"),
        ({"version": 13}, "byte 4: expected version 11 or 12; got 13"),
        ({"model": 3}, "is a model of fastText that is supervised; only models that"),
        ({"model": 0}, f"byte 8: {SETTINGS}buckets; got 0, 2 and 3"),
        ({"dim": 0}, f"byte 8: {SETTINGS}buckets; got 2, 0 and 3"),
        ({"dim": -2}, f"byte 8: {SETTINGS}buckets; got 2, -2 and 3"),
        ({"dim": 2**31 - 1}, f"byte 8: {SETTINGS}buckets; got 2, 2147483647 and 3"),
        ({"bucket": -1}, f"byte 8: {SETTINGS}buckets; got 2, 2 and -1"),
        ({"minn": -1}, "byte 8: the lengths of n-grams must be from 0 .* got -1 to 6"),
        ({"maxn": -1}, "byte 8: the lengths of n-grams must be from 0 .* got 3 to -1"),
        ({"maxn": 33}, "byte 8: the lengths of n-grams .* 0 to 32 char.* got 3 to 33"),
        ({"rate": 1, "t": 4e-320}, r"is a model of floret \(.bin\), .* read_floret"),
        ({"rate": 2, "t": 4e-320}, r"is a model of floret \(.bin\), .* read_floret"),
        ({"size": 0}, f"byte 64: {DICTIONARY}0 entries, 2 words and 0 labels"),
        ({"size": 0, "n_words": 0}, f"byte 64: {DICTIONARY}0 entries, 0 words"),
        ({"size": -1, "n_words": -1}, f"byte 64: {DICTIONARY}-1 entries, -1 words"),
        ({"size": 3, "n_labels": 1}, f"byte 64: {DICTIONARY}3 .* words and 1 labels"),
        ({"n_labels": -1}, f"byte 64: {DICTIONARY}2 entries, 2 words and -1 labels"),
        ({"n_pruned": 0}, "is a model of fastText that is pruned; only models that"),
        ({"n_pruned": 2**62}, "is a model of fastText that is pruned; only models"),
        (
            {"dim": 3},
            "byte 114: expected a matrix of 5 rows and 3 columns; got 5 and 2",
        ),
        ({"bucket": 2}, "byte 114: expected a matrix of 4 rows and 2 .* got 5 and 2"),
        (
            {"bucket": 2**31 - 1},
            "byte 114: expected a matrix of 2147483649 rows .* got 5",
        ),
        ({"size": 1, "n_words": 1}, "byte 103: expected 0 or 1, .* got 98"),
        ({"size": 2**31 - 1, "n_words": 2**31 - 1}, "byte 1"),
    ],
)
def test_headers_of_fasttext_that_lie_are_refused(fields, message):
    refuse("fasttext", fasttext(**fields), message)


def changed(data, place, layout, *values):
    data = bytearray(data)
    struct.pack_into("<" + layout, data, place, *values)
    return bytes(data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((94, "q", -1), "byte 92: expected a count of 0 or more .* b'a'; got -1 and 0"),
        ((102, "b", 1), "byte 92: expected a count .* type 0 .* b'a'; got 3 and 1"),
        ((103, "b", 97), "byte 103: the word 'a' already occurs at byte 92"),
        ((103, "B", 255), r"byte 103: the word b'\\xff' is not UTF-8"),
        ((114, "b", 1), "is a model of fastText that is quantized; only models that"),
        (
            (115, "q", 2**62),
            f"byte 114: expected a matrix of 5 rows .* got {2**62} and",
        ),
        ((123, "q", -2), "byte 114: expected a matrix of 5 rows and 2 .* got 5 and -2"),
        ((139, "f", np.nan), "byte 103: the vector of 'b' contains NaN, infinity"),
        ((131, "f", -np.inf), "byte 92: the vector of 'a' contains NaN, infinity"),
        ((147, "f", np.nan), "the vector of bucket 0 contains NaN or infinity"),
        ((167, "f", np.inf), "the vector of bucket 2 contains NaN or infinity"),
        ((155, "2f", 3e38, 3e38), "the vector of bucket 1 .* too long for float32"),
        ((171, "b", 1), "is a model of fastText that is quantized; only models that"),
        ((172, "q", 3), "byte 171: expected a matrix of 2 rows and 2 columns; got 3 a"),
    ],
)
def test_damaged_models_of_fasttext_are_refused(change, message):
    refuse("fasttext", changed(fasttext(), *change), message)


def test_vectors_that_are_too_long_are_refused():
    rows = [[3e38, 3e38], [1, 2]]
    refuse("fasttext", fasttext(rows=rows), "vectors holds .* too long .* of 'a'")


@pytest.mark.parametrize("kind", ["fasttext", "floret"])
def test_truncated_and_longer_files_are_refused(kind):
    data = fasttext() if kind == "fasttext" else floret_file(ROWS[:4])
    message = r"byte \d+: the file is truncated; \d+ more bytes must follow"
    for end in range(1, len(data)):
        if kind == "floret" and data[end:].strip() == b"":
            break
        refuse(kind, data[:end], message if kind == "fasttext" else "")
        if end % 7 == 0:
            refuse(kind, gzip.compress(data[:end]), "")
            refuse(kind, gzip.compress(data)[:-end], "")
    end = "expected the end of the file; more bytes follow"
    end = f"byte {len(data)}: {end}" if kind == "fasttext" else "line 6: "
    refuse(kind, data + b"\0", end)


def test_words_of_any_length_take_little_memory():
    refuse("fasttext", fasttext()[:92] + b"a" * 10_000_000, "byte 92: a word has more ")
    refuse(
        "fasttext", fasttext(["a" * 8193, "b"]), "byte 92: a word has more than 8192"
    )
    data = fasttext(["a" * 8192, "b"], maxn=32)
    tracemalloc.start()
    try:
        assert len(read_fasttext(io.BytesIO(data))) == 2
        assert tracemalloc.get_traced_memory()[1] < 80e6
    finally:
        tracemalloc.stop()


def test_large_dictionaries_take_little_memory():
    rows = np.zeros((401, 1))
    words = [f"{i:x>999}" for i in range(400)]
    data = fasttext_file(words, rows, (3, 6))
    tracemalloc.start()
    try:
        assert len(read_fasttext(io.BytesIO(data))) == 400
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data) + 40e6
    finally:
        tracemalloc.stop()


HEADER_OF_FLORET = "line 1: the header must give the numbers of buckets and components"


@pytest.mark.parametrize(
    "header",
    [
        *(b"3 2", b"3 2 2 3 1 7", b"3 2 2 3 1 7 < > x", b"3 2 2 3 1 7 [ ]"),
        *(b"0 2 2 3 1 7 < >", b"3 0 2 3 1 7 < >", b"3 2 2 3 0 7 < >"),
        *(b"3 2 2 3 5 7 < >", b"3 1048577 2 3 1 7 < >", b"2147483648 2 2 3 1 7 < >"),
        *(b"3 2 2 3 1 4294967296 < >", b"-3 2 2 3 1 7 < >", b"3 2 -2 3 1 7 < >"),
        *(b"3  2 2 3 1 7 < >", b"99999999999 2 2 3 1 7 < >", b"a 1 2", b""),
    ],
)
def test_headers_of_floret_must_be_complete(header):
    refuse("floret", header + b"\n0 1 2\n1 1 2\n2 1 2\n", HEADER_OF_FLORET)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (b"0 1 2\n1 3 4\n", "ends after 2 of the 3 rows given in its header"),
        (b"0 1 2\n1 3 4\n2 5 6\n3 7 8\n", "line 5: more rows than the 3 given"),
        (b"0 1 2\n2 3 4\n1 5 6\n", "line 3: expected row 1; got '2'"),
        (b"0 1 2\n1 3 4\n1 5 6\n", "line 4: the word '1' already occurs at line 3"),
        (b"0 1 2\n01 3 4\n2 5 6\n", "line 3: expected row 1; got '01'"),
        (b"0 1 2\na 3 4\n2 5 6\n", "line 3: expected row 1; got 'a'"),
        (b"0 1 2\n1 nan 4\n2 5 6\n", "line 3: the vector of '1' contains NaN"),
        (b"0 1 2\n1 3e38 3e38\n2 5 6\n", "the vector of bucket 1 .* too long for"),
        (b"0 1 2\n1 3\n2 5 6\n", "line 3: 2 values must follow the word '1'"),
        (b"0 1 2\n1 x 4\n2 5 6\n", "line 3: b'x' after the word '1' is not a decimal"),
    ],
)
def test_malformed_tables_of_floret_are_refused(rows, message):
    refuse("floret", b"3 2 2 3 1 7 < >\n" + rows, message)


def test_sizes_in_a_header_of_floret_take_no_memory():
    rows = b"0 1 2\n"
    claim = b"2147483647 2 2 3 1 7 < >\n"
    refuse("floret", claim + rows, "ends after 1 of the 2147483647 rows")
    refuse("floret", b"1 1000000 2 3 1 7 < >\n" + rows, "line 2: 1000000 values must")
    refuse("floret", b"1 2 3 33 1 7 < >\n" + rows, "line 1: the lengths of n-grams")


@pytest.mark.parametrize("kind", ["fasttext", "floret"])
def test_other_files_are_no_composed_tables(kind):
    message = {"fasttext": "byte 0: a model of fastText begins", "floret": "line 1: "}
    refuse(kind, b"", "is empty")
    refuse(kind, gzip.compress(b""), "is empty")
    for data in (b"2 2\na 1 2\nb 3 4\n", b"the 0.5 2 3 4 5 6\n", bytes(range(99))):
        refuse(kind, data, message[kind])
    other = floret_file(ROWS) if kind == "fasttext" else fasttext()
    refuse(kind, other, "is a (table of floret|model of fastText)")
    for what in ("a zip archive; unpack it", "a web page; download"):
        refuse(kind, OTHERS[what], f"is {what}")
    with pytest.raises(TypeError, match="must be a path, or open in binary mode"):
        ALL_READERS[kind](io.StringIO(""))


# ---- random damage -------------------------------------------------------------------


def test_damaged_files_are_read_correctly_or_refused():
    outcomes, _, _ = fuzz(500, seed=1)
    for kind in ALL_READERS:
        assert outcomes[f"{kind}: read"] > 10
        assert outcomes[f"{kind}: refused"] > 10
