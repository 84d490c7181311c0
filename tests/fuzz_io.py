"""Read damaged files of word vectors, and compare with a plain reader.

Each file is a small random table in one of the formats, damaged in up to four places.
If `plain_read` finds a table, reading must return the same one. If it refuses the file,
reading must raise a ValueError that names the file and the place. Some files are read
with ``errors="replace"`` or ``"skip"``, and the numbers in the warning are compared as
well. Run by hand::

    python tests/fuzz_io.py --count 100000
"""

import bz2
import gzip
import lzma
import re
import struct
import warnings
import zlib
from collections import Counter
from io import BytesIO

import numpy as np
from composed_files import (
    Refused,
    fasttext_file,
    floret_file,
    plain_fasttext,
    plain_floret,
)
from fuzzing import main, run_trials

from skw2v import WordVectors
from skw2v.io import (
    read_fasttext,
    read_floret,
    read_glove,
    read_word2vec,
    write_glove,
    write_word2vec,
)
from skw2v.io.errors import MODES

READERS = {
    "text": read_word2vec,
    "binary": lambda file, **which: read_word2vec(file, binary=True, **which),
    "glove": read_glove,
}
COMPOSED_READERS = {
    "fasttext": read_fasttext,
    "floret": lambda file, limit=None, words=None, errors=None: read_floret(file),
}
ALL_READERS = READERS | COMPOSED_READERS
UNKNOWN = ["", "<", "thé", "피자를", "\U0001d518b", "y" * 20]
WORDS = [
    "the",
    "</s>",
    "a",
    "é",
    "피자",
    "\xa0",
    "\u2028",
    "0.5",
    "-1",
    "\U0001d518",
    "x" * 9,
    ". .",
    "a 2b",
]
TOKENS = [
    *(b" ", b"  ", b"\n", b"\r\n", b"\r", b"\t", b"\0", b"\x0c", b"\x1c", b"\xa0"),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\x1f\x8b",
        "\u0661".encode(),
    ),
    *(b"\t", b" \t", b"\n\n", b" . ", b" x", b" -", b". . ", b"PK\x03\x04"),
    *(b"\x80\x04\x95", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\xba\x16\x4f\x2f"),
    *(b"nan", b"inf", b"-infinity", b"1e400", b"3e38", b"1_0", b"0x1p3", b"1e", b"."),
    *(b"7.", b".5", b"+3", b"1e-50", b"--1", b"_", b"#", b"9" * 30, b"\nthe 1 2\n"),
    *(b"\xff\xff\xff\xff", b"\0\0\x80\x7f", b"\xff\xff\xff\x7f", b"\x01\0\0\0"),
    *(b"0 2\n", b"1 1\n", b"2 3\n", b"-2 3\n", b"10000000000 2\n", b"2 100000000\n"),
]
ODD = [b"\xff", b"\xe9 ", b"x 5 ", b"-1 ", b" ", b"  ", b"\xc3\t", b"a\0", b"\xff 7 x "]
COMPRESS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bz2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
}
MAX_BYTES = 1 << 24  # maximum memory while a file is read
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
NAMED = (b"PK\x03\x04", b"\xba\x16\x4f\x2f", b"\x1f\x8b", b"BZh91AY&SY", b"\xfd7zXZ\0")
NAMED += (b"\xff\xfe", b"\xfe\xff", *(b"\x80" + bytes([i]) for i in range(2, 6)))
COMPLAINT = re.compile(
    r"the file(, (line|byte) \d+|: | is empty| ends| contains none"
    r"| is a zip| is a pickle| is a model| is a table| is compressed| is text in).*\."
)


# ---- a plain reader ------------------------------------------------------------------


