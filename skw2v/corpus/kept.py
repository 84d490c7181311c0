"""A corpus and its words in a file, which is found again by what it was made of."""

import os
from collections.abc import Callable
from hashlib import blake2b
from itertools import chain
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..atomic import atomic_write
from .corpus import SLICE, Corpus
from .storage import StoredIds, cannot_write
from .words import pack_words, unpack_words

# A file holds: MAGIC; the checksum of what follows; the key; the numbers of documents,
# words, bytes of all words, and tokens; the arrays.
MAGIC = b"skw2v corpus 1\n\0"
DIGEST = 32  # bytes of a key, and of a checksum
N_SIZES = 4


def keep(path: str, corpus: Corpus, words: list[str], key: bytes) -> None:
    """Write a corpus to a file, completely or not at all.

    Parameters
    ----------
    path : str
    corpus : Corpus
    words : list of str
        Word of each id.
    key : bytes
        By which `find` finds it; `DIGEST` bytes.

    Raises
    ------
    OSError
        It can't be written, for example because the disk is full.
    """
    packed = pack_words(words)
    n_dropped = np.broadcast_to(corpus.n_dropped, corpus.n_documents)
    sizes = corpus.n_documents, len(words), len(packed["words"]), corpus.n_tokens
    arrays = (
        np.array(sizes, np.int64),
        corpus.offsets,
        n_dropped.astype(np.int64),
        packed["word_offsets"],
        packed["words"],
    )
    slices = (corpus.ids[i : i + SLICE] for i in range(0, corpus.n_tokens, SLICE))
    checksum = blake2b(digest_size=DIGEST)
    try:
        with atomic_write(path) as file:
            file.write(MAGIC + bytes(DIGEST))
            for part in chain([key], map(np.ndarray.tobytes, chain(arrays, slices))):
                checksum.update(part)
                file.write(part)
            file.seek(len(MAGIC))
            file.write(checksum.digest())
    except OSError as error:
        raise cannot_write(os.path.dirname(path), error) from error


def find(path: str, key: Callable[[], bytes | None]) -> tuple[Corpus, list[str]] | None:
    """Return the corpus that a file holds, whose ids stay there.

    Parameters
    ----------
    path : str
    key : callable
        Returns the key by which it was kept; not called if there is no file.

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id. None instead of both if there is no file, or it has another
        key, or is damaged.

    Raises
    ------
    FileExistsError
        The file holds something else.
    """
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        magic = file.read(len(MAGIC))
        if magic[:-3] != MAGIC[:-3]:
            raise FileExistsError(
                f"{path} was not written by skw2v, or is damaged; remove it, or set "
                "corpus_storage to another folder."
            )
        checksum = file.read(DIGEST)
        is_wanted = magic == MAGIC and file.read(DIGEST) == key()
        if is_wanted and _checksum(file) == checksum:
            return _contents(file)
    return None


def _checksum(file: BinaryIO) -> bytes:
    """Return the checksum of what follows the header."""
    checksum = blake2b(digest_size=DIGEST)
    file.seek(len(MAGIC) + DIGEST)
    while part := file.read(SLICE):
        checksum.update(part)
    return checksum.digest()


def _contents(file: BinaryIO) -> tuple[Corpus, list[str]]:
    file.seek(len(MAGIC) + 2 * DIGEST)

    def array(size: int, dtype: type[np.generic]) -> NDArray:
        n_bytes = size * np.dtype(dtype).itemsize
        return np.ndarray(size, dtype, bytearray(file.read(n_bytes)))

    n_documents, n_words, n_bytes, n_tokens = array(N_SIZES, np.int64).tolist()
    offsets = array(n_documents + 1, np.int64)
    n_dropped = array(n_documents, np.int64)
    packed = {"word_offsets": array(n_words + 1, np.int64)}
    packed["words"] = array(n_bytes, np.uint8)
    ids = StoredIds(os.dup(file.fileno()), n_tokens, start=file.tell())
    return Corpus(ids, offsets, n_dropped), unpack_words(packed)
