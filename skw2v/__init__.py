"""Word2Vec as two scikit-learn transformers."""

from . import datasets
from .vectorizers import CBOWVectorizer, SkipGramVectorizer
from .word_vectors import WordVectors

__all__ = ["CBOWVectorizer", "SkipGramVectorizer", "WordVectors", "datasets"]
__version__ = "0.1.0"
