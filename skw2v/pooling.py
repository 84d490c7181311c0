"""One vector per document, from those of its words."""

import numpy as np
from scipy.sparse import csr_array


def mean(corpus, embeddings):
    """Average of the vectors of each document's words.

    With ``X`` (n_documents, n_words) holding the share of each word in each document,
    the result is ``X @ embeddings``.

    Parameters
    ----------
    corpus : Corpus
    embeddings : ndarray of shape (n_words, n_components), float32

    Returns
    -------
    ndarray of shape (n_documents, n_components), float32
        A row of zeros for a document without words.
    """
    lengths = np.diff(corpus.offsets)
    shares = np.repeat(1 / np.maximum(lengths, 1).astype(np.float32), lengths)
    X = csr_array(
        (shares, corpus.ids, corpus.offsets),
        shape=(corpus.n_documents, len(embeddings)),
    )
    return X @ embeddings
