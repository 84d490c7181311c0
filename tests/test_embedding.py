"""Test training with words that are composed of shared rows."""

import numpy as np
import pytest
from corpora import make_trainer, random_composition, randomize, train, zipf_corpus
from scipy.sparse import csr_array

from skw2v.training.composition import by_first_pieces, places_of_rows, step_factors
from skw2v.training.losses import LOSSES
from skw2v.training.model import Model
from skw2v.training.optimizer import STEP_LIMIT
from skw2v.training.trainer import Trainer
from skw2v.training.workers import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
losses = pytest.mark.parametrize("loss", LOSSES)


def composed_trainer(n_tokens=150, n_words=9, **changes):
    """Make a trainer of words that share rows, with random matrices in float64."""
    composition = random_composition(n_words)
    trainer = make_trainer(
        zipf_corpus(n_tokens, n_words),
        dtype=np.float64,
        n_words=n_words,
        composition=composition,
        **changes,
    )
    randomize(trainer)
    return trainer


def first_update(trainer):
    """Return the positions of the first update."""
    chunk = next(iter(trainer.stream.chunks(0, Team(1))))
    return chunk.positions[: trainer.update.n_runs]


@models
@losses
def test_gradients_of_all_rows_match_finite_differences(cbow, loss):
    trainer = composed_trainer(cbow=cbow, loss=loss, batch_size=64)
    positions, update = first_update(trainer), trainer.update
    model, team, step = trainer.model, Team(1), 1e-6
    before = [model.input_matrix.copy(), model.output_matrix.copy()]

    def reset():
        model.input_matrix[...], model.output_matrix[...] = before

    numeric = np.zeros_like(model.input_matrix)
    for index in np.ndindex(numeric.shape):
        values = []
        for sign in (1, -1):
            reset()
            model.input_matrix[index] += sign * step
            values.append(update.step(positions, 1e-12, team))
        numeric[index] = (values[0] - values[1]) / (2 * step)
    reset()
    rate = 1e-6  # no step is limited
    update.step(positions, rate, team)
    change = model.input_matrix - before[0]
    factors = step_factors(model.composition, model.counts)[:, None]
    assert np.abs(numeric).max() > 1
    np.testing.assert_allclose(-change / (rate * factors), numeric, atol=1e-5)


@models
@losses
def test_composed_words_without_shared_rows_are_plain_words(cbow, loss):
    corpus = zipf_corpus(3000, 20)
    settings = {"cbow": cbow, "loss": loss, "batch_size": 512, "dtype": np.float64}
    composition = csr_array(np.eye(20, dtype=np.float32))
    plain = train(make_trainer(corpus, **settings))
    composed = train(make_trainer(corpus, composition=composition, **settings))
    for one, other in zip(plain, composed, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-9)


@models
@losses
def test_the_result_is_the_same_for_every_number_of_threads(cbow, loss, monkeypatch):
    monkeypatch.setattr("skw2v.training.workers._n_cores", lambda: 3)
    corpus, composition = zipf_corpus(20_000, 300), random_composition(300, 50)
    first, *others = (
        train(
            make_trainer(
                corpus,
                composition=composition,
                cbow=cbow,
                loss=loss,
                batch_size=4096,
                max_iter=1,
            ),
            n_workers,
        )
        for n_workers in (1, 2, 3)
    )
    for other in others:
        assert other[0] == first[0]
        assert all(map(np.array_equal, other[1:], first[1:]))


class Unequal:
    """Gives all rows to one of two workers."""

    def __init__(self, n_rows, worker):
        rest = n_rows * (1 - worker)
        self.ranges = [[(rest, rest)], [(rest, rest)]]
        self.ranges[worker] = [(0, n_rows)]

    def run(self, workers, n_active, works, change):
        workers.run(lambda worker: change(worker, self.ranges[worker]), n_active)


@pytest.mark.parametrize("worker", [0, 1])
def test_a_worker_may_change_all_rows(worker, monkeypatch):
    monkeypatch.setattr("skw2v.training.workers._n_cores", lambda: 2)
    corpus, composition = zipf_corpus(20_000, 300), random_composition(300, 50)
    settings = {"composition": composition, "batch_size": 4096}
    trainer, expected = (make_trainer(corpus, **settings) for _ in range(2))
    for each in (trainer, expected):
        randomize(each)
    trainer.update.embedding._division = Unequal(composition.shape[1], worker)
    positions = first_update(trainer)
    assert positions.n_runs >= 2 * trainer.layout.n_runs
    with Team(2) as team, team.start():
        trainer.update.step(positions, 0.1, team)
    expected.update.step(positions, 0.1, Team(1))
    matrices = trainer.model.input_matrix, expected.model.input_matrix
    assert np.array_equal(*matrices)


