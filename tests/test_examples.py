"""The examples run, and their assertions hold, and the lecture is one in Korean."""

import importlib
import re
import runpy
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from skw2v import datasets

ROOT = Path(__file__).parents[1]
LECTURE = ROOT / "examples" / "plot_lecture.py"

# Scripts may warn: of a missing Korean font, or that Agg can't show figures.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a script in an empty folder and leaves it empty.

    It runs in this process, because a new one would import everything and read the
    docstrings again, which takes as long as most of the scripts.
    """
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    matplotlib.use("Agg")

    def run_script(path, *arguments):
        monkeypatch.setattr(sys, "argv", [str(path), *map(str, arguments)])
        # Several threads of BLAS and OpenMP are slow while other processes run.
        with threadpool_limits(1):
            runpy.run_path(str(path), run_name="__main__")
        assert not list(folder.iterdir())

    # The scripts set these options.
    width = "display.unicode.east_asian_width"
    with (
        pd.option_context("display.precision", 6, width, False),
        matplotlib.rc_context(),
    ):
        yield run_script
    plt.close("all")


@pytest.fixture
def short_docstrings(monkeypatch):
    """Cut the docstrings after 300 characters, so that training is fast."""
    read = datasets._documents

    def read_beginnings(drop_examples):
        return {text[:300]: name for text, name in read(drop_examples).items()}

    monkeypatch.setattr(datasets, "_documents", read_beginnings)


# Takes 12 seconds for 26 trainings, four pictures of paths, and 240 explanations.
def test_lecture(run, capsys):
    run(LECTURE)
    assert "I -> love\nlove -> I, 피자\n피자 -> love\n" in capsys.readouterr().out


@pytest.fixture
def translation(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    return importlib.import_module("translation")


def formulas(text):
    """Return the lines of the formulas of a text."""
    lines = text.replace("\n# ", "\n").replace("\n#\n", "\n\n")
    return re.findall(r"\.\. math::\n((?:\n|   .*\n?)+)", lines + "\n")


def test_the_lecture_is_one_in_both_languages(translation):
    script = LECTURE.read_text(encoding="utf-8")
    korean = (ROOT / "docs/ko/plot_lecture.rst").read_text(encoding="utf-8")
    translated = translation.translate(script, korean)
    code = translation.TEXTS.split(script)
    assert translation.TEXTS.split(translated) == code
    texts = translation.texts_of(script), translation.texts_of(translated)
    assert sum(len(formulas(text)) for text in texts[0]) == 12
    for one, other in zip(*texts, strict=True):
        assert [f.split() for f in formulas(one)] == [
            f.split() for f in formulas(other)
        ]
        for mark in ("\n# ---", "\n# ***", "window=1", "window=2", ".. list-table"):
            assert (mark in one) == (mark in other), (mark, other)
        assert one.count("\n# * ") == other.count("\n# * ")
        assert not re.search(r"`` [을를은는이가의에로와과도]\b", other)


@pytest.mark.parametrize("n_texts", [30, 32])
def test_a_translation_has_as_many_texts_as_the_script(translation, n_texts):
    script = LECTURE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=f"has 31 texts, and .* has {n_texts}"):
        translation.translate(script, "\n.. %%\n".join(["글"] * n_texts))


NAMES = ["few_labels", "loss_curves", "pmi", "poolings", "word_map"]


# Each example takes 2 to 4 seconds because it trains several models or runs t-SNE.
@pytest.mark.usefixtures("short_docstrings")
@pytest.mark.parametrize("name", NAMES)
def test_the_gallery_runs_with_these_versions(run, name):
    run(ROOT / "examples" / f"plot_{name}.py")


# Takes 6 seconds, in which two workers start.
@pytest.mark.xdist_group("cluster")
@pytest.mark.usefixtures("short_docstrings")
def test_the_cluster(run, capsys):
    run(ROOT / "examples" / "cluster.py")
    assert "dask.array<concatenate, shape=(nan, 100)" in capsys.readouterr().out
