"""Formats that can't be read here, recognized by their first bytes."""

import re

HEAD_BYTES = 512  # number of bytes that are looked at
MAX_MESSAGE = 1000  # characters of a message that quotes a file or a parameter

TO_TABLE = "and make a table with skw2v.WordVectors(words, vectors)"
UNPACK = "unpack it, and read a file from it"
FASTTEXT = "a model of fastText (.bin)"
FLORET = "a table of floret (.floret)"

# Pattern of the first bytes, what begins in this way, and what to do.
FORMATS = [
    (
        rb"PK\x03\x04.{26}[^\0]{0,99}\.npy",
        "an .npz file of NumPy",
        f"numpy.load it, {TO_TABLE}",
    ),
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a zip archive", UNPACK),
    (rb".{257}ustar", "a tar archive", UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (rb"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (rb"\x28\xb5\x2f\xfd", "compressed with zstd", "decompress it first"),
    (rb"\x04\x22\x4d\x18", "compressed with lz4", "decompress it first"),
    (
        rb"\x1f\x8b|BZh[1-9]1AY&SY|\xfd7zXZ\0",
        "compressed more than once",
        "decompress it first",
    ),
    (rb"\xba\x16\x4f\x2f", FASTTEXT, "read it with read_fasttext"),
    (rb"([0-9]+ ){6}< >", FLORET, "read it with read_floret"),
    (
        rb"\x80[\x02-\x05]|c(copy_reg|\w+(\.\w+)+)\n\w+\n|\([dl]p0\n",
        "a pickle, as the save methods of gensim, joblib and PyTorch write it",
        f"load it with the library that wrote it, {TO_TABLE}",
    ),
    (rb".{4}\0{4}\{", "a safetensors file", "load it with skw2v.load"),
    (rb"\x93NUMPY", "an .npy array of NumPy", f"numpy.load it, {TO_TABLE}"),
    (rb"\x89HDF\r\n", "an HDF5 file", f"load it with h5py, {TO_TABLE}"),
    (rb"SQLite format 3\0", "an SQLite database", "export the vectors as text first"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16", "save it as UTF-8"),
    (
        rb"\s*(?i:<!doctype html|<html[^>\n]*>\s*(<|\n|$))",
        "a web page",
        "download the file itself",
    ),
    (
        rb"version https://git-lfs",
        "only a pointer of Git LFS",
        "download the file itself, with 'git lfs pull'",
    ),
]


def recognized(head: bytes) -> tuple[str, str] | None:
    """Recognize a format that is not one of word vectors.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes of a file, or all of a shorter one.

    Returns
    -------
    tuple of (str, str), or None
        What the file is, and what to do with it; None if it isn't recognized.
    """
    for pattern, what, advice in FORMATS:
        if re.match(pattern, head, re.DOTALL):
            return what, advice
    return None


def cut(message: object) -> str:
    """Return a message without its middle if what it quotes makes it too long."""
    text = str(message)
    if len(text) <= MAX_MESSAGE:
        return text
    return f"{text[: MAX_MESSAGE // 2]} ... {text[-MAX_MESSAGE // 4 :]}"
