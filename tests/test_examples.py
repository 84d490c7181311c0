"""The examples run; what they assert holds."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_lecture(tmp_path):
    pictures, elsewhere = tmp_path / "pictures", tmp_path / "elsewhere"
    pictures.mkdir()
    elsewhere.mkdir()
    run = subprocess.run(
        [sys.executable, EXAMPLES / "plot_lecture.py", pictures],
        cwd=elsewhere,
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert "I -> love\nlove -> I, 피자\n피자 -> love\n" in run.stdout
    saved = {path.name: path.stat().st_size for path in pictures.iterdir()}
    names = ["five_starts", "start_and_end", "trajectories"]
    assert sorted(saved) == [f"lecture_{name}.png" for name in names]
    assert min(saved.values()) > 10_000
    assert not list(elsewhere.iterdir())
