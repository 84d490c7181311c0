"""One training step, as a lecturer writes it on the blackboard.

Each training position has input words, whose one-hot vectors are averaged to a row of
``X``, and target words, counted in a row of ``T``. With the embedding ``W_in``, the
output weights ``W_out`` and ``n`` the sum of a row of ``T`` [1]_ [2]_::

    H = X @ W_in                     hidden layer: linear, no activation
    S = H @ W_out.T                  logits
    P = exp(S) / sum(exp(S))         softmax of each row
    L = -sum(T * log(P))             cross-entropy
    G = dL/dS = n * P - T
    dL/dW_out = G.T @ H              dL/dW_in = X.T @ G @ W_out

References
----------
.. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation of
   Word Representations in Vector Space".
   https://arxiv.org/abs/1301.3781
.. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
   https://arxiv.org/abs/1411.2738
"""

import html
import operator
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .training.model import Model

# Maximum numbers of positions, components and most probable words to be printed.
POSITIONS, COMPONENTS, PROBABLE = 5, 6, 5


class Stage(NamedTuple):
    """A stage of the step, and the axes of its table; a number has none."""

    name: str
    formula: str
    rows: str = ""
    columns: str = ""


STAGES = (
    Stage("one_hot", "a 1 in the column of each input word", "input", "word"),
    Stage("input", "X, the average of these rows", "position", "word"),
    Stage("embeddings", "W_in", "word", "component"),
    Stage("hidden", "H = X @ W_in", "position", "component"),
    Stage("output", "W_out", "word", "component"),
    Stage("logits", "S = H @ W_out.T", "position", "word"),
    Stage("probabilities", "P = softmax(S) = exp(S) / sum(exp(S))", "position", "word"),
    Stage("targets", "T, how often each word is a target", "position", "word"),
    Stage("cross_entropy", "L = -sum(T * log(P)), in nats"),
    Stage("logits_gradient", "G = dL/dS = n * P - T, n targets", "position", "word"),
    Stage("output_gradient", "dL/dW_out = G.T @ H", "word", "component"),
    Stage("embeddings_gradient", "dL/dW_in = X.T @ G @ W_out", "word", "component"),
    Stage("output_after", "W_out - {} * dL/dW_out", "word", "component"),
    Stage("embeddings_after", "W_in - {} * dL/dW_in", "word", "component"),
)


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    r"""One training step, stage by stage, as returned by `explain` of a vectorizer.

    With one-hot inputs :math:`X`, targets :math:`T`, and the number of targets
    :math:`n` of each position [1]_ [2]_

    .. math::

        H &= X\, W_\text{in} \\
        S &= H\, W_\text{out}^\top \\
        P_{ij} &= \frac{e^{S_{ij}}}{\sum_k e^{S_{ik}}} \\
        L &= -\sum_{ij} T_{ij} \log P_{ij} \\
        G &= \frac{\partial L}{\partial S} = n P - T \\
        \frac{\partial L}{\partial W_\text{out}} &= G^\top H \\
        \frac{\partial L}{\partial W_\text{in}} &= X^\top G\, W_\text{out}

    Printing it shows all stages in order, and of large tables the part that matters;
    the attributes are complete. Rows of positions are labeled by (position, word): the
    center word, and in `one_hot` the input word. Tables are float64 unless stated.

    Attributes
    ----------
    model : {"CBOW", "skip-gram"}
    document : list of str
        Known tokens of the document.
    learning_rate : float
        Step of gradient descent.
    one_hot : DataFrame of shape (n_inputs, n_words), int8
        The input words of each position: for CBOW the contexts, for skip-gram the
        center word.
    input : DataFrame of shape (n_positions, n_words)
        The average of these rows.
    embeddings, output : DataFrames of shape (n_words, n_components)
        Word vectors and output weights before the step.
    hidden : DataFrame of shape (n_positions, n_components)
    logits, probabilities : DataFrames of shape (n_positions, n_words)
    targets : DataFrame of shape (n_positions, n_words), int64
        How often each word is a target: for CBOW the center word, for skip-gram the
        contexts.
    cross_entropy : float
        Summed over all pairs of a position and a target, in nats.
    logits_gradient : DataFrame of shape (n_positions, n_words)
    output_gradient, embeddings_gradient : DataFrames of shape (n_words, n_components)
        Gradients of both matrices.
    output_after, embeddings_after : DataFrames of shape (n_words, n_components)
        Both matrices after the step.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
       https://arxiv.org/abs/1301.3781
    .. [2] Rong, X. (2014). "word2vec Parameter Learning Explained".
       https://arxiv.org/abs/1411.2738

    Examples
    --------
    >>> from skw2v import CBOWVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> cbow = CBOWVectorizer(n_components=2, loss="softmax", subsample=0, max_iter=50)
    >>> step = cbow.fit(load_lecture()).explain("I love 피자", position=1)
    >>> step.input.loc[(1, "love")][["i", "피자", "love"]].tolist()
    [0.5, 0.5, 0.0]
    """

    model: str
    document: list[str]
    learning_rate: float
    one_hot: pd.DataFrame
    input: pd.DataFrame
    embeddings: pd.DataFrame
    hidden: pd.DataFrame
    output: pd.DataFrame
    logits: pd.DataFrame
    probabilities: pd.DataFrame
    targets: pd.DataFrame
    cross_entropy: float
    logits_gradient: pd.DataFrame
    output_gradient: pd.DataFrame
    embeddings_gradient: pd.DataFrame
    output_after: pd.DataFrame
    embeddings_after: pd.DataFrame

    def __str__(self) -> str:
        parts = [self._title()]
        # Korean letters are two columns wide.
        with pd.option_context("display.unicode.east_asian_width", True):
            for heading, value in self._printed():
                if isinstance(value, pd.DataFrame):
                    value = value.to_string(float_format="{:.4f}".format, line_width=88)
                parts.append(f"{heading}\n{value}")
        return "\n\n".join(parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self._title())}</strong></p>"]
        for heading, value in self._printed():
            if isinstance(value, pd.DataFrame):
                value = value.to_html(float_format="{:.4f}".format)  # escapes words
            parts.append(f"<p>{html.escape(heading)}</p>\n{value}")
        return "\n".join(parts)

    def _title(self) -> str:
        """Return what is explained, and how much of it is not shown."""
        places = self.hidden.index.get_level_values("position")
        which = f"position {places[0]}" if len(places) == 1 else "all positions"
        text = textwrap.shorten(" ".join(self.document), 45, placeholder=" ...")
        title = f"A step of {self.model} at {which} of: {text}"
        shown = {
            "positions": (POSITIONS, len(places)),
            "words": (len(self._words()), self.input.shape[1]),
            "components": (COMPONENTS, self.hidden.shape[1]),
        }
        rest = [f"{n - k} of {n} {what}" for what, (k, n) in shown.items() if n > k]
        return f"{title}\nNot shown: {', '.join(rest)}." if rest else title

    def _printed(self) -> Iterator[tuple[str, pd.DataFrame | str]]:
        """Yield the heading of each stage, and the part of it that is printed."""
        words = self._words()
        for number, stage in enumerate(STAGES, start=1):
            formula, value = stage.formula, getattr(self, stage.name)
            part = _part(value, words) if stage.rows else f"{value:.4f}"
            yield f"{number}. {stage.name}: {formula.format(self.learning_rate)}", part

    def _words(self) -> list[str]:
        """Return the words of the printed positions, and the most probable ones."""
        rows = slice(POSITIONS)
        taking_part = (self.input.iloc[rows] > 0) | (self.targets.iloc[rows] > 0)
        probable = self.probabilities.iloc[rows].max().nlargest(PROBABLE).index
        words = self.probabilities.columns
        return list(words[taking_part.any() | words.isin(probable)])


