"""Placement of words beside their points without overlaps; imports matplotlib."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Annotation, Text
from numpy.typing import NDArray

from .fonts import font_for

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.transforms import Bbox
    from matplotlib.typing import ColorType

# All lengths are in points, 1/72 inch.
MARKER = 2.5  # half the width of a marker
PADDING = 1.0  # margin around a label
# Possible distances from a point to its label. A leader joins them from the second on.
GAPS = np.array([3, 9, 18, 30, 45, 65, 90, 120])
N_TURNS = 32  # number of directions that are tried for each gap
NEAR = 40.0  # distance within which points crowd each other
# Costs of a place, in addition to the square of the gap:
COVERED = 20000.0  # per area of labels and points covered, and per length outside axes
CROSSED = 300.0  # per length of lines below words

BARS = frozenset("Il|")  # letters that look like a tick mark without serifs

NO_BOXES, NO_LINES = np.empty((0, 4)), np.empty((0, 2, 2))


class Label(Annotation):
    """Word beside a point; its extent is that of the word, without the leader.

    Parameters
    ----------
    word : str
    point : ndarray of shape (2,)
        Position in data coordinates.
    color : color or None
    font : matplotlib.font_manager.FontProperties
    """

    arrow_patch: FancyArrowPatch  # the leader, which the constructor always adds

    def __init__(
        self,
        word: str,
        point: NDArray,
        color: "ColorType | None",
        font: FontProperties,
    ) -> None:
        leader = {"arrowstyle": "-", "linewidth": 0.5, "color": "0.5"}
        super().__init__(
            word,
            tuple(point),
            xytext=(0, 0),
            textcoords="offset points",
            arrowprops={**leader, "shrinkA": 0, "shrinkB": MARKER},
            ha="center",
            va="center",
            color=color,
            fontproperties=font,
            parse_math=False,
            clip_on=False,
        )

    def move(self, offset: NDArray, *, lead: bool) -> None:
        """Center the word at an offset in points, and show or hide its leader."""
        self.set_position(tuple(offset))
        self.arrow_patch.set_visible(lead)

    def draw(self, renderer: "RendererBase") -> None:
        """Draw without a warning for each character that the font lacks."""
        with _quiet():
            super().draw(renderer)

    def get_window_extent(
        self, renderer: "RendererBase | None" = None, dpi: float | None = None
    ) -> "Bbox":
        """Return the box of the word, in pixels."""
        with _quiet():
            super().get_window_extent(renderer)  # updates the position
            return Text.get_window_extent(self, renderer, dpi)


@contextmanager
def _quiet() -> Iterator[None]:
    """Ignore missing characters, about which `font_for` has already warned once."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        yield


def write_labels(
    ax: Axes,
    words: Sequence[str],
    points: NDArray,
    *,
    lines: NDArray = NO_LINES,
    colors: "Sequence[ColorType | None] | None" = None,
) -> list[Label]:
    """Write words beside their points, where they cover neither words nor points.

    Labels are placed one after the other, each at the best place around its point: near
    it, and away from lines. They fit the current limits and size of the axes, and
    overlap only where there is no room.

    Parameters
    ----------
    ax : matplotlib Axes
    words : sequence of str
    points : ndarray of shape (n_words, 2)
        Positions of the points in data coordinates.
    lines : ndarray of shape (n_lines, 2, 2), default=none
        Both ends of lines that words should not be written on.
    colors : sequence of colors or None, default=None
        Colors of the words; None is the default color of text.

    Returns
    -------
    list of Label
    """
    ax.figure.canvas.figure.draw_without_rendering()  # determines layout and limits
    font = font_for(words)
    font.set_size("small")
    colors = [None] * len(words) if colors is None else colors
    rows = zip(words, points, colors, strict=True)
    serif = FontProperties(family="DejaVu Serif", size="small")
    labels = [
        Label(word, point, color, serif if BARS.issuperset(word) else font)
        for word, point, color in rows
    ]
    for label in labels:
        ax.add_artist(label)  # without axes a label has no size
    scale = 72 / ax.figure.dpi  # points per pixel
    sizes = np.array([label.get_window_extent().size for label in labels]) * scale
    dots = ax.transData.transform(points) * scale
    lines = ax.transData.transform(lines.reshape(-1, 2)).reshape(lines.shape) * scale
    frame = np.array(ax.bbox.extents) * scale
    places = _places(dots, sizes + 2 * PADDING, lines, frame)
    for label, offset, lead in zip(labels, *places, strict=True):
        label.move(offset, lead=lead)
    return labels


