"""Small random corpora and trainers for the tests of the training engine."""

import numpy as np
from scipy.sparse import csr_array

from skw2v.corpus import Corpus
from skw2v.training.hyperparameters import Hyperparameters
from skw2v.training.model import Model
from skw2v.training.trainer import Trainer

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


def zipf_corpus(n_tokens, n_words, seed=0, longest=30):
    """Make a random corpus with Zipf frequencies."""
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, n_words + 1)
    ids = rng.choice(n_words, n_tokens, p=weights / weights.sum())
    lengths = rng.integers(0, longest, n_tokens // 10)
    ends = np.minimum(np.cumsum(lengths), n_tokens)
    offsets = np.concatenate([[0], ends, [n_tokens]])
    return Corpus(ids.astype(np.int32), offsets)


def two_topics():
    """Make a corpus of two topics: documents of even ids and documents of odd ids."""
    rng = np.random.default_rng(0)
    ids = 2 * rng.integers(0, 10, (300, 20)) + rng.integers(0, 2, (300, 1))
    return Corpus(ids.ravel().astype(np.int32), np.arange(301) * 20)


def random_composition(n_words, n_buckets=7, seed=0):
    """Compose each word of its own row and of up to three buckets, perhaps repeated."""
    rng = np.random.default_rng(seed)
    dense = np.zeros((n_words, n_words + n_buckets))
    for word, row in enumerate(dense):
        buckets = n_words + rng.integers(0, n_buckets, rng.integers(0, 4))
        np.add.at(row, [word, *buckets], 1 / (1 + len(buckets)))
    return csr_array(dense.astype(np.float32))


def make_trainer(
    corpus, seed=0, dtype=np.float32, n_words=0, composition=None, **changes
):
    """Make a trainer for `corpus` with small default settings."""
    hyperparameters = Hyperparameters(**{**DEFAULTS, **changes})
    counts = corpus.counts(n_words)
    model = Model.initial(hyperparameters, counts, seed, dtype, composition)
    return Trainer(corpus, model, seed)


def train(trainer, n_workers=1):
    """Run all epochs; return their losses and both matrices."""
    losses = list(trainer.epochs(n_workers))
    return losses, trainer.model.input_matrix, trainer.model.output_matrix


def randomize(trainer):
    """Give both matrices random values instead of their initial ones."""
    rng = np.random.default_rng(1)
    for matrix in (trainer.model.input_matrix, trainer.model.output_matrix):
        matrix[...] = rng.normal(size=matrix.shape)
