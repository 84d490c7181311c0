"""A table of words and their vectors, and the questions one asks of it."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray


class WordVectors:
    """Words and their vectors.

    Parameters
    ----------
    words : list of str
        Without duplicates.
    vectors : array-like of shape (n_words, n_components)
        One row per word; kept as float32.

    Attributes
    ----------
    words : list of str
    vectors : ndarray of shape (n_words, n_components), float32
        Read-only.

    Raises
    ------
    ValueError
        Words and rows don't match in number, a word occurs twice, or a vector is not
        finite.

    Examples
    --------
    >>> from skw2v import WordVectors
    >>> vectors = WordVectors(["up", "upward", "down"], [[1, 2], [1, 1.5], [-1, -2]])
    >>> vectors.most_similar("up", topn=1)
    [('upward', 0.992...)]
    """

    def __init__(self, words: list[str], vectors: ArrayLike) -> None:
        self.words = list(words)
        self.vectors = np.asarray(vectors, dtype=np.float32).view()
        self.vectors.flags.writeable = False
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors must have one row for each of the {len(self.words)} words; "
                f"got an array of shape {self.vectors.shape}."
            )
        self._rows = {word: row for row, word in enumerate(self.words)}
        if len(self._rows) < len(self.words):
            raise ValueError("words holds a word twice; each needs one row.")
        if not np.isfinite(self.vectors).all():
            raise ValueError("vectors holds NaN or infinity.")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __getitem__(self, word: str) -> NDArray[np.float32]:
        return self.vectors[self._row(word)]

    def __repr__(self) -> str:
        n_words, n_components = self.vectors.shape
        return f"WordVectors({n_words} words, {n_components} components)"

    def similarity(self, first: str, second: str) -> float:
        """Cosine of the angle between the vectors of two words.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From -1 to 1; 0 if one of the vectors is zero.

        Raises
        ------
        KeyError
            A word is not in the table.
        """
        cosine = float(_unit(self[first]) @ _unit(self[second]))
        return min(1.0, max(-1.0, cosine))

    def most_similar(self, word: str, topn: int = 10) -> list[tuple[str, float]]:
        """The words whose vectors have the greatest cosine with that of `word`.

        Parameters
        ----------
        word : str
        topn : int, default=10

        Returns
        -------
        list of (str, float)
            Words and cosines, the nearest first; `word` itself is left out.

        Raises
        ------
        KeyError
            `word` is not in the table.
        ValueError
            `topn` is not positive.
        """
        if topn < 1:
            raise ValueError(f"topn must be 1 or more; got {topn}.")
        row = self._row(word)
        cosines = np.clip(_unit(self.vectors) @ _unit(self.vectors[row]), -1, 1)
        cosines[row] = -np.inf
        nearest = np.argsort(-cosines, kind="stable")[: min(topn, len(self) - 1)]
        return [(self.words[i], float(cosines[i])) for i in nearest]

    def _row(self, word: str) -> int:
        try:
            return self._rows[word]
        except KeyError:
            raise KeyError(f"{word!r} is not among the {len(self)} words") from None


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors of length 1; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    length[length == 0] = 1
    return vectors / length
