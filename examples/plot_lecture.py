r"""
Word2Vec step by step: I love 피자
===================================

A computer calculates with numbers, so words must become numbers first. This page
follows an introductory lecture that shows how Word2Vec does it, with one sentence, "I
love 피자" (pizza): one-hot vectors, a network with 4, 2 and 4 units, softmax,
cross-entropy, a step of gradient descent, and finally the words as points in the plane,
scattered at the start and grouped at the end.

You need dot products and products of matrices, no more. All numbers come from the
vectorizers themselves. To run the code, install the package with
``pip install "skw2v[plots]"``; the plots need a font with Korean letters. The formulas
are those of Rong (2014), "word2vec Parameter Learning Explained", with rows as vectors.
`A live page <../live.html>`__ shows the same network while you train it.
"""

# %%
# One-hot vectors
# ---------------
# The different words that a model knows are its vocabulary. The simplest numbers for a
# word are its one-hot vector. It has as many components as the vocabulary has words,
# with a 1 in the component of the word and 0 in all others. Our vocabulary has four
# words.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting import LossCurveDisplay, TrajectoryDisplay
from skw2v.plotting.fonts import font_for

pd.set_option("display.precision", 4)

words = ["I", "love", "like", "피자"]
one_hot = pd.DataFrame(np.eye(len(words), dtype=int), index=words, columns=words)
one_hot

# %%
# One-hot vectors have two drawbacks. First, they contain no similarity. The dot product
# says how similar two vectors are, but for any two different one-hot vectors it is 0:
# for *love* and *like*, which mean nearly the same, as well as for *love* and *피자*.

products = one_hot @ one_hot.T
assert (products.to_numpy() == np.eye(len(words))).all()
products

# %%
# Second, each new word adds a dimension to all vectors. The small corpus on which we
# train below needs 18 dimensions, and a newspaper needs a hundred thousand, in each of
# which all numbers but one are 0. Such vectors are called sparse.

corpus = load_lecture()
n_words = len({word for sentence in corpus for word in sentence.split()})
assert n_words == 18
pd.Series({"I love 피자": len(words), "corpus": n_words}, name="dimensions").to_frame()

# %%
# A network of 4, 2 and 4 units (window=1)
# ----------------------------------------
# Word2Vec learns short, dense vectors instead, the embeddings of the words. It trains a
# shallow neural network, with a single hidden layer, to predict words from the words
# around them, and keeps its weights.
#
# .. math::
#
#    \underset{1 \times 4}{\mathbf{x}}
#    \;\xrightarrow{\;W_\text{in}\;}\;
#    \underset{1 \times 2}{\mathbf{h}}
#    \;\xrightarrow{\;W_\text{out}^\top\;}\;
#    \underset{1 \times 4}{\mathbf{s}}
#    \;\xrightarrow{\;\text{softmax}\;}\;
#    \underset{1 \times 4}{\mathbf{p}}
#
# * The input layer and the output layer have four units, one for each word.
# * The hidden layer has two units. Their number is the parameter ``n_components``, the
#   dimension of the embeddings.
# * Each row of the matrix :math:`W_\text{in}` is the embedding of a word.
# * The second matrix, :math:`W_\text{out}`, has a row for each word as well, so it is
#   transposed in the product with the hidden layer.
#
# At the start, :math:`W_\text{in}` is random and :math:`W_\text{out}` is 0. We train
# the network for 20 epochs on two sentences, so that its weights say something. Its
# window is 1: a word sees one word on each side.

network = CBOWVectorizer(
    n_components=2,
    window=1,
    shrink_windows=False,
    loss="softmax",
    vocabulary=words,
    lowercase=False,
    subsample=0,
    max_iter=20,
    random_state=0,
)
sentences = ["I love 피자", "I like 피자"]
network.fit(sentences)
step = network.explain("I love 피자", position=1)
step.embeddings.columns = step.output.columns = ["h1", "h2"]
matrices = pd.concat({"W_in": step.embeddings, "W_out": step.output}, axis=1)
assert matrices.shape == (4, 2 + 2)
matrices