def explain(
    model: Model, words: list[str], ids: NDArray[np.int32], position: int | None
) -> Explanation:
    """Explain a step of a model; see `explain` of the vectorizers.

    Parameters
    ----------
    model : Model
    words : list of str
        Word of each row.
    ids : ndarray of shape (n_tokens,), int32
        Known tokens of the document.
    position : int or None

    Returns
    -------
    Explanation
    """
    h = model.hyperparameters
    _check_loss(h.loss)
    positions = _positions(len(ids), position)
    inputs, targets = examples(ids, positions, h.window, h.cbow)
    one_hot = [one_hot_of(example, len(words)) for example in inputs]
    values = step(
        np.array([rows.mean(axis=0) for rows in one_hot]),
        np.array([one_hot_of(example, len(words)).sum(axis=0) for example in targets]),
        model.input_matrix.astype(np.float64),
        model.output_matrix.astype(np.float64),
        h.learning_rate,
    )
    values["one_hot"] = np.concatenate(one_hot)
    return Explanation(
        model="CBOW" if h.cbow else "skip-gram",
        document=[words[i] for i in ids],
        learning_rate=h.learning_rate,
        cross_entropy=values["cross_entropy"],
        **_tables(values, _axes(words, ids, positions, inputs)),
    )


def step(
    X: NDArray, T: NDArray, W_in: NDArray, W_out: NDArray, learning_rate: float
) -> dict[str, Any]:
    """Compute the formulas at the top of this file.

    Parameters
    ----------
    X, T : ndarrays of shape (n_positions, n_words)
    W_in, W_out : ndarrays of shape (n_words, n_components), float64
    learning_rate : float

    Returns
    -------
    dict of str to ndarray or float
        The stages by their names.
    """
    H = X @ W_in
    S = H @ W_out.T
    log_P = S - np.logaddexp.reduce(S, axis=1, keepdims=True)  # exp could overflow
    P = np.exp(log_P)
    G = T.sum(axis=1, keepdims=True) * P - T
    output_gradient = G.T @ H
    embeddings_gradient = X.T @ (G @ W_out)
    return {
        "input": X,
        "embeddings": W_in,
        "hidden": H,
        "output": W_out,
        "logits": S,
        "probabilities": P,
        "targets": T,
        "cross_entropy": -float(np.sum(T * log_P)),
        "logits_gradient": G,
        "output_gradient": output_gradient,
        "embeddings_gradient": embeddings_gradient,
        "output_after": W_out - learning_rate * output_gradient,
        "embeddings_after": W_in - learning_rate * embeddings_gradient,
    }


