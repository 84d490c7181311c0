"""Reading documents, in several processes when it takes long."""

import os
import pickle
from functools import lru_cache
from itertools import islice
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
    batches, start = _batches(analyzer, X), monotonic()
    for batch in batches:
        yield _part(analyzer, *batch)
        if n_jobs > 1 and monotonic() - start > PATIENCE:
            yield from _shared_parts(analyzer, batches, n_jobs)


def _shared_parts(analyzer, batches, n_jobs):
    """The same from several processes, if these can analyze.

    In rounds, so that X is read in this thread, and while no process works.
    """
    content = _pickled(analyzer)
    while turn := list(islice(batches, 2 * n_jobs)):
        parts = None
        if content is not None:
            try:
                parts = Parallel(n_jobs)(
                    delayed(_part_elsewhere)(content, first, _anywhere(analyzer, batch))
                    for first, batch in turn
                )
            except Exception:  # what fails there is done here, where users see it
                content = None
        yield from parts or (_part(analyzer, *batch) for batch in turn)


def _part(analyzer, first, documents):
    return number(analyzer.words(documents, first))


def _part_elsewhere(content, first, documents):
    return _part(_unpickled(content), first, documents)


@lru_cache(maxsize=1)
def _unpickled(content):
    """The analyzer of a pickle; once in each process, as one may be slow to load."""
    return pickle.loads(content)


def _batches(analyzer, X):
    """Yield documents in lists, each with the position of its first."""
    first, size, batch = 0, 0, []
    for position, document in enumerate(X):
        batch.append(document)
        is_text = analyzer.source == "content" and isinstance(document, str)
        size += len(document) if is_text else BATCH // 1000
        if size >= BATCH:
            yield first, batch
            first, size, batch = position + 1, 0, []
    yield first, batch


def _pickled(analyzer):
    """The analyzer as a pickle for other processes; None if it must stay in this one.

    Lambdas, which may hold much, and open files stay. A process that is itself a child
    of `multiprocessing` reads alone: it could not end before joblib's workers do, which
    wait for more work for minutes.
    """
    if analyzer.source == "file" or parent_process() is not None:
        return None
    try:
        pickle.dumps(analyzer)  # refuses lambdas
        return pickle.dumps(wrap_non_picklable_objects(analyzer, keep_wrapper=False))
    except Exception:  # whatever the user's own callables raise
        return None


def _anywhere(analyzer, documents):
    """Documents that mean the same in a process that works in another folder."""
    if analyzer.source != "filename":
        return documents
    paths = (str, bytes, os.PathLike)
    return [os.path.abspath(d) if isinstance(d, paths) else d for d in documents]
