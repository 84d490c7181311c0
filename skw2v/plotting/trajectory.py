"""Paths of words from their random start."""

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator

from .axes import choose_axes, name_axes, represent, require_matplotlib
from .plane import record, reduce_by_pca

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class TrajectoryDisplay:
    """Paths of words through the plane, from their random start to the last epoch.

    It is recommended to use `from_estimator` to create a display. All parameters are
    stored as attributes.

    Parameters
    ----------
    paths : array-like of shape (n_epochs + 1, n_words, 2)
        Coordinates of the words before the first epoch and after each epoch.
    words : sequence of str
    explained : array-like of shape (2,) or None, default=None
        See `EmbeddingDisplay`.
    axis_name : str, default="component"
        See `EmbeddingDisplay`.

    Attributes
    ----------
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure
    line_ : list of matplotlib Line2D
        The path of each word.
    start_, end_ : matplotlib PathCollection
        Hollow points at the start of the paths, filled points at the end.
    text_ : list of matplotlib Annotation
        The words, at the end of their paths.

    Examples
    --------
    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> from skw2v.plotting import TrajectoryDisplay
    >>> vectorizer = SkipGramVectorizer(n_components=2, subsample=0, max_iter=30)
    >>> groups = [["love", "like"], ["coffee", "music"]]
    >>> TrajectoryDisplay.from_estimator(vectorizer, load_lecture(), groups=groups)
    TrajectoryDisplay(18 words, 30 epochs, axes: 'component')
    """

    def __init__(
        self,
        paths: ArrayLike,
        words: Sequence[str],
        *,
        explained: ArrayLike | None = None,
        axis_name: str = "component",
    ) -> None:
        self.paths = paths
        self.words = words
        self.explained = explained
        self.axis_name = axis_name

    def __repr__(self) -> str:
        sizes = {"words": len(self.words), "epochs": len(np.asarray(self.paths)) - 1}
        return represent(self, self.axis_name, **sizes)

    @classmethod
    def from_estimator(
        cls,
        estimator: BaseEstimator,
        X: Iterable,
        words: Iterable[str] | None = None,
        *,
        ax: "Axes | None" = None,
        **kwargs: Any,
    ) -> "TrajectoryDisplay":
        """Train a clone of a vectorizer and draw the paths of its words.

        Vectors of two components are drawn as they are. If there are more components,
        the plane is that of a PCA of the vectors of these words after the last epoch.

        Parameters
        ----------
        estimator : CBOWVectorizer or SkipGramVectorizer
            Fitted or not; it isn't changed.
        X : iterable of str, or of lists of str
            Documents, as in its `fit`.
        words : iterable of str or None, default=None
            Words to draw, at least two. None draws the first 20 of the vocabulary,
            which are the most frequent unless the estimator was given a `vocabulary`.
        ax : matplotlib Axes or None, default=None
            See `plot`.
        **kwargs : dict
            See `plot`.

        Returns
        -------
        TrajectoryDisplay

        Raises
        ------
        ImportError
            matplotlib is not installed.
        KeyError
            A word is not in the vocabulary.
        TypeError
            `estimator` is something else, such as a Pipeline.
        ValueError
            The vectors have only one component, there are fewer than two words, or
            `fit` raises it.
        """
        require_matplotlib(cls)
        words, history = record(estimator, X, words)
        paths, explained, axis_name = reduce_by_pca(history, history[-1])
        display = cls(paths, words, explained=explained, axis_name=axis_name)
        return display.plot(ax, **kwargs)

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        groups: Sequence[Collection[str]] | None = None,
        **kwargs: Any,
    ) -> "TrajectoryDisplay":
        """Draw a line for each word.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            See `EmbeddingDisplay.plot`.
        groups : sequence of collections of str, or None, default=None
            See `EmbeddingDisplay.plot`. With None, each of up to six words has a color
            of its own; more words have the same color.
        **kwargs : dict
            Keyword arguments of `matplotlib.axes.Axes.plot`, which draws the lines.

        Returns
        -------
        TrajectoryDisplay
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

        styles = styles_of(self.words, groups)
        ax.set_prop_cycle(color=[style.color for style in styles])
        paths = np.asarray(self.paths)
        x, y = np.moveaxis(paths, -1, 0)  # one column per word
        self.line_ = ax.plot(x, y, **{"linewidth": 1, "alpha": 0.6, **kwargs})
        colors = [line.get_color() for line in self.line_]
        self.start_ = ax.scatter(x[0], y[0], s=12, fc="none", ec=colors)
        # Lines have a zorder of 2, and the filled points are drawn above them.
        self.end_ = ax.scatter(x[-1], y[-1], s=16, color=colors, zorder=2.5)
        for points in (self.start_, self.end_):
            mark(points, styles)
        name_axes(ax, self.axis_name, self.explained)
        lines = np.stack([paths[:-1], paths[1:]], axis=2).reshape(-1, 2, 2)
        self.text_ = write_labels(ax, self.words, paths[-1], lines=lines, colors=colors)
        return self
