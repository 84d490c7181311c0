"""The model: a tile of the stream -> loss and row gradients.

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

from .losses.loss import RowGradients
from .onehot import gather
from .windows import Band, side_tables


class Tile:
    """Computes the loss and the gradients of a tile of runs.

    Parameters
    ----------
    layout : Layout
    loss : Loss
        Its output layer.

    Attributes
    ----------
    input, output : RowGradients
        Gradients of the embedding and of the output weights.
    """

    input: RowGradients
    output: RowGradients

    def __init__(self, layout, loss):
        (n_runs, run), window = (layout.shape.n_runs, layout.shape.run), layout.window
        self.window, self.cbow, self.loss = window, layout.cbow, loss
        self.side_tables = side_tables(window, layout.dtype)
        size = n_runs, run, 2 * window + 1
        self.left, self.right, self.contexts = np.empty((3, *size), layout.dtype)
        size = n_runs, run, layout.n_components
        self.hidden, self.hidden_gradient = np.empty((2, *size), layout.dtype)
        if self.cbow:
            self.mean = Band(n_runs, run, window, layout.dtype)
            size = n_runs, run + 2 * window, layout.n_components
            self.words, self.gradient = np.empty((2, *size), layout.dtype)

    def compute(self, chunk, runs, input_matrix, output_matrix):
        """Loss of a tile; its gradients are in `input` and `output`.

        Parameters
        ----------
        chunk : Chunk
        runs : slice
            The runs of the tile.
        input_matrix : ndarray of shape (n_words, n_components)
        output_matrix : ndarray of shape (n_outputs, n_components)

        Returns
        -------
        float
            Summed loss, in nats.
        """
        self._find_contexts(chunk, runs)
        ids = self._embed(chunk, runs, input_matrix)
        gradient = self.hidden_gradient
        value, self.output, load = self.loss.compute(
            chunk, runs, output_matrix, self.hidden, self.contexts, gradient
        )
        if self.cbow:
            np.matmul(self.mean.matrices.swapaxes(1, 2), gradient, out=self.gradient)
            gradient = self.gradient
        self.input = RowGradients(ids, gradient, load)
        return value

    def _find_contexts(self, chunk, runs):
        gather(self.side_tables[0], chunk.left[runs], self.left)
        gather(self.side_tables[1], chunk.right[runs], self.right)
        np.add(self.left, self.right, out=self.contexts)

    def _embed(self, chunk, runs, input_matrix):
        """``H = X @ W_in``; returns the words of ``X``."""
        if self.cbow:
            ids = chunk.windows[runs]
            gather(input_matrix, ids, self.words)
            n_inputs = chunk.n_inputs[runs, :, None]
            np.divide(self.contexts, n_inputs, out=self.mean.band)
            np.matmul(self.mean.matrices, self.words, out=self.hidden)
        else:
            ids = chunk.centres[runs]
            gather(input_matrix, ids, self.hidden)
        return ids.reshape(-1)
