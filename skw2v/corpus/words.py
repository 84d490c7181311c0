"""What counts as a list of words."""

from collections import Counter
from collections.abc import Iterable
from reprlib import repr as shortened


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
