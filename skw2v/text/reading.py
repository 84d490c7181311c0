"""Reads documents, in several processes when it takes long."""

import os
import pickle
from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from multiprocessing import parent_process
from time import monotonic
from typing import Any, TypeAlias

import numpy as np
from joblib import Parallel, cpu_count, delayed, wrap_non_picklable_objects

from ..corpus import UNKNOWN, Corpus
from ..corpus.numbering import join, number, numbering
from .documents import Analyzer, as_collection
from .vocabulary import Limits, check_given, select

BATCH = 1 << 22  # characters read at a time
PATIENCE = 2.0  # seconds before processes are started, about what starting them costs
PROCESS = os.getpid()  # the process that imported this module; a fork of it differs

Part: TypeAlias = tuple[Corpus, list[str]]


def read(analyzer: Analyzer, X: Iterable, n_jobs: int) -> Part:
    """Read a corpus and number its words in the order of their first occurrence.

    This takes one pass, so a generator is enough. The result doesn't depend on
    `n_jobs`.

    Parameters
    ----------
    analyzer : Analyzer
    X : iterable of documents
    n_jobs : int
        Maximum number of processes, used if reading takes longer than a moment and
        `analyzer` can be pickled. There are no more processes than CPU cores.

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id.

    Raises
    ------
    TypeError, ValueError
        See :class:`Analyzer`.
    """
    numbers = numbering()
    corpus = join(_parts(analyzer, X, n_jobs), numbers.__getitem__)
    return corpus, list(numbers)


def encode(
    analyzer: Analyzer, X: Iterable, n_jobs: int, vocabulary: Mapping[str, int]
) -> Corpus:
    """Read a corpus with given ids; the tokens of other words are dropped.

    Parameters
    ----------
    analyzer, X, n_jobs
        See `read`.
    vocabulary : mapping of str to int

    Returns
    -------
    Corpus
    """
    parts = _parts(analyzer, X, n_jobs)
    return join(parts, lambda word: vocabulary.get(word, UNKNOWN))


def read_selected(
    analyzer: Analyzer,
    X: Iterable,
    n_jobs: int,
    vocabulary: Mapping[str, int] | Iterable[str] | None,
    limits: Limits,
) -> Part:
    """Read a corpus and keep the words to be learned.

    Parameters
    ----------
    analyzer, X, n_jobs
        See `read`.
    vocabulary : mapping of str to int, iterable of str or None
        Words to be learned; None chooses them by `limits`.
    limits : Limits

    Returns
    -------
    corpus : Corpus
    words : list of str
        Word of each id.

    Raises
    ------
    TypeError
        See :class:`Analyzer` and `check_given`.
    ValueError
        See there; or no document is given, or no word is left.
    """
    if vocabulary is None:
        corpus, words = read(analyzer, X, n_jobs)
    else:
        words = check_given(vocabulary)
        rows = {word: row for row, word in enumerate(words)}
        corpus = encode(analyzer, X, n_jobs, rows)
    if corpus.n_documents == 0:
        raise ValueError("X holds no documents; at least one is needed.")
    if vocabulary is None:
        selected = select(corpus, words, limits)
        new_ids = np.full(len(words), UNKNOWN, np.int32)
        new_ids[selected] = np.arange(len(selected))
        return corpus.renumber(new_ids), [words[i] for i in selected]
    if not corpus.n_tokens:
        raise ValueError(
            f"none of the {len(words)} words of vocabulary occurs in the "
            f"{corpus.n_documents} documents."
        )
    return corpus, words


def _parts(analyzer: Analyzer, X: Iterable, n_jobs: int) -> Iterator[Part]:
    """Yield the documents as parts of the corpus, in their order."""
    documents, first, start = iter(as_collection(X)), 0, monotonic()
    while True:
        # One by one: a generator may change or close a document when it goes on.
        part = _part(analyzer, first, _batch(analyzer, documents))
        yield part
        n_read = part[0].n_documents
        if not n_read:
            return
        first += n_read
        if n_jobs > 1 and monotonic() - start > PATIENCE:
            first = yield from _shared_parts(analyzer, documents, first, n_jobs)
            n_jobs = 1


def _shared_parts(
    analyzer: Analyzer, documents: Iterator, first: int, n_jobs: int
) -> Generator[Part, None, int]:
    """Yield parts that several processes read, as long as these can analyze.

    They work in rounds, so that X is read in this thread and while no process works.
    Returns the position of the next document.
    """
    content, n_jobs = _pickled(analyzer), min(n_jobs, cpu_count())
    while content:
        batches = [
            [_kept(document) for document in _batch(analyzer, documents)]
            for _ in range(2 * n_jobs)
        ]
        *firsts, first = accumulate(map(len, batches), initial=first)
        jobs = list(zip(firsts, batches, strict=True))
        try:
            yield from Parallel(n_jobs)(
                delayed(_part_elsewhere)(content, *job) for job in jobs
            )
        except Exception:  # read again here, where users see the error
            content = None
            yield from (_part(analyzer, *job) for job in jobs)
        if not batches[-1]:
            break
    return first


def _part(analyzer: Analyzer, first: int, documents: Iterable) -> Part:
    return number(analyzer.tokens(documents, first), first)


def _part_elsewhere(content: bytes, first: int, documents: list) -> Part:
    return _part(_unpickled(content), first, documents)


@lru_cache(maxsize=1)
def _unpickled(content: bytes) -> Analyzer:
    """Return a pickled analyzer, loaded once per process because that may be slow."""
    return pickle.loads(content)


def _batch(analyzer: Analyzer, documents: Iterator) -> Iterator:
    """Yield the next documents of an iterator, up to about `BATCH` characters."""
    size = 0.0
    for document in documents:
        yield document
        is_text = analyzer.source == "content" and isinstance(document, str)
        size += len(document) if is_text else BATCH / 1000
        if size >= BATCH:
            return


def _kept(document: Any) -> Any:
    """Return a document that its generator can't change."""
    is_mutable = isinstance(document, (list, np.ndarray))
    return document.copy() if is_mutable else document


def _pickled(analyzer: Analyzer) -> bytes | None:
    """Return the analyzer as a pickle for other processes, None if it must stay here.

    Lambdas stay, because they may hold large objects. So do files, because another
    process may have another working directory. A child process of `multiprocessing`
    reads alone: it couldn't exit before joblib's workers, which wait for more work for
    minutes. So does a forked process, in which joblib would wait forever for the
    workers of its parent.
    """
    is_child = parent_process() is not None or os.getpid() != PROCESS
    if analyzer.source != "content" or is_child:
        return None
    try:
        pickle.dumps(analyzer)  # refuses lambdas
        return pickle.dumps(wrap_non_picklable_objects(analyzer, keep_wrapper=False))
    except Exception:  # the user's own callables may raise anything
        return None
