"""Exceptions whose messages help to fix the error."""

from collections.abc import Sequence
from difflib import get_close_matches
from itertools import islice
from reprlib import repr as shortened

COMPARED = 5_000  # maximum number of words whose spelling is compared in full
LONGEST_WORD = 50  # maximum length in characters; comparing longer words takes seconds


class LowCoverageWarning(UserWarning):
    """Many tokens, or whole documents, have no word vector.

    Silence it with ``warnings.simplefilter("ignore", LowCoverageWarning)``; the method
    `coverage` of the vectorizers gives the share of each document.
    """


class UnknownWordError(KeyError):
    """Error for a word that a table of word vectors doesn't contain.

    The message suggests known words of similar spelling. It is composed only when it is
    read, so catching the error costs nothing.

    Parameters
    ----------
    word : str
    known : sequence of str
        Words of the table. Among equally similar words, the first ones are suggested.
    has_no_pieces : bool, default=False
        Whether the table composes other words, but has no pieces of this one.

    Examples
    --------
    >>> from skw2v import WordVectors
    >>> WordVectors(["queen", "king"], [[1, 2], [2, 1]])["qeen"]
    Traceback (most recent call last):
        ...
    skw2v.exceptions.UnknownWordError: 'qeen' is not among the 2 words; did you mean
    'queen'?
    """

    def __init__(
        self, word: str, known: Sequence[str], has_no_pieces: bool = False
    ) -> None:
        super().__init__(word)
        self._known, self._has_no_pieces = known, has_no_pieces

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (*self.args, self._known, self._has_no_pieces)

    def __str__(self) -> str:  # KeyError would return the repr of the word
        word = self.args[0]
        message = f"{shortened(word)} is not among the {len(self._known):,} words"
        if self._has_no_pieces:
            message += ", and has no pieces of which its vector could be composed"
        similar = similar_words(word, self._known)
        if not similar:
            return f"{message}."
        return f"{message}; did you mean {' or '.join(map(repr, similar))}?"


def similar_words(word: str, known: Sequence[str]) -> list[str]:
    """Return known words of similar spelling, ignoring case.

    `difflib` alone would take seconds for a million words. So only words are compared
    whose length and set of letters differ from those of `word` by at most two.

    Parameters
    ----------
    word : str
    known : sequence of str

    Returns
    -------
    list of str
        At most three words, the most similar first.
    """
    form = word.casefold()
    size, letters = len(form), set(form)
    if size > LONGEST_WORD:
        return []
    candidates = (
        other
        for other in known
        if abs(len(other) - size) < 3
        and len(letters.symmetric_difference(other.casefold())) < 3
    )
    forms: dict[str, str] = {}
    for other in islice(candidates, COMPARED):
        forms.setdefault(other.casefold(), other)
    return [forms[close] for close in get_close_matches(form, forms)]
