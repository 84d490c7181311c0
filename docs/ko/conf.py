"""Configuration of the Korean pages, which are a site of their own in its folder ko."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

import conf  # noqa: E402
from conf import *  # noqa: E402, F403
from conf import LINKS, intersphinx_mapping, sphinx_gallery_conf  # noqa: E402
from docutils.nodes import reference  # noqa: E402
from translation import translate  # noqa: E402

language = "ko"
locale_dirs = ["locale"]
html_sidebars = {"**": []}  # there are only a few pages
html_title = "skw2v 한국어"
exclude_patterns = [
    "_examples",
    "locale",
    "plot_lecture.rst",
    "auto_examples/index.rst",
]
html_context = {"other_language": ("en", "English"), "other_site": "../"}

# Links to English pages; docs/build.sh builds them first.
LINKS[r"\.\./(\w+)\.md"] = r"en:\1.html"
LINKS[r"(plot_\w+)\.rst"] = r"/auto_examples/\1.rst"
myst_url_schemes = {"https": None, "en": "../{{path}}#{{fragment}}"}
intersphinx_mapping["skw2v"] = ("..", "../_build/html/objects.inv")

# The lecture has the code of the English one, and Korean texts.
english = FOLDER.parents[1] / "examples" / "plot_lecture.py"
korean = FOLDER / "plot_lecture.rst"
scripts = FOLDER / "_examples"
scripts.mkdir(exist_ok=True)
lecture = translate(english.read_text("utf-8"), korean.read_text("utf-8"))
(scripts / "plot_lecture.py").write_text(lecture, "utf-8")
(scripts / "GALLERY_HEADER.rst").write_text("예제\n====\n", "utf-8")
sphinx_gallery_conf["examples_dirs"] = "_examples"


def correct_links(app, doctree, docname):
    """Correct links in code, which sphinx-gallery makes for pages of the top folder."""
    for link in doctree.findall(reference):
        if link.get("refuri", "").startswith("../api/"):
            link["refuri"] = "../" * docname.count("/") + link["refuri"]


def setup(app):
    """Connect the functions of both configurations with Sphinx."""
    conf.setup(app)
    app.connect("doctree-resolved", correct_links)
