"""The entropy under the loss curve of a softmax."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

from ...explanation import examples
from ...training.hyperparameters import Hyperparameters


def window_sizes(h: Hyperparameters, longest: int) -> dict[int, float]:
    """Return how often each window size is drawn.

    Parameters
    ----------
    h : Hyperparameters
    longest : int
        Number of tokens of the longest document. Wider windows have no more contexts.

    Returns
    -------
    dict of int to float
    """
    reach = min(h.window, max(1, longest - 1))
    if not h.shrink_windows:
        return {reach: 1.0}
    return dict.fromkeys(range(1, reach), 1.0) | {reach: h.window - reach + 1.0}


def entropy_floor(
    documents: Iterable[NDArray], sizes: dict[int, float], cbow: bool
) -> float:
    """Return the mean entropy of a target given the input, in nats.

    Cross-entropy is this entropy plus a KL divergence, which is never negative. So no
    model has a lower mean loss over these pairs, and the loss of a training that
    doesn't subsample falls towards it, not towards 0.

    Parameters
    ----------
    documents : iterable of ndarray of int
    sizes : dict of int to float
        How often each window size occurs.
    cbow : bool

    Returns
    -------
    float
        0 if there is no pair.
    """
    targets_of: dict[tuple, dict[int, float]]
    targets_of = defaultdict(lambda: defaultdict(float))
    for ids in documents:
        for size, weight in sizes.items():
            pairs = examples(ids, range(len(ids)), size, cbow)
            for inputs, targets in zip(*pairs, strict=True):
                for target in targets.tolist() if len(inputs) else ():
                    targets_of[tuple(sorted(inputs.tolist()))][target] += weight
    counts = [np.array(list(c.values()), float) for c in targets_of.values()]
    n_pairs = sum(c.sum() for c in counts)
    nats = sum(c.sum() * entr(c / c.sum()).sum() for c in counts if c.any())
    return float(nats / n_pairs) if n_pairs else 0.0
