"""Models of fastText and tables of floret: a plain writer and a plain reader of each.

Everything is written in plain loops, after the C++ sources of both programs.
"""

import re
import struct

import numpy as np

FLORET_HEADER = re.compile(rb"(\d{1,10}) " * 6 + rb"< >[ \r]*(?:\n|$(?!\n))")
MASK = (1 << 64) - 1


class Refused(Exception):
    """Raised if a plain reader finds no table."""


# ---- how words are composed ----------------------------------------------------------


def plain_pieces(word, shortest, longest):
    """Return the n-grams of a word as bytes, by the loops of fastText."""
    if word == "</s>":
        return []
    data, pieces = b"<" + word.encode() + b">", []
    for i in range(len(data)):
        if data[i] & 0xC0 == 0x80:
            continue
        j, n, piece = i, 1, b""
        while j < len(data) and n <= longest:
            piece, j = piece + data[j : j + 1], j + 1
            while j < len(data) and data[j] & 0xC0 == 0x80:
                piece, j = piece + data[j : j + 1], j + 1
            if n >= shortest and not (n == 1 and (i == 0 or j == len(data))):
                pieces.append(piece)
            n += 1
    return pieces


def plain_fnv1a(piece):
    h = 2166136261
    for byte in piece:
        h = (h ^ (byte | (0xFFFFFF00 if byte > 127 else 0))) * 16777619 % (1 << 32)
    return h


def plain_murmur(key, seed):
    """Return the four parts of MurmurHash3_x64_128."""

    def rotated(x, n):
        return (x << n | x >> 64 - n) & MASK

    def finished(x):
        x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD & MASK
        x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 & MASK
        return x ^ x >> 33

    h1 = h2 = seed
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
    for start in range(0, len(key), 16):
        block = key[start : start + 16]
        k1, k2 = struct.unpack("<2Q", block.ljust(16, b"\0"))
        h1 ^= rotated(k1 * c1 & MASK, 31) * c2 & MASK
        if len(block) == 16:
            h1 = ((rotated(h1, 27) + h2) * 5 + 0x52DCE729) & MASK
        h2 ^= rotated(k2 * c2 & MASK, 33) * c1 & MASK
        if len(block) == 16:
            h2 = ((rotated(h2, 31) + h1) * 5 + 0x38495AB5) & MASK
    h1, h2 = h1 ^ len(key), h2 ^ len(key)
    h1 = (h1 + h2) & MASK
    h2 = (h2 + h1) & MASK
    h1, h2 = finished(h1), finished(h2)
    h1 = (h1 + h2) & MASK
    h2 = (h2 + h1) & MASK
    return [h1 % (1 << 32), h1 >> 32, h2 % (1 << 32), h2 >> 32]


class PlainModel:
    """The rows of words and buckets, and how to compose any word of them."""

    def __init__(self, own, buckets, lengths, hashes=None):
        self.own = own  # of the known words
        self.buckets = buckets
        self.lengths = lengths  # of the shortest and the longest n-gram
        self.hashes = hashes  # number and seed in floret, and None in fastText

    def vector(self, word):
        """Return the vector of a word, or None if it has no rows."""
        rows = [self.own[word]] if word in self.own else []
        pieces = plain_pieces(word, *self.lengths) if len(self.buckets) else []
        if self.hashes is None:
            hashes = [plain_fnv1a(piece) for piece in pieces]
        else:
            n_hashes, seed = self.hashes
            whole = [] if word == "</s>" else [b"<" + word.encode() + b">"]
            hashes = [
                each
                for piece in whole + pieces
                for each in plain_murmur(piece, seed)[:n_hashes]
            ]
        rows += [self.buckets[each % len(self.buckets)] for each in hashes]
        return np.mean(rows, axis=0, dtype=np.float64) if rows else None


# ---- files ---------------------------------------------------------------------------


FIELDS = {  # of a model: the offset in bytes, and the type
    "magic": (0, "i"),
    "version": (4, "i"),
    "dim": (8, "i"),
    "model": (36, "i"),
    "bucket": (40, "i"),
    "minn": (44, "i"),
    "maxn": (48, "i"),
    "rate": (52, "i"),
    "t": (56, "d"),
    "size": (64, "i"),
    "n_words": (68, "i"),
    "n_labels": (72, "i"),
    "n_pruned": (84, "q"),
}


