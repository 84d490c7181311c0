"""Words that aren't as they should be: raise an error, repair them, or skip them."""

import warnings
from collections import Counter
from collections.abc import Sequence
from reprlib import repr as shortened

MODES = ("strict", "replace", "skip")

NOT_UTF8 = "not UTF-8"
EMPTY = "empty"
WITH_SEPARATORS = "with whitespace or NUL"
WITH_SPACES = "with spaces before numbers"
REPEATED = "repeated"
REPAIRABLE = (NOT_UTF8, WITH_SPACES)


class WordErrors:
    """Decides which words to keep that aren't as they should be, and counts them.

    Parameters
    ----------
    errors : {"strict", "replace", "skip"}, default="strict"
        See `skw2v.io.read_word2vec`.

    Attributes
    ----------
    is_strict : bool
        Whether such words raise an error.

    Raises
    ------
    ValueError
        `errors` is something else.
    """

    def __init__(self, errors: str = "strict") -> None:
        if errors not in MODES:
            raise ValueError(f"errors must be one of {MODES}; got {shortened(errors)}.")
        self.is_strict = errors == "strict"
        self._repairable = REPAIRABLE if errors == "replace" else ()
        self._skipped: Counter[str] = Counter()
        self._repaired: Counter[str] = Counter()

    def keeps(self, problems: Sequence[str]) -> bool:
        """Return whether a word with some of the problems above is kept."""
        fatal = [each for each in problems if each not in self._repairable]
        if fatal:
            self._skipped[fatal[0]] += 1
        else:
            self._repaired.update(problems)
        return not fatal

    def warn(self, name: str) -> None:
        """Say in one warning how many words of a file were skipped or repaired.

        Parameters
        ----------
        name : str
            Name of the file.
        """
        counts = {"skipped": self._skipped, "repaired": self._repaired}
        found = [f"{verb} {_listed(each)}" for verb, each in counts.items() if each]
        if found:
            warnings.warn(f"{name}: {' and '.join(found)}.", stacklevel=3)


def _listed(counts: Counter[str]) -> str:
    numbers = ", ".join(f"{n:,} {what}" for what, n in counts.items())
    return f"words ({numbers})"
