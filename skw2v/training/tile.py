"""Loss and gradients of a tile of the stream.

``X`` is the one-hot input of the tile's positions, ``W_in`` the embedding (or ``S @
W_in``, see `embedding`), ``W_out`` the output weights, ``c`` the candidate words of a
position::

    H = X @ W_in            hidden layer: linear, no activation
    S = H @ W_out[c].T      scores of the candidates
    G = dloss/dS            from the loss alone
    dW_out[c] = G.T @ H     dW_in = X.T @ (G @ W_out[c])

Skip-gram [1]_ [2]_: a row of ``X`` is the word at the center, and its targets are the
words of the window. CBOW: a row of ``X`` holds 1/n for each of the n words of the
window, and the target is the word at the center. Nothing else differs. The 1/n is part
of ``X`` and so of its gradient, where word2vec.c and gensim leave it out [3]_.

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
.. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
.. [3] Irsoy, O., Benton, A., & Stratos, K. (2021). "Corrected CBOW Performs as well as
   Skip-gram".
"""

import numpy as np
from numpy.typing import NDArray

from .batches import Layout
from .embedding import Embedding
from .gradients import RowGradients, Size, UpdateGradients
from .losses.base import Scratch
from .model import Model
from .onehot import gather
from .positions import Positions
from .windows import Band, in_blocks, side_tables

MEASURED = 4  # tiles of which one measures the spread of its vectors


def input_size(layout: Layout) -> Size:
    """Return the size of a tile's gradients of the embedding."""
    n_rows = layout.run + 2 * layout.reach if layout.cbow else layout.run
    return Size(layout.n_runs * n_rows, layout.n_positions)


class Tile:
    """Computes the loss and the gradients of a tile of runs.

    Parameters
    ----------
    layout : Layout
    model : Model
    scratch : Scratch
        That of the worker that computes the tile.
    number : int
        Place of the tile in the update.
    embedding : Embedding
    inputs, outputs : UpdateGradients
        Receive the gradients of the embedding and of the output weights.

    Attributes
    ----------
    workspace : Workspace
        The arrays that the tile shares with the loss.
    """

    def __init__(
        self,
        layout: Layout,
        model: Model,
        scratch: Scratch,
        number: int,
        embedding: Embedding,
        inputs: UpdateGradients,
        outputs: UpdateGradients,
    ) -> None:
        self.model, self.embedding, self.cbow = model, embedding, layout.cbow
        self.number, self.inputs, self.outputs = number, inputs, outputs
        size = layout.n_runs, layout.run, layout.n_components
        hidden_gradient = inputs.rows[number]
        if self.cbow:
            padded = scratch.padded_rows("hidden gradient", layout)
            hidden_gradient, self.hidden_gradient_blocks = padded.rows, padded.blocks
        self.workspace = model.loss.workspace(
            layout, scratch, hidden_gradient.reshape(size), outputs.rows[number]
        )
        self.workspace.measures_spread = number % MEASURED == 0
        self.side_tables = side_tables(layout.reach, layout.dtype)
        shape = self.workspace.contexts.shape
        self.right = scratch.array("contexts behind", shape, layout.dtype)
        if self.cbow:
            self._prepare_means(layout, scratch)

    def _prepare_means(self, layout: Layout, scratch: Scratch) -> None:
        """Make the arrays in which CBOW averages the vectors of windows."""
        n_runs, run, reach, dtype = (
            layout.n_runs,
            layout.run,
            layout.reach,
            layout.dtype,
        )
        self.mean = scratch.share("mean", lambda: Band(n_runs, run, reach, dtype))
        size = n_runs, run + 2 * reach, layout.n_components
        self.vectors = scratch.array("input vectors", size, dtype)
        blocks = n_runs, self.hidden_gradient_blocks.shape[1], -1, layout.n_components
        self.gradient_blocks = self.inputs.rows[self.number].reshape(blocks)
        self.vector_blocks = in_blocks(self.vectors, run)
        self.hidden_blocks = in_blocks(self.workspace.hidden, run)

    def compute(self, positions: Positions) -> float:
        """Return the loss of a tile, and put its gradients where they belong.

        Parameters
        ----------
        positions : Positions
            Those of the tile.

        Returns
        -------
        float
            Summed loss, in nats.
        """
        self._find_contexts(positions)
        ids = self._embed(positions)
        value, output_gradients, curvature = self.model.loss.compute(
            self.workspace, positions, self.model.output_matrix
        )
        self.outputs.put(self.number, output_gradients)
        gradient = self.workspace.hidden_gradient
        if self.cbow:
            np.matmul(
                self.mean.transposed_blocks,
                self.hidden_gradient_blocks,
                out=self.gradient_blocks,
            )
            gradient = self.gradient_blocks
        curvature = curvature._replace(ids=self.embedding.places(curvature.ids))
        self.inputs.put(self.number, RowGradients(ids, gradient, curvature))
        return value

    def _find_contexts(self, positions: Positions) -> None:
        before, after = self.side_tables
        contexts = self.workspace.contexts
        gather(before, positions.left, contexts)
        gather(after, positions.right, self.right)
        np.add(contexts, self.right, out=contexts)

    def _embed(self, positions: Positions) -> NDArray[np.int32]:
        """Compute ``H = X @ W_in``; return the rows of the words of ``X``."""
        hidden, vectors = self.workspace.hidden, self.embedding.vectors
        if self.cbow:
            ids = self.embedding.places(positions.windows)
            gather(vectors, ids, self.vectors)
            n_inputs = positions.n_inputs[..., None]
            np.divide(self.workspace.contexts, n_inputs, out=self.mean.band)
            np.matmul(self.mean.blocks, self.vector_blocks, out=self.hidden_blocks)
        else:
            ids = self.embedding.places(positions.centers)
            gather(vectors, ids, hidden)
        return ids.reshape(-1)
