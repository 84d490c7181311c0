"""How much a token of each word counts in the average of a document.

References
----------
.. [1] Arora, S., Liang, Y., & Ma, T. (2017). "A Simple but Tough-to-Beat Baseline for
   Sentence Embeddings".
   https://openreview.net/forum?id=SyK00v5xx
.. [2] Ethayarajh, K. (2018). "Unsupervised Random Walk Sentence Embeddings: A Strong
   but Simple Baseline".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus

SIF = 1e-3  # a of `sif`


@dataclass(frozen=True, eq=False)
class Frequencies:
    """How often words occur in some documents.

    Attributes
    ----------
    counts : ndarray of shape (n_words,), int64
        Tokens of each word.
    document_counts : ndarray of shape (n_words,), int64
        Documents with each word; of shape (0,) if they aren't counted.
    n_documents : int
    """

    counts: NDArray[np.int64]
    document_counts: NDArray[np.int64]
    n_documents: int

    @classmethod
    def of(
        cls, corpus: Corpus, counts: NDArray[np.int64], weighting: str
    ) -> "Frequencies":
        """Return those of a corpus, of which a weighting needs the counted documents.

        Parameters
        ----------
        corpus : Corpus
        counts : ndarray of shape (n_words,), int64
            Tokens of each word.
        weighting : str
        """
        nothing = np.zeros(0, np.int64)
        document_counts = (
            corpus.document_counts(len(counts)) if weighting == "idf" else nothing
        )
        return cls(counts, document_counts, corpus.weighted_documents)

    def plus(self, more: "Frequencies") -> "Frequencies":
        """Return those of further documents as well.

        Parameters
        ----------
        more : Frequencies
            Those of the further documents, of these words and perhaps new ones; but its
            `counts` are of all documents.
        """
        document_counts = more.document_counts.copy()
        n_counted = min(len(self.document_counts), len(document_counts))
        document_counts[:n_counted] += self.document_counts[:n_counted]
        n_documents = self.n_documents + more.n_documents
        return Frequencies(more.counts, document_counts, n_documents)


def uniform(frequencies: Frequencies) -> NDArray[np.float64]:
    """Return 1 for all words."""
    return np.ones(len(frequencies.counts))


def idf(frequencies: Frequencies) -> NDArray[np.float64]:
    """Return ``log((1 + n) / (1 + df)) + 1`` for ``n`` documents, ``df`` with the word.

    It equals `TfidfTransformer` with ``smooth_idf=True``.
    """
    n, df = frequencies.n_documents, frequencies.document_counts
    return np.log((1 + n) / (1 + df)) + 1


def sif(frequencies: Frequencies) -> NDArray[np.float64]:
    """Return ``a / (a + p)`` for words whose share of the tokens is ``p`` [1]_."""
    shares = frequencies.counts / max(1, int(frequencies.counts.sum()))
    return SIF / (SIF + shares)
