"""Which words are learned, and in which order.

Words are sorted in decreasing order of their counts, and then alphabetically, so that
the vectors of frequent words, which cause most of the memory traffic in training, lie
side by side.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from ..corpus import UNKNOWN, Corpus
from ..corpus.words import distinct_words
from .counting import WordCounts
from .rare_words import RareWords


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that are learned, and what is known of others.

    Attributes
    ----------
    words : list of str
        Word of each row.
    counts : ndarray of shape (n_words,), int64
        Tokens of each word in all documents so far.
    rare_words : RareWords
        The words without a row.
    documents : str
        Digest of the last documents.
    """

    words: list[str]
    counts: NDArray[np.int64]
    rare_words: RareWords
    documents: str

    @classmethod
    def empty(cls) -> "Vocabulary":
        """Return a vocabulary without words."""
        return cls([], np.zeros(0, np.int64), RareWords.none(), "")

    def rows(self) -> dict[str, int]:
        """Return the row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    def rows_of(self, words: list[str]) -> NDArray[np.int32]:
        """Return the rows of some words, `UNKNOWN` for those that have none."""
        rows = self.rows()
        found = (rows.get(word, UNKNOWN) for word in words)
        return np.fromiter(found, np.int32, len(words))

    def grown(
        self,
        words: list[str],
        counts: NDArray[np.int64],
        selected: NDArray[np.int64],
        documents: str,
    ) -> "Vocabulary":
        """Return a vocabulary with the words of further documents.

        Parameters
        ----------
        words : list of str
            Words of the documents.
        counts : ndarray of shape (len(words),), int64
            Their tokens.
        selected : ndarray of shape (n_selected,), int64
            Places of the words that get the next rows.
        documents : str
            Digest of the documents.
        """
        new = [words[i] for i in selected]
        before = np.append(self.counts, self.rare_words.counts_of(new))
        vocabulary = Vocabulary([*self.words, *new], before, self.rare_words, documents)
        row_of = vocabulary.rows_of(words)
        known = row_of != UNKNOWN
        before[row_of[known]] += counts[known]
        rare = np.flatnonzero(~known & (counts > 0))
        others = self.rare_words.minus(new).plus([words[i] for i in rare], counts[rare])
        return replace(vocabulary, rare_words=others)


@dataclass(frozen=True)
class Limits:
    """How often a word must and may occur.

    Attributes
    ----------
    min_count : int
        Minimum number of tokens of a word.
    min_df, max_df : int or float
        Minimum and maximum number of documents with the word; a float is a share of all
        documents.
    max_features : int or None
        Maximum number of words; the most frequent ones are kept.
    """

    min_count: int
    min_df: float
    max_df: float
    max_features: int | None

    @property
    def need_documents(self) -> bool:
        """Return whether documents must be counted at all."""
        return not (_is_minimum(self.min_df) and _is_maximum(self.max_df))


def select(
    documents: Corpus | WordCounts,
    words: list[str],
    counts: NDArray[np.int64],
    limits: Limits,
) -> NDArray[np.int64]:
    """Choose words by how often they occur.

    Parameters
    ----------
    documents : Corpus or WordCounts
    words : list of str
        Word of each id.
    counts : ndarray of shape (len(words),), int64
        Their tokens.
    limits : Limits

    Returns
    -------
    ndarray of shape (n_selected,), int64
        Ids of the chosen words, the most frequent first.

    Raises
    ------
    ValueError
        No word is left; the message names the limit to blame and how to change it.
    """
    if not counts.any():
        raise ValueError(
            f"no word found in the {documents.n_documents} documents: they are empty, "
            "or token_pattern, tokenizer, stop_words or a sample_weight of 0 drop "
            "everything."
        )
    allowed = _allowed(documents, len(words), limits)
    chosen = allowed & (counts >= limits.min_count)
    if not chosen.any():
        most_frequent = np.argmax(counts * allowed)
        word, count = shortened(words[most_frequent]), counts[most_frequent]
        raise ValueError(
            f"min_count={limits.min_count} leaves no word: the most frequent one, "
            f"{word}, occurs {'once' if count == 1 else f'{count} times'}; set "
            f"min_count to {count} or less."
        )
    ids = np.flatnonzero(chosen).tolist()
    return np.array(
        sorted(ids, key=lambda i: (-counts[i], words[i]))[: limits.max_features]
    )


def select_more(
    words: list[str],
    counts: NDArray[np.int64],
    before: Vocabulary,
    limits: Limits,
) -> NDArray[np.int64]:
    """Choose further words by how often they occur in all documents so far.

    Parameters
    ----------
    words : list of str
        Words of the new documents.
    counts : ndarray of shape (len(words),), int64
        Their tokens.
    before : Vocabulary
        That of the documents before.
    limits : Limits

    Returns
    -------
    ndarray of shape (n_selected,), int64
        Places of the chosen words, the most frequent first.

    Raises
    ------
    ValueError
        The limits need the numbers of documents with each word, which aren't kept.
    """
    if limits.need_documents:
        raise ValueError(
            f"min_df={limits.min_df} and max_df={limits.max_df} limit the documents "
            "with a word, which aren't counted over several batches; set min_df=1 and "
            "max_df=1.0, and use min_count and stop_words instead."
        )
    known = set(before.words)
    others = [i for i, word in enumerate(words) if word not in known]
    totals = counts[others] + before.rare_words.counts_of([words[i] for i in others])
    pairs = zip(others, totals.tolist(), strict=True)
    chosen = [(-total, words[i], i) for i, total in pairs if total >= limits.min_count]
    room = None
    if limits.max_features is not None:
        room = max(0, limits.max_features - len(before.words))
    return np.array([i for _, _, i in sorted(chosen)[:room]], np.int64)


def _allowed(
    documents: Corpus | WordCounts, n_words: int, limits: Limits
) -> NDArray[np.bool_]:
    """Return which words occur in an allowed number of documents."""
    if not limits.need_documents:
        return np.ones(n_words, bool)
    counts = documents.document_counts(n_words)
    allowed = _within(counts, documents.weighted_documents, limits)
    if not allowed.any():
        raise ValueError(
            f"min_df={limits.min_df} and max_df={limits.max_df} leave no word of the "
            f"{documents.n_documents} documents; lower min_df or raise max_df."
        )
    return allowed


def _within(
    document_counts: NDArray[np.int64], n_documents: int, limits: Limits
) -> NDArray[np.bool_]:
    lowest, highest = (
        df if isinstance(df, Integral) else df * n_documents
        for df in (limits.min_df, limits.max_df)
    )
    return (document_counts >= lowest) & (document_counts <= highest)


def _is_minimum(df: float) -> bool:
    return df <= 1 if isinstance(df, Integral) else df == 0


def _is_maximum(df: float) -> bool:
    return not isinstance(df, Integral) and df == 1


def check_given(vocabulary: Mapping[str, int] | Iterable[str]) -> list[str]:
    """Return the words of a given vocabulary, in the order of their rows.

    Parameters
    ----------
    vocabulary : mapping of str to int, or iterable of str

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        It is a str, or an iterator, which a second fit would find empty, or holds
        something other than words.
    ValueError
        It is empty, has duplicates, or its indices are not 0 to n - 1.
    """
    if isinstance(vocabulary, (str, bytes, Iterator)):
        raise TypeError(
            "vocabulary must be a mapping of words to rows or a list of words; got "
            f"{shortened(vocabulary)} of type {type(vocabulary).__name__}."
        )
    if isinstance(vocabulary, Mapping):
        missing = set(range(len(vocabulary))) - set(vocabulary.values())
        if missing:
            raise ValueError(
                f"vocabulary must map its {len(vocabulary)} words to the indices 0 to "
                f"{len(vocabulary) - 1}, each once; no word has the index "
                f"{min(missing)}."
            )
        words = sorted(vocabulary, key=vocabulary.__getitem__)
    elif isinstance(vocabulary, (set, frozenset)):
        words = sorted(vocabulary, key=str)
    else:
        words = list(vocabulary)
    if not words:
        raise ValueError("vocabulary is empty; give at least one word, or None.")
    return list(distinct_words(words, "vocabulary"))