# %%
# Here is the network with these weights. It is filling the blank of "I ___ 피자": each
# unit holds its value, and each line a weight. Blue, solid lines are positive weights,
# and orange, dashed lines are negative; the larger the weight, the thicker the line.
# The next sections calculate these values one by one.

# sphinx_gallery_start_ignore
family = font_for(words).get_name()  # it has Korean letters
plt.rcParams["font.family"] = ["DejaVu Sans", family]
plt.rcParams["font.size"] = 11
plt.rcParams["axes.spines.top"] = plt.rcParams["axes.spines.right"] = False
SERIF = {"family": ["DejaVu Serif", family]}  # or "I" would look like a tick mark
BLUE, ORANGE = "#0072B2", "#D55E00"
OUTER, INNER = [3, 2, 1, 0], [2.4, 0.6]  # heights of the units


def draw_weights(ax, x, weights):
    """Draw lines from the units at x to the hidden ones, and their weights."""
    for y, row in zip(OUTER, weights.to_numpy(), strict=True):
        for end, weight in zip(INNER, row, strict=True):
            color, style = (BLUE, "-") if weight > 0 else (ORANGE, (0, (4, 2)))
            ax.plot([x, 1], [y, end], ls=style, lw=0.5 + 2 * abs(weight), c=color)
            at = x + 0.28 * (1 - x), y + 0.28 * (end - y)
            box = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none"}
            ax.text(*at, f"{weight:.2f}", c=color, size=9, ha="center", bbox=box)


def draw_units(ax, x, heights, values):
    """Draw a layer of units with their values."""
    ax.scatter([x] * len(heights), heights, s=900, c="white", ec="black", zorder=3)
    for y, value in zip(heights, values.iloc[0], strict=True):
        ax.text(x, y, f"{value:.2f}", size=10, ha="center", va="center", zorder=4)


def draw_network(ax, step):
    """Draw a network with its weights, and its values at one position."""
    draw_weights(ax, 0, step.embeddings)
    draw_weights(ax, 2, step.output)
    draw_units(ax, 0, OUTER, step.input)
    draw_units(ax, 1, INNER, step.hidden)
    draw_units(ax, 2, OUTER, step.probabilities)
    for y, word in zip(OUTER, words, strict=True):
        ax.text(-0.2, y, word, ha="right", va="center", **SERIF)
        ax.text(2.2, y, word, ha="left", va="center", **SERIF)
    for i, name in enumerate(["x", "W_{in}", "h", "W_{out}", "p"]):
        ax.text(i / 2, 3.6, f"${name}$", ha="center")
    ax.set(xlim=(-0.7, 2.7), ylim=(-0.5, 4))
    ax.axis("off")


# sphinx_gallery_end_ignore
figure, ax = plt.subplots(figsize=(5, 5), layout="constrained")
draw_network(ax, step)
plt.show()

# %%
# Our matrices have 4 times 2, so 8 weights each. The same network for a real language,
# with 50,000 words and 300 components, has 15 million weights in each matrix. Nothing
# else in it changes.

scale = pd.DataFrame(
    {"words": [4, 50_000], "components": [2, 300]}, index=["I love 피자", "a language"]
)
scale["weights of a matrix"] = scale["words"] * scale["components"]
assert list(scale["weights of a matrix"]) == [8, 15_000_000]
scale.map("{:,}".format)

# %%
# CBOW: the contexts predict the word (window=1)
# ----------------------------------------------
# Which word fills the blank in "I ___ 피자"? CBOW (continuous bag of words) learns by
# filling such blanks. The word in the blank is the center word, and the words around it
# are its contexts. The window says how far they reach on each side: with a window of 1,
# the contexts of *love* are *I* and *피자*.
#
# `explain` takes one training step, from the weights learned so far, and keeps all that
# it computes in tables. Positions count from 0, so *love* is at position 1. First, the
# one-hot vectors of the contexts:

step.one_hot

# %%
# The network gets their average.
#
# .. math::
#
#    \mathbf{x} = \tfrac{1}{2}\,(\mathbf{x}_\text{I} + \mathbf{x}_\text{피자})
#               = (0.5,\; 0,\; 0,\; 0.5)

