"""What counts as a list of words, and how two arrays hold one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

# Words may contain lone surrogates, which plain UTF-8 can't encode.
CODEC = "utf-8", "surrogatepass"


def as_words(words: Iterable[str], name: str = "words") -> tuple[str, ...]:
    """Return words as a tuple of Python's own str.

    Parameters
    ----------
    words : iterable of str
    name : str, default="words"
        What error messages call them.

    Returns
    -------
    tuple of str

    Raises
    ------
    TypeError
        `words` is a single str, or holds something other than str.
    """
    if isinstance(words, str):
        raise TypeError(
            f"{name} must be a list of words; got the str {shortened(words)}."
        )
    words = tuple(words)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(
                f"{name} must hold words, of type str; got {shortened(word)} of type "
                f"{type(word).__name__}."
            )
    return tuple(map(str, words))  # not NumPy's own str


def distinct_words(words: Iterable[str], name: str = "words") -> tuple[str, ...]:
    """Return words as a tuple, like `as_words`, in which no word occurs twice.

    Raises
    ------
    TypeError
        See `as_words`.
    ValueError
        A word occurs twice.
    """
    words = as_words(words, name)
    if len(set(words)) < len(words):
        twice = Counter(words).most_common(1)[0][0]
        raise ValueError(
            f"{name} holds {shortened(twice)} twice; each word needs one row."
        )
    return words


def pack_words(words: Sequence[str]) -> dict[str, NDArray]:
    """Encode words as two arrays.

    Parameters
    ----------
    words : sequence of str
        They may contain any characters.

    Returns
    -------
    dict
        "words": ndarray of shape (n_bytes,), uint8, the concatenated words in UTF-8.
        "word_offsets": ndarray of shape (n_words + 1,), int64; word ``i`` is
        ``words[word_offsets[i]:word_offsets[i + 1]]``.

    Raises
    ------
    TypeError
        A word is not a str.
    """
    try:
        text = "".join(words)
    except TypeError:
        as_words(words)  # raises an error that names the word
        raise
    data = np.frombuffer(text.encode(*CODEC), np.uint8)
    offsets = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, words), np.int64, len(words)), out=offsets[1:])
    if len(data) > len(text):  # the offsets count characters, some of several bytes
        starts = np.flatnonzero((data & 0xC0) != 0x80)  # the first byte of each
        offsets = np.append(starts, len(data))[offsets]
    return {"words": data, "word_offsets": offsets}


def unpack_words(arrays: Mapping[str, NDArray]) -> list[str]:
    """Decode words from arrays, which may be untrusted.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Contains the arrays that `pack_words` returns, of the same dtypes.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        The offsets don't split the bytes, or a word is not UTF-8 or occurs twice.
    """
    data, offsets = arrays["words"], arrays["word_offsets"]
    if (
        data.ndim != 1
        or offsets.ndim != 1
        or len(offsets) == 0
        or offsets[0] != 0
        or offsets[-1] != len(data)
        or (offsets[1:] < offsets[:-1]).any()
    ):
        raise ValueError("word_offsets don't split the bytes into words.")
    text = data.tobytes()
    words = (text[i:j].decode(*CODEC) for i, j in pairwise(offsets.tolist()))
    return list(distinct_words(words))
