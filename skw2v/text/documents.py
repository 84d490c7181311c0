"""What counts as a document, and how it becomes tokens."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from numbers import Number
from os import PathLike
from reprlib import repr as shortened
from typing import Any

import numpy as np

from ..corpus.numbering import number
from .tokens import tokenize


def as_collection(X: Any) -> Iterable:
    """Return a collection of documents; a table of one column is that column.

    Parameters
    ----------
    X : iterable of documents

    Returns
    -------
    iterable of documents

    Raises
    ------
    TypeError
        `X` is a single document, a table of several columns, a mapping, a lazy
        collection of Dask, or not iterable. These would otherwise be read as something
        else: a str as its characters, a DataFrame as its column names.
    """
    # What Dask delays has any attribute, and no shape.
    shape = (0,) if is_lazy(X) else tuple(getattr(X, "shape", (0,)))
    if problem := _problem_of(X, shape):
        raise TypeError(
            f"X must be an iterable of documents, one str each; got {problem}."
        )
    if len(shape) == 2:
        return _only_column(X)
    return X


def is_lazy(X: Any) -> bool:
    """Return whether X is a collection of Dask, or a list of what it delays."""
    one = X[0] if type(X) in (list, tuple) and len(X) else X
    return hasattr(one, "__dask_graph__")


def _problem_of(X: Any, shape: tuple[int, ...]) -> str:
    """Describe why this isn't a collection of documents; return "" if it is one."""
    from scipy.sparse import issparse  # here, because processes that help don't need it

    if isinstance(X, (str, bytes)):
        return f"a single {type(X).__name__}; wrap it in a list: [text]"
    if isinstance(X, Mapping):
        return f"a {type(X).__name__}; pass its values: list(X.values())"
    if issparse(X):
        return "a sparse matrix; pass the raw text, not counts"
    if is_lazy(X):
        return "a lazy collection of Dask; compute it first: X.compute()"
    if len(shape) == 2 and shape[1] != 1:
        return f"a table of shape {shape}; pass one column of text" + (
            ": X['text'], and in a ColumnTransformer 'text', not ['text']"
            if hasattr(X, "columns")
            else ", or X.tolist() if each row holds the tokens of a document"
        )
    if len(shape) not in (1, 2):
        return f"an array of {len(shape)} dimensions"
    if len(shape) == 1 and not isinstance(X, Iterable):
        return f"{shortened(X)} of type {type(X).__name__}"
    return ""


def _only_column(X: Any) -> Iterable:
    """Return the column of a table of pandas, pyarrow, polars or NumPy."""
    if hasattr(X, "iloc"):
        column: Iterable = X.iloc[:, 0]
    elif hasattr(X, "column"):
        column = X.column(0)
    else:
        column = X[:, 0]
    return column


class Analyzer:
    """Turns documents into tokens as `CountVectorizer` does.

    It differs in its default tokens, which `tokenize` describes, and also takes
    documents that are already lists of tokens.

    Parameters
    ----------
    **parameters
        Text parameters of :class:`~sklearn.feature_extraction.text.CountVectorizer`.

    Attributes
    ----------
    source : {"content", "filename", "file"}
        The parameter `input`.
    lowercase : bool
        Whether text is turned to lower case.
    settings : str or None
        Text that is equal if the same documents have the same tokens; None if functions
        of the user make them.

    Raises
    ------
    ValueError
        `token_pattern` is not a valid regular expression.
    """

    def __init__(self, **parameters: Any) -> None:
        # Imported here because it takes processes that help a second, if they need it.
        from sklearn.feature_extraction.text import CountVectorizer

        self.settings = _as_text(parameters)
        for name in CALLED_ON_TEXT:
            if callable(parameters.get(name)):
                parameters[name] = partial(_checked, parameters[name], name)
        given = parameters.get("tokenizer"), parameters.get("token_pattern")
        if given == (None, None) and parameters.get("analyzer", "word") == "word":
            parameters["tokenizer"] = tokenize
        vectorizer = CountVectorizer(**parameters)
        try:
            self._analyze = vectorizer.build_analyzer()
        except re.error as error:
            raise ValueError(
                f"token_pattern={shortened(vectorizer.token_pattern)} is not a valid "
                f"regular expression: {error}."
            ) from error
        if _is_plain(vectorizer):
            self._analyze = partial(
                _plain_tokens,
                lowercase=vectorizer.lowercase,
                decode=(vectorizer.encoding, vectorizer.decode_error),
            )
        self.source = parameters.get("input", "content")
        self._takes_any = callable(parameters.get("analyzer"))
        has_own = self._takes_any or vectorizer.preprocessor is not None
        self.lowercase = vectorizer.lowercase and not has_own
        self._stop_words = vectorizer.get_stop_words() or frozenset()

    def __call__(self, document: Any) -> list[str]:
        """Return the tokens of one document."""
        corpus, words = number(self.tokens([document]))  # checks them
        return [words[i] for i in corpus.ids[:]]

    def tokens(self, documents: Iterable, first: int = 0) -> Iterator[list[str]]:
        """Yield the tokens of each document in turn.

        A document that is already a list or tuple of tokens is taken as it is, except
        for stop words, which are removed.

        Parameters
        ----------
        documents : iterable of documents
        first : int, default=0
            Position of the first document, for error messages.

        Yields
        ------
        list of str

        Raises
        ------
        TypeError
            A document is neither text nor a list of tokens; its position is named.
        ValueError
            A document is missing (None, NaN, NA), or can't be decoded.
        """
        for position, document in enumerate(documents, first):
            if not isinstance(document, str):
                document = of_python(document)
            if self._takes_any or self._is_text(document):
                yield self._analyzed(document, position)
            elif isinstance(document, (list, tuple, np.ndarray)):
                yield self._given_tokens(document, position)
            else:
                raise _not_a_document(document, position, self.source)

    def _is_text(self, document: Any) -> bool:
        """Return whether `CountVectorizer`'s analyzer accepts a document."""
        if self.source == "file":
            return hasattr(document, "read")
        paths = (PathLike,) if self.source == "filename" else ()
        return isinstance(document, (str, bytes, *paths))

    def _analyzed(self, document: Any, position: int) -> list[str]:
        try:
            tokens = self._analyze(document)
            return tokens if type(tokens) is list else _check(tokens, "analyzer")
        except _UnexpectedError as error:
            raise TypeError(str(error).format(position)) from None
        except UnicodeDecodeError as error:
            raise ValueError(
                f"Document {position} can't be decoded: {error}. Set encoding, or "
                "decode_error='replace'."
            ) from error
        except Exception as error:  # a callable analyzer may be given any document
            if _is_missing(document):
                raise _not_a_document(document, position, self.source) from error
            raise

    def _given_tokens(
        self, document: list | tuple | np.ndarray, position: int
    ) -> list[str]:
        # tolist gives Python's own str instead of NumPy's.
        tokens = document.tolist() if isinstance(document, np.ndarray) else document
        for token in tokens:
            if not isinstance(token, str):
                raise TypeError(
                    f"Document {position} is a {type(document).__name__} and must hold "
                    f"tokens, of type str; got {shortened(token)} of type "
                    f"{type(token).__name__}."
                )
        return [token for token in tokens if token not in self._stop_words]


