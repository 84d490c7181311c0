"""Reading documents, in several processes when it takes long."""

import pickle
from multiprocessing import parent_process
from time import monotonic

from joblib import Parallel, delayed

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
        if n_jobs > 1 and monotonic() - start > PATIENCE and _may_share(analyzer):
            parallel = Parallel(n_jobs, return_as="generator")
            yield from parallel(delayed(_part)(analyzer, *batch) for batch in batches)


def _part(analyzer, first, documents):
    return number(analyzer.words(documents, first))


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


def _may_share(analyzer):
    """Whether other processes can analyze: not with a lambda, or from open files.

    Nor for a process that is itself a child of `multiprocessing`: it could not end
    before joblib's workers do, which wait for more work for minutes.
    """
    try:
        pickle.dumps(analyzer)
    except Exception:  # whatever the user's own callables raise
        return False
    return analyzer.source != "file" and parent_process() is None
