"""Read the documents that the benchmarks learn from, and write them for others.

The corpus is a text file with one document per line, plain or compressed. Without a
file, it is the docstrings that `skw2v.datasets.load_docstrings` finds.
"""

import argparse
import gzip
import lzma
import re
from pathlib import Path
from typing import NamedTuple

from skw2v.datasets import load_docstrings

OPENERS = {".xz": lzma.open, ".gz": gzip.open}
LONGEST_SENTENCE = 10_000  # in tokens; gensim silently drops the rest
find_words = re.compile(r"(?u)\b\w+\b").findall


class Corpus(NamedTuple):
    """The same documents in the forms that the jobs need.

    Attributes
    ----------
    texts : list of str
        Raw documents, each of them one line.
    sentences : list of list of str
        Their tokens, in pieces that are short enough for gensim.
    n_words : int
        Number of tokens.
    """

    texts: list
    sentences: list
    n_words: int


def corpus_parser(description):
    """Return a parser of the options that choose a corpus; see `load_corpus`."""
    parser = argparse.ArgumentParser(description=description)
    add = parser.add_argument
    add("--corpus", help="text file, one document per line; plain, .xz or .gz")
    add("--words", type=int, help="use only this many tokens from the beginning")
    return parser


def read_lines(path):
    """Yield the lines of a plain or compressed text file."""
    opener = OPENERS.get(Path(path).suffix, open)
    with opener(path, "rt", encoding="utf-8") as file:
        yield from file


def tokenize(texts):
    """Yield the tokens of each text, in pieces that are short enough for gensim."""
    for text in texts:
        words = find_words(text.lower())
        for start in range(0, len(words), LONGEST_SENTENCE):
            yield words[start : start + LONGEST_SENTENCE]


def load_corpus(path, n_words):
    """Read documents until they have `n_words` tokens; None reads all of them."""
    if path is None:
        lines = (text.replace("\n", " ") for text in load_docstrings().data)
    else:
        lines = read_lines(path)
    texts, sentences, n_read = [], [], 0
    for line in lines:
        pieces = list(tokenize([line]))
        texts.append(line)
        sentences.extend(pieces)
        n_read += sum(map(len, pieces))
        if n_words is not None and n_read >= n_words:
            break
    return Corpus(texts, sentences, n_read)


def write_lines(path, lines):
    """Write a text file with the given lines."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line.rstrip("\n") + "\n" for line in lines)


def write_sentences(path, sentences):
    """Write lists of words as lines with spaces between the words."""
    write_lines(path, map(" ".join, sentences))