def _places(
    dots: NDArray, sizes: NDArray, lines: NDArray, frame: NDArray
) -> tuple[NDArray, NDArray]:
    """Return the offset of the center of each label, and whether it has a leader.

    A box is given by its left, bottom, right and top; a line is given by its two ends.
    """
    offsets, leads = np.empty_like(dots), np.zeros(len(dots), dtype=bool)
    markers, labels = _boxes(dots, MARKER), NO_BOXES
    # Start where it is crowded, as the other labels have more places to choose from.
    for i in np.argsort(-_crowding(dots), kind="stable"):
        tried, gaps = _candidates(sizes[i])
        boxes = _boxes(dots[i] + tried, sizes[i] / 2)
        leaders = np.stack(np.broadcast_arrays(dots[i], dots[i] + tried), axis=1)
        covered = _overlaps(boxes, np.vstack([markers, labels])).sum(axis=1)
        covered += _outside(boxes, frame)
        crossed = _lengths(lines, boxes).sum(axis=0)
        crossed += _lengths(leaders, labels).sum(axis=1)
        best = np.argmin(COVERED * covered + CROSSED * crossed + gaps**2)
        offsets[i], leads[i] = tried[best], gaps[best] > GAPS[0]
        labels = np.vstack([labels, boxes[best]])
        if leads[i]:
            lines = np.concatenate([lines, leaders[[best]]])
    return offsets, leads


def _crowding(dots: NDArray) -> NDArray:
    """Return a measure of how many points are near each point."""
    distances = ((dots[:, None] - dots) ** 2).sum(axis=2)
    return np.exp(-distances / NEAR**2).sum(axis=1)


def _boxes(centers: NDArray, half: float | NDArray) -> NDArray:
    return np.hstack([centers - half, centers + half])


def _candidates(size: NDArray) -> tuple[NDArray, NDArray]:
    """Return offsets from a point to the centers of boxes around it, and the gaps."""
    n_bits = N_TURNS.bit_length() - 1
    # Reversing the bits gives right, left, above, below, and then ever finer steps.
    turns = [int(f"{i:0{n_bits}b}"[::-1], 2) for i in range(N_TURNS)]
    angles = 2 * np.pi / N_TURNS * np.array(turns)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    directions /= np.abs(directions).max(axis=1, keepdims=True)  # around a square
    gaps = np.repeat(GAPS, N_TURNS)
    offsets = np.tile(directions, (len(GAPS), 1)) * (size / 2 + gaps[:, None])
    return offsets, gaps


def _overlaps(boxes: NDArray, others: NDArray) -> NDArray:
    """Return the area that each of the boxes shares with each of the others."""
    low = np.maximum(boxes[:, None, :2], others[:, :2])
    high = np.minimum(boxes[:, None, 2:], others[:, 2:])
    return np.maximum(high - low, 0).prod(axis=2)


def _lengths(lines: NDArray, boxes: NDArray) -> NDArray:
    """Return the length of each of the lines within each of the boxes."""
    start = lines[:, None, 0]
    step = lines[:, None, 1] - start
    # Points on the line are start + t * step, with t from 0 to 1.
    step = np.where(step == 0, 1e-9, step)
    enter, leave = (boxes[:, :2] - start) / step, (boxes[:, 2:] - start) / step
    enter, leave = np.minimum(enter, leave), np.maximum(enter, leave)
    share = leave.min(axis=2).clip(max=1) - enter.max(axis=2).clip(min=0)
    return share.clip(min=0) * np.linalg.norm(step, axis=2)


def _outside(boxes: NDArray, frame: NDArray) -> NDArray:
    """Return how far each of the boxes extends beyond the frame."""
    beyond = np.hstack([frame[:2] - boxes[:, :2], boxes[:, 2:] - frame[2:]])
    return np.maximum(beyond, 0).sum(axis=1)