assert step.input.loc[(1, "love")].tolist() == [0.5, 0, 0, 0.5]
step.input

# %%
# The hidden layer is the product of this row and :math:`W_\text{in}`. A one-hot vector
# times a matrix picks one row of it, so the hidden layer is the average of the
# embeddings of *I* and *피자*.
#
# .. math::
#
#    \mathbf{h} = \mathbf{x}\, W_\text{in}
#               = \tfrac{1}{2}\,(\mathbf{w}_\text{I} + \mathbf{w}_\text{피자})

average = (step.embeddings.loc["I"] + step.embeddings.loc["피자"]) / 2
assert np.allclose(step.hidden.loc[(1, "love")], average)
step.hidden

# %%
# The hidden layer of most networks has an activation function, such as a sigmoid. Here
# there may be one, but Word2Vec has none. The hidden layer is nothing but a row of
# :math:`W_\text{in}`, or the average of a few rows: these rows are what we are after,
# and their dot products are to say how well words go together. And it is cheap: the
# nonlinear hidden layer was the most expensive part of the older models that Word2Vec
# replaced (Mikolov et al., 2013).
#
# The dot product of the hidden layer with each row of :math:`W_\text{out}` gives a
# score for each word, its logit. The larger it is, the better the word fits into the
# blank.
#
# .. math::
#
#    \mathbf{s} = \mathbf{h}\, W_\text{out}^\top

assert np.allclose(step.logits, step.hidden @ step.output.to_numpy().T)
step.logits

# %%
# Softmax: from scores to probabilities
# -------------------------------------
# Scores may be negative, and they sum to anything. Softmax makes probabilities of them
# in two steps. The exponential function makes all of them positive, and keeps their
# order. Dividing by their sum makes them sum to 1.
#
# .. math::
#
#    p_j = \frac{e^{s_j}}{\sum_{k} e^{s_k}}

softmax = pd.DataFrame({"s": step.logits.iloc[0]})
softmax["exp(s)"] = np.exp(softmax["s"])
softmax["p"] = softmax["exp(s)"] / softmax["exp(s)"].sum()
softmax.loc["sum"] = softmax.sum()
assert np.allclose(softmax["p"].drop("sum"), step.probabilities)
assert np.isclose(softmax.loc["sum", "p"], 1)
softmax.round(4)

# %%
# *love* and *like*, which both occurred at this place, share most of the probability.

probabilities = step.probabilities.loc[(1, "love")]
assert set(probabilities.nlargest(2).index) == {"love", "like"}

figure, axes = plt.subplots(3, 1, figsize=(5, 5.5), layout="constrained")
for ax, (name, values) in zip(axes, softmax.drop("sum").items(), strict=True):
    bars = ax.barh(range(4), values, color=BLUE)
    ax.bar_label(bars, fmt="%.2f", padding=3)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.margins(x=0.2)
    ax.set(title=name, xticks=[])
    ax.set_yticks(range(4), words, **SERIF)
    ax.invert_yaxis()
plt.show()

# %%
# Cross-entropy: how wrong it is
# ------------------------------
# The target :math:`\mathbf{t}` is the one-hot vector of the center word, *love*.
# Cross-entropy measures how far the probabilities are from it. It is our loss.
#
# .. math::
#
#    L = -\sum_{j} t_j \log p_j = -\log p_\text{love}
#
# As the target has a single 1, a single term of the sum is left: minus the logarithm of
# the probability of *love*.

assert np.isclose(step.cross_entropy, -np.log(probabilities["love"]))
pd.DataFrame(
    {"t": step.targets.iloc[0], "p": probabilities, "-log p": -np.log(probabilities)}
)

# %%
# The loss is 0 if the probability is 1, and grows without limit as it approaches 0. At
# the start all weights of :math:`W_\text{out}` are 0, and so all scores. Each of the
# four words has the probability 1/4, and the loss is log 4 = 1.386.

start = np.log(4)
assert np.isclose(network.loss_curve_[0], start)

