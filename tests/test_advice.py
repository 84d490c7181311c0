"""Warnings and messages about settings that don't do what they seem to do."""

import inspect
import pydoc
import re
import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from skw2v import CBOWVectorizer, PretrainedVectorizer, SkipGramVectorizer, WordVectors
from skw2v.datasets import load_docstrings, load_lecture
from skw2v.exceptions import LowCoverageWarning
from skw2v.training.losses import LOSSES

CAPITALS = WordVectors(["Berlin", "London"], np.eye(2))


def warnings_of(function, *arguments):
    """Return the messages of the warnings of a call, but not that toys teach little."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ConvergenceWarning)
        function(*arguments)
    return [str(warning.message) for warning in caught]


# Coverage


def test_coverage_is_the_share_of_known_tokens(make, texts):
    vectorizer = make().fit(["a b", "b a"])
    shares = vectorizer.coverage(["a b", "a x", "x y", "", ["b", "z", "z", "z"]])
    np.testing.assert_array_equal(shares, [1, 0.5, 0, np.nan, 0.25])
    assert shares.dtype == np.float64
    assert vectorizer.coverage([]).shape == (0,)
    vectorizer = make(min_count=2).fit(texts)
    kept = set(vectorizer.vocabulary_)
    analyze = vectorizer.build_analyzer()
    expected = [np.mean([token in kept for token in analyze(text)]) for text in texts]
    np.testing.assert_allclose(vectorizer.coverage(texts), expected)


def test_documents_without_vectors_are_counted_in_one_warning(make):
    vectorizer = make().fit(["a b", "b a"])
    (message,) = warnings_of(vectorizer.transform, ["a b c", "x y", "", "a"])
    assert message == (
        "3 of 6 tokens have no vector, and 1 of 4 documents have none at all, so their "
        "rows are zeros; coverage(X) gives the share of each document."
    )
    assert warnings_of(vectorizer.transform, ["a b", "b c a", "", "a"]) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", LowCoverageWarning)
        vectorizer.transform(["x"])


def test_many_unknown_tokens_are_reported(make):
    vectorizer = make().fit(["a b", "b a"])
    assert warnings_of(vectorizer.transform, ["a x"] * 5) == []
    (message,) = warnings_of(vectorizer.transform, ["a x y"] * 5)
    assert message.startswith("10 of 15 tokens have no vector, and 0 of 5 documents")


def test_a_min_count_that_empties_documents_is_reported(make):
    vectorizer = make(min_count=4)
    X = ["a b"] * 4 + ["c d"] * 3
    (message,) = warnings_of(vectorizer.fit_transform, X)
    assert "3 of 7 documents have none at all" in message
    # Whoever gives the vocabulary knows that other words have no vector.
    assert warnings_of(make(vocabulary=["a", "b"]).fit_transform, X) == []


# Capitals


def test_capitals_in_given_vectors_are_explained():
    vectorizer = PretrainedVectorizer(CAPITALS)
    (message,) = warnings_of(vectorizer.fit_transform, ["Berlin", "London"])
    assert message.endswith(
        "lowercase=True turns documents to lower case, but 2 of the 2 words have "
        "capitals."
    )
    vectorizer = PretrainedVectorizer(CAPITALS, lowercase=False)
    assert warnings_of(vectorizer.fit_transform, ["Berlin", "London"]) == []


def test_words_that_need_capitals_are_reported_among_many_others():
    words = ["Berlin", "NASA", "is", "nice", "loud", "Loud"]
    vectorizer = PretrainedVectorizer(WordVectors(words, np.eye(6)))
    X = ["Berlin is nice is nice", "NASA is loud, Loud NASA is not nice"]
    (message,) = warnings_of(vectorizer.transform, X)
    assert message == (
        "words of the documents, such as 'berlin', have a vector only with capitals, "
        "as 'Berlin' (2 in all); lowercase=True turns documents to lower case, "
        "lowercase=False does not."
    )
    # Documents that are lists of tokens are not turned to lower case.
    tokens = [text.replace(",", "").split() for text in X]
    assert warnings_of(vectorizer.transform, tokens) == []
    assert warnings_of(vectorizer.set_params(lowercase=False).transform, X) == []


def test_capitals_in_a_vocabulary_are_reported(make):
    (message,) = warnings_of(make(vocabulary=["Berlin", "a", "b"]).fit, ["a b", "b a"])
    assert message == (
        "1 of the 3 words have capitals, such as 'Berlin', and occur in no "
        "document, because lowercase=True turns documents to lower case."
    )
    # Documents that are lists of tokens are not turned to lower case.
    X = [["Berlin", "a"], ["a", "Berlin"]]
    assert warnings_of(make(vocabulary=["Berlin", "a"]).fit, X) == []


def test_a_vocabulary_of_capitals_is_explained(make):
    vectorizer = make(vocabulary=["Berlin", "NASA", "x"])
    message = (
        "2 of them have capitals, and lowercase=True turns documents to lower case"
    )
    with pytest.raises(ValueError, match=f"in the 2 documents; {message}"):
        vectorizer.fit(["Berlin NASA", "NASA"])
    for change in ({"lowercase": False}, {"preprocessor": str}, {"analyzer": list}):
        with pytest.raises(ValueError, match=r"in the 1 documents\.$"):
            make(vocabulary=["Berlin", "NASA"], **change).fit(["a b"])


# Random vectors


def test_words_that_are_hardly_trained_are_reported():
    vectorizer = SkipGramVectorizer(subsample=0.001, random_state=0)
    (message,) = warnings_of(vectorizer.fit, ["good soup", "bad soup", "good x"] * 30)
    assert "subsample=0.001 drops 93% of the tokens" in message
    X = ["good soup", "bad soup", "good x"] * 30
    assert warnings_of(vectorizer.set_params(subsample=0).fit, X) == []
    (message,) = warnings_of(vectorizer.set_params(subsample="auto").fit, X)
    assert message.startswith("subsample=0.0278 drops 56% of the 180 tokens, because")
    assert warnings_of(vectorizer.fit, load_lecture()) == []


# Trainings that learn next to nothing


def convergence_warnings(vectorizer, X):
    """Fit, and return the messages of the warnings that nothing was learned."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        vectorizer.fit(X)
    found = [each for each in caught if each.category is ConvergenceWarning]
    assert all(each.filename == __file__ for each in found)
    return [str(each.message) for each in found]


