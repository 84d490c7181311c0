"""The largest or smallest value of each component among a document's tokens."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .features import WordFeatures
from .pieces import Block, pool


def extreme(
    ufunc: np.ufunc,
    corpus: Corpus,
    features: WordFeatures,
    rows: NDArray[np.float32],
) -> None:
    """Reduce the vectors of the tokens of each document, whatever their weights.

    Parameters
    ----------
    ufunc : ufunc of NumPy
        ``np.maximum`` or ``np.minimum``.
    corpus, features, rows
        See `Pooling`.
    """

    def of_pieces(block: Block) -> NDArray:
        return combine(features.vectors[block.ids], block.bounds[:-1])

    def combine(values: NDArray, first: NDArray[np.int64]) -> NDArray:
        reduced: NDArray = ufunc.reduceat(values, first, axis=0)
        return reduced

    pool(corpus, rows, features.vectors.shape[1], of_pieces, combine, ufunc)


maximum = partial(extreme, np.maximum)
minimum = partial(extreme, np.minimum)