figure, ax = plt.subplots(figsize=(5, 3.5), layout="constrained")
p = np.linspace(0.01, 1, 200)
ax.plot(p, -np.log(p), color="0.45")
for at, name in ((1 / 4, "start"), (probabilities["love"], "20 epochs")):
    ax.plot(at, -np.log(at), "o", color=BLUE)
    ax.annotate(
        f"{name}: -log {at:.2f} = {-np.log(at):.3f}",
        (at, -np.log(at)),
        xytext=(8, 8),
        textcoords="offset points",
    )
ax.set(xlabel="p", ylabel="-log p", xlim=(0, 1.2))
plt.show()

# %%
# Gradient descent: one step (window=1)
# -------------------------------------
# Now both matrices change a little, so that the loss becomes smaller. The gradient
# tells the direction. For softmax with cross-entropy, the gradient with respect to the
# scores is very simple: probability minus target.
#
# .. math::
#
#    \frac{\partial L}{\partial \mathbf{s}} = \mathbf{p} - \mathbf{t}
#
# It is negative for the target only: the score of *love* should rise, and all others
# should fall.

assert np.allclose(step.logits_gradient, step.probabilities - step.targets)
assert (step.logits_gradient["love"] < 0).all()
assert (step.logits_gradient.drop(columns="love") > 0).all(axis=None)
step.logits_gradient

# %%
# The chain rule carries it back to both matrices, which is called backpropagation.
#
# .. math::
#
#    \frac{\partial L}{\partial W_\text{out}}
#    &= (\mathbf{p} - \mathbf{t})^\top\, \mathbf{h} \\
#    \frac{\partial L}{\partial W_\text{in}}
#    &= \mathbf{x}^\top\, (\mathbf{p} - \mathbf{t})\, W_\text{out}
#
# The input is 0 for *love* and *like*, so of :math:`W_\text{in}` only the rows of the
# contexts change. *I* and *피자* get the same gradient, half of what reaches the hidden
# layer.

gradient = step.embeddings_gradient
assert (gradient.loc[["love", "like"]] == 0).all(axis=None)
assert gradient.loc["I"].equals(gradient.loc["피자"])
gradients = {"dL/dW_in": gradient, "dL/dW_out": step.output_gradient}
pd.concat(gradients, axis=1)

# %%
# The gradient points to where the loss grows fastest. Gradient descent moves the
# weights the other way. How far is said by the learning rate :math:`\eta`, here 0.5.
#
# .. math::
#
#    W \leftarrow W - \eta\, \frac{\partial L}{\partial W}
#
# These are both matrices after the step:

assert step.learning_rate == 0.5
after = {"W_in": step.embeddings_after, "W_out": step.output_after}
assert np.allclose(after["W_in"], step.embeddings.to_numpy() - 0.5 * gradient)
pd.concat(after, axis=1)

# %%
# Asked again, the network finds *love* more probable in this blank.

logits = step.input @ step.embeddings_after @ step.output_after.T
again = np.exp(logits["love"]) / np.exp(logits).sum(axis=1)
assert again.iloc[0] > probabilities["love"]
pd.Series(
    {"before": probabilities["love"], "after": again.iloc[0]}, name="p"
).to_frame()

# %%
# Training repeats such steps at all positions of the corpus. In practice, it computes
# a batch of positions at once. One pass over the corpus is an epoch, and their number
# is the parameter ``max_iter``.
#
# Skip-gram: the word predicts its contexts (window=1)
# ----------------------------------------------------
# The other model works the other way around. Its input is the one-hot vector of the
# center word, and each word of its window is a target. With a window of 1, these are
# the pairs of "I love 피자":

skip_gram = SkipGramVectorizer(**network.get_params()).fit(sentences)
targets = skip_gram.explain("I love 피자").targets
pairs = {word: list(row.index[row > 0]) for (_, word), row in targets.iterrows()}
assert pairs == {"I": ["love"], "love": ["I", "피자"], "피자": ["love"]}
for center, contexts in pairs.items():
    print(f"{center} -> {', '.join(contexts)}")

