r"""Folders that model2vec and sentence-transformers load: a tokenizer and a matrix.

The tokenizer is one of Hugging Face's `tokenizers`, as JSON. Both libraries average the
rows of the tokens that it finds, but only model2vec leaves out an unknown token. So
there must be none: each word is preceded by a space, and the model is of byte pairs
without merges, which takes a token whole or finds nothing of it.
"""

import json
import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..atomic import atomic_write
from ..text.documents import Analyzer
from ..text.tokens import following_letters
from ..vectorizers.base import PoolingVectorizer
from .tensors import write_tensors

RUNS = re.compile(
    r"(?:\(\?u\))?(?:(?:\\b)?(?P<words>(?:\\w)+)\+(?:\\b)?|(?P<others>(?:\\S)+)\+)"
)
# What can't be done in such a folder, unless it has the value that does nothing.
NEUTRAL = {"strip_accents": None, "analyzer": "word", "ngram_range": [1, 1]}
# Python gives a Greek capital sigma at the end of a word another lower case.
FINAL_SIGMA = r"(?<=[\p{L}\p{M}])\x{3A3}(?!['\x{2019}]?\p{M}*\p{L})"
SURROGATES = re.compile("[\ud800-\udfff]")  # which are no text in other libraries
SPACE_BEFORE = {
    "type": "Metaspace",
    "replacement": " ",
    "prepend_scheme": "always",
    "split": False,
}
BYTE_PAIRS: dict[str, Any] = {
    "type": "BPE",
    "unk_token": None,
    "merges": [],
    "ignore_merges": True,
}
CONFIG = {
    "model_type": "model2vec",
    "architectures": ["StaticModel"],
    "embedding_dtype": "float32",
    "max_length": None,  # texts are read whole
}
MODULES = "sentence_transformers.models."


def write_model2vec(
    vectorizer: PoolingVectorizer,
    folder: str | os.PathLike[str],
    *,
    normalize: bool = False,
) -> None:
    r"""Write a vectorizer for model2vec and for sentence-transformers.

    `StaticModel.from_pretrained` of model2vec loads the folder, and so does
    `SentenceTransformer`, as a `StaticEmbedding`. Both then give a text the vector that
    `transform` gives it, tokens included, up to the rounding of float32.

    Parameters
    ----------
    vectorizer : CBOWVectorizer, SkipGramVectorizer or PretrainedVectorizer
        Fitted, with ``pooling="mean"``, and without subwords.
    folder : str or path-like
        It is created if there is none. Files of the same names are replaced.
    normalize : bool, default=False
        Whether vectors have length 1, as after a `Normalizer`. Needed if `weighting` is
        not "uniform", because both libraries divide by the number of tokens, not by the
        sum of their weights.

    Raises
    ------
    OSError
        A file can't be written.
    sklearn.exceptions.NotFittedError
        The vectorizer is not fitted.
    TypeError
        `vectorizer` is something else.
    ValueError
        The libraries can't do what the vectorizer does: it pools otherwise, has weights
        without `normalize`, composes unknown words, removes accents, or cuts text by a
        function or a pattern other than ``\w+``, ``\S+`` and the like. Nothing is
        written.

    See Also
    --------
    skw2v.save : Store a vectorizer for this library.

    Notes
    -----
    Stop words, and words that no text gives, such as those with capitals if texts are
    turned to lower case, are left out. Before version 0.10, model2vec reads only the
    first 512 tokens of a text unless it is told ``encode(texts, max_length=None)``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from skw2v import PretrainedVectorizer, WordVectors
    >>> from skw2v.io import write_model2vec
    >>> vectors = WordVectors(["love", "피자"], [[1, 0], [0, 1]])
    >>> folder = Path(mkdtemp())
    >>> write_model2vec(PretrainedVectorizer(vectors), folder)
    >>> sorted(path.name for path in folder.iterdir())
    ['config.json', 'model.safetensors', 'modules.json', 'tokenizer.json']
    """
    parameters = _text_parameters(vectorizer)
    pattern = _pattern(parameters.get("token_pattern"))
    vocabulary, vectors = _weighted(vectorizer, normalize)
    words = _possible(vocabulary, parameters)
    rows = vectors[[vocabulary[word] for word in words]]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(folder / "model.safetensors", {"embeddings": rows}, {})
    contents = {
        "tokenizer": _tokenizer(words, pattern, parameters["lowercase"]),
        "config": CONFIG | {"normalize": normalize},
        "modules": _modules(normalize),
    }
    for name, content in contents.items():
        with atomic_write(folder / f"{name}.json") as file:
            file.write(json.dumps(content, indent=1).encode())


