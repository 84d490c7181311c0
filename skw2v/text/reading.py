"""Reads documents, in several processes when it takes long."""

import pickle
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Any, Protocol

import numpy as np
from joblib import cpu_count, wrap_non_picklable_objects
from numpy.typing import NDArray

from ..children import are_allowed
from ..corpus import UNKNOWN, Corpus
from ..corpus.numbering import join, numbering
from .documents import Analyzer, as_collection
from .helpers import AHEAD, Helper, Job, Part, Reader
from .vocabulary import Limits, check_given, select

BATCH = 1 << 20  # characters read at a time
PATIENCE = 0.1  # seconds before processes are started, about what starting them costs


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


class Rows(Protocol):
    """The rows of words: a dict, or something that is asked in the same way."""

    def get(self, word: str, default: int, /) -> int:
        """Return the row of a word."""


def encode(analyzer: Analyzer, X: Iterable, n_jobs: int, vocabulary: Rows) -> Corpus:
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
    weights: NDArray[np.float64] | None = None,
) -> Part:
    """Read a corpus and keep the words to be learned.

    Parameters
    ----------
    analyzer, X, n_jobs
        See `read`.
    vocabulary : mapping of str to int, iterable of str or None
        Words to be learned; None chooses them by `limits`.
    limits : Limits
    weights : ndarray of shape (n_documents,), float64, or None, default=None
        See `Corpus`.

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
        See there; or no document is given, no word is left, or there are more or fewer
        weights than documents.
    """
    if vocabulary is None:
        corpus, words = read(analyzer, X, n_jobs)
    else:
        words = check_given(vocabulary)
        rows = {word: row for row, word in enumerate(words)}
        corpus = encode(analyzer, X, n_jobs, rows)
    if corpus.n_documents == 0:
        raise ValueError("X holds no documents; at least one is needed.")
    if weights is not None:
        corpus = corpus.weighted(weights)
    if vocabulary is None:
        return _renumbered(corpus, words, select(corpus, words, limits))
    if not corpus.longest:
        n_capitals = sum(word != word.lower() for word in words)
        hint = (
            f"; {n_capitals} of them have capitals, and lowercase=True turns documents "
            "to lower case"
        )
        which = "" if weights is None else " that have a positive weight"
        raise ValueError(
            f"none of the {len(words)} words of vocabulary occurs in the "
            f"{corpus.n_documents} documents{which}"
            f"{hint if n_capitals and analyzer.lowercase else ''}."
        )
    return corpus, words


def _renumbered(corpus: Corpus, words: list[str], selected: NDArray[np.int64]) -> Part:
    """Keep some words, whose places in the selection become their ids."""
    new_ids = np.full(len(words), UNKNOWN, np.int32)
    new_ids[selected] = np.arange(len(selected))
    return corpus.renumber(new_ids), [words[i] for i in selected]


def _parts(analyzer: Analyzer, X: Iterable, n_jobs: int) -> Iterator[Part]:
    """Yield the documents as parts of the corpus, in their order."""
    documents, first, start = iter(as_collection(X)), 0, monotonic()
    reader = Reader(analyzer)
    while True:
        # One by one: a generator may change or close a document when it goes on.
        corpus, words = reader.read(first, _batch(analyzer, documents))
        yield corpus, words
        if not corpus.n_documents:
            return
        first += corpus.n_documents
        if n_jobs > 1 and monotonic() - start > PATIENCE:
            first = yield from _shared_parts(reader, documents, first, n_jobs)
            n_jobs = 1


def _shared_parts(
    reader: Reader, documents: Iterator, first: int, n_jobs: int
) -> Generator[Part, None, int]:
    """Yield parts that several processes read, as long as these can analyze.

    X is read in this thread. Returns the position of the next document.
    """
    jobs: deque[Job] = deque()
    with ExitStack() as stack:
        helpers = _helpers(reader.analyzer, min(n_jobs, cpu_count()) - 1, stack)
        while not all(helper.is_lost for helper in helpers):
            try:
                job, n_read = _next_job(reader, documents, first, helpers)
            except Exception:
                for job in jobs:  # one process would have met an earlier error before
                    _part_of(job, reader)
                raise
            if not n_read:
                break
            first += n_read
            jobs.append(job)
            while jobs and (jobs[0].part or len(jobs) > n_jobs * AHEAD):
                yield _part_of(jobs.popleft(), reader)
        while jobs:
            yield _part_of(jobs.popleft(), reader)
    return first


def _helpers(analyzer: Analyzer, n_helpers: int, stack: ExitStack) -> list[Helper]:
    """Start helpers, which end with the stack."""
    content = _pickled(analyzer)
    helpers: list[Helper] = []
    with suppress(OSError):  # no more processes can be started
        while content and len(helpers) < n_helpers:
            helpers.append(Helper(content))
            stack.callback(helpers[-1].close)
    return helpers


def _next_job(
    reader: Reader, documents: Iterator, first: int, helpers: list[Helper]
) -> tuple[Job, int]:
    """Give the next documents to a helper, or read them here if all are busy.

    Returns their number, too.
    """
    batch = _batch(reader.analyzer, documents)
    helper = next((helper for helper in helpers if helper.has_room()), None)
    if helper:
        job = Job(first, [_kept(document) for document in batch])
        helper.take(job)
        return job, len(job.documents)
    job = Job(first, [])
    job.part = corpus, _ = reader.read(first, batch)
    return job, corpus.n_documents


def _part_of(job: Job, reader: Reader) -> Part:
    """Wait for the part of a job; read it here if its helper has failed."""
    while not job.part and job.helper:
        job.helper.receive()
    # The words of later documents already have numbers in this reader.
    return job.part or Reader(reader.analyzer).read(job.first, job.documents)


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
    process may have another working directory.
    """
    if analyzer.source != "content" or not are_allowed():
        return None
    try:
        content = pickle.dumps(analyzer)  # refuses lambdas
        if b"__main__" in content:  # which another process has of its own
            wrapped = wrap_non_picklable_objects(analyzer, keep_wrapper=False)
            content = pickle.dumps(wrapped)
    except Exception:  # the user's own callables may raise anything
        return None
    return content
