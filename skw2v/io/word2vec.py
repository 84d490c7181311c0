"""Files in the word2vec format: a header with two counts, followed by rows."""

import os
import re
from collections.abc import Iterable
from reprlib import repr as shortened
from typing import BinaryIO

from sklearn.base import BaseEstimator

from ..word_vectors import WordVectors
from .binary import BinaryRows, format_binary
from .rows import Rows
from .source import MAX_ROW_BYTES, Source, open_source
from .table import Selection, collect
from .target import table_of, write_rows
from .text import TextRows, format_text

HEADER = re.compile(rb"([0-9]{1,18})[ \t]+([0-9]{1,18})[ \t\r]*\n?")
MAX_COMPONENTS = MAX_ROW_BYTES // 4


def read_word2vec(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    binary: bool = False,
    limit: int | None = None,
    words: Iterable[str] | None = None,
    errors: str = "strict",
) -> WordVectors:
    r"""Read vectors from a word2vec file or a .vec file of fastText.

    The file may be text or binary, plain or compressed with gzip, bz2 or xz, as the
    original word2vec, gensim and fastText write it.

    Parameters
    ----------
    file : str, path-like, or binary file
        An open file is read from its current position.
    binary : bool, default=False
        Whether the vectors are binary float32 numbers instead of text.
    limit : int or None, default=None
        Maximum number of rows to read from the beginning. These are usually the rows of
        the most frequent words. The rest of the file is not checked.
    words : iterable of str, or None, default=None
        Keep only those of these words that the file contains. The vectors of other
        words are not parsed and take no memory.
    errors : {"strict", "replace", "skip"}, default="strict"
        What to do with a row whose word is not UTF-8, has spaces before numbers, is
        empty, contains whitespace or NUL, or occurs before. "strict" raises an error,
        "skip" leaves the row out, and "replace" repairs the word if it can: U+FFFD
        stands for what is not UTF-8, and everything before the vector, which is the
        last numbers of a row, is the word. Other such rows are left out. A warning
        counts them. Whatever else is wrong raises an error in any case.

    Returns
    -------
    WordVectors
        The words are in the order of the file.

    Raises
    ------
    OSError
        The file can't be opened or read.
    TypeError
        The file is open in text mode, or `words` is a single str.
    ValueError
        The file is damaged or in another format; the message names the file, the line
        or byte, and what is wrong there, or the format, if it is known. Also if `limit`
        is not positive, none of `words` is in the file, or `errors` is unknown.

    Warns
    -----
    UserWarning
        Words were skipped or repaired.

    See Also
    --------
    read_glove : Read files without a header.

    Notes
    -----
    A file begins with the numbers of words and components. Each row contains a word, a
    space, and the components: float32 in binary, or decimal numbers with one space
    between them. A decimal number is rounded to the nearest float64 and then to the
    nearest float32, as in gensim. Lines may end in spaces and a carriage return, and
    blank lines may follow the last row.

    Words are UTF-8 without ASCII whitespace (a no-break space is allowed), and no word
    occurs twice; no number is NaN or infinite. In text, a word may contain single
    spaces if what follows them is no number. A row of more than 4 MiB is treated as
    damage. A compressed file is recognized by its first bytes, not by its name; to
    decompress xz may take 256 MiB.

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v.io import read_word2vec
    >>> vectors = read_word2vec(BytesIO(b"2 3\nking 1 2 0.5\nqueen 1 2 -0.5\n"))
    >>> vectors["queen"].tolist()
    [1.0, 2.0, -0.5]
    """
    selection = Selection(limit, words, errors)
    with open_source(file) as source:
        header = source.first_line()
        n_words, n_components = _parse_header(header, source)
        rows: Rows
        if binary:
            rows = BinaryRows(source, n_components, start=len(header))
        else:
            rows = TextRows(source, n_components, source.lines(2), selection.errors)
        table = collect(rows, selection, n_words)
    selection.errors.warn(source.name)
    return table


def write_word2vec(
    vectors: WordVectors | BaseEstimator,
    file: str | os.PathLike[str] | BinaryIO,
    *,
    binary: bool = False,
) -> None:
    """Write vectors in the word2vec format, with exactly the bytes that gensim writes.

    Parameters
    ----------
    vectors : WordVectors, fitted vectorizer or Pipeline
        A table is written in its order. With a vectorizer, alone or in a pipeline, the
        most frequent words come first, which other programs and `limit` rely on, even
        if `vocabulary` was given in another order.
    file : str, path-like, or binary file
        If a path ends in ".gz", the file is gzipped. The file appears only once it is
        complete; until then an existing file stays intact.
    binary : bool, default=False
        Write binary float32 numbers, 4 bytes each. In text, a number has as many digits
        as it takes to read the same float32 back, about 12 bytes with its space.

    Raises
    ------
    OSError
        The file can't be written.
    sklearn.exceptions.NotFittedError
        The vectorizer is not fitted.
    TypeError
        `vectors` has no word vectors.
    ValueError
        `vectors` is empty, or contains a word that the format can't represent: an empty
        word, or one with whitespace or NUL. Nothing is written.

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v import WordVectors
    >>> from skw2v.io import write_word2vec
    >>> file = BytesIO()
    >>> write_word2vec(WordVectors(["up", "down"], [[1, 0.1], [-1, 0.1]]), file)
    >>> print(file.getvalue().decode())
    2 2
    up 1.0 0.1
    down -1.0 0.1
    """
    table = table_of(vectors)
    n_words, n_components = table.vectors.shape
    format_vector = format_binary if binary else format_text
    write_rows(table, file, f"{n_words} {n_components}\n", format_vector)


def _parse_header(line: bytes, source: Source) -> tuple[int, int]:
    """Return the numbers of words and components."""
    header = HEADER.fullmatch(line)
    n_words, n_components = map(int, header.groups()) if header else (0, 0)
    if not n_words or not n_components:
        raise source.error(
            "line 1",
            "the header must be two positive integers, the numbers of words and "
            f"components, such as '400000 300'; got {shortened(line)}. Use read_glove "
            "for text without a header",
        )
    if n_components > MAX_COMPONENTS:
        raise source.error(
            "line 1", f"more than {MAX_COMPONENTS} components; got {n_components}"
        )
    return n_words, n_components
