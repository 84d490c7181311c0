"""Losses: what the output layer does with the hidden layer of a tile.

Each is a class with the members of `Loss`, of which every tile has an object::

    prepare(...)                what all tiles share, from the counts of the words
    n_outputs(n_words)          rows of the output weights
    compute(...)                value and gradients of a tile
    log_probabilities(...)      of some words, of a trained model
"""

from .hierarchical_softmax import HierarchicalSoftmax
from .loss import Loss
from .negative_sampling import NegativeSampling
from .softmax import Softmax

LOSSES: dict[str, type[Loss]] = {
    "negative_sampling": NegativeSampling,
    "hierarchical_softmax": HierarchicalSoftmax,
    "softmax": Softmax,
}
