"""Counts of words in documents that lie in several places."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from ..corpus.numbering import numbering


@dataclass(frozen=True, eq=False)
class WordCounts:
    """How often words occur in some documents, which may be a part of all.

    Attributes
    ----------
    words : list of str
    counts : ndarray of shape (n_words,), int64
        Tokens of each word.
    df : ndarray of shape (n_words,), int64
        Documents with each word; of shape (0,) if they aren't counted.
    n_documents : int
    digests : list of str
        Digest of the documents of each place, in their order.
    sizes : list of int
        Number of their tokens.
    """

    words: list[str]
    counts: NDArray[np.int64]
    df: NDArray[np.int64]
    n_documents: int
    digests: list[str]
    sizes: list[int]

    @classmethod
    def of(cls, corpus: Corpus, words: list[str], with_documents: bool) -> "WordCounts":
        """Return those of a corpus.

        Parameters
        ----------
        corpus : Corpus
        words : list of str
            Word of each id.
        with_documents : bool
            Whether to count the documents with each word, too.
        """
        df = corpus.document_counts(len(words)) if with_documents else _NONE
        counts, digest = corpus.counts(len(words)), corpus.digest(words)
        n_documents, n_tokens = corpus.n_documents, corpus.n_tokens
        return cls(words, counts, df, n_documents, [digest], [n_tokens])

    @classmethod
    def merged(cls, parts: Sequence["WordCounts"]) -> "WordCounts":
        """Return the counts of several parts, in the order of their first words."""
        numbers = numbering()
        rows = [[numbers[word] for word in part.words] for part in parts]
        counts, df = np.zeros((2, len(numbers)), np.int64)
        has_df = all(len(part.df) == len(part.words) for part in parts)
        for part, here in zip(parts, rows, strict=True):
            counts[here] += part.counts
            if has_df:
                df[here] += part.df
        return cls(
            list(numbers),
            counts,
            df if has_df else _NONE,
            sum(part.n_documents for part in parts),
            [digest for part in parts for digest in part.digests],
            [size for part in parts for size in part.sizes],
        )

    @property
    def weighted_documents(self) -> int:
        """Return the number of documents, of which each counts once."""
        return self.n_documents

    @property
    def digest(self) -> str:
        """Return what two collections share only if all their parts are equal."""
        return blake2b("".join(self.digests).encode(), digest_size=16).hexdigest()

    def document_counts(self, n_words: int) -> NDArray[np.int64]:
        """Return the number of documents with each of the first words."""
        return self.df[:n_words]


_NONE = np.zeros(0, np.int64)
