"""Test the code on the Korean pages and on the English page about Korean text.

The tests of the morphological tokenizer run only where kiwipiepy is installed. The test
requirements leave it out because its model takes 88 MB.
"""

import doctest
import pickle
import re
from importlib.util import find_spec
from pathlib import Path

from skw2v import SkipGramVectorizer

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page):
    """Return the interpreter sessions and the other Python blocks of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    sessions = [code for code in found if code.startswith(">>>")]
    return sessions, [code for code in found if code not in sessions]


SESSIONS, (MODULE, SENTENCES) = blocks("korean_text.md")


def run(sessions):
    """Run the sessions in order and fail if any output differs from the page."""
    names = {}
    exec(SENTENCES, names)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    runner.run(parser.get_doctest("\n".join(sessions), names, "korean_text", None, 0))
    assert runner.tries > 0
    assert runner.failures == 0


def test_the_sessions_without_a_tokenizer():
    run([session for session in SESSIONS if "morphemes" not in session])


def test_the_korean_and_english_pages_have_the_same_code():
    assert blocks("ko/korean_text.md") == (SESSIONS, [MODULE])


if find_spec("kiwipiepy"):
    # Takes 2 to 3 seconds because a morphological analyzer loads its model.
    def test_all_sessions_with_a_morphological_tokenizer(tmp_path, monkeypatch):
        (tmp_path / "korean.py").write_text(MODULE, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        run(SESSIONS)

    def test_a_model_with_the_tokenizer_can_be_pickled(tmp_path, monkeypatch):
        (tmp_path / "korean.py").write_text(MODULE, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        from korean import morphemes

        vectorizer = SkipGramVectorizer(
            tokenizer=morphemes, min_count=1, subsample=0, random_state=0
        )
        rows = vectorizer.fit_transform(["나는 피자를 좋아한다", "피자가 맛있다"])
        loaded = pickle.loads(pickle.dumps(vectorizer))
        assert (loaded.transform(["나는 피자만 좋아해요"]) == rows[:1]).all()
