"""The way of words from their random start."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .axes import choose_axes, name_axes, require_matplotlib
from .plane import principal, record

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class TrajectoryDisplay:
    """The way of words through the plane, from their random start to the last epoch.

    It is recommended to use `from_estimator` to create a display. All parameters are
    stored as attributes.

    Parameters
    ----------
    paths : array-like of shape (n_epochs + 1, n_words, 2)
        Where the words are before the first epoch and after each.
    words : sequence of str
    explained : array-like of shape (2,) or None, default=None
        As of `EmbeddingDisplay`.
    axis_name : str, default="component"
        As of `EmbeddingDisplay`.

    Attributes
    ----------
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure
    line_ : list of matplotlib Line2D
        The way of each word.
    start_, end_ : matplotlib PathCollection
        Hollow points at the start, filled ones at the end.
    text_ : list of matplotlib Annotation
        The words, at the end.
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

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Iterable,
        words: Iterable[str] | None = None,
        *,
        ax: "Axes | None" = None,
        **kwargs: Any,
    ) -> "TrajectoryDisplay":
        """Train a clone of a vectorizer and draw the way of its words.

        Vectors of two components are drawn as they are. With more, the plane is that of
        a PCA of the vectors of these words after the last epoch.

        Parameters
        ----------
        estimator : CBOWVectorizer or SkipGramVectorizer
            Fitted or not; it is left as it is.
        X : iterable of str, or of lists of str
            Documents, as in its `fit`.
        words : iterable of str or None, default=None
            At least two; None is the first 20 of the vocabulary, which are the most
            frequent unless the estimator was given a `vocabulary`.
        ax : matplotlib Axes or None, default=None
            As of `plot`.
        **kwargs : dict
            As of `plot`.

        Returns
        -------
        TrajectoryDisplay

        Raises
        ------
        ImportError
            matplotlib is not installed.
        KeyError
            A word is not in the vocabulary.
        ValueError
            The vectors have one component only, there are less than two words, or as of
            `fit`.
        """
        require_matplotlib(cls)
        words, history = record(estimator, X, words)
        paths, explained, axis_name = principal(history, history[-1])
        display = cls(paths, words, explained=explained, axis_name=axis_name)
        return display.plot(ax, **kwargs)

    def plot(self, ax: "Axes | None" = None, **kwargs: Any) -> "TrajectoryDisplay":
        """Draw a line for each word.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            As of `EmbeddingDisplay.plot`.
        **kwargs : dict
            Of `matplotlib.axes.Axes.plot`, for the lines.

        Returns
        -------
        TrajectoryDisplay
            This display.

        Raises
        ------
        ImportError
            matplotlib is not installed.

        Warns
        -----
        UserWarning
            No installed font has all characters of the words.
        """
        ax = choose_axes(self, ax)
        from .labels import write_labels  # imports matplotlib

        paths = np.asarray(self.paths)
        x, y = np.moveaxis(paths, -1, 0)  # a column for each word
        self.line_ = ax.plot(x, y, **{"linewidth": 1, "alpha": 0.6, **kwargs})
        colors = [line.get_color() for line in self.line_]
        self.start_ = ax.scatter(x[0], y[0], s=12, fc="none", ec=colors)
        # Above the lines.
        self.end_ = ax.scatter(x[-1], y[-1], s=16, color=colors, zorder=2.5)
        name_axes(ax, self.axis_name, self.explained)
        lines = np.stack([paths[:-1], paths[1:]], axis=2).reshape(-1, 2, 2)
        self.text_ = write_labels(ax, self.words, paths[-1], lines=lines, colors=colors)
        return self
