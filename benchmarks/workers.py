"""Measure how training scales with the number of workers, on a machine with many cores.

The speed is that of epochs after the first one, during which processes start. The
numbers of workers take turns, and the ratio is that to the smallest number. All of them
must learn the same vectors, to the last bit.

Run by hand, on an idle machine::

    python benchmarks/workers.py --corpus PATH --workers 1 2 4 8 16
"""

from itertools import pairwise
from time import perf_counter

import numpy as np
import pandas as pd
from engine import trainer_of
from libraries import each_model, make_vectorizer, settings_parser
from machine import describe
from tables import show
from texts import load_corpus


def speed_and_vectors(vectorizer, corpus):
    """Return the tokens per second of epochs after the first one, and the vectors."""
    trainer = trainer_of(vectorizer, corpus.sentences)
    ends = [perf_counter() for _ in trainer.epochs(vectorizer.n_jobs)]
    seconds = np.median([end - start for start, end in pairwise(ends)])
    return corpus.n_words / seconds, trainer.model.input_matrix


def speeds(options, corpus, which):
    """Return the speed of each number of workers (rows) in each turn."""
    measured, expected = {n: [] for n in sorted(options.workers)}, None
    for turn in range(options.pairs):
        for n in sorted(measured, reverse=bool(turn % 2)):
            vectorizer = make_vectorizer(options, **which, jobs=n)
            speed, vectors = speed_and_vectors(vectorizer, corpus)
            measured[n].append(speed)
            if expected is None:
                expected = vectors
            if not np.array_equal(vectors, expected):
                raise RuntimeError(f"{n} workers have learned other vectors.")
    return pd.DataFrame(measured).T


def main(argv=None):
    """Print the table; return it."""
    parser = settings_parser(__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    options = parser.parse_args(argv)
    corpus = load_corpus(options.corpus, options.words)
    tables = []
    for which in each_model(options):
        table = speeds(options, corpus, which)
        ratio = table / table.iloc[0]
        columns = {
            "tokens/s": table.median(axis=1),
            "ratio": ratio.median(axis=1),
            "min": ratio.min(axis=1),
            "max": ratio.max(axis=1),
        }
        frame = pd.DataFrame(columns).rename_axis("workers").reset_index()
        tables.append(frame.assign(**which)[[*which, *frame.columns]])
    table = pd.concat(tables, ignore_index=True)
    show(table, f"Epochs of {corpus.n_words:,} tokens, {options.pairs} turns.")
    return table


if __name__ == "__main__":
    print(describe())
    main()
