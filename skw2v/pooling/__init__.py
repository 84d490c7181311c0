"""The tokens of a document to one row.

A pooling is a function of a `Corpus` and of the vectors of its words, an array of shape
(n_words, n_components). It returns a row for each document.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..corpus import Corpus
from .mean import mean

Pooling: TypeAlias = Callable[[Corpus, NDArray[np.float32]], NDArray[np.float32]]

POOLINGS: dict[str, Pooling] = {"mean": mean}
