"""Models of fastText: a header, a dictionary, and the rows of words and buckets.

References
----------
.. [1] Bojanowski, P., Grave, E., Joulin, A., & Mikolov, T. (2017). "Enriching Word
   Vectors with Subword Information".
   https://arxiv.org/abs/1607.04606
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from reprlib import repr as shortened
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..text.subwords import NGrams, Subwords
from ..word_vectors import WordVectors
from .binary import parse_binary
from .composition import check_ngrams, composed
from .fields import Fields
from .formats import FASTTEXT
from .rows import Row, Rows
from .source import open_source
from .table import Selection, read_rows
from .word2vec import MAX_COMPONENTS

MAGIC, VERSIONS = 793712314, (11, 12)
MODELS, SUPERVISED = (1, 2), 3  # CBOW and skip-gram
# In a model of floret, two more numbers come before the last two.
FLORET_MODES = 1, 2


def read_fasttext(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    limit: int | None = None,
    words: Iterable[str] | None = None,
    errors: str = "strict",
) -> WordVectors:
    """Read a model of fastText (.bin), which also composes vectors of unknown words.

    Parameters
    ----------
    file : str, path-like, or binary file
        Plain or compressed, as in `read_word2vec`.
    limit : int or None, default=None
        Maximum number of words to read from the beginning, where the most frequent ones
        are. What follows the vectors is then not checked.
    words : iterable of str, or None, default=None
        Keep only those of these words that the file contains.
    errors : {"strict", "replace", "skip"}, default="strict"
        What to do with a word that is not UTF-8 or occurs before, as in
        `read_word2vec`. A word that is repaired has other n-grams than in fastText, and
        so another vector.

    Returns
    -------
    WordVectors
        The words are in the order of the file. A word that is not among them is
        composed of its n-grams, if the model has any.

    Raises
    ------
    OSError
        The file can't be opened or read.
    TypeError
        The file is open in text mode, or `words` is a single str.
    ValueError
        The file is damaged, supervised, quantized, or in another format. Also if
        `limit` is not positive, none of `words` is in the file, or `errors` is unknown.

    Warns
    -----
    UserWarning
        Words were skipped or repaired.

    See Also
    --------
    read_word2vec : Read the .vec file, which has no n-grams and needs less memory.
    read_floret : Read a table of floret.

    Notes
    -----
    The vector of a word is the mean of its own row, if it has one, and the rows of its
    n-grams [1]_, in float32, as in fastText; the sums of floating-point numbers may
    differ in their last bits. A word that `limit` or `words` leaves out is composed
    without its own row, so its vector is not that of fastText.

    The rows of all buckets are kept, whatever `limit` and `words` are: a model of two
    million buckets and 300 components takes 2.4 GB for them, and 1.2 KB for each word.

    Words are UTF-8 and have at most 8 KiB, and none occurs twice; no number is NaN or
    infinite, and n-grams have at most 32 characters. A few files contain words that are
    not UTF-8; read them with ``errors="skip"``.

    References
    ----------
    .. [1] Bojanowski, P., Grave, E., Joulin, A., & Mikolov, T. (2017). "Enriching Word
       Vectors with Subword Information".
       https://arxiv.org/abs/1607.04606

    Examples
    --------
    >>> from skw2v.io import read_fasttext
    >>> vectors = read_fasttext("cc.ko.300.bin.gz", limit=200_000)  # doctest: +SKIP
    """
    selection = Selection(limit, words, errors)
    with open_source(file, expected=FASTTEXT) as source:
        fields = Fields(source)
        n_components, n_buckets, ngrams = _read_settings(fields)
        entries = _read_dictionary(fields)
        _check_shape(fields, len(entries) + n_buckets, n_components)
        rows = FastTextRows(fields, n_components, entries)
        known, data = read_rows(rows, selection)
        rows.skip()
        _read_buckets(data, fields, n_buckets, n_components)
        if limit is None:
            _check_end(fields, len(entries), n_components)
        has_pieces = n_buckets and ngrams.shortest <= ngrams.longest
        subwords = Subwords(ngrams, n_buckets) if has_pieces else None
        matrix = np.frombuffer(data, np.float32).reshape(-1, n_components)
        table = composed(source, known, matrix, subwords)
    selection.errors.warn(source.name)
    return table


class FastTextRows(Rows):
    """The rows of the words, which the dictionary has named before.

    Parameters
    ----------
    fields : Fields
        From the first row on.
    n_components : int
    entries : list of (int, bytes)
        Place and word of each row.
    """

    unit, any_word = "byte", True

    def __init__(
        self, fields: Fields, n_components: int, entries: list[tuple[int, bytes]]
    ) -> None:
        super().__init__(fields.source, n_components)
        self._entries = entries
        self._blocks = fields.rows(len(entries), 4 * n_components)

    def __iter__(self) -> Iterator[list[Row]]:
        width, entries = 4 * self.n_components, iter(self._entries)
        for block in self._blocks:
            yield [
                Row(*next(entries), block[start : start + width])
                for start in range(0, len(block), width)
            ]

    def skip(self) -> None:
        """Read what is left of the rows."""
        for _ in self._blocks:
            pass

    def parse(self, rows: Sequence[Row]) -> tuple[Sequence[Row], NDArray[np.float32]]:
        """Return rows and their vectors."""
        return rows, parse_binary([row.values for row in rows], self.n_components)


def _read_settings(fields: Fields) -> tuple[int, int, NGrams]:
    """Return the numbers of components and buckets, and the n-grams."""
    magic, version = fields.numbers("2i")
    if magic != MAGIC:
        raise fields.error(
            "a model of fastText begins with the bytes ba 16 4f 2f; read a .vec file "
            "with read_word2vec",
            place=0,
        )
    if version not in VERSIONS:
        raise fields.error(f"expected version 11 or 12; got {version}", place=4)
    place = fields.place
    n_components, *_, model, n_buckets, shortest, longest, mode, rate = fields.numbers(
        "12id"
    )
    _check_kind(fields, model, mode, rate)
    if model not in MODELS or not 0 < n_components <= MAX_COMPONENTS or n_buckets < 0:
        raise fields.error(
            f"expected a model of type 1 or 2, 1 to {MAX_COMPONENTS} components, and 0 "
            f"or more buckets; got {model}, {n_components} and {n_buckets}",
            place,
        )
    check_ngrams(shortest, longest, lambda problem: fields.error(problem, place))
    return n_components, n_buckets, NGrams(max(1, shortest), longest)


def _check_kind(fields: Fields, model: int, mode: int, rate: float) -> None:
    """Refuse models that were trained to classify, or with floret."""
    if model == SUPERVISED:
        raise _unreadable(fields, "supervised")
    if mode in FLORET_MODES and 0 < abs(rate) < np.finfo(float).tiny:
        raise ValueError(
            f"{fields.source.name} is a model of floret (.bin), which has a layout of "
            "its own; read its .floret file with read_floret, or its .vec file with "
            "read_word2vec."
        )


def _read_buckets(
    data: bytearray, fields: Fields, n_buckets: int, n_components: int
) -> None:
    """Append the rows of the buckets to those of the words."""
    for block in fields.rows(n_buckets, 4 * n_components):
        data += parse_binary([block], n_components).tobytes()


def _read_dictionary(fields: Fields) -> list[tuple[int, bytes]]:
    """Return the place and the word of each entry."""
    place = fields.place
    n_entries, n_words, n_labels, _, n_pruned = fields.numbers("3i2q")
    if not 0 < n_words == n_entries or n_labels:
        raise fields.error(
            "expected a dictionary of one or more words, and of no labels; got "
            f"{n_entries} entries, {n_words} words and {n_labels} labels",
            place,
        )
    if n_pruned >= 0:
        raise _unreadable(fields, "pruned")
    return [_read_entry(fields) for _ in range(n_entries)]


def _read_entry(fields: Fields) -> tuple[int, bytes]:
    place, word = fields.place, fields.string()
    count, is_label = fields.numbers("qb")
    if count < 0 or is_label:
        raise fields.error(
            f"expected a count of 0 or more and the type 0 after the word "
            f"{shortened(word)}; got {count} and {is_label}",
            place,
        )
    return place, word


def _check_shape(fields: Fields, n_rows: int, n_components: int) -> None:
    """Check what comes before a matrix."""
    place = fields.place
    is_quantized, *shape = fields.numbers("b2q")
    if is_quantized == 1:
        raise _unreadable(fields, "quantized")
    if is_quantized:
        raise fields.error(
            f"expected 0 or 1, whether a matrix is quantized; got {is_quantized}", place
        )
    if shape != [n_rows, n_components]:
        raise fields.error(
            f"expected a matrix of {n_rows} rows and {n_components} columns; got "
            f"{shape[0]} and {shape[1]}",
            place,
        )


def _check_end(fields: Fields, n_words: int, n_components: int) -> None:
    """Read the output vectors, which nothing needs, to see that the file is whole."""
    _check_shape(fields, n_words, n_components)
    for _ in fields.rows(n_words, 4 * n_components):
        pass
    fields.end()


def _unreadable(fields: Fields, kind: str) -> ValueError:
    return ValueError(
        f"{fields.source.name} is a model of fastText that is {kind}; only models that "
        "skipgram or cbow has trained, and that are not quantized, can be read."
    )
