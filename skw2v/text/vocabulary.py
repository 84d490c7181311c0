"""Which words are learned, and in which order.

Words are sorted by falling count and then alphabetically: the frequent ones, which take
most of the memory traffic in training, then lie side by side.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral

import numpy as np


@dataclass(frozen=True)
class Limits:
    """How often a word must and may occur.

    Attributes
    ----------
    min_count : int
        Least number of occurrences.
    min_df, max_df : int or float
        Least and greatest number of documents with the word; a float is a share of all
        documents.
    max_features : int or None
        Keep only so many words, the most frequent ones.
    """

    min_count: int
    min_df: float
    max_df: float
    max_features: int | None

    @property
    def of_documents(self):
        """Whether the number of documents matters at all."""
        return not (_is_least(self.min_df) and _is_greatest(self.max_df))


def select(corpus, words, limits):
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
    if not words:
        raise ValueError(
            f"no word found in the {corpus.n_documents} documents: they are empty, or "
            "token_pattern, tokenizer or stop_words drop everything."
        )
    counts = corpus.counts(len(words))
    allowed = np.ones(len(words), bool)
    if limits.of_documents:
        document_counts = corpus.document_counts(len(words))
        allowed = _within(document_counts, corpus.n_documents, limits)
        if not allowed.any():
            raise ValueError(
                f"min_df={limits.min_df} and max_df={limits.max_df} leave no word of "
                f"the {corpus.n_documents} documents; lower min_df or raise max_df."
            )
    chosen = allowed & (counts >= limits.min_count)
    if not chosen.any():
        most_frequent = np.argmax(counts * allowed)
        raise ValueError(
            f"min_count={limits.min_count} leaves no word: the most frequent one, "
            f"{words[most_frequent]!r}, occurs {counts[most_frequent]} times; set "
            f"min_count to {counts[most_frequent]} or less."
        )
    ids = np.flatnonzero(chosen).tolist()
    return np.array(
        sorted(ids, key=lambda i: (-counts[i], words[i]))[: limits.max_features]
    )


def _within(document_counts, n_documents, limits):
    least, greatest = (
        df if isinstance(df, Integral) else df * n_documents
        for df in (limits.min_df, limits.max_df)
    )
    return (document_counts >= least) & (document_counts <= greatest)


def _is_least(df):
    return df <= 1 if isinstance(df, Integral) else df == 0


def _is_greatest(df):
    return not isinstance(df, Integral) and df == 1


def check_given(vocabulary):
    """Words of a vocabulary that the user gave, in the order of their rows.

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
            f"{vocabulary!r} of type {type(vocabulary).__name__}."
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
    for word in words:
        if not isinstance(word, str):
            raise TypeError(
                f"vocabulary must hold words, of type str; got {word!r} of type "
                f"{type(word).__name__}."
            )
    if not words:
        raise ValueError("vocabulary is empty; give at least one word, or None.")
    if len(set(words)) < len(words):
        twice = Counter(words).most_common(1)[0][0]
        raise ValueError(f"vocabulary holds {twice!r} twice; each word needs one row.")
    return [str(word) for word in words]  # not NumPy's own str
