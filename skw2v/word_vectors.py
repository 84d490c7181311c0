"""A table of words and their vectors."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._neighbours import NeighboursMixin
from ._persistence import SavedMixin
from .exceptions import UnknownWordError

if TYPE_CHECKING:
    import pandas as pd


class WordVectors(SavedMixin, NeighboursMixin):
    """Words and their vectors, and the questions one asks of them.

    A table never changes: `subset` and `normalized` make new ones. Two are equal if
    they hold the same words in the same order, and the same numbers.

    Parameters
    ----------
    words : iterable of str
        Without duplicates.
    vectors : array-like of shape (n_words, n_components)
        One row per word, copied as float32. A float32 array that is read-only, and no
        view of one that is not, stays where it is: a memory map, for example.

    Attributes
    ----------
    words : tuple of str
    vectors : ndarray of shape (n_words, n_components), float32
        Read-only.

    Raises
    ------
    TypeError
        A word is not a str.
    ValueError
        Words and rows don't match in number, a word occurs twice, or a vector is not
        finite.

    Examples
    --------
    >>> from skw2v import WordVectors
    >>> vectors = WordVectors(["up", "upward", "down"], [[1, 2], [1, 1.5], [-1, -2]])
    >>> vectors["upward"]
    array([1. , 1.5], dtype=float32)
    >>> vectors.most_similar("up", topn=1)
    [('upward', 0.992...)]
    """

    _row_of: dict[str, int]

    def __init__(self, words: Iterable[str], vectors: ArrayLike) -> None:
        names, matrix = _unique(as_words(words)), _as_matrix(vectors)
        if matrix.ndim != 2 or len(matrix) != len(names):
            raise ValueError(
                f"vectors must have one row for each of the {len(names)} words; got an "
                f"array of shape {matrix.shape}."
            )
        # Not by assignment, which the class refuses.
        self.__dict__.update(
            words=names,
            vectors=matrix,
            _row_of={word: row for row, word in enumerate(names)},
            _lengths=_vector_lengths(names, matrix),
        )

    @classmethod
    def from_dict(cls, vectors: Mapping[str, ArrayLike]) -> "WordVectors":
        """Make a table of a dict, or of another mapping.

        Parameters
        ----------
        vectors : mapping of str to array-like of shape (n_components,)

        Returns
        -------
        WordVectors
            With the words in the order of the mapping.

        Raises
        ------
        TypeError, ValueError
            As of the constructor; or two vectors differ in their shape.

        Examples
        --------
        >>> WordVectors.from_dict({"up": [1, 2], "down": [-1, -2]})
        WordVectors(2 words, 2 components)
        """
        shapes = {word: np.shape(vector) for word, vector in vectors.items()}
        for word, shape in shapes.items():
            first = next(iter(shapes))
            if shape != shapes[first]:
                raise ValueError(
                    f"the vectors must have one shape; that of {first!r} has "
                    f"{shapes[first]}, that of {word!r} {shape}."
                )
        rows: Any = list(vectors.values())
        return cls(list(vectors), rows)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._row_of

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __getitem__(self, words: str | Iterable[str]) -> NDArray[np.float32]:
        """Vector of a word, or the vectors of several as the rows of a matrix."""
        rows = self._row(words) if isinstance(words, str) else self._rows(words)
        return self.vectors[rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WordVectors):
            return NotImplemented
        same_words = self.words == other.words
        return same_words and np.array_equal(self.vectors, other.vectors)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name} can't be set: a table of word vectors is fixed.")

    def __copy__(self) -> "WordVectors":
        return self

    def __deepcopy__(self, memo: Any) -> "WordVectors":
        return self  # it never changes; so `clone` of an estimator doesn't copy it

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.words, self.vectors)

    def __repr__(self) -> str:
        n_words, n_components = self.vectors.shape
        return f"WordVectors({n_words} words, {n_components} components)"

    @property
    def n_components(self) -> int:
        """Length of the vectors."""
        return self.vectors.shape[1]

    def subset(self, words: Iterable[str]) -> "WordVectors":
        """A table of some of the words.

        Parameters
        ----------
        words : iterable of str
            Without duplicates; the new table has their order.

        Returns
        -------
        WordVectors

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            A word occurs twice.
        """
        rows = self._rows(words)
        return WordVectors([self.words[i] for i in rows], _fix(self.vectors[rows]))

    def normalized(self) -> "WordVectors":
        """A table of the same words with vectors of length 1.

        Returns
        -------
        WordVectors
            A vector of zeros stays as it is.
        """
        return WordVectors(self.words, _fix(self._unit(slice(None))))

    def to_frame(self) -> "pd.DataFrame":
        """A copy of the table for pandas.

        Returns
        -------
        DataFrame of shape (n_words, n_components), float32
            With the words as its index.

        Examples
        --------
        >>> WordVectors(["up", "down"], [[1, 2], [-1, -2]]).to_frame()
        component    0    1
        word
        up         1.0  2.0
        down      -1.0 -2.0
        """
        import pandas as pd  # only here, as it is slow to import

        return pd.DataFrame(
            self.vectors.copy(),
            index=pd.Index(self.words, name="word"),
            columns=pd.RangeIndex(self.vectors.shape[1], name="component"),
        )

    def _row(self, word):
        """Row of a word."""
        if not isinstance(word, str):
            raise TypeError(
                f"expected a word, of type str; got {word!r} of type "
                f"{type(word).__name__}."
            )
        if word not in self._row_of:
            raise UnknownWordError(word, self.words)
        return self._row_of[word]

    def _rows(self, words):
        """Rows of several words: ndarray of shape (n,), int64."""
        if isinstance(words, str) or not isinstance(words, Iterable):
            raise TypeError(f"expected a list of words; got {words!r}.")
        return np.array([self._row(word) for word in words], np.int64)


def as_words(words: Iterable[str]) -> tuple[str, ...]:
    """Several words as a tuple.

    Parameters
    ----------
    words : iterable of str

    Returns
    -------
    tuple of str

    Raises
    ------
    TypeError
        It is a single str, or holds something else.
    """
    if isinstance(words, str):
        raise TypeError(f"words must be a list of words; got the str {words!r}.")
    words = tuple(words)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(
                f"words must hold words, of type str; got {word!r} of type "
                f"{type(word).__name__}."
            )
    return words


def _unique(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        twice = Counter(words).most_common(1)[0][0]
        raise ValueError(f"words holds {twice!r} twice; each word needs one row.")
    return tuple(map(str, words))  # not NumPy's own str


def _as_matrix(vectors: ArrayLike) -> NDArray[np.float32]:
    """Numbers that nobody can change."""
    with np.errstate(over="ignore"):  # infinity is refused later
        matrix = np.asarray(vectors, dtype=np.float32)
    return matrix if _is_fixed(matrix) else _fix(matrix.copy())


def _is_fixed(array: Any) -> bool:
    """Whether an array, and what it is a view of, are read-only."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return False
        array = array.base
    return True


def _fix(matrix: NDArray) -> NDArray:
    matrix.flags.writeable = False
    return matrix


def _vector_lengths(words: tuple[str, ...], vectors: NDArray) -> NDArray[np.float32]:
    """Length of each vector; 1 for zeros, which dividing by it then leaves as they are.

    In float64, where no square overflows or vanishes.
    """
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    with np.errstate(over="ignore"):
        lengths = np.sqrt(squares).astype(np.float32)
    if not np.isfinite(lengths).all():
        word = words[np.argmin(np.isfinite(lengths))]
        raise ValueError(
            f"vectors holds NaN or infinity, or a vector too long for float32, in the "
            f"row of {word!r}."
        )
    lengths[lengths == 0] = 1
    return lengths
