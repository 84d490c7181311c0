import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus
from scipy.stats import chisquare

from skw2v.training.sampling import keep_probability, noise_ratio
from skw2v.training.threads import Team

COUNTS = np.array([1000, 300, 50, 7, 0, 1])


@pytest.mark.parametrize("exponent", [0.75, 1.0, 0.0, -0.5])
@pytest.mark.parametrize("subsample", [0, 0.01])
def test_weighted_words_of_the_stream_follow_the_powers_of_the_counts(
    exponent, subsample
):
    keep = keep_probability(COUNTS, subsample)
    stream = COUNTS * keep / np.sum(COUNTS * keep)
    noise = stream * noise_ratio(COUNTS, keep, exponent)
    mass = np.where(COUNTS > 0, np.maximum(COUNTS, 1.0) ** exponent, 0)
    np.testing.assert_allclose(noise, mass / mass.sum(), rtol=1e-6)


@pytest.mark.parametrize(
    ("exponent", "word"), [(1000, 0), (1000.0, 0), (-1000, 5), (-1000.0, 5)]
)
def test_extreme_exponents_leave_only_the_most_or_least_frequent_word(exponent, word):
    ratio = noise_ratio(COUNTS, keep_probability(COUNTS, 0), exponent)
    expected = np.zeros(len(COUNTS))
    expected[word] = COUNTS.sum() / COUNTS[word]
    np.testing.assert_allclose(ratio, expected, rtol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 20, 600])
def test_noise_words_follow_their_distribution_in_every_update(batch_size):
    ids, offsets, counts = zipf_corpus(20_000, 8)
    trainer = make_trainer((ids, offsets, counts), batch_size=batch_size, negative=5)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    drawn = np.bincount(
        trainer.shape.by_group(chunk.centres).ravel(),
        chunk.noise_weight.ravel(),
        minlength=8,
    )
    expected = counts**0.75 / np.sum(counts**0.75)
    np.testing.assert_allclose(drawn / drawn.sum(), expected, atol=0.005)
    # 31 of them stand for `negative`.
    assert chunk.noise_weight.mean() == pytest.approx(5 / 31, rel=0.02)


def test_keep_probability_is_that_of_word2vec():
    share = COUNTS / COUNTS.sum()
    keep = keep_probability(COUNTS, 0.01)
    for word in (0, 1, 2):
        expected = min(1, (np.sqrt(share[word] / 0.01) + 1) * 0.01 / share[word])
        assert keep[word] == pytest.approx(expected)
    assert keep[0] < keep[1] < keep[2] <= 1


def test_no_subsampling_keeps_everything():
    assert np.all(keep_probability(COUNTS, 0) == 1)


def test_words_are_dropped_with_their_probability():
    ids, offsets, counts = zipf_corpus(60_000, 8)
    trainer = make_trainer((ids, offsets, counts), subsample=0.02)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    expected = counts * keep_probability(counts, 0.02)
    observed = np.bincount(chunk.centres[chunk.left + chunk.right > 0], minlength=8)
    for word in range(8):
        deviation = np.sqrt(counts[word] * 0.25) * 4
        assert observed[word] == pytest.approx(expected[word], abs=deviation)


def test_window_sizes_are_uniform():
    corpus = np.zeros(50_000, np.int32), np.array([0, 50_000]), np.array([50_000])
    (chunk,) = make_trainer(corpus, window=4).stream.chunks(0, Team(1))
    sizes = np.bincount(chunk.left.ravel(), minlength=5)
    assert chisquare(sizes[1:]).pvalue > 0.001


def test_noise_is_free_of_the_period_of_the_corpus():
    # Sentences of four words: in regular runs word 0 would have only itself as noise.
    ids = np.tile(np.arange(4, dtype=np.int32), 20_000)
    offsets = np.arange(0, len(ids) + 1, 4)
    trainer = make_trainer((ids, offsets, np.bincount(ids)), batch_size=512)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    assert trainer.shape.run == 16
    groups = trainer.shape.by_group(chunk.centres)
    others = groups[groups[..., 0] == 0][:, 1:]
    share = np.bincount(others.ravel(), minlength=4) / others.size
    np.testing.assert_allclose(share, 0.25, atol=0.03)


def test_every_kept_position_is_trained_once():
    ids = np.arange(5000, dtype=np.int32)
    corpus = ids, np.array([0, 5000]), np.ones(5000, int)
    for batch_size in (1, 40, 700):
        trainer = make_trainer(corpus, batch_size=batch_size, n_components=2)
        (chunk,) = trainer.stream.chunks(0, Team(1))
        trained = chunk.centres[chunk.left + chunk.right > 0]
        assert np.array_equal(np.sort(trained), ids)
