"""The parameters of the estimators, and their ranges."""

import os
from numbers import Integral, Real

from sklearn.base import BaseEstimator

from ..pooling import POOLINGS, WEIGHTINGS
from ..training.losses import LOSSES
from ..word_vectors import WordVectors
from .compat import Interval, StrOptions, count_vectorizer_constraints

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
POOLING_PARAMETERS = ("weighting", "pooling", "n_clusters")
MOST_BUCKETS = 1 << 30  # so that rows have numbers of 32 bits
VOCABULARY_PARAMETERS = ("min_df", "max_df", "max_features", "vocabulary")

CONSTRAINTS: dict[str, list] = {
    "n_components": [Interval(Integral, 1, None, closed="left")],
    "window": [Interval(Integral, 1, None, closed="left")],
    "shrink_windows": ["boolean"],
    "loss": [StrOptions(LOSSES.keys())],
    "negative": [Interval(Integral, 0, None, closed="left")],
    "ns_exponent": [Interval(Real, None, None, closed="neither")],
    "subsample": [Interval(Real, 0, None, closed="left"), StrOptions({"auto"})],
    "min_count": [Interval(Integral, 1, None, closed="left")],
    "subwords": [None, tuple, callable],
    "n_buckets": [Interval(Integral, 1, MOST_BUCKETS, closed="both")],
    "init": [WordVectors, BaseEstimator, None],
    "max_iter": [
        Interval(Integral, 1, None, closed="left"),
        StrOptions({"auto"}),
    ],
    "learning_rate": [
        Interval(Real, 0, None, closed="neither"),
        StrOptions({"auto"}),
    ],
    "min_learning_rate": [Interval(Real, 0, None, closed="left")],
    "batch_size": [
        Interval(Integral, 1, None, closed="left"),
        StrOptions({"auto"}),
    ],
    "weighting": [StrOptions(WEIGHTINGS.keys())],
    "pooling": [StrOptions(POOLINGS.keys()), tuple],
    "n_clusters": [Interval(Integral, 1, None, closed="left")],
    "corpus_storage": [str, os.PathLike],
    "n_jobs": [Integral, None],
    "random_state": ["random_state"],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    **count_vectorizer_constraints((*ANALYZER_PARAMETERS, *VOCABULARY_PARAMETERS)),
}
