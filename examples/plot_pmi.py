r"""
What skip-gram factorizes: the PMI matrix
=========================================

Skip-gram with negative sampling learns two matrices, :math:`W_\text{in}` and
:math:`W_\text{out}`. What is in their product? Levy and Goldberg (2014) found the
answer: if there are enough components, each entry approaches the pointwise mutual
information (PMI) of a word and a context, shifted by the logarithm of the number
:math:`k` of negatives.

.. math::

   W_\text{in} W_\text{out}^\top
   = \log \frac{P(w, c)}{P(w)\,P(c)} - \log k

So skip-gram factorizes a matrix of counts, as the older methods do. This page shows it
on the corpus of the lecture, where the whole matrix fits onto the page.
"""

# %%
# The corpus
# ----------
# In the corpus of the lecture, each of its 120 sentences occurs once. So all words that
# meet do so equally often, and their PMI is the same. In real text, some things are
# said more often than others. So we repeat each sentence between one and nine times.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting.fonts import font_for

sentences = [sentence.split() for sentence in load_lecture()]
times = np.random.default_rng(0).integers(1, 10, len(sentences))
corpus = [s for s, n in zip(sentences, times, strict=True) for _ in range(n)]
print(f"{len(corpus)} sentences")

# %%
# Counting
# --------
# The window is 2, so each word of a sentence is a context of both others. The PMI is
# positive if two words meet more often than by chance, and minus infinity if they never
# meet, as two subjects don't.

pairs = pd.DataFrame(
    [(w, c) for s in corpus for w in s for c in s if w != c],
    columns=["word", "context"],
)
counts = pd.crosstab(pairs["word"], pairs["context"])
by_chance = np.outer(counts.sum(axis=1), counts.sum()) / len(pairs)
with np.errstate(divide="ignore"):
    pmi = np.log(counts / by_chance)
words = ["I", "you", "love", "like", "피자", "coffee"]
pmi.loc[words, words].round(2)

# %%
# Learning
# --------
# There are 18 words, so 18 components are enough for any matrix. With ``negative=1``
# the shift is log 1 = 0. The noise words are drawn as often as they occur
# (``ns_exponent=1``), as in the paper; the default, 0.75, prefers rare words a little.

parameters = {
    "window": 2,
    "shrink_windows": False,
    "negative": 1,
    "ns_exponent": 1,
    "subsample": 0,
    "lowercase": False,
    "learning_rate": 0.5,
    "batch_size": 64,
    "max_iter": 100,
    "random_state": 0,
}


def product(n_components, **changes):
    """Return the product of both matrices, with the words as rows and columns."""
    model = SkipGramVectorizer(
        n_components=n_components, **{**parameters, **changes}
    ).fit(corpus)
    table = model.embeddings_ @ model.output_embeddings_.T
    names = list(model.vocabulary_)
    return pd.DataFrame(table, names, names).loc[pmi.index, pmi.columns]


learned = product(18)
learned.loc[words, words].round(2)

# %%
# Compared
# --------
# Nobody told the model to count, and yet its products are the PMI of all pairs that
# meet. Those of pairs that never meet would go to minus infinity; they are below -4.

meet = (counts > 0).to_numpy()
x, y = pmi.to_numpy()[meet], learned.to_numpy()[meet]
correlation = np.corrcoef(x, y)[0, 1]
assert correlation > 0.98
assert learned.to_numpy()[~meet].max() < -4
print(f"correlation: {correlation:.3f}")

figure, ax = plt.subplots(figsize=(5, 5), layout="constrained")
ax.plot([-1.2, 1.2], [-1.2, 1.2], color="0.6", linewidth=1)
ax.plot(x, y, "o", color="#0072B2", alpha=0.5)
ax.set(xlabel="PMI", ylabel="product of the vectors", aspect="equal")
plt.show()

# %%
# Both matrices; the words are in the order of subjects, verbs and objects.
# Blue is above 0 and red below; pairs that never meet are gray in the first matrix, and
# far below 0 in the second.

plt.rcParams["font.family"] = ["DejaVu Sans", font_for(["피자"]).get_name()]
order = list(
    dict.fromkeys(word for i in range(3) for word in [s[i] for s in sentences])
)
figure, axes = plt.subplots(2, 1, figsize=(5, 9), layout="constrained")
tables = {"PMI": pmi.where(meet), "product of the vectors": learned}
for ax, (name, table) in zip(axes, tables.items(), strict=True):
    ax.set_facecolor("0.8")
    ax.imshow(table.loc[order, order], cmap="RdBu", vmin=-1.5, vmax=1.5)
    ax.set_xticks(range(len(order)), order, rotation=90)
    ax.set_yticks(range(len(order)), order)
    ax.set_title(name)
plt.show()

# %%
# More negatives, fewer components
# --------------------------------
# With five negatives, all products are smaller by about log 5 = 1.61. And with fewer
# components than words, the model can only approximate the matrix, as a truncated SVD
# does. It is this compression that makes similar words similar: with two components,
# nothing is left of the differences between single words, only the three groups are.

five = product(18, negative=5).to_numpy()[meet]
shift = (x - five).mean()
assert abs(shift - np.log(5)) < 0.1
print(f"shift with five negatives: {shift:.2f}")


def correlation_with(n_components):
    """Return the correlation of the products and the PMI of pairs that meet."""
    return np.corrcoef(x, product(n_components).to_numpy()[meet])[0, 1]


by_size = pd.Series({n: correlation_with(n) for n in (2, 4, 8)} | {18: correlation})
assert by_size.is_monotonic_increasing
by_size.rename_axis("components").rename("correlation").round(3).to_frame()

# %%
# Exact counts are fine for 18 words. For 50,000 words the matrix has 2.5 billion
# entries, most of them minus infinity, and skip-gram never has to write it down.
#
# Reference: Levy, O., & Goldberg, Y. (2014). "Neural Word Embedding as Implicit Matrix
# Factorization". NeurIPS.
