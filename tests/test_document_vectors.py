"""Weightings and poolings of the estimators, and what follows them in a pipeline."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

import skw2v
from skw2v import (
    CBOWVectorizer,
    CommonComponentRemoval,
    PretrainedVectorizer,
    SkipGramVectorizer,
    WordVectors,
)
from skw2v.datasets import load_lecture
from skw2v.pooling import POOLINGS, WEIGHTINGS
from skw2v.testing import text_vectorizer_checks

SMALL = {
    "n_components": 4,
    "min_count": 1,
    "max_iter": 1,
    "batch_size": 64,
    "random_state": 0,
    "n_clusters": 3,
}
TEXTS = ["I love 피자", "I like 피자 피자", "", "unknown", "love love like"]
ALL = tuple(POOLINGS)
models = pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])


@pytest.fixture(scope="module")
def fitted():
    vectorizer = SkipGramVectorizer(**SMALL, weighting="idf", pooling=ALL)
    return vectorizer.fit(load_lecture())


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        *text_vectorizer_checks(
            CBOWVectorizer(
                **{**SMALL, "n_clusters": 2},
                weighting="idf",
                pooling=("max", "clusters"),
            )
        ),
        *text_vectorizer_checks(
            PretrainedVectorizer(
                WordVectors(["the", "a", "i", "love", "피자"], np.eye(5)),
                weighting="sif",
                pooling=("mean", "clusters"),
                n_clusters=2,
                random_state=0,
            )
        ),
    ],
)
def test_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize("weighting", WEIGHTINGS)
@pytest.mark.parametrize("pooling", [*POOLINGS, ALL, ("min", "mean")])
@models
def test_learned_vectors_are_pooled_as_given_ones(cls, weighting, pooling):
    pools = {"weighting": weighting, "pooling": pooling, "n_clusters": 3}
    learned = cls(**{**SMALL, **pools}).fit(load_lecture())
    given = PretrainedVectorizer(learned.word_vectors(), **pools, random_state=0)
    given.fit(load_lecture())
    np.testing.assert_array_equal(learned.transform(TEXTS), given.transform(TEXTS))
    assert (learned.transform(TEXTS)[[2, 3]] == 0).all()


def test_poolings_of_a_tuple_stand_side_by_side(fitted):
    rows = fitted.transform(TEXTS)
    parts = []
    for name in ALL:
        other = clone(fitted).set_params(pooling=name).fit(load_lecture())
        parts.append(other.transform(TEXTS))
    assert [part.shape[1] for part in parts] == [4, 4, 4, 12]
    np.testing.assert_array_equal(rows, np.hstack(parts))
    assert rows.dtype == np.float32


def test_columns_are_named_after_their_pooling(fitted):
    names = fitted.get_feature_names_out()
    assert len(names) == 24
    assert names[:5].tolist() == [
        *(f"skipgramvectorizer_mean{i}" for i in range(4)),
        "skipgramvectorizer_max0",
    ]
    assert names[-5:].tolist() == [
        "skipgramvectorizer_cluster1_3",
        *(f"skipgramvectorizer_cluster2_{i}" for i in range(4)),
    ]
    plain = clone(fitted).set_params(pooling="mean").fit(load_lecture())
    assert plain.get_feature_names_out()[1] == "skipgramvectorizer1"
    one = clone(fitted).set_params(pooling="max").fit(load_lecture())
    assert one.get_feature_names_out()[1] == "skipgramvectorizer_max1"
    frame = clone(fitted).set_output(transform="pandas").fit_transform(load_lecture())
    assert frame.columns.tolist() == names.tolist()


@models
def test_clusters_are_the_same_in_every_run_for_every_number_of_jobs(cls):
    rows = [
        cls(**SMALL, pooling="clusters", n_jobs=n_jobs).fit_transform(load_lecture())
        for n_jobs in (1, 2, 2)
    ]
    assert np.array_equal(rows[0], rows[1])
    assert np.array_equal(rows[0], rows[2])


def test_what_was_fitted_is_pooled_whatever_is_set_later(fitted):
    changed = pickle.loads(pickle.dumps(fitted))
    changed.set_params(weighting="sif", pooling="max", n_clusters=7)
    assert np.array_equal(changed.transform(TEXTS), fitted.transform(TEXTS))
    assert len(changed.get_feature_names_out()) == 24


@pytest.mark.parametrize("pooling", ["mean", ("clusters", "mean")])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_saved_estimators_pool_as_before(tmp_path, pooling, dtype):
    vectorizer = SkipGramVectorizer(**SMALL, weighting="idf", pooling=pooling)
    vectorizer.fit(load_lecture())
    path = tmp_path / "pooled.safetensors"
    skw2v.save(vectorizer, path, dtype=dtype)
    loaded = skw2v.load(path)
    assert loaded.get_params() == vectorizer.get_params()
    assert loaded.pooling_ == vectorizer.pooling_
    assert np.array_equal(loaded.word_weights_, vectorizer.word_weights_)
    tolerance = 0 if dtype == "float32" else 2e-3
    np.testing.assert_allclose(
        loaded.transform(TEXTS), vectorizer.transform(TEXTS), atol=tolerance
    )


def test_saving_refuses_another_pooling_than_the_fitted_one(tmp_path, fitted):
    for name, value in (("weighting", "sif"), ("pooling", "mean"), ("n_clusters", 2)):
        changed = pickle.loads(pickle.dumps(fitted)).set_params(**{name: value})
        with pytest.raises(ValueError, match=f"^{name} was changed after fit"):
            skw2v.save(changed, tmp_path / "file")


@pytest.mark.parametrize(
    "pooling", [(), ("mean", "mean"), ("mean", "median"), ("mean", 3)]
)
@pytest.mark.parametrize(
    "estimator",
    [SkipGramVectorizer(min_count=1), PretrainedVectorizer(WordVectors(["a"], [[1]]))],
    ids=["learned", "given"],
)
def test_a_tuple_must_have_different_poolings(estimator, pooling):
    with pytest.raises(ValueError, match=r"pooling must be one of .* or a tuple"):
        clone(estimator).set_params(pooling=pooling).fit(["a b a b"])


@models
def test_more_clusters_than_words_are_refused_ahead_of_training(cls, trainings):
    vectorizer = cls(min_count=1, subsample=0, pooling="clusters", n_clusters=9)
    with pytest.raises(ValueError, match="n_clusters=9 is more than the 2 words"):
        vectorizer.fit(["a b a b"])
    assert not trainings


def test_given_vectors_need_a_fit_only_for_what_it_learns():
    vectors = WordVectors(["a", "b"], [[1, 0], [0, 1]])
    rows = PretrainedVectorizer(vectors, pooling=("mean", "max")).transform(["a b b"])
    np.testing.assert_allclose(rows, [[1 / 3, 2 / 3, 1, 1]], rtol=1e-6)
    for changes in ({"weighting": "idf"}, {"pooling": "clusters", "n_clusters": 1}):
        vectorizer = PretrainedVectorizer(vectors, **changes)
        assert vectorizer.__sklearn_tags__().requires_fit
        with pytest.raises(NotFittedError):
            vectorizer.transform(["a"])
    vectorizer = PretrainedVectorizer(vectors, weighting="idf").fit(["a b", "a", "a"])
    a, b = 1, np.log(4 / 2) + 1
    expected = [[a / (a + b), b / (a + b)]]
    np.testing.assert_allclose(vectorizer.transform(["a b"]), expected, rtol=1e-6)


def test_given_vectors_name_what_was_changed_after_fit():
    vectors = WordVectors(["a", "b"], [[1, 0], [0, 1]])
    vectorizer = PretrainedVectorizer(vectors, weighting="idf").fit(["a b", "a"])
    vectorizer.set_params(weighting="sif")
    with pytest.raises(ValueError, match="weighting was changed after fit, from 'idf'"):
        vectorizer.transform(["a"])
    vectorizer.set_params(weighting="idf", vectors=vectors.subset(["a"]))
    with pytest.raises(ValueError, match="vectors was changed after fit; fit again"):
        vectorizer.transform(["a"])


def test_a_search_over_poolings_trains_the_vectors_once(trainings):
    texts = load_lecture()
    vectors = SkipGramVectorizer(**SMALL).fit(texts).word_vectors()
    pipeline = make_pipeline(PretrainedVectorizer(vectors), LogisticRegression())
    grid = {
        "pretrainedvectorizer__weighting": ["uniform", "idf"],
        "pretrainedvectorizer__pooling": ["mean", ("mean", "max")],
    }
    labels = np.arange(len(texts)) % 2
    search = GridSearchCV(pipeline, grid, cv=2).fit(texts, labels)
    assert len(search.cv_results_["params"]) == 4
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert len(trainings) == 1


@models
def test_word_vectors_of_each_kind(cls):
    vectorizer = cls(**SMALL).fit(load_lecture())
    known = vectorizer.word_vectors()
    output = vectorizer.word_vectors(kind="output")
    assert np.array_equal(known.vectors, vectorizer.embeddings_)
    assert np.array_equal(output.vectors, vectorizer.output_embeddings_)
    total = vectorizer.word_vectors(kind="sum")
    assert np.array_equal(total.vectors, known.vectors + output.vectors)
    assert known.words == output.words == total.words
    with pytest.raises(ValueError, match=r"kind must be one of .*; got 'context'"):
        vectorizer.word_vectors(kind="context")


def test_a_tree_has_no_output_vectors_of_words():
    vectorizer = CBOWVectorizer(**SMALL, loss="hierarchical_softmax")
    vectorizer.fit(load_lecture())
    for kind in ("output", "sum"):
        with pytest.raises(ValueError, match="needs output weights for each word"):
            vectorizer.word_vectors(kind)


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=check.func.__name__)
        for estimator, check in estimator_checks.estimator_checks_generator(
            CommonComponentRemoval()
        )
        # These checks skip themselves unless SCIPY_ARRAY_API is set.
        if "array_api" not in check.func.__name__
    ],
)
def test_removal_follows_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n_components", [0, 1, 3])
def test_removed_components_are_those_of_the_training_rows(n_components, dtype):
    rng = np.random.default_rng(0)
    rows, others = (5 + rng.normal(size=(n, 6)) * range(1, 7) for n in (50, 20))
    rows, others = rows.astype(dtype), others.astype(dtype)
    removal = CommonComponentRemoval(n_components).fit(rows)
    mean = rows.mean(axis=0)
    _, _, directions = np.linalg.svd(rows - mean, full_matrices=False)
    first = directions[:n_components]
    for part in (rows, others):
        expected = (part - mean) - (part - mean) @ first.T @ first
        result = removal.transform(part)
        np.testing.assert_allclose(result, expected, atol=1e-4)
        assert result.dtype == dtype
    assert removal.components_.shape == (n_components, 6)


def test_too_many_components_are_refused():
    with pytest.raises(ValueError, match="n_components=3 is more than the 2 columns"):
        CommonComponentRemoval(3).fit(np.eye(2))
    vectors = WordVectors(["a", "b"], np.eye(2))
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match=r"must be from 0 to 2, .*; got "):
            vectors.without_common_components(wrong)
    with pytest.raises(TypeError, match=r"n_components must be an integer; got 1.5"):
        vectors.without_common_components(1.5)


def test_word_vectors_lose_the_components_of_all_words():
    vectors = np.random.default_rng(0).normal(3, 1, (30, 5)).astype(np.float32)
    words = [f"w{i}" for i in range(30)]
    result = WordVectors(words, vectors).without_common_components(2)
    expected = CommonComponentRemoval(2).fit_transform(vectors)
    np.testing.assert_allclose(result.vectors, expected, atol=1e-6)
    assert result.words == tuple(words)
    assert np.linalg.matrix_rank(result.vectors, tol=1e-4) == 3