def plain_read(data, kind, limit, words, errors="strict"):
    """Return the vectors of a file by word, by plain loops over all of its bytes.

    Also return how many words were skipped or repaired for each reason.
    """
    data, counts = plain_unzip(data), Counter()
    if kind == "fasttext":
        return checked(plain_fasttext(data, limit, words)), counts
    if data.startswith(NAMED):
        raise Refused
    if kind == "floret":
        return checked(plain_floret(data, plain_buckets)), counts
    n_rows, n_components, rows = plain_rows(data, kind)
    table, n_read = {}, 0
    begins = None if words is None else {word.split(" ")[0] for word in words}
    for n_read, (word, values) in enumerate(rows, 1):
        if n_rows is not None and n_read > n_rows:
            raise Refused
        if plain_is_in(word, begins, errors):
            if kind != "binary":
                word, values = plain_split(word, values, n_components, errors)
            vector = np.array(plain_vector(values, kind, n_components))
            if plain_is_in(word, words, errors):
                plain_add(table, word, vector, errors, counts)
        if n_read == limit:
            break
    if not table or (n_read != limit and n_rows not in (None, n_read)):
        raise Refused
    return table, counts


def plain_is_in(word, words, errors):
    if words is None:
        return True
    decoded = word.decode(errors="replace" if errors != "strict" else "ignore")
    return decoded in words and (errors != "strict" or word == decoded.encode())


def plain_add(table, word, vector, errors, counts):
    """Add a word to the table, or count why it is skipped or repaired."""
    decoded, repaired, fatal = word.decode(errors="replace"), [], []
    if decoded.encode() != word:
        repaired.append("not UTF-8")
    if not word:
        fatal.append("empty")
    if set(decoded) & set("\0\t\n\v\f\r"):
        fatal.append("with whitespace or NUL")
    parts = word.split(b" ")
    if parts[1:] and (not all(parts) or any(map(plain_number, parts[1:]))):
        repaired.append("with spaces before numbers")
    if decoded in table:
        fatal.append("repeated")
    if errors == "skip":
        order = ["not UTF-8", "empty", "with whitespace or NUL"]
        order += ["with spaces before numbers", "repeated"]
        fatal, repaired = sorted(fatal + repaired, key=order.index), []
    if errors == "strict" and fatal + repaired:
        raise Refused
    if fatal:
        counts["skipped", fatal[0]] += 1
    elif not is_finite(vector):
        raise Refused
    else:
        counts.update(("repaired", each) for each in repaired)
        table[decoded] = vector


def plain_unzip(data):
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.decompress(data)
        if data.startswith(b"\xfd7zXZ\0"):
            return plain_streams(data, lzma.LZMADecompressor)
        if data.startswith(b"BZh91AY&SY"):
            return plain_streams(data, bz2.BZ2Decompressor)
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise Refused from error
    return data


def plain_streams(data, new):
    """Decompress streams, with zeros between them; `new` makes a decompressor."""
    content = b""
    while data:
        decompressor = new()
        content += decompressor.decompress(data)
        if not decompressor.eof:
            raise EOFError
        data = decompressor.unused_data.lstrip(b"\0")
    return content


def plain_rows(data, kind):
    """Return the numbers of rows and components, and the rows as pairs of bytes."""
    header = re.match(rb"(\d{1,18})[ \t]+(\d{1,18})[ \t\r]*(\n|$(?!\n))", data)
    if data.startswith(b"\xef\xbb\xbf") or bool(header) == (kind == "glove"):
        raise Refused
    if kind == "glove":
        return None, plain_width(data.split(b"\n")[:2]), plain_lines(data)
    n_rows, n_components = int(header[1]), int(header[2])
    if n_rows == 0 or n_components == 0 or n_components > 1 << 20:
        raise Refused
    cut = plain_lines if kind == "text" else plain_records
    return n_rows, n_components, cut(data[header.end() :], n_components)


def checked(model):
    """Refuse a model of which a vector isn't finite; return it."""
    vectors = [*model.buckets, *(model.vector(word) for word in model.own)]
    if not all(is_finite(np.array(vector, np.float64)) for vector in vectors):
        raise Refused
    return model


def plain_buckets(data, n_components):
    for word, values in plain_lines(data):
        word, values = plain_split(word, values, n_components, "strict")
        yield word, np.array(plain_vector(values, "floret", n_components))


