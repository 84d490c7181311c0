"""How much a token of each word counts in the average of a document.

References
----------
.. [1] Arora, S., Liang, Y., & Ma, T. (2017). "A Simple but Tough-to-Beat Baseline for
   Sentence Embeddings".
.. [2] Ethayarajh, K. (2018). "Unsupervised Random Walk Sentence Embeddings: A Strong
   but Simple Baseline".
"""

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus

SIF = 1e-3  # a of `sif`


def uniform(corpus: Corpus, n_words: int) -> NDArray[np.float64]:
    """Return 1 for all words."""
    return np.ones(n_words)


def idf(corpus: Corpus, n_words: int) -> NDArray[np.float64]:
    """Return ``log((1 + n) / (1 + df)) + 1`` for ``n`` documents, ``df`` with the word.

    It equals `TfidfTransformer` with ``smooth_idf=True``.
    """
    df = corpus.document_counts(n_words)
    return np.log((1 + corpus.weighted_documents) / (1 + df)) + 1


def sif(corpus: Corpus, n_words: int) -> NDArray[np.float64]:
    """Return ``a / (a + p)`` for words whose share of the tokens is ``p`` [1]_."""
    shares = corpus.counts(n_words) / max(1, corpus.weighted_tokens)
    return SIF / (SIF + shares)
