import re

import numpy as np
import pandas as pd
import pytest
from corpora import DEFAULTS
from sklearn.exceptions import NotFittedError

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.corpus import Corpus
from skw2v.datasets import load_lecture
from skw2v.explanation import STAGES
from skw2v.training import optimizer
from skw2v.training.hyperparameters import Hyperparameters
from skw2v.training.model import Model
from skw2v.training.trainer import Trainer

POSITIONS = [None, 0, 3, 8]
# Words occur several times, even within one window; one is not in the vocabulary.
DOCUMENT = "the cat and a mouse: the mouse, the unknown cat ran"
KNOWN = ["the", "cat", "and", "a", "mouse", "the", "mouse", "the", "cat", "ran"]


@pytest.fixture
def vectorizer(make, texts):
    return make(loss="softmax", max_iter=20).fit(texts)


def fit_lecture(make, **parameters):
    return make(loss="softmax", lowercase=False, **parameters).fit(load_lecture())


def float64_matrices(vectorizer):
    return (
        vectorizer.embeddings_.astype(np.float64),
        vectorizer.output_embeddings_.astype(np.float64),
    )


def contexts(tokens, position, window):
    nearby = range(max(position - window, 0), position + window + 1)
    return [tokens[i] for i in nearby if i != position and i < len(tokens)]


def positive(row):
    return row[row > 0].to_dict()


def loss(W_in, W_out, vectorizer, position):
    """Compute the cross-entropy in plain loops over tokens."""
    total, row = 0.0, vectorizer.vocabulary_
    for i in range(len(KNOWN)) if position is None else [position]:
        inputs, targets = [KNOWN[i]], contexts(KNOWN, i, vectorizer.window)
        if isinstance(vectorizer, CBOWVectorizer):
            inputs, targets = targets, inputs
        logits = W_out @ np.mean([W_in[row[word]] for word in inputs], axis=0)
        for word in targets:
            total += np.log(np.exp(logits).sum()) - logits[row[word]]
    return total


# Numbers


@pytest.mark.parametrize("window", [1, 3, 20])
def test_the_step_equals_that_of_training(monkeypatch, make, texts, window):
    monkeypatch.setattr(optimizer, "STEP_LIMIT", np.inf)
    vectorizer = make(loss="softmax", max_iter=20, window=window).fit(texts)
    explanation = vectorizer.explain(DOCUMENT)
    ids = np.array([vectorizer.vocabulary_[word] for word in KNOWN], np.int32)
    matrices = float64_matrices(vectorizer)
    changes = {
        "cbow": isinstance(vectorizer, CBOWVectorizer),
        "loss": "softmax",
        "n_components": vectorizer.n_components,
        "window": window,
        "shrink_windows": False,
        "max_iter": 1,
        "learning_rate": explanation.learning_rate,
        "batch_size": 64,
    }
    counts = np.bincount(ids, minlength=len(matrices[0]))
    hyperparameters = Hyperparameters(**{**DEFAULTS, **changes})
    corpus = Corpus(ids, np.array([0, len(ids)]))
    model = Model(hyperparameters, counts, *matrices)
    (mean_loss,) = Trainer(corpus, model, seed=0).epochs(1)
    n_pairs = explanation.targets.to_numpy().sum()
    assert explanation.cross_entropy == pytest.approx(mean_loss * n_pairs, rel=1e-12)
    for name, matrix in zip(["embeddings", "output"], matrices, strict=True):
        before, after = (
            getattr(explanation, n).to_numpy() for n in (name, f"{name}_after")
        )
        assert np.abs(after - before).max() > 1e-3  # there was a step
        np.testing.assert_allclose(after, matrix, rtol=0, atol=1e-12)


@pytest.mark.parametrize("position", POSITIONS)
def test_gradients_match_finite_differences(vectorizer, position):
    explanation = vectorizer.explain(DOCUMENT, position)
    matrices = float64_matrices(vectorizer)
    shape, size = matrices[0].shape, matrices[0].size

    def loss_of(flat):
        W_in, W_out = flat[:size].reshape(shape), flat[size:].reshape(shape)
        return loss(W_in, W_out, vectorizer, position)

    point = np.concatenate([matrix.ravel() for matrix in matrices])
    steps = 1e-5 * np.eye(len(point))
    numeric = [(loss_of(point + s) - loss_of(point - s)) / 2e-5 for s in steps]
    gradients = explanation.embeddings_gradient, explanation.output_gradient
    exact = np.concatenate(gradients)
    assert explanation.cross_entropy == pytest.approx(loss_of(point), rel=1e-12)
    np.testing.assert_allclose(exact.ravel(), numeric, atol=1e-8)