def plain_width(lines):
    """Return the number of components: the numbers at the end of a row."""
    fields = [line.rstrip(b" \r").split(b" ")[1:] for line in lines]
    if not fields[0]:
        raise Refused
    for each in fields:
        if each and all(map(plain_number, each)):
            return len(each)
    n_numbers = 0
    while n_numbers < len(fields[0]) and plain_number(fields[0][-1 - n_numbers]):
        n_numbers += 1
    return n_numbers or len(fields[0])


def plain_number(field):
    try:
        float(field.decode())
    except ValueError:
        return False
    return b"_" not in field


def plain_split(word, values, n_components, errors):
    """Move what is not a number, or one too many, from the values to the word."""
    fields = values.split(b" ")
    more, values = fields[:-n_components], b" ".join(fields[-n_components:])
    wrong = more and (not word or not all(more) or any(map(plain_number, more)))
    if wrong and errors == "strict":
        raise Refused
    return b" ".join([word, *more]), values


def plain_lines(data, n_components=None):
    lines = data.split(b"\n")
    while lines and not lines[-1].rstrip(b" \r"):
        lines.pop()
    for line in lines:
        word, _, values = line.rstrip(b" \r").partition(b" ")
        yield word, values


def plain_records(data, n_components):
    first = True
    while data not in (b"", b"\n"):
        word, space, data = data.partition(b" ")
        values, data = data[: 4 * n_components], data[4 * n_components :]
        if not space or len(values) < 4 * n_components:
            raise Refused
        if first and n_components > 1 and looks_like_text(values, n_components):
            raise Refused
        first = False
        yield word[1:] if word.startswith(b"\n") else word, values


def looks_like_text(values, n_components):
    line = values.split(b"\n")[0]
    n_values = len(line.rstrip(b" \r").split(b" "))
    complete = line == values or n_values == n_components
    return complete and re.fullmatch(rb"[-+.eE0-9 \r]*", line)


def plain_vector(values, kind, n_components):
    if kind == "binary":
        return struct.unpack(f"<{n_components}f", values)
    if values.count(b" ") + 1 != n_components or b"\r" in values:
        raise Refused
    if not values.isascii():
        raise Refused
    numbers = [number.strip() for number in values.decode().split(" ")]
    if not all(NUMBER.fullmatch(number) for number in numbers):
        raise Refused
    return [float(number) for number in numbers]


def is_finite(vector):
    with np.errstate(over="ignore", invalid="ignore"):
        rounded = vector.astype(np.float32).astype(np.float64)
        return np.isfinite(np.float32(np.sqrt(rounded @ rounded)))


# ---- damaged files -------------------------------------------------------------------


def make_file(rng):
    """Return the bytes of a table in a random format, and the name of the format."""
    shape = rng.integers(1, 6), rng.integers(1, 5)
    vectors = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, shape)
    kind, file = rng.choice(list(ALL_READERS)), BytesIO()
    if kind in COMPOSED_READERS:
        return make_composed_file(kind, vectors, rng), kind
    words = [word for word in WORDS if kind == "glove" or " " not in word]
    table = WordVectors(list(rng.permutation(words)[: shape[0]]), vectors)
    if kind == "glove":
        write_glove(table, file)
    else:
        write_word2vec(table, file, binary=kind == "binary")
    return file.getvalue(), kind


def make_composed_file(kind, vectors, rng):
    lengths = int(rng.integers(0, 4)), int(rng.integers(0, 6))
    if kind == "floret":
        return floret_file(vectors.astype(np.float32), lengths, rng.integers(1, 5))
    words = list(rng.permutation(WORDS)[: rng.integers(1, len(vectors) + 1)])
    return fasttext_file(words, vectors, lengths)


