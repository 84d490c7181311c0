"""Simulate training on several machines, and compare ways to combine their changes.

The shards are trained one after the other on this machine, with one thread. The first
table has the quality of the vectors, for each number of shards, each length of the
rounds, and each way to combine; 0 shards are an ordinary training. The second one has
the rows that a shard changes in rounds of several lengths, and the third what it costs
to exchange them; it is arithmetic (see `seconds`), with the figures of the options.

Run by hand::

    python benchmarks/rounds.py --corpus enwiki.txt.xz --words 4000000 --epochs 3
    python benchmarks/rounds.py --tables exchange
"""

import math
from dataclasses import replace
from itertools import product
from time import perf_counter

import numpy as np
import pandas as pd
from engine import begun
from libraries import VECTORIZERS
from quality import evaluate, keyed_vectors
from tables import show
from texts import corpus_parser, load_corpus

from skw2v.training import rounds
from skw2v.training.changes import merge
from skw2v.training.shards import ROUND, Shard, n_rounds, split

# Of the third table: a machine has 16 cores, and a network of 10 Gbit/s.
PER_HOUR = 8e6 * 3600  # tokens that a machine trains
BYTES_PER_SECOND = 1.25e9
FAN_IN = 8  # changes that one task merges
EPOCHS = 5
CORPORA = [  # tokens, and words that occur five times or more, up to a limit
    (10**8, 200_000),
    (10**9, 500_000),
    (10**10, 1_000_000),
    (10**11, 1_000_000),
]


def flow(model, changes):
    """Combine changes as skw2v does."""
    return rounds.combine(model, changes)


def summed(model, changes):
    """Add all changes."""
    return by_row(model, changes, lambda total: 1)


def averaged(model, changes):
    """Average the rows of all shards, as Spark ML does."""
    return by_row(model, changes, lambda total: 1 / len(changes))


def averaged_where_changed(model, changes):
    """Average the rows of those shards that have changed them."""
    return by_row(model, changes, lambda total: 1 / total.n_shards[:, None])


def by_row(model, changes, factor):
    """Add the sum of the changes of each row, times a factor."""
    total, matrices = merge(changes), []
    for matrix, of_rows in (
        (model.input_matrix, total.inputs),
        (model.output_matrix, total.outputs),
    ):
        matrices.append(matrix.copy())
        matrices[-1][of_rows.ids] += factor(of_rows) * of_rows.rows
    return rounds.replaced(model, *matrices)


def projected(model, changes):
    """Add what is orthogonal to the changes before it, as GraphWord2Vec does."""
    matrices = []
    for side in "inputs", "outputs":
        matrix = getattr(model, f"{side[:-1]}_matrix")
        total = np.zeros_like(matrix)
        for change in (getattr(change, side) for change in changes):
            before, rows = total[change.ids], change.rows
            squares = np.einsum("ij,ij->i", before, before)
            dots = np.einsum("ij,ij->i", before, rows)
            shares = dots / np.maximum(squares, np.finfo(matrix.dtype).tiny)
            total[change.ids] += rows - shares[:, None] * before
        matrices.append(matrix + total)
    return rounds.replaced(model, *matrices)


WAYS = {
    "flow": flow,
    "sum": summed,
    "mean": averaged,
    "mean where changed": averaged_where_changed,
    "projection": projected,
}


def train_shards(trainer, n_shards, length, combine):
    """Train in rounds of about `length` tokens per shard; return the model."""
    corpus, model, seed = trainer.corpus, trainer.model, trainer.stream.seed
    counts, n_parts = model.counts, max(1, round(corpus.n_tokens / n_shards / length))
    parts = enumerate(split(corpus, n_shards))
    shards = [Shard(part, number, n_parts, counts) for number, part in parts]
    for epoch, number in product(range(model.hyperparameters.max_iter), range(n_parts)):
        changes = [
            rounds.train_shard(model, shard, seed, epoch, number) for shard in shards
        ]
        model = combine(model, changes)
    return model


def measure(options, model, seed, n_shards, length, way, sentences):
    """Train, and return a record of the quality of the vectors."""
    vectorizer = VECTORIZERS[model](
        n_components=options.components, max_iter=options.epochs, random_state=seed
    )
    words, trainer = begun(vectorizer, sentences)
    start = perf_counter()
    try:
        if n_shards:
            trained = train_shards(trainer, n_shards, length, WAYS[way])
        else:
            for _ in trainer.epochs(1):
                pass
            trained = trainer.model
        scores = evaluate(keyed_vectors(words, trained.vectors()))
    except FloatingPointError:
        scores = {"analogies": (math.nan, 0)}
    settings = {"model": model, "seed": seed, "shards": n_shards, "way": way}
    settings["tokens per round"] = length if n_shards else 0
    record = settings | {name: score for name, (score, _) in scores.items()}
    return record | {"s": perf_counter() - start}


