"""Warnings and messages about settings that don't do what they seem to do."""

import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from inspect import Parameter
from reprlib import repr as shortened

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from ..corpus import Corpus
from ..exceptions import LowCoverageWarning
from ..text.documents import ngrams_of
from ..training.hyperparameters import (
    SUBSAMPLE,
    auto_batch_size,
    auto_learning_rate,
    auto_max_iter,
    auto_subsample,
)
from ..training.model import Model
from ..training.sampling import keep_probability
from ..word_vectors import WordVectors
from ..word_vectors.cosines import lengths_of
from .progress import Training

# Shares from which a warning says that tokens, or documents, have no vector.
MANY_TOKENS, MANY_DOCUMENTS = 0.5, 0.1
FEW_PAIRS = 10  # training pairs per word, where subsampling drops most tokens
HARDLY_LESS = 0.97  # ratio of the last loss to the first, where nothing was learned
NEARLY_ALIKE = 0.9  # mean cosine of vectors that don't tell words apart

# What gensim's Word2Vec calls some of the parameters.
GENSIM = {
    "alpha": "learning_rate",
    "batch_words": "batch_size",
    "epochs": "max_iter",
    "hs": "loss",
    "iter": "max_iter",
    "max_final_vocab": "max_features",
    "max_vocab_size": "max_features",
    "min_alpha": "min_learning_rate",
    "sample": "subsample",
    "seed": "random_state",
    "size": "n_components",
    "vector_size": "n_components",
    "workers": "n_jobs",
}


def check_names(cls: type, names: Iterable[str], known: Collection[str]) -> None:
    """Refuse unknown parameters of a class, and name similar ones.

    Parameters
    ----------
    cls : type
    names : iterable of str
    known : collection of str
        The parameters that the class has.

    Raises
    ------
    TypeError
        A name is not known.
    """
    for name in names:
        if name in known:
            continue
        similar = [GENSIM.get(name), *get_close_matches(name, known)]
        hint = next((f"did you mean {s!r}?" for s in similar if s in known), None)
        if name == "sg":
            hint = "choose SkipGramVectorizer or CBOWVectorizer instead."
        raise TypeError(
            f"{cls.__name__} has no parameter {shortened(name)}; "
            f"{hint or 'see its docstring.'}"
        )


def check_positions(
    cls: type, given: Sequence[object], known: Iterable[Parameter]
) -> None:
    """Refuse arguments without names, other than those that the class takes.

    Parameters
    ----------
    cls : type
    given : sequence of object
        Arguments without names.
    known : iterable of Parameter

    Raises
    ------
    TypeError
        There are too many of them.
    """
    kinds = [each.kind for each in known]
    n_allowed = kinds.count(Parameter.POSITIONAL_OR_KEYWORD)
    if Parameter.VAR_POSITIONAL not in kinds and len(given) > n_allowed:
        raise TypeError(
            f"{cls.__name__} takes {n_allowed or 'no'} positional "
            f"argument{'' if n_allowed == 1 else 's'}; got "
            f"{shortened(given[n_allowed])}: parameters need names, and documents "
            "belong to fit."
        )


def warn_of_unknown_tokens(
    corpus: Corpus, words: Collection[str], lowercase: bool
) -> bool:
    """Warn if many tokens, or documents, have no vector.

    Parameters
    ----------
    corpus : Corpus
    words : collection of str
        Words that have vectors.
    lowercase : bool

    Returns
    -------
    bool
        Whether it warned.
    """
    n_tokens = corpus.n_tokens + int(np.sum(corpus.n_dropped))
    empty = (corpus.lengths == 0) & (np.asarray(corpus.n_dropped) > 0)
    n_unknown, n_empty = n_tokens - corpus.n_tokens, np.count_nonzero(empty)
    few_tokens = n_unknown <= MANY_TOKENS * n_tokens
    if few_tokens and n_empty <= MANY_DOCUMENTS * corpus.n_documents:
        return False
    message = (
        f"{n_unknown:,} of {n_tokens:,} tokens have no vector, and {n_empty:,} of "
        f"{corpus.n_documents:,} documents have none at all, so their rows are zeros; "
        "coverage(X) gives the share of each document."
    )
    n_capitals = sum(word != word.lower() for word in words) if lowercase else 0
    if n_capitals:
        message += (
            f" lowercase=True turns documents to lower case, but {n_capitals:,} of the "
            f"{len(words):,} words have capitals."
        )
    warnings.warn(message, LowCoverageWarning, stacklevel=5)
    return True


class Lookup:
    """The rows of words; it notes words in lower case that have one only with capitals.

    Parameters
    ----------
    rows : mapping of str to int
    """

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows
        self._lost: dict[str, str] = {}

    def get(self, word: str, default: int) -> int:
        """Return the row of a word."""
        row = self._rows.get(word, default)
        if row == default:
            for form in (word.capitalize(), word.upper()):
                if form in self._rows:
                    self._lost.setdefault(word, form)
        return row

    def warn(self) -> None:
        """Warn of the words that were noted."""
        if not self._lost:
            return
        word, form = next(iter(self._lost.items()))
        warnings.warn(
            f"words of the documents, such as {shortened(word)}, have a vector only "
            f"with capitals, as {shortened(form)} ({len(self._lost):,} in all); "
            "lowercase=True turns documents to lower case, lowercase=False does not.",
            LowCoverageWarning,
            stacklevel=5,
        )


