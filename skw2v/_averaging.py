"""What all vectorizers are: documents in, averages of word vectors out."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)

from . import pooling
from ._compat import keep_index
from ._persistence import StampedMixin
from ._reader import ReaderMixin
from .text.corpus import Corpus
from .word_vectors import WordVectors


class AveragingVectorizer(
    StampedMixin,
    ReaderMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    BaseEstimator,
):
    """A transformer with a table of words; where that comes from is up to the class."""

    # For the link in the HTML view.
    _doc_link_module = "skw2v"
    _doc_link_template = (
        "https://skw2v.readthedocs.io/en/stable/api/skw2v.{estimator_name}.html"
    )

    # Lets skrub pass the columns of text one by one.
    __single_column_transformer__ = True

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        """Row of each word, and the rows."""
        raise NotImplementedError

    def transform(self, X: Iterable) -> NDArray[np.float32]:
        """Average the vectors of the words of each document.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_components), float32
            The mean over the words of the document that have a vector, each as often as
            it occurs; a row of zeros if there is none. With ``set_output`` a DataFrame,
            which keeps the index of a pandas Series.
        """
        vocabulary, _ = self._table()
        return self._average(self._encode(X, vocabulary), X)

    def word_vectors(self) -> WordVectors:
        """The words and their vectors, to be asked for neighbours.

        Returns
        -------
        WordVectors
        """
        vocabulary, vectors = self._table()
        return WordVectors(list(vocabulary), vectors)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        return self._table()[1].shape[1]

    def _average(self, corpus: Corpus, X: Iterable) -> NDArray[np.float32]:
        return keep_index(pooling.mean(corpus, self._table()[1]), X, self)
