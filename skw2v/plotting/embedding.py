"""Words in the plane."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .axes import choose_axes, name_axes, require_matplotlib
from .plane import choose, neighbours, principal

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class EmbeddingDisplay:
    """Words in the plane.

    It is recommended to use `from_estimator` to create a display. All parameters are
    stored as attributes.

    Parameters
    ----------
    points : array-like of shape (n_words, 2)
        Where the words are.
    words : sequence of str
    explained : array-like of shape (2,) or None, default=None
        Share of the variance of the vectors that each axis explains; None leaves it
        out of the labels of the axes.
    axis_name : str, default="component"
        What the axes are.

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
    <...EmbeddingDisplay object at ...>
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

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        words: Iterable[str] | None = None,
        *,
        method: str = "pca",
        random_state: int | np.random.RandomState | None = None,
        ax: "Axes | None" = None,
        **kwargs: Any,
    ) -> "EmbeddingDisplay":
        """Draw words of a fitted vectorizer.

        Vectors of two components are drawn as they are. With more, the vectors of the
        words drawn are reduced to two.

        Parameters
        ----------
        estimator : CBOWVectorizer, SkipGramVectorizer or WordVectors
            Fitted.
        words : iterable of str or None, default=None
            At least two; None is the 50 most frequent, or the first 50 of a
            `WordVectors`.
        method : {"pca", "tsne"}, default="pca"
            "pca" keeps as much of the variance as two axes can. "tsne" puts words side
            by side whose vectors have a great cosine; the distances between groups,
            and the axes, mean nothing.
        random_state : int, RandomState instance or None, default=None
            Of "tsne"; pass an int for the same picture in every run.
        ax : matplotlib Axes or None, default=None
            As of `plot`.
        **kwargs : dict
            As of `plot`.

        Returns
        -------
        EmbeddingDisplay

        Raises
        ------
        ImportError
            matplotlib is not installed.
        KeyError
            A word is not in the vocabulary.
        ValueError
            The vectors have one component only, there are less than two words, or
            `method` is unknown.
        """
        require_matplotlib(cls)
        if method not in ("pca", "tsne"):
            raise ValueError(f"method must be 'pca' or 'tsne'; got {method!r}.")
        words, vectors = choose(estimator, words)
        if method == "pca" or vectors.shape[1] == 2:
            points, explained, axis_name = principal(vectors, vectors)
        else:
            points, explained, axis_name = neighbours(vectors, random_state)
        display = cls(points, words, explained=explained, axis_name=axis_name)
        return display.plot(ax, **kwargs)

    def plot(self, ax: "Axes | None" = None, **kwargs: Any) -> "EmbeddingDisplay":
        """Draw the words.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None is a new figure. The words are placed for the size and
            the limits that it has now.
        **kwargs : dict
            Of `matplotlib.axes.Axes.scatter`, for the points.

        Returns
        -------
        EmbeddingDisplay
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

        points = np.asarray(self.points)
        self.scatter_ = ax.scatter(*points.T, **{"s": 12, **kwargs})
        name_axes(ax, self.axis_name, self.explained)
        self.text_ = write_labels(ax, self.words, points)
        return self
