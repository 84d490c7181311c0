"""Which words are learned, and in which order.

Words are sorted by falling count and then alphabetically: the frequent ones, which take
most of the memory traffic in training, then lie side by side.
"""

from collections import Counter
from collections.abc import Mapping
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
        raise ValueError(_no_words(corpus.n_documents))
    counts = corpus.counts(len(words))
    chosen = counts >= limits.min_count
    if not chosen.any():
        raise ValueError(
            f"min_count={limits.min_count} leaves no word: the most frequent one, "
            f"{words[counts.argmax()]!r}, occurs {counts.max()} times; set min_count "
            f"to {counts.max()} or less."
        )
    if limits.of_documents:
        chosen &= _within(
            corpus.document_counts(len(words)), corpus.n_documents, limits
        )
        if not chosen.any():
            raise ValueError(
                f"min_df={limits.min_df} and max_df={limits.max_df} leave no word of "
                f"the {corpus.n_documents} documents; lower min_df or raise max_df."
            )
    ids = np.flatnonzero(chosen).tolist()
    return np.array(
        sorted(ids, key=lambda i: (-counts[i], words[i]))[: limits.max_features]
    )


def _no_words(n_documents):
    if n_documents == 0:
        return "X holds no documents; at least one is needed."
    return (
        f"no word found in the {n_documents} documents: they are empty, or "
        "token_pattern, tokenizer or stop_words drop everything."
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
    ValueError
        It is empty, has duplicates, or its indices are not 0 to n - 1.
    """
    if isinstance(vocabulary, Mapping):
        words = sorted(vocabulary, key=vocabulary.__getitem__)
        if [vocabulary[word] for word in words] != list(range(len(words))):
            raise ValueError(
                "vocabulary must map its words to the indices 0 to n - 1, each once; "
                f"got {len(words)} words and indices from "
                f"{min(vocabulary.values(), default=None)} to "
                f"{max(vocabulary.values(), default=None)}."
            )
    else:
        words = sorted(vocabulary) if isinstance(vocabulary, set) else list(vocabulary)
    if not words:
        raise ValueError("vocabulary is empty; give at least one word, or None.")
    if len(set(words)) < len(words):
        twice = Counter(words).most_common(1)[0][0]
        raise ValueError(f"vocabulary holds {twice!r} twice; each word needs one row.")
    return words
