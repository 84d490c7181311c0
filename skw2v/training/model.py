"""The learned model: counts of words, both matrices, and the hyperparameters."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .hyperparameters import Hyperparameters
from .losses import LOSSES
from .losses.base import Loss

Seed: TypeAlias = int | tuple[int, ...]


@dataclass(eq=False)
class Model:
    """A Word2Vec model, before, during or after training.

    Attributes
    ----------
    hyperparameters : Hyperparameters
    counts : ndarray of shape (n_words,), int64
        Tokens of each word in all documents so far.
    input_matrix : ndarray of shape (n_words, n_components)
        The embedding ``W_in``: the word vectors.
    output_matrix : ndarray of shape (n_outputs, n_components)
        The output weights ``W_out``.
    """

    hyperparameters: Hyperparameters
    counts: NDArray[np.int64]
    input_matrix: NDArray
    output_matrix: NDArray
    _loss: Loss | None = field(default=None, init=False, repr=False)

    @classmethod
    def initial(
        cls,
        hyperparameters: Hyperparameters,
        counts: NDArray[np.int64],
        seed: Seed,
        dtype: DTypeLike = np.float32,
    ) -> "Model":
        """Return an untrained model.

        The embedding is uniform in ±1 / n_components, and the output weights are zero.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        counts : ndarray of shape (n_words,), int64
        seed : int or tuple of int
        dtype : dtype, default=float32

        Returns
        -------
        Model

        Raises
        ------
        MemoryError
            The matrices don't fit into memory.
        """
        n_words, n_components = len(counts), hyperparameters.n_components
        n_outputs = LOSSES[hyperparameters.loss].n_outputs(n_words)
        try:
            rng = np.random.default_rng(seed)
            input_matrix = rng.random((n_words, n_components), np.float32).astype(dtype)
            output_matrix = np.zeros((n_outputs, n_components), dtype)
        except MemoryError as error:
            raise MemoryError(
                f"n_components={n_components} is too large for {n_words:,} words: "
                f"{error}; lower it, or raise min_count."
            ) from None
        input_matrix -= 0.5
        input_matrix *= 2 / n_components
        return cls(hyperparameters, counts, input_matrix, output_matrix)

    def continued(
        self,
        hyperparameters: Hyperparameters,
        counts: NDArray[np.int64],
        rows: NDArray[np.intp],
        seed: Seed,
    ) -> "Model":
        """Return a model that starts from the vectors of this one.

        Other words start as in `initial`. So do the output weights, if the loss is
        another one.

        Parameters
        ----------
        hyperparameters : Hyperparameters
            Of the same number of components.
        counts : ndarray of shape (n_words,), int64
        rows : ndarray of shape (n_words,), int
            Row of each word in this model; -1 for other words.
        seed : int or tuple of int

        Returns
        -------
        Model
        """
        model = Model.initial(hyperparameters, counts, seed, self.input_matrix.dtype)
        known = rows >= 0
        model.input_matrix[known] = self.input_matrix[rows[known]]
        if type(model.loss) is type(self.loss):
            weights = model.loss.adopt(self.loss, self.output_matrix, rows)
            model.output_matrix = weights
        return model

    @property
    def loss(self) -> Loss:
        """Return the loss, which is built once."""
        # Before Python 3.12, functools.cached_property holds a lock, on which a process
        # would wait forever that was forked while another thread built a loss.
        if self._loss is None:
            build = LOSSES[self.hyperparameters.loss]
            self._loss = build(self.counts, self.hyperparameters)
        return self._loss

    def log_probabilities(self, hidden: NDArray, ids: NDArray) -> NDArray:
        """Return the log-probabilities of some words after subsampling.

        Parameters
        ----------
        hidden : ndarray of shape (n_examples, n_components)
            Hidden layers.
        ids : ndarray of shape (n_asked,), int

        Returns
        -------
        ndarray of shape (n_examples, n_asked)
            With negative sampling, estimates whose exponentials needn't sum to 1.
        """
        return self.loss.log_probabilities(hidden, ids, self.output_matrix)
