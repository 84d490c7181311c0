"""One file of HTML, with all scripts, styles and data in it."""

import html
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from ..._version import __version__


def page(data: dict[str, Any]) -> str:
    """Return a page that shows some data.

    Parameters
    ----------
    data : dict
        What its scripts read: see `LiveNetwork.data` and `Training.data`.

    Returns
    -------
    str
    """
    data = {"version": __version__, **data}
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A word such as "</script>" would end the script that holds the data.
    text = text.replace("<", r"\u003c")
    parts = {"data": text, "picture": _picture(data["live"]["words"])}
    return re.sub(r"\{\{(\w+)\}\}", lambda part: parts[part[1]], _template())


@cache
def _template() -> str:
    """Return the page without data, with its scripts and styles in it."""
    folder = files(__package__)

    def included(link: re.Match) -> str:
        name = link[1] or link[2]
        text = (folder / name).read_text(encoding="utf-8")
        text = re.sub(r"^\s+", "", text, flags=re.MULTILINE)  # a tenth of the page
        tag = "style" if name.endswith(".css") else "script"
        return f"<{tag}>\n{text}</{tag}>"

    return re.sub(
        r'<link rel="stylesheet" href="(.+?)">|<script src="(.+?)"></script>',
        included,
        (folder / "index.html").read_text(encoding="utf-8"),
    )


def _picture(words: list[str]) -> str:
    """Draw the network, for browsers without scripts."""
    height = 40 * len(words) + 20
    rows = [40 * i + 30 for i in range(len(words))]
    hidden = [height / 3, 2 * height / 3]
    lines = [
        f'<path d="M170 {y}L320 {h}L470 {y}" fill="none" stroke="currentColor" '
        'stroke-opacity=".3"/>'
        for y in rows
        for h in hidden
    ]
    nodes = [(x, y) for x in (170, 470) for y in rows] + [(320, h) for h in hidden]
    circles = [f'<circle cx="{x}" cy="{y:g}" r="12" fill="#2b6f8a"/>' for x, y in nodes]
    labels = [
        f'<text x="{x}" y="{y + 5}" text-anchor="{anchor}">{html.escape(word)}</text>'
        for word, y in zip(words, rows, strict=True)
        for x, anchor in ((150, "end"), (490, "start"))
    ]
    drawn = "".join([*lines, *circles, *labels])
    label = f"A network of {len(words)}, 2 and {len(words)} nodes"
    return (
        f'<svg viewBox="0 0 640 {height}" role="img" aria-label="{label}" '
        f'fill="currentColor">{drawn}</svg>'
    )