# %%
# A step in numbers, again for *love* at position 1. The average of a single one-hot
# vector is this vector, so the hidden layer is the row of *love* in
# :math:`W_\text{in}`. There are two targets, and their losses are added. So the
# gradient of the scores is *two* times the probability, minus the targets.
#
# .. math::
#
#    \mathbf{h} &= \mathbf{w}_\text{love} \\
#    L &= -\log p_\text{I} - \log p_\text{피자} \\
#    \frac{\partial L}{\partial \mathbf{s}} &= 2\,\mathbf{p} - \mathbf{t}

step = skip_gram.explain("I love 피자", position=1)
p, t = step.probabilities.iloc[0], step.targets.iloc[0]
assert np.allclose(step.hidden, step.embeddings.loc["love"])
assert t.to_dict() == {"I": 1, "love": 0, "like": 0, "피자": 1}
assert np.isclose(step.cross_entropy, -np.log(p["I"]) - np.log(p["피자"]))
assert np.allclose(step.logits_gradient, 2 * p - t)
pd.DataFrame({"s": step.logits.iloc[0], "p": p, "t": t, "2p - t": 2 * p - t})

# %%
# One row of :math:`W_\text{in}` changes, that of *love*.

assert (step.embeddings_gradient.drop("love") == 0).all(axis=None)
before_and_after = {"before": step.embeddings, "after": step.embeddings_after}
pd.concat(before_and_after, axis=1)

# %%
# Why the loss never reaches 0
# ----------------------------
# In our two sentences, the blank of "I ___ 피자" holds *love* as often as *like*. No
# network can know which one comes. The best that it can say is 1/2 for each, and its
# loss is then log 2 = 0.693. That is the entropy of the blank. What the loss has above
# it is the Kullback-Leibler (KL) divergence, the error that training can remove.
#
# .. math::
#
#    D_\text{KL}(\mathbf{q} \,\|\, \mathbf{p})
#    = \underbrace{-\sum_j q_j \log p_j}_\text{cross-entropy}
#    \;-\; \underbrace{\Bigl(-\sum_j q_j \log q_j\Bigr)}_\text{entropy}
#
# Here :math:`\mathbf{q}` holds how often each word stands in the blank: 1/2 for *love*
# and for *like*. These are the numbers of our network after 20 epochs (CBOW, window=1):

blanks = [network.explain(sentence, position=1) for sentence in sentences]
cross_entropy = np.mean([blank.cross_entropy for blank in blanks])
divergence = cross_entropy - np.log(2)
assert np.round([cross_entropy, divergence], 4).tolist() == [0.7251, 0.0320]
parts = {"cross-entropy": cross_entropy, "entropy": np.log(2), "KL": divergence}
pd.Series(parts, name="nats").to_frame()

# %%
# Which contexts do two words share? (window=1, window=2)
# -------------------------------------------------------
# Now the corpus of the lecture: 120 sentences, all combinations of six subjects, *love*
# or *like*, and ten objects. Before we train, let us look at what there is to learn. A
# word has no meaning for the model except the words around it. How many contexts do two
# words share, of all contexts that they have?

subjects = ["I", "you", "we", "they", "students", "children"]
verbs = ["love", "like"]
objects = sorted({sentence.split()[2] for sentence in corpus})
groups = (subjects, verbs, objects)
assert len(corpus) == np.prod([len(group) for group in groups])


def contexts_of(word, window):
    """Return the set of words that occur around a word."""
    found = set()
    for sentence in map(str.split, corpus):
        if word in sentence:
            at = sentence.index(word)
            found.update(sentence[max(at - window, 0) : at + window + 1])
    return found - {word}


def shared(word, other, window):
    """Return the share of the contexts of two words that both of them have."""
    one, two = contexts_of(word, window), contexts_of(other, window)
    return f"{len(one & two)} of {len(one | two)}"


questions = [("love", "like"), ("I", "you"), ("I", "피자"), ("love", "피자")]
answers = pd.DataFrame(
    {
        f"window={window}": {
            f"{word}, {other}": shared(word, other, window) for word, other in questions
        }
        for window in (1, 2)
    }
)
assert answers.loc["I, 피자"].tolist() == ["2 of 2", "2 of 18"]
answers

