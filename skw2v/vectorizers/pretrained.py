"""A vectorizer with vectors that were learned elsewhere."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Tags

from ..word_vectors import WordVectors
from .base import AveragingVectorizer
from .parameters import ANALYZER_PARAMETERS, CONSTRAINTS

Vectorizer = TypeVar("Vectorizer", bound="PretrainedVectorizer")


class PretrainedVectorizer(AveragingVectorizer):
    """Transformer of documents to averages of given word vectors.

    The vectors may be those of GloVe or fastText, for example. There is nothing to
    learn: `transform` works without `fit`.

    Parameters
    ----------
    vectors : WordVectors
        Made from any matrix, or read by `skw2v.io`. Neither the constructor nor
        ``clone`` copies it.
    n_jobs : int or None, default=None
        Processes for documents that take more than a moment to read; see
        `SkipGramVectorizer`.
    input, encoding, decode_error, strip_accents, lowercase, preprocessor, tokenizer, \
stop_words, token_pattern, analyzer : default as in `SkipGramVectorizer`
        How documents become tokens: choose what was done for `vectors`. The words of
        GloVe are in lower case, as is the default; ``lowercase=False`` finds words with
        capitals.

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
        **{name: CONSTRAINTS[name] for name in ("n_jobs", *ANALYZER_PARAMETERS)},
    }

    def __init__(
        self,
        vectors: WordVectors,
        *,
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
        """Check the parameters.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            Ignored.
        y : None
            Ignored.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            A parameter has a value that isn't allowed.
        """
        self._validate_params()
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

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        return tags