def warn_of_capitals(words: list[str], counts: NDArray[np.int64]) -> None:
    """Warn of words that ``lowercase=True`` keeps from being found.

    Parameters
    ----------
    words : list of str
    counts : ndarray of shape (n_words,), int64
    """
    found = zip(words, counts, strict=True)
    lost = [word for word, n in found if not n and word != word.lower()]
    if lost:
        warnings.warn(
            f"{len(lost):,} of the {len(words):,} words have capitals, such as "
            f"{shortened(lost[0])}, and occur in no document, because lowercase=True "
            "turns documents to lower case.",
            stacklevel=8,
        )


def warn_of_lost_vectors(init: WordVectors | dict[str, int], words: list[str]) -> None:
    """Warn if words of `init` are not to be learned.

    Parameters
    ----------
    init : WordVectors, or the vocabulary of a vectorizer
    words : list of str
        The words to be learned.
    """
    no_outputs = "; the output weights start at zero"
    if n_lost := len(set(init) - set(words)):
        warnings.warn(
            f"{n_lost:,} of the {len(init):,} words of init are not among the "
            f"{len(words):,} words to be learned, and their vectors are not used"
            f"{no_outputs if isinstance(init, WordVectors) else ''}.",
            stacklevel=8,
        )


def warn_of_ngrams(*callables: object) -> None:
    """Warn of an analyzer that a `CountVectorizer` with n-grams has built."""
    for ngrams in map(ngrams_of, callables):
        if ngrams == (1, 1):
            continue
        warnings.warn(
            f"the analyzer returns n-grams {ngrams} ordered by their length, so "
            "windows over them are meaningless; build it with ngram_range=(1, 1).",
            stacklevel=8,
        )


def warn_of_poor_vectors(trainer: Training, losses: list[float]) -> None:
    """Warn if training has learned next to nothing, or dropped most of a toy corpus.

    Parameters
    ----------
    trainer : Trainer or RoundTrainer
        After its training.
    losses : list of float
        Mean loss of each epoch.
    """
    counts, h = trainer.model.counts, trainer.model.hyperparameters
    dropped = float(1 - counts @ keep_probability(counts, h.subsample) / counts.sum())
    if trainer.n_trained < len(counts) * (FEW_PAIRS if dropped > 0.5 else 1):
        _warn_of_random_vectors(trainer, dropped)
        return
    n_tokens = trainer.n_tokens
    if found := _sign_of_failure(trainer, losses):
        warnings.warn(
            f"training on {n_tokens:,} tokens has learned next to nothing: {found}; "
            f"{_remedy(trainer.model, n_tokens, dropped)}.",
            ConvergenceWarning,
            stacklevel=4,
        )
    elif dropped > 0.5 and h.subsample > SUBSAMPLE:
        warnings.warn(
            f"subsample={h.subsample:.3g} drops {dropped:.0%} of the {n_tokens:,} "
            "tokens, because in a small corpus every word is frequent; set it to 0 to "
            "keep them all.",
            stacklevel=4,
        )


def _sign_of_failure(trainer: Training, losses: list[float]) -> str:
    """Describe how one sees that nothing was learned; return "" if something was."""
    first, last = trainer.first_loss, losses[-1]
    if last > HARDLY_LESS * first:
        return f"the loss was {first:.3f} before and {last:.3f} in the last epoch"
    if (alike := _mean_cosine(trainer.model)) > NEARLY_ALIKE:
        return f"the vectors are nearly alike (mean cosine {alike:.3f})"
    return ""


def _warn_of_random_vectors(trainer: Training, dropped: float) -> None:
    """Warn that words were hardly trained, so that they keep their random vectors."""
    reason = (
        "hardly any token has another in its window, because the documents are short, "
        "or min_count, vocabulary or sample_weight leaves few of their tokens"
    )
    if dropped > 0.5:
        reason = (
            f"subsample={trainer.model.hyperparameters.subsample} drops {dropped:.0%} "
            "of the tokens, because in a small corpus every word is frequent; set it "
            "to 0"
        )
    warnings.warn(
        f"training saw {trainer.n_trained:,.0f} pairs of words in all epochs, and "
        f"there are {len(trainer.model.counts):,} words, so most vectors are nearly "
        f"the random initial ones: {reason}.",
        stacklevel=5,
    )


def _mean_cosine(model: Model) -> float:
    """Return the mean cosine of the vectors of two tokens of different words."""
    shares = model.counts / model.counts.sum()
    vectors = model.vectors()
    mean = (shares / lengths_of(vectors)) @ vectors
    same = shares @ shares
    return float((mean @ mean - same) / (1 - same)) if same < 1 else float("nan")


def _remedy(model: Model, n_tokens: int, dropped: float) -> str:
    """Say which hyperparameters to change, and to what."""
    h, has_subwords = model.hyperparameters, model.composition is not None
    max_iter = max(h.max_iter, auto_max_iter(n_tokens))
    rate = auto_learning_rate(h.cbow, n_tokens)
    batch_size = auto_batch_size(n_tokens, max_iter, h.n_components, has_subwords)
    changes = []
    if dropped > 0.5 and h.subsample < auto_subsample(n_tokens):
        changes.append(f"set subsample, which drops {dropped:.0%} of the tokens, to 0")
    if h.max_iter < max_iter:
        changes.append(f"raise max_iter from {h.max_iter} to {max_iter}")
    if h.learning_rate < rate:
        changes.append(f"raise learning_rate from {h.learning_rate:.3g} to {rate:.3g}")
    if h.batch_size > batch_size:
        changes.append(f"lower batch_size from {h.batch_size:,} to {batch_size:,}")
    return " and ".join(changes) or (
        f"raise max_iter from {h.max_iter} to {2 * h.max_iter}, or train on more text"
    )