# %%
# *love* and *like* share all contexts, whatever the window. But look at *I* and *피자*.
# With a window of 1, each sees only the verb beside it, and the verbs are the same: to
# the model they are the same word. With a window of 2, *I* sees the objects and *피자*
# sees the subjects, and only the verbs are shared.
#
# So we expect: *love* and *like* meet in any case. *I* and *피자* end together with a
# window of 1, and part with a window of 2.
#
# Training (window=1, window=2)
# -----------------------------
# We train both models with both windows, for 50 epochs. ``subsample=0`` drops no
# occurrences of frequent words, as all words are frequent here. The updates are small
# because the corpus is small, and the learning rate is lower than the default, which
# makes the paths smooth.

parameters = {
    "n_components": 2,
    "shrink_windows": False,
    "loss": "softmax",
    "lowercase": False,
    "subsample": 0,
    "batch_size": 16,
    "learning_rate": 0.05,
    "max_iter": 50,
}
models = {
    (name, window): Vectorizer(window=window, **parameters)
    for name, Vectorizer in {
        "CBOW": CBOWVectorizer,
        "skip-gram": SkipGramVectorizer,
    }.items()
    for window in (1, 2)
}
displays = {}


def draw_paths(name):
    """Draw the paths of the words of a model with a window of 1 and of 2."""
    _, axes = plt.subplots(2, 1, figsize=(5, 9), layout="constrained")
    for window, ax in zip((1, 2), axes, strict=True):
        model = models[name, window].set_params(random_state=0)
        displays[name, window] = TrajectoryDisplay.from_estimator(
            model, corpus, ax=ax, groups=groups
        )
        ax.set_title(f"{name}, window={window}")
    plt.show()


draw_paths("CBOW")

# %%
# Each line is the path of a word. Its hollow end is the random start, and its filled
# end the place after 50 epochs. Subjects are blue circles, verbs orange squares, and
# objects green triangles. It doesn't matter whether an object is Korean or English: the
# model doesn't see letters, only which words occur around a word.

draw_paths("skip-gram")

# %%
# Does this depend on the random start? Here are five starts of each model, with the
# cosine of *I* and *피자* at the end: 1 if their vectors point in the same direction,
# -1 if they point in opposite ones.

seeds = range(5)
rows = {}
for (name, window), model in models.items():
    for seed in seeds:
        vectors = model.set_params(random_state=seed).fit(corpus).word_vectors()
        love_like = np.linalg.norm(vectors["love"] - vectors["like"])
        love_pizza = np.linalg.norm(vectors["love"] - vectors["피자"])
        rows[name, window, seed] = {
            "cos(I, 피자)": dict(vectors.most_similar("I", topn=None))["피자"],
            "love-like": love_like,
            "love-피자": love_pizza,
        }
table = pd.DataFrame(rows).T.rename_axis(["model", "window", "seed"])
ends = table["cos(I, 피자)"].unstack("window")
assert (ends[1] > 0.8).all()
assert (ends[2] < -0.2).all()
ends

# %%
# It doesn't. With a window of 1 they end together from each start, and with a window of
# 2 they part. (With a window of 1, subjects and objects get the same gradients and move
# side by side, so some of their distance at the start is left.) And *love* and *like*
# meet from each start. Here are the distances at the end, the means of the five starts.
# One-hot vectors could not tell them apart.

distances = table.drop(columns="cos(I, 피자)")
assert (distances["love-like"] < 0.1).all()
assert (distances["love-피자"] > 1.5).all()
distances.groupby(["model", "window"]).mean()

# %%
# The floor under the loss curve (window=2)
# -----------------------------------------
# The loss of these trainings doesn't reach 0 either. How low can it get? Whatever the
# input is, the best probabilities are the shares of the targets that follow it in the
# corpus, and what is left is their entropy. `explain` gives inputs and targets of all
# sentences, so that we can count them.


