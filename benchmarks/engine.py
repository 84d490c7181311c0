"""The private parts of skw2v that the benchmarks use, in one place."""

from joblib import effective_n_jobs

from skw2v.corpus import Storage
from skw2v.text.selection import Documents
from skw2v.training import optimizer, stream, tile
from skw2v.training.hyperparameters import (
    Hyperparameters,
    auto_batch_size,
    auto_learning_rate,
)
from skw2v.training.losses import base, negative_sampling
from skw2v.training.model import Model
from skw2v.training.trainer import Trainer
from skw2v.vectorizers.learning import begin

TOKENS, EPOCHS = 20_000_000, 5  # of a training on a large corpus

# The steps of training that `roofline` times: an attribute, its owner and its name.
GATHER, SCATTER = "fetch rows (np.take)", "change rows (csc_matvecs)"
STEPS = [
    (tile, "gather", GATHER),
    (negative_sampling, "gather", GATHER),
    (negative_sampling.NegativeSampling, "pointwise", "logistic loss"),
    (base, "spread_of", "spread of the vectors"),
    (optimizer, "scatter_add", SCATTER),
    (stream.Stream, "_chunk", "draw, cut and shuffle the stream"),
]
MULTIPLYING = tile, negative_sampling  # the modules that call `np.matmul`


def batch_size_of(n_components):
    """Return the number of positions per update in a training on a large corpus.

    A benchmark trains on less text, where updates would be smaller and slower.
    """
    return auto_batch_size(TOKENS, EPOCHS, n_components)


def begun(vectorizer, documents):
    """Read documents; return their words, and what trains the model of an estimator."""
    given = Documents.given(documents, None, Storage())
    learned, trainer = begin(vectorizer, given, before=None, is_stream=False)
    return learned.vocabulary.words, trainer


def trainer_of(vectorizer, documents):
    """Read documents, and return what trains the model of an estimator."""
    return begun(vectorizer, documents)[1]


def trainer_on(corpus, cbow, n_components):
    """Return what trains a model on numbered words, in one epoch of large updates."""
    hyperparameters = Hyperparameters(
        cbow=cbow,
        loss="negative_sampling",
        n_components=n_components,
        window=5,
        shrink_windows=True,
        negative=5,
        ns_exponent=0.75,
        subsample=1e-3,
        max_iter=1,
        learning_rate=auto_learning_rate(cbow, corpus.n_tokens),
        min_learning_rate=1e-4,
        batch_size=batch_size_of(n_components),
    )
    counts = corpus.counts(0)
    return Trainer(corpus, Model.initial(hyperparameters, counts, seed=0), seed=0)


def train(trainer, n_jobs):
    """Run all epochs."""
    for _ in trainer.epochs(effective_n_jobs(n_jobs)):
        pass
