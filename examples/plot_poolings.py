"""
Poolings compared
=================

How do the vectors of words become the vector of a document? Their mean is small and
good. But a mean over all words mixes what they say. Soft clusters of words keep it
apart: each cluster has a mean of its own, and they stand side by side.
"""

# %%
# The texts
# ---------
# The texts are the docstrings of numpy, pandas, scikit-learn and scipy, and the label
# is the package.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skw2v import PretrainedVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

X, y = load_docstrings(remove=("examples",), return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, train_size=5000, test_size=2000, stratify=y, random_state=0
)

# %%
# One training, several poolings
# ------------------------------
# Weightings and poolings don't affect the word vectors, so these are trained once. A
# `PretrainedVectorizer` learns the weights and the clusters, which takes a second or
# two.

vectors = SkipGramVectorizer(n_jobs=2, random_state=0).fit(X_train).word_vectors()
poolings = {
    "mean": {},
    "mean, idf": {"weighting": "idf"},
    "max": {"pooling": "max"},
    "mean, max, min": {"pooling": ("mean", "max", "min")},
    "clusters, idf": {"pooling": "clusters", "n_clusters": 20, "weighting": "idf"},
}
pipelines = {
    name: make_pipeline(
        PretrainedVectorizer(vectors, **parameters, random_state=0),
        Normalizer(),
        LogisticRegression(C=10, max_iter=300),
    ).fit(X_train, y_train)
    for name, parameters in poolings.items()
}
accuracy = pd.Series(
    {name: each.score(X_test, y_test) for name, each in pipelines.items()}
)
accuracy.round(3)

# %%
figure, axes = plt.subplots(figsize=(7, 3), layout="constrained")
columns = [each[0].transform(X_test[:1]).shape[1] for each in pipelines.values()]
labels = [f"{name} ({n:,} columns)" for name, n in zip(pipelines, columns, strict=True)]
bars = axes.barh(labels[::-1], accuracy[::-1], color="C0")
axes.bar_label(bars, fmt="%.3f", padding=3)
axes.set(xlabel="accuracy on 2,000 other texts", xlim=(0, 1))
plt.show()

# %%
# What the clusters are
# ---------------------
# A cluster gathers words that occur in similar places. These are the most frequent
# words of each of the first six.

clusters = pipelines["clusters, idf"][0].word_clusters_
words = np.array(vectors.words)
for number in range(6):
    members = words[clusters[:, number] > 0.5]
    print(number, *members[:8])
