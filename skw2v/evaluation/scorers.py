"""Scorers with which scikit-learn can tune word vectors without labels."""

from collections.abc import Callable
from functools import partial
from reprlib import repr as shortened
from typing import Any

from scipy.stats import spearmanr
from sklearn.base import BaseEstimator

from ..word_vectors import WordVectors
from .analogies import METHODS, judge
from .files import (
    GivenJudgments,
    GivenQuestions,
    Judgments,
    Questions,
    name_of,
    read_judgments,
    read_questions,
)
from .lexicon import Lexicon
from .word_pairs import compare


class Scorer:
    """Scorer that scikit-learn can call, which ignores the documents.

    Parameters
    ----------
    name : str
        Representation of the scorer when it is printed.
    score : callable
        Function that maps a fitted vectorizer, or a pipeline with one, to a number.
    """

    def __init__(
        self, name: str, score: Callable[[WordVectors | BaseEstimator], float]
    ) -> None:
        self.name = name
        self.score = score

    def __call__(
        self, estimator: WordVectors | BaseEstimator, X: Any = None, y: Any = None
    ) -> float:
        """Score a fitted vectorizer, or a pipeline with one."""
        return float(self.score(estimator))

    def __repr__(self) -> str:
        return self.name


def analogy_scorer(
    file: GivenQuestions,
    *,
    method: str = "3CosAdd",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = True,
) -> Scorer:
    r"""Make a scorer that returns the share of analogies answered correctly.

    Parameters
    ----------
    file : str, path-like, file, DataFrame or iterable
        See `evaluate_analogies`. It is read once, when the scorer is made.
    method : {"3CosAdd", "3CosMul"}, default="3CosAdd"
    restrict_vocab : int or None, default=300_000
        See `evaluate_analogies`.
    case_insensitive : bool, default=True
        See `evaluate_analogies`.
    dummy4unknown : bool, default=True
        Count questions with an unknown word as answered incorrectly, so that all
        candidates are compared by the same questions. If such questions were left out,
        a candidate with a small vocabulary, due to a large `min_count`, would be asked
        only a few questions.

    Returns
    -------
    callable
        ``scorer(estimator, X, y=None)`` returns a float from 0 to 1 for a fitted
        vectorizer, or a Pipeline with one. It can be pickled. It raises a ValueError if
        every question contains an unknown word; a search then uses its `error_score`
        and warns.

    Raises
    ------
    OSError, TypeError, ValueError
        See `evaluate_analogies`; or `method` is unknown.

    Examples
    --------
    >>> from io import StringIO
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skw2v import CBOWVectorizer
    >>> file = StringIO(": drinks\ncoffee I music you")
    >>> search = GridSearchCV(
    ...     CBOWVectorizer(), {"window": [2, 5]}, scoring=analogy_scorer(file)
    ... )
    """
    if method not in METHODS:
        raise ValueError(
            f"method must be one of {list(METHODS)}; got {shortened(method)}."
        )
    score = partial(
        _accuracy,
        questions=read_questions(file),
        method=method,
        restrict_vocab=restrict_vocab,
        case_insensitive=case_insensitive,
        dummy4unknown=dummy4unknown,
    )
    return Scorer(f"analogy_scorer({name_of(file)!r}, method={method!r})", score)


def word_pairs_scorer(
    file: GivenJudgments,
    *,
    delimiter: str | None = "\t",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = True,
) -> Scorer:
    r"""Make a scorer that returns Spearman's correlation with human judgments.

    Parameters
    ----------
    file : str, path-like, file, DataFrame or iterable
        See `evaluate_word_pairs`. It is read once, when the scorer is made.
    delimiter : str or None, default="\t"
        See `evaluate_word_pairs`.
    restrict_vocab : int or None, default=300_000
        See `evaluate_word_pairs`.
    case_insensitive : bool, default=True
        See `evaluate_word_pairs`.
    dummy4unknown : bool, default=True
        Set the cosine of pairs with an unknown word to 0, so that all candidates are
        compared by the same pairs. If such pairs were left out, a candidate with a
        small vocabulary, due to a large `min_count`, would be judged by only a few
        pairs.

    Returns
    -------
    callable
        ``scorer(estimator, X, y=None)`` returns a float from -1 to 1 for a fitted
        vectorizer, or a Pipeline with one. It can be pickled. It raises a ValueError if
        fewer than two pairs are known; a search then uses its `error_score` and warns.

    Raises
    ------
    OSError, TypeError, ValueError
        See `evaluate_word_pairs`.

    Examples
    --------
    >>> from io import StringIO
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> file = StringIO("love like 9\nmusic movies 7\nlove movies 2\nI coffee 1")
    >>> scorer = word_pairs_scorer(file, delimiter=None)
    >>> vectorizer = SkipGramVectorizer(min_count=1, subsample=0, max_iter=2)
    >>> search = GridSearchCV(vectorizer, {"window": [1, 5]}, scoring=scorer)
    >>> list(search.fit(load_lecture()).best_params_)
    ['window']
    """
    score = partial(
        _spearman,
        judgments=read_judgments(file, delimiter),
        restrict_vocab=restrict_vocab,
        case_insensitive=case_insensitive,
        dummy4unknown=dummy4unknown,
    )
    return Scorer(f"word_pairs_scorer({name_of(file)!r})", score)


def _accuracy(
    estimator: WordVectors | BaseEstimator,
    questions: Questions,
    method: str,
    restrict_vocab: int | None,
    case_insensitive: bool,
    dummy4unknown: bool,
) -> float:
    lexicon = Lexicon(estimator, restrict_vocab, case_insensitive)
    judged = judge(lexicon, questions, [method], dummy4unknown)
    if judged["unknown"].all():
        raise ValueError(
            f"each of the {len(judged)} questions has a word that is not among the "
            f"{len(lexicon.words)} words of the table."
        )
    return judged[method].mean()


def _spearman(
    estimator: WordVectors | BaseEstimator,
    judgments: Judgments,
    restrict_vocab: int | None,
    case_insensitive: bool,
    dummy4unknown: bool,
) -> float:
    lexicon = Lexicon(estimator, restrict_vocab, case_insensitive)
    judged, cosines, known = compare(lexicon, judgments, dummy4unknown)
    if known.sum() < 2:
        raise ValueError(
            f"only {known.sum()} of the {len(known)} pairs have both words among the "
            f"{len(lexicon.words)} words of the table; at least 2 are needed."
        )
    return spearmanr(judged, cosines).statistic