def _check_loss(loss: str) -> None:
    if loss != "softmax":
        raise ValueError(
            "explain shows a step of the exact softmax; refit with loss='softmax' "
            f"instead of {loss!r}."
        )


def _positions(n_known: int, position: int | None) -> range:
    """Return the positions to explain; raise a ValueError if there is none."""
    if n_known == 0:
        raise ValueError("no token of the document is in the vocabulary.")
    if position is not None and operator.index(position) not in range(n_known):
        raise ValueError(
            f"position must be from 0 to {n_known - 1}, as the document has {n_known} "
            f"tokens of the vocabulary; got {shortened(position)}."
        )
    if n_known == 1:
        raise ValueError(
            "the document has only one token of the vocabulary, and so no context; "
            "at least two are needed."
        )
    return range(n_known) if position is None else range(position, position + 1)


def examples(
    ids: NDArray[np.int32], positions: range, window: int, cbow: bool
) -> tuple[list[NDArray], list[NDArray]]:
    """Return the ids of the inputs, and of the targets, of each position.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
    positions : range
    window : int
    cbow : bool

    Returns
    -------
    inputs, targets : lists of ndarrays
        One array for each position; that of its contexts may be empty.
    """
    centers = [ids[i : i + 1] for i in positions]
    contexts = [
        np.concatenate([ids[max(i - window, 0) : i], ids[i + 1 : i + window + 1]])
        for i in positions
    ]
    return (contexts, centers) if cbow else (centers, contexts)


def one_hot_of(ids: NDArray, n_words: int) -> NDArray[np.int8]:
    """Return one-hot vectors.

    Parameters
    ----------
    ids : ndarray of shape (n,), int
    n_words : int

    Returns
    -------
    ndarray of shape (n, n_words), int8
    """
    rows = np.zeros((len(ids), n_words), np.int8)
    rows[np.arange(len(ids)), ids] = 1
    return rows


def _axes(
    words: list[str], ids: NDArray, positions: range, inputs: list[NDArray]
) -> dict[str, pd.Index]:
    """Return the labels of all rows and columns, but those of components."""
    vocabulary = pd.Index(words, name="word")

    def places(positions: Any, ids: NDArray) -> pd.MultiIndex:
        return pd.MultiIndex.from_arrays(
            [positions, vocabulary[ids]], names=["position", "word"]
        )

    return {
        "word": vocabulary,
        "position": places(positions, ids[positions]),
        "input": places(
            np.repeat(positions, [len(i) for i in inputs]), np.concatenate(inputs)
        ),
    }


def _tables(
    values: dict[str, Any], axes: dict[str, pd.Index]
) -> dict[str, pd.DataFrame]:
    """Label the arrays of all stages."""
    n_components = values["hidden"].shape[1]
    axes["component"] = pd.RangeIndex(n_components, name="component")
    return {
        stage.name: pd.DataFrame(
            values[stage.name], axes[stage.rows], axes[stage.columns]
        )
        for stage in STAGES
        if stage.rows
    }


def _part(table: pd.DataFrame, words: list[str]) -> pd.DataFrame:
    """Return the part of a table that is printed."""
    if table.index.name == "word":
        table = table.loc[words]
    else:
        places = table.index.get_level_values("position")
        table = table[places < places[0] + POSITIONS]
    return table[words] if table.columns.name == "word" else table.iloc[:, :COMPONENTS]
