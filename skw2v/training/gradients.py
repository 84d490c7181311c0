"""The model: windows of a tile -> loss and row gradients.

``X`` is the one-hot input of the tile's positions, ``W_in`` the embedding, ``W_out``
the output weights, ``c`` the candidate words of a position::

    H = X @ W_in            hidden layer: linear, no activation
    S = H @ W_out[c].T      scores of the candidates
    G = dloss/dS            from the loss alone
    dW_out[c] = G.T @ H     dW_in = X.T @ (G @ W_out[c])

Skip-gram: a row of ``X`` is the word at the centre, its targets are the words of the
window. CBOW: a row of ``X`` holds 1/n for each of the n words of the window, the target
is the word at the centre. Nothing else differs. The 1/n is part of ``X`` and so of its
gradient, which word2vec.c and gensim leave out [3]_.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
.. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
.. [3] Irsoy, O., Benton, A., & Stratos, K. (2021). "Corrected CBOW Performs as well as
   Skip-gram".
"""

import numpy as np

from .losses import logistic
from .onehot import gather
from .shape import GROUP, by_group
from .windows import Band, side_tables

SAMPLE = 64  # rows from which the spread of a tile's vectors is estimated


class UpdateGradients:
    """Gradients of all rows that an update touches, in the order of the stream.

    A word may own several rows.

    Parameters
    ----------
    shape : UpdateShape
    window : int
    n_components : int
    cbow : bool
    dtype : dtype

    Attributes
    ----------
    inputs, outputs : ndarrays of shape (n_tiles, n_runs, n_rows_of_run, n_components)
        Of the embedding and of the output weights. The rows of `outputs` (skip-gram) or
        `inputs` (CBOW) belong to the windows of the runs, the others to the runs.
    """

    def __init__(self, shape, window, n_components, cbow, dtype):
        wide, run = shape.run + 2 * window, shape.run
        n_inputs, n_outputs = (wide, run) if cbow else (run, wide)
        self.inputs, self.outputs = (
            np.empty((shape.n_tiles, shape.n_runs, n_rows, n_components), dtype)
            for n_rows in (n_inputs, n_outputs)
        )


