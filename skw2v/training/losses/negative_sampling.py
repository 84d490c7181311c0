"""Negative sampling: seen pairs of words against pairs with noise.

References
----------
.. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
   "Distributed Representations of Words and Phrases and their Compositionality".
.. [2] Goldberg, Y., & Levy, O. (2014). "word2vec Explained: deriving Mikolov et al.'s
   negative-sampling word-embedding method".
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..batches import Layout
from ..gradients import Curvature, RowGradients, Size
from ..hyperparameters import Hyperparameters
from ..onehot import gather
from ..positions import Positions
from ..sampling import noise_probability
from ..windows import Band, bands_of, block_size, in_blocks
from .base import Loss, Workspace
from .logistic import logistic


class PairWorkspace(Workspace):
    """Arrays of all pairs of a tile: those of its windows, and those of its groups.

    Attributes
    ----------
    vectors, gradient : ndarrays of shape (n_runs, n_rows, n_components)
        Output weights of the targets, and their gradient: of each run (CBOW), or of
        each run with its neighbors (skip-gram).
    terms : ndarray like `gradient`
        Terms of the gradient that come from the groups (skip-gram only): zero for the
        neighbors.
    hidden_terms : ndarray like `hidden_gradient`
        The same for the gradient of the hidden layer (skip-gram only).
    margins, weights, slopes : ndarrays of shape (n_pairs,)
        Of all pairs. Those whose names begin with `group_`, of shape (n_groups, run,
        group, group), `target_` and `own_` (the diagonal of `group_`) are views of
        them. Targets lie in the windows for skip-gram, on the diagonal for CBOW.
    score_blocks : ndarray of shape (n_runs, n_blocks, block, block + 2 * reach)
        Scores of the pairs of the windows (skip-gram only).
    score_bands : ndarray of shape (n_runs, n_blocks, block, 2 * reach + 1)
        View of those that may be contexts (skip-gram only).
    band : Band
        Their slopes (skip-gram only).
    vector_blocks, hidden_blocks, hidden_gradient_blocks, gradient_blocks : ndarrays
        Views for the products with them; see `in_blocks` (skip-gram only).

    Those whose names begin with `grouped_`, of shape (n_groups, run, group,
    n_components), are views of others; see `Layout.by_group`. The `centers` are the
    positions without their neighbors.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        layout, scratch = self.layout, self.scratch
        reach = 0 if layout.cbow else layout.reach
        n_rows = layout.run + 2 * reach
        size = layout.n_runs, n_rows, layout.n_components
        self.vectors = scratch.array("output vectors", size, layout.dtype)
        self.gradient = self.output_rows.reshape(size)
        self._find_pairs()
        self.terms, self.hidden_terms = self.gradient, self.hidden_gradient
        if not layout.cbow:
            self._prepare_windows()
        by_group, core = layout.by_group, slice(reach, reach + layout.run)
        self.grouped_hidden = by_group(self.hidden)
        self.grouped_hidden_terms = by_group(self.hidden_terms)
        self.grouped_centers = by_group(self.vectors[:, core])
        self.grouped_center_terms = by_group(self.terms[:, core])

    def _prepare_windows(self) -> None:
        """Make the arrays for the products of runs with their windows (skip-gram)."""
        layout, share, array = self.layout, self.scratch.share, self.scratch.array
        run, reach, n_runs, dtype = (
            layout.run,
            layout.reach,
            layout.n_runs,
            layout.dtype,
        )
        self.terms = share("terms", lambda: np.zeros(self.vectors.shape, dtype))
        self.hidden_terms = array("hidden terms", self.hidden.shape, dtype)
        self.band = share("slopes", lambda: Band(n_runs, run, reach, dtype))
        self.vector_blocks, self.hidden_blocks, self.hidden_gradient_blocks = (
            in_blocks(rows, run)
            for rows in (self.vectors, self.hidden, self.hidden_gradient)
        )
        block = block_size(run)
        size = n_runs, run // block, block, block + 2 * reach
        self.score_blocks = array("scores", size, dtype)
        self.score_bands = bands_of(self.score_blocks)
        self.contexts = self.target_weights  # each context is a target of weight 1
        blocks = n_runs, self.padded_hidden.blocks.shape[1], -1, layout.n_components
        self.gradient_blocks = self.output_rows.reshape(blocks)

    def _find_pairs(self) -> None:
        """View the pairs of the windows (skip-gram), then those of the groups."""
        run, group, n_runs = self.layout.run, self.layout.group, self.layout.n_runs
        in_windows = n_runs, run, 0 if self.layout.cbow else 2 * self.layout.reach + 1
        in_groups = n_runs // group, run, group, group
        n_window_pairs = int(np.prod(in_windows))
        n_pairs = n_window_pairs + int(np.prod(in_groups))
        pairs = self.scratch.array("pairs", (3, n_pairs), self.layout.dtype)
        self.margins, self.weights, self.slopes = pairs
        windows, groups = np.split(pairs, [n_window_pairs], axis=1)
        groups = groups.reshape(3, *in_groups)
        self.group_margins, self.group_weights, self.group_slopes = groups
        own = np.einsum("...ii->...i", groups)
        _, self.own_weights, _ = own
        targets: NDArray = own if self.layout.cbow else windows.reshape(3, *in_windows)
        self.target_margins, self.target_weights, self.target_slopes = targets


