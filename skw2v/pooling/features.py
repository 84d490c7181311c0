"""What poolings know of each word."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class WordFeatures:
    """Arrays with a row for each word of a vocabulary.

    Attributes
    ----------
    vectors : ndarray of shape (n_words, n_components), float32
    weights : ndarray of shape (n_words,), float32
        How much a token of the word counts in an average.
    memberships : ndarray of shape (n_words, n_clusters), float32
        Share of each word in each cluster; without columns if there are no clusters.
    """

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]
    memberships: NDArray[np.float32]
