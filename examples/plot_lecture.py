"""
Word2Vec step by step: I love 피자
===================================

This example follows a lecture that explains Word2Vec with one sentence, "I love 피자"
(pizza): one-hot vectors, a network with two layers, softmax, cross-entropy, a step of
gradient descent, and finally the words as points in the plane, scattered at the start
and grouped at the end. All numbers come from the vectorizers themselves; the formulas
are those of Rong (2014), "word2vec Parameter Learning Explained".

The script takes about ten seconds. It saves its plots in the folder given by its first
argument, if there is one. The plots need a font with Korean letters.
"""

# %%
# One-hot vectors and their two drawbacks
# ---------------------------------------
# A computer needs numbers for words. The simplest are one-hot vectors, which have as
# many components as there are words, with a 1 in the component of the word.

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting import EmbeddingDisplay, TrajectoryDisplay

pd.set_option("display.precision", 4)
pd.set_option("display.unicode.east_asian_width", True)  # aligns columns with Korean

words = ["I", "love", "like", "피자"]
one_hot = pd.DataFrame(np.eye(len(words), dtype=int), index=words, columns=words)
print(one_hot)

# %%
# The first drawback is that they contain no similarity. The dot product of any two
# different words is 0, for *love* and *like* as well as for *love* and *피자*.

products = one_hot @ one_hot.T
print(products)
assert (products.to_numpy() == np.eye(len(words))).all()

# %%
# The second drawback is that each new word adds a dimension. These are the numbers for
# our four words and for the small corpus on which we train below; a newspaper has a
# hundred thousand words.

corpus = load_lecture()
n_words = len({word for sentence in corpus for word in sentence.split()})
print(f"{len(words)} words: {len(words)} dimensions")
print(f"{n_words} words: {n_words} dimensions")

# %%
# A network of 4, 2 and 4 units
# -----------------------------
# Word2Vec learns short, dense vectors instead, with a network whose input and output
# are one-hot. Between them is the hidden layer with its `n_components` units. The rows
# of the first matrix, ``W_in``, are the word vectors; the second matrix is ``W_out``.
# We train the network briefly on two sentences, so that its weights are not the initial
# ones.

network = CBOWVectorizer(
    n_components=2,
    loss="softmax",
    vocabulary=words,
    lowercase=False,
    subsample=0,
    max_iter=100,
    random_state=0,
)
network.fit(["I love 피자", "I like 피자"])
print("W_in: ", network.embeddings_.shape)
print("W_out:", network.output_embeddings_.shape)

# %%
# CBOW: the contexts predict the word
# -----------------------------------
# Which word fills the blank in "I ___ 피자"? The input of the network is the average of
# the one-hot vectors of the context words. `explain` takes one training step on a
# document, starting from the matrices learned so far, and keeps everything that it
# computes; ``position=1`` is the position of *love*.

step = network.explain("I love 피자", position=1)
print(step.one_hot, step.input, sep="\n\n")
assert step.input.loc[(1, "love")].to_dict() == dict(
    zip(words, [0.5, 0, 0, 0.5], strict=True)
)

# %%
# The hidden layer is the product of this row and ``W_in``. There is no activation
# function, so it is the average of the vectors of *I* and *피자*.

print(step.embeddings, step.hidden, sep="\n\n")
average = (step.embeddings.loc["I"] + step.embeddings.loc["피자"]) / 2
assert np.allclose(step.hidden.loc[(1, "love")], average)

# %%
# Its dot products with the rows of ``W_out`` are the logits, one for each word.

print(step.output, step.logits, sep="\n\n")

# %%
# Softmax and cross-entropy
# -------------------------
# Softmax turns the logits into probabilities, which are positive, sum to 1, and have
# the same order. *love* and *like*, which both occurred at this place, share most of
# the probability.

print(step.probabilities)
probabilities = step.probabilities.loc[(1, "love")]
assert np.isclose(probabilities.sum(), 1)
assert set(probabilities.nlargest(2).index) == {"love", "like"}

# %%
# The target is the one-hot vector of *love*, so the cross-entropy reduces to minus the
# logarithm of the probability of *love*.

print(step.targets)
print(f"cross-entropy: -log({probabilities['love']:.4f}) = {step.cross_entropy:.4f}")
assert np.isclose(step.cross_entropy, -np.log(probabilities["love"]))

# %%
# The step of gradient descent
# ----------------------------
# The gradient with respect to the logits is very simple: probability minus target. It
# is propagated back to both matrices, and each moves against its gradient, multiplied
# by the learning rate. In ``W_in`` only the rows of the context words have a gradient:
# *I* and *피자* get the same one, half of the gradient that reaches the hidden layer.

print(step.logits_gradient, step.output_gradient, sep="\n\n")
print(f"\n{step.embeddings_gradient}\n\nlearning rate: {step.learning_rate}\n")
print(step.embeddings_after)
assert np.allclose(step.logits_gradient, step.probabilities - step.targets)
assert (step.embeddings_gradient.loc[["love", "like"]] == 0).all(axis=None)

