import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus
from scipy.stats import chisquare

from skw2v.corpus import Corpus
from skw2v.training.sampling import keep_probability, noise_ratio
from skw2v.training.workers import Team

COUNTS = np.array([1000, 300, 50, 7, 0, 1])


def trained(chunk):
    """Return the ids of the positions that are trained."""
    p = chunk.positions
    return p.centers[p.left + p.right > 0]


@pytest.mark.parametrize("exponent", [0.75, 1.0, 0.0, -0.5])
@pytest.mark.parametrize("subsample", [0, 0.01])
def test_weighted_noise_follows_the_powers_of_the_counts(exponent, subsample):
    keep = keep_probability(COUNTS, subsample)
    stream = COUNTS * keep / np.sum(COUNTS * keep)
    noise = stream * noise_ratio(COUNTS, COUNTS * keep, exponent)
    mass = np.where(COUNTS > 0, np.maximum(COUNTS, 1.0) ** exponent, 0)
    np.testing.assert_allclose(noise, mass / mass.sum(), rtol=1e-6)


@pytest.mark.parametrize(
    ("exponent", "word"), [(1000, 0), (1000.0, 0), (-1000, 5), (-1000.0, 5)]
)
def test_extreme_exponents_leave_only_the_most_or_the_least_frequent_word(
    exponent, word
):
    ratio = noise_ratio(COUNTS, COUNTS * keep_probability(COUNTS, 0), exponent)
    expected = np.zeros(len(COUNTS))
    expected[word] = COUNTS.sum() / COUNTS[word]
    np.testing.assert_allclose(ratio, expected, rtol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 20, 600])
def test_noise_words_follow_their_distribution_in_every_update(batch_size):
    trainer = make_trainer(zipf_corpus(20_000, 8), batch_size=batch_size, negative=5)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    centers = trainer.layout.by_group(chunk.positions.centers)
    weights = chunk.positions.noise_weight
    drawn = np.bincount(centers.ravel(), weights.ravel(), minlength=8)
    counts = trainer.model.counts
    expected = counts**0.75 / np.sum(counts**0.75)
    np.testing.assert_allclose(drawn / drawn.sum(), expected, atol=0.005)
    # The 31 other positions of a group stand for `negative` noise words.
    assert weights.mean() == pytest.approx(5 / 31, rel=0.02)


def test_keep_probability_matches_word2vec():
    share = COUNTS / COUNTS.sum()
    keep = keep_probability(COUNTS, 0.01)
    for word in (0, 1, 2):
        expected = min(1, (np.sqrt(share[word] / 0.01) + 1) * 0.01 / share[word])
        assert keep[word] == pytest.approx(expected)
    assert keep[0] < keep[1] < keep[2] <= 1


def test_no_subsampling_keeps_everything():
    assert np.all(keep_probability(COUNTS, 0) == 1)


def test_tokens_are_kept_with_their_probability():
    trainer = make_trainer(zipf_corpus(60_000, 8), subsample=0.02)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    counts = trainer.model.counts
    expected = counts * keep_probability(counts, 0.02)
    observed = np.bincount(trained(chunk), minlength=8)
    for word in range(8):
        deviation = np.sqrt(counts[word] * 0.25) * 4
        assert observed[word] == pytest.approx(expected[word], abs=deviation)


def test_window_sizes_are_uniform():
    corpus = Corpus(np.zeros(50_000, np.int32), np.array([0, 50_000]))
    (chunk,) = make_trainer(corpus, window=4).stream.chunks(0, Team(1))
    sizes = np.bincount(chunk.positions.left.ravel(), minlength=5)
    assert chisquare(sizes[1:]).pvalue > 0.001


def test_noise_does_not_follow_the_period_of_the_corpus():
    # Documents of four tokens: with runs at regular distances, word 0 would only have
    # itself as noise.
    ids = np.tile(np.arange(4, dtype=np.int32), 20_000)
    corpus = Corpus(ids, np.arange(0, len(ids) + 1, 4))
    trainer = make_trainer(corpus, batch_size=512)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    assert trainer.layout.run == 16
    groups = trainer.layout.by_group(chunk.positions.centers)
    others = groups[groups[..., 0] == 0][:, 1:]
    shares = np.bincount(others.ravel(), minlength=4) / others.size
    np.testing.assert_allclose(shares, 0.25, atol=0.03)


@pytest.mark.parametrize("batch_size", [96, 128, 190, 256])
@pytest.mark.parametrize("length", [2, 3, 4])
def test_noise_does_not_follow_the_period_of_a_small_corpus(batch_size, length):
    ids = np.tile(np.arange(length, dtype=np.int32), 360 // length)
    corpus = Corpus(ids, np.arange(0, len(ids) + 1, length))
    trainer = make_trainer(corpus, batch_size=batch_size)
    same = []
    for epoch in range(20):
        (chunk,) = trainer.stream.chunks(epoch, Team(1))
        first, *others = np.moveaxis(
            trainer.layout.by_group(chunk.positions.centers), -1, 0
        )
        same.append(np.mean(first == np.array(others)))
    # With only every 32nd run of random length, up to 0.35 more than 1 / length.
    assert np.mean(same) < 1 / length + 0.06


def test_every_kept_position_is_trained_once():
    ids = np.arange(5000, dtype=np.int32)
    corpus = Corpus(ids, np.array([0, 5000]))
    for batch_size in (1, 40, 700):
        trainer = make_trainer(corpus, batch_size=batch_size, n_components=2)
        (chunk,) = trainer.stream.chunks(0, Team(1))
        assert np.array_equal(np.sort(trained(chunk)), ids)


@pytest.mark.parametrize("subsample", [5e-324, 1e-200, 1e-45, 1e-30])
def test_subsampling_that_keeps_nothing_leaves_shares_of_the_stream(subsample):
    keep = keep_probability(COUNTS, subsample)
    assert np.all((keep > 0) & (keep < 1e-12))
    ratio = noise_ratio(COUNTS, COUNTS * keep, 0.75)
    assert np.all(np.isfinite(ratio))
    assert ratio @ (COUNTS * keep) == pytest.approx(np.sum(COUNTS * keep))


@pytest.mark.parametrize("subsample", [1, 1.0, 1e300, 1.7e308])
def test_large_thresholds_keep_everything(subsample):
    assert np.all(keep_probability(COUNTS, subsample) == 1)


def test_the_largest_exponents_leave_one_word():
    for exponent, word in ((1.7e308, 0), (-1.7e308, 5)):
        ratio = noise_ratio(COUNTS, COUNTS * keep_probability(COUNTS, 0), exponent)
        assert np.flatnonzero(ratio).tolist() == [word]


def test_noise_follows_the_counts_of_all_documents():
    # These documents have other shares of words, and lack one.
    stream = np.array([10.0, 100, 5, 0, 0, 20])
    noise = stream / stream.sum() * noise_ratio(COUNTS, stream, 0.75)
    mass = np.where(stream > 0, COUNTS**0.75, 0)
    np.testing.assert_allclose(noise, mass / mass.sum(), rtol=1e-6)
    assert not noise_ratio(COUNTS, np.zeros(6), 0.75).any()
