"""The score of held-out documents, compared with plain loops in float64."""

import numpy as np
import pytest
from scipy.special import log_softmax, xlogy
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from skw2v import CBOWVectorizer
from skw2v.datasets import load_docstrings, load_lecture
from skw2v.training import likelihood
from skw2v.training.losses import LOSSES

FREQUENCIES_ALONE = -np.log(4)
losses = pytest.mark.parametrize("loss", LOSSES)


@pytest.fixture(scope="module", autouse=True)
def one_blas_thread():
    """Limit BLAS to one thread; several are slow while other processes run."""
    with threadpool_limits(1, user_api="blas"):
        yield


def log_probabilities(vectorizer, hidden):
    """Return the log-probabilities of all words by the formula of the loss."""
    loss, counts = vectorizer.loss, vectorizer.word_counts_
    matrix = vectorizer.output_embeddings_.astype(np.float64)
    if loss == "hierarchical_softmax":  # test_losses.py follows the paths
        tree_loss = LOSSES[loss](counts, vectorizer)
        ids = np.arange(len(counts))
        return tree_loss.log_probabilities(hidden[None], ids, matrix)[0]
    if loss == "softmax":
        return log_softmax(matrix @ hidden)
    assert loss == "negative_sampling", f"no formula for {loss}"
    noise = counts**vectorizer.ns_exponent / np.sum(counts**vectorizer.ns_exponent)
    return matrix @ hidden + np.log(vectorizer.negative * noise)


def weighted_pairs(vectorizer, documents, keep):
    """Yield the hidden layer, target, and weight of each pair."""
    vectors = vectorizer.embeddings_.astype(np.float64)
    rows, window = vectorizer.vocabulary_, vectorizer.window
    for words in documents:
        ids = [rows[word] for word in words if word in rows]
        for i, center in enumerate(ids):
            contexts = []
            for j, context in enumerate(ids):
                distance = abs(i - j)
                if 0 < distance <= window:
                    shrinks = vectorizer.shrink_windows
                    reach = (window + 1 - distance) / window if shrinks else 1
                    contexts.append((context, reach * keep[context]))
            if isinstance(vectorizer, CBOWVectorizer) and contexts:
                hidden = sum(weight * vectors[word] for word, weight in contexts)
                yield (
                    hidden / sum(weight for _, weight in contexts),
                    center,
                    keep[center],
                )
            elif contexts:
                for context, weight in contexts:
                    yield vectors[center], context, weight * keep[center]


def by_loops(vectorizer, documents, exact_noise=False):
    """Return the score by the formula in the docstring of `score`."""
    counts = vectorizer.word_counts_
    ratio = vectorizer.subsample * counts.sum() / counts
    keep = np.minimum(1, np.sqrt(ratio) + ratio) if vectorizer.subsample else counts**0
    share = counts * keep / np.sum(counts * keep)
    noise = share
    if not exact_noise:
        quantiles = [
            np.argmax(np.cumsum(share) > (i + 0.5) / 1000) for i in range(1000)
        ]
        noise = np.bincount(quantiles, minlength=len(share)) / 1000
    total = n_pairs = 0.0
    for hidden, target, weight in weighted_pairs(vectorizer, documents, keep):
        r = log_probabilities(vectorizer, hidden) - np.log(share)
        seen, unseen = -np.log1p(np.exp(-r)), -np.log1p(np.exp(r))
        total += weight * (seen[target] + noise @ unseen)
        n_pairs += weight
    return total / n_pairs


@losses
@pytest.mark.parametrize(
    "settings",
    [
        {"subsample": 0},
        {"subsample": 0.02, "window": 3, "negative": 2, "ns_exponent": 0.3},
        {"shrink_windows": False, "window": 9},
    ],
    ids=["plain", "subsample", "wide"],
)
def test_the_score_equals_plain_loops(make, random_documents, loss, settings):
    vectorizer = make(loss=loss, learning_rate=0.2, max_iter=5, **settings)
    vectorizer.fit(random_documents[:10])
    documents = [*random_documents[8:], ["unseen"], ["w1", "unseen", "w0", "w0"]]
    score = vectorizer.score(documents)
    assert score == pytest.approx(by_loops(vectorizer, documents), rel=1e-5)
    exact = by_loops(vectorizer, documents, exact_noise=True)
    assert score == pytest.approx(exact, abs=0.01)


