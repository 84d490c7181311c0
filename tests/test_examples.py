"""The examples run, and their assertions hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(*command, folder):
    """Run a script in the given folder; return what it prints."""
    process = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
    )
    assert process.returncode == 0, process.stderr
    assert not list(folder.iterdir())
    return process.stdout


def test_lecture(tmp_path):
    pictures, elsewhere = tmp_path / "pictures", tmp_path / "elsewhere"
    pictures.mkdir()
    elsewhere.mkdir()
    printed = run(EXAMPLES / "plot_lecture.py", pictures, folder=elsewhere)
    assert "I -> love\nlove -> I, 피자\n피자 -> love\n" in printed
    saved = {path.name: path.stat().st_size for path in pictures.iterdir()}
    names = ["five_starts", "start_and_end", "trajectories"]
    assert sorted(saved) == [f"lecture_{name}.png" for name in names]
    assert min(saved.values()) > 10_000


@pytest.mark.parametrize("name", ["few_labels", "loss_curves", "word_map"])
def test_the_gallery_runs_with_these_versions(tmp_path, name):
    run(EXAMPLES / f"plot_{name}.py", folder=tmp_path)
