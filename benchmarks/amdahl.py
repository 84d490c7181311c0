"""Estimate how well training scales to more cores than this machine has.

One of N workers computes its tiles and changes its rows, while the other workers are
left out, on one core. What it needs beyond an N-th of the time of a single worker can't
be divided (Amdahl's law), or is divided unequally. Waiting for memory that several
cores share is not part of the estimate. The estimates are medians over several turns,
because the speed of a machine changes.

Run by hand, on an idle machine::

    python benchmarks/amdahl.py --corpus PATH --workers 2 4 8 16
"""

import argparse
from time import perf_counter

import numpy as np
import pandas as pd
from engine import LeftOut, large_updates, trainer_of
from tables import show
from texts import load_corpus

from skw2v import CBOWVectorizer, SkipGramVectorizer

VECTORIZERS = {"skipgram": SkipGramVectorizer, "cbow": CBOWVectorizer}


def seconds_per_update(trainer, updates, n_workers):
    """Return the median seconds of an update, for each worker alone."""
    seconds = np.empty((n_workers, len(updates)))
    for number in range(n_workers):
        worker = LeftOut(n_workers, number)
        for place, positions in enumerate(updates):
            start = perf_counter()
            trainer.update.step(positions, 0.01, worker)
            seconds[number, place] = perf_counter() - start
    return np.median(seconds, axis=1)


def shares(trainer, numbers):
    """Yield the estimates for some numbers of workers."""
    updates = large_updates(trainer)
    seconds_per_update(trainer, updates, 1)  # fills the gradients of all tiles
    for n_workers in numbers:
        alone = seconds_per_update(trainer, updates, 1)[0]
        each = seconds_per_update(trainer, updates, n_workers)
        undivided = (each.mean() / alone - 1 / n_workers) / (1 - 1 / n_workers)
        yield {
            "workers": n_workers,
            "share that isn't divided": undivided,
            "slowest to mean": each.max() / each.mean(),
            "speedup": alone / each.max(),
        }


def main(argv=None):
    """Print the estimates; return them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", help="text file, one document per line; plain, .xz or .gz")
    add("--words", type=int, default=1_500_000, help="tokens from the beginning")
    add("--workers", type=int, nargs="+", default=[2, 4, 8, 16])
    add("--components", type=int, default=100)
    add("--turns", type=int, default=9)
    options = parser.parse_args(argv)
    sentences = load_corpus(options.corpus, options.words).sentences
    records = []
    for model, vectorizer in VECTORIZERS.items():
        settings = {"n_components": options.components, "batch_size": 16_384}
        trainer = trainer_of(vectorizer(random_state=0, **settings), sentences)
        for _ in range(options.turns):
            for record in shares(trainer, options.workers):
                records.append({"model": model} | record)
    groups = pd.DataFrame(records).groupby(["model", "workers"], sort=False)
    table, share = groups.median(), groups["share that isn't divided"]
    table = table.assign(lowest=share.min(), highest=share.max()).reset_index()
    show(table, "An update of 16,384 positions, done by each of several workers alone.")
    return table


if __name__ == "__main__":
    main()
