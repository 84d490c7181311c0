"""Measure how close training comes to the limits of the machine.

The script prints the best rates that the machine reaches with one thread, for products
of large matrices and for copies of memory. Then it prints where the time of an epoch
goes with one thread, step by step, with the operations of the products and the bytes of
the rows that are fetched and changed, so that each step can be compared with its limit.
Timing the steps takes a few percent of the time itself. A word is a token here.

Run by hand, on an idle machine::

    python benchmarks/roofline.py --corpus wiki.txt.xz --words 5000000
"""

from collections import defaultdict
from contextlib import ExitStack
from time import perf_counter
from unittest import mock

import numpy as np
import pandas as pd
from engine import GATHER, MULTIPLYING, SCATTER, STEPS, train, trainer_of
from libraries import VECTORIZERS
from tables import show
from texts import corpus_parser, load_corpus
from threadpoolctl import threadpool_limits


def best_seconds(function, turns=5):
    """Return the seconds of the fastest of several calls."""
    times = []
    for _ in range(turns):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return min(times)


def machine_limits():
    """Measure the rates of one thread for large products and for copies of memory."""
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


def no_work(*arguments, **settings):
    """Count nothing."""
    return 0, 0


class Clock:
    """The seconds, calls, floating-point operations and bytes of each step."""

    def __init__(self):
        self.steps = defaultdict(lambda: np.zeros(4))

    def watch(self, name, function, work):
        """Return the function with timing; `work` counts its operations and bytes."""

        def timed(*arguments, **settings):
            start = perf_counter()
            result = function(*arguments, **settings)
            seconds = perf_counter() - start
            self.steps[name] += (seconds, 1, *work(*arguments, **settings))
            return result

        return timed

    def table(self, total, n_words):
        """Return one row per step, with the rest of the time in the last one."""
        frame = pd.DataFrame(
            dict(self.steps), index=["seconds", "calls", "operations", "bytes"]
        ).T
        frame.loc["the rest, including Python"] = [
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
    """Count the operations of a stack of products."""
    return 2 * out.size * a.shape[-1], 0


def work_of_gather(matrix, ids, out):
    """Count the bytes of the rows that are read and written."""
    return 0, 2 * out.nbytes


def work_of_scatter(matrix, ids, scale, rows, chosen=None):
    """Count the operations, and the bytes that are read and written."""
    n_values = len(ids) * matrix.shape[1]
    return 2 * n_values, 3 * n_values * matrix.itemsize


class TimedNumpy:
    """NumPy with a timed `matmul`, for one module."""

    def __init__(self, clock):
        self.matmul = clock.watch("products (np.matmul)", np.matmul, work_of_product)

    def __getattr__(self, name):
        return getattr(np, name)


def profile(trainer, clock):
    """Train with one thread and time the steps; return the seconds in total."""
    work_of = {GATHER: work_of_gather, SCATTER: work_of_scatter}
    with ExitStack() as patches:
        for module in MULTIPLYING:
            patches.enter_context(mock.patch.object(module, "np", TimedNumpy(clock)))
        for owner, attribute, name in STEPS:
            function = getattr(owner, attribute)
            timed = clock.watch(name, function, work_of.get(name, no_work))
            if attribute == "pointwise":
                timed = staticmethod(timed)
            patches.enter_context(mock.patch.object(owner, attribute, timed))
        start = perf_counter()
        train(trainer, 1)
        return perf_counter() - start


def main(argv=None):
    """Print the limits and the profiles; return them."""
    parser = corpus_parser(__doc__.splitlines()[0])
    add = parser.add_argument
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--components", type=int, default=100)
    options = parser.parse_args(argv)
    limits = machine_limits()
    print("\n" + "; ".join(f"{name}: {value:.1f}" for name, value in limits.items()))
    sentences = load_corpus(options.corpus, options.words).sentences
    tables = {}
    for model in options.model:
        vectorizer = VECTORIZERS[model](
            n_components=options.components, max_iter=1, random_state=0
        )
        trainer, clock = trainer_of(vectorizer, sentences), Clock()
        seconds, n_tokens = profile(trainer, clock), trainer.corpus.n_tokens
        tables[model] = clock.table(seconds, n_tokens)
        speed = n_tokens / seconds
        show(tables[model].reset_index(), f"{model}, {speed:,.0f} words/s")
    return limits, tables


if __name__ == "__main__":
    main()
