"""Files of word vectors in the formats of word2vec, fastText, floret and GloVe.

`write_model2vec` writes a vectorizer for model2vec and sentence-transformers.
`skw2v.save` and `skw2v.load` are here as well, in `native`.
"""

from .fasttext import read_fasttext
from .floret import read_floret
from .glove import read_glove, write_glove
from .model2vec import write_model2vec
from .word2vec import read_word2vec, write_word2vec

__all__ = [
    "read_fasttext",
    "read_floret",
    "read_glove",
    "read_word2vec",
    "write_glove",
    "write_model2vec",
    "write_word2vec",
]