@pytest.mark.parametrize("learning_rate", ["auto", 0.7])
def test_the_step_uses_the_initial_learning_rate(make, texts, learning_rate):
    vectorizer = make(loss="softmax", learning_rate=learning_rate).fit(texts)
    explanation = vectorizer.explain(DOCUMENT, 1)
    auto = 0.5 if isinstance(vectorizer, CBOWVectorizer) else 0.15
    rate = auto if learning_rate == "auto" else learning_rate
    assert explanation.learning_rate == rate
    pd.testing.assert_frame_equal(
        explanation.output_after,
        explanation.output - rate * explanation.output_gradient,
    )
    assert f"W_out - {rate} * dL/dW_out" in str(explanation)


def test_positions_add_up_to_the_document(vectorizer):
    together = vectorizer.explain(DOCUMENT)
    alone = [vectorizer.explain(DOCUMENT, i) for i in range(len(KNOWN))]
    assert together.cross_entropy == pytest.approx(sum(e.cross_entropy for e in alone))
    pd.testing.assert_frame_equal(together.hidden, pd.concat(e.hidden for e in alone))
    for name in ("embeddings_gradient", "output_gradient"):
        total = sum(getattr(e, name) for e in alone)
        pd.testing.assert_frame_equal(getattr(together, name), total)


def test_large_logits_do_not_overflow(vectorizer):
    vectorizer.output_embeddings_ = 1e5 * vectorizer.output_embeddings_
    explanation = vectorizer.explain(DOCUMENT)
    assert np.isfinite(explanation.cross_entropy)
    np.testing.assert_allclose(explanation.probabilities.sum(axis=1), 1)


def test_an_explanation_does_not_change_the_fitted_matrices(vectorizer):
    before = [matrix.copy() for matrix in float64_matrices(vectorizer)]
    explanation = vectorizer.explain(DOCUMENT)
    explanation.embeddings.iloc[:] = 0
    for old, new in zip(before, float64_matrices(vectorizer), strict=True):
        np.testing.assert_array_equal(old, new)


# Labels


def test_parameters_that_changed_after_fit_change_nothing(vectorizer, texts):
    others = {"loss": "hierarchical_softmax", "window": 7, "learning_rate": 9.0}

    def answers():
        predict = getattr(vectorizer, "predict_center", None)
        words = ["cat", "mouse"]
        best = predict(words) if predict else vectorizer.predict_context(words)
        return repr(vectorizer.explain(DOCUMENT)), vectorizer.score(texts), best

    expected = answers()
    for name, value in others.items():
        vectorizer.set_params(**{name: value})
        assert answers() == expected
    vectorizer.set_params(loss="negative_sampling", shrink_windows=False, negative=50)
    vectorizer.set_params(ns_exponent=0.0, subsample=1.0, max_iter=1, n_components=99)
    assert answers() == expected


def test_cbow_of_the_lecture():
    explanation = fit_lecture(CBOWVectorizer, subsample=0).explain("I love 피자", 1)
    assert list(explanation.one_hot.index) == [(1, "I"), (1, "피자")]
    assert positive(explanation.one_hot.loc[(1, "피자")]) == {"피자": 1}
    assert positive(explanation.input.loc[(1, "love")]) == {"I": 0.5, "피자": 0.5}
    assert positive(explanation.targets.loc[(1, "love")]) == {"love": 1}


def test_skip_gram_of_the_lecture():
    vectorizer = fit_lecture(SkipGramVectorizer, subsample=0, window=1)
    targets = vectorizer.explain("I love 피자").targets
    pairs = {word: positive(row) for (_, word), row in targets.iterrows()}
    assert pairs == {"I": {"love": 1}, "love": {"I": 1, "피자": 1}, "피자": {"love": 1}}


def test_labels_and_shapes(vectorizer):
    explanation = vectorizer.explain(DOCUMENT)
    words, positions = list(vectorizer.vocabulary_), list(enumerate(KNOWN))
    for stage in STAGES:
        table = getattr(explanation, stage.name)
        if stage.name == "cross_entropy":
            continue
        labels = {
            "word": words,
            "position": positions,
            "component": list(range(vectorizer.n_components)),
        }
        assert list(table.columns) == labels[stage.columns]
        if stage.rows != "input":
            assert list(table.index) == labels[stage.rows]
    contexts_of = {i: contexts(KNOWN, i, vectorizer.window) for i, _ in positions}
    if isinstance(vectorizer, CBOWVectorizer):
        positions = [(i, word) for i, nearby in contexts_of.items() for word in nearby]
    assert list(explanation.one_hot.index) == positions
    assert explanation.document == KNOWN


