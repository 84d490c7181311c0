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

from typing import NamedTuple

import numpy as np

from .losses import logistic
from .onehot import gather
from .sampling import NOISE_WORDS
from .windows import Band, side_tables, windowed

SAMPLE = 64  # rows from which the spread of a tile's vectors is estimated


class MatrixGradient(NamedTuple):
    """Gradient of one of the two matrices, in the rows that a tile touched.

    Attributes
    ----------
    rows : list of (ids, rows)
        Word ids (n,), int32, and their gradients (n, n_components); a word may occur
        more than once.
    load : list of (ids, weights)
        Words and the weights of the pairs in which they took part, summed by position.
        A position is in as many windows as there are positions in its own, on average,
        and counts as if it were so exactly.
    other_spread : float
        Bound on the mean squared length of the vectors on the other side of the pairs
        along any direction: the Frobenius norm of their second moments.
    """

    rows: list
    load: list
    other_spread: float


class TileGradients:
    """Loss and gradients of a tile of consecutive positions.

    All large arrays are made once and reused for every tile: fresh ones would cost a
    third of the run in page faults.

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

    Attributes
    ----------
    value : float
        Summed loss, in nats.
    n_pairs : float
        Pairs of a hidden layer and a target.
    inputs, outputs : MatrixGradient
    """

    def __init__(self, shape, window, n_components, cbow, negative, dtype):
        self.n_positions = shape.n_positions
        self.block, self.noise_block = shape.block, shape.noise_block
        self.window, self.cbow, self.negative = window, cbow, negative
        self.in_reach, self.out_reach = (window, 0) if cbow else (0, window)
        self.n_noise = self.n_positions // self.noise_block * NOISE_WORDS
        self._allocate_pairs(dtype)
        self._allocate_rows(n_components, dtype)

    def _allocate_pairs(self, dtype):
        n, block, window = self.n_positions, self.block, self.window
        self.side_tables = side_tables(window, dtype)
        self.left, self.right = np.empty((2, n, 2 * window + 1), dtype)
        self.word_windows = np.empty((n // block, block + 2 * window), np.int32)
        if self.cbow:
            self.mean = Band(n, block, window, dtype)
        self.targets = Band(n, block, self.out_reach, dtype)
        self.target_gradient = Band(n, block, self.out_reach, dtype)
        # Columns: the band's targets, then the noise words.
        n_targets = 2 * self.out_reach + 1
        shape = (3, n, n_targets + NOISE_WORDS)
        self.margins, self.weights, self.slopes = np.empty(shape, dtype)
        self.target_weights, self.noise_weights = np.split(
            self.weights, [n_targets], axis=1
        )
        self.target_margins, self.noise_margins = self._split(self.margins, n_targets)
        self.target_slopes, self.noise_slopes = self._split(self.slopes, n_targets)

    def _split(self, pairs, n_targets):
        """Views of the band's targets and of the noise words."""
        targets, noise = np.split(pairs, [n_targets], axis=1)
        band = targets.reshape(self.targets.band.shape)
        return band, _stack(noise, self.noise_block)

    def _allocate_rows(self, n_components, dtype):
        n, blocks = self.n_positions, self.n_positions // self.block

        def rows(*shape):
            return np.empty((*shape, n_components), dtype)

        self.embedded = rows(n + 2 * self.in_reach)
        self.hidden = rows(n) if self.cbow else self.embedded
        self.hidden_gradient, self.noise_share = rows(2, n)
        self.output = rows(n + 2 * self.out_reach)
        self.output_gradient = rows(blocks, self.block + 2 * self.out_reach)
        self.noise, self.noise_gradient = rows(2, self.n_noise)
        if self.cbow:
            self.input_gradient = rows(blocks, self.block + 2 * self.window)
        # The same memory as stacks of blocks, for products of stacks.
        self.hidden_blocks = _stack(self.hidden, self.block)
        self.hidden_noise_blocks = _stack(self.hidden, self.noise_block)
        self.output_windows = windowed(self.output, self.block, self.out_reach)
        self.noise_blocks = _stack(self.noise, NOISE_WORDS)

    def compute(self, chunk, start, input_matrix, output_matrix):
        """Gradients of the tile of `chunk` that begins at position `start`.

        Parameters
        ----------
        chunk : Chunk
        start : int
        input_matrix, output_matrix : ndarrays of shape (n_words, n_components)
        """
        stop = start + self.n_positions
        around = chunk.ids[start : stop + 2 * self.window]
        centre = around[self.window : self.window + self.n_positions]
        first_noise = start // self.noise_block * NOISE_WORDS
        noise = chunk.noise[first_noise : first_noise + self.n_noise]

        gather(input_matrix, around if self.cbow else centre, self.embedded)
        gather(output_matrix, centre if self.cbow else around, self.output)
        gather(output_matrix, noise, self.noise)
        self._read_windows(chunk.left[start:stop], chunk.right[start:stop])
        self._forward()
        self.value = logistic(self.margins, self.weights, self.slopes)
        self._backward()
        self._collect(around, centre, noise)

    def _read_windows(self, left, right):
        """The input (CBOW) and the weights of all pairs."""
        gather(self.side_tables[0], left, self.left)
        gather(self.side_tables[1], right, self.right)
        n_contexts = (left + right).astype(self.weights.dtype)
        if self.cbow:
            mean = np.add(self.left, self.right, out=self.left)
            mean /= np.maximum(n_contexts, 1)[:, None]
            self.mean.band[...] = mean.reshape(self.mean.band.shape)
            self.n_targets = np.minimum(n_contexts, 1)
            self.target_weights[:, 0] = self.n_targets
        else:
            self.n_targets = n_contexts
            np.add(self.left, self.right, out=self.target_weights)
        noise_weights = self.n_targets * (self.negative / NOISE_WORDS)
        self.noise_weights[...] = noise_weights[:, None]

    def _forward(self):
        """Hidden layers, and their margins with the targets and the noise words."""
        if self.cbow:
            words = windowed(self.embedded, self.block, self.window)
            np.matmul(self.mean.blocks, words, out=self.hidden_blocks)
        np.matmul(self.hidden_blocks, _T(self.output_windows), out=self.targets.blocks)
        # Not np.negative: it misreads rows that are 64 bytes apart (NumPy 2.4).
        np.multiply(self.targets.band, -1, out=self.target_margins)
        np.matmul(
            self.hidden_noise_blocks, _T(self.noise_blocks), out=self.noise_margins
        )

    def _backward(self):
        """The gradients of all rows, from that of the margins."""
        np.multiply(self.target_slopes, -1, out=self.target_gradient.band)
        targets, noise = self.target_gradient.blocks, self.noise_slopes
        hidden_gradient = _stack(self.hidden_gradient, self.block)
        np.matmul(targets, self.output_windows, out=hidden_gradient)
        noise_share = _stack(self.noise_share, self.noise_block)
        np.matmul(noise, self.noise_blocks, out=noise_share)
        self.hidden_gradient += self.noise_share
        np.matmul(_T(targets), self.hidden_blocks, out=self.output_gradient)
        noise_gradient = _stack(self.noise_gradient, NOISE_WORDS)
        np.matmul(_T(noise), self.hidden_noise_blocks, out=noise_gradient)
        if self.cbow:
            np.matmul(_T(self.mean.blocks), hidden_gradient, out=self.input_gradient)

    def _collect(self, around, centre, noise):
        """Gradients with the words of their rows."""
        self.word_windows[...] = windowed(around, self.block, self.window)
        windows = self.word_windows.reshape(-1)
        if self.cbow:
            input_rows, output_words = (windows, _rows(self.input_gradient)), centre
        else:
            input_rows, output_words = (centre, self.hidden_gradient), windows
        output_rows = (output_words, _rows(self.output_gradient))
        pairs_of_noise = self.n_targets.reshape(-1, self.noise_block).sum(axis=1)
        noise_load = np.repeat(
            pairs_of_noise * (self.negative / NOISE_WORDS), NOISE_WORDS
        )
        self.n_pairs = float(pairs_of_noise.sum(dtype=np.float64))
        self.inputs = MatrixGradient(
            [input_rows],
            [(centre, self.n_targets * (1 + self.negative))],
            _spread(self.output),
        )
        self.outputs = MatrixGradient(
            [output_rows, (noise, self.noise_gradient)],
            [(centre, self.n_targets), (noise, noise_load)],
            _spread(self.hidden),
        )


def _stack(rows, size):
    """View of consecutive rows as a stack of blocks."""
    return rows.reshape(-1, size, rows.shape[-1])


def _rows(stack):
    """View of a stack of blocks as rows."""
    return stack.reshape(-1, stack.shape[-1])


def _T(stack):
    """Transpose each matrix of a stack."""
    return stack.transpose(0, 2, 1)


def _spread(rows):
    """Frobenius norm of the second moments of a sample of rows."""
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    # That of the small Gram matrix is the same.
    return float(np.linalg.norm(sample @ sample.T)) / len(sample)