@pytest.fixture(scope="module")
def docstrings():
    return load_docstrings(remove=("examples",)).data[::80]  # 17,000 known tokens


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
def test_the_defaults_learn_from_a_small_corpus(docstrings, cls, loss):
    assert convergence_warnings(cls(loss=loss, random_state=0), docstrings) == []


@pytest.mark.parametrize(
    ("cls", "rate", "auto"),
    [(CBOWVectorizer, 0.1, 0.5), (SkipGramVectorizer, 0.02, 0.15)],
)
def test_vectors_that_are_alike_are_reported_with_the_remedy(
    docstrings, cls, rate, auto
):
    vectorizer = cls(max_iter=2, learning_rate=rate, random_state=0)
    (message,) = convergence_warnings(vectorizer, docstrings)
    n_tokens = vectorizer.word_counts_.sum()
    unit = normalize(vectorizer.embeddings_)
    drawn = np.random.default_rng(0).choice(
        len(unit), (2, 100_000), p=vectorizer.word_counts_ / n_tokens
    )
    first, second = drawn[:, drawn[0] != drawn[1]]
    cosine = np.mean(np.sum(unit[first] * unit[second], axis=1))
    found = re.match(
        f"training on {n_tokens:,} tokens has learned next to nothing: the vectors are "
        rf"nearly alike \(mean cosine (.*)\); raise max_iter from 2 to 20 and raise "
        f"learning_rate from {rate} to {auto}.$",
        message,
    )
    assert float(found[1]) == pytest.approx(cosine, abs=2e-3)
    remedy = {"max_iter": 20, "learning_rate": auto}
    assert convergence_warnings(vectorizer.set_params(**remedy), docstrings) == []


def test_a_loss_that_hardly_falls_is_reported_with_the_remedy(docstrings):
    vectorizer = SkipGramVectorizer(loss="softmax", learning_rate=1e-3, random_state=0)
    vectorizer.set_params(max_iter=2, batch_size=8000)
    (message,) = convergence_warnings(vectorizer, docstrings)
    before, after = np.log(len(vectorizer.vocabulary_)), vectorizer.loss_curve_[-1]
    losses = f"{before:.3f} before and {after:.3f}"
    assert f"the loss was {losses} in the last epoch; " in message
    assert "raise max_iter from 2 to 20" in message
    assert "raise learning_rate from 0.001 to 0.15" in message
    batch_size = SkipGramVectorizer().fit(docstrings).hyperparameters_["batch_size"]
    assert message.endswith(f"lower batch_size from 8,000 to {batch_size}.")


