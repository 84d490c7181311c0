"""The tokens of a document to one row.

A pooling is a function of a `Corpus` and of the vectors of its words, an array of shape
(n_words, n_components). It returns a row for each document.
"""

from .mean import mean

POOLINGS = {"mean": mean}
