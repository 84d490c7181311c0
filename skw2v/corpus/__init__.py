"""Documents as integer ids: what `text` produces and `training` consumes."""

from .corpus import UNKNOWN, Corpus
from .storage import Storage, StoredIds

__all__ = ["UNKNOWN", "Corpus", "Storage", "StoredIds"]
