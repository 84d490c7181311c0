"""Measure which `min_count` is best, by the accuracy on the docstrings.

A logistic regression learns from averaged word vectors, with three-fold
cross-validation. Both models keep their other defaults. The customary value of
`min_count` is 5; scikit-learn's `min_df` is 1.
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tables import show

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

MODELS = {"skip-gram": SkipGramVectorizer, "CBOW": CBOWVectorizer}


def evaluate(vectorizer, X, y):
    """Return the accuracy, its standard deviation, and the number of words."""
    pipeline = make_pipeline(
        vectorizer, StandardScaler(), LogisticRegression(max_iter=1000)
    )
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    result = cross_validate(pipeline, X, y, cv=folds, return_estimator=True)
    return {
        "accuracy": np.mean(result["test_score"]),
        "std": np.std(result["test_score"]),
        "words": len(result["estimator"][0][0].vocabulary_),
    }


def main(argv=None):
    """Print the table; return it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--every", nargs="+", type=int, default=[1, 20], help="use every N-th document")
    options = parser.parse_args(argv)
    X, y = load_docstrings(remove=("examples",), return_X_y=True)
    rows = []
    for step, model, min_count in product(options.every, MODELS, (1, 2, 5, 10)):
        vectorizer = MODELS[model](min_count=min_count, random_state=0, n_jobs=2)
        which = {"documents": len(X[::step]), "model": model, "min_count": min_count}
        rows.append(which | evaluate(vectorizer, X[::step], y[::step]))
    frame = pd.DataFrame(rows)
    show(frame)
    return frame


if __name__ == "__main__":
    main()
