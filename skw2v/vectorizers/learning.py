"""How vectorizers learn: where a training begins, and the loop over its epochs."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from reprlib import repr as shortened
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import check_random_state

from ..corpus import Corpus
from ..pooling import Frequencies
from ..pooling.clusters import check_number
from ..text.selection import Documents, read_selected
from ..text.vocabulary import Limits, Vocabulary, check_given
from ..training.hyperparameters import Hyperparameters
from ..training.model import Model
from ..training.trainer import Trainer
from .advice import warn_of_capitals, warn_of_ngrams
from .fitted import (
    Learned,
    TrainingState,
    pieces_of,
    pooling_attributes,
    pooling_of,
    subwords_of,
)
from .progress import AllTasks, EpochReport, ReadingReport, Tasks, Training, followed
from .start import composes_alike, composition_of, initial


def begin(
    estimator: Any,
    documents: Documents,
    before: Learned | None,
    is_stream: bool,
    observers: Sequence[Tasks] = (),
) -> tuple[Learned, Trainer]:
    """Read documents, and prepare the training on them.

    Parameters
    ----------
    estimator : Word2VecVectorizer
    documents : Documents
    before : Learned or None
        What was learned before, from other documents or from these.
    is_stream : bool
        Whether the documents are one part of a stream.
    observers : sequence of Tasks
        They are told how fast documents are read.

    Returns
    -------
    learned : Learned
        What is known now; its model is the one that is trained.
    trainer : Trainer
    """
    reports = [ReadingReport(type(estimator).__name__)] if estimator.verbose else []
    documents = replace(documents, X=followed(documents.X, [*observers, *reports]))
    e, known = estimator, before.vocabulary if before else None
    corpus, vocabulary = read_selected(
        estimator._reader(),
        documents,
        effective_n_jobs(estimator.n_jobs),
        estimator.vocabulary,
        Limits(e.min_count, e.min_df, e.max_df, e.max_features),
        replace(known, documents="") if known and is_stream else known,
    )
    check_number(pooling_of(estimator)["n_clusters"], len(vocabulary.words))
    if before is None:
        return _first(estimator, corpus, vocabulary, is_stream)
    if vocabulary is known:
        return _resumed(estimator, corpus, before)
    return _further(estimator, corpus, vocabulary, before, is_stream)


def train(
    estimator: Any, learned: Learned, trainer: Training, observers: list[Tasks]
) -> dict[str, Any]:
    """Train epoch by epoch, and return the fitted attributes.

    Parameters
    ----------
    estimator : Word2VecVectorizer
    learned, trainer
        What `begin` returns.
    observers : list of Tasks
        They follow the training, and may end it.

    Returns
    -------
    dict of str to object
    """
    tasks = AllTasks(observers)
    attributes = partial(_attributes, estimator, learned, trainer)
    report = EpochReport(type(estimator).__name__, trainer)
    tasks.start(trainer, learned, attributes)
    n_threads = effective_n_jobs(estimator.n_jobs)
    with closing(trainer.epochs(n_threads, tasks.chunks)) as epochs:
        for loss in epochs:
            learned.losses.append(loss)
            if estimator.verbose:
                report(learned.losses)
            if tasks.end_epoch():
                break
    tasks.end_fit()
    return attributes()


def _attributes(estimator: Any, learned: Learned, trainer: Training) -> dict[str, Any]:
    """Return the fitted attributes, as they are now."""
    now, state = trainer.progress, learned.state
    learned.state = replace(state, chunk=now.chunk, loss=now.loss, n_pairs=now.n_pairs)
    attributes = learned.attributes()
    vectors = attributes["embeddings_"]
    return attributes | pooling_attributes(
        estimator, learned.frequencies, vectors, state.seed, learned.clusters
    )


def hyperparameters_of(
    estimator: Any, n_tokens: int, n_seen: int | None
) -> Hyperparameters:
    """Return what `Hyperparameters.resolve` makes of the parameters of an estimator."""
    return Hyperparameters.resolve(estimator, estimator._cbow, n_tokens, n_seen)


def seed_of(random_state: int | np.random.RandomState | None) -> int:
    """Return the seed of all draws of a training."""
    return check_random_state(random_state).randint(np.iinfo(np.int32).max)


def _first(
    estimator: Any, corpus: Corpus, vocabulary: Vocabulary, is_stream: bool
) -> tuple[Learned, Trainer]:
    """Begin with an untrained model."""
    frequencies = Frequencies.of(corpus, vocabulary.counts, estimator.weighting)
    n_tokens = corpus.weighted_tokens
    learned = untrained(estimator, vocabulary, frequencies, n_tokens, is_stream)
    return learned, Trainer(corpus, learned.model, learned.state.seed)


def untrained(
    estimator: Any,
    vocabulary: Vocabulary,
    frequencies: Frequencies,
    n_tokens: int,
    is_stream: bool,
) -> Learned:
    """Return what is known before the first training.

    Parameters
    ----------
    estimator : Word2VecVectorizer
    vocabulary : Vocabulary
    frequencies : Frequencies
    n_tokens : int
        Number of tokens of the words to be learned.
    is_stream : bool
        See `begin`.

    Returns
    -------
    Learned
    """
    seed = seed_of(estimator.random_state)
    h = hyperparameters_of(estimator, n_tokens, n_tokens if is_stream else None)
    model = initial(estimator, h, vocabulary, seed).arranged()
    if estimator.lowercase:
        warn_of_capitals(vocabulary.words, vocabulary.counts)
    warn_of_ngrams(estimator.analyzer, estimator.tokenizer)
    documents, n_documents = vocabulary.documents, frequencies.n_documents
    state = TrainingState(seed, documents, n_tokens, n_documents, is_stream=is_stream)
    return Learned(vocabulary, model, frequencies, [], state, subwords_of(estimator))


def _resumed(
    estimator: Any, corpus: Corpus, before: Learned
) -> tuple[Learned, Trainer]:
    """Go on with the training on the same documents."""
    state, vocabulary = before.state, before.vocabulary
    h = hyperparameters_of(estimator, corpus.weighted_tokens, None)
    progress = state.progress(len(before.losses))
    if progress.epoch > h.max_iter:
        raise ValueError(
            f"max_iter={h.max_iter} is less than the {progress.epoch} epochs that are "
            "trained already; with warm_start=True raise max_iter to go on."
        )
    if state.n_documents == corpus.weighted_documents:  # there were no others
        frequencies = Frequencies.of(corpus, vocabulary.counts, estimator.weighting)
    else:
        frequencies = _counted(estimator, before)
    model = _grown(estimator, before, h, vocabulary)
    learned = replace(
        before,
        model=model,
        frequencies=frequencies,
        state=replace(state, is_stream=False),
    )
    if state.n_before:  # clusters of other documents keep their numbers
        learned.clusters = estimator.word_clusters_
    return learned, Trainer(corpus, model, state.seed, state.n_before, progress)


def _further(
    estimator: Any,
    corpus: Corpus,
    vocabulary: Vocabulary,
    before: Learned,
    is_stream: bool,
) -> tuple[Learned, Trainer]:
    """Go on with other documents."""
    n_seen = int(vocabulary.counts.sum()) if is_stream else None
    h = hyperparameters_of(estimator, corpus.weighted_tokens, n_seen)
    model, n_before = _grown(estimator, before, h, vocabulary), len(before.losses)
    more = Frequencies.of(corpus, vocabulary.counts, estimator.weighting)
    frequencies = _counted(estimator, before).plus(more)
    state = TrainingState(
        before.state.seed,
        vocabulary.documents,
        corpus.weighted_tokens,
        frequencies.n_documents,
        n_before,
        is_stream,
    )
    learned = replace(
        before,
        vocabulary=vocabulary,
        model=model,
        frequencies=frequencies,
        state=state,
        clusters=estimator.word_clusters_,
    )
    return learned, Trainer(corpus, model, state.seed, n_before)


def _grown(
    estimator: Any, before: Learned, h: Hyperparameters, vocabulary: Vocabulary
) -> Model:
    """Return a copy of a model with rows for all words of a vocabulary."""
    n_known, n_words = len(before.vocabulary.words), len(vocabulary.words)
    rows = np.where(np.arange(n_words) < n_known, np.arange(n_words), -1)
    # The seed alone would repeat the draws of the first words.
    seed = before.state.seed, n_known
    composition = composition_of(estimator, vocabulary)
    model = before.model.continued(h, vocabulary.counts, rows, seed, composition)
    return model.arranged()


def _counted(estimator: Any, before: Learned) -> Frequencies:
    """Return the frequencies so far, if they are enough for the weighting."""
    if estimator.weighting == "idf" and not len(before.frequencies.document_counts):
        raise ValueError(
            "weighting='idf' needs the numbers of documents with each word, which "
            f"weighting={estimator.pooling_['weighting']!r} didn't count; set it back, "
            "or fit with warm_start=False."
        )
    return before.frequencies


def earlier(estimator: Any) -> Learned | None:
    """Return what an estimator has learned, None if it isn't fitted.

    Raises
    ------
    ValueError
        It can't be trained further with its present parameters.
    """
    if not hasattr(estimator, "embeddings_"):
        return None
    before = Learned.of(estimator)
    _check_continues(estimator, before)
    return before


def _check_continues(estimator: Any, before: Learned) -> None:
    fitted = before.model.hyperparameters
    for name in ("n_components", "loss"):
        given = getattr(estimator, name)
        if given != getattr(fitted, name):
            raise ValueError(
                f"{name}={given!r} can't go on from vectors that were fitted with "
                f"{name}={getattr(fitted, name)!r}; set it back, or fit with "
                "warm_start=False."
            )
    if not composes_alike(estimator, pieces_of(estimator)):
        raise ValueError(
            f"subwords={shortened(estimator.subwords)} with n_buckets="
            f"{estimator.n_buckets} can't go on from vectors that were fitted with "
            f"others; set them back, or fit with warm_start=False."
        )
    given = estimator.vocabulary
    if given is not None and check_given(given) != before.vocabulary.words:
        raise ValueError(
            "vocabulary was changed after fit, and words keep their rows; set it back, "
            "or fit with warm_start=False."
        )