def test_automatic_updates_of_many_epochs_are_not_called_too_large(docstrings):
    vectorizer = SkipGramVectorizer(max_iter=30, learning_rate=1e-4, random_state=0)
    (message,) = convergence_warnings(vectorizer, docstrings)
    assert message.endswith("; raise learning_rate from 0.0001 to 0.15.")


def test_a_toy_corpus_whose_tokens_are_dropped_is_reported():
    vectorizer = SkipGramVectorizer(min_count=1, subsample=1e-3, random_state=0)
    (message,) = convergence_warnings(vectorizer, load_lecture())
    assert message.endswith("set subsample, which drops 85% of the tokens, to 0.")
    vectorizer.set_params(subsample="auto")
    assert convergence_warnings(vectorizer, load_lecture()) == []


def test_without_another_remedy_more_epochs_are_advised(make):
    vectorizer = make(loss="softmax", max_iter=25, learning_rate="auto", batch_size=64)
    X = np.random.default_rng(0).choice(list("abcd"), (40, 40)).tolist()
    (message,) = convergence_warnings(vectorizer, X)
    assert message.endswith("raise max_iter from 25 to 50, or train on more text.")


def test_a_single_word_has_no_other_to_differ_from(make):
    vectorizer = make(max_iter=25, vocabulary=["a"], learning_rate="auto")
    assert convergence_warnings(vectorizer, ["a a"] * 9) == []


def test_lost_words_of_init_are_counted(make):
    init = WordVectors(["a", "x", "y"], np.ones((3, 4)))
    (message,) = warnings_of(make(init=init).fit, ["a b", "b a"])
    assert message == (
        "2 of the 3 words of init are not among the 2 words to be learned, and their "
        "vectors are not used; the output weights start at zero."
    )
    assert warnings_of(make(init=init.subset(["a"])).fit, ["a b", "b a"]) == []


def test_windows_over_ngrams_are_called_meaningless(make):
    for ngram_range, n_warnings in (((1, 1), 0), ((1, 2), 1), ((2, 2), 1)):
        analyzer = CountVectorizer(ngram_range=ngram_range).build_analyzer()
        messages = warnings_of(make(analyzer=analyzer).fit, ["aa bb aa", "bb aa bb"])
        assert len(messages) == n_warnings
        tokenizer = make(tokenizer=analyzer)
        assert warnings_of(tokenizer.fit, ["aa bb aa", "bb aa bb"]) == messages
        assert all("windows over them are meaningless" in each for each in messages)


# Constructors


@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vector_size", "did you mean 'n_components'?"),
        ("epochs", "did you mean 'max_iter'?"),
        ("workers", "did you mean 'n_jobs'?"),
        ("hs", "did you mean 'loss'?"),
        ("n_component", "did you mean 'n_components'?"),
        ("windows", "did you mean 'window'?"),
        ("sg", "choose SkipGramVectorizer or CBOWVectorizer instead."),
        ("zzz", "see its docstring."),
    ],
)
def test_unknown_parameters_name_the_class_and_a_similar_parameter(cls, name, expected):
    with pytest.raises(TypeError) as raised:
        cls(**{name: 1})
    assert str(raised.value) == f"{cls.__name__} has no parameter {name!r}; {expected}"


@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
def test_the_signature_is_that_of_the_constructor(cls):
    names = list(inspect.signature(cls).parameters)
    assert names[:2] == ["n_components", "window"]
    assert sorted(names) == sorted(cls().get_params())
    assert "n_components: int = 100" in pydoc.render_doc(cls)


def test_a_subclass_may_add_parameters():
    class Mine(SkipGramVectorizer):
        def __init__(self, extra=1, **parameters):
            super().__init__(**parameters)
            self.extra = extra

    assert Mine(extra=2, window=3).window == 3


