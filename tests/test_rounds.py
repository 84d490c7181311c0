"""Training on shards, in rounds."""

import pickle
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from corpora import DEFAULTS, make_trainer, random_composition, train, zipf_corpus

from skw2v.corpus import Corpus
from skw2v.training.changes import RowChanges, merge
from skw2v.training.combination import Side, combined
from skw2v.training.hyperparameters import Hyperparameters
from skw2v.training.losses import LOSSES
from skw2v.training.model import Model
from skw2v.training.rounds import combine, train_shard
from skw2v.training.shards import (
    MOST_ROUNDS,
    MOST_SHARDS,
    Shard,
    n_rounds,
    n_shards,
    split,
)
from skw2v.training.workers import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
losses = pytest.mark.parametrize("loss", LOSSES)


def shards_of(corpus, n_parts, n_rounds=1, n_words=0):
    """Cut a corpus into shards."""
    counts = corpus.counts(n_words)
    parts = split(corpus, n_parts)
    return [Shard(part, i, n_rounds, counts) for i, part in enumerate(parts)]


def model_of(shards, composition=None, dtype=np.float32, **changes):
    """Return an untrained model, with small default settings."""
    hyperparameters = Hyperparameters(**{**DEFAULTS, **changes})
    return Model.initial(hyperparameters, shards[0].counts, 0, dtype, composition)


def fit(model, shards):
    """Train all rounds; return the model and the loss of each epoch."""
    losses = []
    for epoch in range(model.hyperparameters.max_iter):
        loss = n_pairs = 0
        for number in range(shards[0].n_rounds):
            changes = [train_shard(model, shard, 0, epoch, number) for shard in shards]
            model = combine(model, changes)
            loss += sum(change.loss for change in changes)
            n_pairs += sum(change.n_pairs for change in changes)
        losses.append(loss / n_pairs)
    return model, losses


def matrices(model):
    return model.input_matrix, model.output_matrix


def assert_same(one, other):
    """Check that two models have the same bits."""
    for a, b in zip(matrices(one), matrices(other), strict=True):
        assert a.tobytes() == b.tobytes()


def changes_of(model, shards):
    return [train_shard(model, shard, 0, 0, 0) for shard in shards]


@models
@losses
def test_one_shard_learns_what_a_single_machine_learns(cbow, loss):
    corpus = zipf_corpus(2000, 30)
    settings = {"cbow": cbow, "loss": loss, "batch_size": 64}
    shards = shards_of(corpus, 1)
    model, found = fit(model_of(shards, dtype=np.float64, **settings), shards)
    trainer = make_trainer(corpus, dtype=np.float64, **settings)
    expected, *expected_matrices = train(trainer)
    np.testing.assert_allclose(found, expected)
    for a, b in zip(matrices(model), expected_matrices, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)


@models
@losses
@pytest.mark.parametrize("is_composed", [False, True], ids=["words", "subwords"])
def test_losses_fall_on_several_shards(cbow, loss, is_composed):
    shards = shards_of(zipf_corpus(1500, 40, longest=5), 3)
    composition = random_composition(40) if is_composed else None
    settings = {"cbow": cbow, "loss": loss, "max_iter": 3, "batch_size": 64}
    trained, losses = fit(model_of(shards, composition, **settings), shards)
    assert losses[-1] < losses[0]
    assert all(np.isfinite(matrix).all() for matrix in matrices(trained))


@models
def test_neither_order_nor_repetition_matter(cbow):
    shards = shards_of(zipf_corpus(900, 40), 3)
    model = model_of(shards, cbow=cbow)
    changes = changes_of(model, shards)
    expected = combine(model, changes)
    assert_same(combine(model, [merge(changes)]), expected)
    for order in permutations(pickle.loads(pickle.dumps(changes_of(model, shards)))):
        assert_same(combine(model, order), expected)


@models
@losses
def test_nothing_that_is_given_changes(cbow, loss):
    shards = shards_of(zipf_corpus(900, 40), 3)
    model = model_of(shards, cbow=cbow, loss=loss)
    before = pickle.dumps((matrices(model), shards))
    changes = changes_of(model, shards)
    assert pickle.dumps((matrices(model), shards)) == before
    before = pickle.dumps((matrices(model), changes))
    after = combine(model, changes)
    assert pickle.dumps((matrices(model), changes)) == before
    assert not np.shares_memory(after.input_matrix, model.input_matrix)


def test_only_changed_rows_are_returned():
    corpus = Corpus(np.array([0, 1, 2, 3, 4, 5, 6, 7] * 4, np.int32), np.array([0, 32]))
    words = replace(corpus, ids=corpus.ids % 4)
    shards = [Shard(words, 0, 1, corpus.counts(0))]
    change = train_shard(model_of(shards), shards[0], 0, 0, 0)
    np.testing.assert_array_equal(change.inputs.ids, [0, 1, 2, 3])
    np.testing.assert_array_equal(change.outputs.ids, [0, 1, 2, 3])


