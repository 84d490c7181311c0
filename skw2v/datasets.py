"""Text data sets that need no download."""

import importlib
import inspect
import io
import itertools
import pkgutil
import re
import warnings
from collections.abc import Collection, Iterator
from contextlib import redirect_stdout
from types import ModuleType
from typing import TYPE_CHECKING, Literal, overload

import numpy as np
from sklearn.utils import Bunch

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_docstrings", "load_lecture"]

# Labels and import names; a package comes after those it borrows objects from.
_PACKAGES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
}

_REMOVABLE = ("examples",)

# Modules that are left out, as whole parts of a dotted name.
_SKIPPED = re.compile(
    r"""(?:^|\.)(?:
        # tests and their helpers
        _*(?:cy?|py)?test[^.]* | [^.]*_tests | conftest | [^.]*stutils
        | estimator_checks | _mocking
        # scripts, build tools and generated facts about the build
        | __[^.]*__ | _?distutils | _build_utils | _pyinstaller | _configtool
        | _precompute | _examples | _simd
        # bundled code of other projects
        | externals | _external | array_api_\w+ | _uarray | cobyqa | pyprima
        # what an optional dependency changes
        | mypy_plugin | _numba | _matplotlib | arrow | style(?:_render)?
        # examples made of random numbers at import
        | _new_distributions
        # public only once sklearn.experimental is imported
        | experimental | _search_successive_halving | _iterative
        # deprecated as a whole: importing them would use up their warning
        | numpy\.core | numpy\.matlib | scipy\.misc | scipy\.odr
    )(?:\.|$)""",
    re.VERBOSE,
)

# SciPy writes deprecated arguments as a set, in an order that varies.
_ARGUMENT_SET = re.compile(r"(?<=argument\(s\) ``\{)[^}]*(?=\}``)")

# pandas writes the present values of its options, which other libraries change.
_OPTION_VALUE = re.compile(r" ?\[currently: .*\]$", re.MULTILINE)

_DESCR = """\
Docstrings of four Python packages
----------------------------------

Each document is the docstring of a module, class, function, method or property
of the installed numpy, pandas, scikit-learn or scipy. The label is the package
that defines the object. Each text occurs once, and tests are left out. The
documents are in order of label: shuffle them before you split them. As the text
is that of the installed versions, scores are comparable only between equal
versions.
"""

_SUBJECTS = ("I", "you", "we", "they", "students", "children")
_VERBS = ("love", "like")
_OBJECTS = (
    *("피자", "치킨", "김치", "커피", "음악", "영화"),
    *("coffee", "music", "movies", "books"),
)


