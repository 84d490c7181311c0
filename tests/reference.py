"""The model as plain loops in float64: windows, pairs and updates one by one.

It shares no code with the engine. Only the random draws (which tokens are kept, how
wide each window is, which runs form a group) come from the engine's stream.
"""

from collections import defaultdict

import numpy as np


def positions(p, runs):
    """Yield (word, contexts, noise) for each position of some runs.

    `noise` is a list of (word, weight): the words of the other runs of the group.
    """
    n_group = p.noise_weight.shape[2]
    for run in range(runs.start, runs.stop):
        group = run // n_group
        others = [group * n_group + i for i in range(n_group)]
        others.remove(run)
        for i in range(p.left.shape[1]):
            window = (p.windows.shape[1] - p.left.shape[1]) // 2
            at = window + i
            before = p.windows[run, at - p.left[run, i] : at]
            after = p.windows[run, at + 1 : at + p.right[run, i] + 1]
            noise = [
                (p.windows[r, at], p.noise_weight[group, i, r % n_group])
                for r in others
            ]
            yield p.windows[run, at], [*before, *after], noise


def example(word, contexts, cbow):
    """Return the input words and the target words of a training example."""
    if not contexts:
        return [], []
    return (contexts, [word]) if cbow else ([word], contexts)


def log_loss(score, label):
    """Return the log loss of a label and its derivative with respect to the score."""
    probability = 1 / (1 + np.exp(-score))
    return -np.log(probability if label else 1 - probability), probability - label


class Reference:
    """Input and output matrix in float64, updated one step at a time."""

    def __init__(self, W_in, W_out, cbow):
        self.W_in, self.W_out, self.cbow = W_in.copy(), W_out.copy(), cbow

    def gradients(self, positions):
        """Return loss and gradients of some positions, all for the same matrices."""
        loss, d_in, d_out = 0.0, defaultdict(float), defaultdict(float)
        for word, contexts, noise in positions:
            inputs, targets = example(word, contexts, self.cbow)
            hidden = sum(self.W_in[word] for word in inputs) / max(len(inputs), 1)
            candidates = [(word, 1, 1.0) for word in targets]
            candidates += [(word, 0, weight) for _ in targets for word, weight in noise]
            d_hidden = 0.0
            for word, label, weight in candidates:
                value, slope = log_loss(hidden @ self.W_out[word], label)
                loss += weight * value
                d_out[word] += weight * slope * hidden
                d_hidden += weight * slope * self.W_out[word]
            for word in inputs:
                d_in[word] += d_hidden / len(inputs)
        return loss, d_in, d_out

    def step(self, gradients, learning_rate):
        """Take a step of plain gradient descent on both matrices."""
        for W, gradient in zip((self.W_in, self.W_out), gradients, strict=True):
            for word, direction in gradient.items():
                W[word] -= learning_rate * direction
