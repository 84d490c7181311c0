"""Analogy questions and human judgments: from files, lists and DataFrames."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from os import PathLike, fspath
from reprlib import repr as shortened
from typing import IO, Any, NamedTuple, TypeAlias

import pandas as pd

COMMENTS = ("#", "//")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
UNNAMED = "questions"  # section of the questions of a list or a DataFrame

LONGEST_PATH = 4096  # characters; a longer str is the content of a file

File: TypeAlias = str | PathLike[str] | IO[str] | IO[bytes]
Question: TypeAlias = Sequence[str]
GivenQuestions: TypeAlias = (
    File | pd.DataFrame | Iterable[Question | tuple[str, Iterable[Question]]]
)
GivenJudgments: TypeAlias = File | pd.DataFrame | Iterable[tuple[str, str, float]]


class Questions(NamedTuple):
    """Analogy questions, grouped in sections.

    Attributes
    ----------
    words : list of (str, str, str, str)
        The words a, b and c of each question, and its answer.
    sections : list of int
        Index of the section of each question.
    names : list of str
        Name of each section.
    """

    words: list[tuple[str, str, str, str]]
    sections: list[int]
    names: list[str]


class Judgments(NamedTuple):
    """Pairs of words and how similar people found them.

    Attributes
    ----------
    pairs : list of (str, str)
    scores : list of float
        Judged similarity of each pair.
    """

    pairs: list[tuple[str, str]]
    scores: list[float]


def read_questions(file: GivenQuestions) -> Questions:
    """Read analogy questions.

    Parameters
    ----------
    file : str, path-like, file, DataFrame or iterable

    Returns
    -------
    Questions

    Raises
    ------
    TypeError
        `file` is nothing of that kind.
    ValueError
        A line or an item is neither a question nor a section, or there are no
        questions.
    """
    questions = Questions([], [], [])
    for place, item in _items(file):
        if isinstance(item, str):
            _add_line(questions, place, item)
        elif isinstance(item, (tuple, list)) and len(item) == 2:
            name, members = item
            _add_section(questions, place, name, members)
        else:
            if questions.names[-1:] != [UNNAMED]:
                questions.names.append(UNNAMED)
            _add_question(questions, place, item)
    if not questions.words:
        raise ValueError(f"{name_of(file)} holds no questions.")
    return questions


def _add_line(questions: Questions, place: str, line: str) -> None:
    """Add a question, or begin a section."""
    if line.startswith(": "):
        questions.names.append(line[1:].strip())
        return
    words = line.split()
    if len(words) != 4:
        raise ValueError(
            f"{place}: expected four words, or a section ': name'; got "
            f"{shortened(line.strip())}."
        )
    if not questions.names:
        raise ValueError(f"{place}: a section ': name' must precede the questions.")
    _add_question(questions, place, words)


def _add_section(questions: Questions, place: str, name: Any, members: Any) -> None:
    """Add a section and its questions."""
    if not isinstance(name, str) or not _is_row(members):
        raise ValueError(
            f"{place}: expected four words, or the name of a section and a list of its "
            f"questions; got {shortened((name, members))}."
        )
    questions.names.append(name)
    for member in members:
        _add_question(questions, f"{place}, section {shortened(name)}", member)


def _add_question(questions: Questions, place: str, item: Any) -> None:
    """Add a question to the last section."""
    words = list(item) if _is_row(item) else []
    if len(words) != 4 or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{place}: expected four words; got {shortened(item)}.")
    a, b, c, answer = words
    questions.words.append((a, b, c, answer))
    questions.sections.append(len(questions.names) - 1)


def read_judgments(file: GivenJudgments, delimiter: str | None) -> Judgments:
    """Read pairs of words and their judged similarities.

    Parameters
    ----------
    file : str, path-like, file, DataFrame or iterable
    delimiter : str or None
        None splits lines at any whitespace.

    Returns
    -------
    Judgments

    Raises
    ------
    TypeError
        `file` is nothing of that kind.
    ValueError
        A line or an item isn't two words and a finite number, or there are no pairs.
    """
    judgments = Judgments([], [])
    for place, item in _items(file):
        line = isinstance(item, str)
        fields = list(map(str.strip, item.split(delimiter))) if line else item
        pair, score = _judgment(fields)
        if not isfinite(score):
            between = "whitespace" if delimiter is None else repr(delimiter)
            raise ValueError(
                f"{place}: expected two words and a finite number"
                f"{f', separated by {between}' if line else ''}; got "
                f"{shortened(item.strip() if line else item)}."
            )
        judgments.pairs.append(pair)
        judgments.scores.append(score)
    if not judgments.pairs:
        raise ValueError(f"{name_of(file)} holds no pairs of words.")
    return judgments


def _judgment(fields: Any) -> tuple[tuple[str, str], float]:
    """Return two words and a number, which is NaN if the fields are something else."""
    try:
        first, second, number = fields
        if isinstance(first, str) and isinstance(second, str) and _is_row(fields):
            return (first, second), float(number)
    except (TypeError, ValueError, OverflowError):
        pass
    return ("", ""), float("nan")


def _is_row(item: Any) -> bool:
    """Return whether something may hold fields in their order."""
    return isinstance(item, Iterable) and not isinstance(
        item, (str, bytes, Mapping, set)
    )


def name_of(file: GivenQuestions | GivenJudgments) -> str:
    """Return the name of a file for messages and tables.

    Parameters
    ----------
    file : str, path-like, file, DataFrame or iterable

    Returns
    -------
    str
    """
    if isinstance(file, (str, PathLike)):
        return fspath(file)
    if _is_file(file):
        return str(getattr(file, "name", "the file"))
    return f"the {type(file).__name__}"


def _is_file(file: object) -> bool:
    return callable(getattr(file, "read", None))  # not a column of that name


def _items(file: GivenQuestions | GivenJudgments) -> Iterator[tuple[str, Any]]:
    """Yield place and content of each item: a line that isn't empty, or a row."""
    if isinstance(file, (str, PathLike)):
        with _opened(file) as opened:
            yield from _items(opened)
        return
    items, unit = _iterable(file), "line" if _is_file(file) else "item"
    for number, item in enumerate(items, start=1):
        place = f"{name_of(file)}, {unit} {number}"
        if not isinstance(item, (str, bytes)):
            yield place, item
            continue
        text = _decode(item, place) if isinstance(item, bytes) else item
        if number == 1:
            text = text.removeprefix(BYTE_ORDER_MARK)
        if text.strip() and not text.startswith(COMMENTS):
            yield place, text


def _opened(path: str | PathLike[str]) -> IO[bytes]:
    """Open a file; refuse its content in the place of its path."""
    if isinstance(path, str) and ("\n" in path or len(path) > LONGEST_PATH):
        raise ValueError(
            f"expected the path of a file; got its content, {shortened(path)}: wrap it "
            "in io.StringIO."
        )
    return open(path, "rb")


def _iterable(file: Any) -> Iterable[Any]:
    """Return the rows of a table, or what else can be iterated over."""
    if isinstance(file, pd.DataFrame):
        return file.itertuples(index=False, name=None)
    if hasattr(file, "iter_rows"):  # polars
        rows: Iterable[Any] = file.iter_rows()
        return rows
    if not _is_row(file) or hasattr(file, "__dask_graph__"):
        raise TypeError(
            "expected a path, an open file, a DataFrame, or a list of tuples; got "
            f"{shortened(file)} of type {type(file).__name__}."
        )
    lines: Iterable[Any] = file
    return lines


def _decode(line: bytes, place: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{place}: this is not UTF-8; open the file with its encoding."
        ) from error
