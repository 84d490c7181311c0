"""Mean loss of each epoch."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from .axes import choose_axes, represent
from .plane import learner

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LossCurveDisplay:
    """Mean loss of each epoch.

    It is recommended to use `from_estimator` to create a display. All parameters are
    stored as attributes.

    Parameters
    ----------
    losses : array-like of shape (n_epochs,)
        Mean loss of each epoch, in nats per training pair.

    Attributes
    ----------
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure
    line_ : matplotlib Line2D

    Examples
    --------
    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> from skw2v.plotting import LossCurveDisplay
    >>> vectorizer = SkipGramVectorizer(subsample=0, max_iter=30).fit(load_lecture())
    >>> LossCurveDisplay.from_estimator(vectorizer)
    LossCurveDisplay(30 epochs)
    """

    def __init__(self, losses: ArrayLike) -> None:
        self.losses = losses

    def __repr__(self) -> str:
        return represent(self, epochs=len(np.asarray(self.losses)))

    @classmethod
    def from_estimator(
        cls, estimator: BaseEstimator, *, ax: "Axes | None" = None, **kwargs: Any
    ) -> "LossCurveDisplay":
        """Draw the `loss_curve_` of a fitted vectorizer.

        Parameters
        ----------
        estimator : CBOWVectorizer, SkipGramVectorizer, or Pipeline with one
            Fitted.
        ax : matplotlib Axes or None, default=None
            See `plot`.
        **kwargs : dict
            See `plot`.

        Returns
        -------
        LossCurveDisplay

        Raises
        ------
        ImportError
            matplotlib is not installed.
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        TypeError
            `estimator` is something else.
        """
        vectorizer = learner(estimator)
        check_is_fitted(vectorizer)
        return cls(vectorizer.loss_curve_).plot(ax, **kwargs)

    def plot(self, ax: "Axes | None" = None, **kwargs: Any) -> "LossCurveDisplay":
        """Draw the curve; to compare models, draw their curves on the same axes.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on; None creates a new figure.
        **kwargs : dict
            Keyword arguments of `matplotlib.axes.Axes.plot`; `label` adds a legend.

        Returns
        -------
        LossCurveDisplay
            This display.

        Raises
        ------
        ImportError
            matplotlib is not installed.
        """
        ax = self.ax_ = choose_axes(type(self), ax)
        self.figure_ = ax.figure
        losses = np.asarray(self.losses)
        epochs = np.arange(1, len(losses) + 1)
        (self.line_,) = ax.plot(epochs, losses, **{"marker": ".", **kwargs})
        ax.locator_params(axis="x", integer=True, min_n_ticks=1)
        ax.set(xlabel="epoch", ylabel="mean loss (nats per pair)")
        if "label" in kwargs:
            ax.legend()
        return self
