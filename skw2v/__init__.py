"""Word2Vec as scikit-learn transformers."""

from importlib import import_module
from typing import TYPE_CHECKING

from . import datasets
from ._version import __version__ as __version__
from .io.native import load, save
from .vectorizers import CBOWVectorizer, PretrainedVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

if TYPE_CHECKING:
    from types import ModuleType

    from . import callbacks as callbacks
    from . import evaluation as evaluation
    from . import exceptions as exceptions
    from . import io as io
    from . import plotting as plotting
    from . import testing as testing

__all__ = [
    "CBOWVectorizer",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
    "WordVectors",
    "datasets",
    "load",
    "save",
]
# Imported when they are first used, as some of them import pandas.
_MODULES = ("callbacks", "evaluation", "exceptions", "io", "plotting", "testing")

if not TYPE_CHECKING:  # a type checker would take every name for a module

    def __getattr__(name: str) -> "ModuleType":
        if name in _MODULES:
            return import_module(f".{name}", __name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
