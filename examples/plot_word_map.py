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
# distances between groups, have no meaning. A word and its neighbors share a color and
# a marker.

groups = [[seed, *neighbors[seed]] for seed in seeds]
figure, axes = plt.subplots(figsize=(7, 7), layout="constrained")
display = EmbeddingDisplay.from_estimator(
    vectorizer,
    dict.fromkeys(word for group in groups for word in group),
    method="tsne",
    random_state=0,
    ax=axes,
    groups=groups,
)
axes.set(xticks=[], yticks=[], title="Six words and their nearest neighbors")
plt.show()