def test_each_shard_has_draws_of_its_own():
    corpus = zipf_corpus(900, 40)
    shards = shards_of(corpus, 1)
    other = replace(shards[0], number=1)
    model = model_of(shards, max_iter=3)
    first, second = (changes_of(model, [s])[0] for s in (shards[0], other))
    assert not np.array_equal(first.inputs.rows, second.inputs.rows)
    later = train_shard(model, shards[0], 0, 1, 0, n_before=-1)
    np.testing.assert_array_equal(later.inputs.ids, first.inputs.ids)


def test_the_rounds_of_an_epoch_train_each_token_once():
    shards = shards_of(zipf_corpus(60_000, 40), 2, n_rounds=3)
    model = model_of(shards, shrink_windows=False, batch_size=1024)
    changes = [train_shard(model, s, 0, 0, n) for s in shards for n in range(3)]
    assert all(change.n_pairs for change in changes)
    one = make_trainer(zipf_corpus(60_000, 40), shrink_windows=False, batch_size=1024)
    train(one)
    expected = one.n_trained / 2  # two epochs
    assert sum(c.n_pairs for c in changes) == pytest.approx(expected, rel=0.01)


@models
@pytest.mark.parametrize("n_words", [1, 2, 200])
def test_frequent_words_do_not_overshoot(cbow, n_words):
    """All shards push the same rows in the same direction."""
    words = np.random.default_rng(0).zipf(2, 8000) - 1
    ids = np.minimum(words, n_words - 1).astype(np.int32)
    corpus = Corpus(ids, np.arange(0, 8001, 20))
    settings = {"cbow": cbow, "max_iter": 4, "batch_size": 64}
    expected = train(make_trainer(corpus, n_words=n_words, **settings))[0]
    shards = shards_of(corpus, 16, n_words=n_words)
    assert fit(model_of(shards, **settings), shards)[1][-1] < 1.1 * expected[-1]


def test_empty_shards_change_nothing():
    corpus = zipf_corpus(100, 10)
    shards = shards_of(corpus, 1)
    nothing = Shard(Corpus(corpus.ids[:0], np.zeros(1, int)), 1, 1, shards[0].counts)
    model = model_of(shards)
    changes = changes_of(model, [*shards, nothing])
    assert len(changes[1].inputs.ids) == len(changes[1].outputs.ids) == 0
    assert changes[1].loss == changes[1].n_pairs == 0
    assert_same(combine(model, changes), combine(model, changes[:1]))
    assert_same(combine(model, changes[1:]), model)


@pytest.mark.parametrize("n_tokens", [1, 2, 7])
def test_tiny_corpora_have_more_shards_and_rounds_than_tokens(n_tokens):
    corpus = Corpus(np.arange(n_tokens, dtype=np.int32), np.arange(n_tokens + 1))
    shards = shards_of(corpus, 9, n_rounds=3, n_words=7)
    model = model_of(shards)
    assert_same(combine(model, changes_of(model, shards)), model)


def test_weights_of_documents_are_kept():
    corpus = zipf_corpus(900, 40)
    weighted = corpus.weighted(np.arange(corpus.n_documents) % 3.0)
    parts = split(weighted, 4)
    np.testing.assert_array_equal(
        np.concatenate([part.weights for part in parts]), weighted.weights
    )
    shards = shards_of(weighted, 4)
    n_pairs = sum(change.n_pairs for change in changes_of(model_of(shards), shards))
    one = make_trainer(weighted)
    train(one)
    assert n_pairs == pytest.approx(one.n_trained / 2, rel=0.1)


@pytest.mark.parametrize("n_parts", [1, 2, 5, 200])
def test_split_keeps_documents_whole_and_in_order(n_parts):
    corpus = zipf_corpus(900, 40)
    parts = split(corpus, n_parts)
    assert len(parts) == n_parts
    np.testing.assert_array_equal(np.concatenate([p.ids for p in parts]), corpus.ids)
    lengths = np.concatenate([part.lengths for part in parts])
    np.testing.assert_array_equal(lengths, corpus.lengths)
    assert max(p.n_tokens for p in parts) <= 900 / n_parts + 2 * corpus.longest


def test_numbers_follow_from_the_corpus():
    assert n_shards(0) == n_shards(1000) == 1
    assert n_shards(10**11) == MOST_SHARDS
    assert [n_shards(n * 10**6) for n in (4, 5, 8, 20, 40)] == [1, 2, 2, 8, 16]
    assert n_rounds(0, 1) == n_rounds(1000, 8) == 1
    assert [n_rounds(n * 10**6, 4) for n in (1, 4, 8, 10)] == [2, 8, 15, 16]
    assert [n_rounds(10**8, n) for n in (1, 2, 4, 8)] == [1, 4, 16, MOST_ROUNDS]
    assert n_rounds(10**11, 128) == n_rounds(10**10, 128) == MOST_ROUNDS


