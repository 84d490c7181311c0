"""Words and their vectors: a table, and the questions one asks of it."""

from .table import WordVectors

__all__ = ["WordVectors"]