class TileWorkspace:
    """Computes the loss and the gradients of a tile of runs.

    All arrays are made once and reused for every tile: fresh ones would cost a third of
    the run in page faults. A thread has one workspace at a time.

    Parameters
    ----------
    shape : UpdateShape
    window : int
    n_components : int
    cbow : bool
    dtype : dtype
    """

    def __init__(self, shape, window, n_components, cbow, dtype):
        self.shape, self.window, self.cbow = shape, window, cbow
        self._allocate_pairs(dtype)
        self._allocate_rows(n_components, dtype)

    def _allocate_pairs(self, dtype):
        n_runs, run, window = self.shape.n_runs, self.shape.run, self.window
        self.side_tables = side_tables(window, dtype)
        self.left, self.right = np.empty((2, n_runs, run, 2 * window + 1), dtype)
        # Zero outside of the windows: the input (CBOW), or a gradient (skip-gram).
        self.band = Band(n_runs, run, window, dtype)
        if not self.cbow:
            self.scores = Band(n_runs, run, window, dtype)
        # The pairs of the windows (skip-gram), then those of the groups.
        n_window_pairs = 0 if self.cbow else self.left.size
        pairs = np.empty((3, n_window_pairs + n_runs * run * GROUP), dtype)
        self.margins, self.weights, self.slopes = pairs
        in_windows, in_groups = np.split(pairs, [n_window_pairs], axis=1)
        self.group_margins, self.group_weights, self.group_slopes = in_groups.reshape(
            3, n_runs // GROUP, run, GROUP, GROUP
        )
        own = np.einsum("...ii->...i", in_groups.reshape(3, -1, run, GROUP, GROUP))
        self.own_weights = own[1]
        # The target of CBOW is the own word of a position.
        targets = own if self.cbow else in_windows.reshape(3, *self.band.band.shape)
        self.target_margins, self.target_weights, self.target_slopes = targets

    def _allocate_rows(self, n_components, dtype):
        n_runs, run, window = self.shape.n_runs, self.shape.run, self.window
        wide, hidden, spare, output = (
            np.empty((n_runs, n_rows, n_components), dtype)
            for n_rows in (run + 2 * window, run, run, run if self.cbow else 0)
        )
        self.wide, self.hidden, self.spare = wide, hidden, spare
        self.output = output if self.cbow else wide[:, window : window + run]
        # Made once: a view costs as much as a small product.
        self.hidden_groups = by_group(self.hidden)
        self.output_groups = by_group(self.output)
        self.spare_groups = by_group(self.spare)

    def compute(self, chunk, runs, input_matrix, output_matrix, gradients, tile):
        """Loss and gradients of a tile.

        Parameters
        ----------
        chunk : Chunk
        runs : slice
            The runs of the tile.
        input_matrix, output_matrix : ndarrays of shape (n_words, n_components)
        gradients : UpdateGradients
            Takes the gradients.
        tile : int
            Their place in it.

        Returns
        -------
        value : float
            Summed loss, in nats.
        input_spread, output_spread : float
            Spread of the vectors that the embedding, or the output weights, were
            multiplied with: a bound on their mean squared length along any direction.
        """
        windows, centres = chunk.windows[runs], chunk.centres[runs]
        if self.cbow:
            gather(input_matrix, windows, self.wide)
            gather(output_matrix, centres, self.output)
        else:
            gather(input_matrix, centres, self.hidden)
            gather(output_matrix, windows, self.wide)
        self._weigh(chunk, runs)
        self._forward()
        value = logistic(self.margins, self.weights, self.slopes)
        spreads = _spread(self.output), _spread(self.hidden)
        self._backward(gradients.inputs[tile], gradients.outputs[tile])
        return value, *spreads

    def _weigh(self, chunk, runs):
        """The input (CBOW) and the weights of all pairs."""
        groups = slice(runs.start // GROUP, runs.stop // GROUP)
        n_targets = chunk.n_targets[groups, :, :, None]
        noise_weight = chunk.noise_weight[groups, :, None, :]
        weights = self.group_weights
        np.multiply(n_targets, noise_weight, out=weights, dtype=weights.dtype)
        gather(self.side_tables[0], chunk.left[runs], self.left)
        gather(self.side_tables[1], chunk.right[runs], self.right)
        if self.cbow:
            self.own_weights[...] = chunk.n_targets[groups]
            np.add(self.left, self.right, out=self.left)
            np.divide(self.left, chunk.n_inputs[runs, :, None], out=self.band.band)
        else:
            self.own_weights[...] = 0
            np.add(self.left, self.right, out=self.target_weights)

    def _forward(self):
        """Hidden layers, and the margins of all pairs."""
        if self.cbow:
            np.matmul(self.band.matrices, self.wide, out=self.hidden)
            scores = self.target_margins
        else:
            np.matmul(self.hidden, _T(self.wide), out=self.scores.matrices)
            scores = self.scores.band
        np.matmul(self.hidden_groups, _T(self.output_groups), out=self.group_margins)
        # Not np.negative: it misreads rows that are 64 bytes apart (NumPy 2.4).
        np.multiply(scores, -1, out=self.target_margins)

    def _backward(self, inputs, outputs):
        """The gradients of all rows, from those of the margins."""
        slopes = self.group_slopes
        if self.cbow:
            np.multiply(self.target_slopes, -1, out=self.target_slopes)
            np.matmul(_T(slopes), self.hidden_groups, out=by_group(outputs))
            np.matmul(slopes, self.output_groups, out=self.spare_groups)
            np.matmul(_T(self.band.matrices), self.spare, out=inputs)
            return
        np.multiply(self.target_slopes, -1, out=self.band.band)
        np.matmul(_T(self.band.matrices), self.hidden, out=outputs)
        np.matmul(_T(slopes), self.hidden_groups, out=self.spare_groups)
        outputs[:, self.window : self.window + self.shape.run] += self.spare
        np.matmul(self.band.matrices, self.wide, out=inputs)
        np.matmul(slopes, self.output_groups, out=self.spare_groups)
        inputs += self.spare


def _T(stack):
    """Transpose each matrix of a stack."""
    return stack.swapaxes(-1, -2)


def _spread(rows):
    """Frobenius norm of the second moments of a sample of rows."""
    rows = rows[:: max(1, len(rows) // SAMPLE), 0]
    moments = rows @ rows.T  # of the same norm as rows.T @ rows
    return float(np.sqrt(np.vdot(moments, moments))) / len(rows)