def floor(model):
    """Return the entropy of the targets given the input, in nats per pair."""
    steps = [model.explain(sentence) for sentence in corpus]
    inputs = pd.concat([step.input for step in steps])
    targets = pd.concat([step.targets for step in steps])
    counts = targets.groupby(list(inputs.round(6).to_numpy().T)).sum()
    shares = counts.div(counts.sum(axis=1), axis=0)
    logs = np.log(shares.where(shares > 0, 1))  # 0 log 0 is 0
    return -(counts * logs).to_numpy().sum() / counts.to_numpy().sum()


floors = {name: floor(models[name, 2]) for name in ("CBOW", "skip-gram")}
assert np.round(list(floors.values()), 3).tolist() == [1.596, 2.289]
by_hand = (np.log(6) + np.log(2) + np.log(10)) / 3
assert np.isclose(floors["CBOW"], by_hand)
pd.Series(floors, name="entropy").to_frame()

# %%
# For CBOW it is easy to check: two words of a sentence leave six subjects, two verbs or
# ten objects for the third one, all equally often.
#
# .. math::
#
#    \tfrac{1}{3}\,(\log 6 + \log 2 + \log 10) = 1.596
#
# The loss curves come down to this floor and stay above it. The gap is the KL
# divergence.

figure, ax = plt.subplots(figsize=(5, 4), layout="constrained")
lines = {"CBOW": (BLUE, "o"), "skip-gram": (ORANGE, "s")}
for name, (color, marker) in lines.items():
    model = models[name, 2]
    gap = model.loss_curve_[-1] - floors[name]
    assert 0 < gap < 0.03
    LossCurveDisplay.from_estimator(
        model, ax=ax, label=name, color=color, marker=marker, markersize=3
    )
    ax.axhline(floors[name], color=color, linestyle="--", linewidth=1)
    ax.annotate(
        f"{floors[name]:.3f}",
        (50, floors[name]),
        xytext=(0, -4),
        textcoords="offset points",
        ha="right",
        va="top",
    )
ax.set_ylim(1.4)
plt.show()

# %%
# Glossary
# --------
#
# .. list-table::
#    :header-rows: 1
#
#    * - Term
#      - Meaning
#      - In this package
#    * - vocabulary
#      - the different words that a model knows
#      - ``vocabulary_``
#    * - embedding, :math:`W_\text{in}`
#      - the vectors of the words
#      - ``embeddings_``
#    * - output weights, :math:`W_\text{out}`
#      - the second matrix
#      - ``output_embeddings_``
#    * - size of the hidden layer
#      - dimension of the embeddings
#      - ``n_components``
#    * - window
#      - how many words on each side are contexts
#      - ``window``
#    * - loss function
#      - measures how wrong the predictions are
#      - ``loss``
#    * - learning rate
#      - the length of the steps
#      - ``learning_rate``
#    * - epoch
#      - one pass over the corpus
#      - ``max_iter``
#
# Exercises
# ---------
# * How many pairs does skip-gram make of "I love 피자" with ``window=2``? Write them
#   down, and then ask ``explain``.
# * Choose a number in one of the tables above and calculate it by hand.
#   ``print(step)`` shows all stages of a step with their formulas.
# * With ``window=1``, which words share all contexts with *students*? Look at the
#   picture, and check with ``contexts_of``.
# * What is the floor under the loss of CBOW with ``window=1``? Why is it higher than
#   with ``window=2``?
# * Add the sentence "coffee love I" a hundred times. Which words move, and why?
#
# Further reading
# ---------------
# * **Large vocabularies.** The sum in the softmax has a term for each word, and with
#   50,000 words that takes too long. Negative sampling, the default, tells the words of
#   a window from a few random ones instead. Hierarchical softmax walks down a binary
#   tree. See ``loss`` in the :doc:`user guide </user_guide>`.
# * **Real text.** ``fit`` takes any iterable of documents, such as a generator over the
#   lines of a file. Then ``word_vectors().most_similar(...)`` finds similar words.
# * **Documents.** ``transform`` returns the average of the word vectors of each
#   document, which fits into a pipeline of scikit-learn ahead of a classifier.
# * **Korean.** Particles must be separated so that "피자를" and "피자가" are the same
#   word: :doc:`Korean text </korean_text>`.
# * **The engine.** :doc:`How it works </how_it_works>` tells how these calculations
#   become fast.
