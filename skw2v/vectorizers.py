"""The two estimators: the contract of scikit-learn, and no mathematics."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from numbers import Integral, Real
from typing import Any, ClassVar, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
)
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from . import pooling
from ._compat import Interval, StrOptions, count_vectorizer_constraints
from .progress import EpochReport
from .text import corpus as corpora
from .text.documents import Analyzer
from .text.vocabulary import Limits, check_given, select
from .training.trainer import (
    Hyperparameters,
    Trainer,
    auto_batch_size,
    initial_matrices,
)
from .word_vectors import WordVectors

ANALYZER_PARAMETERS = (
    "input",
    "encoding",
    "decode_error",
    "strip_accents",
    "lowercase",
    "preprocessor",
    "tokenizer",
    "stop_words",
    "token_pattern",
    "analyzer",
)
VOCABULARY_PARAMETERS = ("min_df", "max_df", "max_features", "vocabulary")

PARAMETERS = """Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    window : int, default=5
        Greatest distance, in words, between a centre and its contexts. Windows never
        leave their document.
    shrink_windows : bool, default=True
        Draw the window of each position from 1 to `window`, so that near words count
        more, as in word2vec [1]_.
    negative : int, default=5
        Noise words per pair of centre and context.
    ns_exponent : float, default=0.75
        Noise words are drawn in proportion to ``count ** ns_exponent`` [2]_: 1 is the
        distribution of the corpus, 0 the uniform one.
    subsample : float, default=1e-3
        Occurrences of a word whose share of the corpus is ``f`` are dropped from
        training with probability ``1 - sqrt(subsample / f) - subsample / f``, anew in
        each epoch. 0 keeps them all; small corpora need them all.
    min_count : int, default=5
        Words that occur less often in the corpus are ignored. Rare words have poor
        vectors.
    max_iter : int, default=5
        Number of epochs.
    learning_rate : float or "auto", default="auto"
        Step of gradient descent at the start; it falls linearly with the words seen.
        "auto" is {learning_rate}.
    min_learning_rate : float, default=1e-4
        Step at the end.
    batch_size : int or "auto", default="auto"
        Training positions per update, rounded up to a multiple of 16. "auto" makes at
        least 2,000 updates per epoch, of up to 8,192 positions (fewer for vectors of
        more than 100 components): large ones are fast, but a small corpus needs many.
    n_jobs : int or None, default=None
        Threads for training; None is 1 unless in a `joblib.parallel_config` context,
        -1 all processors. The vectors don't depend on it.
    random_state : int, RandomState instance or None, default=None
        Seed of the start vectors and of all draws. With an int the vectors are the same
        in every run, to the last bit.
    verbose : int, default=0
        1 prints loss, speed and time left after each epoch.
    input : {{"content", "filename", "file"}}, default="content"
        What the documents are: text, paths, or open files.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes, or files.
    decode_error : {{"strict", "ignore", "replace"}}, default="strict"
        What to do with bytes that are no text in `encoding`.
    strip_accents : {{"ascii", "unicode"}}, callable or None, default=None
        Remove accents from letters.
    lowercase : bool, default=True
        Convert all letters to lower case.
    preprocessor : callable or None, default=None
        Replaces `strip_accents` and `lowercase`: text to text.
    tokenizer : callable or None, default=None
        Replaces `token_pattern`: text to a list of words.
    stop_words : "english", list of str or None, default=None
        Words to leave out; windows close over them.
    token_pattern : str or None, default=r"(?u)\\b\\w+\\b"
        Regular expression of a word. Unlike that of `CountVectorizer` it takes words
        of one letter, such as I or many in Korean.
    analyzer : {{"word", "char", "char_wb"}} or callable, default="word"
        A callable replaces all of the above: document to a list of words.
    max_df, min_df : float or int, default=1.0 and 1
        Words in more, or fewer, documents are ignored; a float is a share of all.
    max_features : int or None, default=None
        Learn only so many words, the most frequent; of equally frequent ones those
        that come first in the alphabet.
    vocabulary : mapping of str to int, iterable of str or None, default=None
        Learn these words, whatever their number of occurrences; the limits above are
        then ignored. A mapping gives the row of each word.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Row of each word, the most frequent first.
    embeddings_ : ndarray of shape (n_words, n_components), float32
        The word vectors.
    output_embeddings_ : ndarray of shape (n_words, n_components), float32
        The weights of the output layer.
    word_counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.
    loss_curve_ : list of float
        Mean loss per training pair of each epoch, in nats.
    n_iter_ : int
        Number of epochs.