@overload
def load_docstrings(
    *,
    remove: Collection[str] = (),
    return_X_y: Literal[False] = False,
    as_frame: bool = False,
) -> Bunch: ...
@overload
def load_docstrings(
    *, remove: Collection[str] = (), return_X_y: Literal[True], as_frame: bool = False
) -> "tuple[list[str] | pd.Series, np.ndarray | pd.Series]": ...
def load_docstrings(
    *,
    remove: Collection[str] = (),
    return_X_y: bool = False,
    as_frame: bool = False,
) -> "Bunch | tuple[list[str] | pd.Series, np.ndarray | pd.Series]":
    """Load the docstrings of numpy, pandas, scikit-learn and scipy.

    A labeled text data set of about 11,000 documents and 2 million words that
    needs no download: it is read from the installed packages, which takes a
    few seconds. The label is the package that a docstring belongs to.

    Parameters
    ----------
    remove : collection of {"examples"}, default=()
        Parts of the text to leave out. ``"examples"`` drops code examples, that
        is lines which start with ``>>>`` or ``...`` and their output up to the
        next blank line, as the imports in them give the label away.
    return_X_y : bool, default=False
        If True, return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        If True, ``data`` and ``target`` are pandas Series.

    Returns
    -------
    dataset : :class:`~sklearn.utils.Bunch` or tuple of (data, target)
        The tuple if ``return_X_y=True``, else a Bunch with the attributes

        data : list of str or Series of shape (n_documents,)
            The documents, in order of label and name.
        text : list of str or Series of shape (n_documents,)
            The same object as ``data``.
        target : ndarray or Series of shape (n_documents,)
            The label of each document, an integer index to ``target_names``.
        target_names : list of str
            The packages: numpy, pandas, scikit-learn, scipy.
        frame : DataFrame of shape (n_documents, 2) or None
            The columns ``text`` and ``target`` if ``as_frame=True``.
        names : list of str of length n_documents
            The qualified name of the object that each document describes.
        DESCR : str
            The description of the data set.

    Raises
    ------
    ValueError
        If `remove` is a string or has an unknown entry.

    Notes
    -----
    The text depends on the versions of the four packages, not on optional
    dependencies, nor on what was imported before. Only the environment variable
    ``SCIPY_ARRAY_API``, if set, makes scipy write some docstrings differently.

    Examples
    --------
    >>> from skw2v.datasets import load_docstrings
    >>> dataset = load_docstrings(remove=("examples",))
    >>> dataset.target_names
    ['numpy', 'pandas', 'scikit-learn', 'scipy']
    >>> len(dataset.text) > 10_000
    True
    """
    _check_remove(remove)
    texts, labels, names = _columns("examples" in remove)
    frame = _frame(texts, labels) if as_frame else None
    data: list[str] | pd.Series = texts if frame is None else frame["text"]
    target: np.ndarray | pd.Series = labels if frame is None else frame["target"]
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        text=data,
        target=target,
        target_names=sorted(_PACKAGES),
        frame=frame,
        names=names,
        DESCR=_DESCR,
    )


def load_lecture() -> list[str]:
    """Load the toy corpus of a Korean lecture on Word2Vec.

    The running example of the lecture is the sentence "I love 피자". The corpus
    combines each of 6 subjects with each of the verbs `love` and `like` and each
    of 10 objects: 120 sentences of three words. So the two verbs occur in the
    same contexts, and a Word2Vec model makes them neighbors, apart from the
    subject `I` and the object `피자`. As each word is frequent here and the text
    is short, train without subsampling of frequent words (``subsample=0``) and
    for about 50 epochs.

    Returns
    -------
    sentences : list of str of length 120
        The sentences, words separated by a space.

    Examples
    --------
    >>> from skw2v.datasets import load_lecture
    >>> load_lecture()[:3]
    ['I love 피자', 'I like 피자', 'you love 피자']
    """
    combinations = itertools.product(_OBJECTS, _SUBJECTS, _VERBS)
    return [f"{subject} {verb} {obj}" for obj, subject, verb in combinations]


def _check_remove(remove: Collection[str]) -> None:
    """Raise ValueError unless `remove` is a collection of known parts."""
    if isinstance(remove, str) or not isinstance(remove, Collection):
        raise ValueError(
            f"remove must be a tuple of names such as {_REMOVABLE}, got {remove!r}."
        )
    unknown = [part for part in remove if part not in _REMOVABLE]
    if unknown:
        raise ValueError(
            f"remove may only contain {list(_REMOVABLE)}, got unknown {unknown}."
        )


def _frame(data: list[str], target: np.ndarray) -> "pd.DataFrame":
    """Put texts and labels in a DataFrame."""
    import pandas as pd  # only here, as it is slow to import

    return pd.DataFrame({"text": data, "target": target})


def _columns(drop_examples: bool) -> tuple[list[str], np.ndarray, list[str]]:
    """Return texts, labels and names, in order of label and name."""
    target_names = sorted(_PACKAGES)
    rows = sorted(
        (target_names.index(label), name, text)
        for text, (label, name) in _documents(drop_examples).items()
    )
    target, names, data = zip(*rows, strict=True)
    return list(data), np.array(target), list(names)


