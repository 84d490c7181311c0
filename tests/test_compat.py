"""The supported versions, and what works with the oldest ones."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_lowest_allowed_versions_are_those_that_are_tested():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tested = (ROOT / ".ci" / "lowest.txt").read_text(encoding="utf-8").split()
    allowed = re.findall(r'"([\w-]+>=[\d.]+)[";]', project.partition("\nlint = ")[0])
    of_matplotlib = "pyparsing==3.1"  # it warns with later ones
    assert {one.replace(">=", "==") for one in allowed} == {*tested} - {of_matplotlib}


OLD = """
import sys
import sklearn.feature_extraction.text

sys.modules["sklearn.callback"] = None  # as if there were none
from skw2v import CBOWVectorizer
from skw2v.callbacks import EarlyStopping, LossMonitor

vectorizer = CBOWVectorizer(min_count=1, subsample=0).fit(["a b", "b c"])
assert vectorizer.transform(["a"]).shape == (1, 100)
assert not hasattr(vectorizer, "set_callbacks")
EarlyStopping()
try:
    LossMonitor()
except ImportError:
    print("as expected")
"""


# Takes 2 seconds because a fresh process imports everything.
def test_everything_else_works_without_the_callbacks_of_scikit_learn():
    run = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore:training on", "-c", OLD],
        capture_output=True,
        text=True,
    )
    assert run.stdout == "as expected\n", run.stderr
