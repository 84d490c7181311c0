import numpy as np
import pytest
from corpora import make_trainer, train, two_topics, zipf_corpus
from reference import Reference, positions
from threadpoolctl import threadpool_info

from skw2v.corpus import Corpus
from skw2v.training import optimizer, stream, workers
from skw2v.training.hyperparameters import (
    auto_batch_size,
    auto_learning_rate,
    auto_max_iter,
    auto_subsample,
)
from skw2v.training.workers import SLOTS, Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])


def train_reference(trainer):
    """Train a reference with the draws of a trainer; return it and its losses."""
    model, h = trainer.model, trainer.model.hyperparameters
    n_update = trainer.layout.n_runs * trainer.layout.n_tiles
    reference = Reference(model.input_matrix, model.output_matrix, h.cbow)
    losses = []
    for epoch in range(h.max_iter):
        loss = n_pairs = 0
        for chunk in trainer.stream.chunks(epoch, Team(1)):
            n_runs = chunk.positions.n_runs
            n_contexts = chunk.positions.left + chunk.positions.right
            n_pairs += np.sum(n_contexts > 0) if h.cbow else np.sum(n_contexts)
            for start in range(0, n_runs, n_update):
                runs = slice(start, min(start + n_update, n_runs))
                value, *gradients = reference.gradients(
                    positions(chunk.positions, runs)
                )
                loss += value
                seen = chunk.start + (chunk.stop - chunk.start) * start / n_runs
                progress = (epoch + seen / trainer.corpus.n_tokens) / h.max_iter
                rate = h.learning_rate * (1 - progress)
                reference.step(gradients, max(h.min_learning_rate, rate))
        losses.append(loss / n_pairs)
    return reference, losses


@models
@pytest.mark.parametrize("batch_size", [1, 7, 32, 40, 64, 512])
@pytest.mark.parametrize("shrink_windows", [False, True])
def test_training_equals_plain_loops(monkeypatch, cbow, batch_size, shrink_windows):
    monkeypatch.setattr(optimizer, "STEP_LIMIT", np.inf)
    corpus = zipf_corpus(150, 12)
    trainer = make_trainer(
        corpus,
        dtype=np.float64,
        cbow=cbow,
        batch_size=batch_size,
        shrink_windows=shrink_windows,
        subsample=0.05,
        learning_rate=0.05,  # unlimited steps that are larger amplify the rounding
    )
    reference, expected = train_reference(trainer)
    losses, input_matrix, output_matrix = train(trainer)
    assert losses == pytest.approx(expected, rel=1e-12)
    assert np.abs(output_matrix).max() > 1e-3  # it has learned something
    np.testing.assert_allclose(input_matrix, reference.W_in, atol=1e-13)
    np.testing.assert_allclose(output_matrix, reference.W_out, atol=1e-13)


@models
def test_float32_follows_float64(cbow):
    corpus = zipf_corpus(400, 20)
    losses, single, _ = train(make_trainer(corpus, cbow=cbow))
    expected, double, _ = train(make_trainer(corpus, cbow=cbow, dtype=np.float64))
    assert losses == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(single, double, atol=1e-5)


@models
def test_vectors_do_not_depend_on_the_number_of_threads(monkeypatch, cbow):
    # Five chunks, and eight tiles per update, exercise every path of the threads.
    monkeypatch.setattr(stream, "SPAN", 1 << 8)
    monkeypatch.setattr(workers, "_n_cores", lambda: 8)
    corpus = zipf_corpus(SLOTS * stream.SPANS * stream.SPAN + 9_000, 500)
    results = []
    for n_threads in (1, 2, 3, 4):
        trainer = make_trainer(corpus, cbow=cbow, batch_size=8192, max_iter=1)
        assert (trainer.stream.n_chunks, trainer.n_tiles) == (5, 8)
        results.append(train(trainer, n_threads))
    (expected, W_in, W_out), *others = results
    for losses, input_matrix, output_matrix in others:
        assert losses == expected
        assert np.array_equal(input_matrix, W_in)
        assert np.array_equal(output_matrix, W_out)


def test_another_seed_gives_different_vectors():
    corpus = zipf_corpus(400, 20)
    _, first, _ = train(make_trainer(corpus, seed=0))
    _, second, _ = train(make_trainer(corpus, seed=1))
    assert not np.allclose(first, second)


@models
def test_loss_falls_on_text_with_structure(cbow):
    losses, *_ = train(make_trainer(two_topics(), cbow=cbow, max_iter=5))
    assert all(np.diff(losses) < 0)
    assert losses[0] - losses[-1] > 0.1


