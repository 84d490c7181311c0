"""Training that goes on: streams of documents, warm starts, and checkpoints."""

import pickle
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from corpora import make_trainer, train, zipf_corpus
from sklearn import config_context
from sklearn.base import clone
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skw2v
from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.callbacks import Checkpoint, checkpoint
from skw2v.pooling.clusters import soft_clusters, updated_clusters
from skw2v.text.rare_words import RareWords, hash_words
from skw2v.training import stream
from skw2v.training.hyperparameters import auto_stream_rate
from skw2v.training.losses import LOSSES
from skw2v.training.losses.hierarchical_softmax import HierarchicalSoftmax
from skw2v.training.trainer import Progress
from skw2v.vectorizers.progress import Tasks

MODELS = pytest.mark.parametrize("model", [CBOWVectorizer, SkipGramVectorizer])
SMALL = {"n_components": 8, "min_count": 2, "subsample": 0, "random_state": 0}


def documents(n_documents=60, n_words=40, seed=0):
    """Return documents of three topics, whose words have different frequencies."""
    rng = np.random.default_rng(seed)
    ids = 3 * (rng.zipf(1.5, (n_documents, 12)) % (n_words // 3))
    ids += rng.integers(0, 3, (n_documents, 1))
    return [" ".join(f"w{i}" for i in row) for row in ids]


def batches(n_batches=4, **settings):
    all_documents = documents(**settings)
    return [all_documents[i::n_batches] for i in range(n_batches)]


def learned(vectorizer):
    """Return what a training leaves, in a form that `==` compares."""
    return (
        vectorizer.embeddings_.tobytes(),
        vectorizer.output_embeddings_.tobytes(),
        list(vectorizer.vocabulary_.items()),
        vectorizer.word_counts_.tolist(),
        vectorizer.n_iter_,
        repr(vectorizer.loss_curve_),
    )


class StopAfter(Tasks):
    """Ends a training after some epochs."""

    def __init__(self, n_epochs):
        self.left = n_epochs

    def end_epoch(self):
        self.left -= 1
        return self.left == 0


@pytest.fixture
def chunks(monkeypatch):
    """Make chunks so small that an epoch has several."""
    monkeypatch.setattr(stream, "SPAN", 60)
    monkeypatch.setattr(stream, "SPANS", 2)


# Streams


def test_a_word_enters_when_all_batches_have_it_often_enough():
    vectorizer = CBOWVectorizer(**SMALL | {"min_count": 3})
    vectorizer.partial_fit(["sun sun sun rain", "wind"])
    assert vectorizer.vocabulary_ == {"sun": 0}
    vectorizer.partial_fit(["rain snow", "rain sun"])
    assert vectorizer.vocabulary_ == {"sun": 0, "rain": 1}
    assert vectorizer.word_counts_.tolist() == [4, 3]
    vectorizer.partial_fit(["wind snow wind snow fog"])
    assert vectorizer.vocabulary_ == {"sun": 0, "rain": 1, "snow": 2, "wind": 3}
    assert vectorizer.word_counts_.tolist() == [4, 3, 3, 3]
    assert vectorizer.rare_word_hashes_.tolist() == hash_words(["fog"]).tolist()
    assert vectorizer.rare_word_counts_.tolist() == [1]


@MODELS
@pytest.mark.parametrize("loss", LOSSES)
def test_counts_are_those_of_all_batches(model, loss):
    vectorizer = model(**SMALL, loss=loss)
    parts = batches(n_words=300)
    for part in parts:
        vectorizer.partial_fit(part)
    counts = Counter(word for part in parts for text in part for word in text.split())
    frequent = {word: n for word, n in counts.items() if n >= 2}
    rows = vectorizer.vocabulary_
    assert {word: vectorizer.word_counts_[row] for word, row in rows.items()} == (
        frequent
    )
    assert vectorizer.rare_word_counts_.tolist() == [1] * (len(counts) - len(frequent))
    assert vectorizer.n_iter_ == len(parts) == len(vectorizer.loss_curve_)
    assert np.isfinite(vectorizer.loss_curve_).all()
    for matrix in (vectorizer.embeddings_, vectorizer.output_embeddings_):
        assert np.isfinite(matrix).all()
        assert matrix.any(axis=1).all()
    shape = LOSSES[loss].n_outputs(len(rows)), 8
    assert vectorizer.output_embeddings_.shape == shape


@MODELS
def test_words_keep_their_rows_and_old_tables_their_vectors(model):
    first, *others = batches(n_words=300)
    vectorizer = model(**SMALL).partial_fit(first)
    words, table = list(vectorizer.vocabulary_), vectorizer.word_vectors()
    before = table.vectors.copy()
    for part in others:
        vectorizer.partial_fit(part)
    assert list(vectorizer.vocabulary_)[: len(words)] == words
    assert len(vectorizer.vocabulary_) > len(words)
    np.testing.assert_array_equal(table.vectors, before)
    assert len(vectorizer.word_vectors()) == len(vectorizer.vocabulary_)
    assert vectorizer.transform(first).shape == (len(first), 8)


@MODELS
def test_a_stream_may_begin_with_a_fit(model):
    first, second, *_ = batches(n_words=300)
    vectorizer = model(**SMALL, max_iter=3).fit(first)
    old = vectorizer.embeddings_
    vectorizer.partial_fit(second)
    assert vectorizer.n_iter_ == 4
    assert not np.array_equal(vectorizer.embeddings_[: len(old)], old)


@pytest.mark.parametrize("loss", LOSSES)
@MODELS
def test_the_loss_of_the_same_batch_falls(model, loss):
    vectorizer = model(**SMALL, loss=loss, learning_rate=0.1)
    for _ in range(8):
        vectorizer.partial_fit(documents())
    assert vectorizer.loss_curve_[-1] < 0.9 * vectorizer.loss_curve_[0]
    # The same documents count again.
    assert vectorizer.word_counts_.sum() == 8 * 60 * 12


@MODELS
def test_a_stored_stream_goes_on_in_the_same_way(model, tmp_path):
    first, second, third, _ = batches(n_words=300)
    vectorizer = model(**SMALL).partial_fit(first).partial_fit(second)
    path = tmp_path / "stream.safetensors"
    skw2v.save(vectorizer, path)
    others = skw2v.load(path), pickle.loads(pickle.dumps(vectorizer))
    vectorizer.partial_fit(third)
    for other in others:
        assert learned(other.partial_fit(third)) == learned(vectorizer)


@MODELS
def test_a_stream_does_not_depend_on_the_number_of_jobs(model, chunks):
    one, other = (
        model(**SMALL, n_jobs=n_jobs).partial_fit(documents()).partial_fit(documents())
        for n_jobs in (1, 2)
    )
    assert learned(one) == learned(other)


def test_the_draws_of_batches_differ():
    vectorizer = SkipGramVectorizer(**SMALL, learning_rate=1e-12, min_learning_rate=0)
    losses = [vectorizer.partial_fit(documents()).loss_curve_[-1] for _ in range(3)]
    assert len(set(losses)) == 3


def test_a_batch_without_a_known_word_only_counts():
    vectorizer = CBOWVectorizer(**SMALL).partial_fit(["a b a b"])
    before = vectorizer.embeddings_
    vectorizer.partial_fit(["c d", ""])
    np.testing.assert_array_equal(vectorizer.embeddings_, before)
    assert np.isnan(vectorizer.loss_curve_[-1])
    vectorizer.partial_fit(["c d"])
    assert list(vectorizer.vocabulary_) == ["a", "b", "c", "d"]


def test_a_failing_batch_changes_nothing():
    def broken():
        yield "w1 w2 w1 w2"
        raise OSError("the connection is lost")

    vectorizer = CBOWVectorizer(**SMALL).partial_fit(documents())
    before = learned(vectorizer)
    for bad, error in ((broken(), OSError), ([None], ValueError), ([], ValueError)):
        with pytest.raises(error):
            vectorizer.partial_fit(bad)
        assert learned(vectorizer) == before


def test_learning_rates_of_a_stream_fall_with_the_tokens_so_far():
    vectorizer = SkipGramVectorizer(**SMALL)
    rates = []
    for part in batches(2, n_documents=3000):
        vectorizer.partial_fit(part)
        rates.append(vectorizer.hyperparameters_["learning_rate"])
        n_seen = vectorizer.word_counts_.sum()
        assert rates[-1] == pytest.approx(auto_stream_rate(False, n_seen))
    assert auto_stream_rate(False, 100) == auto_stream_rate(False, 200_000) == 0.15
    assert auto_stream_rate(True, 3_200_000) == pytest.approx(0.5 / 16**0.75)
    assert auto_stream_rate(False, 10**12) == pytest.approx(0.005)
    fixed = SkipGramVectorizer(**SMALL, learning_rate=0.05).partial_fit(documents())
    assert fixed.hyperparameters_["learning_rate"] == 0.05


def test_max_features_limits_growth():
    vectorizer = CBOWVectorizer(**SMALL, max_features=3).partial_fit(["a a b b"])
    vectorizer.partial_fit(["c c c d d d d e e"])
    assert list(vectorizer.vocabulary_) == ["a", "b", "d"]
    vectorizer.partial_fit(["e e e e"])
    assert list(vectorizer.vocabulary_) == ["a", "b", "d"]


def test_a_given_vocabulary_does_not_grow():
    vectorizer = CBOWVectorizer(**SMALL, vocabulary=["b", "a", "z"])
    vectorizer.partial_fit(["a a b c c"]).partial_fit(["c c"]).partial_fit(["z a"])
    assert vectorizer.vocabulary_ == {"b": 0, "a": 1, "z": 2}
    assert vectorizer.word_counts_.tolist() == [1, 3, 1]
    assert not len(vectorizer.rare_word_hashes_)


def test_idf_weights_count_the_documents_of_all_batches():
    parts = batches()
    stream_of, at_once = (CBOWVectorizer(**SMALL, weighting="idf") for _ in range(2))
    for part in parts:
        stream_of.partial_fit(part)
    at_once.fit([text for part in parts for text in part])
    # A word counts from the batch on with which it enters.
    first = CBOWVectorizer(**SMALL).fit(parts[0]).vocabulary_
    for word in first:
        np.testing.assert_allclose(
            stream_of.word_weights_[stream_of.vocabulary_[word]],
            at_once.word_weights_[at_once.vocabulary_[word]],
        )


def test_clusters_keep_their_numbers_while_words_move():
    rng = np.random.default_rng(0)
    centers = 5 * np.eye(4)
    vectors = np.repeat(centers, 50, axis=0) + rng.normal(0, 0.3, (200, 4))
    vectors = vectors.astype(np.float32)
    before = soft_clusters(vectors[:120], np.ones(120), 2, 0)
    moved = vectors + rng.normal(0, 0.1, vectors.shape).astype(np.float32)
    after = updated_clusters(moved, before)
    assert after.shape == (200, 2)
    agree = after[:120].argmax(axis=1) == before.argmax(axis=1)
    assert agree.mean() > 0.95
    sums = after.sum(axis=1)
    assert sums.max() < 1 + 1e-6
    assert sums.min() > 0.9


def test_clusters_of_a_stream_have_a_row_for_each_word():
    vectorizer = CBOWVectorizer(**SMALL, pooling="clusters", n_clusters=3)
    for part in batches(n_words=300):
        vectorizer.partial_fit(part)
        shape = len(vectorizer.vocabulary_), 3
        assert vectorizer.word_clusters_.shape == shape
        assert vectorizer.transform(part).shape == (len(part), 24)


def test_weights_of_batches_can_be_requested():
    with config_context(enable_metadata_routing=True):
        vectorizer = CBOWVectorizer().set_partial_fit_request(sample_weight=True)
        routing = vectorizer.get_metadata_routing()
    assert routing.partial_fit.requests["sample_weight"] is True


def test_weights_of_batches_are_numbers_of_copies():
    vectorizer, repeated = (CBOWVectorizer(**SMALL) for _ in range(2))
    for part in batches():
        weights = [1 + i % 3 for i in range(len(part))]
        vectorizer.partial_fit(part, sample_weight=weights)
        repeated.partial_fit(np.repeat(part, weights))
    assert learned(vectorizer) == learned(repeated)
    # With other weights these are other documents.
    vectorizer.set_params(warm_start=True, max_iter=1)
    n_iter = vectorizer.n_iter_
    assert vectorizer.fit(part, sample_weight=weights).n_iter_ == n_iter
    assert vectorizer.fit(part).n_iter_ == n_iter + 1


# Rare words


def test_rare_words_are_counted_as_by_a_counter():
    rng = np.random.default_rng(0)
    rare, expected = RareWords.none(), Counter()
    for _ in range(30):
        words = [f"피자{i}" for i in rng.choice(200, 40, replace=False)]
        counts = rng.integers(1, 9, 40)
        rare = rare.plus(words, counts)
        expected.update(dict(zip(words, counts.tolist(), strict=True)))
        gone = words[:5]
        rare = rare.minus(gone)
        for word in gone:
            del expected[word]
        everything = [f"피자{i}" for i in range(200)]
        assert rare.counts_of(everything).tolist() == [expected[w] for w in everything]
        assert len(rare.hashes) == len(expected)
        assert (np.diff(rare.hashes) > 0).all()


def test_hashes_are_those_of_every_process():
    # hashlib.blake2b(word, digest_size=8), little-endian
    words = ["pizza", "피자", "\ud800", ""]
    assert hash_words(words).dtype == np.int64
    code = f"from skw2v.text.rare_words import *; print(hash_words({words!r}).tolist())"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == str(hash_words(words).tolist())


# Warm starts


@MODELS
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("n_epochs", [1, 3])
def test_an_interrupted_training_goes_on_as_if_nothing_had_happened(
    model, loss, n_epochs, chunks, tmp_path
):
    settings = {**SMALL, "loss": loss, "max_iter": 5}
    expected = learned(model(**settings).fit(documents()))
    vectorizer = model(**settings)
    vectorizer._follow(documents(), None, None, StopAfter(n_epochs))
    assert vectorizer.n_iter_ == n_epochs
    path = tmp_path / "training.safetensors"
    skw2v.save(vectorizer, path)
    for other in (vectorizer, skw2v.load(path), pickle.loads(pickle.dumps(vectorizer))):
        other.set_params(warm_start=True).fit(iter(documents()))
        assert learned(other) == expected
        # There is nothing left to do.
        assert learned(other.fit(documents())) == expected


@MODELS
def test_more_epochs_go_on_after_the_last_one(model):
    vectorizer = model(**SMALL, max_iter=3, warm_start=True).fit(documents())
    losses, vectors = vectorizer.loss_curve_, vectorizer.embeddings_
    vectorizer.set_params(max_iter=5).fit(documents())
    assert vectorizer.n_iter_ == 5
    assert vectorizer.loss_curve_[:3] == losses
    assert vectorizer.loss_curve_[-1] < losses[-1]
    assert not np.array_equal(vectorizer.embeddings_, vectors)
    with pytest.raises(ValueError, match=r"max_iter=4 is less than the 5 epochs"):
        vectorizer.set_params(max_iter=4).fit(documents())
    assert vectorizer.n_iter_ == 5


@MODELS
def test_a_warm_start_with_other_documents_grows(model):
    first, second, *_ = batches(n_words=300)
    vectorizer = model(**SMALL, max_iter=3, warm_start=True).fit(first)
    words = list(vectorizer.vocabulary_)
    vectorizer.fit(second)
    assert vectorizer.n_iter_ == 6
    assert list(vectorizer.vocabulary_)[: len(words)] == words
    grown = learned(vectorizer)
    assert learned(vectorizer.fit(second)) == grown
    other = model(**SMALL, max_iter=3, warm_start=True).fit(first)
    other._follow(second, None, None, StopAfter(1))
    assert learned(other.fit(second)) == grown


def test_a_warm_start_after_a_batch_trains_it_further(tmp_path):
    first, second, *_ = batches()
    vectorizer = CBOWVectorizer(**SMALL, max_iter=3).partial_fit(first)
    vectorizer.partial_fit(second).set_params(warm_start=True).fit(second)
    assert vectorizer.n_iter_ == 1 + 3  # one of the three was that of the stream
    path = tmp_path / "vectorizer.safetensors"
    skw2v.save(vectorizer, path)
    assert learned(skw2v.load(path)) == learned(vectorizer)


def test_without_a_warm_start_fit_begins_again():
    vectorizer = CBOWVectorizer(**SMALL, max_iter=2)
    once = learned(vectorizer.fit(documents()))
    assert learned(vectorizer.partial_fit(documents(seed=1)).fit(documents())) == once
    warm = clone(vectorizer).set_params(warm_start=True)
    assert learned(warm.fit(documents())) == once


def test_the_seed_goes_on_with_the_training():
    settings = {**SMALL, "random_state": None, "max_iter": 4}
    vectorizer = CBOWVectorizer(**settings)
    vectorizer._follow(documents(), None, None, StopAfter(2))
    stored = pickle.dumps(vectorizer.set_params(warm_start=True))
    one, other = (pickle.loads(stored).fit(documents()) for _ in range(2))
    assert learned(one) == learned(other)


def test_a_warm_start_changes_the_pooling_without_training():
    vectorizer = CBOWVectorizer(**SMALL, max_iter=2, warm_start=True).fit(documents())
    before = learned(vectorizer)
    vectorizer.set_params(weighting="idf", pooling=("mean", "max")).fit(documents())
    assert learned(vectorizer) == before
    cold = clone(vectorizer).fit(documents())
    np.testing.assert_array_equal(
        vectorizer.transform(documents()), cold.transform(documents())
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_components": 9}, r"n_components=9 can't go on .* n_components=8"),
        ({"loss": "softmax"}, r"loss='softmax' can't go on"),
        ({"vocabulary": ["w1"]}, "vocabulary was changed after fit"),
        ({"weighting": "idf"}, "weighting='idf' needs the numbers of documents"),
        ({"min_df": 2}, "min_df=2 and max_df=1.0 limit the documents"),
        ({"max_df": 0.5}, "min_df=1 and max_df=0.5 limit the documents"),
    ],
)
def test_what_can_not_go_on_is_refused(changes, message):
    vectorizer = CBOWVectorizer(**SMALL).partial_fit(documents()).set_params(**changes)
    before = learned(vectorizer)
    with pytest.raises(ValueError, match=message):
        vectorizer.partial_fit(documents(seed=1))
    with pytest.raises(ValueError, match=message):
        vectorizer.set_params(warm_start=True).fit(documents(seed=1))
    assert learned(vectorizer) == before


def test_a_training_may_go_on_within_an_epoch(chunks):
    corpus = zipf_corpus(2000, 50)
    losses, *matrices = train(make_trainer(corpus, max_iter=3))
    whole = make_trainer(corpus, max_iter=3)
    seen = []

    def through(chunks):
        for chunk in chunks:
            yield chunk
            model = whole.model
            copies = model.input_matrix.copy(), model.output_matrix.copy()
            seen.append((whole.progress, copies))

    list(whole.epochs(1, through))
    assert len(seen) > 9
    for progress, copies in seen[:: len(seen) // 7]:
        trainer = make_trainer(corpus, max_iter=3)
        trainer.model.input_matrix[...], trainer.model.output_matrix[...] = copies
        trainer.progress = progress
        rest, *others = train(trainer)
        assert rest == losses[progress.epoch :]
        for one, other in zip(matrices, others, strict=True):
            np.testing.assert_array_equal(one, other)
        assert trainer.progress == Progress(3)


# Other trees


def tree_loss(counts):
    trainer = make_trainer(
        zipf_corpus(500, len(counts)), loss="hierarchical_softmax", n_words=len(counts)
    )
    return HierarchicalSoftmax(np.array(counts), trainer.model.hyperparameters)


def test_a_tree_that_stays_keeps_its_weights():
    counts = np.random.default_rng(0).integers(1, 1000, 60)
    loss, weights = tree_loss(counts), np.random.default_rng(1).normal(size=(59, 6))
    same = loss.adopt(tree_loss(counts), weights, np.arange(60))
    np.testing.assert_array_equal(same, weights)
    assert same is not weights
    # Without the shortcut, the formula gives the same.
    rows = np.append(np.arange(60), -1)
    more = tree_loss(np.append(counts, 1)).adopt(loss, weights, rows)
    assert more.shape == (60, 6)
    known = np.zeros(59, bool)
    for row in more:
        known |= np.isclose(weights, row, atol=1e-9).all(axis=1)
    assert known.mean() > 0.8


def test_another_tree_gives_nearly_the_same_probabilities():
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 1000, 60)
    changed = counts + rng.integers(0, 200, 60)
    loss, other = tree_loss(counts), tree_loss(changed)
    weights, hidden = rng.normal(size=(59, 6)), 0.3 * rng.normal(size=(40, 6))
    ids = np.arange(60)
    adopted = other.adopt(loss, weights, ids)

    def centered(loss, weights):
        logs = loss.log_probabilities(hidden, ids, weights)
        return np.ravel(logs - logs.mean(axis=0))

    expected = centered(loss, weights)
    assert np.corrcoef(expected, centered(other, adopted))[0, 1] > 0.9
    # The nodes of the old tree mean something else in the new one.
    assert np.corrcoef(expected, centered(other, weights))[0, 1] < 0.7


# init


@MODELS
@pytest.mark.parametrize("loss", LOSSES)
def test_init_takes_both_matrices_of_a_fitted_vectorizer(model, loss):
    settings = {**SMALL, "loss": loss, "max_iter": 5}
    fitted = model(**settings).fit(documents())
    first_losses = [
        model(**settings | {"max_iter": 1}, init=init).fit(documents()).loss_curve_[0]
        for init in (fitted, fitted.word_vectors(), None)
    ]
    both, vectors, nothing = first_losses
    assert both < vectors
    assert both < nothing
    assert fitted.n_iter_ == 5


def test_init_of_another_loss_gives_the_embedding_alone():
    fitted = CBOWVectorizer(**SMALL, loss="softmax").fit(documents())
    tiny = {"max_iter": 1, "learning_rate": 1e-30, "min_learning_rate": 0}
    vectorizer = CBOWVectorizer(**SMALL | tiny, init=fitted).fit(documents())
    np.testing.assert_allclose(vectorizer.embeddings_, fitted.embeddings_)
    np.testing.assert_allclose(vectorizer.output_embeddings_, 0, atol=1e-20)


def test_init_may_be_frozen_in_a_search():
    fitted = CBOWVectorizer(**SMALL).fit(documents(n_words=9))
    y = [i % 2 for i in range(60)]
    settings = {**SMALL, "max_iter": 1, "min_learning_rate": 0}
    vectorizer = CBOWVectorizer(**settings, init=FrozenEstimator(fitted))
    search = GridSearchCV(
        make_pipeline(vectorizer, LogisticRegression()),
        {"cbowvectorizer__learning_rate": [1e-9, 0.1]},
        cv=2,
        error_score="raise",
    )
    search.fit(documents(n_words=9), y)
    best = search.best_estimator_[0]
    assert best.init.estimator is fitted
    with pytest.raises(ValueError, match="init must be WordVectors or a fitted"):
        clone(CBOWVectorizer(**SMALL, init=fitted)).fit(documents())
    with pytest.raises(ValueError, match="init has vectors of 8 components"):
        CBOWVectorizer(init=fitted).fit(documents())


# Checkpoints


@MODELS
@pytest.mark.parametrize("every", [1, 2, timedelta(microseconds=1)])
def test_a_training_that_fails_goes_on_from_its_checkpoint(
    model, every, chunks, tmp_path, monkeypatch
):
    settings = {**SMALL, "max_iter": 5}
    expected = learned(model(**settings).fit(documents()))
    path = tmp_path / "training.safetensors"
    saved = []

    def save_and_fail(estimator, path):
        skw2v.save(estimator, path)
        saved.append(estimator.training_state_["chunk"])
        if len(saved) in (2, 7):
            raise OSError("the machine burns")

    monkeypatch.setattr(checkpoint, "save", save_and_fail)
    with pytest.raises(OSError, match="burns"):
        Checkpoint(path, every).fit(model(**settings), documents())
    for _ in range(2):
        vectorizer = skw2v.load(path).set_params(warm_start=True)
        try:
            Checkpoint(path, every).fit(vectorizer, documents())
        except OSError:
            continue
    assert learned(vectorizer) == expected
    assert learned(skw2v.load(path)) == expected
    assert any(saved) == isinstance(every, timedelta)


def test_checkpoints_are_callbacks(tmp_path):
    path = tmp_path / "training.safetensors"
    vectorizer = CBOWVectorizer(**SMALL, max_iter=3)
    if not hasattr(vectorizer, "set_callbacks"):
        pytest.skip("callbacks need scikit-learn 1.9")
    vectorizer.set_callbacks(Checkpoint(path)).fit(documents())
    assert learned(skw2v.load(path)) == learned(vectorizer)
    with pytest.raises(TypeError, match="set it on the vectorizer"):
        make_pipeline(CBOWVectorizer(**SMALL), LogisticRegression()).set_callbacks(
            Checkpoint(path)
        ).fit(documents(), [0, 1] * 30)


@pytest.mark.parametrize(
    ("every", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (timedelta(0), ValueError),
        (True, TypeError),
        (1.5, TypeError),
        ("10 minutes", TypeError),
    ],
)
def test_every_is_a_number_of_epochs_or_a_time(every, error):
    with pytest.raises(error, match="every must be"):
        Checkpoint("training.safetensors", every)


def test_what_can_not_be_saved_is_refused_before_the_training(tmp_path):
    vectorizer = CBOWVectorizer(**SMALL, tokenizer=lambda text: text.split())
    path = tmp_path / "training.safetensors"
    with pytest.raises(TypeError, match=r"tokenizer=.* can't be saved"):
        Checkpoint(path).fit(vectorizer, documents())
    with pytest.raises(FileNotFoundError, match="is not a folder"):
        Checkpoint(tmp_path / "none" / "file").fit(CBOWVectorizer(), documents())
    assert not hasattr(vectorizer, "embeddings_")
    assert not list(tmp_path.iterdir())


KILLED = """
import sys
sys.path.insert(0, {tests!r})
from datetime import timedelta
from pathlib import Path
import skw2v
from skw2v.callbacks import Checkpoint
from skw2v.training import stream
from test_going_on import SMALL, documents

stream.SPAN, stream.SPANS = 300, 4
path = Path({path!r})
vectorizer = skw2v.SkipGramVectorizer(
    **{{**SMALL, "n_components": 50}}, max_iter=40, n_jobs=2
)
if path.exists():
    vectorizer = skw2v.load(path)
print("ready", flush=True)
vectorizer.set_params(warm_start=True)
Checkpoint(path, timedelta(milliseconds=20)).fit(vectorizer, documents(2000))
"""


def test_trainings_that_are_killed_at_random_moments_are_finished(
    monkeypatch, tmp_path, request
):
    path = tmp_path / "training.safetensors"
    code = KILLED.format(tests=str(request.path.parent), path=str(path))
    rng = np.random.default_rng(0)
    n_killed = 0
    while True:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        if n_killed < 4:
            time.sleep(rng.uniform(0.05, 0.4))
            process.kill()
        process.communicate()
        if process.returncode == 0:
            break
        n_killed += 1
    assert n_killed
    monkeypatch.setattr(stream, "SPAN", 300)
    monkeypatch.setattr(stream, "SPANS", 4)
    settings = {**SMALL, "n_components": 50, "max_iter": 40}
    expected = SkipGramVectorizer(**settings).fit(documents(2000))
    assert learned(skw2v.load(path)) == learned(expected)
