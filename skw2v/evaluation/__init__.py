"""Evaluation of word vectors by analogies and by human judgments of similarity."""

from .analogies import evaluate_analogies
from .scorers import analogy_scorer, word_pairs_scorer
from .word_pairs import evaluate_word_pairs

__all__ = [
    "analogy_scorer",
    "evaluate_analogies",
    "evaluate_word_pairs",
    "word_pairs_scorer",
]
