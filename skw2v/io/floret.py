"""Tables of floret, whose rows are those of buckets.

References
----------
.. [1] Boyd, A., & Warmerdam, V. D. (2022). "floret: lightweight, robust word vectors".
   https://explosion.ai/blog/floret-vectors
"""

import os
import re
from reprlib import repr as shortened
from typing import BinaryIO

import numpy as np

from ..text.murmur import MurmurHash3
from ..text.subwords import Subwords, WordAndNGrams
from ..word_vectors import WordVectors
from .composition import check_ngrams, composed
from .formats import FLORET
from .source import Source, open_source
from .table import Selection, read_rows
from .text import TextRows
from .word2vec import MAX_COMPONENTS

HEADER = re.compile(rb"([0-9]{1,10}) " * 6 + rb"< >[ \r]*\n?")
MAX_HASHES = 4  # that the 128 bits of a hash hold


def read_floret(file: str | os.PathLike[str] | BinaryIO) -> WordVectors:
    r"""Read a table of floret (.floret), which composes the vector of any word.

    Parameters
    ----------
    file : str, path-like, or binary file
        Plain or compressed, as in `read_word2vec`.

    Returns
    -------
    WordVectors
        Without words, because the file has only rows that the pieces of words share
        [1]_. ``vectors.subset(words)`` makes a table of words, among which
        `most_similar` can look for answers.

    Raises
    ------
    OSError
        The file can't be opened or read.
    TypeError
        The file is open in text mode.
    ValueError
        The file is damaged or in another format; the message says where.

    See Also
    --------
    read_fasttext : Read a model of fastText.

    Notes
    -----
    The pieces of a word are ``<word>`` and its n-grams. MurmurHash3 gives each piece
    one to four rows, and the vector of a word is the mean of all these rows, in
    float32, as in floret. N-grams have at most 32 characters.

    References
    ----------
    .. [1] Boyd, A., & Warmerdam, V. D. (2022). "floret: lightweight, robust word
       vectors". https://explosion.ai/blog/floret-vectors

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v.io import read_floret
    >>> table = b"3 2 2 2 1 2166136261 < >\n0 1 2\n1 3 0\n2 -1 4\n"
    >>> vectors = read_floret(BytesIO(table))
    >>> vectors["up"]
    array([0., 3.], dtype=float32)
    >>> vectors.subset(["up", "down", "upper"]).most_similar("up", topn=1)
    [('down', 0.992...)]
    """
    with open_source(file, expected=FLORET) as source:
        n_components, subwords = _parse_header(source)
        selection = Selection(None, None)
        rows = TextRows(source, n_components, source.lines(2), selection.errors)
        numbers, data = read_rows(rows, selection, subwords.n_buckets)
        for row, number in enumerate(numbers):
            if number != str(row):
                raise source.error(
                    f"line {row + 2}",
                    f"expected row {row}; got {shortened(number)}",
                )
        matrix = np.frombuffer(data, np.float32).reshape(-1, n_components)
        return composed(source, (), matrix, subwords)


def _parse_header(source: Source) -> tuple[int, Subwords]:
    """Return the number of components, and how words are composed."""
    line = source.first_line()
    header = HEADER.fullmatch(line)
    n_buckets, n_components, shortest, longest, n_hashes, seed = (
        map(int, header.groups()) if header else (0,) * 6
    )
    if not (
        0 < n_buckets < 1 << 31
        and 0 < n_components <= MAX_COMPONENTS
        and 0 < n_hashes <= MAX_HASHES
        and seed < 1 << 32
    ):
        raise source.error(
            "line 1",
            "the header must give the numbers of buckets and components, the shortest "
            f"and longest n-gram, 1 to {MAX_HASHES} hashes, a seed, '<' and '>', such "
            f"as '50000 300 4 5 2 2166136261 < >'; got {shortened(line)}",
        )
    check_ngrams(shortest, longest, lambda problem: source.error("line 1", problem))
    ngrams = WordAndNGrams(max(1, shortest), longest)
    return n_components, Subwords(ngrams, n_buckets, MurmurHash3(seed, n_hashes))
