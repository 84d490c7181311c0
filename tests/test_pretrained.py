from copy import copy, deepcopy
from io import BytesIO

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skw2v import (
    CBOWVectorizer,
    PretrainedVectorizer,
    SkipGramVectorizer,
    WordVectors,
)
from skw2v.datasets import load_lecture
from skw2v.io import read_glove, write_glove
from skw2v.testing import text_vectorizer_checks

VECTORS = WordVectors(
    ["love", "hate", "피자", "Rain"], [[1, 0], [-1, 0], [0, 1], [3, 3]]
)
TEXTS = ["I love 피자", "I hate Rain", "nothing known"]


@pytest.mark.parametrize(
    ("estimator", "check"), text_vectorizer_checks(PretrainedVectorizer(VECTORS))
)
def test_contract(estimator, check):
    check(estimator)


def test_rows_are_means_of_the_known_words():
    rows = PretrainedVectorizer(VECTORS).transform(TEXTS)
    np.testing.assert_array_equal(rows, [[0.5, 0.5], [-1, 0], [0, 0]])
    rows = PretrainedVectorizer(VECTORS, lowercase=False).transform(TEXTS)
    np.testing.assert_array_equal(rows, [[0.5, 0.5], [1, 1.5], [0, 0]])


def test_rows_equal_those_of_the_vectorizer_that_learned_the_vectors(make):
    corpus = load_lecture()
    learned = make().fit(corpus)
    given = PretrainedVectorizer(learned.word_vectors())
    np.testing.assert_array_equal(given.transform(corpus), learned.transform(corpus))
    assert given.word_vectors() == learned.word_vectors()


def test_glove_vectors_work_in_a_grid_search_over_a_pipeline():
    file = BytesIO()
    write_glove(VECTORS, file)
    file.seek(0)
    pipeline = make_pipeline(
        PretrainedVectorizer(read_glove(file)), LogisticRegression()
    )
    grid = {"pretrainedvectorizer__lowercase": [True, False]}
    search = GridSearchCV(pipeline, grid, cv=2)
    search.fit(["love", "hate", "love 피자", "hate 피자"], [1, 0, 1, 0])
    assert search.best_score_ == 1
    assert search.predict(["love"]) == [1]


def test_clone_shares_the_vectors():
    vectorizer = clone(PretrainedVectorizer(VECTORS))
    assert vectorizer.vectors is VECTORS
    assert copy(VECTORS) is VECTORS
    assert deepcopy([VECTORS])[0] is VECTORS


@pytest.mark.parametrize("vectors", [None, {"love": [1, 0]}, "glove.txt"])
def test_vectors_must_be_word_vectors(vectors):
    vectorizer = PretrainedVectorizer(vectors)
    for call in (vectorizer.fit, vectorizer.transform):
        with pytest.raises(ValueError, match=r"'vectors' parameter .*WordVectors"):
            call(TEXTS)
    with pytest.raises(ValueError, match="'vectors' parameter"):
        vectorizer.word_vectors()


# Initial vectors


def test_training_starts_from_given_vectors(make):
    corpus = load_lecture()
    init = WordVectors(["love", "unseen"], np.full((2, 8), 0.25))
    # With so small a learning rate, the steps vanish in float32.
    frozen = {"n_components": 8, "learning_rate": 1e-30, "min_learning_rate": 0}
    plain = make(**frozen).fit(corpus)
    with pytest.warns(UserWarning, match="1 of the 2 words of init are not among the"):
        started = make(**frozen, init=init).fit(corpus)
    love = plain.vocabulary_["love"]
    np.testing.assert_array_equal(started.embeddings_[love], 0.25)
    others = np.arange(len(plain.embeddings_)) != love
    np.testing.assert_array_equal(
        started.embeddings_[others], plain.embeddings_[others]
    )
    assert "unseen" not in started.vocabulary_


def test_training_continues_from_given_vectors(make):
    corpus = load_lecture()
    first = make(max_iter=20).fit(corpus)
    again = make(max_iter=20, init=first.word_vectors()).fit(corpus)
    assert again.loss_curve_[-1] < first.loss_curve_[0]
    assert not np.array_equal(again.embeddings_, first.embeddings_)
    assert clone(again).init is again.init


@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
def test_init_must_have_n_components(cls):
    with pytest.raises(ValueError, match=r"init has vectors of 2 components.* is 100"):
        cls(init=VECTORS).fit(TEXTS)