@models
@pytest.mark.parametrize("n_words", [1, 2])
def test_large_updates_of_few_words_stay_stable(cbow, n_words):
    ids = (np.arange(40_000) % n_words).astype(np.int32)
    corpus = Corpus(ids, np.array([0, len(ids)]))
    trainer = make_trainer(corpus, cbow=cbow, batch_size=4096, learning_rate=0.5)
    losses, input_matrix, _ = train(trainer)
    assert losses[-1] < 6 * np.log(2)  # the loss of zero matrices
    assert np.abs(input_matrix).max() < 100


def test_divergence_is_reported():
    trainer = make_trainer(zipf_corpus(400, 20))
    trainer.model.input_matrix[0] = np.nan
    with pytest.raises(FloatingPointError, match=r"lower learning_rate, now 0\.1"):
        train(trainer)


def test_learning_rate_falls_linearly_with_the_tokens_seen():
    trainer = make_trainer(zipf_corpus(100, 5), learning_rate=0.2, max_iter=2)
    assert trainer._learning_rate(0) == 0.2
    assert trainer._learning_rate(50) == pytest.approx(0.15)
    assert trainer._learning_rate(200) == 1e-4


def test_blas_threads_are_pinned_and_restored():
    before = [library["num_threads"] for library in threadpool_info()]
    inside = []
    for _ in make_trainer(zipf_corpus(100, 5), max_iter=1).epochs(1):
        inside.extend(threadpool_info())
    blas = [library for library in inside if library["user_api"] == "blas"]
    assert blas
    assert all(library["num_threads"] == 1 for library in blas)
    assert [library["num_threads"] for library in threadpool_info()] == before


def test_a_window_beyond_the_longest_document_costs_nothing():
    corpus = zipf_corpus(300, 10, longest=8)
    wide = make_trainer(corpus, window=1_000_000)
    assert wide.layout.reach < 300
    losses, *_ = train(wide)
    assert np.isfinite(losses[-1])


@pytest.mark.parametrize(
    ("n_tokens", "max_iter", "n_components", "batch"),
    [
        (0, 20, 100, 256),
        (360, 20, 100, 256),
        (3277, 20, 100, 256),
        (3600, 20, 100, 268),
        (10_000, 20, 100, 447),
        (1_000_000, 5, 100, 2236),
        (10**7, 5, 100, 8333),
        (10**9, 5, 100, 16384),
        (10**9, 5, 300, 8192),
        (10**9, 10**400, 100, 16384),
    ],
)
def test_automatic_batch_size_follows_the_training(
    n_tokens, max_iter, n_components, batch
):
    assert auto_batch_size(n_tokens, max_iter, n_components) == batch


@pytest.mark.parametrize(
    ("n_tokens", "batch"),
    [(360, 256), (1_000_000, 1118), (10**7, 4166), (10**9, 16384)],
)
def test_updates_are_smaller_where_words_share_rows(n_tokens, batch):
    assert auto_batch_size(n_tokens, 5, 100, has_subwords=True) == batch


@pytest.mark.parametrize(
    ("n_tokens", "skip_gram", "cbow", "max_iter"),
    [
        (0, 0.15, 0.5, 20),
        (100_000, 0.15, 0.5, 20),
        (160_000, 0.15, 0.5, 12),
        (400_000, 0.03 * 50 ** (1 / 3), 0.1 * 50 ** (1 / 3), 5),
        (2_500_000, 0.06, 0.2, 5),
        (20_000_000, 0.03, 0.1, 5),
        (10**11, 0.03, 0.1, 5),
    ],
)
def test_steps_and_epochs_follow_the_corpus(n_tokens, skip_gram, cbow, max_iter):
    assert auto_learning_rate(False, n_tokens) == pytest.approx(skip_gram, rel=1e-12)
    assert auto_learning_rate(True, n_tokens) == pytest.approx(cbow, rel=1e-12)
    assert auto_max_iter(n_tokens) == max_iter


@pytest.mark.parametrize(
    ("n_tokens", "subsample"), [(0, 5), (500, 0.01), (5000, 0.001), (10**9, 0.001)]
)
def test_a_toy_corpus_keeps_its_tokens(n_tokens, subsample):
    assert auto_subsample(n_tokens) == pytest.approx(subsample)


@pytest.mark.usefixtures("ends_its_threads")
def test_training_stops_when_the_caller_stops_iterating():
    trainer = make_trainer(zipf_corpus(500, 20), max_iter=5)
    for n_epochs, _ in enumerate(trainer.epochs(2), start=1):
        stopped = trainer.model.input_matrix.copy()
        if n_epochs == 3:
            break
    assert n_epochs == 3
    assert np.array_equal(trainer.model.input_matrix, stopped)
