"""Base class of all vectorizers: documents in, averages of word vectors out."""

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.utils import Tags

from ..corpus import Corpus
from ..pooling import POOLINGS
from ..text.documents import Analyzer
from ..text.reading import encode
from ..word_vectors import WordVectors
from .compat import keep_index
from .parameters import ANALYZER_PARAMETERS
from .versions import check_complete, stamped, unstamped


class AveragingVectorizer(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator
):
    """Transformer of documents to averages of the vectors of their tokens.

    A subclass says which words have vectors, in `_table`.
    """

    # For the link in the HTML view.
    _doc_link_module = "skw2v"
    _doc_link_template = (
        "https://skw2v.readthedocs.io/en/stable/api/skw2v.{estimator_name}.html"
    )

    # Lets skrub pass the columns of text one by one.
    __single_column_transformer__ = True

    n_jobs: int | None

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        """Return the row of each word, and the rows."""
        raise NotImplementedError

    def transform(self, X: Iterable) -> NDArray[np.float32]:
        """Average the vectors of the tokens of each document.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_components), float32
            The mean over the tokens of the document that have a vector; a row of zeros
            if there is none. With ``set_output`` a DataFrame, which keeps the index of
            a pandas Series.
        """
        vocabulary, _ = self._table()
        return self._average(self._encode(X, vocabulary), X)

    def word_vectors(self) -> WordVectors:
        """Return the words and their vectors, which answer questions about neighbors.

        Returns
        -------
        WordVectors
        """
        vocabulary, vectors = self._table()
        return WordVectors(vocabulary, vectors)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        _, vectors = self._table()
        return vectors.shape[1]

    def _average(self, corpus: Corpus, X: Iterable) -> NDArray[np.float32]:
        """Return a row per document; `X` has the index of a Series."""
        _, vectors = self._table()
        return keep_index(POOLINGS["mean"](corpus, vectors), X, self)

    def _encode(self, X: Iterable, vocabulary: Mapping[str, int]) -> Corpus:
        return encode(self._analyzer(), X, effective_n_jobs(self.n_jobs), vocabulary)

    def _analyzer(self) -> Analyzer:
        return Analyzer(**{name: getattr(self, name) for name in ANALYZER_PARAMETERS})

    # Storing

    # What `transform` needs of a fitted estimator.
    _learned: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        return stamped(super().__getstate__())

    def __setstate__(self, state: dict[str, Any]) -> None:
        name = type(self).__name__
        state = unstamped(name, state)
        parameters = signature(type(self)).parameters.values()
        needed = [each.name for each in parameters if each.kind != each.VAR_KEYWORD]
        fitted = any(attribute in state for attribute in self._learned)
        check_complete(name, state, [*needed, *(self._learned if fitted else ())])
        super().__setstate__(state)
