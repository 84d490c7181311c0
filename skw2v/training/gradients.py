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
from .sampling import NOISE_WORDS
from .windows import Band, entries_of, side_tables, windowed

SAMPLE = 64  # rows from which the spread of a tile's vectors is estimated


class UpdateGradients:
    """Gradients of all rows that an update touches, in the order of the stream.

    A word may own several rows.

    Parameters
    ----------
    shape : TileShape
    window : int
    n_components : int
    cbow : bool
    dtype : dtype

    Attributes
    ----------
    inputs, targets, noise : ndarrays of shape (n_tiles, n_rows, n_components)
        Of the embedding, of the output weights of the targets, and of those of the
        noise words. The rows of `targets` (skip-gram) or `inputs` (CBOW) belong to the
        windows of the blocks, those of the other to the positions.
    """

    def __init__(self, shape, window, n_components, cbow, dtype):
        n = shape.n_positions
        n_window_rows = n // shape.block * (shape.block + 2 * window)
        n_noise = n // shape.block * NOISE_WORDS
        n_inputs, n_targets = (n_window_rows, n) if cbow else (n, n_window_rows)
        self.inputs, self.targets, self.noise = (
            np.empty((shape.n_tiles, n_rows, n_components), dtype)
            for n_rows in (n_inputs, n_targets, n_noise)
        )


