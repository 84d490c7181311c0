"""The estimators: the contract of scikit-learn, and no mathematics."""

from .cbow import CBOWVectorizer
from .pretrained import PretrainedVectorizer
from .skip_gram import SkipGramVectorizer

__all__ = ["CBOWVectorizer", "PretrainedVectorizer", "SkipGramVectorizer"]
