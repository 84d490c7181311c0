"""A sound text vectorizer, and broken ones for each check of `skw2v.testing`."""

import copy

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skw2v.vectorizers.compat import keep_index

REFUSED = (str, pd.DataFrame)


class Sound(TransformerMixin, BaseEstimator):
    """A vectorizer that counts words and passes all checks."""

    def __init__(self, max_iter=1, random_state=None):
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, X, y=None):
        documents = self._read(X)
        if not documents:
            raise ValueError("no documents")
        self.words_ = np.unique(np.concatenate(documents))
        self.weights_ = np.ones(len(self.words_))
        self.n_iter_ = self.max_iter
        return self

    def transform(self, X):
        check_is_fitted(self)
        return self._rows(X)

    def get_feature_names_out(self, input_features=None):
        check_is_fitted(self)
        return self.words_.astype(object)

    def _rows(self, X):
        rows = self._count(self._read(X)) * self.weights_
        return keep_index(rows, X, self)

    def _read(self, X):
        if isinstance(X, REFUSED):
            raise TypeError("expected a collection of documents")
        return [self._split(document, i) for i, document in enumerate(X)]

    def _split(self, document, position):
        if not isinstance(document, str):
            raise TypeError(f"document {position} is not a str")
        return document.split()

    def _count(self, documents):
        return np.array([[d.count(w) for w in self.words_] for d in documents], float)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


# The tags


class LacksTags(Sound):
    def __sklearn_tags__(self):
        return super(Sound, self).__sklearn_tags__()


# Fit


class ReturnsNothing(Sound):
    def fit(self, X, y=None):
        super().fit(X)

    def fit_transform(self, X, y=None):
        self.fit(X)
        return self.transform(X)


class RejectsLabels(Sound):
    def fit(self, X):
        return super().fit(X)


class ChangesParameters(Sound):
    def fit(self, X, y=None):
        self.max_iter = 1 + self.max_iter
        return super().fit(X)


class RemembersFirstFit(Sound):
    def fit(self, X, y=None):
        n_fits = len(getattr(self, "weights_", ()))
        super().fit(X)
        self.weights_ += n_fits
        return self


class FitTransformDiffers(Sound):
    def fit_transform(self, X, y=None):
        return 2 * super().fit_transform(X)


class SkipsFittedCheck(Sound):
    def transform(self, X):
        return self._rows(X)


class ClonesFittedState(Sound):
    def __sklearn_clone__(self):
        return copy.deepcopy(self)


class CountsNoIterations(Sound):
    def fit(self, X, y=None):
        super().fit(X)
        self.n_iter_ = 0
        return self


class CountsFeatures(Sound):
    def fit(self, X, y=None):
        super().fit(X)
        self.n_features_in_ = 1
        return self


# Rows


class CountsCalls(Sound):
    def transform(self, X):
        rows = super().transform(X)
        self.n_calls_ = getattr(self, "n_calls_", 0) + 1
        return rows


class DividesByMaximum(Sound):
    def _count(self, documents):
        rows = super()._count(documents)
        return rows / rows.max()


class SortsByLength(Sound):
    def _count(self, documents):
        return super()._count(sorted(documents, key=len))


class Squeezes(Sound):
    def transform(self, X):
        rows = super().transform(X)
        return rows[0] if len(rows) == 1 else rows


class DropsEmpty(Sound):
    def transform(self, X):
        rows = super().transform(X)
        return rows[rows.any(axis=1)]


class ReadsTwice(Sound):
    def fit(self, X, y=None):
        self._read(X)
        return super().fit(X)


class TakesTuplesForDocuments(Sound):
    def _read(self, X):
        return super()._read([" ".join(X)] if isinstance(X, tuple) else X)


# Invalid input


class ReadsLetters(Sound):
    def _read(self, X):
        return super()._read(list(X) if isinstance(X, str) else X)


class SkipsMissing(Sound):
    def _split(self, document, position):
        return super()._split(document if isinstance(document, str) else "", position)


class NamesNoPosition(Sound):
    def _split(self, document, position):
        return super()._split(document, "?")


class ReadsColumns(Sound):
    def _read(self, X):
        return super()._read(list(X) if isinstance(X, pd.DataFrame) else X)


class FitsWithoutDocuments(Sound):
    def _read(self, X):
        return super()._read(X) or [["nothing"]]


# Output


class RepeatsFeatureName(Sound):
    def get_feature_names_out(self, input_features=None):
        return np.full(len(self.words_), "word", object)


class ReturnsInputFeatures(Sound):
    def get_feature_names_out(self, input_features=None):
        names = super().get_feature_names_out()
        return names if input_features is None else input_features


class ScalesDataFrames(Sound):
    def transform(self, X):
        rows = super().transform(X)
        return 2 * rows if isinstance(rows, pd.DataFrame) else rows


class NumbersColumns(Sound):
    def set_output(self, *, transform=None):
        self._pandas = transform == "pandas"
        return self

    def transform(self, X):
        rows = super().transform(X)
        if not getattr(self, "_pandas", False):
            return rows
        return pd.DataFrame(rows, X.index if isinstance(X, pd.Series) else None)


class DropsIndex(Sound):
    def transform(self, X):
        rows = super().transform(X)
        return rows.reset_index(drop=True) if isinstance(rows, pd.DataFrame) else rows


class IgnoresDefaultOutput(Sound):
    def set_output(self, *, transform=None):
        return super().set_output(transform="pandas")


# Persistence


class LosesWeights(Sound):
    def __setstate__(self, state):
        super().__setstate__({**state, "weights_": np.zeros(1)})


class ChangesWeightsInPlace(Sound):
    def transform(self, X):
        check_is_fitted(self)
        self.weights_ *= 1
        return super().transform(X)


BROKEN = {
    "check_bare_string_raises": [ReadsLetters],
    "check_clone_is_unfitted": [ClonesFittedState],
    "check_collections": [TakesTuplesForDocuments],
    "check_default_output_comes_back": [IgnoresDefaultOutput],
    "check_empty_document": [DropsEmpty],
    "check_feature_names": [RepeatsFeatureName],
    "check_fit_keeps_parameters": [ChangesParameters],
    "check_fit_returns_self": [ReturnsNothing],
    "check_fit_takes_labels": [RejectsLabels],
    "check_fit_transform": [FitTransformDiffers],
    "check_generator": [ReadsTwice],
    "check_input_features_are_ignored": [ReturnsInputFeatures],
    "check_memory_map": [ChangesWeightsInPlace],
    "check_missing_document_raises": [SkipsMissing, NamesNoPosition],
    "check_n_iter": [CountsNoIterations],
    "check_no_documents_raise": [FitsWithoutDocuments],
    "check_no_n_features_in": [CountsFeatures],
    "check_not_fitted_error": [SkipsFittedCheck],
    "check_one_document": [Squeezes],
    "check_pandas_output": [ScalesDataFrames, NumbersColumns],
    "check_pandas_output_keeps_index": [DropsIndex],
    "check_permutation": [SortsByLength],
    "check_pickle": [LosesWeights],
    "check_second_fit_forgets_the_first": [RemembersFirstFit],
    "check_subset": [DividesByMaximum],
    "check_table_raises": [ReadsColumns],
    "check_tags": [LacksTags],
    "check_transform_keeps_state": [CountsCalls],
}
