"""Configuration of Sphinx for the site, which `docs/build.sh` builds."""

import re
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
exclude_patterns = ["_build", "_templates", "**/GALLERY_HEADER.rst"]
templates_path = ["_templates"]
suppress_warnings = ["myst.header"]  # pages may start at any heading level

# ---- Markdown ------------------------------------------------------------------------

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3  # makes page.md#a-heading work as on a code host

# ---- docstrings ----------------------------------------------------------------------

default_role = "py:obj"  # `name` is a link if it is documented here, else code
autosummary_generate = True
autodoc_typehints = "none"  # the docstrings describe types in more detail
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False  # the class template lists them

# Links to other projects need their inventories. The build downloads nothing. It uses
# the inventories that you have put in _inventories, such as sklearn.inv from
# https://scikit-learn.org/stable/objects.inv.
ADDRESSES = {
    "numpy": "https://numpy.org/doc/stable/",
    "pandas": "https://pandas.pydata.org/docs/",
    "sklearn": "https://scikit-learn.org/stable/",
    "matplotlib": "https://matplotlib.org/stable/",
}
intersphinx_mapping = {
    name: (address, f"_inventories/{name}.inv")
    for name, address in ADDRESSES.items()
    if (HERE / f"_inventories/{name}.inv").exists()
}

# ---- gallery -------------------------------------------------------------------------

# matplotlib has no Korean font. This package contains one; it is not imported.
fonts = Path(find_spec("koreanize_matplotlib").origin).parent / "fonts"
fontManager.addfont(fonts / "NanumGothic.ttf")

GALLERIES = {"examples": "auto_examples", "ko": "auto_ko"}

sphinx_gallery_conf = {
    "examples_dirs": ["../examples", "ko"],
    "gallery_dirs": list(GALLERIES.values()),
    "ignore_pattern": "classify_docstrings",  # takes more than a minute
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
html_theme_options = {
    "logo": {"text": project},
    "header_links_before_dropdown": 6,
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
copyright = f"{author}. BSD-3-Clause license"


def link_gallery(app, docname, source):
    """Turn links to scripts, which work on a code host, into links to the gallery."""
    source[0] = re.sub(
        r"\]\((?:\.\./)?(examples|ko)/(plot_\w+)\.py\)",
        lambda link: f"](/{GALLERIES[link[1]]}/{link[2]}.rst)",
        source[0],
    )


def write_formula(translator, node):
    """Write a formula as MathML, which browsers draw without loading a script."""
    block = isinstance(node, math_block)
    tag = "div" if block else "span"
    formula = tex2mathml(node.astext(), as_block=block)
    translator.body.append(f'<{tag} class="formula">{formula}</{tag}>')
    raise SkipNode


def name_language(app, pagename, templatename, context, doctree):
    """Declare the language of the Korean pages, by which browsers choose fonts."""
    if pagename.startswith(("ko/", "auto_ko/")):
        context["language"] = "ko"


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
    app.connect("source-read", link_gallery)
    app.connect("html-page-context", name_language)
    app.connect("html-page-context", break_names)
    app.connect("build-finished", write_live_page)
