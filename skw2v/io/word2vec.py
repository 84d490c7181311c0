"""Files of word2vec: a header with the counts of words and components, then rows."""

import os
import re
from collections.abc import Iterable
from reprlib import repr as shortened
from typing import BinaryIO

from ..word_vectors import WordVectors
from .binary import BinaryRows, format_binary
from .rows import Rows
from .source import LONGEST_ROW, Source, open_source
from .table import Selection, collect
from .target import check_table, write_rows
from .text import TextRows, format_text

HEADER = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18})[ \r]*\n?")
MOST_COMPONENTS = LONGEST_ROW // 4


def read_word2vec(
    file: str | os.PathLike[str] | BinaryIO,
    *,
    binary: bool = False,
    limit: int | None = None,
    words: Iterable[str] | None = None,
) -> WordVectors:
    r"""Read vectors from a file of word2vec, or a .vec file of fastText.

    It may be text or binary, plain or gzip'd: what the original word2vec, gensim and
    fastText write.

    Parameters
    ----------
    file : str, path-like, or binary file
        A file that is given open is read from where it stands.
    binary : bool, default=False
        Whether the vectors are float32 numbers in binary instead of text.
    limit : int or None, default=None
        Read only so many rows from the beginning, as a rule those of the most frequent
        words. What comes after them is not checked.
    words : iterable of str, or None, default=None
        Keep only these words, as far as the file holds them. The values of the others
        are not looked at, and take no memory.

    Returns
    -------
    WordVectors
        In the order of the file.

    Raises
    ------
    OSError
        The file can't be opened or read.
    TypeError
        It is open for text, or `words` is a single str.
    ValueError
        It is no such file, or a damaged one; the message names the file, the line or
        byte, and what is wrong there. Or `limit` is not positive, or none of `words` is
        in the file.

    See Also
    --------
    read_glove : Files without a header.

    Notes
    -----
    A file begins with the numbers of words and of components. Each row holds a word, a
    space, and the components: float32 in binary, or decimal numbers with one space
    between them. A decimal number becomes the nearest float64, and that the nearest
    float32, as in gensim. Lines may end in spaces and a carriage return.

    Words are UTF-8, without ASCII whitespace (a no-break space is none), and no word
    comes twice; no number is NaN or infinite. A row of more than 4 MiB is taken for
    damage. Whether a file is gzip'd is seen from its first bytes, not from its name.

    Examples
    --------
    >>> from io import BytesIO
    >>> from skw2v.io import read_word2vec
    >>> vectors = read_word2vec(BytesIO(b"2 3\nking 1 2 0.5\nqueen 1 2 -0.5\n"))
    >>> vectors["queen"].tolist()
    [1.0, 2.0, -0.5]
    """
    selection = Selection(limit, words)
    with open_source(file) as source:
        header = source.first_line()
        n_words, n_components = _parse_header(header, source)
        rows: Rows
        if binary:
            rows = BinaryRows(source, n_components, start=len(header))
        else:
            rows = TextRows(source, n_components, source.lines(2))
        return collect(rows, selection, n_words)


def write_word2vec(
    vectors: WordVectors,
    file: str | os.PathLike[str] | BinaryIO,
    *,
    binary: bool = False,
) -> None:
    """Write vectors in the format of word2vec, byte by byte as gensim does.

    Parameters
    ----------
    vectors : WordVectors
    file : str, path-like, or binary file
        A path that ends in ".gz" is gzip'd. The file appears once it is complete; one
        that is there already stays whole until then.
    binary : bool, default=False
        Write float32 numbers in binary, 4 bytes each. In text a number has as many
        digits as it takes to read the same float32, about 12 bytes with its space.

    Raises
    ------
    OSError
        The file can't be written.
    TypeError
        `vectors` is no `WordVectors`.
    ValueError
        `vectors` is empty, or the format can't hold a word: an empty one, or one with
        whitespace or NUL. Nothing is written.

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
    check_table(vectors)
    n_words, n_components = vectors.vectors.shape
    format_vector = format_binary if binary else format_text
    write_rows(vectors, file, f"{n_words} {n_components}\n", format_vector)


def _parse_header(line: bytes, source: Source) -> tuple[int, int]:
    """The numbers of words and of components."""
    header = HEADER.fullmatch(line)
    n_words, n_components = map(int, header.groups()) if header else (0, 0)
    if not n_words or not n_components:
        raise source.error(
            "line 1",
            "the header must be two positive numbers, of words and of components, such "
            f"as '400000 300'; got {shortened(line)}. Text without a header is read by "
            "read_glove",
        )
    if n_components > MOST_COMPONENTS:
        raise source.error(
            "line 1", f"more than {MOST_COMPONENTS} components; got {n_components}"
        )
    return n_words, n_components
