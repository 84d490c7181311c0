"""Our vectorizers pass the checks for text vectorizers; broken ones fail them."""

import re
from pathlib import Path

import broken
import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction import text

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.testing import check_text_vectorizer, text_vectorizer_checks

SMALL = {
    "n_components": 4,
    "min_count": 1,
    "max_iter": 2,
    "subsample": 0,
    "batch_size": 16,
    "random_state": 0,
}
SETTINGS = [
    {"loss": "negative_sampling"},
    {"loss": "hierarchical_softmax"},
    {"loss": "softmax"},
    {"n_jobs": 2, "random_state": None},
    {"vocabulary": ["cat", "banks", "피자"]},
    {"analyzer": "char_wb", "token_pattern": None},
]


def names(estimator):
    return [check.__name__ for _, check in text_vectorizer_checks(estimator)]


def failures(estimator):
    """Return the names and the messages of the checks that fail."""
    failed = {}
    for one, check in text_vectorizer_checks(estimator):
        try:
            check(one)
        except AssertionError as error:
            failed[check.__name__] = str(error)
    return failed


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("model", [CBOWVectorizer, SkipGramVectorizer])
def test_our_vectorizers_pass_all_checks(model, settings):
    estimator = model(**SMALL | settings)
    assert len(names(estimator)) == 28
    check_text_vectorizer(estimator)


def test_the_defaults_pass():
    check_text_vectorizer(CBOWVectorizer(n_components=4))


def test_a_fitted_estimator_is_not_changed():
    estimator = CBOWVectorizer(**SMALL).fit(["a b"])
    before = dict(vars(estimator))
    check_text_vectorizer(estimator)
    assert all(vars(estimator)[name] is value for name, value in before.items())


# Each check can fail


def test_the_sound_vectorizer_passes_all_checks():
    assert not failures(broken.Sound())
    assert names(broken.Sound()) == names(CBOWVectorizer())


def test_each_check_has_a_vectorizer_that_fails():
    assert sorted(broken.BROKEN) == sorted(names(broken.Sound()))


@pytest.mark.parametrize(
    ("name", "model"),
    [
        pytest.param(name, model, id=f"{name}-{model.__name__}")
        for name, models in broken.BROKEN.items()
        for model in models
    ],
)
def test_a_broken_vectorizer_fails_only_the_check_for_its_fault(name, model):
    failed = failures(model())
    assert list(failed) == [name]
    assert failed[name].startswith(f"{model.__name__} fails the check that ")
    with pytest.raises(AssertionError, match=re.escape(failed[name])):
        check_text_vectorizer(model())


def test_the_message_says_what_is_required_and_what_happened():
    message = failures(broken.NamesNoPosition())["check_missing_document_raises"]
    assert message == (
        "NamesNoPosition fails the check that an error names the position of a missing "
        "document (None, NaN, NA). The message of `fit` doesn't mention 17: document ? "
        "is not a str"
    )
    message = failures(text.TfidfVectorizer())["check_pandas_output"]
    assert message == (
        'TfidfVectorizer fails the check that `set_output(transform="pandas")` gives '
        "the rows as a DataFrame. AttributeError: 'TfidfVectorizer' object has no "
        "attribute 'set_output'"
    )


# When checks apply


class Stateless(TransformerMixin, BaseEstimator):
    """Vectorizer that returns the length of a text; its column has no name."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        if isinstance(X, broken.REFUSED):
            raise TypeError("not a collection of documents")
        return np.array([[self._length(text, i)] for i, text in enumerate(X)], float)

    def _length(self, text, position):
        if not isinstance(text, str):
            raise TypeError(f"document {position} is not a text")
        return len(text)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


def test_stateless_vectorizers_without_names_have_fewer_checks():
    assert not failures(Stateless())
    assert set(names(broken.Sound())) - set(names(Stateless())) == {
        "check_default_output_comes_back",
        "check_feature_names",
        "check_input_features_are_ignored",
        "check_n_iter",
        "check_no_documents_raise",
        "check_not_fitted_error",
        "check_pandas_output",
        "check_pandas_output_keeps_index",
    }


# The page of the documentation

PAGE = Path(__file__).parents[1] / "docs" / "contract.md"


def table(page):
    """Read from the page which checks each vectorizer of scikit-learn fails."""
    head, _, *rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("|")
    ]
    return {
        name: {row[0] for row in rows if row[column] == "fails"}
        for column, name in enumerate(head[1:], 1)
    }


@pytest.mark.parametrize(
    "name", ["TfidfVectorizer", "CountVectorizer", "HashingVectorizer"]
)
def test_the_page_lists_the_checks_that_vectorizers_of_scikit_learn_fail(name):
    page = PAGE.read_text(encoding="utf-8")
    listed, observed = table(page)[name], set(failures(getattr(text, name)()))
    assert listed
    assert listed <= observed
    if f"(scikit-learn {sklearn.__version__})" in page:
        assert listed == observed
