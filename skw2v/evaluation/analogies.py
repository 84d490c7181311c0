"""Analogies: a is to b as c is to what?"""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ..corpus import UNKNOWN
from ..word_vectors import WordVectors
from ..word_vectors.ranking import EPSILON
from .files import GivenQuestions, Questions, read_questions
from .lexicon import Lexicon

Cosines: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Callable[[Cosines], tuple[Cosines, Cosines]]
Group: TypeAlias = tuple[slice, np.int64, np.int64, NDArray[np.int64]]

TINY = np.float32(1e-30)  # keeps logarithms finite, too small to change other sums
BLOCK = 1 << 22  # maximum number of cosines computed at once (16 MiB in float32)


def evaluate_analogies(
    vectors: WordVectors | BaseEstimator,
    file: GivenQuestions,
    *,
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> pd.DataFrame:
    r"""Answer questions "a is to b as c is to what?", and count the correct answers.

    The answer is the word with the highest score. With 3CosAdd [1]_ the score is
    ``cos(b) - cos(a) + cos(c)``; with 3CosMul [2]_ it is
    ``cos(b) * cos(c) / (cos(a) + 1e-6)``, where each cosine is first mapped to
    ``(1 + cos) / 2``. The words a, b and c themselves can't be the answer.

    Parameters
    ----------
    vectors : WordVectors, or fitted CBOWVectorizer, SkipGramVectorizer or Pipeline
    file : str, path-like, file, DataFrame or iterable
        Lines of four words, in sections that begin with a line ``: name``, as in
        word2vec's questions-words.txt. Blank lines, and lines that begin with ``#`` or
        ``//``, are ignored. Or a DataFrame with four columns of words, a list of
        (a, b, c, answer), or a list of (section, list of these).
    restrict_vocab : int or None, default=300_000
        Use only this many words from the beginning of the table, where the vectorizers
        put the most frequent words. None uses all words.
    case_insensitive : bool, default=True
        Convert words to uppercase before comparing them. Among words of the table that
        differ only in case, the vector of the first one is used, and none of them can
        be the answer to a question that contains one of them.
    dummy4unknown : bool, default=False
        Count questions with an unknown word as answered incorrectly; by default they
        are left out.

    Returns
    -------
    DataFrame
        One row per section, in the order of the file, and a row "total". The columns
        "3CosAdd" and "3CosMul" are the shares of correct answers, NaN if there are no
        questions; "questions" is the number of questions that these shares refer to;
        "unknown" is the share of all questions that contain an unknown word.

    Raises
    ------
    OSError
        The file can't be read.
    TypeError
        `vectors` has no word vectors, or `file` is nothing of the above.
    ValueError
        A line or an item is neither a question nor a section, or there are no
        questions; the message names the file and the line. Or `restrict_vocab` is less
        than 1.

    Notes
    -----
    The results match gensim's ``evaluate_word_analogies`` with two exceptions. gensim
    finds no answer if the five best words are only case variants of a, b and c. And of
    several words with the same vector, the answer is here the first one in the table.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
       https://arxiv.org/abs/1301.3781
    .. [2] Levy, O., & Goldberg, Y. (2014). "Linguistic Regularities in Sparse and
       Explicit Word Representations".
       https://aclanthology.org/W14-1618

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
    # The total is one more section, which contains all questions again.
    sections = pd.concat([answers, answers.assign(section=total)]).groupby("section")
    table = sections[list(METHODS)].mean()
    table["questions"] = sections[next(iter(METHODS))].count()
    table["unknown"] = sections["unknown"].mean()
    table = table.reindex(range(total + 1)).fillna({"questions": 0})
    table.index = pd.Index([*questions.names, "total"], name="section")
    return table.astype({"questions": np.int64})


def judge(
    lexicon: Lexicon,
    questions: Questions,
    methods: Collection[str],
    dummy4unknown: bool,
) -> pd.DataFrame:
    """Determine which questions are answered correctly.

    Parameters
    ----------
    lexicon : Lexicon
    questions : Questions
    methods : collection of {"3CosAdd", "3CosMul"}
    dummy4unknown : bool

    Returns
    -------
    DataFrame
        One row per question: the index of its "section", whether it contains an
        "unknown" word, and for each method 1 (correct), 0 (incorrect) or NaN (left
        out).
    """
    numbers = lexicon.numbers(questions.words)
    known = (numbers != UNKNOWN).all(axis=1)
    answers = _answers(lexicon, numbers[known, :3], [METHODS[name] for name in methods])
    judged = pd.DataFrame({"section": questions.sections, "unknown": ~known})
    for method, answer in zip(methods, answers, strict=True):
        correct = np.full(len(known), 0.0 if dummy4unknown else np.nan)
        correct[known] = answer == numbers[known, 3]
        judged[method] = correct
    return judged


def _answers(
    lexicon: Lexicon, questions: NDArray[np.int64], methods: Sequence[Method]
) -> NDArray[np.int64]:
    """Return the form of the best word, by method and question.

    It is `UNKNOWN` if no word of the table can be the answer. Questions share words, so
    the cosines of each word with the table are computed only once, block by block.

    Parameters
    ----------
    lexicon : Lexicon
    questions : ndarray of shape (n_questions, 3)
        Forms of a, b and c.
    methods : sequence of callable

    Returns
    -------
    ndarray of shape (n_methods, n_questions), int64
    """
    questions, places = np.unique(questions, axis=0, return_inverse=True)
    forms, groups = _grouped(questions)
    best = np.full((len(methods), len(questions)), -np.inf, np.float32)
    answers = np.full(best.shape, UNKNOWN)  # rows of the table
    size = BLOCK // (len(forms) + 1) + 1
    for start in range(0, len(lexicon.words), size):
        block = slice(start, start + size)
        cosines = lexicon.cosines(forms, block)
        own = forms[:, None] == lexicon.forms[block]
        for terms, scores, found in zip(methods, best, answers, strict=True):
            raised, lowered = terms(cosines)
            raised[own] = lowered[own] = -np.inf  # a, b and c can't be the answer
            _improve(scores, found, raised, lowered, groups, start)
    return _first_of_equals(lexicon, questions, answers)[:, places.reshape(-1)]


def _first_of_equals(
    lexicon: Lexicon, questions: NDArray[np.int64], answers: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the form of each answer, or of the first word that has the same vector.

    BLAS gives equal vectors unequal cosines, because its rounding depends on the place
    of a row. So the scores alone don't put such words in the order of the table.

    Parameters
    ----------
    lexicon : Lexicon
    questions : ndarray of shape (n_questions, 3)
        Forms of a, b and c, which can't be the answer.
    answers : ndarray of shape (n_methods, n_questions)
        Rows of the table, or `UNKNOWN`.

    Returns
    -------
    ndarray of shape (n_methods, n_questions), int64
    """
    keys = lexicon.directions()
    order = np.argsort(keys, kind="stable")
    places = np.searchsorted(keys[order], keys[answers])
    while True:  # the answer itself is the last one that is tried
        forms = lexicon.forms[order[places]]
        taken = (questions == forms[..., None]).any(axis=-1) & (answers != UNKNOWN)
        if not taken.any():
            return np.where(answers == UNKNOWN, UNKNOWN, forms)
        places += taken


def _grouped(questions: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[Group]]:
    """Group sorted questions by a and b.

    Returns
    -------
    forms : ndarray of shape (n_forms,)
        Forms of a, b and c in all questions, without duplicates.
    groups : list of (slice, int, int, ndarray)
        Questions of the group, and the indices in `forms` of a, of b, and of each c.
    """
    forms, places = np.unique(questions, return_inverse=True)
    places = places.reshape(-1, 3)
    first = np.diff(places[:, :2], axis=0, prepend=-1).any(axis=1)
    cuts = [*np.flatnonzero(first), len(places)]
    spans = [slice(*cut) for cut in pairwise(cuts)]
    return forms, [(span, *places[span.start, :2], places[span, 2]) for span in spans]


def _improve(
    best: NDArray[np.float32],
    answers: NDArray[np.int64],
    raised: Cosines,
    lowered: Cosines,
    groups: list[Group],
    start: int,
) -> None:
    """Replace answers, in place, for which a block has a word with a higher score."""
    workspace = np.empty_like(raised)  # allocating memory for each group is slower
    for span, a, b, c in groups:
        scores = np.take(raised, c, axis=0, out=workspace[: len(c)], mode="clip")
        scores += raised[b] + lowered[a]
        top = scores.argmax(axis=1)
        highest = scores[np.arange(len(c)), top]
        better = highest > best[span]
        best[span][better] = highest[better]
        answers[span][better] = start + top[better]


def _add_terms(cosines: Cosines) -> tuple[Cosines, Cosines]:
    return cosines.copy(), -cosines


def _multiply_terms(cosines: Cosines) -> tuple[Cosines, Cosines]:
    shifted = 1 + cosines
    shifted += TINY
    raised = np.log(shifted)
    shifted += np.float32(2 * EPSILON)
    np.log(shifted, out=shifted)
    return raised, np.negative(shifted, out=shifted)


# Functions from the cosines with a word to the terms that it adds to all scores as b or
# c, and as a. 3CosMul is computed as a sum of logarithms, here of twice the mapped
# cosines, which doesn't affect the order of the scores.
METHODS: dict[str, Method] = {"3CosAdd": _add_terms, "3CosMul": _multiply_terms}