def test_a_word_that_occurs_twice_in_a_window_counts_twice(vectorizer):
    explanation = vectorizer.explain(["cat", "the", "cat"], 1)
    name = "one_hot" if isinstance(vectorizer, CBOWVectorizer) else "targets"
    assert getattr(explanation, name)["cat"].sum() == 2
    assert explanation.input.to_numpy().max() == 1


# Printing


def test_all_stages_are_printed_in_order(vectorizer):
    printed = str(vectorizer.explain(DOCUMENT, 1))
    headings = re.findall(r"^\d+\. (\w+): ", printed, flags=re.MULTILINE)
    assert headings == [stage.name for stage in STAGES]
    assert "at position 1 of: the cat and" in printed


def test_large_tables_are_abridged():
    vocabulary = [f"w{i}" for i in range(300)]
    documents = [vocabulary[i : i + 20] for i in range(0, 300, 20)]
    vectorizer = SkipGramVectorizer(
        n_components=20, loss="softmax", vocabulary=vocabulary, subsample=0, window=2
    ).fit(documents)
    explanation = vectorizer.explain(documents[3])
    printed = str(explanation)
    # w60 to w64, their contexts, and the 5 most probable words.
    n_shown = len(explanation._words())
    assert 7 <= n_shown <= 7 + 5
    assert (
        "all positions of: w60 w61 w62 w63 w64 w65 w66 w67 w68 w69 ..."
        f"\nNot shown: 15 of 20 positions, {300 - n_shown} of 300 words, "
        "14 of 20 components.\n"
    ) in printed
    assert "w66" in printed
    assert max(map(len, printed.splitlines())) <= 88
    assert explanation.probabilities.shape == (20, 300)


def test_the_most_probable_words_are_printed(vectorizer):
    explanation = vectorizer.explain("the cat", 0)
    best = explanation.probabilities.iloc[0].nlargest(5).index
    assert set(explanation._words()) == {"the", "cat", *best}


def test_korean_columns_are_aligned():
    vectorizer = fit_lecture(CBOWVectorizer, n_components=2, subsample=0)
    printed = str(vectorizer.explain("I love 피자", 1))
    lines = printed.split("3. embeddings: W_in\n")[1].split("\n\n")[0].splitlines()
    assert any(line.startswith("피자") for line in lines)
    widths = {len(line.encode("euc-kr")) for line in lines}  # two bytes per syllable
    assert len(widths) == 1


def test_html_escapes_words(make):
    documents = [["<b>", "a&b", "x"]] * 2
    vectorizer = make(loss="softmax").fit(documents)
    printed = vectorizer.explain(documents[0])._repr_html_()
    assert "<b>" not in printed
    assert "a&b" not in printed
    assert printed.count("<th>&lt;b&gt;</th>") > 10
    assert "of: &lt;b&gt; a&amp;b x" in printed
    assert printed.count("<table") == len(STAGES) - 1
    assert [f"{i}. {s.name}" for i, s in enumerate(STAGES, 1)] == re.findall(
        r"<p>(\d+\. \w+)", printed
    )


# Errors


def test_explain_requires_fit(make):
    with pytest.raises(NotFittedError):
        make(loss="softmax").explain(DOCUMENT)


@pytest.mark.parametrize("loss", ["negative_sampling", "hierarchical_softmax"])
def test_other_losses_are_refused(make, texts, loss):
    with pytest.raises(ValueError, match=f"refit with loss='softmax' .*'{loss}'"):
        make(loss=loss).fit(texts).explain(DOCUMENT)


@pytest.mark.parametrize("position", [None, 0])
def test_documents_without_known_words_are_refused(vectorizer, position):
    with pytest.raises(ValueError, match="no token of the document is in the vocab"):
        vectorizer.explain("nothing known", position)


@pytest.mark.parametrize("position", [-1, 10, 100])
def test_positions_out_of_range_are_refused(vectorizer, position):
    message = f"from 0 to 9, as the document has 10 tokens .* got {position}"
    with pytest.raises(ValueError, match=message):
        vectorizer.explain(DOCUMENT, position)


def test_positions_must_be_integers(vectorizer):
    with pytest.raises(TypeError, match="integer"):
        vectorizer.explain(DOCUMENT, 1.0)
    one = vectorizer.explain(DOCUMENT, np.int64(1))
    assert one.cross_entropy == vectorizer.explain(DOCUMENT, 1).cross_entropy


@pytest.mark.parametrize("position", [None, 0])
def test_a_single_token_has_no_context(vectorizer, position):
    with pytest.raises(ValueError, match="no context; at least two are needed"):
        vectorizer.explain("unknown cat", position)


def test_documents_are_checked_as_in_fit(vectorizer):
    with pytest.raises(TypeError, match="Document 0 must be a str"):
        vectorizer.explain(3)