def fasttext_file(words, rows, lengths=(3, 6), **fields):
    """Return the bytes of a model.

    `rows` are those of all words and buckets; `fields` are set to other values.
    """
    rows = np.asarray(rows, "<f4")
    n_words, n_buckets = len(words), len(rows) - len(words)
    numbers = rows.shape[1], 5, 5, 1, 5, 1, 2, 2, n_buckets, *lengths, 100
    data = struct.pack("<2i12id", 793712314, 12, *numbers, 1e-4)
    data += struct.pack("<3i2q", n_words, n_words, 0, 9, -1)
    for word in words:
        data += word.encode() + b"\0" + struct.pack("<qb", 3, 0)
    for matrix in (rows, rows[:n_words]):
        data += struct.pack("<b2q", 0, *matrix.shape) + matrix.tobytes()
    data = bytearray(data)
    for name, value in fields.items():
        offset, layout = FIELDS[name]
        struct.pack_into("<" + layout, data, offset, value)
    return bytes(data)


def floret_file(rows, lengths=(2, 3), n_hashes=2, seed=2166136261):
    """Return the bytes of a table."""
    header = len(rows), len(rows[0]), *lengths, n_hashes, seed, "<", ">"
    lines = [header, *((i, *row, "") for i, row in enumerate(rows))]
    return "".join(" ".join(map(str, line)) + "\n" for line in lines).encode()


def plain_fasttext(data, limit=None, selected=None):
    """Read a model; the words are all that are selected."""
    take = Taker(data)
    (magic, version), args, (t,) = take("2i"), take("12i"), take("d")
    dim, *_, model, n_buckets, shortest, longest, rate = args
    require(magic == 793712314 and version in (11, 12) and model in (1, 2))
    require(rate not in (1, 2) or not 0 < abs(t) < 2.2250738585072014e-308)
    require(0 < dim <= 1 << 20 and n_buckets >= 0)
    require(shortest >= 0 and 0 <= longest <= 32)
    size, n_words, n_labels, _, n_pruned = take("3i2q")
    require(0 < size == n_words and n_labels == 0 and n_pruned < 0)
    words = []
    for _ in range(size):
        words.append(take.string())
        count, kind = take("qb")
        require(count >= 0 and kind == 0)
    rows = take.matrix(size + n_buckets, dim)
    if limit is None:
        take.matrix(size, dim)
        require(take.place == len(data))
    own = {}
    for word, row in list(zip(words, rows, strict=False))[:limit]:
        if selected is None or word in [each.encode() for each in selected]:
            word = plain_utf8(word)
            require(word not in own and np.isfinite(row).all())
            own[word] = row
    require(own)
    return PlainModel(own, rows[size:], (shortest, longest))


def plain_floret(data, rows):
    """Read a table; `rows` are pairs of bytes and vectors, which follow the header."""
    header = FLORET_HEADER.match(data)
    require(header)
    n_buckets, dim, shortest, longest, n_hashes, seed = map(int, header.groups())
    require(0 < n_buckets < 1 << 31 and 0 < dim <= 1 << 20)
    require(0 < n_hashes <= 4 and seed < 1 << 32 and longest <= 32)
    buckets = []
    for i, (word, vector) in enumerate(rows(data[header.end() :], dim)):
        require(word == str(i).encode())
        buckets.append(vector)
    require(len(buckets) == n_buckets)
    return PlainModel({}, buckets, (shortest, longest), (n_hashes, seed))


class Taker:
    """Takes one field after the other."""

    def __init__(self, data):
        self.data = data
        self.place = 0

    def __call__(self, layout):
        require(len(self.data) - self.place >= struct.calcsize("<" + layout))
        numbers = struct.unpack_from("<" + layout, self.data, self.place)
        self.place += struct.calcsize("<" + layout)
        return numbers

    def string(self):
        end = self.data.find(b"\0", self.place)
        require(0 <= end - self.place <= 8192)
        start, self.place = self.place, end + 1
        return self.data[start:end]

    def matrix(self, n_rows, n_columns):
        require(self("b2q") == (0, n_rows, n_columns))
        require(len(self.data) - self.place >= 4 * n_rows * n_columns)
        return [self(f"{n_columns}f") for _ in range(n_rows)]


def plain_utf8(word):
    try:
        return word.decode()
    except UnicodeDecodeError as error:
        raise Refused from error


def require(truth):
    if not truth:
        raise Refused