def damage(data, rng):
    """Change some bytes at a random position."""
    start, end = sorted(rng.integers(0, len(data) + 1, 2))
    end = min(end, start + rng.integers(1, 9))
    token = TOKENS[rng.integers(len(TOKENS))]
    row = data.rfind(b"\n", 0, end) + 1
    changes = {
        "word": data[:row] + ODD[rng.integers(len(ODD))] + data[row:],
        "cut": data[:start],
        "drop": data[:start] + data[end:],
        "double": data[:end] + data[start:],
        "insert": data[:start] + token + data[start:],
        "replace": data[:start] + token + data[end:],
        "random": data[:start] + rng.bytes(end - start) + data[end:],
        "flip": data[:start]
        + bytes(b ^ 1 << rng.integers(8) for b in data[start:end])
        + data[end:],
        "another": data[:start] + make_file(rng)[0][start:],
    }
    return changes[rng.choice(list(changes))]


def damaged_file(rng):
    """Return bytes damaged before or after compression, and the name of a reader."""
    data, kind = make_file(rng)
    for _ in range(rng.integers(0, 4)):
        data = damage(data, rng)
    if rng.random() < 0.2:
        data = COMPRESS[rng.choice(list(COMPRESS))](data)
        for _ in range(rng.integers(0, 2)):
            data = damage(data, rng)
    if rng.random() < 0.1:
        kind = rng.choice(list(ALL_READERS))
    return data, kind


# ---- the comparison ------------------------------------------------------------------


def check(data, kind, limit, words, errors):
    """Read a file both ways and compare; return the outcome."""
    try:
        expected, counts = plain_read(data, kind, limit, words, errors)
    except Refused:
        expected = None
    file = BytesIO(data)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            table = ALL_READERS[kind](file, limit=limit, words=words, errors=errors)
    except ValueError as error:
        if expected is not None or not COMPLAINT.fullmatch(str(error)):
            raise
        return f"{kind}: refused"
    finally:
        assert not file.closed
    if expected is None:  # the damage lies beyond the limit
        assert data.startswith((b"\x1f\x8b", b"BZh9", b"\xfd7zXZ"))
        assert limit is not None
        return f"{kind}: read before the damage"
    if kind in COMPOSED_READERS:
        compare_composed(table, expected)
        return f"{kind}: read"
    assert list(table.words) == list(expected)
    vectors = np.array(list(expected.values())).astype(np.float32)
    np.testing.assert_array_equal(table.vectors, vectors)
    assert len(found) == bool(counts)
    assert not counts or counts_of(str(found[0].message)) == counts
    return f"{kind}: read, {errors}" if counts else f"{kind}: read"


def counts_of(message):
    """Return the numbers in a warning, by what was done and why."""
    return {
        (verb, reason): int(number)
        for verb, listed in re.findall(r"(skipped|repaired) words \((.*?)\)", message)
        for number, reason in re.findall(r"(\d+) ([^,]+)", listed)
    }


def compare_composed(table, model):
    """Compare the vectors of known and unknown words with those of a `PlainModel`."""
    assert list(table.words) == list(model.own)
    scale = np.abs([*model.own.values(), *model.buckets]).max()
    for word in [*WORDS, *UNKNOWN]:
        expected = model.vector(word)
        assert (word in table) == (expected is not None)
        if expected is not None:
            tolerance = {"rtol": 1e-5, "atol": 1e-6 * scale}
            np.testing.assert_allclose(table[word], expected, **tolerance)


def damaged_files(count, seed):
    """Yield `count` files, and how to read them."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        data, kind = damaged_file(rng)
        limit = int(rng.integers(1, 5)) if rng.random() < 0.2 else None
        words = list(rng.permutation(WORDS)[:6]) if rng.random() < 0.2 else None
        errors = rng.choice(MODES, p=[0.6, 0.2, 0.2])
        # The plain readers of composed tables are strict.
        yield data, kind, limit, words, "strict" if kind in COMPOSED_READERS else errors


def fuzz(count, seed=0):
    """Check `count` files, and count the outcomes."""
    return run_trials(check, damaged_files(count, seed), MAX_BYTES)


if __name__ == "__main__":
    main(fuzz, __doc__)
