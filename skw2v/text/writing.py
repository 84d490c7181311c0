"""Tokens to documents, from which the same tokens can be read again."""

from collections.abc import Iterable, Iterator
from itertools import compress, pairwise
from reprlib import repr as shortened

import numpy as np

from ..corpus import Corpus
from .documents import Analyzer, of_python


def noted(documents: Iterable, are_texts: list[bool]) -> Iterator:
    """Yield documents, and note of each whether it is text, or else a list of tokens.

    Parameters
    ----------
    documents : iterable of documents
    are_texts : list of bool
        Extended by a value for each document.
    """
    for document in documents:
        is_text = isinstance(document, str) or not isinstance(
            of_python(document), (list, tuple, np.ndarray)
        )
        are_texts.append(is_text)
        yield document


def write(
    corpus: Corpus,
    words: list[str],
    are_texts: list[bool],
    token_pattern: str | None = None,
) -> list[str | list[str]]:
    """Return the documents of a corpus, as text or as lists of tokens.

    Parameters
    ----------
    corpus : Corpus
    words : list of str
        Word of each id.
    are_texts : list of bool
        Which documents to return as text: its tokens with spaces between.
    token_pattern : str or None, default=None
        What is to cut the text into the same tokens; see :class:`Analyzer`.

    Returns
    -------
    list of str and of lists of str

    Raises
    ------
    ValueError
        `token_pattern` would cut the text into other tokens.
    """
    ids = corpus.ids[:]
    in_texts = np.zeros(len(words), bool)
    in_texts[ids[np.repeat(np.array(are_texts, bool), corpus.lengths)]] = True
    _check_readable([*compress(words, in_texts)], token_pattern)
    tokens = np.array(words, object)[ids].tolist()
    documents = [tokens[i:j] for i, j in pairwise(corpus.offsets.tolist())]
    pairs = zip(documents, are_texts, strict=True)
    return [" ".join(document) if is_text else document for document, is_text in pairs]


def _check_readable(words: list[str], token_pattern: str | None) -> None:
    """Refuse words that can't be read from a text."""
    if token_pattern is None:  # it takes all letters, digits and underscores
        words = [word for word in words if not word.replace("_", "").isalnum()]
    analyzer = Analyzer(token_pattern=token_pattern, lowercase=False)
    (tokens,) = analyzer.tokens([" ".join(words)])
    if tokens == words:
        return
    each = zip(words, analyzer.tokens(words), strict=True)
    word = next((word for word, parts in each if parts != [word]), words[0])
    raise ValueError(
        f"the token {shortened(word)} can't be returned in a text, because "
        f"token_pattern={token_pattern!r}, with which the next step reads it, finds "
        f"{shortened(next(analyzer.tokens([word])))} in it; give the documents as "
        "lists of tokens, or change delimiter, token_pattern or tokenizer."
    )
