"""The vectors of the words of an update, and where their gradients go.

Without subwords, both are the rows of ``W_in``. With them, the vector of a word is the
mean of its own row and of rows that it shares with others, so the input ``X`` becomes
``X @ S`` (see `Model.composition`)::

    H = (X @ S) @ W_in = X @ (S @ W_in)
    dW_in = (X @ S).T @ dH = S.T @ (X.T @ dH)

An update composes each of its words once, ``V = S @ W_in``. Tiles read ``V`` by the
places of its words, and know nothing of ``S``; their gradients are summed by word,
``dV = X.T @ dH``, before they are passed on, ``S.T @ dV``. Most of the time goes into
fetching rows from memory, so words that begin with the same pieces stand together: the
rows that they share are still in the caches. The rows that only they need are next to
each other, too (see `Model.arranged`). The kernels wait for almost every row, but
copying fetches many at once. So rows are copied, in blocks that stay in the caches,
before they are used.

All rows of a word change at once, so steps that are stable for each row alone need not
be stable together. Let ``q`` be the bounds on the curvature along the vectors of words,
as in `RowSGD`. That along the rows of ``W_in`` is then ``A = S.T @ diag(q) @ S``, and
with the steps ``t`` gradient descent is stable if the eigenvalues of ``diag(t) @ A``
are below 2. No number in it is negative, so they are at most its largest sum of a row,
and as the rows of ``S`` sum to 1, that is ``max(t * (S.T @ q))``. So the step of a row
is limited by ``S.T @ q``: bounds of curvature are passed on as gradients are.

A word of m rows would hardly move: each takes 1/m of its gradient, and is 1/m of its
vector. So the learning rate of a row is multiplied by m, or, if several words have it,
by the harmonic mean over their tokens, ``P.T @ n / S.T @ n`` with the counts ``n`` and
the pattern ``P`` of ``S``.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

# See `onehot`: the last two add to their last argument in place.
from scipy.sparse._sparsetools import csc_matvecs, csr_matvecs, csr_row_index

from .composition import by_first_pieces, step_factors
from .division import Division, Ranges
from .gradients import RowGradients
from .model import Model
from .onehot import gather, scatter_add
from .optimizer import RowSGD, within
from .positions import Positions
from .workers import Workers

BLOCK = 1024  # rows that are fetched before they are used


class Embedding:
    """The embedding of a model without subwords.

    Parameters
    ----------
    model : Model
    sgd : type of RowSGD, default=RowSGD

    Attributes
    ----------
    sgd : RowSGD
        Changes the rows of ``W_in``.
    vectors : ndarray
        Rows that tiles read.
    optimizer : RowSGD or GradientSums
        Takes the gradients of these rows.
    """

    optimizer: "RowSGD | GradientSums"

    def __init__(self, model: Model, sgd: type[RowSGD] = RowSGD) -> None:
        self.vectors = model.input_matrix
        self.optimizer = self.sgd = sgd(model.input_matrix)

    def places(self, words: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the row of each word in `vectors`."""
        return words

    def read(self, positions: Positions, workers: Workers, n_active: int) -> None:
        """Prepare `vectors` for an update of some positions."""

    def change(
        self, spread: float, learning_rate: float, workers: Workers, n_active: int
    ) -> None:
        """Pass on what the optimizer has received; see `RowSGD`."""


