"""Which words are nearest to words, to vectors, and to sums of them."""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np

from ._similarity import SimilarityMixin, unit
from ._terms import Terms, as_list, as_vector, check_topn, weighted

BLOCK = 1 << 25  # cosines that are computed at a time: 128 MiB
ROUNDING = 1e-5  # well above the rounding errors of a cosine
EPSILON = 1e-6  # of Levy and Goldberg: nothing is divided by zero

Neighbours: TypeAlias = "list[tuple[str, float]]"


class NeighboursMixin(SimilarityMixin):
    """The questions to `WordVectors` about the words that are nearest to something.

    Their answers are lists of words and scores, by falling score, and by the order of
    the table where scores are equal.
    """

    def most_similar(
        self, positive: Terms = (), negative: Terms = (), topn: int = 10
    ) -> Neighbours:
        """Words with the greatest cosine to a sum of words [1]_.

        The sum is ``sum_i weight_i * v_i`` with ``v_i`` the vector of a word at length
        1, or a vector as it is given. A weight is 1 among the positive and -1 among the
        negative, unless a pair names its own.

        Parameters
        ----------
        positive, negative : str, ndarray of shape (n_components,) or list, default=()
            A word, a vector, or several; a pair ``(word, weight)`` has a weight of its
            own, which must not be above 0 among the negative.
        topn : int, default=10

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
            finite, or `topn` is below 1.

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
        query, given = self._query(positive, negative)
        return self._nearest(self.vectors @ query, query, given, topn)

    def analogy(self, a: str, b: str, c: str, topn: int = 10) -> Neighbours:
        """Answer "`a` is to `b` as `c` is to what?".

        The same as ``most_similar([b, c], [a], topn)``, known as 3CosAdd.

        Parameters
        ----------
        a, b, c : str
        topn : int, default=10

        Returns
        -------
        list of (str, float)
            As of `most_similar`.

        Raises
        ------
        UnknownWordError
            A word is not in the table.
        """
        return self.most_similar([b, c], [a], topn)

    def most_similar_cosmul(
        self, positive: Terms = (), negative: Terms = (), topn: int = 10
    ) -> Neighbours:
        """Words with the greatest product of cosines, known as 3CosMul [1]_.

        With each cosine ``c`` moved to ``(1 + c) / 2``, the score is the product over
        the positive, divided by the product over the negative plus 1e-6. No single
        large cosine outweighs the others, as it does in the sum of `most_similar`.

        Parameters
        ----------
        positive, negative : str, ndarray of shape (n_components,) or list, default=()
            As of `most_similar`, without weights.
        topn : int, default=10

        Returns
        -------
        list of (str, float)
            Words and scores, the greatest first; the given words are left out.

        Raises
        ------
        UnknownWordError, ValueError
            As of `most_similar`; or nothing is positive.

        References
        ----------
        .. [1] Levy, O., & Goldberg, Y. (2014). "Linguistic Regularities in Sparse and
           Explicit Word Representations".
        """
        raised, lowered = list(self._terms(positive)), list(self._terms(negative))
        if not raised:
            raise ValueError("give at least one positive word or vector.")
        product, divisor = (
            np.prod([(1 + self._cosines(unit(v))) / 2 for v, _ in terms], axis=0)
            for terms in (raised, lowered)
        )
        given = [row for _, row in [*raised, *lowered] if row is not None]
        scores = product / (divisor + np.float32(EPSILON))
        rows = _candidates(scores, given, topn)
        return self._ranked(rows, scores[rows], topn)

    def nearest(self, queries: Iterable[Terms], topn: int = 10) -> list[Neighbours]:
        """Answer many questions, in matrix products instead of one by one.

        Parameters
        ----------
        queries : iterable of str, of lists, or array of shape (n_queries, n_components)
            Each what `most_similar` takes as its `positive`: a word, a vector, or a
            list of them.
        topn : int, default=10

        Returns
        -------
        list of lists of (str, float)
            For each query what `most_similar` gives.

        Raises
        ------
        UnknownWordError, ValueError
            As of `most_similar`.

        Examples
        --------
        >>> from skw2v import WordVectors
        >>> vectors = WordVectors(["up", "upward", "down"], [[0, 2], [1, 3], [1, -9]])
        >>> for neighbours in vectors.nearest(["up", [("down", -1)]], topn=1):
        ...     print(neighbours)
        [('upward', 0.948...)]
        [('up', 0.993...)]
        """
        if isinstance(queries, str):
            raise TypeError(f"expected a list of queries; got the str {queries!r}.")
        asked = [self._query(query) for query in queries]
        answers = []
        size = BLOCK // (len(self.words) + 1) + 1
        for start in range(0, len(asked), size):
            block = asked[start : start + size]
            products = np.array([query for query, _ in block]) @ self.vectors.T
            for of_query, (query, given) in zip(products, block, strict=True):
                answers.append(self._nearest(of_query, query, given, topn))
        return answers

    def _nearest(self, products, query, given, topn):
        """Nearest words of a query, from its products with all vectors by BLAS.

        These find the candidates. The cosines of those few are computed anew: BLAS
        rounds a product by the place of its row, and by the number of queries.
        """
        products /= self._lengths
        rows = _candidates(products, given, topn, ROUNDING)
        return self._ranked(rows, self._cosines(query, rows), topn)

    def _query(self, positive, negative=()):
        """Sum of all terms at length 1, float32, and the rows of the given words."""
        pairs = [*weighted(positive, 1.0), *weighted(negative, -1.0)]
        if not pairs:
            raise ValueError("give at least one word or vector.")
        vectors, rows = zip(*self._terms([term for term, _ in pairs]), strict=True)
        weights = np.array([weight for _, weight in pairs])
        query = unit(weights @ np.array(vectors, np.float64))
        return query, [row for row in rows if row is not None]

    def _terms(self, terms):
        """Yield vector and row of each term; a given vector has no row."""
        for term in as_list(terms):
            if isinstance(term, str):
                row = self._row(term)
                yield self._unit(row), row
            else:
                yield as_vector(term, self.vectors.shape[1]), None

    def _ranked(self, rows, scores, topn):
        """Words of the rows and their scores, the greatest first."""
        order = np.argsort(-scores, kind="stable")[:topn]
        return [(self.words[rows[i]], float(scores[i])) for i in order]


def _candidates(scores, left_out, topn, margin=0):
    """Rows whose scores are among the `topn` largest, or less by the margin."""
    check_topn(topn)
    scores[left_out] = -np.inf
    least = np.finfo(scores.dtype).min  # above those
    if topn < len(scores):
        least = max(least, np.partition(scores, -topn)[-topn] - margin)
    return np.flatnonzero(scores >= least)
