"""The weighted average of the vectors of a document's tokens."""

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .features import WordFeatures
from .pieces import Block, pool, sums_of_pieces, sums_of_rows, total_weights


def mean(corpus: Corpus, features: WordFeatures, rows: NDArray[np.float32]) -> None:
    """Average the vectors of the tokens of each document, with their weights.

    With ``v`` the vectors and ``a`` the weights of the tokens ``t`` of a document::

        sum_t a[t] * v[t] / sum_t a[t]

    Parameters
    ----------
    corpus, features, rows
        See `Pooling`.
    """
    vectors, weights = features.vectors, features.weights
    totals = total_weights(corpus, weights)

    def of_pieces(block: Block) -> NDArray:
        documents, ids, bounds = block
        sums = sums_of_rows(vectors, ids, bounds, weights[ids])
        sums /= totals[documents, None]
        return sums

    pool(corpus, rows, vectors.shape[1], of_pieces, sums_of_pieces, np.add)
