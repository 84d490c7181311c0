"""The examples of "With the rest of scikit-learn" run, with sensible results."""

import re
from functools import cache
from pathlib import Path
from traceback import format_exception

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.pipeline import make_pipeline
from skrub import TableVectorizer
from threadpoolctl import threadpool_limits

PAGE = Path(__file__).parents[1] / "docs" / "ecosystem.md"


@pytest.fixture(scope="module")
def examples():
    """Return the code below each heading."""
    beginning, *sections = PAGE.read_text(encoding="utf-8").split("\n## ")
    code = re.compile(r"```python\n(.*?)```", flags=re.DOTALL)
    return {
        "beginning": code.search(beginning)[1],
        **{s.splitlines()[0]: code.search(s)[1] for s in sections if code.search(s)},
    }


@pytest.fixture(scope="module")
def documents(examples):
    """Return the names that all examples share, with fewer texts to learn from.

    The 2,000 of the page take twice as long, for each of the examples.
    """
    names = {}
    exec(examples["beginning"], names)
    for name in ("X_train", "y_train"):
        names[name] = names[name][:800]
    return names


@pytest.fixture(scope="module")
def run(examples, documents):
    """Return a function that runs the example below a heading and returns its names."""

    @cache
    def run_example(heading):
        names = dict(documents)
        # Several threads of BLAS and OpenMP are slow while other processes run.
        with threadpool_limits(1):
            exec(examples[heading], names)
        return names

    return run_example


# The share of the largest class is 0.4. The trees take 2 to 3 seconds to fit.
@pytest.mark.parametrize(
    ("heading", "minimum"),
    [
        ("Text beside numbers", 0.7),
        ("Beside TF-IDF", 0.8),
        ("Texts without labels", 0.65),
        ("Rare classes", 0.7),
        ("Trees", 0.7),
    ],
)
def test_a_classifier_learns(run, heading, minimum):
    assert minimum < run(heading)["accuracy"] < 1


def test_columns_have_the_names_of_their_transformers(run):
    names = run("Text beside numbers")["columns"].get_feature_names_out()
    assert len(names) == 102
    assert [names[0], *names[-2:]] == [
        "words__skipgramvectorizer0",
        "sizes__n_lines",
        "sizes__n_characters",
    ]


def test_neighbors_are_of_the_same_package(run):
    names = run("Similar documents")
    found = names["y_train"].to_numpy()[names["rows"]]
    same = found == names["y_test"].to_numpy()[:, None]
    assert found.shape == (1000, 5)
    assert same.mean() > 0.65
    assert np.isfinite(names["distances"]).all()


def test_groups_are_related_to_the_packages(run):
    names = run("Groups of documents")
    assert set(names["groups"]) == {0, 1, 2, 3}
    assert adjusted_mutual_info_score(names["y_train"], names["groups"]) > 0.1


# skrub


# Takes 2 to 3 seconds because vectors are learned from the same texts twice.
def test_skrub_passes_a_column_of_text(run):
    names = run("Tables, with skrub")
    features, frame = names["features"], names["frame"]
    assert isinstance(features, pd.DataFrame)
    assert features.index.equals(frame.index)
    assert list(features)[-1] == "n_lines"
    vectorizer = names["SkipGramVectorizer"](random_state=0)
    np.testing.assert_array_equal(
        features.iloc[:, :-1], vectorizer.fit_transform(frame["text"])
    )


def test_skrub_passes_each_of_several_columns(make, texts):
    frame = pd.DataFrame({"first": texts, "second": texts[::-1]})
    vectorizer = TableVectorizer(high_cardinality=make(), cardinality_threshold=2)
    features = vectorizer.fit_transform(frame)
    for column, rows in (("first", slice(0, 4)), ("second", slice(4, 8))):
        expected = make().fit_transform(frame[column])
        np.testing.assert_array_equal(features.iloc[:, rows], expected)


def test_a_missing_text_is_named_through_skrub(make, texts):
    frame = pd.DataFrame({"text": [*texts, None]})
    vectorizer = TableVectorizer(high_cardinality=make(), cardinality_threshold=2)
    with pytest.raises(ValueError, match=r"missing|column 'text'") as error:
        vectorizer.fit(frame)
    assert "Document 8 is missing" in "".join(format_exception(error.value))
    rows = vectorizer.fit_transform(frame.fillna("."))
    assert not rows[8:].any(axis=None)


# HTML


def test_the_html_view_links_to_the_documentation(make, texts):
    vectorizer = make()
    page = f'api/skw2v.{type(vectorizer).__name__}.html"'
    assert page in vectorizer._repr_html_()
    assert page in vectorizer.fit(texts)._repr_html_()
    assert page in make_pipeline(vectorizer, LogisticRegression())._repr_html_()


def test_other_subclasses_have_no_page(make):
    class Own(type(make())):
        pass

    assert "skw2v.Own" not in Own()._repr_html_()