"""

NOTES = """Notes
    -----
    A document is raw text, or a list of words that is taken as it stands, less the
    stop words.

    The noise of a position is the words of 31 other positions of its update, from
    random places of the corpus, weighted such that they stand for `negative` words
    drawn from the noise distribution. All gradients of an update are taken at the same
    point; the steps of words that occur often in it are limited, so that it stays
    stable.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
    .. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
       "Distributed Representations of Words and Phrases and their Compositionality".
"""


NOTHING_LEARNED = (
    "no word had a context in any epoch, so that the vectors are those of the start: "
    "subsample={} drops frequent words, which in a small corpus are all of them (0 "
    "keeps them), and documents of one word have no contexts."
)


def _documented(cls):
    """Fill in what the docstrings of both estimators share."""
    if cls.__doc__ is not None:  # as it is with python -OO
        parameters = PARAMETERS.format(learning_rate=cls._auto_learning_rate)
        cls.__doc__ = cls.__doc__.format(parameters=parameters, notes=NOTES)
    return cls


Vectorizer = TypeVar("Vectorizer", bound="_Word2VecVectorizer")


class _Word2VecVectorizer(
    ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator
):
    """What both models share: all but the model itself."""

    _cbow: ClassVar[bool]
    _auto_learning_rate: ClassVar[float]

    _parameter_constraints: ClassVar[dict] = {
        "n_components": [Interval(Integral, 1, None, closed="left")],
        "window": [Interval(Integral, 1, None, closed="left")],
        "shrink_windows": ["boolean"],
        "negative": [Interval(Integral, 1, None, closed="left")],
        "ns_exponent": [Interval(Real, None, None, closed="neither")],
        "subsample": [Interval(Real, 0, None, closed="left")],
        "min_count": [Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "learning_rate": [
            Interval(Real, 0, None, closed="neither"),
            StrOptions({"auto"}),
        ],
        "min_learning_rate": [Interval(Real, 0, None, closed="left")],
        "batch_size": [
            Interval(Integral, 1, None, closed="left"),
            StrOptions({"auto"}),
        ],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
        **count_vectorizer_constraints((*ANALYZER_PARAMETERS, *VOCABULARY_PARAMETERS)),
    }

    def __init__(
        self,
        *,
        n_components: int = 100,
        window: int = 5,
        shrink_windows: bool = True,
        negative: int = 5,
        ns_exponent: float = 0.75,
        subsample: float = 1e-3,
        min_count: int = 5,
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
        self.negative = negative
        self.ns_exponent = ns_exponent
        self.subsample = subsample
        self.min_count = min_count
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
        y : None
            Ignored.

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
        self._fit(X)
        return self

    def fit_transform(self, X: Iterable, y: Any = None) -> NDArray[np.float32]:
        """Fit to the documents and average the vectors of their words.

        The same as ``fit(X).transform(X)``, but `X` is read only once.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.
        y : None
            Ignored.

        Returns
        -------
        ndarray of shape (n_documents, n_components), float32
            As of `transform`.
        """
        corpus = self._fit(X)
        return pooling.mean(corpus, self.embeddings_)

    def transform(self, X: Iterable) -> NDArray[np.float32]:
        """Average the vectors of the words of each document.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.

        Returns
        -------
        ndarray of shape (n_documents, n_components), float32
            The mean over the words of the document that are in the vocabulary, each as
            often as it occurs; a row of zeros if there is none. With ``set_output`` a
            DataFrame, which keeps the index of a pandas Series.
        """
        check_is_fitted(self)
        documents = self._analyzer().words(X)
        return pooling.mean(
            corpora.encode(documents, self.vocabulary_), self.embeddings_
        )

    def word_vectors(self) -> WordVectors:
        """The learned words and vectors, to be asked for neighbours.

        Returns
        -------
        WordVectors
        """
        check_is_fitted(self)
        return WordVectors(list(self.vocabulary_), self.embeddings_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @property
    def _n_features_out(self) -> int:
        return self.embeddings_.shape[1]

    def _fit(self, X: Iterable) -> corpora.Corpus:
        """Fit and return the encoded documents."""
        self._check_parameters()
        n_threads = effective_n_jobs(self.n_jobs)
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        corpus, words = self._read(X)
        counts = corpus.counts(len(words))
        hyperparameters = self._hyperparameters(len(corpus.ids))
        embeddings, output = initial_matrices(len(words), self.n_components, seed)
        trainer = Trainer(*corpus, counts, embeddings, output, hyperparameters, seed)
        report = EpochReport(type(self).__name__, self.max_iter, len(corpus.ids))
        losses = trainer.fit(n_threads, report if self.verbose else None)
        if np.isnan(losses).all():
            warnings.warn(NOTHING_LEARNED.format(self.subsample), stacklevel=3)
        # Set together and last: an interrupted fit leaves nothing half done.
        self.vocabulary_ = {word: row for row, word in enumerate(words)}
        self.word_counts_ = counts
        self.embeddings_, self.output_embeddings_ = embeddings, output
        self.loss_curve_ = losses
        self.n_iter_ = len(losses)
        return corpus

    def _check_parameters(self) -> None:
        self._validate_params()
        if self.min_learning_rate > self._start_rate():
            raise ValueError(
                f"min_learning_rate={self.min_learning_rate} must not exceed "
                f"learning_rate={self._start_rate()}."
            )

    def _read(self, X: Iterable) -> tuple[corpora.Corpus, list[str]]:
        """Encode the documents and choose the words."""
        documents = self._analyzer().words(X)
        if self.vocabulary is None:
            corpus, words = corpora.read(documents)
        else:
            words = check_given(self.vocabulary)
            corpus = corpora.encode(documents, {w: row for row, w in enumerate(words)})
        if corpus.n_documents == 0:
            raise ValueError("X holds no documents; at least one is needed.")
        if self.vocabulary is None:
            limits = Limits(self.min_count, self.min_df, self.max_df, self.max_features)
            selected = select(corpus, words, limits)
            return corpus.renumber(selected), [words[i] for i in selected]
        if not len(corpus.ids):
            raise ValueError(
                f"none of the {len(words)} words of vocabulary occurs in the "
                f"{corpus.n_documents} documents."
            )
        return corpus, words

    def _analyzer(self) -> Analyzer:
        return Analyzer(**{name: getattr(self, name) for name in ANALYZER_PARAMETERS})

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


@_documented
class CBOWVectorizer(_Word2VecVectorizer):
    """Documents to averaged word vectors, learned by continuous bag of words [1]_.

    The average of the vectors in a window predicts the word at its centre. With ``u``
    the output weights, ``h`` the average over the ``n`` words of the window, ``w`` the
    word at the centre and ``k`` noise words, each position adds to the loss::

        log(1 + exp(-h @ u[w])) + sum_k log(1 + exp(h @ u[k]))

    The gradient is the exact one, with the 1/n of the average [3]_, so that the
    learning rate is larger than that of programs that leave it out.

    {parameters}

    See Also
    --------
    SkipGramVectorizer : Predicts the window from its centre; better for rare words.

    {notes}    .. [3] Irsoy, O., Benton, A., & Stratos, K. (2021). "Corrected CBOW
       Performs as well as Skip-gram".

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skw2v import CBOWVectorizer
    >>> X = ["I love 피자", "I like 피자", "we hate rain", "we loathe rain"]
    >>> vectorizer = CBOWVectorizer(
    ...     n_components=4, min_count=1, subsample=0, max_iter=50, random_state=0
    ... )
    >>> pipeline = make_pipeline(vectorizer, LogisticRegression())
    >>> pipeline.fit(X, [1, 1, 0, 0]).predict(["love 피자"])
    array([1])
    """

    _cbow = True
    _auto_learning_rate = 0.1


@_documented
class SkipGramVectorizer(_Word2VecVectorizer):
    """Documents to averaged word vectors, learned by skip-gram [1]_ [2]_.

    The vector of the word at the centre of a window predicts each word around it. With
    ``v`` the vector of the centre, ``u`` the output weights, ``c`` a word of the window
    and ``k`` noise words, each pair adds to the loss::

        log(1 + exp(-v @ u[c])) + sum_k log(1 + exp(v @ u[k]))

    {parameters}

    See Also
    --------
    CBOWVectorizer : Predicts the centre from the window; faster.

    {notes}

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skw2v import SkipGramVectorizer
    >>> X = ["I love 피자", "I like 피자", "we hate rain", "we loathe rain"]
    >>> vectorizer = SkipGramVectorizer(
    ...     n_components=4, min_count=1, subsample=0, max_iter=50, random_state=0
    ... )
    >>> pipeline = make_pipeline(vectorizer, LogisticRegression())
    >>> pipeline.fit(X, [1, 1, 0, 0]).predict(["love 피자"])
    array([1])
    """

    _cbow = False
    _auto_learning_rate = 0.03
