"""Files of questions and of judgements."""

from math import isfinite
from os import PathLike, fspath
from reprlib import repr as shortened
from typing import NamedTuple

COMMENTS = ("#", "//")


class Questions(NamedTuple):
    """Analogies in sections.

    Attributes
    ----------
    words : list of (str, str, str, str)
        a, b, c, and the answer.
    sections : list of int
        Section of each question.
    names : list of str
        Name of each section.
    """

    words: list
    sections: list
    names: list


class Judgements(NamedTuple):
    """Similarities of words that people judged.

    Attributes
    ----------
    pairs : list of (str, str)
    scores : list of float
    """

    pairs: list
    scores: list


def read_questions(file):
    """Read analogies.

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
        words = tuple(line.split())
        if len(words) != 4:
            raise ValueError(
                f"{place}: expected four words, or a section ': name'; got "
                f"{shortened(line.strip())}."
            )
        if not questions.names:
            raise ValueError(f"{place}: a section ': name' must precede the questions.")
        questions.words.append(words)
        questions.sections.append(len(questions.names) - 1)
    if not questions.words:
        raise ValueError(f"{name_of(file)} holds no questions.")
    return questions


def read_judgements(file, delimiter):
    """Read similarities of words.

    Parameters
    ----------
    file : str, path-like or file
    delimiter : str or None
        None is any whitespace.

    Returns
    -------
    Judgements

    Raises
    ------
    ValueError
        A line doesn't hold two words and a number, or there are no lines.
    """
    judgements = Judgements([], [])
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
        judgements.pairs.append((first, second))
        judgements.scores.append(score)
    if not judgements.pairs:
        raise ValueError(f"{name_of(file)} holds no pairs of words.")
    return judgements


def name_of(file):
    """What messages and tables call a file.

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


def _lines(file):
    """Yield place and text of each line that is neither blank nor a comment."""
    if isinstance(file, (str, PathLike)):
        with open(file, "rb") as opened:
            yield from _lines(opened)
        return
    for number, line in enumerate(file, start=1):
        place = f"{name_of(file)}, line {number}"
        text = _decode(line, place) if isinstance(line, bytes) else line
        text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")  # byte order mark
        if text.strip() and not text.startswith(COMMENTS):
            yield place, text


def _decode(line, place):
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{place}: this is not UTF-8; open the file with its encoding."
        ) from error
