"""Words in the plane."""

from collections.abc import Collection, Iterable, Sequence
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from ..word_vectors import WordVectors
from .axes import choose_axes, name_axes, represent, require_matplotlib
from .plane import choose, reduce_by_pca, reduce_by_tsne

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class EmbeddingDisplay:
    """Words in the plane.

    It is recommended to use `from_estimator` to create a display. All parameters are
    stored as attributes.

    Parameters
    ----------
    points : array-like of shape (n_words, 2)
        Coordinates of the words.
    words : sequence of str
    explained : array-like of shape (2,) or None, default=None
        Share of the variance of the vectors that each axis explains. With None the
        labels of the axes don't mention it.
    axis_name : str, default="component"
        Label of the axes, to which the number of the axis is added.

    Attributes
    ----------
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure
    scatter_ : matplotlib PathCollection
        The points.
    text_ : list of matplotlib Annotation
        The words.

    Examples
    --------
    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> from skw2v.plotting import EmbeddingDisplay
    >>> vectorizer = SkipGramVectorizer(n_components=2, subsample=0, max_iter=50)
    >>> vectorizer.fit(load_lecture())
    SkipGramVectorizer(...)
    >>> EmbeddingDisplay.from_estimator(vectorizer, ["love", "like", "coffee", "music"])
    EmbeddingDisplay(4 words, axes: 'component')

    Groups of words have colors and markers:

    >>> groups = [["love", "like"], ["coffee", "music"]]
    >>> EmbeddingDisplay.from_estimator(vectorizer, groups=groups)
    EmbeddingDisplay(18 words, axes: 'component')
    """

    def __init__(
        self,
        points: ArrayLike,
        words: Sequence[str],
        *,
        explained: ArrayLike | None = None,
        axis_name: str = "component",
    ) -> None:
        self.points = points
        self.words = words
        self.explained = explained
        self.axis_name = axis_name

    def __repr__(self) -> str:
        return represent(self, self.axis_name, words=len(self.words))

    @classmethod
    def from_estimator(
        cls,
        estimator: BaseEstimator | WordVectors,
        words: Iterable[str] | None = None,
        *,
        method: str = "pca",
        random_state: int | np.random.RandomState | None = None,
        ax: "Axes | None" = None,
        **kwargs: Any,
    ) -> "EmbeddingDisplay":
        """Draw words of a fitted vectorizer, or of a `WordVectors`.

        Vectors of two components are drawn as they are. If there are more components,
        the vectors of the words drawn are reduced to two.

        Parameters
        ----------
        estimator : vectorizer, Pipeline with one, or WordVectors
            Fitted.
        words : iterable of str or None, default=None
            Words to draw, at least two. None draws the 50 most frequent words, or the
            first 50 of a `WordVectors`.
        method : {"pca", "tsne"}, default="pca"
            "pca" keeps as much of the variance as possible with two axes. "tsne" puts
            words next to each other if the cosine of their vectors is high; the axes
            and the distances between groups have no meaning.
        random_state : int, RandomState instance or None, default=None
            Seed of "tsne"; pass an int to get the same picture in every run.
        ax : matplotlib Axes or None, default=None
            See `plot`.
        **kwargs : dict
            See `plot`.

        Returns
        -------
        EmbeddingDisplay

        Raises
        ------
        ImportError
            matplotlib is not installed.
        KeyError
            A word is not in the vocabulary.
        TypeError
            `estimator` has no word vectors.
        ValueError
            The vectors have only one component, there are fewer than two words, or
            `method` is unknown.
        """
        require_matplotlib(cls)
        if method not in ("pca", "tsne"):
            raise ValueError(
                f"method must be 'pca' or 'tsne'; got {shortened(method)}."
            )
        words, vectors = choose(estimator, words)
        if method == "pca" or vectors.shape[1] == 2:
            points, explained, axis_name = reduce_by_pca(vectors, vectors)
        else:
            points, explained, axis_name = reduce_by_tsne(vectors, random_state)
        display = cls(points, words, explained=explained, axis_name=axis_name)
        return display.plot(ax, **kwargs)

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        groups: Sequence[Collection[str]] | None = None,
        **kwargs: Any,
    ) -> "EmbeddingDisplay":
        """Draw the words.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on; None creates a new figure. The labels are placed for its
            current size and limits.
        groups : sequence of collections of str, or None, default=None
            Groups of words, at most six. Each has a color, which people with any color
            vision can tell from the others, and a marker; words of no group are gray.
            With None, all points look alike.
        **kwargs : dict
            Keyword arguments of `matplotlib.axes.Axes.scatter`, which draws the points.

        Returns
        -------
        EmbeddingDisplay
            This display.

        Raises
        ------
        ImportError
            matplotlib is not installed.
        ValueError
            There are too many groups.

        Warns
        -----
        UserWarning
            No installed font has all characters of the words.
        """
        ax = self.ax_ = choose_axes(type(self), ax)
        self.figure_ = ax.figure
        from .groups import mark, styles_of  # these import matplotlib
        from .labels import write_labels

        points = np.asarray(self.points)
        colors = None
        if groups is not None:
            styles = styles_of(self.words, groups)
            kwargs["c"] = colors = [style.color for style in styles]
        self.scatter_ = ax.scatter(*points.T, **{"s": 12, **kwargs})
        if groups is not None:
            mark(self.scatter_, styles)
        name_axes(ax, self.axis_name, self.explained)
        self.text_ = write_labels(ax, self.words, points, colors=colors)
        return self
