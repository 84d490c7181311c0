"""
A map of words
==============

Words that are used alike get vectors that point the same way. Here the docstrings of
numpy, pandas, scikit-learn and scipy are the text. We ask for the nearest neighbours
of six words, and draw all of them in the plane.
"""

# %%
# Training
# --------
# Two million words need no more than the defaults. The code examples in the docstrings
# are left out.

import matplotlib.pyplot as plt
import pandas as pd

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_docstrings
from skw2v.plotting import EmbeddingDisplay

documents = load_docstrings(remove=("examples",)).data
vectorizer = SkipGramVectorizer(n_jobs=2, random_state=0).fit(documents)
vectors = vectorizer.word_vectors()
print(vectors)

# %%
# Neighbours
# ----------
# The nearest words are those with the greatest cosine.

seeds = ["dataframe", "month", "regression", "poisson", "eigenvalues", "filter"]
neighbours = pd.DataFrame(
    {seed: [word for word, _ in vectors.most_similar(seed, topn=8)] for seed in seeds}
)
neighbours

# %%
# The map
# -------
# t-SNE puts words side by side whose vectors have a great cosine; the axes, and the
# distances between groups, mean nothing. Each colour is that of the neighbours of one
# word.

colours = {seed: f"C{i}" for i, seed in enumerate(seeds)}
for seed in seeds:
    for word in neighbours[seed]:
        colours.setdefault(word, colours[seed])

figure, axes = plt.subplots(figsize=(9, 7), layout="constrained")
display = EmbeddingDisplay.from_estimator(
    vectorizer,
    list(colours),
    method="tsne",
    random_state=0,
    ax=axes,
    c=list(colours.values()),
)
for text, colour in zip(display.text_, colours.values(), strict=True):
    text.set_color(colour)
axes.set(xticks=[], yticks=[], title="Six words and their nearest neighbours")
plt.show()
