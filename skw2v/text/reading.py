"""Reading documents, in several processes when it takes long."""

import pickle
from functools import lru_cache
from multiprocessing import parent_process
from time import monotonic

from joblib import Parallel, delayed, wrap_non_picklable_objects

from .corpus import UNKNOWN, join, number, numbering
from .documents import check_collection

BATCH = 1 << 22  # characters that are read at a time
PATIENCE = 2.0  # seconds; about what it costs to start processes


def read(analyzer, X, n_jobs):
    """Read a corpus and number its words in the order of their first occurrence.

    One pass, so that a generator will do. The result doesn't depend on `n_jobs`.

    Parameters
    ----------
    analyzer : Analyzer
    X : iterable of documents
    n_jobs : int
        Processes, if it takes longer than a moment and `analyzer` can be pickled.

    Returns
    -------
    corpus : Corpus
    words : list of str

    Raises
    ------
    TypeError, ValueError
        As of :class:`Analyzer`.
    """
    numbers = numbering()
    corpus = join(_parts(analyzer, X, n_jobs), numbers.__getitem__)
    return corpus, list(numbers)


def encode(analyzer, X, n_jobs, vocabulary):
    """Read a corpus with a given numbering; unknown words are dropped.

    Parameters
    ----------
    analyzer, X, n_jobs
        As in `read`.
    vocabulary : dict of str to int

    Returns
    -------
    Corpus
    """
    parts = _parts(analyzer, X, n_jobs)
    return join(parts, lambda word: vocabulary.get(word, UNKNOWN))


def _parts(analyzer, X, n_jobs):
    """Yield the documents as parts of the corpus, in their order."""
    check_collection(X)
    batches, start = _batches(X), monotonic()
    for batch in batches:
        yield _part(analyzer, *batch)
        if n_jobs > 1 and monotonic() - start > PATIENCE:
            yield from _shared_parts(analyzer, batches, n_jobs)


def _shared_parts(analyzer, batches, n_jobs):
    """The same from several processes, if these can analyze."""
    content = _share(analyzer, n_jobs)
    if content is None:
        return (_part(analyzer, *batch) for batch in batches)
    parallel = Parallel(n_jobs, return_as="generator")
    return parallel(delayed(_part_elsewhere)(content, *batch) for batch in batches)


def _part(analyzer, first, documents):
    return number(analyzer.words(documents, first))


def _part_elsewhere(content, first, documents):
    return _part(_unpickled(content), first, documents)


@lru_cache(maxsize=1)
def _unpickled(content):
    """The analyzer of a pickle; once in each process, as one may be slow to load."""
    return pickle.loads(content)


def _batches(X):
    """Yield documents in lists, each with the position of its first."""
    first, size, batch = 0, 0, []
    for position, document in enumerate(X):
        batch.append(document)
        size += len(document) if isinstance(document, str) else BATCH // 1000
        if size >= BATCH:
            yield first, batch
            first, size, batch = position + 1, 0, []
    yield first, batch


def _share(analyzer, n_jobs):
    """The analyzer as a pickle that other processes can load; None if they can't.

    A lambda can't be pickled, and what only this process's `__main__` holds, can't be
    loaded. Open files are read here. A process that is itself a child of
    `multiprocessing` reads alone: it could not end before joblib's workers do, which
    wait for more work for minutes.
    """
    if analyzer.source == "file" or parent_process() is not None:
        return None
    try:
        pickle.dumps(analyzer)  # refuses lambdas, which may hold much
        content = pickle.dumps(wrap_non_picklable_objects(analyzer, keep_wrapper=False))
        Parallel(n_jobs)([delayed(_can_unpickle)(content)])
    except Exception:  # whatever the user's own callables raise
        return None
    return content


def _can_unpickle(content):
    _unpickled(content)
