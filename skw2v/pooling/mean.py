"""The average of the vectors of a document's tokens."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..corpus import Corpus


def mean(corpus: Corpus, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the vectors of the tokens of each document.

    With ``X`` (n_documents, n_words) holding the share of each word in each document,
    the result is ``X @ embeddings``.

    Parameters
    ----------
    corpus : Corpus
    embeddings : ndarray of shape (n_words, n_components), float32

    Returns
    -------
    ndarray of shape (n_documents, n_components), float32
        A row of zeros for a document without tokens.
    """
    lengths = corpus.lengths
    shares = np.repeat(1 / np.maximum(lengths, 1).astype(np.float32), lengths)
    X = csr_array(
        (shares, corpus.ids, corpus.offsets),
        shape=(corpus.n_documents, len(embeddings)),
    )
    return X @ embeddings
