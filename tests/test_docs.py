"""The code of the documentation runs."""

import re
from pathlib import Path

import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus

from skw2v.training.losses import LOSSES
from skw2v.training.threads import Team

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def hinge(monkeypatch):
    """Run the code of the page "Add a loss"."""
    text = (DOCS / "add_a_loss.md").read_text(encoding="utf-8")
    monkeypatch.setitem(LOSSES, "hinge", None)  # restored at the end
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        exec(code, {})
    return LOSSES["hinge"]


@pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
def test_the_added_loss_learns(hinge, cbow):
    losses = make_trainer(zipf_corpus(3000, 30), cbow=cbow, loss="hinge").fit(1)
    assert losses[-1] < losses[0]


def test_the_added_loss_has_the_gradient_of_its_value(hinge):
    trainer = make_trainer(zipf_corpus(120, 9), dtype=np.float64, loss="hinge")
    rng = np.random.default_rng(0)
    trainer.output_matrix[...] = rng.normal(size=trainer.output_matrix.shape)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    (tile,) = trainer.tiles
    value = trainer._compute(chunk, tile, 0)
    gradient = np.zeros_like(trainer.output_matrix)
    rows = tile.output.rows.reshape(len(tile.output.ids), -1)
    np.add.at(gradient, tile.output.ids, rows)
    direction = rng.normal(size=gradient.shape)
    trainer.output_matrix += 1e-7 * direction
    above = trainer._compute(chunk, tile, 0)
    assert (above - value) / 1e-7 == pytest.approx(np.sum(gradient * direction))
