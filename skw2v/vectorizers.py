"""The two estimators."""

from collections.abc import Iterable

from ._base import Word2VecVectorizer
from ._docstrings import documented


@documented
class CBOWVectorizer(Word2VecVectorizer):
    """Documents to averaged word vectors, learned by continuous bag of words.

    The average of the vectors in a window predicts the word at its centre [1]_. With
    ``u`` the output weights, ``h`` the average over the ``n`` words of the window,
    ``w`` the word at the centre and ``k`` noise words, each position adds to the
    loss::

        log(1 + exp(-h @ u[w])) + sum_k log(1 + exp(h @ u[k]))

    The gradient is the exact one, with the 1/n of the average [3]_, so that the
    learning rate is larger than that of programs that leave it out.

    {parameters}

    See Also
    --------
    SkipGramVectorizer : Predicts the window from its centre; better for rare words.

    {notes}
    .. [3] Irsoy, O., Benton, A., & Stratos, K. (2021). "Corrected CBOW
       Performs as well as Skip-gram".

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skw2v import CBOWVectorizer
    >>> X = ["I love 피자", "I like 피자", "we hate rain", "we loathe rain"]
    >>> vectorizer = CBOWVectorizer(
    ...     n_components=4, min_count=1, subsample=0, max_iter=50, random_state=0
    ... )
    >>> pipeline = make_pipeline(vectorizer, LogisticRegression())
    >>> pipeline.fit(X, [1, 1, 0, 0]).predict(["love 피자"])
    array([1])
    """

    _cbow = True
    _auto_learning_rate = 0.1

    def predict_center(
        self, X: Iterable, topn: int = 10
    ) -> list[tuple[str, float]] | list[list[tuple[str, float]]]:
        """Fill the blank between context words.

        Parameters
        ----------
        X : list of str, or iterable of lists of str
            The words around the blank, as they are in the vocabulary; or several
            examples of that. Unknown words are left out.
        topn : int, default=10
            How many words to give.

        Returns
        -------
        list of (str, float), or list of such lists
            The most probable words and their probabilities among all words of the
            vocabulary. With negative sampling these are estimates: its scores are
            ``log p(word | contexts) - log p_noise(word)`` up to a constant, and the
            probabilities are scaled to sum to 1.

        Raises
        ------
        NotFittedError
            `fit` has not been called.
        TypeError
            `X` is something else than lists of words.
        ValueError
            No word of an example is in the vocabulary.
        """
        return self._predict(X, "words", topn)


@documented
class SkipGramVectorizer(Word2VecVectorizer):
    """Documents to averaged word vectors, learned by skip-gram.

    The vector of the word at the centre of a window predicts each word around it [1]_
    [2]_. With ``v`` the vector of the centre, ``u`` the output weights, ``c`` a word of
    the window and ``k`` noise words, each pair adds to the loss::

        log(1 + exp(-v @ u[c])) + sum_k log(1 + exp(v @ u[k]))

    {parameters}

    See Also
    --------
    CBOWVectorizer : Predicts the centre from the window; faster.

    {notes}

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skw2v import SkipGramVectorizer
    >>> X = ["I love 피자", "I like 피자", "we hate rain", "we loathe rain"]
    >>> vectorizer = SkipGramVectorizer(
    ...     n_components=4, min_count=1, subsample=0, max_iter=50, random_state=0
    ... )
    >>> pipeline = make_pipeline(vectorizer, LogisticRegression())
    >>> pipeline.fit(X, [1, 1, 0, 0]).predict(["love 피자"])
    array([1])
    """

    _cbow = False
    _auto_learning_rate = 0.03

    def predict_context(
        self, X: str | Iterable[str], topn: int = 10
    ) -> list[tuple[str, float]] | list[list[tuple[str, float]]]:
        """Words that occur around a word.

        Parameters
        ----------
        X : str or iterable of str
            A word of the vocabulary, or several.
        topn : int, default=10
            How many words to give.

        Returns
        -------
        list of (str, float), or list of such lists
            The most probable words in a window around the word, and their probabilities
            among all words of the vocabulary. With negative sampling these are
            estimates: its scores are ``log p(context | word) - log p_noise(context)``
            up to a constant, and the probabilities are scaled to sum to 1.

        Raises
        ------
        NotFittedError
            `fit` has not been called.
        TypeError
            `X` is something else than words.
        ValueError
            A word is not in the vocabulary.
        """
        return self._predict(X, "word", topn)