# Functions of the user whose results `CountVectorizer` passes on to others, to which
# they could be something else: to the removal of stop words, a str is its letters.
CALLED_ON_TEXT = "strip_accents", "preprocessor", "tokenizer"


class _UnexpectedError(TypeError):
    """A function of the user has returned something of the wrong type."""


def _checked(function: Callable[[Any], Any], name: str, argument: Any) -> Any:
    """Call a function of the user, and check what it returns."""
    return _check(function(argument), name)


def _check(result: Any, name: str) -> Any:
    """Return a text, or tokens of an analyzer or tokenizer; refuse anything else."""
    is_expected = isinstance(result, str)
    if name in ("analyzer", "tokenizer"):
        # Of a mapping one would read the keys, and a set has no order.
        unsuitable = str, bytes, Mapping, set, frozenset, type(None)
        is_expected = type(result) is list or not isinstance(result, unsuitable)
        name = "analyzer or tokenizer"
    if is_expected:
        return result
    what = "None" if result is None else f"a {type(result).__name__}"
    needed = (
        "the tokens, as a list of str" if "tokenizer" in name else "a text, as a str"
    )
    raise _UnexpectedError(
        f"the {name} returned {what} for document {{}}; it must return {needed}."
    )


def _as_text(parameters: dict[str, Any]) -> str | None:
    """Return parameters as text, or None if they are more than plain data."""
    try:
        return json.dumps(parameters, sort_keys=True)
    except TypeError:
        return None


def _is_plain(vectorizer: Any) -> bool:
    """Return whether a `CountVectorizer` does no more than `_plain_tokens`."""
    needless = "strip_accents", "preprocessor", "stop_words"
    return (
        vectorizer.tokenizer is tokenize
        and vectorizer.input == "content"
        and vectorizer.ngram_range == (1, 1)
        and all(getattr(vectorizer, name) is None for name in needless)
    )


def _plain_tokens(
    document: str | bytes, lowercase: bool, decode: tuple[str, str]
) -> list[str]:
    """Do what the default analyzer does, without importing scikit-learn."""
    text = document.decode(*decode) if isinstance(document, bytes) else document
    return tokenize(text.lower() if lowercase else text)


EXPECTED = {
    "content": "a str, or a list of tokens",
    "filename": "the path of a file, because input='filename'",
    "file": "an open file, because input='file'",
}


def ngrams_of(analyzer: Any) -> tuple[int, int]:
    """Return the `ngram_range` of an analyzer that a `CountVectorizer` has built.

    Parameters
    ----------
    analyzer : str or callable

    Returns
    -------
    tuple of (int, int)
        (1, 1) for any other analyzer.
    """
    if not isinstance(analyzer, partial):
        return 1, 1
    vectorizer = getattr(analyzer.keywords.get("ngrams"), "__self__", None)
    return getattr(vectorizer, "ngram_range", (1, 1))


def of_python(document: Any) -> object:
    """Return a scalar of pyarrow, or a list of polars, as an object of Python."""
    if hasattr(document, "as_py"):
        return document.as_py()
    if type(document).__module__.startswith("polars"):
        return document.to_list()
    return document


def _is_missing(document: Any) -> bool:
    """Return whether a document is None, NaN, NaT or NA."""
    import pandas as pd  # imported here because it is slow, and errors are rare

    return pd.api.types.is_scalar(document) and bool(pd.isna(document))


def _not_a_document(document: Any, position: int, source: str) -> Exception:
    if _is_missing(document):
        return ValueError(
            f"Document {position} is missing ({document!r}); drop it, or replace it "
            "with an empty text, in a column of pandas by X.fillna('')."
        )
    convert = source == "content" and isinstance(document, Number)
    return TypeError(
        f"Document {position} must be {EXPECTED[source]}; got {shortened(document)} of "
        f"type {type(document).__name__}{'; convert it with str()' if convert else ''}."
    )
