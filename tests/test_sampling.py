import numpy as np
import pytest
from corpora import make_trainer, zipf_corpus
from scipy.stats import chisquare

from skw2v.training.sampling import NoiseDistribution, keep_probability
from skw2v.training.threads import Team

COUNTS = np.array([1000, 300, 50, 7, 0, 1])


@pytest.mark.parametrize("exponent", [0.75, 1.0, 0.0, -0.5])
def test_noise_follows_the_powers_of_the_counts(exponent):
    draws = NoiseDistribution(COUNTS, exponent).draw(np.random.default_rng(0), 100_000)
    assert draws.dtype == np.int32
    observed = np.bincount(draws, minlength=len(COUNTS))
    assert observed[4] == 0  # it never occurs
    mass = COUNTS[COUNTS > 0] ** exponent
    expected = 100_000 * mass / mass.sum()
    assert chisquare(observed[COUNTS > 0], expected).pvalue > 0.001


@pytest.mark.parametrize(
    ("exponent", "word"), [(1000, 0), (1000.0, 0), (-1000, 5), (-1000.0, 5)]
)
def test_extreme_exponents_draw_only_the_most_or_least_frequent_word(exponent, word):
    draws = NoiseDistribution(COUNTS, exponent).draw(np.random.default_rng(0), 10_000)
    assert np.all(draws == word)


def test_noise_words_are_drawn_in_random_order():
    draws = NoiseDistribution(COUNTS, 0.0).draw(np.random.default_rng(0), 100_000)
    neighbours = np.zeros((6, 6))
    np.add.at(neighbours, (draws[:-1], draws[1:]), 1)
    seen = neighbours[np.ix_(COUNTS > 0, COUNTS > 0)].ravel()
    assert chisquare(seen).pvalue > 0.001


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
    window = trainer.stream.window
    kept = chunk.ids[window : window + chunk.n_positions]
    expected = counts * keep_probability(counts, 0.02)
    observed = np.bincount(kept, minlength=8)
    for word in range(1, 8):  # padding counts as word 0
        deviation = np.sqrt(counts[word] * 0.25) * 4
        assert observed[word] == pytest.approx(expected[word], abs=deviation)


def test_window_sizes_are_uniform():
    corpus = np.zeros(50_000, np.int32), np.array([0, 50_000]), np.array([50_000])
    (chunk,) = make_trainer(corpus, window=4).stream.chunks(0, Team(1))
    sizes = np.bincount(chunk.left[10:49_990], minlength=5)
    assert sizes[0] == 0
    assert chisquare(sizes[1:]).pvalue > 0.001
