"""What counts as a document, and how it becomes tokens."""

import re
from collections.abc import Iterable, Iterator, Mapping
from numbers import Number
from os import PathLike
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.feature_extraction.text import CountVectorizer


def check_collection(X: Iterable) -> None:
    """Refuse what is not a collection of documents.

    Parameters
    ----------
    X : iterable of documents

    Raises
    ------
    TypeError
        `X` is a single document, a table, a mapping, or no iterable at all. These would
        otherwise be read as something else: a str as its characters, a DataFrame as its
        column names.
    """
    problem = None
    if isinstance(X, (str, bytes)):
        problem = f"a single {type(X).__name__}; wrap it in a list: [text]"
    elif isinstance(X, Mapping):
        problem = f"a {type(X).__name__}; pass its values: list(X.values())"
    elif issparse(X):
        problem = "a sparse matrix; pass the raw text, not counts"
    elif len(shape := getattr(X, "shape", (0,))) == 2:
        problem = f"a table of shape {tuple(shape)}; pass one column of text: " + (
            "X['text'], and in a ColumnTransformer 'text', not ['text']"
            if hasattr(X, "columns")
            else "X[:, 0]"
        )
    elif len(shape) != 1:
        problem = f"an array of {len(shape)} dimensions"
    elif not isinstance(X, Iterable):
        problem = f"{X!r} of type {type(X).__name__}"
    if problem:
        raise TypeError(
            f"X must be an iterable of documents, one str each; got {problem}."
        )


class Analyzer:
    """Turns documents into tokens as `CountVectorizer` does.

    Parameters
    ----------
    **parameters
        Text parameters of :class:`~sklearn.feature_extraction.text.CountVectorizer`.

    Attributes
    ----------
    source : {"content", "filename", "file"}
        The parameter `input`.

    Raises
    ------
    ValueError
        `token_pattern` is not a valid regular expression.
    """

    def __init__(self, **parameters: Any) -> None:
        vectorizer = CountVectorizer(**parameters)
        try:
            self._analyze = vectorizer.build_analyzer()
        except re.error as error:
            raise ValueError(
                f"token_pattern={vectorizer.token_pattern!r} is not a valid regular "
                f"expression: {error}."
            ) from error
        self.source = parameters.get("input", "content")
        self._takes_any = callable(parameters.get("analyzer"))
        self._stop_words = vectorizer.get_stop_words() or frozenset()

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
        except UnicodeDecodeError as error:
            raise ValueError(
                f"Document {position} can't be decoded: {error}. Set encoding, or "
                "decode_error='replace'."
            ) from error
        except Exception as error:  # a callable analyzer may be given any document
            if _is_missing(document):
                raise _not_a_document(document, position, self.source) from error
            raise
        if tokens is None:
            raise TypeError(
                f"the analyzer or tokenizer returned None for document {position}; it "
                "must return the tokens, as a list of str."
            )
        return tokens

    def _given_tokens(
        self, document: list | tuple | np.ndarray, position: int
    ) -> list[str]:
        # tolist gives Python's own str instead of NumPy's.
        tokens = document.tolist() if isinstance(document, np.ndarray) else document
        for token in tokens:
            if not isinstance(token, str):
                raise TypeError(
                    f"Document {position} is a {type(document).__name__} and must hold "
                    f"tokens, of type str; got {token!r} of type "
                    f"{type(token).__name__}."
                )
        return [token for token in tokens if token not in self._stop_words]


EXPECTED = {
    "content": "a str, or a list of tokens",
    "filename": "the path of a file, because input='filename'",
    "file": "an open file, because input='file'",
}


def _is_missing(document: Any) -> bool:
    """Return whether a document is None, NaN, NaT or NA."""
    import pandas as pd  # imported here because it is slow, and errors are rare

    return pd.api.types.is_scalar(document) and bool(pd.isna(document))


def _not_a_document(document: Any, position: int, source: str) -> Exception:
    if _is_missing(document):
        return ValueError(
            f"Document {position} is missing ({document!r}); drop it or fill it with "
            "an empty text, for example X.fillna('')."
        )
    convert = source == "content" and isinstance(document, Number)
    return TypeError(
        f"Document {position} must be {EXPECTED[source]}; got {document!r} of type "
        f"{type(document).__name__}{'; convert it with str()' if convert else ''}."
    )
