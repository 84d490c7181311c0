"""Files of models, and of word vectors in formats that other libraries read."""

from .glove import read_glove, write_glove
from .native import load, save
from .word2vec import read_word2vec, write_word2vec

__all__ = [
    "load",
    "read_glove",
    "read_word2vec",
    "save",
    "write_glove",
    "write_word2vec",
]
