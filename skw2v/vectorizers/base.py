"""Base class of all vectorizers: documents in, pooled word vectors out."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import ClassNamePrefixFeaturesOutMixin
from sklearn.utils import Tags

from ..corpus import Corpus, Storage
from ..pooling import POOLINGS, WordFeatures
from ..text.documents import is_lazy
from ..text.reading import Rows, encode
from ..word_vectors.pieces import PieceVectors
from .advice import Lookup, warn_of_unknown_tokens
from .compat import keep_index
from .composing import ComposedWords, OpenVocabulary, composed_words
from .partitions import lazily, lazy_rows
from .text_transformer import TextTransformer


@lazily("transform", "fit_transform")
class PoolingVectorizer(ClassNamePrefixFeaturesOutMixin, TextTransformer):
    """Transformer of documents to rows that are pooled from their tokens' vectors.

    A subclass says which words have vectors, in `_table`, how those of others are
    composed, in `_pieces`, and what poolings know of the words, in `_features`.
    """

    weighting: str
    pooling: str | tuple[str, ...]
    n_clusters: int

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        """Return the row of each word, and the rows."""
        raise NotImplementedError

    def _pieces(self) -> PieceVectors | None:
        """Return what composes the vectors of unknown words, if anything does."""
        raise NotImplementedError

    def _features(self) -> tuple[dict[str, Any], WordFeatures]:
        """Return how to pool, and what poolings know of the words."""
        raise NotImplementedError

    def transform(self, X: Iterable) -> NDArray[np.float32]:
        """Pool the vectors of the tokens of each document.

        Parameters
        ----------
        X : iterable of str, or of lists of str, or a collection of Dask
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_features), float32
            See `pooling`; by default the mean over the tokens that have a vector, of
            shape (n_documents, n_components). Vectors of unknown words are composed
            if the model has subwords. A row of zeros if there is none. With
            ``set_output`` a DataFrame, which keeps the index of a pandas Series. Of a
            collection of Dask a lazy array, or a lazy DataFrame.
        """
        vocabulary, _ = self._table()
        if is_lazy(X):
            rows: Any = lazy_rows(self, X)
            return rows
        lookup = Lookup(vocabulary)
        with self._storage() as storage:
            if (pieces := self._pieces()) is not None:
                corpus, words = self._encode_all(X, pieces, storage)
                warn_of_unknown_tokens(corpus, vocabulary, self.lowercase)
                return self._pool(corpus, X, words)
            corpus = self._encode(X, lookup, storage)
            has_warned = warn_of_unknown_tokens(corpus, vocabulary, self.lowercase)
            if self.lowercase and not has_warned:
                lookup.warn()
            return self._pool(corpus, X)

    def coverage(self, X: Iterable) -> NDArray[np.float64]:
        """Return the share of the tokens of each document that have a vector.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents,), float64
            From 0 to 1; NaN for a document without tokens.

        Examples
        --------
        >>> from skw2v import PretrainedVectorizer, WordVectors
        >>> vectors = WordVectors(["love", "피자"], [[1, 0], [0, 1]])
        >>> PretrainedVectorizer(vectors).coverage(["I love 피자", "no"])
        array([0.66666667, 0.        ])
        """
        vocabulary, _ = self._table()
        with self._storage() as storage:
            if (pieces := self._pieces()) is not None:
                corpus, _ = self._encode_all(X, pieces, storage)
            else:
                corpus = self._encode(X, vocabulary, storage)
        n_tokens = corpus.lengths + corpus.n_dropped
        shares = np.full(corpus.n_documents, np.nan)
        return np.divide(corpus.lengths, n_tokens, out=shares, where=n_tokens > 0)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the name of each column of `transform`.

        Parameters
        ----------
        input_features : array-like of str or None
            Ignored.

        Returns
        -------
        ndarray of shape (n_features,), str
            The class and a number. Unless `pooling` is "mean", the pooling stands
            between them, and for clusters the number of the cluster.
        """
        names: NDArray[np.object_] = super().get_feature_names_out(input_features)
        fitted, features = self._features()
        if fitted["pooling"] == ["mean"]:
            return names
        blocks: list[str] = []
        for name in fitted["pooling"]:
            if name == "clusters":
                blocks += [f"cluster{k}_" for k in range(fitted["n_clusters"])]
            else:
                blocks.append(name)
        prefix, n_components = type(self).__name__.lower(), features.vectors.shape[1]
        return np.array(
            [f"{prefix}_{block}{i}" for block in blocks for i in range(n_components)],
            dtype=object,
        )

    @property
    def _n_features_out(self) -> int:
        return sum(_widths(*self._features()))

    def _pool(
        self, corpus: Corpus, X: Iterable, words: ComposedWords | None = None
    ) -> NDArray[np.float32]:
        """Return a row per document; `X` has the index of a Series."""
        fitted, features = self._features()
        if words is not None:
            features = words.features(features)
        widths = _widths(fitted, features)
        rows = np.zeros((corpus.n_documents, sum(widths)), features.vectors.dtype)
        columns = np.split(rows, np.cumsum(widths[:-1]), axis=1)
        for name, part in zip(fitted["pooling"], columns, strict=True):
            POOLINGS[name](corpus, features, part)
        return keep_index(rows, X, self)

    def _storage(self) -> Storage:
        """Return where the ids of the tokens of documents lie."""
        return Storage()

    def _encode(
        self, X: Iterable, vocabulary: Rows, storage: Storage | None = None
    ) -> Corpus:
        n_jobs = effective_n_jobs(self.n_jobs)
        return encode(self._reader(), X, n_jobs, vocabulary, storage)

    def _encode_all(
        self, X: Iterable, pieces: PieceVectors, storage: Storage
    ) -> tuple[Corpus, ComposedWords]:
        """Encode documents with the known words and those that can be composed."""
        rows = OpenVocabulary(self._table()[0])
        corpus = self._encode(X, rows, storage)
        return composed_words(corpus, rows, pieces)


def _widths(fitted: dict[str, Any], features: WordFeatures) -> list[int]:
    """Return the number of columns of each pooling."""
    n_components = features.vectors.shape[1]
    return [
        n_components * (fitted["n_clusters"] if name == "clusters" else 1)
        for name in fitted["pooling"]
    ]
