"""From the documents that an estimator is given to ids of words."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from joblib import effective_n_jobs

from ._parameters import ANALYZER_PARAMETERS
from .text.corpus import UNKNOWN, Corpus
from .text.documents import Analyzer
from .text.reading import encode, read
from .text.vocabulary import Limits, check_given, select


class ReaderMixin:
    """Reads documents by the text parameters of an estimator."""

    n_jobs: Any
    vocabulary: Any
    min_count: int
    min_df: float
    max_df: float
    max_features: int | None

    def _read(self, X: Iterable) -> tuple[Corpus, list[str]]:
        """Encode the documents and choose the words."""
        if self.vocabulary is None:
            corpus, words = read(self._analyzer(), X, effective_n_jobs(self.n_jobs))
        else:
            words = check_given(self.vocabulary)
            corpus = self._encode(X, {word: row for row, word in enumerate(words)})
        if corpus.n_documents == 0:
            raise ValueError("X holds no documents; at least one is needed.")
        if self.vocabulary is None:
            limits = Limits(self.min_count, self.min_df, self.max_df, self.max_features)
            selected = select(corpus, words, limits)
            new_ids = np.full(len(words), UNKNOWN, np.int32)
            new_ids[selected] = np.arange(len(selected))
            return corpus.renumber(new_ids), [words[i] for i in selected]
        if not len(corpus.ids):
            raise ValueError(
                f"none of the {len(words)} words of vocabulary occurs in the "
                f"{corpus.n_documents} documents."
            )
        return corpus, words

    def _encode(self, X: Iterable, vocabulary: dict[str, int]) -> Corpus:
        n_jobs = effective_n_jobs(self.n_jobs)
        return encode(self._analyzer(), X, n_jobs, vocabulary)

    def _analyzer(self) -> Analyzer:
        return Analyzer(**{name: getattr(self, name) for name in ANALYZER_PARAMETERS})
