"""Configuration of Sphinx for the site, which `docs/build.sh` builds.

The Korean pages have a configuration of their own, `ko/conf.py`, which starts from this
one.
"""

import re
import sys
from importlib.util import find_spec
from itertools import product
from pathlib import Path

from docutils.nodes import SkipNode, math_block
from docutils.utils.math.latex2mathml import tex2mathml
from matplotlib.font_manager import fontManager

import skw2v
from skw2v.datasets import load_lecture
from skw2v.plotting import TrainingTrace

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from inventories import write_inventories  # noqa: E402

project = "skw2v"
author = "the skw2v developers"
version = release = skw2v.__version__
html_title = f"{project} {version}"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "myst_parser",
    "numpydoc",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
# examples.md takes the place of the index that sphinx-gallery writes.
exclude_patterns = ["_build", "_templates", "ko", "auto_examples/index.rst"]
templates_path = [str(HERE / "_templates")]
suppress_warnings = ["myst.header"]  # pages may start at any heading level

# ---- Markdown ------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence"]
# Links that work on a code host, and their targets on the site.
LINKS = {r"(?:\.\./)?examples/(plot_\w+)\.py": r"/auto_examples/\1.rst"}
myst_heading_anchors = 3  # makes page.md#a-heading work as on a code host

# ---- docstrings ----------------------------------------------------------------------

default_role = "py:obj"  # `name` is a link if it is documented here, else code
autosummary_generate = True
autodoc_typehints = "none"  # the docstrings describe types in more detail
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False  # the class template lists them

# Types of parameters and results are links to other projects, without a download.
intersphinx_mapping = write_inventories(HERE / "_inventories")
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"  # words that are not among these
numpydoc_xref_aliases = {
    "Bunch": "sklearn.utils.Bunch",
    "DataFrame": "pandas.DataFrame",
    "DataFrames": "pandas.DataFrame",
    "GridSearchCV": "sklearn.model_selection.GridSearchCV",
    "Pipeline": "sklearn.pipeline.Pipeline",
    "RandomState": "numpy.random.RandomState",
    "Series": "pandas.Series",
    "WordVectors": "skw2v.WordVectors",
    "ndarray": "numpy.ndarray",
    "ndarrays": "numpy.ndarray",
}

# ---- gallery -------------------------------------------------------------------------

# matplotlib has no Korean font. This package contains one; it is not imported.
fonts = Path(find_spec("koreanize_matplotlib").origin).parent / "fonts"
fontManager.addfont(fonts / "NanumGothic.ttf")

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "image_srcset": ["2x"],
    "ignore_pattern": "classify_docstrings|cluster",  # one is slow, one needs Dask
    "within_subsection_order": "FileNameSortKey",
    "backreferences_dir": "api/backreferences",
    "doc_module": ("skw2v",),
    "reference_url": {"skw2v": None},
    "ignore_repr_types": "matplotlib",
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "abort_on_example_error": True,
}

# ---- pages ---------------------------------------------------------------------------

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
SOURCE = "https://github.com/skw2v/skw2v"
LOGO = "_static/logo.svg"
html_favicon = str(HERE / LOGO)
html_theme_options = {
    "logo": {"text": project, "image_light": LOGO, "image_dark": LOGO},
    "icon_links": [
        {"name": "Source", "url": SOURCE, "icon": "fa-brands fa-github"},
        {"name": "Issues", "url": f"{SOURCE}/issues", "icon": "fa-solid fa-bug"},
    ],
    "header_links_before_dropdown": 5,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "navbar_end": ["language", "theme-switcher", "navbar-icon-links"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}
html_static_path = [str(HERE / "_static")]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_context = {"other_language": ("ko", "한국어"), "other_site": "ko/"}
TRANSLATED = {"auto_examples/plot_lecture", "index", "korean_text"}
copyright = f"{author}. BSD-3-Clause license"


def translate_links(app, docname, source):
    """Turn links that work on a code host into links of the site."""
    for pattern, link in LINKS.items():
        source[0] = re.sub(rf"\]\({pattern}(?=[#)])", f"]({link}", source[0])


def write_formula(translator, node):
    """Write a formula as MathML, which browsers draw without loading a script."""
    block = isinstance(node, math_block)
    tag = "div" if block else "span"
    formula = tex2mathml(node.astext(), as_block=block)
    translator.body.append(f'<{tag} class="formula">{formula}</{tag}>')
    raise SkipNode


def link_translation(app, pagename, templatename, context, doctree):
    """Tell the template `language.html` where the page in the other language is."""
    page = pagename if pagename in TRANSLATED else "index"
    context["translation"] = f"{page}.html"


def break_names(app, pagename, templatename, context, doctree):
    """Let long names break after punctuation between letters, as in min_count."""
    context["body"] = re.sub(
        r'(?<=<span class="pre">)[^<]+',
        lambda name: re.sub(
            r"(?<=[^\W_])[_.=(,/]+(?=[^\W\d_])(?!py\b)", r"\g<0><wbr>", name[0]
        ),
        context.get("body", ""),
    )


def write_live_page(app, exception):
    """Write live.html: the lecture, with both models, two windows and three starts."""
    if exception or app.builder.name != "html":
        return
    parameters = {
        "n_components": 2,
        "loss": "softmax",
        "lowercase": False,
        "subsample": 0,
        "shrink_windows": False,  # the floor is that of whole windows
        "batch_size": 16,
        "learning_rate": 0.05,
        "max_iter": 50,
    }
    models = skw2v.CBOWVectorizer, skw2v.SkipGramVectorizer
    first, *others = (
        model(window=window, random_state=start, **parameters)
        for model, window, start in product(models, (1, 2), range(3))
    )
    trace = TrainingTrace.from_estimator(first, load_lecture(), others=others)
    trace.to_html(Path(app.outdir) / "live.html")


def setup(app):
    """Connect the functions above with Sphinx."""
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))
    app.connect("source-read", translate_links)
    app.connect("html-page-context", link_translation)
    app.connect("html-page-context", break_names)
    app.connect("build-finished", write_live_page)
