"""A transformer that joins the words of phrases, ahead of a vectorizer."""

from collections.abc import Callable, Iterable
from numbers import Real
from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from ..corpus.words import as_words
from ..text.documents import as_collection
from ..text.neighbors import Neighbors
from ..text.pairs import Pairs
from ..text.phrases import ENGLISH_CONNECTORS, SCORINGS, Collocations
from ..text.reading import read
from ..text.writing import noted, write
from .compat import Interval, StrOptions
from .parameters import ANALYZER_PARAMETERS, CONSTRAINTS
from .text_transformer import TextTransformer

if TYPE_CHECKING:
    import pandas as pd

Detector = TypeVar("Detector", bound="PhraseDetector")
JoinedDocuments: TypeAlias = "list[str | list[str]] | pd.Series"

THRESHOLDS = {"npmi": 0.5, "default": 10.0}  # "auto"


class PhraseDetector(TextTransformer, auto_wrap_output_keys=None):
    """Transformer that joins words which belong together, such as "new_york".

    It stands ahead of a vectorizer, which then learns a vector for each phrase. `fit`
    counts pairs of neighboring words, and a pair with a score above `threshold` is a
    phrase [1]_. With ``n(ab)`` the number of times that the words a and b are
    neighbors, and ``p`` the share of that, and of ``n(a)`` and ``n(b)``, in all
    tokens, the scores are ::

        npmi        log(p(ab) / (p(a) * p(b))) / -log(p(ab))
        default     (n(ab) - min_count) / (n(a) * n(b)) * n_ngrams

    The first, normalized pointwise mutual information [2]_, is 1 for words that only
    occur together, and 0 for words that are neighbors by chance. The second depends on
    the size of the corpus: ``n_ngrams`` is the number of distinct words and pairs. Both
    are those of gensim's ``Phrases``.

    Documents are joined from left to right, and each token once. Two detectors, one
    after the other, find phrases of up to four words.

    Parameters
    ----------
    min_count : int, default=5
        Minimum number of times that a phrase occurs.
    threshold : float or "auto", default="auto"
        The score of a phrase is above it: from -1 to 1 for "npmi", above 0 for
        "default". Higher values give fewer phrases. "auto" is 0.5 and 10.
    scoring : {"npmi", "default"}, default="npmi"
        How pairs are scored; see above.
    delimiter : str, default="_"
        What joins the words of a phrase. Text, unlike lists of tokens, needs one that
        the next step takes for a part of a word.
    connector_words : "english", list of str or None, default=None
        Words that may stand within a phrase, but not at its ends, as in
        "bank_of_america". "english" are the articles, prepositions and conjunctions
        that gensim has as ``ENGLISH_CONNECTOR_WORDS``.
    n_jobs : int or None, default=None
        Processes for documents that take more than a moment to read; see
        `SkipGramVectorizer`.
    input, encoding, decode_error, strip_accents, lowercase, preprocessor, tokenizer, \
stop_words, token_pattern, analyzer : default as in `SkipGramVectorizer`
        How documents become tokens. The next step then needs none of these parameters,
        except the same `token_pattern` if one is given, and ``lowercase=False`` if
        capitals are to be kept.

    Attributes
    ----------
    phrases_ : dict of str to float
        The phrases, as they are joined, and their scores, in decreasing order.
    threshold_ : float
        The threshold that was used.
    connector_words_ : list of str
        The connector words that were used.
    delimiter_ : str
        The delimiter that was used.
    pair_words_, pair_links_ : lists of str
        The words of all pairs that occur at least `min_count` times, and what is
        between two words when they are joined, such as "_" or "_of_".
    pairs_ : ndarray of shape (n_pairs, 3), int64
        These pairs, as the number of the first word, of the link, and of the last word.
    pair_scores_ : ndarray of shape (n_pairs,), float64
        Their scores.
    ngram_hashes_, ngram_counts_ : ndarrays of shape (n_ngrams,), int64
        Hashes of all words and joined pairs so far, in increasing order, and how often
        they have occurred. So `partial_fit` can find a pair that is rare in each batch.
    n_tokens_ : int
        Number of all tokens so far.

    See Also
    --------
    SkipGramVectorizer, CBOWVectorizer : Learn vectors of words and phrases.

    Notes
    -----
    A pair counts as the token that joins it: where "new_york" is a token of the
    documents, it adds to the pair, as in gensim, and "npmi" may be above 1. Two
    different strings have the same hash, and so are counted together, with a
    probability of 3 in a million if there are ten million of them.

    The program word2phrase of word2vec scores with the number of tokens instead of
    ``n_ngrams``, so its threshold, times ``len(ngram_counts_) / n_tokens_``, is that of
    "default". Unlike these two programs, a detector forgets no rare pair when there are
    many.

    References
    ----------
    .. [1] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
       "Distributed Representations of Words and Phrases and their Compositionality".
    .. [2] Bouma, G. (2009). "Normalized (Pointwise) Mutual Information in Collocation
       Extraction".

    Examples
    --------
    >>> from skw2v import PhraseDetector
    >>> texts = ["I love New York", "New York is big", "a big apple, a new day"]
    >>> detector = PhraseDetector(min_count=2).fit(texts)
    >>> detector.phrases_
    {'new_york': 0.7...}
    >>> detector.transform(["A day in New York!"])
    ['a day in new_york']
    >>> detector.transform([["love", "new", "york"]])
    [['love', 'new_york']]
    """

    _learned = ("phrases_", "pairs_", "ngram_hashes_", "ngram_counts_")

    _parameter_constraints: ClassVar[dict[str, list]] = {
        "min_count": CONSTRAINTS["min_count"],
        "threshold": [
            Interval(Real, None, None, closed="neither"),
            StrOptions({"auto"}),
        ],
        "scoring": [StrOptions(SCORINGS.keys())],
        "delimiter": [str],
        "connector_words": [StrOptions({"english"}), list, None],
        **{name: CONSTRAINTS[name] for name in ("n_jobs", *ANALYZER_PARAMETERS)},
    }

    phrases_: dict[str, float]
    threshold_: float
    connector_words_: list[str]
    delimiter_: str
    pair_words_: list[str]
    pair_links_: list[str]
    pairs_: NDArray[np.int64]
    pair_scores_: NDArray[np.float64]
    ngram_hashes_: NDArray[np.int64]
    ngram_counts_: NDArray[np.int64]
    n_tokens_: int

    def __init__(
        self,
        *,
        min_count: int = 5,
        threshold: float | str = "auto",
        scoring: str = "npmi",
        delimiter: str = "_",
        connector_words: str | list[str] | None = None,
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
        self.min_count = min_count
        self.threshold = threshold
        self.scoring = scoring
        self.delimiter = delimiter
        self.connector_words = connector_words
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

    def fit(self: Detector, X: Iterable, y: Any = None) -> Detector:
        """Find the phrases of documents.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            Raw documents, or documents that are already split into tokens. It is read
            once, so a generator is enough.
        y : None
            Ignored.

        Returns
        -------
        self : object

        Raises
        ------
        TypeError
            `X` is not a collection of documents, or a document is neither text nor a
            list of tokens, or a connector word is not a str.
        ValueError
            A parameter is out of its range, a document is missing, or there is none.
        """
        before = self._nothing()
        self._learn(before, self._read(X, before)[0])
        return self

    def partial_fit(self: Detector, X: Iterable, y: Any = None) -> Detector:
        """Find the phrases of all documents so far, and of further ones.

        The result is that of `fit` with all documents at once. One case differs: a pair
        that only reaches `min_count` with later tokens that contain the delimiter, such
        as "new_york", has to occur again.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.
        y : None
            Ignored.

        Returns
        -------
        self : object
            After an error it is unchanged.

        Raises
        ------
        TypeError
            See `fit`.
        ValueError
            See `fit`; or `delimiter` or `connector_words` was changed.
        """
        before = self._nothing()
        if hasattr(self, "pairs_"):
            self._check_unchanged(before)
            before = self._known()
        self._learn(before, self._read(X, before)[0])
        return self

    def fit_transform(self, X: Iterable, y: Any = None) -> JoinedDocuments:
        """Find the phrases of documents, and join them.

        The same as ``fit(X).transform(X)``, but `X` is read only once.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.
        y : None
            Ignored.

        Returns
        -------
        list of str, of lists of str, or Series
            See `transform`.
        """
        before = self._nothing()
        neighbors, are_texts = self._read(X, before)
        self._learn(before, neighbors)
        return self._joined(neighbors, are_texts, X)

    def transform(self, X: Iterable) -> JoinedDocuments:
        """Join the phrases of documents.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`.

        Returns
        -------
        list of str, of lists of str, or Series
            Text for each document that is text: its tokens, with spaces between; a list
            for each that is a list of tokens. For a pandas Series another one with the
            same index.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The detector is not fitted.
        TypeError
            See `fit`.
        ValueError
            A document is missing; or the next step would cut a token of a text into
            others, for example because of `delimiter`.
        """
        check_is_fitted(self)
        return self._joined(*self._read(X, self._known()), X)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the name of the column of text, for a Pipeline that asks each step.

        Parameters
        ----------
        input_features : array-like of str or None
            The name of the column; None is "text".

        Returns
        -------
        ndarray of shape (1,), str

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The detector is not fitted.
        """
        check_is_fitted(self)
        names = ["text"] if input_features is None else input_features
        return np.asarray(names, dtype=object)

    def set_output(self: Detector, *, transform: str | None = None) -> Detector:
        """Do nothing: documents aren't put into a table, as the next step needs them.

        Parameters
        ----------
        transform : {"default", "pandas", "polars"} or None
            Ignored; a Pipeline passes it to each of its steps.

        Returns
        -------
        self : object
        """
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _threshold(self) -> float:
        """Check the parameters, and return the threshold."""
        self._validate_params()
        if isinstance(self.threshold, str):
            return THRESHOLDS[self.scoring]
        if self.scoring == "npmi" and abs(self.threshold) > 1:
            raise ValueError(
                f"threshold={self.threshold} must be from -1 to 1, as the scores of "
                "scoring='npmi' are; lower it, or set scoring='default'."
            )
        if self.scoring == "default" and self.threshold <= 0:
            raise ValueError(
                f"threshold={self.threshold} must be above 0 with scoring='default'."
            )
        return float(self.threshold)

    def _nothing(self) -> Collocations:
        """Return what is known before the first documents."""
        self._threshold()
        if self.connector_words == "english":
            return Collocations.none(ENGLISH_CONNECTORS, self.delimiter)
        connectors = as_words(self.connector_words or (), "connector_words")
        return Collocations.none(connectors, self.delimiter)

    def _known(self) -> Collocations:
        """Return what the fitted attributes hold."""
        return Collocations(
            self.connector_words_,
            self.delimiter_,
            Pairs(self.pair_words_, self.pair_links_, *self.pairs_.T),
            self.ngram_hashes_,
            self.ngram_counts_,
            self.n_tokens_,
        )

    def _check_unchanged(self, given: Collocations) -> None:
        """Refuse other delimiters and connectors than those that were fitted."""
        for name, now, fitted in (
            ("delimiter", given.delimiter, self.delimiter_),
            ("connector_words", given.connectors, self.connector_words_),
        ):
            if now != fitted:
                raise ValueError(
                    f"{name} was changed after fit, and pairs were counted with "
                    f"{shortened(fitted)}; set it back, or call fit."
                )

    def _read(self, X: Iterable, known: Collocations) -> tuple[Neighbors, list[bool]]:
        """Read documents; return their neighboring tokens, and which are text."""
        are_texts: list[bool] = []
        documents = noted(as_collection(X), are_texts)
        n_jobs = effective_n_jobs(self.n_jobs)
        corpus, words = read(self._reader(), documents, n_jobs)
        connectors = set(known.connectors)
        return Neighbors.of(corpus, words, connectors, known.delimiter), are_texts

    def _learn(self, before: Collocations, neighbors: Neighbors) -> None:
        """Set the fitted attributes, together."""
        if not neighbors.corpus.n_documents:
            raise ValueError("X has no documents to find phrases in.")
        known, threshold = before.plus(neighbors, self.min_count), self._threshold()
        pairs, scores = known.pairs, known.scores(self.scoring, self.min_count)
        self.__dict__.update(
            phrases_=phrases_of(pairs, scores, threshold),
            threshold_=threshold,
            connector_words_=known.connectors,
            delimiter_=known.delimiter,
            pair_words_=pairs.words,
            pair_links_=pairs.links,
            pairs_=np.column_stack([pairs.first, pairs.link, pairs.last]),
            pair_scores_=scores,
            ngram_hashes_=known.hashes,
            ngram_counts_=known.counts,
            n_tokens_=known.n_tokens,
        )

    def _joined(
        self, neighbors: Neighbors, are_texts: list[bool], X: Iterable
    ) -> JoinedDocuments:
        """Return documents with joined phrases; `X` has the index of a Series."""
        phrases = self._known().pairs[self.pair_scores_ > self.threshold_]
        numbers = phrases.places_of(neighbors.pairs)
        corpus, words = neighbors.joined(numbers, phrases.names())
        documents = write(corpus, words, are_texts, self.token_pattern)
        column: Any = as_collection(X)
        if not hasattr(column, "iloc"):
            return documents
        return type(column)(documents, index=column.index, name=column.name)


def phrases_of(
    pairs: Pairs, scores: NDArray[np.float64], threshold: float
) -> dict[str, float]:
    """Return the phrases and their scores, in decreasing order, and then by name.

    Parameters
    ----------
    pairs : Pairs
    scores : ndarray of shape (n_pairs,), float64
    threshold : float
    """
    found = scores > threshold
    named = zip(scores[found].tolist(), pairs[found].names(), strict=True)
    # Of two pairs that are joined to the same token, the better one is the last.
    best = {name: score for score, name in sorted(named)}
    return dict(sorted(best.items(), key=lambda item: (-item[1], item[0])))
