"""The tokens of a document to one row.

A weighting is a function of the `Frequencies` of words. It returns the
weight of each word, an array of shape (n_words,).

A pooling is a function of a `Corpus`, of the `WordFeatures` of its words, and of an
array of zeros, with a row for each document, which it fills in. Documents without
tokens keep their zeros.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .clusters import clusters
from .extremes import maximum, minimum
from .features import WordFeatures as WordFeatures
from .mean import mean
from .weighting import Frequencies as Frequencies
from .weighting import idf, sif, uniform

Weighting: TypeAlias = Callable[[Frequencies], NDArray[np.float64]]
Pooling: TypeAlias = Callable[[Corpus, WordFeatures, NDArray[np.float32]], None]

WEIGHTINGS: dict[str, Weighting] = {"uniform": uniform, "idf": idf, "sif": sif}
POOLINGS: dict[str, Pooling] = {
    "mean": mean,
    "max": maximum,
    "min": minimum,
    "clusters": clusters,
}