def quality_table(options, sentences):
    """Print the quality of each setting; return it."""
    frame = pd.DataFrame(
        measure(options, *setting, sentences)
        for model, seed in product(options.model, options.seeds)
        for setting in [
            (model, seed, 0, 0, "one machine"),
            *product([model], [seed], options.shards, options.lengths, options.ways),
        ]
    )
    show(frame, "Quality of the vectors")
    return frame


def changes_table(options, sentences):
    """Print how much a shard changes in a round; return it."""
    vectorizer = VECTORIZERS["skipgram"](n_components=options.components, max_iter=1)
    _, trainer = begun(vectorizer, sentences)
    model, corpus, records = trainer.model, trainer.corpus, []
    for length in options.lengths:
        shard = Shard(corpus, 0, n_rounds(corpus.n_tokens * ROUND // length, 1), None)
        shard = replace(shard, counts=model.counts)
        change = rounds.train_shard(model, shard, 0, 0, 0)
        n_rows = len(change.inputs.ids) + len(change.outputs.ids)
        records.append(
            {
                "tokens per round": length,
                "changed rows": n_rows,
                "of": 2 * len(model.counts),
                "MB": n_rows * row_bytes(options.components) / 1e6,
            }
        )
    frame = pd.DataFrame(records)
    show(frame, "What a shard changes in a round")
    return frame


def row_bytes(n_components):
    """Return the bytes of a changed row: it, its id, its time, its number of shards."""
    return 4 * n_components + 16


def seconds(n_words, n_components, n_machines):
    """Return the time to exchange all rows of both matrices, in two ways.

    "tree": machines merge the changes of up to `FAN_IN` of them, level by level, and
    pass on the next model as it doubles the machines that have it. "rows": each
    machine combines a share of the rows, so each sends and receives all rows once.
    """
    n_rows = 2 * n_words
    change, model = n_rows * row_bytes(n_components), n_rows * 4 * n_components
    received = min(FAN_IN, n_machines) - 1
    up = math.ceil(math.log(n_machines, FAN_IN)) * received * change
    down = math.ceil(math.log2(n_machines)) * model
    return {
        "tree": (up + down) / BYTES_PER_SECOND,
        "rows": (change + model) / BYTES_PER_SECOND,
    }


def exchange_table(options):
    """Print which rounds keep the exchange below a fifth of the time; return it."""
    records = []
    for (n_tokens, n_words), n_machines in product(CORPORA, (2, 10, 100)):
        record = {
            "tokens": f"{n_tokens:,}",
            "words": n_words,
            "machines": n_machines,
            "hours of training": EPOCHS * n_tokens / n_machines / PER_HOUR,
        }
        for way, exchange in seconds(n_words, options.components, n_machines).items():
            tokens = 4 * exchange * PER_HOUR / 3600  # of a machine, in a round
            record[f"{way}: s"] = exchange
            record[f"{way}: million tokens"] = tokens / 1e6
            record[f"{way}: rounds per epoch"] = n_tokens / n_machines / tokens
        records.append(record)
    frame = pd.DataFrame(records)
    show(frame, "Rounds whose exchange takes a fifth of the time")
    return frame


def main(argv=None):
    """Print the tables; return them by name."""
    parser = corpus_parser(__doc__.splitlines()[0])
    add = parser.add_argument
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--components", type=int, default=100)
    add("--epochs", type=int, default=3)
    add("--seeds", nargs="+", type=int, default=[0])
    add("--shards", nargs="+", type=int, default=[2, 4, 8, 16, 32])
    add("--lengths", nargs="+", type=int, default=[ROUND], help="tokens per round")
    add("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    tables = ["quality", "changes", "exchange"]
    add("--tables", nargs="+", choices=tables, default=tables)
    options = parser.parse_args(argv)
    results = {}
    if set(options.tables) - {"exchange"}:
        sentences = load_corpus(options.corpus, options.words).sentences
        if "quality" in options.tables:
            results["quality"] = quality_table(options, sentences)
        if "changes" in options.tables:
            results["changes"] = changes_table(options, sentences)
    if "exchange" in options.tables:
        results["exchange"] = exchange_table(options)
    return results


if __name__ == "__main__":
    main()
