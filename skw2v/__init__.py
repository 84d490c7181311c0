"""Word2Vec as scikit-learn transformers."""

from . import datasets
from ._version import __version__ as __version__
from .io.native import load, save
from .vectorizers import CBOWVectorizer, PretrainedVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

__all__ = [
    "CBOWVectorizer",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
    "WordVectors",
    "datasets",
    "load",
    "save",
]
