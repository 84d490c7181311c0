"""Inventories of other projects, for links to their pages without a download.

The public names come from the installed packages, and the addresses follow from the
names, as each project documents a name on a page of its own.
"""

import zlib
from itertools import chain, takewhile
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn.exceptions
import sklearn.utils.estimator_checks
from sklearn.utils.discovery import all_estimators, all_functions

HEADER = """\
# Sphinx inventory version 2
# Project: {}
# Version: stable
# The remainder of this file is compressed using zlib.
"""


def of_sklearn():
    """Yield a line for each class and function, and for what its docstrings link."""
    exceptions = sklearn.exceptions
    others = (
        ("Bunch", sklearn.utils.Bunch),
        ("check_estimator", sklearn.utils.estimator_checks.check_estimator),
        *((name, getattr(exceptions, name)) for name in exceptions.__all__),
    )
    for name, value in chain(all_estimators(), all_functions(), others):
        parts = value.__module__.split(".")
        public = ".".join(takewhile(lambda part: not part.startswith("_"), parts))
        yield python_name(f"{public}.{name}", value, "modules/generated/{}.html")
    yield "meta-estimator std:term 1 glossary.html#term-meta-estimator -"
    yield "metadata_routing std:label 1 metadata_routing.html Metadata Routing"


def of_numpy():
    """Yield a line for each public name."""
    yield from public_names(np, "reference/generated/{}.html")
    yield "arrays.scalars std:label 1 reference/arrays.scalars.html#arrays-scalars -"
    yield "array_like std:term 1 glossary.html#term-array_like -"
    yield "numpy.random.RandomState py:class 1 reference/random/legacy.html#$ -"


def of_python():
    """Yield a line for what numpydoc links among the types of parameters."""
    for name in ("None", "True", "False"):
        yield f"{name} py:data 1 library/constants.html#$ -"
    for value in (float, int, callable):
        yield python_name(value.__name__, value, "library/functions.html")
    for value in (dict, list, str, tuple):
        yield python_name(value.__name__, value, "library/stdtypes.html")
    for term in ("generator", "iterable", "sequence"):
        yield f"{term} std:term 1 glossary.html#term-{term} -"
    name = "bltin-boolean-values"
    yield f"{name} std:label 1 library/stdtypes.html#{name} Boolean Type"


def of_pandas():
    """Yield a line for each public name."""
    yield from public_names(pd, "reference/api/{}.html")


def public_names(module, page):
    """Yield a line for each class and function of a module."""
    for name in module.__all__:
        value = getattr(module, name)
        if callable(value):
            yield python_name(f"{module.__name__}.{name}", value, page)


def python_name(name, value, page):
    """Return the line of a class or function; "$" stands for its name."""
    role = "class" if isinstance(value, type) else "function"
    return f"{name} py:{role} 1 {page.format(name)}#$ -"


PROJECTS = {
    "python": ("https://docs.python.org/3/", of_python),
    "sklearn": ("https://scikit-learn.org/stable/", of_sklearn),
    "numpy": ("https://numpy.org/doc/stable/", of_numpy),
    "pandas": ("https://pandas.pydata.org/docs/", of_pandas),
}


def write_inventories(folder):
    """Write the inventories to a folder; return them as `intersphinx_mapping`."""
    Path(folder).mkdir(exist_ok=True)
    mapping = {}
    for project, (address, lines) in PROJECTS.items():
        path = Path(folder, f"{project}.inv")
        body = "".join(f"{line}\n" for line in sorted(lines()))
        path.write_bytes(HEADER.format(project).encode() + zlib.compress(body.encode()))
        mapping[project] = (address, str(path))
    return mapping
