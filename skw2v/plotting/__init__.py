"""Displays of word vectors and of their training, in the style of scikit-learn.

They require matplotlib, which is only imported when something is drawn.
"""

from .embedding import EmbeddingDisplay
from .loss_curve import LossCurveDisplay
from .trajectory import TrajectoryDisplay

__all__ = ["EmbeddingDisplay", "LossCurveDisplay", "TrajectoryDisplay"]
