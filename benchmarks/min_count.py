"""Measure which `min_count` is best, by the accuracy on the docstrings.

A logistic regression learns from averaged word vectors, with three-fold
cross-validation. Both models keep their other defaults. The customary value of
`min_count` is 5; scikit-learn's `min_df` is 1.
"""

from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

FRACTIONS = {"all documents": 1, "every 20th": 20}


def evaluate(vectorizer, X, y):
    """Return the accuracy and its spread, the number of words, and seconds per fold."""
    pipeline = make_pipeline(
        vectorizer, StandardScaler(), LogisticRegression(max_iter=1000)
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    start = perf_counter()
    result = cross_validate(pipeline, X, y, cv=folds, return_estimator=True)
    return {
        "accuracy": np.mean(result["test_score"]),
        "std": np.std(result["test_score"]),
        "words": len(result["estimator"][0][0].vocabulary_),
        "seconds": (perf_counter() - start) / 3,
    }


def main():
    """Print the table."""
    X, y = load_docstrings(remove=("examples",), return_X_y=True)
    rows = []
    for name, step in FRACTIONS.items():
        for model in (SkipGramVectorizer, CBOWVectorizer):
            for min_count in (1, 2, 5, 10):
                vectorizer = model(min_count=min_count, random_state=0, n_jobs=2)
                which = {
                    "corpus": name,
                    "model": model.__name__,
                    "min_count": min_count,
                }
                rows.append(which | evaluate(vectorizer, X[::step], y[::step]))
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
