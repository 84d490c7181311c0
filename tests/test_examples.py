"""The examples and the Korean guide run, and their assertions hold."""

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
    with pd.option_context("display.precision", 6, width, False):
        yield run_script
    plt.close("all")


@pytest.fixture
def short_docstrings(monkeypatch):
    """Cut the docstrings after 300 characters, so that training is fast."""
    read = datasets._documents

    def read_beginnings(drop_examples):
        return {text[:300]: name for text, name in read(drop_examples).items()}

    monkeypatch.setattr(datasets, "_documents", read_beginnings)


# Takes 8 seconds for twelve trainings and the placing of the labels in 15 panels.
def test_lecture(run, tmp_path, capsys):
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    run(ROOT / "examples" / "plot_lecture.py", pictures)
    assert "I -> love\nlove -> I, 피자\n피자 -> love\n" in capsys.readouterr().out
    saved = {path.name: path.stat().st_size for path in pictures.iterdir()}
    names = ["five_starts", "start_and_end", "trajectories"]
    assert sorted(saved) == [f"lecture_{name}.png" for name in names]
    assert min(saved.values()) > 10_000


# Each example takes 2 to 4 seconds because it trains several models or runs t-SNE.
@pytest.mark.usefixtures("short_docstrings")
@pytest.mark.parametrize("name", ["few_labels", "loss_curves", "poolings", "word_map"])
def test_the_gallery_runs_with_these_versions(run, name):
    run(ROOT / "examples" / f"plot_{name}.py")


# Takes 6 seconds, in which two workers start.
@pytest.mark.xdist_group("cluster")
@pytest.mark.usefixtures("short_docstrings")
def test_the_cluster(run, capsys):
    run(ROOT / "examples" / "cluster.py")
    assert "dask.array<concatenate, shape=(nan, 100)" in capsys.readouterr().out


# Takes 2 seconds for several trainings and pictures.
def test_the_korean_guide(run):
    run(ROOT / "docs" / "ko" / "plot_word2vec.py")
