"""Files of word vectors in the formats of word2vec, fastText and GloVe.

`skw2v.save` and `skw2v.load` are here as well, in `native`.
"""

from .glove import read_glove, write_glove
from .word2vec import read_word2vec, write_word2vec

__all__ = ["read_glove", "read_word2vec", "write_glove", "write_word2vec"]
