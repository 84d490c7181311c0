"""Measure whether averaged vectors improve TF-IDF, with few labels and with many.

Features are learned from all training documents, without labels. A linear SVM learns
from the documents that have a label, and its `C` is chosen by cross-validation among
them. The figures are accuracies on the docstrings. Each seed splits the documents
differently, with three quarters for training.
"""

import argparse

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import Normalizer
from sklearn.svm import LinearSVC

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings


def fitted_features(X, seed):
    """Map names to transformers, whose rows all have length 1, as those of TF-IDF."""
    tfidf, skip_gram, cbow = (
        transformer.fit(X)
        for transformer in (
            TfidfVectorizer(),
            make_pipeline(SkipGramVectorizer(random_state=seed), Normalizer()),
            make_pipeline(CBOWVectorizer(random_state=seed), Normalizer()),
        )
    )
    return {
        "TF-IDF": tfidf,
        "skip-gram": skip_gram,
        "CBOW": cbow,
        "TF-IDF and skip-gram": make_union(*map(FrozenEstimator, (tfidf, skip_gram))),
        "TF-IDF and CBOW": make_union(*map(FrozenEstimator, (tfidf, cbow))),
    }


def accuracies(X, y, seed, n_labels):
    """Yield the accuracy of each kind of features with each number of labels."""
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, stratify=y, random_state=seed
    )
    search = GridSearchCV(LinearSVC(max_iter=10_000), {"C": [0.1, 1, 10]}, cv=3)
    for name, transformer in fitted_features(X_train, seed).items():
        rows, test_rows = map(transformer.transform, (X_train, X_test))
        for n in (*n_labels, len(X_train)):
            search.fit(rows[:n], y_train[:n])
            yield seed, name, n, search.score(test_rows, y_test)


def main(arguments=None):
    """Print a table of mean [range] over the seeds; return the accuracies."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labels", type=int, nargs="*", default=[200, 1000])
    parser.add_argument("--seeds", type=int, default=5, help="number of seeds")
    parser.add_argument(
        "--every", type=int, default=1, help="use every N-th document", metavar="N"
    )
    options = parser.parse_args(arguments)
    X, y = load_docstrings(remove=("examples",), return_X_y=True)
    X, y = X[:: options.every], y[:: options.every]
    frame = pd.DataFrame(
        [
            row
            for seed in range(options.seeds)
            for row in accuracies(X, y, seed, options.labels)
        ],
        columns=["seed", "features", "labels", "accuracy"],
    )
    groups = frame.groupby(["features", "labels"], sort=False)["accuracy"]
    table = groups.agg(lambda a: f"{a.mean():.3f} [{a.min():.3f}, {a.max():.3f}]")
    print(table.unstack("labels").to_string())
    return frame


if __name__ == "__main__":
    main()
