"""Searches without labels, the cache of a Pipeline, and the page about both."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import mode
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    train_test_split,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

ROOT = Path(__file__).parents[1]
LABELS = [0] * 4 + [1] * 4
HALVING = {"factor": 2, "random_state": 0}
GRID = {"n_components": [1, 4], "max_iter": [1, 20]}


@pytest.fixture(scope="module", autouse=True)
def one_blas_thread():
    """Limit BLAS to one thread; several are slow while other processes run."""
    with threadpool_limits(1, user_api="blas"):
        yield


# Takes 2 seconds because processes of the second search import everything.
def test_a_search_needs_no_labels(make, texts):
    texts = texts[::2] * 5 + texts[1::2] * 5
    vectorizer = make(learning_rate=0.1)
    search = GridSearchCV(vectorizer, GRID, cv=2, error_score="raise").fit(texts)
    assert search.best_params_ == {"n_components": 4, "max_iter": 20}
    scores = search.cv_results_["mean_test_score"]
    parallel = GridSearchCV(vectorizer, GRID, cv=2, n_jobs=2).fit(texts)
    assert np.array_equal(parallel.cv_results_["mean_test_score"], scores)
    assert search.score(texts) == search.best_estimator_.score(texts)


@pytest.fixture(params=[CBOWVectorizer, SkipGramVectorizer], ids=["cbow", "skip-gram"])
def small(request):
    """Return a Pipeline, and a few docstrings and their packages, in two parts."""
    pipeline = Pipeline(
        [
            ("vectors", request.param(n_components=20, random_state=0)),
            ("scaler", StandardScaler()),
            ("classifier", LogisticRegression(max_iter=1000)),
        ]
    )
    texts, packages = load_docstrings(remove=("examples",), return_X_y=True)
    texts, packages = texts[::20], packages[::20]
    return pipeline, *train_test_split(
        texts, packages, train_size=0.6, stratify=packages, random_state=0
    )


# Takes 2 to 3 seconds for thirteen trainings, in processes that import everything.
def test_a_grid_over_a_small_corpus_prefers_the_defaults(small):
    pipeline, X, X_test, y, y_test = small
    grid = {"vectors__max_iter": [1, "auto"], "vectors__learning_rate": [1e-3, "auto"]}
    search = GridSearchCV(pipeline, grid, cv=3, n_jobs=2).fit(X, y)
    assert set(search.best_params_.values()) == {"auto"}
    assert search.score(X_test, y_test) > 1.4 * np.mean(y_test == mode(y).mode)


# Takes 2 seconds for 22 trainings.
def test_epochs_are_a_resource_of_a_halving_search(small):
    pipeline, X, X_test, y, y_test = small
    search = HalvingGridSearchCV(
        pipeline,
        {"vectors__learning_rate": [1e-4, 1e-3, 0.2, "auto"]},
        resource="vectors__max_iter",
        min_resources=5,
        max_resources=20,
        cv=3,
        **HALVING,
    ).fit(X, y)
    assert search.n_resources_ == [5, 10, 20]
    assert search.best_params_["vectors__learning_rate"] in (0.2, "auto")
    assert search.best_estimator_["vectors"].n_iter_ == 20
    assert search.score(X_test, y_test) > 1.4 * np.mean(y_test == mode(y).mode)


def test_epochs_are_a_resource_of_a_search_without_labels(make, texts):
    search = HalvingGridSearchCV(
        make(),
        {"learning_rate": [1e-4, 0.1]},
        resource="max_iter",
        min_resources=8,
        max_resources=16,
        cv=2,
        **HALVING,
    ).fit(texts * 5)
    assert search.best_params_ == {"learning_rate": 0.1, "max_iter": 16}


def test_lists_of_words_and_joined_words_are_searched_as_texts(make, texts):
    texts = [text.lower() for text in texts] * 4
    words = [re.findall(r"\w+", text) for text in texts]
    searches = [
        GridSearchCV(make(**settings), GRID, cv=2).fit(documents)
        for documents, settings in [
            (texts, {}),
            (words, {}),
            ([" ".join(text) for text in words], {"analyzer": str.split}),
        ]
    ]
    scores = [search.cv_results_["mean_test_score"] for search in searches]
    assert np.array_equal(scores[0], scores[1])
    assert np.array_equal(scores[0], scores[2])


def test_the_last_step_of_a_pipeline_is_scored(make, texts):
    doubled = FunctionTransformer(lambda texts: [2 * text for text in texts])
    pipeline = make_pipeline(doubled, make()).fit(texts)
    texts_twice = [2 * text for text in texts]
    assert pipeline.score(texts) == make().fit(texts_twice).score(texts_twice)
    name = pipeline.steps[-1][0]
    grid = {f"{name}__{key}": values for key, values in GRID.items()}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(texts * 4)
    assert search.best_params_[f"{name}__max_iter"] == 20


def test_a_fold_without_pairs_gives_nan_like_other_failures(make, texts):
    search = GridSearchCV(make(), {"window": [1, 2]}, cv=2, refit=False)
    expected = "none of its 1 documents holds two of the 6 learned words"
    with pytest.warns(UserWarning) as warnings:  # noqa: PT030 - two of them
        search.fit([texts[0], texts[4]])
    messages = [str(each.message) for each in warnings if each.category is UserWarning]
    assert expected in messages[0]
    assert np.isnan(search.cv_results_["mean_test_score"]).all()


def make_classifier(vectorizer, folder):
    return make_pipeline(vectorizer, LogisticRegression(), memory=str(folder))


@pytest.mark.parametrize("random_state", [0, None])
def test_memory_keeps_fitted_vectorizers(
    make, texts, trainings, tmp_path, random_state
):
    pipeline = make_classifier(make(random_state=random_state), tmp_path)
    for C in (0.1, 1, 10):
        pipeline.set_params(logisticregression__C=C).fit(texts, LABELS)
    assert len(trainings) == 1
    name = pipeline.steps[0][0]
    grid = {"logisticregression__C": [0.1, 1, 10], f"{name}__window": [1, 2]}
    GridSearchCV(pipeline, grid, cv=2, refit=False).fit(texts, LABELS)
    assert len(trainings) == 1 + 2 * 2  # windows and folds


def test_memory_distinguishes_documents_parameters_and_seeds(
    make, texts, trainings, tmp_path
):
    pipeline = make_classifier(make(), tmp_path)
    name = pipeline.steps[0][0]
    pipeline.fit(texts, LABELS)
    pipeline.fit(texts[::-1], LABELS)
    for change in ({"window": 1}, {"random_state": 1}, {"lowercase": False}):
        pipeline.set_params(**{f"{name}__{key}": v for key, v in change.items()})
        pipeline.fit(texts, LABELS)
    assert len(trainings) == 5


def test_memory_does_not_match_a_used_random_state(make, texts, trainings, tmp_path):
    pipeline = make_classifier(make(random_state=np.random.RandomState(0)), tmp_path)
    for _ in range(2):
        pipeline.fit(texts, LABELS)
    assert len(set(trainings)) == 2


@pytest.fixture
def page():
    """Return the examples of the page in their order."""
    text = (ROOT / "docs" / "tuning.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


# Takes 8 seconds for the 33 trainings of three searches.
def test_the_page_says_what_its_searches_find(page, trainings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    documents, without_labels, with_labels, poolings, words = page
    names = {}
    exec(documents, names)
    exec(without_labels, names)
    best = names["search"].best_params_
    assert f"search.best_params_  # {best}" in without_labels
    trainings.clear()
    exec(with_labels, names)
    assert len(trainings) == 7
    assert names["search"].best_score_ > 0.6
    trainings.clear()
    exec(poolings, names)
    assert len(trainings) == 1
    assert names["search"].best_score_ > 0.6
    exec(words, names)
    assert names["search"].best_params_ == best


@pytest.fixture
def grid_search(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module("grid_search")


# Takes 4 seconds for some 40 trainings, most of them in searches.
def test_the_benchmark_prints_all_tables(grid_search, monkeypatch, capsys):
    monkeypatch.setattr(grid_search, "CHOICE", grid_search.CHOICE[:2])
    monkeypatch.setattr(grid_search, "GRID", {"max_iter": [1]})
    frames = grid_search.main(["--every=200", "--turns=1", "--jobs=1"])
    printed = capsys.readouterr().out
    for name, frame in frames.items():
        assert grid_search.TABLES[name].__doc__ in printed
        assert np.isfinite(frame.select_dtypes("number")).all(axis=None)
