"""Word2Vec as scikit-learn transformers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import callbacks as callbacks
    from . import datasets as datasets
    from . import evaluation as evaluation
    from . import exceptions as exceptions
    from . import io as io
    from . import plotting as plotting
    from . import testing as testing
    from .io.native import load, save
    from .text.subwords import JamoNGrams
    from .vectorizers import (
        CBOWVectorizer,
        CommonComponentRemoval,
        PhraseDetector,
        PretrainedVectorizer,
        SkipGramVectorizer,
    )
    from .word_vectors import WordVectors

__all__ = [
    "CBOWVectorizer",
    "CommonComponentRemoval",
    "JamoNGrams",
    "PhraseDetector",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
    "WordVectors",
    "datasets",
    "load",
    "save",
]
# Everything is imported when it is first used: the processes that help to train need
# neither scikit-learn nor pandas.
_HOMES = {
    "CBOWVectorizer": ".vectorizers",
    "CommonComponentRemoval": ".vectorizers",
    "JamoNGrams": ".text.subwords",
    "PhraseDetector": ".vectorizers",
    "PretrainedVectorizer": ".vectorizers",
    "SkipGramVectorizer": ".vectorizers",
    "WordVectors": ".word_vectors",
    "load": ".io.native",
    "save": ".io.native",
}
_MODULES = (
    "callbacks",
    "datasets",
    "evaluation",
    "exceptions",
    "io",
    "plotting",
    "testing",
)

if not TYPE_CHECKING:  # a type checker would take every name for a module

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return import_module(f".{name}", __name__)
        if name in _HOMES:
            value = getattr(import_module(_HOMES[name], __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_HOMES})
