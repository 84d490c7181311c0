"""The learned model: counts of words, both matrices, and the hyperparameters."""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_array

from ..corpus.sizes import Sized
from .composition import places_of_rows
from .hyperparameters import Hyperparameters
from .losses import LOSSES
from .losses.base import Loss

Seed: TypeAlias = int | tuple[int, ...]


@dataclass(eq=False)
class Model(Sized):
    """A Word2Vec model, before, during or after training.

    Attributes
    ----------
    hyperparameters : Hyperparameters
    counts : ndarray of shape (n_words,), int64
        Tokens of each word in all documents so far.
    input_matrix : ndarray of shape (n_rows, n_components)
        The embedding ``W_in``: the word vectors, or the rows of which they are
        composed, in the order that `places` says.
    output_matrix : ndarray of shape (n_outputs, n_components)
        The output weights ``W_out``.
    composition : csr_array of shape (n_words, n_rows), or None
        ``S``, by which the word vectors are ``S @ W_in``: a row holds 1/m in m columns,
        one of them that of the word itself. None is the identity.
    places : ndarray of shape (n_rows,), int32, or None
        Where in ``W_in`` each row is: first those of the words, and then those that
        they share. None means that it has this order.
    """

    hyperparameters: Hyperparameters
    counts: NDArray[np.int64]
    input_matrix: NDArray
    output_matrix: NDArray
    composition: csr_array | None = None
    places: NDArray[np.int32] | None = None
    _loss: Loss | None = field(default=None, init=False, repr=False)

    @classmethod
    def initial(
        cls,
        hyperparameters: Hyperparameters,
        counts: NDArray[np.int64],
        seed: Seed,
        dtype: DTypeLike = np.float32,
        composition: csr_array | None = None,
    ) -> "Model":
        """Return an untrained model.

        The embedding is uniform in ±1 / n_components, and the output weights are zero.

        Parameters
        ----------
        hyperparameters : Hyperparameters
        counts : ndarray of shape (n_words,), int64
        seed : int or tuple of int
        dtype : dtype, default=float32
        composition : csr_array of shape (n_words, n_rows), optional

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
        n_rows = n_words if composition is None else composition.shape[1]
        try:
            rng = np.random.default_rng(seed)
            input_matrix = rng.random((n_rows, n_components), np.float32).astype(dtype)
            output_matrix = np.zeros((n_outputs, n_components), dtype)
        except MemoryError as error:
            raise MemoryError(
                f"n_components={n_components} is too large for {n_words:,} words: "
                f"{error}; lower it, or raise min_count."
            ) from None
        input_matrix -= 0.5
        input_matrix *= 2 / n_components
        return cls(hyperparameters, counts, input_matrix, output_matrix, composition)

    def continued(
        self,
        hyperparameters: Hyperparameters,
        counts: NDArray[np.int64],
        rows: NDArray[np.intp],
        seed: Seed,
        composition: csr_array | None = None,
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
        composition : csr_array of shape (n_words, n_rows), optional
            If words of this model share rows, those of the other do, too.

        Returns
        -------
        Model
        """
        dtype = self.input_matrix.dtype
        model = Model.initial(hyperparameters, counts, seed, dtype, composition)
        known = np.flatnonzero(rows >= 0)
        own, shared = np.split(self.rows(), [len(self.counts)])
        if len(shared):
            model.input_matrix[len(counts) :] = shared
            model.input_matrix[known] = own[rows[known]]
        else:
            model.start_from(known, own[rows[known]])
        if type(model.loss) is type(self.loss):
            weights = model.loss.adopt(self.loss, self.output_matrix, rows)
            model.output_matrix = weights
        return model

    def start_from(self, words: NDArray[np.intp], vectors: NDArray) -> None:
        """Change the own rows of some words so that they have these vectors.

        Parameters
        ----------
        words : ndarray of shape (n,), int
        vectors : ndarray of shape (n, n_components)
        """
        if self.composition is None:
            self.input_matrix[words] = vectors
        else:
            some = self.composition[words]
            missing = vectors - some @ self.input_matrix
            own = words if self.places is None else self.places[words]
            self.input_matrix[own] += np.diff(some.indptr)[:, None] * missing

    def arranged(self) -> "Model":
        """Return a model whose rows have the order in which training is fastest.

        Training gives the same vectors in any order, up to rounding.

        Returns
        -------
        Model
            This one itself, if no rows are shared, or if they have this order already.
            Otherwise it shares all but the embedding.
        """
        S = self.composition
        if S is None or self.places is not None:
            return self
        places = places_of_rows(S)
        rows = np.empty_like(self.input_matrix)
        rows[places] = self.input_matrix
        moved = csr_array((S.data, places[S.indices], S.indptr), S.shape)
        return replace(self, input_matrix=rows, composition=moved, places=places)

    def rows(self) -> NDArray:
        """Return the rows of ``W_in``, those of words first; not a copy if they are."""
        if self.places is None:
            return self.input_matrix
        return self.input_matrix[self.places]

    def vectors(self) -> NDArray:
        """Return the word vectors, of shape (n_words, n_components).

        They are the embedding itself, not a copy, if no rows are shared.
        """
        if self.composition is None:
            return self.input_matrix
        return self.composition @ self.input_matrix

    @property
    def word_share(self) -> float:
        """Return the mean of 1 / (number of words that a hidden layer averages).

        No document cuts these windows short.
        """
        h = self.hyperparameters
        sizes = np.arange(1 if h.shrink_windows else h.window, h.window + 1)
        return float(np.mean(1 / (2 * sizes))) if h.cbow else 1.0

    @property
    def row_share(self) -> float:
        """Return the mean of 1 / (number of rows of which a word is composed)."""
        if self.composition is None:
            return 1.0
        n_rows = np.diff(self.composition.indptr)
        return float(self.counts @ (1 / n_rows) / self.counts.sum())

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
