"""Losses: what the output layer does with the hidden layer of a tile.

Each is a class with the members of `Loss`::

    largest_tile            positions of a tile
    n_outputs(n_words)      rows of the output weights
    size(layout)            maximum size of a tile's gradients of the output weights
    workspace(...)          the arrays of a tile
    compute(...)            value and gradients of a tile
    log_probabilities(...)  of some words, under a trained model
"""

from .base import Loss
from .hierarchical_softmax import HierarchicalSoftmax
from .negative_sampling import NegativeSampling
from .softmax import Softmax

LOSSES: dict[str, type[Loss]] = {
    "negative_sampling": NegativeSampling,
    "hierarchical_softmax": HierarchicalSoftmax,
    "softmax": Softmax,
}
