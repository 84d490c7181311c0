"""Read labeled documents: texts and labels to train on, and others to test with.

The docstrings are embedded data. The others lie in a folder: ``R8.txt`` and ``mr.txt``
with a document per line, and beside each ``*.labels.tsv`` with line, part and label;
``reviews.tsv.xz`` with part, label and text.
"""

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from skw2v.datasets import load_docstrings


class Split(NamedTuple):
    """Texts and labels to train on, and texts and labels to test with."""

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def load_packages(seed=0):
    """Return the docstrings and their packages."""
    texts, packages = load_docstrings(remove=("examples",), return_X_y=True)
    texts = np.array(texts, dtype=object)
    X, X_test, y, y_test = train_test_split(texts, packages, random_state=seed)
    return Split(X, y, X_test, y_test)


def load_lines(folder, name):
    """Return "R8", topics of news, or "mr", sentences of film reviews."""
    lines = Path(folder, f"{name}.txt").read_text(encoding="utf-8").split("\n")
    columns = ["line", "part", "label"]
    frame = pd.read_table(Path(folder, f"{name}.labels.tsv"), names=columns)
    frame["text"] = [lines[line] for line in frame["line"]]
    return split_of(frame)


def load_reviews(folder):
    """Return Korean film reviews and whether they are positive."""
    path = Path(folder, "reviews.tsv.xz")
    frame = pd.read_table(path, quoting=3, keep_default_na=False)
    return split_of(frame.rename(columns={"split": "part"}))


def split_of(frame):
    """Split a frame with the columns text, label and part."""
    parts = [frame[frame["part"] == part] for part in ("train", "test")]
    return Split(
        *(part[name].to_numpy() for part in parts for name in ("text", "label"))
    )


def pieces(text):
    """Return the words of a text, each followed by its pairs of characters."""
    marked = (f"_{word}_" for word in re.findall(r"\w+", text.lower()))
    return [piece for word in marked for piece in (word, *map("".join, pairwise(word)))]
