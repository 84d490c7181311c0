"""Reduction of word vectors to points in the plane."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from ..vectorizers.fitted import Learned
from ..vectorizers.progress import Attributes, Tasks, Training
from ..vectorizers.word2vec import Word2VecVectorizer
from ..word_vectors import WordVectors
from ..word_vectors.of import vectorizer_in, word_vectors_of

N_WORDS = 50  # number of words drawn by default
N_PATHS = 20  # number of paths drawn by default


def choose(
    estimator: BaseEstimator | WordVectors, words: Iterable[str] | None
) -> tuple[list[str], NDArray]:
    """Return words of a fitted vectorizer or of a `WordVectors`, and their vectors.

    Parameters
    ----------
    estimator : vectorizer, Pipeline with one, or WordVectors
    words : iterable of str or None
        None chooses the most frequent words of the vectorizer, or the first words of
        `WordVectors`.

    Returns
    -------
    words : list of str
    vectors : ndarray of shape (n_words, n_components)

    Raises
    ------
    KeyError
        A word is not in the vocabulary.
    ValueError
        There are fewer than two words or components.
    """
    table = word_vectors_of(estimator)
    if words is not None:
        return _look_up(table, words)
    order = np.arange(len(table))
    if not isinstance(estimator, WordVectors):
        # A vocabulary that the user gave can be in any order.
        counts = getattr(vectorizer_in(estimator), "word_counts_", np.zeros(len(table)))
        order = np.argsort(-counts, kind="stable")
    return _look_up(table, [table.words[row] for row in order[:N_WORDS]])


def learner(estimator: Any) -> Word2VecVectorizer:
    """Return a vectorizer that learns its vectors, alone or in a pipeline.

    Parameters
    ----------
    estimator : CBOWVectorizer, SkipGramVectorizer or Pipeline

    Returns
    -------
    Word2VecVectorizer

    Raises
    ------
    TypeError
        There is none.
    """
    vectorizer = vectorizer_in(estimator)
    if not isinstance(vectorizer, Word2VecVectorizer):
        raise TypeError(
            f"{type(vectorizer).__name__} learns nothing, so there is nothing to draw; "
            "expected a CBOWVectorizer or SkipGramVectorizer."
        )
    return vectorizer


def record(
    estimator: BaseEstimator,
    X: Iterable,
    words: Iterable[str] | None,
) -> tuple[list[str], NDArray]:
    """Fit a clone, and record vectors before the first epoch and after each epoch.

    Parameters
    ----------
    estimator : CBOWVectorizer or SkipGramVectorizer
    X : iterable of str, or of lists of str
        Documents.
    words : iterable of str or None
        None chooses the first words of the vocabulary.

    Returns
    -------
    words : list of str
    history : ndarray of shape (n_epochs + 1, n_words, n_components)

    Raises
    ------
    KeyError, ValueError
        As in `choose`; raised before the training.
    TypeError
        `estimator` is something else, such as a Pipeline.
    """
    vectorizer = learner(estimator)
    if vectorizer is not estimator:
        raise TypeError(
            f"expected a vectorizer; got one in a {type(estimator).__name__}, whose "
            "other steps may change X: pass the vectorizer itself, and the documents "
            "that it is fitted to."
        )
    words = words if words is None else list(words)
    recorder = _Recorder(words)
    clone(vectorizer)._follow(X, None, None, recorder)
    return recorder.words, np.array(recorder.history)


class _Recorder(Tasks):
    """Records the vectors of some words; None is the first of the vocabulary."""

    def __init__(self, words: list[str] | None) -> None:
        self._chosen = words
        self.history: list[NDArray] = []

    def start(
        self, trainer: Training, learned: Learned, attributes: Attributes
    ) -> None:
        """See `Tasks.start`."""
        self._learned = learned
        self.end_epoch()

    def end_epoch(self) -> bool:
        """See `Tasks.end_epoch`."""
        all_words = self._learned.vocabulary.words
        chosen = all_words[:N_PATHS] if self._chosen is None else self._chosen
        vectors = WordVectors(all_words, self._learned.model.vectors())
        self.words, rows = _look_up(vectors, chosen)
        self.history.append(rows)
        return False


def reduce_by_pca(
    vectors: NDArray, reference: NDArray
) -> tuple[NDArray, NDArray | None, str]:
    """Project vectors onto the plane in which the reference vectors vary most.

    Parameters
    ----------
    vectors : ndarray of shape (..., n_components)
        Vectors of two components are returned as they are.
    reference : ndarray of shape (n_words, n_components)

    Returns
    -------
    points : ndarray of shape (..., 2)
    explained : ndarray of shape (2,) or None
        Share of the variance of the reference vectors that each axis explains.
    axis_name : str
    """
    if vectors.shape[-1] == 2:
        return vectors, None, "component"
    pca = PCA(2, svd_solver="full").fit(reference)
    points = pca.transform(vectors.reshape(-1, vectors.shape[-1]))
    points = points.reshape(*vectors.shape[:-1], 2)
    return points, pca.explained_variance_ratio_, "principal component"


def reduce_by_tsne(
    vectors: NDArray, random_state: int | np.random.RandomState | None
) -> tuple[NDArray, None, str]:
    """Embed vectors in the plane with t-SNE.

    Parameters
    ----------
    vectors : ndarray of shape (n_words, n_components)
    random_state : int, RandomState instance or None

    Returns
    -------
    points : ndarray of shape (n_words, 2)
    explained : None
        As the axes of t-SNE explain no variance, unlike those of `reduce_by_pca`.
    axis_name : str
    """
    # The perplexity, 30 by default, must be less than the number of words.
    perplexity = min(30, max(1, (len(vectors) - 1) / 3))
    tsne = TSNE(perplexity=perplexity, metric="cosine", random_state=random_state)
    return tsne.fit_transform(vectors), None, "t-SNE axis"


def _look_up(table: WordVectors, words: Iterable[str]) -> tuple[list[str], NDArray]:
    """Return words and their vectors, if there are enough of both for a plane."""
    words = list(words)
    n_components = table.vectors.shape[1]
    if n_components < 2:
        raise ValueError(
            "the plane has two axes: the vectors need at least 2 components, and "
            f"have {n_components}."
        )
    if len(words) < 2:
        raise ValueError(f"the plane needs at least 2 words; got {len(words)}.")
    return words, np.array([table[word] for word in words])
