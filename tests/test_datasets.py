"""Tests of the text data sets."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import scipy

from skw2v import datasets
from skw2v.datasets import load_docstrings, load_lecture

TARGET_NAMES = ["numpy", "pandas", "scikit-learn", "scipy"]
IMPORT_NAMES = ["numpy", "pandas", "sklearn", "scipy"]

SCRIPT = """
import hashlib, json, os, pandas, sys, threading, warnings
import sklearn.experimental.enable_halving_search_cv, sklearn.experimental
import sklearn.experimental.enable_iterative_imputer
from skw2v.datasets import load_docstrings

def state():
    return [list(warnings.filters), dict(os.environ), threading.active_count()]

pandas.set_option("display.max_rows", 7)
warnings.simplefilter("always")
before = state()
dataset = load_docstrings()
print(json.dumps({
    "names": hashlib.sha256("\\0".join(dataset.names).encode()).hexdigest(),
    "text": hashlib.sha256("\\0".join(dataset.text).encode()).hexdigest(),
    "untouched": state() == before,
    "avoidable": sorted({"matplotlib", "pytest", "scipy.odr"} & set(sys.modules)),
}))
"""


def digest(strings):
    return hashlib.sha256("\0".join(strings).encode()).hexdigest()


def count_words(texts):
    return sum(len(re.findall(r"(?u)\b\w+\b", text)) for text in texts)


@pytest.fixture(scope="module")
def full():
    return load_docstrings()


@pytest.fixture(scope="module")
def prose():
    return load_docstrings(remove=("examples",))


def test_docstrings_are_many(full):
    assert 10_000 <= len(full.text) <= 13_000
    # Docstrings have grown: 1.9 million words in the oldest supported versions.
    recent = tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 17)
    assert count_words(full.text) > (2_000_000 if recent else 1_800_000)


def test_docstrings_bunch(full):
    n_documents = len(full.text)
    assert isinstance(full.data, list)
    assert full.text is full.data
    assert all(type(text) is str for text in full.data)
    assert isinstance(full.target, np.ndarray)
    assert full.target.shape == (n_documents,)
    assert full.target.dtype.kind == "i"
    assert len(full.names) == n_documents
    assert full.target_names == TARGET_NAMES
    assert full.frame is None
    assert full.DESCR.startswith("Docstrings of four Python packages")


def test_docstrings_have_all_labels(full):
    assert np.bincount(full.target).min() > 1_000
    assert np.bincount(full.target).shape == (4,)


def test_docstrings_label_is_the_package_of_the_name(full):
    packages = [name.split(".")[0] for name in full.names]
    assert packages == [IMPORT_NAMES[label] for label in full.target]


@pytest.mark.parametrize(
    "name",
    [
        "numpy.linspace",  # function
        "numpy.add",  # ufunc
        "numpy.ndarray.shape",  # attribute of a C type
        "pandas.DataFrame",  # class
        "pandas.DataFrame.merge",  # method
        "pandas.Timestamp.combine",  # compiled class method
        "scipy.special.gamma",  # ufunc of a package other than numpy
        "scipy.stats.norm",  # instance
        "scipy.sparse.bsr_array.todense",  # method of a private base class
        "scipy.linalg",  # module
        "sklearn.linear_model.Ridge",  # class of a private module
        "sklearn.svm.NuSVC.predict_proba",  # descriptor of a private base class
    ],
)
def test_docstrings_contain(full, name):
    assert name in full.names


@pytest.mark.parametrize(
    "name",
    [
        "scipy.fftpack.fftshift",  # belongs to numpy
        "pandas.DataFrame._repr_html_",
        "pandas.core.computation.expr.iskeyword",  # method of a builtin
        "numpy.pi",  # has the docstring of float
        "pandas.DataFrame.plot",  # has the docstring of its descriptor
    ],
)
def test_docstrings_do_not_contain(full, name):
    assert name not in full.names


def test_docstrings_text_is_the_clean_docstring(full):
    text = full.text[full.names.index("numpy.linspace")]
    lines = text.split("\n")
    assert lines[0] == "Return evenly spaced numbers over a specified interval."
    assert "Parameters" in lines
    assert all(text == text.strip() != "" for text in full.text)


def test_docstrings_do_not_repeat(full, prose):
    for dataset in (full, prose):
        assert len(set(dataset.text)) == len(dataset.text)
        assert len(set(dataset.names)) == len(dataset.names)


def test_docstrings_are_in_order(full):
    rows = list(zip(full.target, full.names, strict=True))
    assert rows == sorted(rows)


def test_docstrings_leave_out_tests(full):
    test_module = re.compile(r"\._?(tests?|testing|conftest|testutils)\.")
    assert [name for name in full.names if test_module.search(name)] == []


def test_docstrings_leave_out_private_names(full):
    modules = {name for name in full.names if name in sys.modules}
    private = [name for name in full.names if name.split(".")[-1].startswith("_")]
    assert set(private) <= modules


def test_docstrings_are_reproducible_and_silent(full):
    """Also with another hash seed and after imports that change the packages.

    This takes 2 to 3 seconds, because a fresh process reads the docstrings again.
    """
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={
            **os.environ,
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert json.loads(run.stdout) == {
        "names": digest(full.names),
        "text": digest(full.text),
        "untouched": True,
        "avoidable": [],
    }


def test_docstrings_without_examples(full, prose):
    starts = re.compile(r"^\s*(>>>|\.\.\. )", re.MULTILINE)
    assert sum(bool(starts.search(text)) for text in full.text) > 2_000
    assert not any(starts.search(text) for text in prose.text)
    assert 1_500_000 < count_words(prose.text) < count_words(full.text)


def test_docstrings_without_examples_keep_the_prose(full, prose):
    name = "numpy.linspace"
    before = full.text[full.names.index(name)].split("\n")
    after = prose.text[prose.names.index(name)].split("\n")
    example = before.index("Examples")
    assert after[:example] == before[:example]
    assert "Graphical illustration:" in after
    assert "array([2.  , 2.25, 2.5 , 2.75, 3.  ])" in before
    assert "array([2.  , 2.25, 2.5 , 2.75, 3.  ])" not in after


def test_example_ends_at_blank_line():
    text = (
        "Before.\n\n>>> f(\n...     1)\n  2\n3\n\nAfter >>> this.\n    >>> g()\n    4"
    )
    assert datasets._without_examples(text) == "Before.\n\n\nAfter >>> this."


def test_set_of_arguments_has_one_order():
    text = "Use of argument(s) ``{'b', 'c', 'a'}`` by position, not {'b', 'a'}"
    expected = "Use of argument(s) ``{'a', 'b', 'c'}`` by position, not {'b', 'a'}"
    assert datasets._clean(text) == expected


def test_docstrings_as_frame(full):
    dataset = load_docstrings(as_frame=True)
    assert isinstance(dataset.frame, pd.DataFrame)
    assert list(dataset.frame.columns) == ["text", "target"]
    assert isinstance(dataset.data, pd.Series)
    assert dataset.text is dataset.data
    assert (dataset.data.name, dataset.target.name) == ("text", "target")
    assert dataset.data.tolist() == full.data
    assert dataset.target.tolist() == full.target.tolist()
    assert dataset.frame["text"].equals(dataset.text)
    assert dataset.names == full.names


def test_docstrings_return_X_y(full):
    X, y = load_docstrings(return_X_y=True)
    assert full.data == X
    np.testing.assert_array_equal(y, full.target)


def test_docstrings_return_X_y_as_frame(full):
    X, y = load_docstrings(return_X_y=True, as_frame=True)
    assert isinstance(X, pd.Series)
    assert isinstance(y, pd.Series)
    assert X.tolist() == full.data


@pytest.mark.parametrize("remove", [["examples"], {"examples"}])
def test_remove_may_be_any_collection(prose, remove):
    assert load_docstrings(remove=remove).text == prose.text


def test_unknown_part_to_remove():
    message = r"remove may only contain \['examples'\], got unknown \['headers'\]\."
    with pytest.raises(ValueError, match=message):
        load_docstrings(remove=("examples", "headers"))


@pytest.mark.parametrize("remove", ["examples", "", None])
def test_remove_must_be_a_collection_of_names(remove):
    message = rf"remove must be a tuple of names .*, got {remove!r}\."
    with pytest.raises(ValueError, match=message):
        load_docstrings(remove=remove)


def test_lecture_starts_with_the_running_example():
    assert load_lecture()[0] == "I love 피자"


def test_lecture_is_small_and_regular():
    sentences = load_lecture()
    assert isinstance(sentences, list)
    assert all(len(sentence.split(" ")) == 3 for sentence in sentences)
    assert len(set(sentences)) == len(sentences) == 120


def test_lecture_is_balanced():
    counts = Counter(word for s in load_lecture() for word in s.split())
    assert counts["love"] == counts["like"] == 60
    assert counts["I"] == 20
    assert counts["피자"] == 12


def test_lecture_verbs_share_their_contexts():
    contexts = {}
    for sentence in load_lecture():
        words = sentence.split()
        for i, word in enumerate(words):
            others = Counter(words[:i] + words[i + 1 :])
            contexts[word] = contexts.get(word, Counter()) + others
    assert contexts["love"] == contexts["like"]
    assert "love" not in contexts["like"]
    assert {"I", "피자"} <= set(contexts["love"])
    assert {"love", "like"} <= set(contexts["I"]) & set(contexts["피자"])
