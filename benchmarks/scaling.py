"""Measure how the training time grows with the corpus and with its vocabulary.

Two curves show the nanoseconds per token of one epoch: one over the length of the
corpus, which is the beginning of a text, and one over the number of distinct words, in
random corpora of equal length with Zipf frequencies, in which every word occurs. Flat
curves mean that the time is proportional to the number of tokens. The measurements take
turns, up and down the curve.

Run by hand, on an idle machine::

    python benchmarks/scaling.py --corpus wiki.txt.xz --figure scaling.png
"""

import argparse

import numpy as np
import pandas as pd
from engine import train, trainer_on
from libraries import VECTORIZERS
from tables import show
from texts import load_corpus
from turns import seconds_of

from skw2v.corpus import Corpus
from skw2v.corpus.numbering import number


def zipf_corpus(n_tokens, n_words, seed=0):
    """Return a random corpus in which every word occurs."""
    rng = np.random.default_rng(seed)
    cumulated = np.cumsum(1 / np.arange(1, n_words + 1))
    drawn = rng.random(n_tokens - n_words) * cumulated[-1]
    ids = np.concatenate([np.arange(n_words), cumulated.searchsorted(drawn)])
    offsets = np.arange(0, n_tokens + 1000, 1000).clip(max=n_tokens)
    return Corpus(rng.permutation(ids).astype(np.int32), offsets)


def nanoseconds_per_token(corpus, model, n_components, n_jobs):
    """Return the time of one epoch per token, without making the matrices."""
    trainer = trainer_on(corpus, model == "cbow", n_components)
    return seconds_of(train, trainer, n_jobs) / corpus.n_tokens * 1e9


def curve(corpora, model, options):
    """Return median and range of the time per token on each corpus, from all turns."""
    times = {size: [] for size in corpora}
    for turn in range(options.turns):
        for size in sorted(corpora, reverse=bool(turn % 2)):
            times[size].append(
                nanoseconds_per_token(
                    corpora[size], model, options.components, options.jobs
                )
            )
    frame = pd.DataFrame(times).agg(["median", "min", "max"]).T
    return frame.rename_axis("size").reset_index().assign(model=model)


def beginnings(path, lengths):
    """Return beginnings of a corpus, numbered by falling frequency as in `fit`."""
    corpus, words = number(load_corpus(path, max(lengths)).sentences)
    order = np.argsort(-corpus.counts(len(words)), kind="stable")
    rank = np.empty(len(words), np.int32)
    rank[order] = np.arange(len(words))
    ids = rank[corpus.ids]
    return {
        int(n): Corpus(ids[:n], np.append(corpus.offsets[corpus.offsets < n], n))
        for n in np.minimum(lengths, len(ids))
    }


def slope(frame):
    """Return the exponent of the power law of the total time; 1 is linear."""
    per_word = np.polyfit(np.log(frame["size"]), np.log(frame["median"]), 1)[0]
    return 1 + per_word


def draw(frames, path):
    """Draw both curves side by side."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True, layout="tight")
    for ax, (name, frame) in zip(axes, frames.items(), strict=True):
        for model, part in frame.groupby("model"):
            low, high = part["median"] - part["min"], part["max"] - part["median"]
            ax.errorbar(
                part["size"], part["median"], [low, high], marker="o", label=model
            )
        ax.set(xscale="log", xlabel=name)
    axes[0].set_ylabel("ns per token and epoch")
    axes[0].legend()
    axes[0].set_ylim(0)  # the axis is shared, so only now that both are drawn
    figure.savefig(path, dpi=120)


def main(argv=None):
    """Print both curves; return them by name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", help="text file, one document per line; plain, .xz or .gz")
    add("--lengths", nargs="+", type=float, default=[1e6, 2e6, 4e6, 8e6, 18e6])
    add("--words", nargs="+", type=float, default=[1e4, 3e4, 1e5, 3e5, 1e6])
    add("--random-length", type=float, default=4e6)
    add("--components", type=int, default=100)
    add("--jobs", type=int, default=2)
    add("--turns", type=int, default=3)
    add("--figure", help="file to save the figure to")
    options = parser.parse_args(argv)
    lengths = [int(n) for n in options.lengths]
    corpora = {
        "tokens of the corpus": beginnings(options.corpus, lengths),
        "distinct words": {
            int(n): zipf_corpus(int(options.random_length), int(n))
            for n in options.words
        },
    }
    frames = {}
    for name, sizes in corpora.items():
        parts = [curve(sizes, model, options) for model in VECTORIZERS]
        frames[name] = pd.concat(parts, ignore_index=True)
        show(frames[name], f"{name}; ns per token and epoch")
        print()
        for part in parts:
            print(f"{part['model'][0]}: time ~ size ** {slope(part):.2f}", flush=True)
    if options.figure:
        draw(frames, options.figure)
    return frames


if __name__ == "__main__":
    main()
