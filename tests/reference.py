"""The model as plain loops in float64: windows, pairs and updates one by one.

It shares no code with the engine. Only the random draws (which words are kept, how wide
each window is, which words are noise) come from the engine's stream.
"""

from collections import defaultdict

import numpy as np


def contexts(left, right, position):
    """Positions of the contexts of one position."""
    before = range(position - left[position], position)
    after = range(position + 1, position + right[position] + 1)
    return [*before, *after]


def examples(words, left, right, cbow):
    """Yield (position, input words, target words) of the training examples."""
    for position in range(len(left)):
        around = [words[i] for i in contexts(left, right, position)]
        if not around:
            continue
        if cbow:
            yield position, around, [words[position]]
        else:
            yield position, [words[position]], around


def log_loss(score, label):
    """Negative log-likelihood of a label, and its derivative by the score."""
    probability = 1 / (1 + np.exp(-score))
    return -np.log(probability if label else 1 - probability), probability - label


class Reference:
    """One update after the other on a pair of float64 matrices."""

    def __init__(self, W_in, W_out, *, cbow, negative, noise_words):
        self.W_in, self.W_out = W_in.copy(), W_out.copy()
        self.cbow, self.negative, self.noise_words = cbow, negative, noise_words

    def gradients(self, words, left, right, noise_of):
        """Loss and gradients of some positions, all at the same point."""
        loss, d_in, d_out = 0.0, defaultdict(float), defaultdict(float)
        for position, inputs, targets in examples(words, left, right, self.cbow):
            hidden = sum(self.W_in[word] for word in inputs) / len(inputs)
            share = self.negative / self.noise_words
            candidates = [(word, 1, 1.0) for word in targets]
            for _ in targets:
                candidates += [(word, 0, share) for word in noise_of(position)]
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
        """Plain gradient descent on both matrices."""
        for W, gradient in zip((self.W_in, self.W_out), gradients, strict=True):
            for word, direction in gradient.items():
                W[word] -= learning_rate * direction
