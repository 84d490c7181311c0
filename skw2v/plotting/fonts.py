"""Choice of a font that has the characters of some words; imports matplotlib."""

import warnings
from collections.abc import Iterable
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.font_manager import (
    FontEntry,
    FontProperties,
    findfont,
    fontManager,
    get_font,
)

PREFERRED = (
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",  # name of the same file in older versions of matplotlib
    "NanumGothic",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "AppleGothic",
)
PLACEHOLDERS = ("Last Resort", "Adobe Blank")  # fonts with a box for every character

MISSING = (
    "no installed font has all characters of the words, so some are drawn as boxes "
    "({}); install a font that has them, such as Noto Sans CJK KR or NanumGothic for "
    "Korean."
)


def font_for(words: Iterable[str]) -> FontProperties:
    """Return the current font, or another one if that lacks a character.

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
    if path is None and _add_new_fonts():
        path = _find(characters, _installed())
    if path is None:
        shown = "".join(sorted(lacking)[:10])
        warnings.warn(MISSING.format(shown), stacklevel=4)  # the caller of `plot`
        return current
    return FontProperties(fname=path)


def _paths(properties: FontProperties) -> list[str]:
    """Return the files of the families that matplotlib tries in turn."""
    found: list[str] = []
    for family in properties.get_family():
        one = FontProperties(family=[family])
        try:
            found.append(findfont(one, fallback_to_default=False))
        except ValueError:  # the family is not installed
            continue
    return found or [findfont(properties)]


def _installed() -> tuple[str, ...]:
    """Return all font files, starting with those that suit labels best."""

    def unsuitable(font: FontEntry) -> tuple[bool, bool]:
        regular = font.style == "normal" and font.weight in (400, "normal")
        return font.name not in PREFERRED, not regular

    fonts = (f for f in fontManager.ttflist if not f.name.startswith(PLACEHOLDERS))
    return tuple(font.fname for font in sorted(fonts, key=unsuitable))


def _add_new_fonts() -> int:
    """Tell matplotlib of fonts that were installed since it cached its list of fonts.

    Returns
    -------
    int
        Number of fonts added.
    """
    listed = {font.fname for font in fontManager.ttflist}
    n_added = 0
    for path in font_manager.findSystemFonts():
        if path in listed:
            continue
        try:
            fontManager.addfont(path)
        except Exception:  # matplotlib leaves out fonts that it can't read, too
            continue
        n_added += 1
    return n_added


@lru_cache
def _find(characters: frozenset[str], paths: tuple[str, ...]) -> str | None:
    """Return the first of the files that has all characters."""
    for path in paths:
        try:
            if not _lacking(characters, [path]):
                return path
        except (OSError, RuntimeError):  # broken, or deleted since it was listed
            continue
    return None


def _lacking(characters: Iterable[str], paths: list[str]) -> set[str]:
    """Return the characters that none of the files has."""
    fonts = [get_font(path) for path in paths]
    return {
        c for c in characters if not any(font.get_char_index(ord(c)) for font in fonts)
    }
