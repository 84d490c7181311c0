"""Axes of displays; matplotlib is only imported when it is needed."""

from reprlib import repr as shortened
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def require_matplotlib(display: type) -> None:
    """Raise an ImportError that tells how to install matplotlib if it is missing.

    Parameters
    ----------
    display : type
        Class that requires matplotlib.
    """
    try:
        import matplotlib.pyplot  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"{display.__name__} needs matplotlib; install it with: "
            "pip install skw2v[plots]"
        ) from error


def choose_axes(display: type, ax: "Axes | None") -> "Axes":
    """Return the given axes, or the axes of a new figure.

    Parameters
    ----------
    display : type
        Class that requires matplotlib.
    ax : matplotlib Axes or None

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ImportError
        matplotlib is not installed.
    """
    require_matplotlib(display)
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots()
    return ax


def represent(display: object, axis_name: str | None = None, **sizes: int) -> str:
    """Return the representation of a display: its class, its sizes, and its axes.

    Parameters
    ----------
    display : object
    axis_name : str or None, default=None
    **sizes : int
        Numbers of what is drawn, by their names.

    Returns
    -------
    str
    """
    parts = [f"{size} {name}" for name, size in sizes.items()]
    if axis_name is not None:
        parts.append(f"axes: {shortened(axis_name)}")
    return f"{type(display).__name__}({', '.join(parts)})"


def name_axes(ax: "Axes", axis_name: str, explained: ArrayLike | None) -> None:
    """Label the axes of a plane, and leave room for words at its edges.

    Parameters
    ----------
    ax : matplotlib Axes
    axis_name : str
    explained : array-like of shape (2,) or None
        Share of the variance that each axis explains.
    """
    names = [f"{axis_name} {i}" for i in (1, 2)]
    if explained is not None:
        shares = np.asarray(explained)
        names = [
            f"{name} ({shares[i]:.0%} of the variance)" for i, name in enumerate(names)
        ]
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(0.1)