class NegativeSampling(Loss):
    """Logistic loss of seen pairs and of pairs with noise words [1]_ [2]_.

    For a hidden layer ``h``, its targets ``t`` and noise words ``c``::

        loss = sum_t [-log sigmoid(w_t . h) - sum_c weight_c * log sigmoid(-w_c . h)]

    The noise words of a position are the words of the other positions of its group;
    `Positions` has their weights. For CBOW the target is the word at the position
    itself, so targets and noise are one matrix product; for skip-gram the targets are
    the contexts, a band in the product of a run with its windows.
    """

    pointwise = staticmethod(logistic)

    def __init__(
        self, counts: NDArray[np.int64], hyperparameters: Hyperparameters
    ) -> None:
        super().__init__(counts, hyperparameters)
        h = hyperparameters
        noise = h.negative * noise_probability(counts, h.ns_exponent)
        self.log_noise = np.full(len(counts), -np.inf)
        np.log(noise, out=self.log_noise, where=noise > 0)

    @classmethod
    def check(cls, hyperparameters: Hyperparameters) -> None:
        """See `Loss.check`."""
        if hyperparameters.negative == 0:
            raise ValueError(
                f"negative=0 leaves loss={hyperparameters.loss!r} without noise words; "
                "set negative to 1 or more, or choose another loss."
            )

    def size(self, layout: Layout) -> Size:
        """See `Loss.size`."""
        n_rows = layout.run if layout.cbow else layout.run + 2 * layout.reach
        return Size(layout.n_runs * n_rows, layout.n_positions)

    def workspace(self, *arguments: Any) -> PairWorkspace:
        """See `Loss.workspace`."""
        return PairWorkspace(*arguments)

    def compute(
        self, workspace: PairWorkspace, positions: Positions, output_matrix: NDArray
    ) -> tuple[float, RowGradients, Curvature]:
        """See `Loss.compute`."""
        w, centers = workspace, positions.centers.reshape(-1)
        ids = positions.centers if w.layout.cbow else positions.windows
        gather(output_matrix, ids, w.vectors)
        _weigh(w, positions)
        _score(w)
        value = self.pointwise(w.margins, w.weights, w.slopes)
        _differentiate(w)
        output_pairs = positions.output_pairs.reshape(-1)
        output_curvature = Curvature(centers, output_pairs, w.spread_of(w.hidden))
        input_pairs = positions.input_pairs.reshape(-1)
        input_curvature = Curvature(centers, input_pairs, w.spread_of(w.vectors))
        output = RowGradients(ids.reshape(-1), w.gradient, output_curvature)
        return value, output, input_curvature

    def log_probabilities(
        self, hidden: NDArray, ids: NDArray, output_matrix: NDArray
    ) -> NDArray:
        """See `Loss.log_probabilities`.

        At the optimum a score is ``log p(t | h) - log(negative * p_noise(t))`` [2]_.
        Nothing makes the estimated probabilities sum to exactly 1.
        """
        estimates = hidden @ output_matrix[ids].T
        estimates += self.log_noise[ids]
        return estimates


def _weigh(w: PairWorkspace, positions: Positions) -> None:
    """Fill in the weights of all pairs."""
    n_targets, noise = positions.n_targets, positions.noise_weight
    weights = w.group_weights
    np.multiply(
        n_targets[..., None], noise[..., None, :], out=weights, dtype=weights.dtype
    )
    w.own_weights[...] = n_targets if w.layout.cbow else 0


def _score(w: PairWorkspace) -> None:
    """Fill in the margins of all pairs: scores of noise, negated scores of targets."""
    np.matmul(w.grouped_hidden, _T(w.grouped_centers), out=w.group_margins)
    scores = w.target_margins
    if not w.layout.cbow:
        np.matmul(w.hidden_blocks, _T(w.vector_blocks), out=w.score_blocks)
        scores = w.score_bands
    # Not np.negative: it misreads rows that are 64 bytes apart (NumPy 2.4).
    np.multiply(scores, -1, out=w.target_margins.reshape(scores.shape))


def _differentiate(w: PairWorkspace) -> None:
    """Fill in the gradients of the hidden layer and of the output weights."""
    slopes, cbow = w.group_slopes, w.layout.cbow
    np.multiply(w.target_slopes, -1, out=w.target_slopes if cbow else w.band.band)
    np.matmul(_T(slopes), w.grouped_hidden, out=w.grouped_center_terms)
    np.matmul(slopes, w.grouped_centers, out=w.grouped_hidden_terms)
    if cbow:
        return
    np.matmul(w.band.transposed_blocks, w.padded_hidden.blocks, out=w.gradient_blocks)
    # To add the terms of the centers alone would take twice the time.
    np.add(w.gradient, w.terms, out=w.gradient)
    np.matmul(w.band.blocks, w.vector_blocks, out=w.hidden_gradient_blocks)
    np.add(w.hidden_gradient, w.hidden_terms, out=w.hidden_gradient)


def _T(stack: NDArray) -> NDArray:
    """Transpose each matrix of a stack."""
    return stack.swapaxes(-1, -2)
