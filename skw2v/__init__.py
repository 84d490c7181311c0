"""Word2Vec as two scikit-learn transformers."""

from . import datasets
from ._storage import load
from .pretrained import PretrainedVectorizer
from .vectorizers import CBOWVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

__all__ = [
    "CBOWVectorizer",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
    "WordVectors",
    "datasets",
    "load",
]
__version__ = "0.1.0"
