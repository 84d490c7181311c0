"""
Which package is this docstring from?
=====================================

The docstrings of numpy, pandas, scikit-learn and scipy are a labeled text data set
that is on every machine. Here a classifier learns to predict the package from the text.
Its features are Word2Vec vectors, averaged over each document, and TF-IDF is the
baseline.

The script prints its results and saves a map of words to the path in its first
argument, ``docstring_words.png`` by default. It takes one to three minutes on two
cores.
"""

# %%
# The documents
# -------------
# Code examples are left out: their imports would give the answer away. The documents
# are in the order of their labels; `train_test_split` shuffles them.

import sys
from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from joblib import parallel_config
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import TSNE
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

print("Reading the docstrings of the installed packages ...", flush=True)
X, y = load_docstrings(remove=("examples",), return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
print(f"{len(X_train):,} documents to learn from, {len(X_test):,} to test")
print(f"Share of the largest class: {y.value_counts(normalize=True).max():.3f}")

# %%
# Tuning
# ------
# A grid search can try all parameters of the vectorizer, those of the text as well as
# those of the training. Here it runs two fits at a time, with one thread each. The
# corpus is small, fewer than two million tokens: do more epochs help, and does it help
# to drop more of the frequent words?


def classifier(*steps):
    """Make a Pipeline of these steps and a logistic regression."""
    return make_pipeline(*steps, LogisticRegression(max_iter=1000))


skip_gram = classifier(SkipGramVectorizer(random_state=0), StandardScaler())
parameters = {
    "skipgramvectorizer__max_iter": [5, 10],
    "skipgramvectorizer__subsample": [1e-3, 1e-4],
}
print("\nTraining twelve times for a grid search ...", flush=True)
search = GridSearchCV(skip_gram, parameters, cv=3, n_jobs=2, refit=False)
search.fit(X_train, y_train)
tried = pd.DataFrame(search.cv_results_["params"])
tried.columns = tried.columns.str.removeprefix("skipgramvectorizer__")
tried["accuracy"] = search.cv_results_["mean_test_score"]
print("\nGrid search, mean accuracy in cross-validation")
print(tried.to_string(index=False, float_format="{:.4g}".format))

# %%
# Comparison
# ----------
# Each pipeline learns from the training documents, and its accuracy is measured on the
# test documents. Both vectorizers have their default parameters, except in the row
# marked as tuned. Now one fit runs at a time, and the vectorizers use both cores.
#
# Single words give a package away, and TF-IDF has a feature for each of them, so it is
# hard to beat here. For a comparison among a hundred dense features, a truncated SVD
# makes as many features from TF-IDF. Clusters of words make more of them, from the same
# word vectors.

pipelines = {
    "SkipGramVectorizer": clone(skip_gram),
    "SkipGramVectorizer, tuned": clone(skip_gram).set_params(**search.best_params_),
    "SkipGramVectorizer, clusters": make_pipeline(
        SkipGramVectorizer(pooling="clusters", weighting="idf", random_state=0),
        Normalizer(),
        LogisticRegression(C=10, max_iter=1000),
    ),
    "CBOWVectorizer": classifier(CBOWVectorizer(random_state=0), StandardScaler()),
    "TF-IDF": classifier(TfidfVectorizer()),
    "TF-IDF, TruncatedSVD": classifier(
        TfidfVectorizer(), TruncatedSVD(100, random_state=0), StandardScaler()
    ),
}


def evaluate(pipeline):
    """Fit a pipeline; return its accuracy, the seconds of the fit and its width."""
    start = perf_counter()
    with parallel_config(n_jobs=2):
        pipeline.fit(X_train, y_train)
    seconds = perf_counter() - start
    accuracy = pipeline.score(X_test, y_test)
    return accuracy, seconds, pipeline[-1].n_features_in_


print("\nFitting five pipelines ...", flush=True)
comparison = pd.DataFrame(
    [evaluate(pipeline) for pipeline in pipelines.values()],
    index=list(pipelines),
    columns=["accuracy", "seconds", "n_features"],
)
print("\nComparison, accuracy on the test documents")
print(comparison.round({"accuracy": 3, "seconds": 1}).to_string())

# %%
# Neighbors
# ---------
# For TF-IDF, all words are equally different from each other. Vectors have neighbors:
# words that are used in similar ways.

vectors = pipelines["SkipGramVectorizer, tuned"][0].word_vectors()
print("\nNearest words")
for word in ("array", "regression", "dataframe"):
    neighbors = ", ".join(other for other, _ in vectors.most_similar(word, topn=8))
    print(f"{word:>10}: {neighbors}")

# %%
# A map of words
# --------------
# The map shows sixty words from six fields. We chose the fields and their colors, but
# the place of each word follows from the texts alone. t-SNE puts neighbors side by
# side; the distances between groups, and the axes, have no meaning.

FIELDS = {
    "tables": "dataframe series column row groupby pivot merge concat multiindex csv",
    "dates and times": "datetime timestamp timedelta timezone month year day hour "
    "calendar weekday",
    "machine learning": "classifier regression clustering estimator kernel tree forest "
    "classification ridge boosting",
    "probability": "poisson binomial gamma weibull cauchy lognormal pareto dirichlet "
    "multinomial pdf",
    "linear algebra": "matrix eigenvalues eigenvectors singular hermitian triangular "
    "cholesky lapack orthogonal determinant",
    "signals": "filter fft frequency spectrum fourier convolution sampling wavelet "
    "bandpass passband",
}
# The colors of Okabe and Ito (2008) can be told apart with any color vision.
COLORS = dict(
    zip(
        FIELDS,
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B57900", "#000000"],
        strict=True,
    )
)


def separate(centers, sizes):
    """Push boxes apart, step by step, until none overlap; return their new centers.

    Both `centers` and `sizes` are of shape (n_boxes, 2).
    """
    centers = centers.copy()
    others = ~np.eye(len(centers), dtype=bool)
    for _ in range(1000):
        apart = centers[:, None] - centers
        overlap = (sizes[:, None] + sizes) / 2 - np.abs(apart)
        covered = others & (overlap > 0).all(axis=-1)
        if not covered.any():
            break
        # Sideways or up and down, whichever is the shorter way out.
        shorter = overlap == overlap.min(axis=-1, keepdims=True)
        steps = np.where(covered[..., None] & shorter, np.sign(apart) * overlap, 0)
        centers += steps.sum(axis=1) / 4
    return centers


def write(axes, words, points, colors):
    """Write words at points, or as near to them as there is room."""
    texts = [
        axes.text(*point, word, color=color, size=12, ha="center", va="center")
        for word, point, color in zip(words, points, colors, strict=True)
    ]
    axes.figure.draw_without_rendering()  # computes the size of the words
    sizes = np.array([text.get_window_extent().padded(3).size for text in texts])
    centers = separate(axes.transData.transform(points), sizes)
    places = axes.transData.inverted().transform(centers)
    for text, place in zip(texts, places, strict=True):
        text.set_position(place)


def unit_vectors(words):
    """Return vectors of length 1, so that their distances follow their cosines."""
    rows = np.array([vectors[word] for word in words])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


# A word may be missing in other versions of the packages.
words = pd.DataFrame(
    [
        (word, field)
        for field, group in FIELDS.items()
        for word in group.split()
        if word in vectors
    ],
    columns=["word", "field"],
)
points = TSNE(perplexity=20, random_state=0).fit_transform(unit_vectors(words["word"]))

figure, axes = plt.subplots(figsize=(10, 8), dpi=150, layout="constrained")
axes.set(xticks=[], yticks=[])
axes.margins(0.08)
axes.set_title("Words from the docstrings, placed by SkipGramVectorizer and t-SNE")
for field, color in COLORS.items():
    axes.scatter(*points[words["field"] == field].T, 600, color, alpha=0.12, lw=0)
    axes.scatter([], [], c=color, label=field)
figure.legend(loc="outside lower center", ncols=len(FIELDS), frameon=False)
write(axes, words["word"], points, words["field"].map(COLORS))
path = Path(sys.argv[1] if len(sys.argv) > 1 else "docstring_words.png")
figure.savefig(path)
print(f"\nThe map of words is in {path.resolve()}")
