"""
Learning rate and epochs
========================

The loss of each epoch shows whether the learning rate is too small, too large, or about
right, and whether more epochs would help. You don't need to enable anything: every
fitted vectorizer has the losses in ``loss_curve_``.
"""

# %%
# The documents
# -------------
# We use every tenth docstring of numpy, pandas, scikit-learn and scipy.

import matplotlib.pyplot as plt
import pandas as pd

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings
from skw2v.plotting import LossCurveDisplay

documents = load_docstrings(remove=("examples",)).data[::10]
print(f"{len(documents):,} documents, {sum(map(len, documents)):,} characters")

# %%
# Learning rates
# --------------
# The default, "auto", depends on the number of tokens. For these documents it is about
# 0.15 for skip-gram and 0.5 for CBOW. For each model we try a tenth of that rate, the
# default, and ten times as much. CBOW takes larger steps, because its gradient is
# divided among the words of the window.

rates = {
    SkipGramVectorizer: (0.015, "auto", 1.5),
    CBOWVectorizer: (0.05, "auto", 5),
}
fitted = {
    (Vectorizer.__name__, rate): Vectorizer(
        learning_rate=rate, n_jobs=2, random_state=0
    ).fit(documents)
    for Vectorizer in rates
    for rate in rates[Vectorizer]
}

figure, axes = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
for ax, Vectorizer in zip(axes, rates, strict=True):
    name = Vectorizer.__name__
    ax.set_title(name)
    for rate in rates[Vectorizer]:
        label = f"learning_rate={rate}"
        LossCurveDisplay.from_estimator(fitted[name, rate], ax=ax, label=label)
plt.show()

# %%
# Is a low loss a good model?
# ---------------------------
# This is the training loss. It says how well the model fits, not whether its vectors
# are good. The neighbors of a word tell more.

neighbors = {
    key: [word for word, _ in model.word_vectors().most_similar("month", topn=5)]
    for key, model in fitted.items()
}
pd.DataFrame(neighbors)
