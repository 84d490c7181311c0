"""Keeps the encoded corpus in a folder, and finds it there for the same documents."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from os import PathLike
from typing import Any

import numpy as np
import sklearn

from .._version import __version__
from ..corpus import Storage
from ..corpus.kept import DIGEST, find, keep
from .documents import Analyzer, as_collection, of_python
from .helpers import Part
from .reading import encode, read

NAME = "corpus.skw2v"  # of the file in the folder


def read_or_find(
    analyzer: Analyzer,
    X: Iterable,
    n_jobs: int,
    words: list[str] | None,
    storage: Storage,
) -> Part:
    """Read a corpus, unless the folder of `storage` keeps that of the same documents.

    What is read is kept there, if one can prove later that documents are the same: not
    if they can be read only once, or if functions of the user make the tokens.

    Parameters
    ----------
    analyzer, X, n_jobs
        See `read`.
    words : list of str or None
        Words whose places are their ids, so that others are dropped. None numbers all
        words.
    storage : Storage
        Where the ids lie; they may be changed there.

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id.

    Raises
    ------
    TypeError, ValueError
        See `read`; or there is no such folder.
    OSError
        The corpus can't be written, or the folder has a file of the same name that
        holds something else.
    """
    storage.check_folder()
    documents = as_collection(X)
    if (
        storage.folder is None
        or analyzer.settings is None
        or isinstance(documents, Iterator)
    ):
        return _read(analyzer, X, n_jobs, words, storage)
    settings = [analyzer.settings, words, _VERSIONS]
    proof = Proof(settings, analyzer.source)
    path = os.path.join(storage.folder, NAME)
    if (found := find(path, lambda: proof.of(documents))) is not None:
        corpus, all_words = found
        return corpus.copied(storage), all_words
    # While they are read, because they may change until they are read again.
    noted = proof.noted(documents)
    part = _read(analyzer, noted, n_jobs, words, storage)
    if proof.key is not None:
        keep(path, *part, proof.key)
    return part


def _read(
    analyzer: Analyzer,
    X: Iterable,
    n_jobs: int,
    words: list[str] | None,
    storage: Storage,
) -> Part:
    if words is None:
        return read(analyzer, X, n_jobs, storage)
    rows = {word: row for row, word in enumerate(words)}
    return encode(analyzer, X, n_jobs, rows, storage), words


# Python's version determines what letters are, and which are their lower case.
_VERSIONS = {
    "skw2v": __version__,
    "scikit-learn": sklearn.__version__,
    "python": sys.version,
    "byteorder": sys.byteorder,
}


class Proof:
    """A digest of documents, and of all else that determines the encoded corpus.

    Parameters
    ----------
    settings : object
        What else determines it, as plain data.
    source : {"content", "filename", "file"}
        See `Analyzer`.

    Attributes
    ----------
    key : bytes or None
        The digest; None if it proves nothing, because of documents of other types.
    """

    key: bytes | None = None

    def __init__(self, settings: object, source: str) -> None:
        plain = json.dumps(settings, default=np.generic.item)
        self._settings, self._source = plain.encode(), source

    def of(self, documents: Iterable) -> bytes | None:
        """Return the digest of documents."""
        for _ in self.noted(documents):
            pass
        return self.key

    def noted(self, documents: Iterable) -> Iterator:
        """Yield documents; when the last one is read, `key` is their digest."""
        self.key, is_known = None, True
        digest = blake2b(self._settings, digest_size=DIGEST)
        for document in documents:
            content = self._content(document) if is_known else None
            if content is None:
                is_known = False
            else:
                digest.update(content)
            yield document
        if is_known:
            self.key = digest.digest()

    def _content(self, document: Any) -> bytes | None:
        """Return bytes that no other document has, nor the first of them."""
        if self._source == "filename" and isinstance(document, (str, bytes, PathLike)):
            with open(document, "rb") as file:
                return _sized(b"file", file.read())
        document = of_python(document)
        if isinstance(document, np.ndarray):
            document = document.tolist()
        if self._source == "content" and type(document) in (str, np.str_):
            return _sized(b"text", _encoded(document))
        if self._source == "content" and type(document) is bytes:
            return _sized(b"bytes", document)
        if type(document) in (list, tuple) and {*map(type, document)} <= {str, np.str_}:
            lengths = np.fromiter(map(len, document), np.int64, len(document)).tobytes()
            return _sized(b"lengths", lengths) + _encoded("".join(document))
        return None


def _sized(kind: bytes, content: bytes) -> bytes:
    return b"%b %d " % (kind, len(content)) + content


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
