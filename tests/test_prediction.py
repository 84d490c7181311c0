import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.training.losses import LOSSES

losses = pytest.mark.parametrize("loss", LOSSES)
SETTINGS = {
    "n_components": 12,
    "window": 1,
    "min_count": 1,
    "subsample": 0,
    "max_iter": 60,
    "batch_size": 16,
    "random_state": 0,
}


@pytest.fixture(scope="module")
def documents():
    return [text.lower().split() for text in load_lecture()]


def observed(documents, cbow):
    """Count the words in the blank of each window, or around each word."""
    counts = {}
    for tokens in documents:
        for i, word in enumerate(tokens):
            contexts = tokens[max(0, i - 1) : i] + tokens[i + 1 : i + 2]
            pairs = [(tuple(contexts), word)] if cbow else [(word, c) for c in contexts]
            for given, target in pairs:
                seen = counts.setdefault(given, {})
                seen[target] = seen.get(target, 0) + 1
    return counts


@losses
def test_probabilities_are_close_to_the_frequencies_in_the_corpus(documents, loss):
    vectorizer = SkipGramVectorizer(loss=loss, **SETTINGS).fit(documents)
    for word in ("love", "like", "i"):
        seen = observed(documents, cbow=False)[word]
        total = sum(seen.values())
        predicted = dict(vectorizer.predict_context(word, topn=1000))
        assert sum(predicted.values()) == pytest.approx(1)
        distance = sum(abs(p - seen.get(w, 0) / total) for w, p in predicted.items())
        assert distance / 2 < 0.25  # total variation


@losses
def test_blanks_are_filled_with_words_that_occur_there(documents, loss):
    vectorizer = CBOWVectorizer(loss=loss, **SETTINGS).fit(documents)
    seen = observed(documents, cbow=True)
    blanks = [contexts for contexts in seen if len(contexts) == 2][:20]
    predictions = vectorizer.predict_center(blanks, topn=2)
    hits = [
        prediction[0][0] in seen[contexts]
        for contexts, prediction in zip(blanks, predictions, strict=True)
    ]
    assert np.mean(hits) > 0.8
    assert all(len(prediction) == 2 for prediction in predictions)


@losses
def test_one_example_is_predicted_as_among_several(documents, loss):
    cbow = CBOWVectorizer(loss=loss, **{**SETTINGS, "max_iter": 2}).fit(documents)
    one = cbow.predict_center(["i", "피자"])
    first, _ = cbow.predict_center([("i", "피자"), ["we", "you"]])
    assert dict(first) == pytest.approx(dict(one), rel=1e-5)
    assert len(one) == 10
    probabilities = [p for _, p in one]
    assert probabilities == sorted(probabilities, reverse=True)
    skip_gram = SkipGramVectorizer(loss=loss, **{**SETTINGS, "max_iter": 2})
    one = skip_gram.fit(documents).predict_context("love", topn=3)
    first, _ = skip_gram.predict_context(["love", "i"], topn=3)
    assert dict(first) == pytest.approx(dict(one), rel=1e-5)


def test_unknown_context_words_are_ignored(documents):
    cbow = CBOWVectorizer(**{**SETTINGS, "max_iter": 1}).fit(documents)
    assert cbow.predict_center(["i", "???"]) == cbow.predict_center(["i"])


def test_invalid_arguments_raise_errors(documents):
    cbow, skip_gram = CBOWVectorizer(**SETTINGS), SkipGramVectorizer(**SETTINGS)
    with pytest.raises(NotFittedError):
        cbow.predict_center(["i"])
    cbow.set_params(max_iter=1).fit(documents)
    skip_gram.set_params(max_iter=1).fit(documents)
    with pytest.raises(
        TypeError, match=r"list of context words, .* got 'love' of type str"
    ):
        cbow.predict_center("love")
    with pytest.raises(TypeError, match="got 3 among the words"):
        cbow.predict_center(["i", 3])
    with pytest.raises(TypeError, match="got 'x' among the examples"):
        cbow.predict_center([["i"], "x"])
    with pytest.raises(TypeError, match="got None among the words"):
        skip_gram.predict_context([None])
    with pytest.raises(ValueError, match=r"none of the words \['unseen'\] is in the"):
        skip_gram.predict_context("unseen")
    with pytest.raises(TypeError, match=r"list of context words, .* got None of type"):
        cbow.predict_center(None)
    with pytest.raises(TypeError, match=r"a word, or a list of words; got 3 of type"):
        skip_gram.predict_context(3)
    for topn in (0, -1):
        with pytest.raises(ValueError, match=f"topn must be 1 or more; got {topn}"):
            cbow.predict_center(["i"], topn=topn)


def test_no_examples_have_no_predictions(documents):
    settings = {**SETTINGS, "max_iter": 1}
    assert CBOWVectorizer(**settings).fit(documents).predict_center([]) == []
    assert SkipGramVectorizer(**settings).fit(documents).predict_context([]) == []


def test_words_that_never_occur_have_probability_0():
    cbow = CBOWVectorizer(vocabulary=["a", "b", "never"], subsample=0, random_state=0)
    predicted = dict(cbow.fit([["a", "b"] * 10]).predict_center(["a"]))
    assert predicted["never"] == 0
