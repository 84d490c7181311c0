"""Scorers for scikit-learn, which tune word vectors without labels."""

from collections.abc import Callable
from functools import partial
from os import PathLike
from typing import IO, Any

from scipy.stats import spearmanr

from .analogies import METHODS, judge
from .files import name_of, read_judgements, read_questions
from .lexicon import Lexicon
from .word_pairs import compare


class Scorer:
    """A scorer as scikit-learn calls it, which doesn't look at the documents.

    Parameters
    ----------
    name : str
        What it is printed as.
    score : callable
        From a fitted vectorizer, or a pipeline with one, to a number.
    """

    def __init__(self, name: str, score: Callable[[Any], float]) -> None:
        self.name = name
        self.score = score

    def __call__(self, estimator: Any, X: Any = None, y: Any = None) -> float:
        """Score a fitted vectorizer, or a pipeline with one."""
        return float(self.score(estimator))

    def __repr__(self) -> str:
        return self.name


def analogy_scorer(
    file: str | PathLike[str] | IO,
    *,
    method: str = "3CosAdd",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = True,
) -> Scorer:
    r"""Make a scorer of the share of analogies that are answered right.

    Parameters
    ----------
    file : str, path-like or file
        As of `evaluate_analogies`; it is read once, and here.
    method : {"3CosAdd", "3CosMul"}, default="3CosAdd"
    restrict_vocab : int or None, default=300_000
        As of `evaluate_analogies`.
    case_insensitive : bool, default=True
        As of `evaluate_analogies`.
    dummy4unknown : bool, default=True
        Count questions with an unknown word as answered wrong, so that candidates are
        compared by the same questions. If they are left out, a candidate that knows few
        words, by a large `min_count`, is asked few questions.

    Returns
    -------
    callable
        ``scorer(estimator, X, y=None)`` gives a float from 0 to 1 for a fitted
        vectorizer, or a Pipeline with one. It can be pickled, and raises a ValueError
        if no question has known words only: a search then takes its `error_score`, and
        warns.

    Raises
    ------
    OSError, ValueError
        As of `evaluate_analogies`; or `method` is unknown.

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
        raise ValueError(f"method must be one of {list(METHODS)}; got {method!r}.")
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
    file: str | PathLike[str] | IO,
    *,
    delimiter: str | None = "\t",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = True,
) -> Scorer:
    r"""Make a scorer of Spearman's correlation with the judgements of people.

    Parameters
    ----------
    file : str, path-like or file
        As of `evaluate_word_pairs`; it is read once, and here.
    delimiter : str or None, default="\t"
        As of `evaluate_word_pairs`.
    restrict_vocab : int or None, default=300_000
        As of `evaluate_word_pairs`.
    case_insensitive : bool, default=True
        As of `evaluate_word_pairs`.
    dummy4unknown : bool, default=True
        Give pairs with an unknown word the cosine 0, so that candidates are compared by
        the same pairs. If they are left out, a candidate that knows few words, by a
        large `min_count`, is judged by few pairs.

    Returns
    -------
    callable
        ``scorer(estimator, X, y=None)`` gives a float from -1 to 1 for a fitted
        vectorizer, or a Pipeline with one. It can be pickled, and raises a ValueError
        if fewer than two pairs are known: a search then takes its `error_score`, and
        warns.

    Raises
    ------
    OSError, ValueError
        As of `evaluate_word_pairs`.

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
        judgements=read_judgements(file, delimiter),
        restrict_vocab=restrict_vocab,
        case_insensitive=case_insensitive,
        dummy4unknown=dummy4unknown,
    )
    return Scorer(f"word_pairs_scorer({name_of(file)!r})", score)


def _accuracy(
    estimator, questions, method, restrict_vocab, case_insensitive, dummy4unknown
):
    lexicon = Lexicon(estimator, restrict_vocab, case_insensitive)
    judged = judge(lexicon, questions, [method], dummy4unknown)
    if judged["unknown"].all():
        raise ValueError(
            f"each of the {len(judged)} questions has a word that is not among the "
            f"{len(lexicon.words)} of the table."
        )
    return judged[method].mean()


def _spearman(estimator, judgements, restrict_vocab, case_insensitive, dummy4unknown):
    lexicon = Lexicon(estimator, restrict_vocab, case_insensitive)
    judged, cosines, known = compare(lexicon, judgements, dummy4unknown)
    if known.sum() < 2:
        raise ValueError(
            f"only {known.sum()} of the {len(known)} pairs have both words among the "
            f"{len(lexicon.words)} of the table; at least 2 are needed."
        )
    return spearmanr(judged, cosines)[0]