def _text_parameters(vectorizer: PoolingVectorizer) -> dict[str, Any]:
    """Return how text becomes tokens, and refuse what the folder can't do."""
    if not isinstance(vectorizer, PoolingVectorizer):
        raise TypeError(
            "expected a fitted CBOWVectorizer, SkipGramVectorizer or "
            "PretrainedVectorizer, such as PretrainedVectorizer(vectors); got "
            f"{shortened(vectorizer)} of type {type(vectorizer).__name__}."
        )
    analyzer = vectorizer.build_analyzer()
    settings = analyzer.settings if isinstance(analyzer, Analyzer) else None
    if settings is None:
        raise ValueError(
            "the folder holds no code, so the analyzer, tokenizer, preprocessor and "
            r"strip_accents can't be functions; token_pattern=r'\S+' takes tokens with "
            "spaces between them."
        )
    parameters = json.loads(settings)
    for name, neutral in NEUTRAL.items():
        if (value := parameters.get(name, neutral)) != neutral:
            raise ValueError(
                f"the folder can't do {name}={value!r}; set {name}={neutral!r}, and "
                "give it texts that are prepared in this way."
            )
    return parameters


def _weighted(
    vectorizer: PoolingVectorizer, normalize: bool
) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return the row of each word, and the rows times their weights."""
    vocabulary, vectors = vectorizer._table()
    fitted, features = vectorizer._features()
    if fitted["pooling"] != ["mean"]:
        raise ValueError(
            f"the folder can only average vectors; got pooling={vectorizer.pooling!r}."
        )
    if fitted["weighting"] != "uniform" and not normalize:
        raise ValueError(
            f"weighting={fitted['weighting']!r} divides by the sum of the weights, and "
            "the folder by the number of tokens; normalize=True makes them the same."
        )
    if vectorizer._pieces() is not None:
        raise ValueError(
            "the folder can't compose unknown words of their pieces; to leave these "
            "out, write PretrainedVectorizer(WordVectors(table.words, table.vectors))."
        )
    return vocabulary, vectors * features.weights[:, None]


def _possible(vocabulary: Iterable[str], parameters: dict[str, Any]) -> list[str]:
    """Return the words that texts can have as their tokens."""
    texts = [word for word in vocabulary if not SURROGATES.search(word)]
    analyzer = Analyzer(**parameters | {"input": "content"})
    pairs = zip(texts, analyzer.tokens(texts), strict=True)
    words = [word for word, tokens in pairs if tokens == [word]]
    if not words:
        raise ValueError("no text has any of the words as its token.")
    return words


def _pattern(token_pattern: str | None) -> str:
    r"""Return the pattern of a token.

    Its classes list their characters, because in other libraries ``\w`` has others.
    """
    if token_pattern is None:
        return _characters(r"[\w]") + _characters(following_letters()) + "*"
    if not (runs := RUNS.fullmatch(token_pattern)):
        raise ValueError(
            r"the folder can only find tokens by None, r'\w+', r'\S+', or the like, "
            f"such as r'(?u)\\b\\w\\w+\\b'; got token_pattern={token_pattern!r}."
        )
    kind = runs["words"] or runs["others"]
    return _characters(f"[{kind[:2]}]") + f"{{{len(kind) // 2},}}"


@cache
def _characters(of_class: str) -> str:
    """Return a class of Python's regular expressions as ranges of characters."""
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    ranges = (
        (ord(run[0][0]), ord(run[0][-1])) for run in re.finditer(f"{of_class}+", text)
    )
    listed = (rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in ranges)
    return f"[{''.join(listed)}]"


def _tokenizer(words: list[str], pattern: str, lowercase: bool) -> dict[str, Any]:
    """Return the tokenizer in the format of `tokenizers`."""
    lower = [
        {"type": "Replace", "pattern": {"Regex": FINAL_SIGMA}, "content": "ς"},
        {"type": "Lowercase"},
    ]
    split = {"type": "Split", "pattern": {"Regex": pattern}}
    steps = [split | {"behavior": "Removed", "invert": True}, SPACE_BEFORE]
    vocabulary = {f" {word}": row for row, word in enumerate(words)}
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": lower if lowercase else []},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "model": BYTE_PAIRS | {"vocab": vocabulary},
    }


def _modules(normalize: bool) -> list[dict[str, object]]:
    """Return the modules of sentence-transformers."""
    modules = {"StaticEmbedding": "."}
    if normalize:
        modules["Normalize"] = "1_Normalize"
    return [
        {"idx": i, "name": str(i), "path": path, "type": MODULES + name}
        for i, (name, path) in enumerate(modules.items())
    ]