class TileWorkspace:
    """Computes the loss and the gradients of a tile of consecutive positions.

    All arrays are made once and reused for every tile: fresh ones would cost a third of
    the run in page faults. A thread has one workspace at a time.

    Parameters
    ----------
    shape : TileShape
    window : int
    n_components : int
    cbow : bool
    negative : int
        Noise words per pair in the objective. The noise words that a block shares are
        weighted such that they stand for that many per pair.
    dtype : dtype
    """

    def __init__(self, shape, window, n_components, cbow, negative, dtype):
        self.shape, self.window, self.cbow = shape, window, cbow
        self.noise_weight = negative / NOISE_WORDS
        self.in_reach, self.out_reach = (window, 0) if cbow else (0, window)
        self._allocate_pairs(dtype)
        self._allocate_rows(n_components, dtype)

    def _allocate_pairs(self, dtype):
        n, block, window = self.shape.n_positions, self.shape.block, self.window
        self.side_tables = side_tables(window, dtype)
        self.left, self.right = np.empty((2, n, 2 * window + 1), dtype)
        if self.cbow:
            self.mean = Band(n, block, window, dtype)
        self.targets = Band(n, block, self.out_reach, dtype)
        self.target_gradient = Band(n, block, self.out_reach, dtype)
        # Columns: the band's targets, then the noise words.
        n_targets = 2 * self.out_reach + 1
        pairs = np.empty((3, n, n_targets + NOISE_WORDS), dtype)
        self.margins, self.weights, self.slopes = pairs
        self.target_weights = self.weights[:, :n_targets]
        self.noise_weights = self.weights[:, n_targets:]
        self.target_margins, self.noise_margins = self._split(self.margins)
        self.target_slopes, self.noise_slopes = self._split(self.slopes)

    def _split(self, pairs):
        """Views of the band's targets and of the noise words, in their blocks."""
        targets, noise = np.split(pairs, [2 * self.out_reach + 1], axis=1)
        band = targets.reshape(self.targets.band.shape)
        return band, _stack(noise, self.shape.block)

    def _allocate_rows(self, n_components, dtype):
        n, block = self.shape.n_positions, self.shape.block

        def rows(n_rows):
            return np.empty((n_rows, n_components), dtype)

        self.embedded = rows(n + 2 * self.in_reach)
        self.hidden = rows(n) if self.cbow else self.embedded
        if self.cbow:  # that of skip-gram is the gradient of its inputs
            self.hidden_gradient = rows(n)
        self.output = rows(n + 2 * self.out_reach)
        self.noise = rows(n // self.shape.block * NOISE_WORDS)
        # The same memory as stacks of blocks, for products of stacks.
        self.hidden_blocks = _stack(self.hidden, block)
        self.output_windows = windowed(self.output, block, self.out_reach)
        self.noise_blocks = _stack(self.noise, NOISE_WORDS)

    def compute(self, chunk, start, input_matrix, output_matrix, gradients, tile):
        """Loss and gradients of the tile of `chunk` that begins at position `start`.

        Parameters
        ----------
        chunk : Chunk
        start : int
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
        here = slice(start, start + self.shape.n_positions)
        around = chunk.ids[start : here.stop + 2 * self.window]
        centre = around[self.window : len(around) - self.window]
        gather(input_matrix, around if self.cbow else centre, self.embedded)
        gather(output_matrix, centre if self.cbow else around, self.output)
        noise = entries_of(chunk.noise, here, self.shape.block)
        gather(output_matrix, noise, self.noise)
        self._weigh(chunk.left[here], chunk.right[here], chunk.n_targets[here])
        self._forward()
        value = logistic(self.margins, self.weights, self.slopes)
        spreads = _spread(self.output), _spread(self.hidden)
        self._backward(gradients, tile)
        return value, *spreads

    def _weigh(self, left, right, n_targets):
        """The input (CBOW) and the weights of all pairs."""
        gather(self.side_tables[0], left, self.left)
        gather(self.side_tables[1], right, self.right)
        if self.cbow:
            mean = np.add(self.left, self.right, out=self.left)
            mean /= np.maximum(left + right, 1, dtype=mean.dtype)[:, None]
            self.mean.band[...] = mean.reshape(self.mean.band.shape)
            self.target_weights[:, 0] = n_targets
        else:
            np.add(self.left, self.right, out=self.target_weights)
        np.multiply(n_targets[:, None], self.noise_weight, out=self.noise_weights)

    def _forward(self):
        """Hidden layers, and their margins with the targets and the noise words."""
        if self.cbow:
            words = windowed(self.embedded, self.shape.block, self.window)
            np.matmul(self.mean.blocks, words, out=self.hidden_blocks)
        np.matmul(self.hidden_blocks, _T(self.output_windows), out=self.targets.blocks)
        # Not np.negative: it misreads rows that are 64 bytes apart (NumPy 2.4).
        np.multiply(self.targets.band, -1, out=self.target_margins)
        np.matmul(self.hidden_blocks, _T(self.noise_blocks), out=self.noise_margins)

    def _backward(self, gradients, tile):
        """The gradients of all rows, from those of the margins."""
        block = self.shape.block
        np.multiply(self.target_slopes, -1, out=self.target_gradient.band)
        targets, noise = self.target_gradient.blocks, self.noise_slopes
        target_rows = _stack(gradients.targets[tile], block + 2 * self.out_reach)
        np.matmul(_T(targets), self.hidden_blocks, out=target_rows)
        noise_rows = _stack(gradients.noise[tile], NOISE_WORDS)
        np.matmul(_T(noise), self.hidden_blocks, out=noise_rows)
        # Nobody needs the hidden layers any more: their memory takes the noise's part.
        total = self.hidden_gradient if self.cbow else gradients.inputs[tile]
        np.matmul(noise, self.noise_blocks, out=self.hidden_blocks)
        np.matmul(targets, self.output_windows, out=_stack(total, block))
        np.add(total, self.hidden, out=total)
        if self.cbow:
            words = _stack(gradients.inputs[tile], block + 2 * self.window)
            np.matmul(_T(self.mean.blocks), _stack(total, block), out=words)


def _stack(rows, size):
    """View of consecutive rows as a stack of blocks."""
    return rows.reshape(-1, size, rows.shape[-1])


def _T(stack):
    """Transpose each matrix of a stack."""
    return stack.transpose(0, 2, 1)


def _spread(rows):
    """Frobenius norm of the second moments of a sample of rows."""
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    moments = sample @ sample.T  # of the same norm as sample.T @ sample
    return float(np.sqrt(np.vdot(moments, moments))) / len(sample)
