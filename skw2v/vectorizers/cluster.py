"""Fits on collections of Dask: what is read where, before it is trained.

::

    partition         read where it lies: ids, and their words
    ids, words        counted; the counts are merged as a tree
    counts            the words to be learned
    sections of ids   joined to shards, with the rows of these words as ids

Every task is pure, so one that is lost with its worker runs again. The texts stay where
they are, and the ids on the workers; the client gets the words, and the model.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from ..corpus import UNKNOWN, Storage
from ..corpus.numbering import join
from ..pooling import Frequencies
from ..pooling.clusters import check_number
from ..text.counting import WordCounts
from ..text.documents import Analyzer
from ..text.helpers import Part
from ..text.keeping import read_or_find
from ..text.selection import Documents, Selection
from ..text.vocabulary import Limits, check_given
from ..training.sections import Section, sections
from ..training.shards import Shard, n_rounds, n_shards
from .fitted import Learned, pooling_of
from .learning import untrained
from .partitions import in_partition, partitions_of
from .rounds import RoundTrainer
from .tasks import Cluster, constant, few, task

if TYPE_CHECKING:
    from dask.delayed import Delayed


def begin(estimator: Any, documents: Documents) -> tuple[Learned, RoundTrainer]:
    """Read a collection of Dask, and prepare the training on it.

    Parameters
    ----------
    estimator : Word2VecVectorizer
    documents : Documents

    Returns
    -------
    learned : Learned
    trainer : RoundTrainer

    Raises
    ------
    TypeError
        See `partitions_of` and `Analyzer`.
    ValueError
        See `read_selected`; or a parameter needs the documents in one place.
    RuntimeError
        See `Cluster.compute`.
    """
    _check(estimator, documents)
    given = None if estimator.vocabulary is None else check_given(estimator.vocabulary)
    analyzer, words = constant(estimator._reader()), constant(given)
    cluster, limits = Cluster(), _limits(estimator)
    with cluster.keep(_read(documents.X, analyzer, words)) as parts:
        counts = _counted(parts, limits, estimator.weighting)
        choice = task(Selection.of)(counts, analyzer, words, limits)
        with cluster.keep([choice]) as (choice,):
            selection = cast(Selection, cluster.compute(choice))
            learned = _untrained(estimator, selection)
            n_tokens = learned.state.n_tokens
            some = sections(selection.sizes, n_shards(n_tokens))
            rounds = n_rounds(n_tokens, len(some))
            homes = cluster.homes(len(some))
            shards = cluster.keep(_shards(parts, some, choice, rounds, homes))
    return learned, RoundTrainer(learned, cluster, shards, rounds)


def _check(estimator: Any, documents: Documents) -> None:
    """Refuse what needs the documents in one place."""
    storage = estimator.corpus_storage
    for name, is_given in {
        "sample_weight": documents.weights is not None,
        "warm_start=True": estimator.warm_start,
        f"corpus_storage={storage!r}": storage != "auto",
    }.items():
        if is_given:
            raise ValueError(
                f"{name} isn't possible for a collection of Dask, whose documents lie "
                "in several places; leave it out."
            )


def _limits(estimator: Any) -> Limits:
    e = estimator
    return Limits(e.min_count, e.min_df, e.max_df, e.max_features)


def _untrained(estimator: Any, selection: Selection) -> Learned:
    """Return what is known before the training."""
    vocabulary, df = selection.vocabulary, selection.document_counts
    check_number(pooling_of(estimator)["n_clusters"], len(vocabulary.words))
    frequencies = Frequencies(vocabulary.counts, df, selection.n_documents)
    n_tokens = int(vocabulary.counts.sum())
    return untrained(estimator, vocabulary, frequencies, n_tokens, is_stream=False)


def _read(X: Any, analyzer: "Delayed", words: "Delayed") -> list["Delayed"]:
    """Return tasks that read the partitions, each with a numbering of its own."""
    read = task(in_partition)
    return [
        read(number, _part, analyzer, partition, words)
        for number, partition in enumerate(partitions_of(X))
    ]


def _part(analyzer: Analyzer, documents: Any, words: list[str] | None) -> Part:
    return read_or_find(analyzer, documents, 1, words, Storage())


def _counted(parts: list["Delayed"], limits: Limits, weighting: str) -> "Delayed":
    """Return a task that counts the words of all partitions."""
    with_documents = limits.need_documents or weighting == "idf"
    count, merge = task(_counts), task(WordCounts.merged)
    return merge(few(merge, [count(part, with_documents) for part in parts]))


def _counts(part: Part, with_documents: bool) -> WordCounts:
    return WordCounts.of(*part, with_documents)


def _shards(
    parts: list["Delayed"],
    all_sections: list[list[Section]],
    selection: "Delayed",
    n_rounds: int,
    homes: list[Callable[..., "Delayed"]],
) -> list["Delayed"]:
    """Return tasks that make the shards, each at its home."""
    make = task(_shard)
    return [
        home(make, number, [parts[e.place] for e in some], some, selection, n_rounds)
        for number, (home, some) in enumerate(zip(homes, all_sections, strict=True))
    ]


def _shard(
    number: int,
    parts: Sequence[Part],
    some: Sequence[Section],
    selection: Selection,
    n_rounds: int,
) -> Shard:
    vocabulary = selection.vocabulary
    rows = vocabulary.rows()
    # Joining changes ids in place, and those of a partition stay as they are.
    copies = (
        (corpus.part(start, stop).copied(Storage()), words)
        for (corpus, words), (_, start, stop) in zip(parts, some, strict=True)
    )
    corpus = join(copies, lambda word: rows.get(word, UNKNOWN))
    return Shard(corpus, number, n_rounds, vocabulary.counts)
