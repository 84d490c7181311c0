"""Check the links within a built site: ``python check_links.py _build/html``.

Each link must lead to a file of the site and, if it has a fragment, to an id in that
file. Pages must load scripts, styles and images from the site itself.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src"}
# values of rel for which a browser doesn't load the target of a <link>
NOT_LOADED = {"search", "next", "prev", "index", "canonical", "author"}


class Page(HTMLParser):
    """The ids, the links and the loaded files of a page."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loaded = {""}, [], []  # "" is the whole page
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        """Record the ids, links and loaded files of a tag."""
        attrs = dict(attrs)
        self.ids.update({attrs.get("id"), attrs.get("name")})
        address = attrs.get(LOADED.get(tag, "href"))
        if address is None:
            return
        loaded = tag in LOADED and attrs.get("rel") not in NOT_LOADED
        (self.loaded if loaded else self.links).append(address)


def broken_links(root):
    """Yield an error message for each broken link of the site."""
    paths = (path for path in root.rglob("*.html") if "_static" not in path.parts)
    pages = {path: Page(path) for path in paths}
    for path, page in pages.items():
        here = path.relative_to(root)
        for address in page.loaded:
            if urlsplit(address).netloc:
                yield f"{here} loads {address} from another site"
        for address in page.loaded + page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve()
            target = target if parts.path else path
            if not target.is_file():
                yield f"{here}: no such file: {address}"
            elif target in pages and unquote(parts.fragment) not in pages[target].ids:
                yield f"{here}: no such id: {address}"


if __name__ == "__main__":
    found = "\n".join(broken_links(Path(sys.argv[1]).resolve()))
    sys.exit(found or 0)
