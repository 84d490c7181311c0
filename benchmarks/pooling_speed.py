"""Measure what clusters cost beyond the mean: the speed of `fit` and of `transform`.

The documents are the docstrings of `labeled.py`. Both vectorizers take turns, and a
ratio is that of documents per second, so that below 1 clusters are slower. Word vectors
are trained with one thread.

Run by hand, on an idle machine::

    python benchmarks/pooling_speed.py --turns 7
"""

import argparse
from functools import partial

import pandas as pd
from document_vectors import MODELS
from labeled import load_packages
from tables import show
from turns import compare, seconds_of

CLUSTERS = {"pooling": "clusters", "weighting": "idf"}


def record_of(model, n_clusters, split, n_turns):
    """Yield the speeds of `fit` and of `transform`, and their ratios."""
    mean = MODELS[model](random_state=0, n_jobs=1)
    clusters = MODELS[model](
        random_state=0, n_jobs=1, n_clusters=n_clusters, **CLUSTERS
    )
    for name, X in (("fit", split.X), ("transform", split.X_test)):
        jobs = {
            kind: partial(seconds_of, getattr(each, name), X)
            for kind, each in (("mean", mean), ("clusters", clusters))
        }
        speeds = compare(jobs, n_turns, len(X))
        yield {"model": model, "n_clusters": n_clusters, "method": name} | speeds


def main(argv=None):
    """Print and return a table of documents per second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--models", nargs="+", choices=MODELS, default=list(MODELS))
    add("--clusters", type=int, nargs="+", default=[20, 60])
    add("--turns", type=int, default=7)
    options = parser.parse_args(argv)
    split = load_packages()
    table = pd.DataFrame(
        record
        for model in options.models
        for n_clusters in options.clusters
        for record in record_of(model, n_clusters, split, options.turns)
    )
    show(table, "documents per second")
    return table


if __name__ == "__main__":
    main()
