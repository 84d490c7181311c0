"""A font that has the characters of some words; imports matplotlib."""

import warnings
from collections.abc import Iterable
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

PREFERRED = (
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",  # the name of the same file, to older matplotlib
    "NanumGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
)
PLACEHOLDERS = ("Last Resort", "Adobe Blank")  # they have a box for all characters

MISSING = (
    "no installed font has all characters of the words, so that some are drawn as "
    "boxes ({}); install one that has them, for Korean such as Noto Sans CJK KR or "
    "NanumGothic."
)


def font_for(words: Iterable[str]) -> FontProperties:
    """Font of the labels: the current one, or another if that lacks a character.

    Parameters
    ----------
    words : iterable of str

    Returns
    -------
    matplotlib.font_manager.FontProperties

    Warns
    -----
    UserWarning
        No installed font has all characters.
    """
    characters = frozenset(c for word in words for c in word if c.isprintable())
    current = FontProperties()
    lacking = _lacking(characters, _paths(current))
    if not lacking:
        return current
    path = _find(characters, _installed())
    if path is None:
        shown = "".join(sorted(lacking)[:10])
        warnings.warn(MISSING.format(shown), stacklevel=4)  # who called plot
        return current
    return FontProperties(fname=path)


def _paths(properties: FontProperties) -> list[str]:
    """Files of the families that matplotlib tries in turn."""
    found: list[str] = []
    for family in properties.get_family():
        one = FontProperties(family=[family])
        try:
            found.append(findfont(one, fallback_to_default=False))
        except ValueError:  # not installed
            continue
    return found or [findfont(properties)]


def _installed() -> tuple[str, ...]:
    """All font files, those that suit labels first."""

    def unsuited(font):
        regular = font.style == "normal" and font.weight in (400, "normal")
        return font.name not in PREFERRED, not regular

    fonts = (f for f in fontManager.ttflist if not f.name.startswith(PLACEHOLDERS))
    return tuple(font.fname for font in sorted(fonts, key=unsuited))


@lru_cache
def _find(characters: frozenset[str], paths: tuple[str, ...]) -> str | None:
    """The first of the files that has all characters."""
    for path in paths:
        try:
            if not _lacking(characters, [path]):
                return path
        except (OSError, RuntimeError):  # gone since matplotlib listed it, or broken
            continue
    return None


def _lacking(characters: Iterable[str], paths: list[str]) -> set[str]:
    """The characters that none of the files has."""
    fonts = [get_font(path) for path in paths]
    return {
        c for c in characters if not any(font.get_char_index(ord(c)) for font in fonts)
    }
