"""The axes of a display, and matplotlib only when it is needed."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def require_matplotlib(display: Any) -> None:
    """Raise an ImportError that tells how to get matplotlib, if it is missing.

    Parameters
    ----------
    display : type
        The class that needs it.
    """
    try:
        import matplotlib.pyplot  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"{display.__name__} needs matplotlib; install it with: "
            "pip install skw2v[plots]"
        ) from error


def choose_axes(display: Any, ax: "Axes | None") -> "Axes":
    """Make axes those of a display: these, or those of a new figure.

    Parameters
    ----------
    display : object
        Its attributes `ax_` and `figure_` are set.
    ax : matplotlib Axes or None

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        matplotlib is not installed.
    """
    require_matplotlib(type(display))
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots()
    display.ax_, display.figure_ = ax, ax.figure
    return ax


def name_axes(ax: "Axes", axis_name: str, explained: ArrayLike | None) -> None:
    """Write what the axes of a plane are, and leave room for words.

    Parameters
    ----------
    ax : matplotlib Axes
    axis_name : str
    explained : array-like of shape (2,) or None
        Share of the variance, by axis.
    """
    names = [f"{axis_name} {i}" for i in (1, 2)]
    if explained is not None:
        shares = np.asarray(explained)
        names = [
            f"{name} ({shares[i]:.0%} of the variance)" for i, name in enumerate(names)
        ]
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(0.1)
