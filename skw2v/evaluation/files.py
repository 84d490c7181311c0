"""Files of analogy questions and of human judgments."""

from collections.abc import Iterable, Iterator
from math import isfinite
from os import PathLike, fspath
from reprlib import repr as shortened
from typing import IO, NamedTuple, TypeAlias

COMMENTS = ("#", "//")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

File: TypeAlias = str | PathLike[str] | IO[str] | IO[bytes]


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


def read_questions(file: File) -> Questions:
    """Read analogy questions.

    Parameters
    ----------
    file : str, path-like or file

    Returns
    -------
    Questions

    Raises
    ------
    ValueError
        A line is neither a question nor a section, or there are no questions.
    """
    questions = Questions([], [], [])
    for place, line in _lines(file):
        if line.startswith(": "):
            questions.names.append(line[1:].strip())
            continue
        words = line.split()
        if len(words) != 4:
            raise ValueError(
                f"{place}: expected four words, or a section ': name'; got "
                f"{shortened(line.strip())}."
            )
        if not questions.names:
            raise ValueError(f"{place}: a section ': name' must precede the questions.")
        a, b, c, answer = words
        questions.words.append((a, b, c, answer))
        questions.sections.append(len(questions.names) - 1)
    if not questions.words:
        raise ValueError(f"{name_of(file)} holds no questions.")
    return questions


def read_judgments(file: File, delimiter: str | None) -> Judgments:
    """Read pairs of words and their judged similarities.

    Parameters
    ----------
    file : str, path-like or file
    delimiter : str or None
        None splits lines at any whitespace.

    Returns
    -------
    Judgments

    Raises
    ------
    ValueError
        A line isn't two words and a finite number, or there are no pairs.
    """
    judgments = Judgments([], [])
    for place, line in _lines(file):
        try:
            first, second, number = map(str.strip, line.split(delimiter))
            score = float(number)
        except ValueError:
            score = float("nan")
        if not isfinite(score):
            raise ValueError(
                f"{place}: expected two words and a finite number, separated by "
                f"{'whitespace' if delimiter is None else repr(delimiter)}; got "
                f"{shortened(line.strip())}."
            )
        judgments.pairs.append((first, second))
        judgments.scores.append(score)
    if not judgments.pairs:
        raise ValueError(f"{name_of(file)} holds no pairs of words.")
    return judgments


def name_of(file: File) -> str:
    """Return the name of a file for messages and tables.

    Parameters
    ----------
    file : str, path-like or file

    Returns
    -------
    str
    """
    if isinstance(file, (str, PathLike)):
        return fspath(file)
    return str(getattr(file, "name", "the file"))


def _lines(file: File) -> Iterator[tuple[str, str]]:
    """Yield place and text of each line that is neither blank nor a comment."""
    if isinstance(file, (str, PathLike)):
        with open(file, "rb") as opened:
            yield from _lines(opened)
        return
    lines: Iterable[str | bytes] = file
    for number, line in enumerate(lines, start=1):
        place = f"{name_of(file)}, line {number}"
        text = _decode(line, place) if isinstance(line, bytes) else line
        if number == 1:
            text = text.removeprefix(BYTE_ORDER_MARK)
        if text.strip() and not text.startswith(COMMENTS):
            yield place, text


def _decode(line: bytes, place: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{place}: this is not UTF-8; open the file with its encoding."
        ) from error