class ComposedEmbedding(Embedding):
    """The embedding of a model whose words share rows.

    Parameters
    ----------
    model : Model
    composition : csr_array of shape (n_words, n_rows)
        That of the model.
    n_inputs : int
        Maximum number of words, distinct or not, that are inputs of an update.
    n_workers : int
        Maximum number of workers.
    allocate : callable
        Makes the arrays that all workers use, from a shape and a dtype.
    sgd : type of RowSGD, default=RowSGD
    """

    # Of the words of the update: their places in `_words`, and the composition of those
    # that were composed last.
    _chosen: NDArray[np.int32]
    _composed: "Entries"

    def __init__(
        self,
        model: Model,
        composition: csr_array,
        n_inputs: int,
        n_workers: int,
        allocate: Callable[..., NDArray[Any]],
        sgd: type[RowSGD] = RowSGD,
    ) -> None:
        matrix, n_words = model.input_matrix, composition.shape[0]
        self._words = by_first_pieces(composition)
        self._ranks = np.argsort(self._words)
        self._all = composition[self._words].astype(matrix.dtype, copy=False)
        self._lengths = np.diff(self._all.indptr)
        # For each worker, the rows that it changes, and `_all` without the others.
        self._parts: dict[int, tuple[tuple[int, int], csr_array]] = {}
        self._cbow = model.hyperparameters.cbow
        self._is_input = np.zeros(n_words, bool)
        self._places = np.zeros(n_words, np.int32)
        shape = min(n_words, n_inputs), matrix.shape[1]
        self.vectors = allocate(shape, matrix.dtype)
        self.optimizer = self._sums = GradientSums(shape, matrix.dtype, allocate)
        self.sgd = sgd(matrix)
        self._division = Division([len(matrix)], n_workers, allocate)
        self._factors = step_factors(composition, model.counts)

    def places(self, words: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the row of each word in `vectors`."""
        return self._places.take(words)

    def read(self, positions: Positions, workers: Workers, n_active: int) -> None:
        """Compose the vectors of the words of some positions."""
        inputs = positions.windows if self._cbow else positions.centers
        self._is_input[self._ranks.take(inputs)] = True
        ranks = np.flatnonzero(self._is_input)
        self._is_input[ranks] = False
        self._places[self._words[ranks]] = np.arange(len(ranks), dtype=np.int32)
        self._sums.n_words = len(ranks)
        self._chosen = ranks.astype(self._all.indptr.dtype)
        n_entries = np.cumsum(self._lengths.take(ranks))
        shares = n_entries[-1] * np.arange(1, n_active) // n_active
        edges = [0, *np.searchsorted(n_entries, shares).tolist(), len(ranks)]

        def compose(worker: int) -> None:
            self._compose(slice(edges[worker], edges[worker + 1]))

        workers.run(compose, n_active)

    def _compose(self, some: slice) -> None:
        """Compute ``V = S @ W_in`` for some of the words."""
        matrix, vectors = self.sgd.matrix, self.vectors[some]
        self._composed = S = Entries.of(self._all, self._chosen[some])
        vectors.fill(0)
        for first, last in S.fetched(matrix):
            csr_matvecs(
                last - first,
                *matrix.shape,
                S.indptr[first : last + 1],
                S.ids,
                S.shares,
                matrix.reshape(-1),
                vectors[first:last].reshape(-1),
            )

    def change(
        self, spread: float, learning_rate: float, workers: Workers, n_active: int
    ) -> None:
        """Change the rows of ``W_in`` by the sums of gradients."""

        def works() -> list[NDArray]:
            ids = Entries.of(self._all, self._chosen).ids
            return [np.bincount(ids, minlength=len(self.sgd.matrix))]

        def apply(worker: int, ranges: Ranges) -> None:
            self._step(self._part(worker, *ranges[0]), spread, learning_rate)

        self._division.run(workers, n_active, works, apply)

    def _part(self, worker: int, first: int, last: int) -> "Entries":
        """Return ``S`` for the words of the update and a range of rows."""
        n_words, n_rows = len(self._chosen), len(self.sgd.matrix)
        if last - first == n_rows and len(self._composed.indptr) == n_words + 1:
            return self._composed
        rows, part = self._parts.get(worker, (None, self._all))
        if rows != (first, last):
            part = self._all[:, first:last]
            part.indices += first
            self._parts[worker] = (first, last), part
        return Entries.of(part, self._chosen)

    def _step(self, S: "Entries", spread: float, learning_rate: float) -> None:
        """Add ``-t * (S.T @ dV)`` to the rows, with the steps ``t``."""
        rows, ids = self.sgd, S.ids
        weights = self._sums.weights[: len(S.indptr) - 1].repeat(np.diff(S.indptr))
        rows.weigh(ids, S.shares * weights)
        steps = rows.steps(ids, spread, learning_rate * self._factors.take(ids))
        steps *= S.shares
        n_rows, n_components = rows.matrix.shape
        for first, last in S.fetched(rows.matrix):
            csc_matvecs(
                n_rows,
                last - first,
                n_components,
                S.indptr[first : last + 1],
                ids,
                steps,
                self._sums.gradients[first:last].reshape(-1),
                rows.matrix.reshape(-1),
            )
        rows.forget(ids)


class Entries(NamedTuple):
    """Some rows of ``S``, one for each word, as those of a CSR matrix.

    Attributes
    ----------
    indptr : ndarray of shape (n_words + 1,), int32
    ids : ndarray of shape (n_entries,), int32
        Rows of ``W_in``.
    shares : ndarray of shape (n_entries,)
        Those of the rows in the vectors of words.
    """

    indptr: NDArray[np.int32]
    ids: NDArray[np.int32]
    shares: NDArray

    @classmethod
    def of(cls, composition: csr_array, words: NDArray[np.int32]) -> "Entries":
        """Return ``composition[words]``, without the time that its checks take."""
        S = composition
        indptr = np.zeros(len(words) + 1, S.indptr.dtype)
        np.cumsum(S.indptr.take(words + 1) - S.indptr.take(words), out=indptr[1:])
        ids = np.empty(indptr[-1], S.indices.dtype)
        shares = np.empty(indptr[-1], S.data.dtype)
        csr_row_index(len(words), words, S.indptr, S.indices, S.data, ids, shares)
        return cls(indptr, ids, shares)

    def fetched(self, matrix: NDArray) -> Iterator[tuple[int, int]]:
        """Yield the first word of each block, and the one after its last.

        The rows of a matrix that have a place in the block are in the caches then.
        """
        n_entries = len(self.ids)
        starts = np.searchsorted(self.indptr, np.arange(0, n_entries, BLOCK))
        cuts = np.unique([*starts, len(self.indptr) - 1])
        edges = self.indptr[cuts]
        size = np.diff(edges).max(initial=0), matrix.shape[1]
        copies = np.empty(size, matrix.dtype)
        for (first, last), (start, stop) in zip(
            pairwise(cuts.tolist()), pairwise(edges.tolist()), strict=True
        ):
            gather(matrix, self.ids[start:stop], copies[: stop - start])
            yield first, last


class GradientSums:
    """Sums the gradients of an update by word; stands where an optimizer stands.

    Parameters
    ----------
    shape : tuple of (int, int)
        Maximum number of words, and number of components.
    dtype : dtype
    allocate : callable
        Makes the arrays that all workers use, from a shape and a dtype.

    Attributes
    ----------
    gradients : ndarray of shape (n_words, n_components)
    weights : ndarray of shape (n_words,)
        Summed weights of the pairs of each word; see `Curvature`.
    n_words : int
        Number of words of the update, which are the first ones.
    """

    def __init__(
        self, shape: tuple[int, int], dtype: Any, allocate: Callable[..., NDArray[Any]]
    ) -> None:
        self.gradients = allocate(shape, dtype)
        self.weights = allocate(shape[:1], dtype)
        self.n_words = shape[0]

    def work(self, parts: list[RowGradients]) -> NDArray:
        """Return about how much work each word is; see `RowSGD.work`."""
        ids = np.concatenate([part.ids for part in parts])
        return np.bincount(ids, minlength=len(self.weights))

    def step(
        self,
        parts: list[RowGradients],
        learning_rate: float,
        first: int = 0,
        last: int | None = None,
    ) -> None:
        """Sum the gradients of the words from `first` to `last` - 1."""
        last = self.n_words if last is None else min(last, self.n_words)
        self.gradients[first:last] = 0
        self.weights[first:last] = 0
        limits = first, last
        for part in parts:
            own, chosen = within(part.ids, *limits)
            ones = np.ones(len(own), self.gradients.dtype)
            scatter_add(self.gradients, own, ones, part.rows, chosen)
            own, chosen = within(part.curvature.ids, *limits)
            np.add.at(self.weights, own, part.curvature.weights.compress(chosen))
