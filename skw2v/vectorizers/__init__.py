"""The estimators: the contract of scikit-learn, and no mathematics."""

from .cbow import CBOWVectorizer
from .common_components import CommonComponentRemoval
from .phrases import PhraseDetector
from .pretrained import PretrainedVectorizer
from .skip_gram import SkipGramVectorizer

__all__ = [
    "CBOWVectorizer",
    "CommonComponentRemoval",
    "PhraseDetector",
    "PretrainedVectorizer",
    "SkipGramVectorizer",
]
