"""Measure fits on a cluster of this machine: memory, and the time beside `n_jobs`.

Two measurements, each with two workers of one thread:

* memory: fits of random text in partitions of about 10 MB, which the workers make. The
  peak of the process with the client and the scheduler, and that of a worker.
* overhead: fits of the same documents, in turns, with ``n_jobs=2`` and with two
  workers. The documents lie in files, one for each partition; times include reading.

Run by hand on an idle machine::

    python benchmarks/cluster.py memory --partitions 10 50 100
    python benchmarks/cluster.py overhead --corpus enwiki.txt.xz --words 4000000
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import dask.bag as db
import numpy as np
import pandas as pd
from dask import delayed
from distributed import Client, LocalCluster
from larger_than_memory import kilobytes, zipf_text
from memory import in_fresh_process
from tables import show
from texts import load_corpus
from turns import compare, seconds_of

from skw2v import SkipGramVectorizer

TOKENS = 1_400_000  # of a partition, which is about 10 MB of text
LIMIT = "2GB"  # memory of a worker


def cluster(**settings):
    """Start two workers, and a dashboard on any free port."""
    return LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", **settings
    )


def make_partition(number, n_words):
    return list(zipf_text(TOKENS, n_words, seed=number))


def peaks(n_partitions, n_words, n_components):
    """Fit, and return the peaks of this process and of the larger worker, in MB."""
    make = delayed(make_partition, pure=False)
    partitions = [make(number, n_words) for number in range(n_partitions)]
    vectorizer = SkipGramVectorizer(
        n_components=n_components, window=2, max_iter=1, random_state=0
    )
    with cluster(memory_limit=LIMIT) as workers, Client(workers) as client:
        seconds = seconds_of(vectorizer.fit, partitions)
        of_workers = client.run(kilobytes, "VmHWM").values()
    return {
        "client and scheduler (MB)": kilobytes("VmHWM") / 1000,
        "worker (MB)": max(of_workers) / 1000,
        "seconds": seconds,
    }


def memory(options):
    rows = [
        in_fresh_process(peaks, n, options.vocabulary, options.components)
        for n in options.partitions
    ]
    sizes = [f"{n * TOKENS / 1e6:,.0f}M" for n in options.partitions]
    show(pd.DataFrame(rows, pd.Index(sizes, name="tokens")).round(0))


def overhead(options):
    corpus = load_corpus(options.corpus, options.words)
    fit = partial(SkipGramVectorizer, n_components=options.components, random_state=0)
    with tempfile.TemporaryDirectory() as folder, cluster() as workers:
        paths = write(corpus.texts, Path(folder), options.files)
        with Client(workers):
            bag = db.read_text(paths)
            fit(max_iter=1).fit(bag)  # workers import what they need
            jobs = {
                "n_jobs=2": lambda: seconds_of(fit(n_jobs=2).fit, read(paths)),
                "two workers": lambda: seconds_of(fit().fit, bag),
            }
            measured = compare(jobs, options.turns, corpus.n_words)
    show(pd.Series(measured).to_frame().T)


def write(texts, folder, n_files):
    """Write documents to files, one for each partition, and return their paths."""
    paths = []
    for number, part in enumerate(np.array_split(np.array(texts, object), n_files)):
        paths.append(str(folder / f"{number:03}.txt"))
        Path(paths[-1]).write_text("\n".join(part) + "\n", encoding="utf-8")
    return paths


def read(paths):
    """Yield the documents of files."""
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield from file


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("measurement", choices=["memory", "overhead"])
    parser.add_argument("--partitions", type=int, nargs="+", default=[10, 50, 100])
    parser.add_argument("--vocabulary", type=int, default=200_000)
    parser.add_argument("--components", type=int, default=100)
    parser.add_argument("--corpus")
    parser.add_argument("--words", type=int, default=4_000_000)
    parser.add_argument("--files", type=int, default=16)
    parser.add_argument("--turns", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    options = parse_options()
    {"memory": memory, "overhead": overhead}[options.measurement](options)
