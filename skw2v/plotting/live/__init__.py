"""A page on which a training can be followed step by step.

Its parts, in this folder, are read by `page`: `index.html`, `page.css`, and scripts. The
scripts repeat the arithmetic of `explain`; they don't train what `fit` would train
differently, but show what `trace` has recorded.
"""

from .trace import TrainingTrace

__all__ = ["TrainingTrace"]
