"""Colors and markers by the meaning of words; imports matplotlib."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from matplotlib.collections import PathCollection
from matplotlib.markers import MarkerStyle


class Style(NamedTuple):
    """How a word is drawn."""

    color: str
    marker: str


# The colors of Okabe and Ito (2008), which people with any color vision can tell apart,
# except those that are too light for words. The markers tell the groups apart in gray.
STYLES = tuple(
    Style(color, marker)
    for color, marker in {
        "#0072B2": "o",
        "#D55E00": "s",
        "#009E73": "^",
        "#CC79A7": "D",
        "#B57900": "v",
        "#000000": "p",
    }.items()
)
REST = Style("0.45", "o")  # words of no group


def styles_of(
    words: Sequence[str], groups: Sequence[Collection[str]] | None
) -> list[Style]:
    """Return the style of each word.

    Parameters
    ----------
    words : sequence of str
    groups : sequence of collections of str, or None
        Words that share a color and a marker. With None, each word has a color of its
        own, unless there are more words than colors; then all have the same.

    Returns
    -------
    list of Style

    Raises
    ------
    ValueError
        There are more groups than styles.
    """
    if groups is None:
        colors = [style.color for style in STYLES]
        if len(words) > len(colors):
            colors = colors[:1] * len(words)
        return [Style(color, "o") for color in colors[: len(words)]]
    if len(groups) > len(STYLES):
        raise ValueError(
            f"at most {len(STYLES)} groups can be told apart; got {len(groups)}: join "
            "some of them, or leave some out."
        )
    found = {
        word: style
        for style, members in zip(STYLES, groups, strict=False)
        for word in members
    }
    return [found.get(word, REST) for word in words]


def mark(points: PathCollection, styles: Sequence[Style]) -> None:
    """Draw each point of a scatter plot with the marker of its style."""
    markers = [MarkerStyle(style.marker) for style in styles]
    points.set_paths([m.get_path().transformed(m.get_transform()) for m in markers])
