"""
A map of words
==============

Words that are used in similar ways get vectors that point in similar directions. Here
the text is the docstrings of numpy, pandas, scikit-learn and scipy. We look up the
nearest neighbors of six words and draw all of them in the plane.
"""

# %%
# Training
# --------
# The default parameters adapt to the size of the corpus, here about two million tokens.
# The code examples in the docstrings are left out.

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
# Neighbors
# ---------
# The nearest words are those with the largest cosine.

seeds = ["dataframe", "month", "regression", "poisson", "eigenvalues", "filter"]
neighbors = pd.DataFrame(
    {seed: [word for word, _ in vectors.most_similar(seed, topn=8)] for seed in seeds}
)
neighbors

# %%
# The map
# -------
# t-SNE puts words side by side if their vectors have a large cosine. The axes, and the
# distances between groups, have no meaning. The neighbors of each word share its color.

colors = {seed: f"C{i}" for i, seed in enumerate(seeds)}
for seed in seeds:
    for word in neighbors[seed]:
        colors.setdefault(word, colors[seed])

figure, axes = plt.subplots(figsize=(9, 7), layout="constrained")
display = EmbeddingDisplay.from_estimator(
    vectorizer,
    list(colors),
    method="tsne",
    random_state=0,
    ax=axes,
    c=list(colors.values()),
)
for text, color in zip(display.text_, colors.values(), strict=True):
    text.set_color(color)
axes.set(xticks=[], yticks=[], title="Six words and their nearest neighbors")
plt.show()
