"""Tables of gensim: `KeyedVectors`."""

from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def words_and_vectors(keyed_vectors: Any) -> tuple[list[str], NDArray]:
    """Return the words of a table of gensim, and their vectors.

    Parameters
    ----------
    keyed_vectors : gensim.models.KeyedVectors

    Returns
    -------
    words : list of str
    vectors : ndarray of shape (n_words, n_components)

    Raises
    ------
    TypeError
        It is something else.
    """
    keys = getattr(keyed_vectors, "index_to_key", None)
    vectors = getattr(keyed_vectors, "vectors", None)
    if keys is None or vectors is None:
        raise TypeError(
            "expected KeyedVectors of gensim 4 or later, such as model.wv; got "
            f"{shortened(keyed_vectors)} of type {type(keyed_vectors).__name__}."
        )
    # gensim leaves keys None at the end where a file has repeated words.
    is_used = [key is not None for key in keys]
    return [key for key in keys if key is not None], vectors[: len(keys)][is_used]


def as_keyed_vectors(
    words: tuple[str, ...], vectors: NDArray[np.float32], counts: ArrayLike | None
) -> "KeyedVectors":
    """Make a table of gensim.

    Parameters
    ----------
    words : tuple of str
    vectors : ndarray of shape (n_words, n_components), float32
    counts : array-like of shape (n_words,), int, or None

    Returns
    -------
    gensim.models.KeyedVectors
        With a copy of the vectors.

    Raises
    ------
    ImportError
        gensim is not installed.
    ValueError
        There is not one count for each word.
    """
    from gensim.models import KeyedVectors  # imported here because it is slow

    keyed = KeyedVectors(vectors.shape[1])
    keyed.add_vectors(list(words), vectors)
    if counts is not None:
        numbers = np.array(counts, np.int64)
        if numbers.shape != (len(words),):
            raise ValueError(
                f"counts must hold one number for each of the {len(words)} words; got "
                f"an array of shape {numbers.shape}."
            )
        keyed.expandos["count"] = numbers
    return keyed
