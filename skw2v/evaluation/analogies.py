"""Analogies: a is to b as c is to what?"""

from itertools import pairwise
from os import PathLike
from typing import IO, Any

import numpy as np
import pandas as pd

from ..corpus import UNKNOWN
from ..word_vectors.ranking import EPSILON
from .files import read_questions
from .lexicon import Lexicon

TINY = np.float32(1e-30)  # has a logarithm, and is lost in any sum
BLOCK = 1 << 22  # cosines that are computed at a time: 16 MiB


def evaluate_analogies(
    vectors: Any,
    file: str | PathLike[str] | IO,
    *,
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> pd.DataFrame:
    r"""Answer questions "a is to b as c is to what?", and count the right answers.

    The answer is the word with the greatest ``cos(b) - cos(a) + cos(c)``, 3CosAdd
    [1]_, or the greatest ``cos(b) * cos(c) / (cos(a) + 1e-6)`` with each cosine moved
    to ``(1 + cos) / 2``, 3CosMul [2]_. The words a, b and c are no answers.

    Parameters
    ----------
    vectors : WordVectors, or fitted CBOWVectorizer, SkipGramVectorizer or Pipeline
    file : str, path-like or file
        Lines of four words, in sections that begin with a line ``: name``, such as the
        questions-words.txt of word2vec. Blank lines, and lines that begin with ``#`` or
        ``//``, are left out.
    restrict_vocab : int or None, default=300_000
        Take only so many words from the beginning of the table; the vectorizers put the
        most frequent first. None takes all.
    case_insensitive : bool, default=True
        Compare words in capitals. Of the words of a table that differ in case only, the
        vector of the first is taken, and none of them answers a question that has one.
    dummy4unknown : bool, default=False
        Count questions with an unknown word as answered wrong; by default they are left
        out.

    Returns
    -------
    DataFrame
        A row for each section in its order, and "total". The columns: the share of
        right answers by "3CosAdd" and by "3CosMul", NaN without questions; "questions",
        the number that these are shares of; "unknown", the share of all questions that
        have an unknown word.

    Raises
    ------
    OSError
        There is no such file.
    TypeError
        `vectors` has no word vectors.
    ValueError
        A line is neither a question nor a section, or there is no question; the message
        names file and line. Or `restrict_vocab` is below 1.

    Notes
    -----
    The figures are those of gensim's ``evaluate_word_analogies``, but for one case:
    gensim gives up a question whose five best words are a, b and c in other cases of
    letters.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
    .. [2] Levy, O., & Goldberg, Y. (2014). "Linguistic Regularities in Sparse and
       Explicit Word Representations".

    Examples
    --------
    >>> from io import StringIO
    >>> from skw2v import WordVectors
    >>> vectors = WordVectors.from_dict(
    ...     {"man": [1, 0], "king": [1, 2], "woman": [0, 1], "queen": [0.1, 3]}
    ... )
    >>> file = StringIO(": royals\nman king woman queen\nman king woman princess")
    >>> evaluate_analogies(vectors, file)
             3CosAdd  3CosMul  questions  unknown
    section
    royals       1.0      1.0          1      0.5
    total        1.0      1.0          1      0.5
    """
    questions = read_questions(file)
    lexicon = Lexicon(vectors, restrict_vocab, case_insensitive)
    answers = judge(lexicon, questions, METHODS, dummy4unknown)
    total = len(questions.names)
    # All questions once more, as a section of their own.
    sections = pd.concat([answers, answers.assign(section=total)]).groupby("section")
    table = sections[list(METHODS)].mean()
    table["questions"] = sections[next(iter(METHODS))].count()
    table["unknown"] = sections["unknown"].mean()
    table = table.reindex(range(total + 1)).fillna({"questions": 0})
    table.index = pd.Index([*questions.names, "total"], name="section")
    return table.astype({"questions": np.int64})


def judge(lexicon, questions, methods, dummy4unknown):
    """Which questions are answered right.

    Parameters
    ----------
    lexicon : Lexicon
    questions : Questions
    methods : iterable of {"3CosAdd", "3CosMul"}
    dummy4unknown : bool

    Returns
    -------
    DataFrame
        A row for each question: its "section", whether it has an "unknown" word, and
        for each method 1 (right), 0 (wrong) or NaN (left out).
    """
    numbers = lexicon.numbers(questions.words)
    known = (numbers != UNKNOWN).all(axis=1)
    answers = _answers(lexicon, numbers[known, :3], [METHODS[name] for name in methods])
    judged = pd.DataFrame({"section": questions.sections, "unknown": ~known})
    for method, answer in zip(methods, answers, strict=True):
        right = np.full(len(known), 0.0 if dummy4unknown else np.nan)
        right[known] = answer == numbers[known, 3]
        judged[method] = right
    return judged


def _answers(lexicon, questions, methods):
    """Form of the best word by each method: ndarray (n_methods, n_questions).

    `UNKNOWN` if no word is left. Questions share their words: the cosines of each with
    all words of the table are computed once, for a block of the table at a time.
    """
    questions, places = np.unique(questions, axis=0, return_inverse=True)
    forms, groups = _grouped(questions)
    best = np.full((len(methods), len(questions)), -np.inf, np.float32)
    answers = np.full(best.shape, UNKNOWN)
    size = BLOCK // (len(forms) + 1) + 1
    for start in range(0, len(lexicon.words), size):
        block = slice(start, start + size)
        cosines = lexicon.cosines(forms, block)
        own = forms[:, None] == lexicon.forms[block]
        for terms, *found in zip(methods, best, answers, strict=True):
            raised, lowered = terms(cosines)
            # No answer to a question with them.
            raised[own] = lowered[own] = -np.inf
            _improve(*found, raised, lowered, groups, lexicon.forms[block])
    return answers[:, places.reshape(-1)]


def _grouped(questions):
    """Words of sorted questions, and the questions with the same a and b as groups.

    Returns
    -------
    forms : ndarray of shape (n_forms,)
    groups : list of (slice, int, int, ndarray)
        Which questions; a, b and each c, as their places among the forms.
    """
    forms, places = np.unique(questions, return_inverse=True)
    places = places.reshape(-1, 3)
    first = np.diff(places[:, :2], axis=0, prepend=-1).any(axis=1)
    cuts = [*np.flatnonzero(first), len(places)]
    spans = [slice(*cut) for cut in pairwise(cuts)]
    return forms, [(span, *places[span.start, :2], places[span, 2]) for span in spans]


def _improve(best, answers, raised, lowered, groups, forms):
    """Put the words of a block in place of the answers that are worse."""
    workspace = np.empty_like(raised)  # fresh memory for each group would cost more
    for span, a, b, c in groups:
        scores = np.take(raised, c, axis=0, out=workspace[: len(c)], mode="clip")
        scores += raised[b] + lowered[a]
        top = scores.argmax(axis=1)
        highest = scores[np.arange(len(c)), top]
        better = highest > best[span]
        best[span][better] = highest[better]
        answers[span][better] = forms[top[better]]


def _add_terms(cosines):
    return cosines.copy(), -cosines


def _multiply_terms(cosines):
    shifted = 1 + cosines
    shifted += TINY
    raised = np.log(shifted)
    shifted += np.float32(2 * EPSILON)
    np.log(shifted, out=shifted)
    return raised, np.negative(shifted, out=shifted)


# What a positive and a negative word add to the score of every word. The product of
# 3CosMul is a sum of logarithms, here of twice the moved cosines.
METHODS = {"3CosAdd": _add_terms, "3CosMul": _multiply_terms}
