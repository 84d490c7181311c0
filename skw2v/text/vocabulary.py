"""Which words are learned, and in which order.

Words are sorted in decreasing order of their counts, and then alphabetically, so that
the vectors of frequent words, which cause most of the memory traffic in training, lie
side by side.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from ..corpus.words import distinct_words


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


def select(corpus: Corpus, words: list[str], limits: Limits) -> NDArray[np.int64]:
    """Choose words by how often they occur.

    Parameters
    ----------
    corpus : Corpus
    words : list of str
        Word of each id of the corpus.
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
    counts = corpus.counts(len(words))
    if not counts.any():
        raise ValueError(
            f"no word found in the {corpus.n_documents} documents: they are empty, or "
            "token_pattern, tokenizer, stop_words or a sample_weight of 0 drop "
            "everything."
        )
    allowed = _allowed(corpus, len(words), limits)
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


def _allowed(corpus: Corpus, n_words: int, limits: Limits) -> NDArray[np.bool_]:
    """Return which words occur in an allowed number of documents."""
    if not limits.need_documents:
        return np.ones(n_words, bool)
    counts = corpus.document_counts(n_words)
    allowed = _within(counts, corpus.weighted_documents, limits)
    if not allowed.any():
        raise ValueError(
            f"min_df={limits.min_df} and max_df={limits.max_df} leave no word of the "
            f"{corpus.n_documents} documents; lower min_df or raise max_df."
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
