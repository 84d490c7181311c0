"""Displays of word vectors and of their training, in the style of scikit-learn.

Those drawn with matplotlib import it only when something is drawn; `TrainingTrace`
writes a page of HTML and doesn't need it.
"""

from .embedding import EmbeddingDisplay
from .live.trace import TrainingTrace
from .loss_curve import LossCurveDisplay
from .trajectory import TrajectoryDisplay

__all__ = [
    "EmbeddingDisplay",
    "LossCurveDisplay",
    "TrainingTrace",
    "TrajectoryDisplay",
]
