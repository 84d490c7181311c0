"""A vectorizer with vectors that were learned elsewhere."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Tags, check_random_state
from sklearn.utils.validation import check_is_fitted

from ..pooling import Frequencies, WordFeatures
from ..word_vectors import WordVectors
from ..word_vectors.pieces import PieceVectors
from .base import PoolingVectorizer
from .fitted import features_of, pooling_attributes, pooling_of
from .parameters import ANALYZER_PARAMETERS, CONSTRAINTS, POOLING_PARAMETERS

Vectorizer = TypeVar("Vectorizer", bound="PretrainedVectorizer")


class PretrainedVectorizer(PoolingVectorizer):
    """Transformer of documents to rows that are pooled from given word vectors.

    The vectors may be those of GloVe or fastText, for example. By default there is
    nothing to learn, and `transform` works without `fit`. Weights and clusters of words
    are learned by `fit`.

    Parameters
    ----------
    vectors : WordVectors
        Made from any matrix, or read by `skw2v.io`. Neither the constructor nor
        ``clone`` copies it.
    weighting : {"uniform", "idf", "sif"}, default="uniform"
        As in `SkipGramVectorizer`, with the counts of the documents of `fit`. A word
        that they lack is taken for the rarest.
    pooling : {"mean", "max", "min", "clusters"} or tuple of these, default="mean"
        As in `SkipGramVectorizer`.
    n_clusters : int, default=60
        As in `SkipGramVectorizer`.
    random_state : int, RandomState instance or None, default=None
        Seed of the clusters.
    n_jobs : int or None, default=None
        Processes for documents that take more than a moment to read; see
        `SkipGramVectorizer`.
    input, encoding, decode_error, strip_accents, lowercase, preprocessor, tokenizer, \
stop_words, token_pattern, analyzer : default as in `SkipGramVectorizer`
        How documents become tokens: choose what was done for `vectors`. The words of
        GloVe are in lower case, as is the default; ``lowercase=False`` finds words with
        capitals.

    Attributes
    ----------
    pooling_ : dict of str to object
        What `fit` has learned for: `weighting`, `pooling` as a list, and `n_clusters`,
        0 without clusters. This and the next two exist after `fit`, unless the weights
        are uniform and there are no clusters.
    word_weights_ : ndarray of shape (n_words,), float32
        Weight of each word.
    word_clusters_ : ndarray of shape (n_words, n_clusters), float32
        Membership of each word in each cluster.

    See Also
    --------
    SkipGramVectorizer : Learns vectors; ``init=vectors`` starts from given ones.
    skw2v.io.read_word2vec, skw2v.io.read_glove : Read vectors from files.

    Examples
    --------
    >>> from skw2v import PretrainedVectorizer, WordVectors
    >>> vectors = WordVectors(["love", "hate", "피자"], [[1, 0], [-1, 0], [0, 1]])
    >>> PretrainedVectorizer(vectors).transform(["I love 피자", "I hate rain"])
    array([[ 0.5,  0.5],
           [-1. ,  0. ]], dtype=float32)
    """

    _parameter_constraints: ClassVar[dict[str, list]] = {
        "vectors": [WordVectors],
        **{
            name: CONSTRAINTS[name]
            for name in (
                *POOLING_PARAMETERS,
                "random_state",
                "n_jobs",
                *ANALYZER_PARAMETERS,
            )
        },
    }

    pooling_: dict[str, Any]
    word_weights_: NDArray[np.float32]
    word_clusters_: NDArray[np.float32]

    def __init__(
        self,
        vectors: WordVectors,
        *,
        weighting: str = "uniform",
        pooling: str | tuple[str, ...] = "mean",
        n_clusters: int = 60,
        random_state: int | np.random.RandomState | None = None,
        n_jobs: int | None = None,
        input: str = "content",
        encoding: str = "utf-8",
        decode_error: str = "strict",
        strip_accents: str | Callable[[str], str] | None = None,
        lowercase: bool = True,
        preprocessor: Callable[[str], str] | None = None,
        tokenizer: Callable[[str], list[str]] | None = None,
        stop_words: str | list[str] | None = None,
        token_pattern: str | None = None,
        analyzer: str | Callable[[Any], list[str]] = "word",
    ) -> None:
        self.vectors = vectors
        self.weighting = weighting
        self.pooling = pooling
        self.n_clusters = n_clusters
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.input = input
        self.encoding = encoding
        self.decode_error = decode_error
        self.strip_accents = strip_accents
        self.lowercase = lowercase
        self.preprocessor = preprocessor
        self.tokenizer = tokenizer
        self.stop_words = stop_words
        self.token_pattern = token_pattern
        self.analyzer = analyzer

    def fit(self: Vectorizer, X: Iterable, y: Any = None) -> Vectorizer:
        """Learn the weights of words and their clusters, if `transform` needs them.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            Not read if the weights are uniform and there are no clusters.
        y : None
            Ignored.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            A parameter has a value that isn't allowed, or there are no documents to
            learn from.
        """
        self._validate_params()
        if self._learns(pooling_of(self)):
            vocabulary, vectors = self._table()
            corpus = self._encode(X, vocabulary)
            if not corpus.n_documents:
                raise ValueError(
                    "X has no documents to learn weights or clusters from."
                )
            random_state = check_random_state(self.random_state)
            seed = random_state.randint(np.iinfo(np.int32).max)
            counts = corpus.counts(len(vectors))
            frequencies = Frequencies.of(corpus, counts, self.weighting)
            self.__dict__.update(pooling_attributes(self, frequencies, vectors, seed))
        return self

    def word_vectors(self) -> WordVectors:
        """Return the given vectors.

        Returns
        -------
        WordVectors
        """
        self._validate_params()
        return self.vectors

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        self._validate_params()
        return self.vectors._row_of, self.vectors.vectors

    def _pieces(self) -> PieceVectors | None:
        return self.vectors.pieces

    def _features(self) -> tuple[dict[str, Any], WordFeatures]:
        pooling, vectors = pooling_of(self), self.vectors.vectors
        if not self._learns(pooling):
            n_words = len(vectors)
            weights = np.ones(n_words, np.float32)
            return pooling, WordFeatures(
                vectors, weights, np.zeros((n_words, 0), np.float32)
            )
        check_is_fitted(self, "pooling_")
        for name, value in pooling.items():
            if value != self.pooling_[name]:
                raise ValueError(
                    f"{name} was changed after fit, from {self.pooling_[name]!r} to "
                    f"{value!r}; fit again."
                )
        if len(self.word_weights_) != len(vectors):
            raise ValueError("vectors was changed after fit; fit again.")
        return pooling, features_of(self, vectors)

    @staticmethod
    def _learns(pooling: dict[str, Any]) -> bool:
        """Return whether pooling needs something that `fit` learns."""
        return pooling["weighting"] != "uniform" or pooling["n_clusters"] > 0

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = self._learns(pooling_of(self))
        return tags
