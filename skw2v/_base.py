"""What both estimators are: the contract of scikit-learn, and no mathematics."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ._averaging import AveragingVectorizer
from ._compat import CallbackSupportMixin, has_callbacks, with_callbacks
from ._learning import Learning, Watch
from ._parameters import CONSTRAINTS
from ._persistence import SavedMixin
from ._score import ScoreMixin
from .prediction import as_examples, most_probable
from .progress import EpochReport, Tasks
from .text.corpus import Corpus
from .training.trainer import Hyperparameters, auto_batch_size
from .word_vectors import WordVectors

if TYPE_CHECKING:
    from .explanation import Explanation

NOTHING_LEARNED = (
    "no word had a context in any epoch, so that the vectors are those of the start: "
    "subsample={} drops frequent words, which in a small corpus are all of them (0 "
    "keeps them), and documents of one word have no contexts."
)

Vectorizer = TypeVar("Vectorizer", bound="Word2VecVectorizer")


class Word2VecVectorizer(
    SavedMixin, ScoreMixin, CallbackSupportMixin, AveragingVectorizer
):
    """What both models share: all but the model itself."""

    _cbow: ClassVar[bool]
    _auto_learning_rate: ClassVar[float]

    _parameter_constraints: ClassVar[dict] = CONSTRAINTS

    vocabulary_: dict[str, int]
    embeddings_: NDArray[np.float32]
    loss_curve_: list[float]

    def __init__(
        self,
        *,
        n_components: int = 100,
        window: int = 5,
        shrink_windows: bool = True,
        loss: str = "negative_sampling",
        negative: int = 5,
        ns_exponent: float = 0.75,
        subsample: float = 1e-3,
        min_count: int = 5,
        init: WordVectors | None = None,
        max_iter: int = 5,
        learning_rate: float | str = "auto",
        min_learning_rate: float = 1e-4,
        batch_size: int | str = "auto",
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
        input: str = "content",
        encoding: str = "utf-8",
        decode_error: str = "strict",
        strip_accents: str | Callable[[str], str] | None = None,
        lowercase: bool = True,
        preprocessor: Callable[[str], str] | None = None,
        tokenizer: Callable[[str], list[str]] | None = None,
        stop_words: str | list[str] | None = None,
        token_pattern: str | None = r"(?u)\b\w+\b",
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
        self.init = init
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.min_learning_rate = min_learning_rate
        self.batch_size = batch_size
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
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

    def fit(self: Vectorizer, X: Iterable, y: Any = None) -> Vectorizer:
        """Learn the vocabulary and the vectors of its words.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            Raw documents, or documents that are already cut into words; with `input`
            other than "content", paths or open files. It is read once, so that a
            generator will do.
        y : array-like or None
            Nothing is learned from it; callbacks may score with it.

        Returns
        -------
        self : object
            The fitted estimator.

        Raises
        ------
        TypeError
            `X` is not a collection of documents, or a document is neither text nor a
            list of words.
        ValueError
            A parameter is out of its range, a document is missing, or no word is left
            to learn.
        FloatingPointError
            Training diverged.
        """
        self._fit(X, y)
        return self

    def fit_transform(self, X: Iterable, y: Any = None) -> NDArray[np.float32]:
        """Fit to the documents and average the vectors of their words.

        The same as ``fit(X).transform(X)``, but `X` is read only once.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.
        y : array-like or None
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_components), float32
            As of `transform`.
        """
        return self._average(self._fit(X, y), X)

    def explain(self, document: Any, position: int | None = None) -> "Explanation":
        """Show one training step on a document, stage by stage.

        It is the step with ``loss="softmax"`` from the fitted matrices: one-hot
        vectors, hidden layer, logits, probabilities, cross-entropy, gradients, and the
        matrices after plain gradient descent with the learning rate of the start, by
        the formulas of Rong (2014), "word2vec Parameter Learning Explained". All
        positions take the full `window`, whatever `shrink_windows`. Training does the
        same, but limits the steps of words that occur often in an update. The tables
        have a column for each word of the vocabulary: choose a short document, or one
        position.

        Parameters
        ----------
        document : str, or list of str
            One document, as in `fit`.
        position : int or None, default=None
            Position to train, from 0, among the words of the document that are in the
            vocabulary: the others are left out, and windows close over them. None is
            all positions, as one update.

        Returns
        -------
        Explanation
            Its tables; it prints them in their order, in a notebook as HTML.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        TypeError
            `document` is neither text nor a list of words, or `position` is no integer.
        ValueError
            The loss is not "softmax", no word of the document is in the vocabulary, or
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
        from .explanation import explain  # only here, as pandas is slow to import

        return explain(self, self._encode([document], self.vocabulary_).ids, position)

    def _table(self) -> tuple[dict[str, int], NDArray[np.float32]]:
        check_is_fitted(self)
        return self.vocabulary_, self.embeddings_

    def _predict(self, X: Any, each: str, topn: int) -> list:
        check_is_fitted(self)
        inputs, one = as_examples(X, each)
        predictions = most_probable(self, inputs, topn)
        return predictions[0] if one else predictions

    def _fit(self, X: Iterable, y: Any = None, watch: Watch | None = None) -> Corpus:
        """Fit and return the encoded documents; `watch` as of `Learning.train`."""
        corpus = self._learn(X, y, watch)
        if np.isnan(self.loss_curve_).all():
            warnings.warn(NOTHING_LEARNED.format(self.subsample), stacklevel=3)
        return corpus

    @with_callbacks
    def _learn(self, X: Iterable, y: Any, watch: Watch | None) -> Corpus:
        self._check_parameters()
        n_threads = effective_n_jobs(self.n_jobs)
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        tasks = Tasks(self, X, y) if has_callbacks(self) else None
        corpus, words = self._read(X)
        n_words = len(corpus.ids)
        h = self._hyperparameters(n_words)
        learning = Learning(corpus, words, h, seed, self.init)
        report = EpochReport(type(self).__name__, self.max_iter, n_words)
        learned = learning.train(
            n_threads, report if self.verbose else None, tasks, watch
        )
        # Set together and last: an interrupted fit leaves nothing half done.
        self.__dict__.update(learned)
        return corpus

    def _check_parameters(self) -> None:
        self._validate_params()
        if self.min_learning_rate > self._start_rate():
            raise ValueError(
                f"min_learning_rate={self.min_learning_rate} must not exceed "
                f"learning_rate={self._start_rate()}."
            )
        if self.negative == 0 and self.loss == "negative_sampling":
            raise ValueError(
                "negative=0 leaves loss='negative_sampling' without noise words; set "
                "negative to 1 or more, or choose another loss."
            )

        if self.init is not None and self.init.n_components != self.n_components:
            raise ValueError(
                f"init has vectors of {self.init.n_components} components, and "
                f"n_components is {self.n_components}; they must be the same."
            )

    def _start_rate(self) -> float:
        if self.learning_rate == "auto":
            return self._auto_learning_rate
        return float(self.learning_rate)

    def _hyperparameters(self, n_words: int) -> Hyperparameters:
        """Training parameters, with "auto" resolved for a corpus of so many words."""
        values = {f.name: getattr(self, f.name) for f in fields(Hyperparameters)[1:]}
        values["learning_rate"] = self._start_rate()
        if self.batch_size == "auto":
            values["batch_size"] = auto_batch_size(n_words, self.n_components)
        return Hyperparameters(cbow=self._cbow, **values)