def test_parts_and_threads_do_not_change_the_score(make, texts, monkeypatch):
    vectorizer = make().fit(texts)
    whole = vectorizer.score(texts)
    monkeypatch.setattr(likelihood, "PAIRS", 40)
    monkeypatch.setattr(likelihood, "EXAMPLES", 3)
    parts = vectorizer.score(texts)
    assert parts == pytest.approx(whole, rel=1e-6)
    assert vectorizer.set_params(n_jobs=3).score(iter(texts)) == parts


def test_words_without_training_are_left_out(make):
    vectorizer = make(vocabulary=["a", "never", "b"]).fit([["a", "b"] * 5])
    score = vectorizer.score([["a", "b", "a"]])
    assert vectorizer.score([["a", "never", "b", "a", "unknown"]]) == score
    assert np.isfinite(score)


@losses
def test_the_score_of_frequencies_alone(make, texts, loss):
    vectorizer = make(loss=loss, ns_exponent=1, negative=1).fit(texts)
    vectorizer.output_embeddings_[...] = 0
    if loss == "negative_sampling":  # with the others, all words are equally likely
        assert vectorizer.score(texts) == pytest.approx(FREQUENCIES_ALONE)
    vectorizer = make(loss=loss).fit([["a"] * 20])
    assert vectorizer.score([["a"] * 3]) <= 0


def best_score(vectorizer, documents):
    """Return the score of the exact frequencies of the targets of each hidden layer."""
    counts = vectorizer.word_counts_
    share, seen = counts / counts.sum(), {}
    for hidden, target, weight in weighted_pairs(vectorizer, documents, counts**0):
        targets = seen.setdefault(hidden.tobytes(), np.zeros(len(counts)))
        targets[target] += weight
    table = np.array(list(seen.values()))
    odds = table / table.sum(axis=1, keepdims=True) / share
    of_targets = xlogy(table, odds / (1 + odds)).sum()
    of_noise = table.sum(axis=1) @ (np.log(1 / (1 + odds)) @ share)
    return (of_targets + of_noise) / table.sum()


@losses
def test_every_loss_comes_close_to_the_best_score_and_none_exceeds_it(make, loss):
    documents = [text.lower().split() for text in load_lecture()]
    vectorizer = make(
        n_components=12, window=1, max_iter=60, batch_size=16, loss=loss
    ).fit(documents)
    best = best_score(vectorizer, documents)
    score = vectorizer.score(documents)
    assert best - 0.1 < score < best + 0.005
    assert score > FREQUENCIES_ALONE + 0.2


@pytest.fixture(scope="module")
def docstrings():
    """Return documents to learn from, and others to score."""
    texts = load_docstrings(remove=("examples",)).data[::20]
    return texts[::2], texts[1::2]


def test_the_score_is_minus_the_loss_with_one_noise_word(make, docstrings):
    settings = {"negative": 1, "ns_exponent": 1, "min_count": 3, "max_iter": 5}
    # Small steps, because the loss is measured before each of them.
    settings |= {"n_components": 20, "learning_rate": 0.05}
    vectorizer = make(**settings).fit(docstrings[0])
    loss = vectorizer.loss_curve_[-1]
    assert -vectorizer.score(docstrings[0]) == pytest.approx(loss, rel=0.02)


def test_more_training_and_more_components_predict_real_text_better(make, docstrings):
    train, test = docstrings
    # Large updates, to be fast, and small steps, which don't learn the texts by heart.
    settings = {"window": 5, "subsample": 1e-3, "batch_size": 256}
    settings |= {"learning_rate": 0.1 if make.func is CBOWVectorizer else 0.03}
    scores = [
        make(n_components=n_components, max_iter=max_iter, **settings)
        .fit(train)
        .score(test)
        for n_components, max_iter in [(20, 1), (20, 10), (2, 10)]
    ]
    assert scores[0] < scores[1] > scores[2]
    assert min(scores[1:]) > FREQUENCIES_ALONE


def test_invalid_documents_raise_an_error(make, texts):
    with pytest.raises(NotFittedError):
        make().score(texts)
    vectorizer = make().fit(texts)
    for documents in ([], ["cat", "unseen"], ["the unseen unheard"]):
        message = f"none of its {len(documents)} documents holds two of the 16 learned"
        with pytest.raises(ValueError, match=message):
            vectorizer.score(documents)
    with pytest.raises(TypeError, match="a single str"):
        vectorizer.score("the cat ran")
