"""Base class of `CBOWVectorizer` and `SkipGramVectorizer`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import ArrayLike, NDArray
from sklearn.frozen import FrozenEstimator
from sklearn.utils.validation import check_is_fitted

from ..corpus import Storage
from ..pooling import WordFeatures
from ..text.documents import is_lazy
from ..text.selection import Documents
from ..text.subwords import Pieces, as_subwords
from ..training.likelihood import Likelihood
from ..training.losses import LOSSES
from ..training.model import Model
from ..training.trainer import Trainer
from ..word_vectors import WordVectors
from ..word_vectors.arguments import freeze
from ..word_vectors.pieces import PieceVectors
from . import cluster
from .advice import warn_of_poor_vectors, warn_of_unknown_tokens
from .base import PoolingVectorizer
from .compat import CallbackSupportMixin, callbacks_of, with_callbacks
from .fitted import Learned, features_of, model_of, pieces_of, pooling_of, table_of
from .learning import begin, earlier, hyperparameters_of, train
from .parameters import CONSTRAINTS
from .partitions import lazily
from .prediction import Predictions, as_examples, most_probable
from .progress import CallbackTasks, Tasks, Training, observers_of
from .start import check_init

if TYPE_CHECKING:
    from ..explanation import Explanation

Vectorizer = TypeVar("Vectorizer", bound="Word2VecVectorizer")


@lazily("fit_transform")
class Word2VecVectorizer(CallbackSupportMixin, PoolingVectorizer):
    """Vectorizer that learns its word vectors; a subclass names the model."""

    _cbow: ClassVar[bool]
    _learned = ("vocabulary_", "embeddings_")

    _parameter_constraints: ClassVar[dict[str, list]] = CONSTRAINTS

    vocabulary_: dict[str, int]
    embeddings_: NDArray[np.float32]
    output_embeddings_: NDArray[np.float32]
    subword_embeddings_: NDArray[np.float32]
    subwords_: list
    word_counts_: NDArray[np.int64]
    word_weights_: NDArray[np.float32]
    word_clusters_: NDArray[np.float32]
    pooling_: dict[str, Any]
    loss_curve_: list[float]
    n_iter_: int
    document_counts_: NDArray[np.int64]
    rare_word_hashes_: NDArray[np.int64]
    rare_word_counts_: NDArray[np.int64]
    training_state_: dict[str, Any]
    hyperparameters_: dict[str, Any]

    def __init__(
        self,
        *,
        n_components: int = 100,
        window: int = 5,
        shrink_windows: bool = True,
        loss: str = "negative_sampling",
        negative: int = 5,
        ns_exponent: float = 0.75,
        subsample: float | str = "auto",
        min_count: int = 5,
        subwords: tuple[int, int] | Pieces | None = None,
        n_buckets: int = 200_000,
        init: "WordVectors | Word2VecVectorizer | FrozenEstimator | None" = None,
        weighting: str = "uniform",
        pooling: str | tuple[str, ...] = "mean",
        n_clusters: int = 60,
        max_iter: int | str = "auto",
        learning_rate: float | str = "auto",
        min_learning_rate: float = 1e-4,
        batch_size: int | str = "auto",
        corpus_storage: str | os.PathLike[str] = "auto",
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
        warm_start: bool = False,
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
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Mapping[str, int] | Iterable[str] | None = None,
    ) -> None:
        self.n_components = n_components
        self.window = window
        self.shrink_windows = shrink_windows
        self.loss = loss
        self.negative = negative
        self.ns_exponent = ns_exponent
        self.subsample = subsample
        self.min_count = min_count
        self.subwords = subwords
        self.n_buckets = n_buckets
        self.init = init
        self.weighting = weighting
        self.pooling = pooling
        self.n_clusters = n_clusters
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.min_learning_rate = min_learning_rate
        self.batch_size = batch_size
        self.corpus_storage = corpus_storage
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
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
        self.max_df = max_df
        self.min_df = min_df
        self.max_features = max_features
        self.vocabulary = vocabulary

    def fit(
        self: Vectorizer,
        X: Iterable,
        y: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Vectorizer:
        """Learn the vocabulary and the vectors of its words.

        Parameters
        ----------
        X : iterable of str, or of lists of str, or a collection of Dask
            Raw documents, or documents that are already split into tokens; with `input`
            other than "content", paths or open files. It is read once, so a generator
            is enough. A Bag, one column of a DataFrame of Dask, or a list of Delayed
            partitions is read and trained by the workers of Dask, and the vectors don't
            depend on their number.
        y : array-like or None
            Not used for learning; callbacks may score with it.
        sample_weight : array-like of shape (n_documents,) or None, default=None
            How often each document counts; None is once. With integers, the result is
            that of documents that stand in `X` as many times. A fraction such as 0.3 is
            the probability, in each epoch, that the document is there once more. Counts
            of words and documents, in which `min_count`, `min_df` and "auto" are
            expressed, are weighted and rounded, to at least 1 for what has any weight.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        TypeError
            `X` is not a collection of documents, or a document is neither text nor a
            list of tokens.
        ValueError
            A parameter is out of its range, a document is missing, no word is left to
            learn, or `sample_weight` isn't a finite weight of 0 or more for each
            document, with at least one above 0; or `X` is a collection of Dask, and
            `sample_weight`, `warm_start` or `corpus_storage` needs documents that lie
            in one place.
        FloatingPointError
            Training diverged.
        RuntimeError
            A process that helped to train was killed, or the workers of Dask are lost.
        OSError
            The encoded corpus can't be written to disk; see `corpus_storage`.
        """
        with Storage.of(self.corpus_storage) as storage:
            self._fit(Documents.given(X, sample_weight, storage), y)
        return self

    def partial_fit(
        self: Vectorizer,
        X: Iterable,
        y: Any = None,
        sample_weight: ArrayLike | None = None,
    ) -> Vectorizer:
        """Learn from further documents, in one pass over them.

        It can be called as often as there are new documents, with or without a `fit`
        before. A word enters the vocabulary when its tokens in all documents so far
        reach `min_count`; its vector then starts at random, and the words before it
        keep their rows. Subsampling and noise follow the counts of all documents.

        A stream has no known end, so the learning rate doesn't fall to
        `min_learning_rate`, and `max_iter` has no effect. With
        ``learning_rate="auto"`` it falls with the number of tokens so far; a number
        holds throughout.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`. The same documents count again if they are given again.
        y : None
            Ignored.
        sample_weight : array-like of shape (n_documents,) or None, default=None
            As in `fit`.

        Returns
        -------
        self : object
            The estimator with the further documents. After an error it is unchanged.

        Raises
        ------
        TypeError
            See `fit`.
        ValueError
            See `fit`; or `n_components`, `loss` or `vocabulary` was changed, or
            `weighting` to "idf"; or `min_df` or `max_df` limits the vocabulary.
        FloatingPointError
            Training diverged.
        """
        self._check_parameters()
        before = earlier(self)
        with self._storage() as storage:
            documents = Documents.given(X, sample_weight, storage)
            learned, trainer = begin(self, documents, before, is_stream=True)
            self._set(train(self, learned, trainer, []))
        return self

    def fit_transform(
        self, X: Iterable, y: Any = None, sample_weight: ArrayLike | None = None
    ) -> NDArray[np.float32]:
        """Fit to the documents and pool the vectors of their tokens.

        The same as ``fit(X).transform(X)``, but `X` is read only once.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.
        y : array-like or None
            As in `fit`.
        sample_weight : array-like of shape (n_documents,) or None, default=None
            As in `fit`. The rows don't depend on it otherwise: a document of weight 0
            has a row, too.

        Returns
        -------
        ndarray of shape (n_documents, n_features), float32
            See `transform`.
        """
        if self._has_own_methods() or self.subwords is not None or is_lazy(X):
            X = list(X) if isinstance(X, Iterator) else X
            weighted = {} if sample_weight is None else {"sample_weight": sample_weight}
            return self.fit(X, y, **weighted).transform(X)
        with Storage.of(self.corpus_storage) as storage:
            trainer = self._fit(Documents.given(X, sample_weight, storage), y)
            assert isinstance(trainer, Trainer)  # lazy documents are not in one place
            corpus = trainer.corpus
            if self.vocabulary is None:
                warn_of_unknown_tokens(corpus, self.vocabulary_, self.lowercase)
            return self._pool(corpus, X)

    def score(self, X: Iterable, y: Any = None) -> float:
        """Return the mean log-likelihood of held-out documents.

        It says how well the model tells the words of their windows from random words.
        With ``h`` the hidden layer of a training pair, ``t`` its target, ``q(w)`` the
        share of the word ``w`` in training and ``s`` the logistic function, it is the
        mean over all pairs of ::

            log s(r(t)) + E_q log s(-r(w))        r(w) = log p(w | h) - log q(w)

        That is minus the loss of negative sampling with one noise word per pair, drawn
        as words occur [1]_. All models are measured in this way, whatever their `loss`,
        `negative` and `ns_exponent`, so they can be compared. So can vocabularies,
        roughly: what counts for each word is how much more the model knows about it
        than its share. Don't compare models that differ in `window`, `shrink_windows`
        or `subsample`: these change which pairs are predicted.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`. Words that were not learned are left out, and windows close
            over them.
        y : None
            Ignored.

        Returns
        -------
        float
            In nats; higher is better. Word frequencies alone reach ``-log(4)``, about
            -1.386; the upper bound is 0.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        ValueError
            No document holds two tokens of learned words.

        Notes
        -----
        Nothing is drawn. Pairs have the weights that they are expected to have in
        training, with shrinking windows and subsampling; the expectation is the mean
        over the 1,000 quantiles of ``q``.

        References
        ----------
        .. [1] Gutmann, M., & Hyvärinen, A. (2012). "Noise-Contrastive Estimation of
           Unnormalized Statistical Models".
        """
        check_is_fitted(self)
        model = self._model()
        learned = {w: row for w, row in self.vocabulary_.items() if model.counts[row]}
        with self._storage() as storage:
            corpus = self._encode(X, learned, storage)
            score = Likelihood(model).mean(corpus, effective_n_jobs(self.n_jobs))
        if np.isnan(score):
            raise ValueError(
                f"X can't be scored: none of its {corpus.n_documents} documents holds "
                f"two of the {len(learned)} learned words."
            )
        return score

    def word_vectors(self, kind: str = "input") -> WordVectors:
        """Return the words and their vectors, which answer questions about neighbors.

        Parameters
        ----------
        kind : {"input", "output", "sum"}, default="input"
            The rows of the embedding, those of the output weights, or their sums, which
            help where words that occur together should be near each other [1]_.

        Returns
        -------
        WordVectors
            With `subwords` and ``kind="input"`` it composes the vectors of other words.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        ValueError
            `kind` is another, or the output weights have no row for each word, as with
            hierarchical softmax.

        References
        ----------
        .. [1] Levy, O., Goldberg, Y., & Dagan, I. (2015). "Improving Distributional
           Similarity with Lessons Learned from Word Embeddings".
        """
        check_is_fitted(self)
        return table_of(self, kind)

    def explain(self, document: Any, position: int | None = None) -> "Explanation":
        """Show one training step on a document, stage by stage.

        The step starts from the fitted matrices, with ``loss="softmax"``: one-hot
        vectors, hidden layer, logits, probabilities, cross-entropy, gradients, and the
        matrices after plain gradient descent with the initial learning rate, by the
        formulas of Rong (2014), "word2vec Parameter Learning Explained". All positions
        use the full `window`, even with `shrink_windows`. Training does the same, but
        limits the steps of words that occur often in an update. The tables have a
        column for each word of the vocabulary, so choose a short document, or one
        position.

        Parameters
        ----------
        document : str, or list of str
            One document, as in `fit`.
        position : int or None, default=None
            Position to train, from 0, among the tokens of the document that are in the
            vocabulary: the others are left out, and windows close over them. None means
            all positions, as one update.

        Returns
        -------
        Explanation
            The tables of all stages; printing it shows them in order, in a notebook as
            HTML.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        TypeError
            `document` is neither text nor a list of tokens, or `position` is not an
            integer.
        ValueError
            The loss is not "softmax", no token of the document is in the vocabulary, or
            `position` is out of range or has no context.

        Examples
        --------
        >>> from skw2v import CBOWVectorizer
        >>> vectorizer = CBOWVectorizer(loss="softmax", min_count=1, subsample=0)
        >>> vectorizer.fit(["I love 피자", "I like 피자"])
        CBOWVectorizer(...)
        >>> vectorizer.explain("I love 피자", position=1).input
        word             i   피자  like  love
        position word
        1        love  0.5  0.5   0.0   0.0
        """
        check_is_fitted(self)
        from ..explanation import explain  # imported here because pandas is slow

        ids = self._encode([document], self.vocabulary_).ids[:]
        return explain(self._model(), list(self.vocabulary_), ids, position)

    def _follow(
        self,
        X: Iterable,
        y: Any,
        sample_weight: ArrayLike | None,
        *observers: Tasks,
    ) -> None:
        """Fit as `fit` does, while observers follow the training."""
        with Storage.of(self.corpus_storage) as storage:
            self._fit(Documents.given(X, sample_weight, storage), y, *observers)

    def _fit(self, documents: Documents, y: Any, *observers: Tasks) -> Training:
        """Fit, and return what has trained."""
        before = earlier(self) if self.warm_start else None
        trainer = self._train(documents, y, before, [*observers])
        if before is None:
            warn_of_poor_vectors(trainer, self.loss_curve_)
        return trainer

    @with_callbacks
    def _train(
        self,
        documents: Documents,
        y: Any,
        before: Learned | None,
        observers: list[Tasks],
    ) -> Training:
        self._check_parameters()
        observers += observers_of(self)
        if callbacks_of(self):
            observers.append(CallbackTasks(self, documents.X, y))
        learned, trainer = (
            cluster.begin(self, documents)
            if is_lazy(documents.X)
            else begin(self, documents, before, False, observers)
        )
        self._set(train(self, learned, trainer, observers))
        return trainer

    def _set(self, attributes: dict[str, Any]) -> None:
        """Set the fitted attributes together: an interrupt leaves nothing half done."""
        self.__dict__.update(attributes)
        self._freeze()

    def _freeze(self) -> None:
        """Make rows read-only, so that `WordVectors` needn't copy them."""
        freeze(self.embeddings_)
        freeze(self.subword_embeddings_)

    def _storage(self) -> Storage:
        storage = Storage.of(self.corpus_storage)
        # Where a stored estimator is loaded, there may be no such folder.
        return storage if storage.folder is None else Storage.of("auto")

    def _model(self) -> Model:
        """Return the model that the fitted attributes hold."""
        return model_of(self)

    def _has_own_methods(self) -> bool:
        """Return whether a subclass overrides `fit` or `transform` only."""
        cls, base = type(self), Word2VecVectorizer
        own = cls.fit is not base.fit or cls.transform is not base.transform
        return own and cls.fit_transform is base.fit_transform

    def _check_parameters(self) -> None:
        self._validate_params()
        LOSSES[self.loss].check(hyperparameters_of(self, 0, None))
        pooling_of(self)
        as_subwords(self.subwords, self.n_buckets)
        check_init(self.init, self.n_components)

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        check_is_fitted(self)
        return self.vocabulary_, self.embeddings_

    def _pieces(self) -> PieceVectors | None:
        return pieces_of(self)

    def _features(self) -> tuple[dict[str, Any], WordFeatures]:
        check_is_fitted(self)
        return self.pooling_, features_of(self, self.embeddings_)

    def _predict(self, X: Any, each: str, topn: int | None) -> Predictions:
        check_is_fitted(self)
        inputs, one = as_examples(X, each)
        predictions = most_probable(self._model(), self.vocabulary_, inputs, topn)
        return predictions[0] if one else predictions

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "embeddings_"):
            self._freeze()