@pytest.mark.parametrize(
    "cls", [CBOWVectorizer, type("Mine", (SkipGramVectorizer,), {})]
)
def test_parameters_without_names_are_refused(cls):
    with pytest.raises(TypeError) as raised:
        cls(["a text"] * 1000)
    assert str(raised.value) == (
        f"{cls.__name__} takes no positional arguments; got ['a text', 'a text', "
        "'a text', 'a text', 'a text', 'a text', ...]: parameters need names, and "
        "documents belong to fit."
    )
    assert PretrainedVectorizer(CAPITALS).vectors is CAPITALS
    with pytest.raises(
        TypeError, match=r"^Pretrained.* takes 1 positional argument; got 7"
    ):
        PretrainedVectorizer(CAPITALS, 7)


def test_invalid_values_give_short_messages(make):
    with pytest.raises(ValueError, match="'stop_words' parameter") as raised:
        make(stop_words={f"word{i}" for i in range(10_000)}).fit(["a b"])
    assert len(str(raised.value)) < 500


# Overridden methods


class Louder(SkipGramVectorizer):
    """Doubles the rows."""

    def transform(self, X):
        return 2 * super().transform(X)


class Shorter(CBOWVectorizer):
    """Learns from the first half of the documents."""

    def fit(self, X, y=None):
        X = list(X)
        return super().fit(X[: len(X) // 2], y)


class Marked(SkipGramVectorizer):
    """Marks the tokens."""

    def build_analyzer(self):
        analyze = super().build_analyzer()
        return lambda document: [f"{token}!" for token in analyze(document)]


def test_an_overridden_analyzer_is_used_everywhere(texts):
    vectorizer = Marked(min_count=1, subsample=0, random_state=0, n_components=4)
    vectorizer.fit(texts)
    plain = SkipGramVectorizer(**vectorizer.get_params()).fit(texts)
    assert list(vectorizer.vocabulary_) == [f"{word}!" for word in plain.vocabulary_]
    np.testing.assert_array_equal(vectorizer.transform(texts), plain.transform(texts))
    assert vectorizer.score(texts) == plain.score(texts)
    assert vectorizer.coverage(texts).tolist() == [1] * len(texts)


@pytest.mark.parametrize("cls", [Louder, Shorter])
@pytest.mark.parametrize("collect", [list, iter], ids=["list", "iterator"])
def test_fit_transform_honors_overridden_methods(cls, collect, texts):
    vectorizer = cls(min_count=1, subsample=0, random_state=0, n_components=4)
    expected = vectorizer.fit(texts).transform(texts)
    result = vectorizer.fit_transform(collect(texts))
    np.testing.assert_array_equal(result, expected)
    pipeline = make_pipeline(vectorizer, LogisticRegression()).fit(texts, [0, 1] * 4)
    plain = LogisticRegression().fit(expected, [0, 1] * 4)
    np.testing.assert_array_equal(pipeline[-1].coef_, plain.coef_)


# Parameters that are changed after fit


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "hierarchical_softmax"},
        {"loss": "softmax"},
        {"window": 7},
        {"n_components": 99},
        {"negative": 0},
        {"min_learning_rate": 9.0},
        {"subsample": 0.5, "ns_exponent": 0.1, "shrink_windows": False},
    ],
    ids=str,
)
@pytest.mark.parametrize("loss", ["negative_sampling", "softmax"])
def test_what_was_fitted_answers(make, texts, changes, loss):
    def answers(vectorizer):
        yield vectorizer.score(texts)
        yield vectorizer.transform(texts).tolist()
        if isinstance(vectorizer, CBOWVectorizer):
            yield vectorizer.predict_center(["cat", "ran"])
        else:
            yield vectorizer.predict_context("cat")
        if loss == "softmax":
            yield str(vectorizer.explain(texts[0]))

    vectorizer = make(loss=loss).fit(texts)
    expected = list(answers(vectorizer))
    assert list(answers(vectorizer.set_params(**changes))) == expected


def test_the_resolved_hyperparameters_can_be_read(make, texts):
    vectorizer = make(batch_size="auto", max_iter="auto").fit(texts)
    auto = 0.5 if isinstance(vectorizer, CBOWVectorizer) else 0.15
    assert vectorizer.hyperparameters_["learning_rate"] == auto
    assert vectorizer.hyperparameters_["batch_size"] == 256
    assert vectorizer.hyperparameters_["max_iter"] == vectorizer.n_iter_ == 20
    assert vectorizer.hyperparameters_["window"] == 2
