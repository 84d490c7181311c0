"""Word2Vec as scikit-learn transformers."""

from . import datasets
from ._version import __version__
from .io import load, save
from .vectorizers import CBOWVectorizer, PretrainedVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

__all__ = [
    "CBOWVectorizer",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
    "WordVectors",
    "__version__",
    "datasets",
    "load",
    "save",
]
