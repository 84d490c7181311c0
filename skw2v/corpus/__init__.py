"""Documents as integer ids: what `text` produces and `training` consumes."""

from .corpus import UNKNOWN, Corpus

__all__ = ["UNKNOWN", "Corpus"]