def test_divergence_raises_one_clear_error():
    shards = shards_of(zipf_corpus(900, 40), 1)
    model = model_of(shards)
    model.input_matrix[:] = np.inf
    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match="training diverged in epoch 1"),
    ):
        changes_of(model, shards)


def test_changes_that_are_merged_in_groups_have_the_same_sum():
    shards = shards_of(zipf_corpus(900, 40), 4)
    model = model_of(shards, dtype=np.float64)
    changes = changes_of(model, shards)
    groups = [merge(changes[2:]), merge(changes[:2])]
    one, other = combine(model, changes), combine(model, groups)
    for a, b in zip(matrices(one), matrices(other), strict=True):
        np.testing.assert_allclose(a, b)
    total = merge(groups)
    assert total.loss == pytest.approx(sum(change.loss for change in changes))
    assert total.n_pairs == sum(change.n_pairs for change in changes)


def test_shards_together_come_as_far_as_one_machine_on_a_quadratic_loss():
    """Each shard descends with the same curvature, and has a minimum of its own."""
    rng = np.random.default_rng(0)
    n_shards, minima = 5, rng.normal(size=(5, 3))
    vectors = rng.normal(size=(100, 3)) * [5, 1, 0.01]
    curvature = vectors.T @ vectors / 100
    start, time = rng.normal(size=(1, 3)), 0.8
    eigenvalues, axes = np.linalg.eigh(curvature)

    def flow(x, minimum, time):
        return minimum + (axes * np.exp(-time * eigenvalues)) @ axes.T @ (x - minimum)

    rows = sum(flow(start[0], minimum, time) - start[0] for minimum in minima)
    change = RowChanges(
        np.array([0]), rows[None], np.array([n_shards * time]), np.array([5.0])
    )
    expected = flow(start[0], minima.mean(axis=0), n_shards * time)
    (moved,) = Side(start, change).moved(curvature)(slice(None))
    np.testing.assert_allclose(moved, expected)


def test_a_single_frequent_word_limits_the_others():
    """It decides where changes that all shards have made must end."""
    n_words, n_shards = 20_000, 16
    words, several = np.arange(n_words), np.full(n_words, float(n_shards))
    vectors, time = np.zeros((n_words, 3)), np.ones(n_words)
    vectors[7, 0], time[7] = 1, 1e9
    nothing = RowChanges(words, np.zeros((n_words, 3)), time, several)
    step = np.array([[1.0, 1.0, 1.0]])
    change = RowChanges(words[:1], n_shards * step, np.array([1e3]), several[:1])
    start = np.zeros((n_words, 3))
    moved, _ = combined(Side(start, change), Side(vectors, nothing))
    np.testing.assert_allclose(moved[0], [1, n_shards, n_shards], rtol=1e-3)


def test_moments_are_those_of_means_of_rows():
    rng = np.random.default_rng(0)
    matrix, weights = rng.normal(size=(4, 2)), np.array([3.0, 1.0, 4.0])
    ids, rows = np.array([0, 1, 3]), rng.normal(size=(3, 2))
    change = RowChanges(ids, 2 * rows, weights, np.full(3, 2.0))
    drawn = rng.choice(3, (200_000, 4), p=weights / weights.sum())
    means = (matrix[ids] + rows)[drawn].mean(axis=1)
    expected = means.T @ means / len(means)
    side = Side(matrix, change, 1 / 4)
    np.testing.assert_allclose(side.moments(side.mean), expected, atol=0.01)


@pytest.mark.parametrize("shrink_windows", [False, True])
@pytest.mark.parametrize("cbow", [False, True])
def test_the_share_of_a_row_in_a_hidden_layer(cbow, shrink_windows):
    corpus = zipf_corpus(20_000, 30, longest=2000)
    trainer = make_trainer(corpus, cbow=cbow, shrink_windows=shrink_windows)
    chunk = next(trainer.stream.chunks(0, Team(1)))
    n_inputs = chunk.positions.n_inputs[chunk.positions.left > 0] if cbow else 1
    assert trainer.model.word_share == pytest.approx(np.mean(1 / n_inputs), rel=0.02)


def test_the_share_of_a_row_in_the_vector_of_a_word():
    corpus, composition = zipf_corpus(200, 30), random_composition(30)
    model = make_trainer(corpus, n_words=30, composition=composition).model
    n_rows = (composition.toarray() > 0).sum(axis=1)
    assert model.row_share == pytest.approx(np.mean(1 / n_rows[corpus.ids]))
    assert make_trainer(corpus).model.row_share == 1