# %%
# After the step *love* is more probable. ``print(step)`` shows all stages at once, and
# a notebook shows them as tables.

logits = step.input @ step.embeddings_after @ step.output_after.T
after = np.exp(logits["love"]) / np.exp(logits).sum(axis=1)
print(f"{probabilities['love']:.4f} before, {after.iloc[0]:.4f} after")
assert after.iloc[0] > probabilities["love"]

# %%
# Skip-gram: the word predicts its contexts
# -----------------------------------------
# The other model works the other way around. The input is the one-hot vector of the
# center word, and each word of its window is a target. With a window of 1, these are
# the pairs of the lecture.

network = SkipGramVectorizer(**network.get_params()).set_params(window=1)
network.fit(["I love 피자", "I like 피자"])
targets = network.explain("I love 피자").targets
pairs = {word: list(row.index[row > 0]) for (_, word), row in targets.iterrows()}
for center, contexts in pairs.items():
    print(f"{center} -> {', '.join(contexts)}")
assert pairs == {"I": ["love"], "love": ["I", "피자"], "피자": ["love"]}

# %%
# Training
# --------
# The corpus of the lecture has 120 such sentences, with six subjects, *love* or *like*,
# and ten objects. Every word is frequent, so we drop none (``subsample=0``), and the
# updates are small because the corpus is small. The learning rate is lower than the
# default for such a small corpus, which makes the paths smooth.
#
# The vectors start at random places. *love* and *like* occur in the same contexts, so
# they get the same gradients and move together. The same happens to the subjects, and
# to the objects, whether Korean or English. The hollow points mark the start.

parameters = {
    "n_components": 2,
    "loss": "softmax",
    "lowercase": False,
    "subsample": 0,
    "batch_size": 16,
    "learning_rate": 0.05,
    "max_iter": 50,
}
models = {
    "CBOW": CBOWVectorizer(**parameters),
    "skip-gram": SkipGramVectorizer(**parameters),
}


def save(figure, name):
    """Save a figure if the script was given a folder."""
    if len(sys.argv) > 1:
        figure.savefig(Path(sys.argv[1]) / f"lecture_{name}.png", dpi=120)


figure, axes = plt.subplots(1, 2, figsize=(12, 6), layout="constrained")
displays = {}
for ax, (name, model) in zip(axes, models.items(), strict=True):
    model.set_params(random_state=0)
    displays[name] = TrajectoryDisplay.from_estimator(model, corpus, ax=ax)
    ax.set_title(f"{name}, {model.max_iter} epochs")
save(figure, "trajectories")

# %%
# The same without the paths: the words are scattered at the start, which both models
# share, and grouped at the end.

figure, axes = plt.subplots(1, 3, figsize=(16.5, 5.5), layout="constrained")
start = displays["CBOW"].paths[0]
assert np.array_equal(start, displays["skip-gram"].paths[0])
EmbeddingDisplay(start, displays["CBOW"].words).plot(axes[0])
axes[0].set_title("the start of both")
for ax, (name, display) in zip(axes[1:], displays.items(), strict=True):
    EmbeddingDisplay(display.paths[-1], display.words).plot(ax)
    ax.set_title(f"the end of {name}")
save(figure, "start_and_end")

# %%
# Does this depend on the random start? Here are five starts for each model. In the end,
# *love* and *like* are always nearer to each other than they were at the start, and
# nearer than *love* is to *피자*.


def distances(points):
    """Return the distances from love to like, and from love to 피자."""
    love, like, pizza = points[:3]
    return np.linalg.norm(love - like), np.linalg.norm(love - pizza)


seeds = range(5)
figure, axes = plt.subplots(len(models), len(seeds), figsize=(15, 6.5))
# With many panels, this is faster than the constrained layout.
figure.subplots_adjust(0.03, 0.05, 0.99, 0.95, hspace=0.25)
rows = {}
for (name, model), row_of_axes in zip(models.items(), axes, strict=True):
    for seed, ax in zip(seeds, row_of_axes, strict=True):
        model.set_params(random_state=seed)
        display = TrajectoryDisplay.from_estimator(
            model, corpus, ["love", "like", "피자", "coffee", "I", "you"], ax=ax
        )
        ax.set(title=f"{name}, random_state={seed}", xlabel="", ylabel="")
        at_start, _ = distances(display.paths[0])
        at_end, to_pizza = distances(display.paths[-1])
        rows[name, seed] = {
            "love-like, start": at_start,
            "love-like, end": at_end,
            "love-피자, end": to_pizza,
        }
        assert at_end < at_start
        assert at_end < to_pizza
save(figure, "five_starts")
print(pd.DataFrame(rows).T)

plt.show()