def _documents(drop_examples: bool) -> dict[str, tuple[str, str]]:
    """Map each text to the label and the name of the first object that has it."""
    documents: dict[str, tuple[str, str]] = {}
    # Some modules warn or print when they are imported.
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        # All imports come first, as scipy adds to a docstring of numpy.
        modules = {package: list(_modules(package)) for package in _PACKAGES.values()}
        for label, package in _PACKAGES.items():
            for name, obj in _objects(package, modules[package]):
                text = _docstring(obj)
                if drop_examples:
                    text = _without_examples(text)
                if text:
                    documents.setdefault(text, (label, name))
    return documents


def _objects(
    package: str, modules: list[tuple[str, ModuleType]]
) -> Iterator[tuple[str, object]]:
    """Yield the name and the object of all that a package documents."""
    seen: set[int] = set()
    # Public modules come first, for an object to get its public name.
    for module_name, module in sorted(modules, key=_private_last):
        yield module_name, module
        found = [
            (f"{module_name}.{name}", obj)
            for name, obj in _public(vars(module), package)
            if id(obj) not in seen and not inspect.ismodule(obj)
        ]
        seen.update(id(obj) for _, obj in found)
        yield from found
        classes = [(name, obj) for name, obj in found if inspect.isclass(obj)]
        for n_bases in (1, None):  # a class's own members, then all it inherits
            for name, cls in classes:
                yield from _members(name, package, cls.__mro__[:n_bases])


def _modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Yield the name and the module of all modules that can be imported."""
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit):  # optional dependencies may be missing
        return
    yield name, module
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        child = f"{name}.{info.name}"
        if not _SKIPPED.search(child):
            yield from _modules(child)


def _private_last(module: tuple[str, ModuleType]) -> tuple[bool, str]:
    """Return the key to sort pairs of a module's name and the module."""
    name, _ = module
    return "._" in name, name


def _members(
    class_name: str, package: str, bases: tuple[type, ...]
) -> Iterator[tuple[str, object]]:
    """Yield public methods and properties of the bases that belong to the package."""
    namespace: dict[str, object] = {}
    for base in bases:
        if _belongs(base, package):
            namespace = {**vars(base), **namespace}
    for name, obj in _public(namespace, package):
        if not inspect.isclass(obj):
            yield f"{class_name}.{name}", obj


def _public(namespace: dict[str, object], package: str) -> Iterator[tuple[str, object]]:
    """Yield what can be called or is a descriptor and has a public name."""
    for name in sorted(namespace):
        obj = namespace[name]
        if isinstance(obj, classmethod | staticmethod):
            obj = obj.__func__  # compiled ones do not pass on the docstring
        documented = callable(obj) or hasattr(type(obj), "__get__")
        if documented and not name.startswith("_") and _belongs(obj, package):
            yield name, obj


def _belongs(obj: object, package: str) -> bool:
    """Tell whether `obj` is defined by a module of `package` that counts."""
    module = getattr(obj, "__module__", None)
    if not isinstance(module, str):
        # ufuncs, Fortran routines and properties do not know their module, but
        # a builtin without one is a method of some other object.
        return not inspect.isbuiltin(obj)
    return module.split(".")[0] == package and not _SKIPPED.search(module)


def _docstring(obj: object) -> str:
    """Return the docstring of the object itself, empty if it has none."""
    doc = getattr(obj, "__doc__", None)
    inherited = not inspect.isclass(obj) and doc == type(obj).__doc__
    return _clean(doc) if isinstance(doc, str) and not inherited else ""


def _clean(text: str) -> str:
    """Remove indentation, surrounding white space and what is not reproducible."""
    text = _OPTION_VALUE.sub("", inspect.cleandoc(text).strip())
    return _ARGUMENT_SET.sub(lambda m: ", ".join(sorted(m[0].split(", "))), text)


def _without_examples(text: str) -> str:
    """Drop the lines of code examples and of their output."""
    kept, in_example = [], False
    for line in text.split("\n"):
        content = line.strip()
        in_example = bool(content) and (
            in_example or content.startswith((">>>", "..."))
        )
        if not in_example:
            kept.append(line)
    return _clean("\n".join(kept))
