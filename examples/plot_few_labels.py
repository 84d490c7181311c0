"""
Few labels, many texts
======================

Word vectors are learned without labels, from all available texts. TF-IDF has a feature
for each word, and a classifier learns nothing about a word that it has not seen in a
labeled text. So which of them is better depends on the number of labels.
"""

# %%
# The texts
# ---------
# The texts are the docstrings of numpy, pandas, scikit-learn and scipy, and the label
# is the package. We have all the training texts, but only some of their labels.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_docstrings

X, y = load_docstrings(remove=("examples",), return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, train_size=5000, test_size=2000, stratify=y, random_state=0
)

# %%
# Features
# --------
# All three vectorizers learn from the same 5,000 texts, without labels. A truncated SVD
# makes a hundred dense features from TF-IDF, as many as the vectors have. The rows of
# TF-IDF are short, with length 1, so its classifiers do best with less regularization.

tfidf = TfidfVectorizer()
svd = make_pipeline(TfidfVectorizer(), TruncatedSVD(100, random_state=0))
skip_gram = make_pipeline(
    SkipGramVectorizer(n_jobs=2, random_state=0), StandardScaler()
)
classifier = LogisticRegression(solver="newton-cg")
models = {
    "TF-IDF": (tfidf, clone(classifier).set_params(C=100)),
    "TF-IDF, TruncatedSVD": (svd, clone(classifier).set_params(C=100)),
    "SkipGramVectorizer": (skip_gram, classifier),
}
features = {
    name: (vectorizer.fit_transform(X_train), vectorizer.transform(X_test))
    for name, (vectorizer, _) in models.items()
}

# %%
# Accuracy by the number of labels
# --------------------------------
# The classifiers get the labels of a few texts, which are drawn at random three times.


def accuracies(n_labels, draw):
    """Return the test accuracy of each model after training on the same few labels."""
    rows = np.random.default_rng(draw).permutation(len(X_train))[:n_labels]
    found = {"labels": n_labels}
    for name, (_, classifier) in models.items():
        train, test = features[name]
        classifier.fit(train[rows], y_train.iloc[rows])
        found[name] = classifier.score(test, y_test)
    return found


sizes, draws = (20, 50, 100, 200, 500, 1000), range(3)
table = pd.DataFrame([accuracies(size, draw) for size in sizes for draw in draws])
table.groupby("labels").mean().round(3)

# %%
# With few labels, the vectors help because they know which words are similar to words
# in labeled texts. With many labels, TF-IDF has seen the words that matter, and is
# better. The bands show one standard deviation over the draws.

figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
mean, spread = table.groupby("labels").mean(), table.groupby("labels").std()
for name in models:
    axes.plot(mean[name], marker=".", label=name)
    low, high = mean[name] - spread[name], mean[name] + spread[name]
    axes.fill_between(mean.index, low, high, alpha=0.15)
axes.set(xscale="log", xlabel="labeled texts", ylabel="accuracy on 2,000 other texts")
axes.set_xticks(sizes, sizes)
axes.minorticks_off()
axes.legend()
plt.show()
