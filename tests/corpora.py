"""Small random corpora for the tests of the engine."""

import numpy as np

from skw2v.training.trainer import Hyperparameters, Trainer, initial_matrices

DEFAULTS = {
    "cbow": False,
    "loss": "negative_sampling",
    "n_components": 6,
    "window": 3,
    "shrink_windows": True,
    "negative": 5,
    "ns_exponent": 0.75,
    "subsample": 0.0,
    "max_iter": 2,
    "learning_rate": 0.1,
    "min_learning_rate": 1e-4,
    "batch_size": 16,
}


def zipf_corpus(n_words_of_corpus, n_words, seed=0, longest=30):
    """Ids, document offsets and counts of a random corpus with Zipf frequencies."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, n_words + 1)
    ids = rng.choice(n_words, n_words_of_corpus, p=share / share.sum())
    lengths = rng.integers(0, longest, n_words_of_corpus // 10)
    ends = np.minimum(np.cumsum(lengths), n_words_of_corpus)
    offsets = np.concatenate([[0], ends, [n_words_of_corpus]])
    return ids.astype(np.int32), offsets, np.bincount(ids, minlength=n_words)


def make_trainer(corpus, seed=0, dtype=np.float32, **changes):
    """A trainer on `corpus`, with small default settings."""
    hyperparameters = Hyperparameters(**{**DEFAULTS, **changes})
    n_words, n_components = len(corpus[2]), hyperparameters.n_components
    matrices = initial_matrices(
        n_words, n_components, hyperparameters.loss, seed, dtype
    )
    return Trainer(*corpus, *matrices, hyperparameters, seed)


def randomize(trainer):
    """Give both matrices random values, instead of those of the start."""
    rng = np.random.default_rng(1)
    for matrix in (trainer.input_matrix, trainer.output_matrix):
        matrix[...] = rng.normal(size=matrix.shape)
