"""From documents to a corpus of the words that are learned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..corpus import Corpus, Storage
from .counting import WordCounts
from .documents import Analyzer
from .keeping import read_or_find
from .vocabulary import Limits, Vocabulary, check_given, select, select_more
from .weights import as_weights


@dataclass(frozen=True, eq=False)
class Documents:
    """What is given to learn from.

    Attributes
    ----------
    X : iterable of documents
    weights : ndarray of shape (n_documents,), float64, or None
        See `Corpus`.
    storage : Storage
        Where the ids of their tokens lie.
    """

    X: Iterable
    weights: NDArray[np.float64] | None
    storage: Storage

    @classmethod
    def given(
        cls, X: Iterable, sample_weight: ArrayLike | None, storage: Storage
    ) -> "Documents":
        """Return documents with their weights, which are checked here."""
        return cls(X, as_weights(sample_weight), storage)


def read_selected(
    analyzer: Analyzer,
    documents: Documents,
    n_jobs: int,
    vocabulary: Mapping[str, int] | Iterable[str] | None,
    limits: Limits,
    before: Vocabulary | None = None,
) -> tuple[Corpus, Vocabulary]:
    """Read a corpus and keep the words to be learned.

    Parameters
    ----------
    analyzer : Analyzer
    documents : Documents
    n_jobs : int
        See `skw2v.text.reading.read`.
    vocabulary : mapping of str to int, iterable of str or None
        Words to be learned; None chooses them by `limits`.
    limits : Limits
    before : Vocabulary, optional
        That of documents before, whose words keep their rows, and whose counts are
        added. If these documents are those of `before`, nothing is added.

    Returns
    -------
    corpus : Corpus
        Its ids are rows of the vocabulary.
    vocabulary : Vocabulary

    Raises
    ------
    OSError
        See `read_or_find`.
    TypeError
        See :class:`Analyzer` and `check_given`.
    ValueError
        See there and `select_more`; or no document is given, no word is left, or there
        are more or fewer weights than documents.
    """
    given = None if vocabulary is None else check_given(vocabulary)
    corpus, words = read_or_find(
        analyzer, documents.X, n_jobs, given, documents.storage
    )
    _check_number(corpus.n_documents)
    if documents.weights is not None:
        corpus = corpus.weighted(documents.weights)
    digest = corpus.digest(words)
    if before is not None and before.documents == digest:
        return corpus.renumber(before.rows_of(words)), before
    if given is not None and before is None and not corpus.longest:
        which = "" if corpus.weights is None else " that have a positive weight"
        raise _none_occurs(words, analyzer, f"{corpus.n_documents} documents{which}")
    known, counts = before or Vocabulary.empty(), corpus.counts(len(words))
    if given is not None:
        selected = np.arange(len(known.words), len(words))
    elif before is None:
        selected = select(corpus, words, counts, limits)
    else:
        selected = select_more(words, counts, before, limits)
    after = known.grown(words, counts, selected, digest)
    return corpus.renumber(after.rows_of(words)), after


@dataclass(frozen=True, eq=False)
class Selection:
    """The words that are learned from documents in several places.

    Attributes
    ----------
    vocabulary : Vocabulary
    document_counts : ndarray of shape (n_words,), int64
        Documents with each word; of shape (0,) if they aren't counted.
    n_documents : int
    sizes : list of int
        Number of tokens in each place, those of other words included.
    """

    vocabulary: Vocabulary
    document_counts: NDArray[np.int64]
    n_documents: int
    sizes: list[int]

    @classmethod
    def of(
        cls,
        counts: WordCounts,
        analyzer: Analyzer,
        given: list[str] | None,
        limits: Limits,
    ) -> "Selection":
        """Choose words as `read_selected` does for documents in one place.

        Parameters
        ----------
        counts : WordCounts
            Of all places; of no other words than the given ones, in their order.
        analyzer : Analyzer
        given : list of str or None
            Words to be learned; None chooses them by `limits`.
        limits : Limits

        Raises
        ------
        ValueError
            See `read_selected`.
        """
        _check_number(counts.n_documents)
        words = counts.words
        if given is None:
            selected = select(counts, words, counts.counts, limits)
        elif counts.counts.any():
            selected = np.arange(len(words))
        else:
            raise _none_occurs(words, analyzer, f"{counts.n_documents} documents")
        known = Vocabulary.empty()
        vocabulary = known.grown(words, counts.counts, selected, counts.digest)
        df = counts.df[selected] if len(counts.df) else counts.df
        return cls(vocabulary, df, counts.n_documents, counts.sizes)


def _check_number(n_documents: int) -> None:
    if n_documents == 0:
        raise ValueError("X holds no documents; at least one is needed.")


def _none_occurs(words: list[str], analyzer: Analyzer, documents: str) -> ValueError:
    """Return the error of documents without any word of a given vocabulary."""
    n_capitals = sum(word != word.lower() for word in words)
    hint = (
        f"; {n_capitals} of them have capitals, and lowercase=True turns documents "
        "to lower case"
    )
    return ValueError(
        f"none of the {len(words)} words of vocabulary occurs in the {documents}"
        f"{hint if n_capitals and analyzer.lowercase else ''}."
    )
