"""How far training is from what the machine can do.

Prints what the machine reaches at its best with one thread (products of large matrices,
copies of memory), and then where the time of an epoch goes with one thread, step by
step: with the arithmetic of the products and the bytes of the rows that are fetched and
changed, so that each can be held against its limit. The clock of the steps costs some
percent itself.

Run by hand, on an idle machine::

    python benchmarks/roofline.py --corpus wiki.txt.xz --words 5000000
"""

import argparse
from collections import defaultdict
from contextlib import ExitStack
from time import perf_counter
from unittest import mock

import numpy as np
import pandas as pd
from compare_gensim import VECTORIZERS, load_corpus, make_trainer
from threadpoolctl import threadpool_limits

from skw2v.training import optimizer, stream, tile
from skw2v.training.losses import negative_sampling


def best_seconds(function, turns=5):
    """The shortest of some calls."""
    times = []
    for _ in range(turns):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return min(times)


def machine_limits():
    """Rates of one thread: products of large matrices, and copies (read and write)."""
    n = 2048
    a, b, c = np.ones((3, n, n), np.float32)
    source, target = np.ones((2, 1 << 27), np.float32)
    with threadpool_limits(1, user_api="blas"):
        product = best_seconds(lambda: np.matmul(a, b, out=c))
    copy = best_seconds(lambda: np.copyto(target, source))
    return {
        "sgemm, GFLOP/s": 2 * n**3 / product / 1e9,
        "copy, GB/s": 2 * source.nbytes / copy / 1e9,
    }


class Clock:
    """Seconds, calls, floating-point operations and bytes of each step."""

    def __init__(self):
        self.steps = defaultdict(lambda: np.zeros(4))

    def watch(self, name, function, work=lambda *arguments, **settings: (0, 0)):
        """The same function, timed; `work` gives its operations and bytes."""

        def timed(*arguments, **settings):
            start = perf_counter()
            result = function(*arguments, **settings)
            seconds = perf_counter() - start
            self.steps[name] += (seconds, 1, *work(*arguments, **settings))
            return result

        return timed

    def table(self, total, n_words):
        """One row a step, the rest of the time last."""
        frame = pd.DataFrame(
            dict(self.steps), index=["seconds", "calls", "operations", "bytes"]
        ).T
        frame.loc["the rest, Python among it"] = [
            total - frame["seconds"].sum(),
            0,
            0,
            0,
        ]
        return pd.DataFrame(
            {
                "ns/word": frame["seconds"] / n_words * 1e9,
                "share": frame["seconds"] / total,
                "calls": frame["calls"],
                "GFLOP/s": frame["operations"] / frame["seconds"] / 1e9,
                "GB/s": frame["bytes"] / frame["seconds"] / 1e9,
                "bytes/word": frame["bytes"] / n_words,
            }
        ).rename_axis("step")


def work_of_product(a, b, out):
    """Operations of a stack of products."""
    return 2 * out.size * a.shape[-1], 0


def work_of_gather(matrix, ids, out):
    """Bytes of rows that are read and written."""
    return 0, 2 * out.nbytes


def work_of_scatter(matrix, ids, scale, rows, indptr):
    """Bytes of gradients and rows that are read, and of rows that are written."""
    return 2 * rows.size, 3 * rows.nbytes


class TimedNumpy:
    """NumPy with a timed `matmul`, for one module."""

    def __init__(self, clock):
        self.matmul = clock.watch("products (np.matmul)", np.matmul, work_of_product)

    def __getattr__(self, name):
        return getattr(np, name)


def profile(trainer, clock):
    """Train with one thread under the clock; return the seconds."""
    watched = [
        (tile, "gather", "fetch rows (np.take)", work_of_gather),
        (negative_sampling, "gather", "fetch rows (np.take)", work_of_gather),
        (negative_sampling.NegativeSampling, "pointwise", "logistic loss", None),
        (negative_sampling, "spread_of", "spread of the vectors", None),
        (optimizer, "scatter_add", "change rows (csc_matvecs)", work_of_scatter),
        (stream.Stream, "_chunk", "draw, cut and shuffle the stream", None),
    ]
    with ExitStack() as patches:
        for module in (tile, negative_sampling):
            patches.enter_context(mock.patch.object(module, "np", TimedNumpy(clock)))
        for owner, attribute, name, work in watched:
            function = getattr(owner, attribute)
            timed = clock.watch(name, function, *([work] if work else []))
            if attribute == "pointwise":
                timed = staticmethod(timed)
            patches.enter_context(mock.patch.object(owner, attribute, timed))
        start = perf_counter()
        trainer.fit(1)
        return perf_counter() - start


def main(argv=None):
    """Print the limits and the profiles; return them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", help="text file, one document a line; plain, .xz or .gz")
    add("--words", type=int, help="use only so many words from its beginning")
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--components", type=int, default=100)
    options = parser.parse_args(argv)
    limits = machine_limits()
    for name, value in limits.items():
        print(f"{name}: {value:.1f}")
    sentences = load_corpus(options.corpus, options.words).sentences
    tables = {}
    for model in options.model:
        vectorizer = VECTORIZERS[model](
            n_components=options.components, max_iter=1, random_state=0
        )
        trainer, clock = make_trainer(vectorizer, sentences), Clock()
        seconds = profile(trainer, clock)
        tables[model] = clock.table(seconds, trainer.n_words)
        speed = trainer.n_words / seconds
        text = tables[model].to_string(float_format="%.2f", na_rep="")
        print(f"\n{model}, {speed:,.0f} words/s\n{text}", flush=True)
    return limits, tables


if __name__ == "__main__":
    main()
