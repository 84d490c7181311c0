"""Reading documents, in several processes when it takes long."""

import pickle
from functools import lru_cache
from itertools import accumulate
from multiprocessing import parent_process
from time import monotonic

import numpy as np
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
    documents, first, start = iter(X), 0, monotonic()
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


def _shared_parts(analyzer, documents, first, n_jobs):
    """Yield parts from several processes, as long as these can analyze.

    In rounds, so that X is read in this thread, and while no process works. Returns the
    position of the next document.
    """
    content = _pickled(analyzer)
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
        except Exception:  # what fails there is done here, where users see it
            content = None
            yield from (_part(analyzer, *job) for job in jobs)
        if not batches[-1]:
            break
    return first


def _part(analyzer, first, documents):
    return number(analyzer.words(documents, first))


def _part_elsewhere(content, first, documents):
    return _part(_unpickled(content), first, documents)


@lru_cache(maxsize=1)
def _unpickled(content):
    """The analyzer of a pickle; once in each process, as one may be slow to load."""
    return pickle.loads(content)


def _batch(analyzer, documents):
    """Yield some of the documents: those of an iterator that come next."""
    size = 0
    for document in documents:
        yield document
        is_text = analyzer.source == "content" and isinstance(document, str)
        size += len(document) if is_text else BATCH / 1000
        if size >= BATCH:
            return


def _kept(document):
    """A document that its generator doesn't change."""
    is_mutable = isinstance(document, (list, np.ndarray))
    return document.copy() if is_mutable else document


def _pickled(analyzer):
    """The analyzer as a pickle for other processes; None if it must stay in this one.

    Lambdas, which may hold much, stay. So do files: another process may work in another
    folder. A process that is itself a child of `multiprocessing` reads alone: it could
    not end before joblib's workers do, which wait for more work for minutes.
    """
    if analyzer.source != "content" or parent_process() is not None:
        return None
    try:
        pickle.dumps(analyzer)  # refuses lambdas
        return pickle.dumps(wrap_non_picklable_objects(analyzer, keep_wrapper=False))
    except Exception:  # whatever the user's own callables raise
        return None
