"""A table of words and their vectors."""

from collections.abc import Iterable, Iterator, Mapping
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..corpus import UNKNOWN
from ..corpus.words import distinct_words, pack_words, unpack_words
from .arguments import (
    as_matrix,
    as_rows,
    as_word,
    as_words,
    check_finite,
    freeze,
    shares_of,
    some_words,
)
from .components import check_n_components, common_components, without_components
from .cosines import (
    cosine,
    cosine_matrix,
    cosines,
    lengths_of,
    products,
    unit,
    unit_rows,
)
from .keyed_vectors import as_keyed_vectors, words_and_vectors
from .pieces import PieceVectors, composed
from .queries import Query, Terms, as_queries, as_vector, queries_of, query_of
from .ranking import Neighbors, Ranking

if TYPE_CHECKING:
    import pandas as pd
    from gensim.models import KeyedVectors

SHOWN = 4  # maximum number of words in the representation of a table


class WordVectors:
    """Words and their vectors, and the questions one asks of them.

    A table never changes: `subset` and `normalized` make new ones. Two are equal if
    they hold the same words in the same order, and the same numbers.

    Similarity is the cosine of the angle between two vectors, from -1 to 1, and 0 if
    one of them is zero. Lists of neighbors are sorted by falling score, and in the
    order of the table where scores are equal.

    Parameters
    ----------
    words : iterable of str
        Without duplicates.
    vectors : array-like of shape (n_words, n_components)
        One row per word, copied as float32. A float32 array that is read-only, and no
        view of one that is not, stays where it is: a memory map, for example.
    pieces : PieceVectors or None, default=None
        Composes the vectors of words that are not in the table, if they have pieces.
        Vectorizers with `subwords` and the readers of `skw2v.io` make one. Such words
        are ``in`` the table, and can be asked for wherever a word is given, but they
        are never among the answers.

    Attributes
    ----------
    words : tuple of str
    vectors : ndarray of shape (n_words, n_components), float32
        Read-only.
    lengths : ndarray of shape (n_words,), float32
        Euclidean length of each vector, but 1 for a vector of zeros.
    pieces : PieceVectors or None

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

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    lengths: NDArray[np.float32]
    pieces: PieceVectors | None
    _row_of: dict[str, int]

    def __init__(
        self,
        words: Iterable[str],
        vectors: ArrayLike,
        pieces: PieceVectors | None = None,
    ) -> None:
        words, matrix = distinct_words(words), as_matrix(vectors)
        if matrix.ndim != 2 or len(matrix) != len(words):
            raise ValueError(
                f"vectors must have one row for each of the {len(words)} words; got an "
                f"array of shape {matrix.shape}."
            )
        lengths = lengths_of(matrix)
        check_finite(lengths, words)
        # Not by assignment, which the class refuses.
        self.__dict__.update(
            words=words,
            vectors=matrix,
            lengths=lengths,
            pieces=pieces,
            _row_of={word: row for row, word in enumerate(words)},
        )

    @classmethod
    def from_dict(cls, vectors: Mapping[str, ArrayLike]) -> "WordVectors":
        """Make a table from a dict or another mapping.

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
            See the constructor; or two vectors differ in their shape.

        Examples
        --------
        >>> WordVectors.from_dict({"up": [1, 2], "down": [-1, -2]})
        WordVectors(2 words, 2 components: 'up', 'down')
        """
        return cls(list(vectors), as_rows(vectors))

    @classmethod
    def from_gensim(cls, keyed_vectors: Any) -> "WordVectors":
        """Make a table from one of gensim.

        Parameters
        ----------
        keyed_vectors : gensim.models.KeyedVectors
            Such as ``model.wv`` of a model. Of `FastTextKeyedVectors`, the table has
            the known words, and composes no others: write the model with
            ``save_facebook_model``, and read it with `skw2v.io.read_fasttext`.

        Returns
        -------
        WordVectors
            A copy as float32, in the same order, which is usually that of falling
            counts. The counts themselves are ``keyed_vectors.expandos["count"]``.

        Raises
        ------
        TypeError
            `keyed_vectors` is something else, or a key is not a str.

        See Also
        --------
        to_gensim : Make a table of gensim.

        Examples
        --------
        >>> WordVectors.from_gensim(model.wv)  # doctest: +SKIP
        WordVectors(6 words, 100 components: 'tea', 'love', 'i', 'pizza', ...)
        """
        return cls(*words_and_vectors(keyed_vectors))

    # The table

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        if word in self._row_of or self.pieces is None or not isinstance(word, str):
            return word in self._row_of
        _, has_pieces = self.pieces.compose([word])
        return bool(has_pieces[0])

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __getitem__(self, words: str | Iterable[str]) -> NDArray[np.float32]:
        """Return the vector of a word, or those of several as rows of a matrix."""
        find: Any = self._vector if isinstance(words, str) else self._find
        return find(words)[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WordVectors):
            return NotImplemented
        same_words = self.words == other.words and self.pieces == other.pieces
        return same_words and np.array_equal(self.vectors, other.vectors)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name} can't be set: a table of word vectors is fixed.")

    def __copy__(self) -> "WordVectors":
        return self

    def __deepcopy__(self, memo: Any) -> "WordVectors":
        return self  # it never changes, so `clone` of an estimator needn't copy it

    def __reduce__(self) -> tuple[Any, ...]:
        # Two arrays are hashed and stored much faster than as many objects as words.
        packed = type(self), pack_words(self.words), self.vectors
        return _restored, packed if self.pieces is None else (*packed, self.pieces)

    def __repr__(self) -> str:
        n_words, n_components = self.vectors.shape
        first = [shortened(word) for word in self.words[:SHOWN]]
        listed = ", ".join([*first, *(["..."] if n_words > SHOWN else [])])
        others = "" if self.pieces is None else " and composed ones"
        size = f"{n_words} words{others}, {n_components} components"
        return f"WordVectors({size}: {listed})" if first else f"WordVectors({size})"

    @property
    def n_components(self) -> int:
        """Return the number of components of each vector."""
        return self.vectors.shape[1]

    def subset(self, words: Iterable[str]) -> "WordVectors":
        """Return a table of some of the words.

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
        words = as_words(words)
        vectors, _ = self._find(words)
        return WordVectors(words, freeze(vectors), self.pieces)

    def normalized(self) -> "WordVectors":
        """Return a table of the same words with vectors of length 1.

        Returns
        -------
        WordVectors
            A vector of zeros stays as it is. Other words are not composed.
        """
        units = unit_rows(self.vectors, self.lengths, slice(None))
        return WordVectors(self.words, freeze(units))

    def without_common_components(self, n_components: int = 1) -> "WordVectors":
        """Return the vectors without their mean and leading principal components.

        What all vectors have in common says nothing about a word [1]_.

        Parameters
        ----------
        n_components : int, default=1
            Number of components to remove besides the mean. The source advises about a
            hundredth of the length of the vectors.

        Returns
        -------
        WordVectors
            The same words. Others are not composed.

        Raises
        ------
        TypeError, ValueError
            `n_components` isn't an integer from 0 to the length of the vectors.

        References
        ----------
        .. [1] Mu, J., & Viswanath, P. (2018). "All-but-the-Top: Simple and Effective
           Postprocessing for Word Representations".
           https://arxiv.org/abs/1702.01417

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(list("abcd"), [[9, 1], [5, -1], [1, 1], [5, 3]])
        >>> vectors.without_common_components()["d"].round(5) + 0.0
        array([0., 2.], dtype=float32)
        """
        n_components = check_n_components(n_components, self.n_components)
        found = common_components(self.vectors, n_components)
        return WordVectors(self.words, without_components(self.vectors, *found))

    def to_frame(self) -> "pd.DataFrame":
        """Return a copy of the table for pandas.

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
        import pandas as pd  # imported here because it is slow

        return pd.DataFrame(
            self.vectors.copy(),
            index=pd.Index(self.words, name="word"),
            columns=pd.RangeIndex(self.vectors.shape[1], name="component"),
        )

    def to_gensim(self, counts: ArrayLike | None = None) -> "KeyedVectors":
        """Return a copy of the table for gensim, which must be installed.

        Parameters
        ----------
        counts : array-like of shape (n_words,), int, or None, default=None
            How often each word occurs, such as `word_counts_` of the vectorizer that
            has learned the table. They become the attribute "count" of the words.

        Returns
        -------
        gensim.models.KeyedVectors
            Other words are not composed.

        Raises
        ------
        ImportError
            gensim is not installed.
        ValueError
            There is not one count for each word.

        See Also
        --------
        from_gensim : Make a table from one of gensim.

        Examples
        --------
        >>> vectors = vectorizer.word_vectors()  # doctest: +SKIP
        >>> vectors.to_gensim(vectorizer.word_counts_)  # doctest: +SKIP
        <gensim.models.keyedvectors.KeyedVectors object at 0x7f3c5d0>
        """
        return as_keyed_vectors(self.words, self.vectors, counts)

    # Similarities of given words

    def similarity(self, first: str, second: str) -> float:
        """Return the cosine of the angle between the vectors of two words.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From -1 to 1; 0 if one of the vectors is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return cosine(self._unit(first), self._unit(second))

    def distance(self, first: str, second: str) -> float:
        """Return the cosine distance of two words, 1 - `similarity`.

        Parameters
        ----------
        first, second : str

        Returns
        -------
        float
            From 0 to 2.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return 1 - self.similarity(first, second)

    def similarities(
        self, words: Iterable[str], others: Iterable[str] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosines of all pairs of two lists of words.

        They are computed in one matrix product.

        Parameters
        ----------
        words : iterable of str
        others : iterable of str or None, default=None
            None means all words of the table.

        Returns
        -------
        ndarray of shape (n_words, n_others), float32
            From -1 to 1; 0 where a vector is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(["up", "left", "down"], [[0, 1], [-1, 0], [0, -2]])
        >>> vectors.similarities(["up"], ["left", "down"])
        array([[ 0., -1.]], dtype=float32)
        """
        units = self._units(words)
        found = (self.vectors, self.lengths) if others is None else self._find(others)
        return cosine_matrix(units, *found)

    def mean_vector(
        self, words: Iterable[str], weights: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Return the mean of the vectors of words, each at length 1.

        It is ``sum_i weight_i * v_i / sum_i |weight_i|`` with ``v_i`` the vector of a
        word at length 1, so that no word counts more because its vector is longer; its
        nearest words are those of `most_similar`. The mean of the vectors as they are,
        which `transform` of a vectorizer gives to a document, is
        ``vectors[words].mean(axis=0)``.

        Parameters
        ----------
        words : iterable of str
            At least one word; each counts as often as it occurs.
        weights : array-like of shape (n_words,) or None, default=None
            A negative weight subtracts a word. None weights all alike.

        Returns
        -------
        ndarray of shape (n_components,), float32

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            There is no word, or `weights` are not as many finite numbers, or all 0.

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(["up", "left"], [[0, 2], [-1, 0]])
        >>> vectors.mean_vector(["up", "left"], weights=[3, 1])
        array([-0.25,  0.75], dtype=float32)
        """
        words = some_words(words)
        return shares_of(weights, len(words)) @ self._units(words)

    def n_similarity(self, words: Iterable[str], others: Iterable[str]) -> float:
        """Return the cosine of the angle between the means of two lists of words.

        Parameters
        ----------
        words, others : iterable of str
            At least one word each.

        Returns
        -------
        float
            From -1 to 1; 0 if one of the means is zero.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            A list is empty.
        """
        first, second = (
            unit(self[some_words(each)].mean(axis=0, dtype=np.float64))
            for each in (words, others)
        )
        return cosine(first, second)

    def doesnt_match(self, words: Iterable[str]) -> str:
        """Return the word that is least similar to the others.

        Its vector has the lowest cosine with the mean of all, each at length 1.

        Parameters
        ----------
        words : iterable of str

        Returns
        -------
        str

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            The list is empty.
        """
        words = some_words(words)
        vectors = self._units(words)
        return words[np.argmin(products(vectors, vectors.mean(axis=0)))]

    def closer_than(self, word: str, other: str) -> list[str]:
        """Return the words that are more similar to `word` than `other` is.

        Parameters
        ----------
        word, other : str

        Returns
        -------
        list of str
            In the order of the table, without `word`.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        query = self._unit(word)
        similarities = cosines(self.vectors, self.lengths, query)
        (limit,) = cosines(*self._find([other]), query)
        closer = similarities > limit
        if word in self._row_of:
            closer[self._row_of[word]] = False
        return [self.words[i] for i in np.flatnonzero(closer)]

    def rank(self, word: str, other: str) -> int:
        """Return the rank of `other` among the words by falling similarity to `word`.

        Parameters
        ----------
        word, other : str

        Returns
        -------
        int
            1 if no word is more similar.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return len(self.closer_than(word, other)) + 1

    # Nearest words

    def most_similar(
        self,
        positive: Terms = (),
        negative: Terms = (),
        topn: int | None = 10,
        *,
        restrict_vocab: int | None = None,
    ) -> Neighbors:
        """Return the words with the highest cosine to a sum of words [1]_.

        The sum is ``sum_i weight_i * v_i`` with ``v_i`` the vector of a word at length
        1, or a vector as it is given. A weight is 1 among the positive and -1 among the
        negative, unless a pair gives its own.

        Parameters
        ----------
        positive, negative : str, ndarray of shape (n_components,) or list, default=()
            A word, a vector, or several; a pair ``(word, weight)`` has a weight of its
            own, which must not be above 0 among the negative.
        topn : int or None, default=10
            Maximum number of words; None means all.
        restrict_vocab : int or None, default=None
            Only this many words from the beginning of the table can be answers. These
            are the most frequent words in a table that is sorted by frequency, as are
            those of `fit` and of most files; see Notes. None means all words.

        Returns
        -------
        list of (str, float)
            Words and cosines, the nearest first; the given words are left out.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        ValueError
            There is neither word nor vector, a vector has the wrong shape or is not
            finite, or `topn` or `restrict_vocab` is below 1.

        Notes
        -----
        After `partial_fit`, or with a given `vocabulary`, the words of a vectorizer
        aren't sorted by frequency. A `subset` of sorted words is.

        References
        ----------
        .. [1] Mikolov, T., Yih, W., & Zweig, G. (2013). "Linguistic Regularities in
           Continuous Space Word Representations".

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors.from_dict(
        ...     {"man": [1, 0], "king": [1, 2], "woman": [0, 1], "queen": [0.1, 3]}
        ... )
        >>> vectors.most_similar(["king", "woman"], ["man"], topn=1)
        [('queen', 0.95...)]
        """
        ranking = Ranking.of(self, topn, restrict_vocab)
        (answers,) = ranking.nearest([query_of(self._term, positive, negative)])
        return answers

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        topn: int | None = 10,
        *,
        restrict_vocab: int | None = None,
    ) -> Neighbors:
        """Answer "`a` is to `b` as `c` is to what?".

        The same as ``most_similar([b, c], [a])``, known as 3CosAdd.

        Parameters
        ----------
        a, b, c : str
        topn, restrict_vocab : int or None
            See `most_similar`.

        Returns
        -------
        list of (str, float)
            See `most_similar`.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return self.most_similar([b, c], [a], topn, restrict_vocab=restrict_vocab)

    def most_similar_cosmul(
        self,
        positive: Terms = (),
        negative: Terms = (),
        topn: int | None = 10,
        *,
        restrict_vocab: int | None = None,
    ) -> Neighbors:
        """Return the words with the highest product of cosines, known as 3CosMul [1]_.

        With each cosine ``c`` moved to ``(1 + c) / 2``, the score is the product over
        the positive, divided by the product over the negative plus 1e-6. No single
        large cosine outweighs the others, as it does in the sum of `most_similar`.

        Parameters
        ----------
        positive, negative : str, ndarray of shape (n_components,) or list, default=()
            As in `most_similar`, without weights.
        topn, restrict_vocab : int or None
            See `most_similar`.

        Returns
        -------
        list of (str, float)
            Words and scores, the highest first; the given words are left out.

        Raises
        ------
        UnknownWordError, ValueError
            See `most_similar`; or nothing is positive.

        References
        ----------
        .. [1] Levy, O., & Goldberg, Y. (2014). "Linguistic Regularities in Sparse and
           Explicit Word Representations".
           https://aclanthology.org/W14-1618
        """
        ranking = Ranking.of(self, topn, restrict_vocab)
        raised = queries_of(self._term, positive)
        return ranking.highest_products(raised, queries_of(self._term, negative))

    def nearest(
        self,
        queries: Iterable[Terms],
        topn: int | None = 10,
        *,
        restrict_vocab: int | None = None,
    ) -> list[Neighbors]:
        """Answer many questions, in matrix products instead of one by one.

        Parameters
        ----------
        queries : iterable of str, of lists, or array of shape (n_queries, n_components)
            Each is what `most_similar` takes as its `positive`: a word, a vector, or a
            list of them.
        topn, restrict_vocab : int or None
            See `most_similar`.

        Returns
        -------
        list of lists of (str, float)
            For each query what `most_similar` returns.

        Raises
        ------
        UnknownWordError, ValueError
            See `most_similar`.

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(["up", "upward", "down"], [[0, 2], [1, 3], [1, -9]])
        >>> for neighbors in vectors.nearest(["up", [("down", -1)]], topn=1):
        ...     print(neighbors)
        [('upward', 0.948...)]
        [('up', 0.993...)]
        """
        ranking = Ranking.of(self, topn, restrict_vocab)
        asked = [query_of(self._term, query) for query in as_queries(queries)]
        return ranking.nearest(asked)

    def _term(self, term: Any) -> Query:
        """Return the vector of a word at length 1, or a vector as it is given."""
        if not isinstance(term, str):
            return Query(as_vector(term, self.n_components), [])
        row = self._row_of.get(term)
        return Query(self._unit(term), [] if row is None else [row])

    # Vectors of words

    def _unit(self, word: str) -> NDArray[np.float32]:
        """Return the vector of a word at length 1; zeros stay zeros."""
        vector, length = self._vector(word)
        return vector / length

    def _units(self, words: Iterable[str]) -> NDArray[np.float32]:
        """Return the vectors of several words at length 1; zeros stay zeros."""
        vectors, lengths = self._find(words)
        return unit_rows(vectors, lengths, slice(None))

    def _vector(self, word: str) -> tuple[NDArray[np.float32], np.float32]:
        """Return the vector of a word, and its length."""
        if (row := self._row_of.get(as_word(word))) is not None:
            return self.vectors[row], self.lengths[row]
        (vector,), (length,) = composed(self.pieces, [word], self.words)
        return vector, length

    def _find(
        self, words: Iterable[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the vectors of several words, and their lengths."""
        words = as_words(words)
        rows = np.array([self._row_of.get(word, UNKNOWN) for word in words], np.int64)
        found = rows != UNKNOWN
        if found.all():
            return self.vectors[rows], self.lengths[rows]
        vectors = np.empty((len(rows), self.n_components), np.float32)
        lengths = np.empty(len(rows), np.float32)
        vectors[found] = self.vectors[rows[found]]
        lengths[found] = self.lengths[rows[found]]
        others = [words[i] for i in np.flatnonzero(~found)]
        vectors[~found], lengths[~found] = composed(self.pieces, others, self.words)
        return vectors, lengths


def _restored(
    cls: type[WordVectors],
    words: Mapping[str, NDArray],
    vectors: NDArray,
    pieces: PieceVectors | None = None,
) -> WordVectors:
    """Return a table that was pickled; its words are as `pack_words` returns them."""
    return cls(unpack_words(words), vectors, pieces)
