"""
Word2Vec step by step: I love 피자
===================================

A lecture on Word2Vec with one sentence, "I love 피자" (pizza), in its order: one-hot
vectors, a network of two layers, softmax, cross-entropy, a step of gradient descent,
and at last the words as points in the plane: scattered at the start, grouped at the
end. All numbers come from the vectorizers themselves; the formulas are those of Rong
(2014), "word2vec Parameter Learning Explained".

The script takes some ten seconds. It saves its pictures in the folder of its first
argument, if there is one. They need a font with Korean letters.
"""

# %%
# One-hot vectors and their two faults
# ------------------------------------
# A computer needs numbers for words. The simplest are one-hot vectors: as many places
# as there are words, and a 1 in the place of the word.

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting import EmbeddingDisplay, TrajectoryDisplay

pd.set_option("display.precision", 4)
pd.set_option("display.unicode.east_asian_width", True)  # aligns columns of Korean

words = ["I", "love", "like", "피자"]
one_hot = pd.DataFrame(np.eye(len(words), dtype=int), index=words, columns=words)
print(one_hot)

# %%
# The first fault: they know of no similarity. The dot product of two different words is
# 0, that of *love* and *like* as well as that of *love* and *피자*.

products = one_hot @ one_hot.T
print(products)
assert (products.to_numpy() == np.eye(len(words))).all()

# %%
# The second: each new word adds a dimension. Here are the words of the small corpus on
# which we train below; a newspaper has a hundred thousand.

corpus = load_lecture()
n_words = len({word for sentence in corpus for word in sentence.split()})
print(f"{len(words)} words: {len(words)} dimensions")
print(f"{n_words} words: {n_words} dimensions")

# %%
# A network of 4, 2 and 4 units
# -----------------------------
# Word2Vec learns short, dense vectors instead, with a network whose input and output
# are one-hot. Between them are the `n_components` units of the hidden layer. The rows
# of its first matrix, ``W_in``, are the word vectors; the second is ``W_out``. We train
# it for a moment on two sentences, so that its numbers are not those of the start.

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
# What stands at the blank of "I ___ 피자"? The input of the network is the average of
# the one-hot vectors of the contexts. `explain` takes one training step on a document,
# at the matrices learned so far, and keeps all that it computes; ``position=1`` is that
# of *love*.

step = network.explain("I love 피자", position=1)
print(step.one_hot, step.input, sep="\n\n")
assert step.input.loc[(1, "love")].to_dict() == dict(
    zip(words, [0.5, 0, 0, 0.5], strict=True)
)

# %%
# The hidden layer is the product of this row with ``W_in``. There is no activation
# function: it is the average of the vectors of *I* and *피자*.

print(step.embeddings, step.hidden, sep="\n\n")
average = (step.embeddings.loc["I"] + step.embeddings.loc["피자"]) / 2
assert np.allclose(step.hidden.loc[(1, "love")], average)

# %%
# Its dot products with the rows of ``W_out`` are the logits, one for each word.

print(step.output, step.logits, sep="\n\n")

# %%
# Softmax and cross-entropy
# -------------------------
# Softmax makes probabilities of the logits. It is positive, its sum is 1, and it keeps
# the order. *love* and *like*, which both were at this place, share most of it.

print(step.probabilities)
probabilities = step.probabilities.loc[(1, "love")]
assert np.isclose(probabilities.sum(), 1)
assert set(probabilities.nlargest(2).index) == {"love", "like"}

# %%
# The target is the one-hot vector of *love*. Of the cross-entropy of the two, only the
# logarithm of the probability of *love* is left.

print(step.targets)
print(f"cross-entropy: -log({probabilities['love']:.4f}) = {step.cross_entropy:.4f}")
assert np.isclose(step.cross_entropy, -np.log(probabilities["love"]))

# %%
# The step of gradient descent
# ----------------------------
# The gradient of the logits is as simple as can be: probability minus target. It goes
# back to both matrices; each moves against its gradient, by the learning rate times its
# length. In ``W_in`` only the rows of the contexts have one: *I* and *피자* get the
# same, half of what reaches the hidden layer.

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
# The other model turns it round. The input is the one-hot vector of the centre, and
# each word of its window is a target. With a window of 1 these are the pairs of the
# lecture.

network = SkipGramVectorizer(**network.get_params()).set_params(window=1)
network.fit(["I love 피자", "I like 피자"])
targets = network.explain("I love 피자").targets
pairs = {word: list(row.index[row > 0]) for (_, word), row in targets.iterrows()}
for centre, contexts in pairs.items():
    print(f"{centre} -> {', '.join(contexts)}")
assert pairs == {"I": ["love"], "love": ["I", "피자"], "피자": ["love"]}

# %%
# Training
# --------
# The corpus of the lecture has 120 such sentences: six subjects, *love* or *like*, and
# ten objects. Each word is frequent, so that none is dropped (``subsample=0``), and the
# updates are small, as the corpus is.
#
# The vectors start at random places. *love* and *like* occur in the same contexts, get
# the same gradients, and draw together; so do the subjects, and so do the objects,
# Korean or English. The hollow points are the start.

parameters = {
    "n_components": 2,
    "loss": "softmax",
    "lowercase": False,
    "subsample": 0,
    "batch_size": 16,
    "max_iter": 50,
}
models = {
    "CBOW": CBOWVectorizer(**parameters),
    "skip-gram": SkipGramVectorizer(**parameters),
}


def save(figure, name):
    """Save a picture, if the script was given a folder for it."""
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
# The same without the way: scattered at the start, which both models share, and grouped
# at the end.

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
# Is it an accident of the start? Here are five of them, for each model. At the end
# *love* and *like* are always nearer to each other than at the start, and than *love*
# is to *피자*.


def distances(points):
    """Distance of love to like, and to 피자."""
    love, like, pizza = points[:3]
    return np.linalg.norm(love - like), np.linalg.norm(love - pizza)


seeds = range(5)
figure, axes = plt.subplots(len(models), len(seeds), figsize=(15, 6.5))
figure.subplots_adjust(0.03, 0.05, 0.99, 0.95, hspace=0.25)  # fast, with many panels
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