@models
def test_large_updates_stay_stable(cbow):
    # All words share the same bucket, whose gradients all point the same way.
    composition = random_composition(30, n_buckets=1)
    trainer = make_trainer(
        zipf_corpus(60_000, 30),
        composition=composition,
        cbow=cbow,
        batch_size=16384,
        learning_rate=10.0,
        max_iter=3,
    )
    values, input_matrix, _ = train(trainer)
    assert np.isfinite(input_matrix).all()
    assert values[-1] < values[0]
    assert np.abs(input_matrix).max() < 100


def test_steps_sum_to_those_of_whole_gradients():
    composition, counts = random_composition(20, 40), np.arange(20) + 1
    S = composition.toarray()
    factors = step_factors(composition, counts)
    np.testing.assert_allclose(factors[:20], 1 / np.diag(S))  # rows of single words
    used = S.any(axis=0)
    assert not used.all()
    np.testing.assert_allclose((factors * (counts @ S))[used], (counts @ (S > 0))[used])
    assert (factors[~used] == 1).all()


def test_words_are_composed_in_the_order_of_their_pieces():
    composition = csr_array(
        np.array([[1, 0, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1]], np.float32) / 2
    )
    assert by_first_pieces(composition).tolist() == [1, 0, 2]


def test_rows_of_many_words_come_first_and_those_of_none_last(monkeypatch):
    monkeypatch.setattr("skw2v.training.composition.MANY", 2)
    composition = csr_array(
        np.array([[1, 0, 0, 1, 0, 1], [0, 1, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]]) / 3
    )
    words = by_first_pieces(composition).tolist()
    assert words == [2, 0, 1]
    assert places_of_rows(composition).tolist() == [2, 4, 1, 3, 5, 0]


@models
@losses
def test_the_order_of_rows_changes_the_result_by_rounding_only(cbow, loss):
    settings = {"n_tokens": 2000, "cbow": cbow, "loss": loss, "batch_size": 64}
    expected, model = composed_trainer(**settings), composed_trainer(**settings).model
    model = model.arranged()
    assert not np.array_equal(model.places, np.arange(len(model.places)))
    arranged = Trainer(expected.corpus, model, seed=0)
    losses = train(expected)[0]
    np.testing.assert_allclose(train(arranged)[0], losses, rtol=1e-12)
    np.testing.assert_allclose(model.rows(), expected.model.rows(), atol=1e-9)
    np.testing.assert_allclose(model.vectors(), expected.model.vectors(), atol=1e-9)


def test_no_joint_step_exceeds_the_limit():
    # ``diag(t) @ S.T @ diag(q) @ S`` with the steps of the module's docstring.
    S = random_composition(40, 9).toarray().astype(np.float64)
    q = np.random.default_rng(0).exponential(size=40)
    steps = STEP_LIMIT / (S.T @ q).clip(1e-12)
    largest = np.linalg.eigvals(steps[:, None] * (S.T @ (q[:, None] * S))).real.max()
    assert 0.5 * STEP_LIMIT < largest <= STEP_LIMIT * (1 + 1e-6)


arranged = pytest.mark.parametrize("is_arranged", [False, True])


def model_of(is_arranged):
    """Make a model whose words share rows, in either order."""
    model = composed_trainer().model
    return model.arranged() if is_arranged else model


def test_an_arranged_model_has_the_same_rows_and_vectors():
    model = composed_trainer().model
    arranged = model.arranged()
    assert not np.array_equal(arranged.input_matrix, model.input_matrix)
    assert np.array_equal(arranged.rows(), model.rows())
    assert np.array_equal(arranged.vectors(), model.vectors())
    assert arranged.arranged() is arranged


@arranged
def test_start_from_gives_words_their_vectors(is_arranged):
    model = model_of(is_arranged)
    words, vectors = np.array([0, 3, 8]), np.arange(18.0).reshape(3, 6)
    before = model.vectors()
    model.start_from(words, vectors)
    others = np.setdiff1d(np.arange(9), words)
    np.testing.assert_allclose(model.vectors()[words], vectors, atol=1e-5)
    assert np.array_equal(model.vectors()[others], before[others])


@arranged
def test_a_model_grows_with_its_shared_rows(is_arranged):
    model = model_of(is_arranged)
    h, rows = model.hyperparameters, np.array([8, -1, 0, -1])
    after = model.continued(h, np.ones(4, int), rows, 3, random_composition(4, 7))
    assert np.array_equal(after.input_matrix[4:], model.rows()[9:])
    assert np.array_equal(after.input_matrix[[0, 2]], model.rows()[[8, 0]])
    initial = Model.initial(h, np.ones(4, int), 3, np.float64, random_composition(4, 7))
    assert np.array_equal(after.input_matrix[[1, 3]], initial.input_matrix[[1, 3]])
