"""
A stream of new documents
=========================

Documents rarely arrive all at once. `partial_fit` learns from each batch in one pass:
the vectors of known words move, and words enter when the documents so far have them
often enough. This page shows how words settle.
"""

# %%
# The stream
# ----------
# The documents are the docstrings of numpy, pandas, scikit-learn and scipy, in random
# order and in forty batches, as if they were written one after the other. The
# vocabulary grows with the stream.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import SGDClassifier

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_docstrings

X = load_docstrings(remove=("examples",)).data
rng = np.random.default_rng(0)
batches = np.array_split(rng.permutation(np.array(X, dtype=object)), 40)

vectorizer = SkipGramVectorizer(random_state=0)
tables = [vectorizer.partial_fit(batch).word_vectors() for batch in batches]
for number in (1, 10, 40):
    print(f"batch {number:>2}: {len(tables[number - 1]):>6,} words")

# %%
# How words settle
# ----------------
# For each word, the cosine of its vector after each batch with its vector at the end.
# Words move less and less, because the learning rate falls with the number of tokens.
# Rare words move only when they occur; a frequent one, such as "array", takes part in
# every update and keeps moving. The last word entered in the middle of the stream,
# where its line begins.

last = tables[-1]
late = next(word for word in tables[24] if word not in tables[14])
words = ["array", "dataframe", "classifier", "spline", "timezone", late]


def cosine(word, table):
    """Return the cosine of a word's vector and its last one; NaN if it has none yet."""
    if word not in table:
        return np.nan
    one, other = table[word], last[word]
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
number = np.arange(1, len(tables) + 1)
for word in words:
    path = [cosine(word, table) for table in tables]
    count = vectorizer.word_counts_[vectorizer.vocabulary_[word]]
    ax.plot(number, path, marker=".", label=f"{word} ({count:,} tokens)")
ax.set(xlabel="batches so far", ylabel="cosine with the last vector", ylim=(0, 1.05))
ax.legend()
plt.show()

# %%
# The columns stay
# ----------------
# A new word gets a new row of the table, but no new column of the document vectors. So
# a classifier with a `partial_fit` of its own can follow the stream. Here it is tested
# on each batch before it learns from it.

X, y = load_docstrings(remove=("examples",), return_X_y=True)
order = rng.permutation(len(X))
stream = [
    (np.array(X, dtype=object)[part], np.array(y)[part])
    for part in np.array_split(order, 40)
]
vectorizer = SkipGramVectorizer(random_state=0)
classifier = SGDClassifier(loss="log_loss", average=True, random_state=0)
accuracies = []
for texts, labels in stream:
    vectorizer.partial_fit(texts)
    rows = vectorizer.transform(texts)
    if hasattr(classifier, "coef_"):
        accuracies.append(classifier.score(rows, labels))
    classifier.partial_fit(rows, labels, classes=np.unique(y))

fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.plot(np.arange(2, len(stream) + 1), accuracies, marker=".")
ax.set(xlabel="batch", ylabel="accuracy on new documents", ylim=(0, 1))
plt.show()
