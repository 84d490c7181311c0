"""Words as two arrays: their bytes, and the offset at which each begins."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import as_words, distinct_words

# Words may contain lone surrogates, which plain UTF-8 can't encode.
CODEC = "utf-8", "surrogatepass"


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
    encoded = [word.encode(*CODEC) for word in as_words(words)]
    offsets = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in encoded], out=offsets[1:])
    data = np.frombuffer(b"".join(encoded), np.uint8)
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
