"""Compare the speed, memory and quality of skw2v with gensim's Word2Vec.

Both libraries learn from the same documents with the same settings. They take turns
(see `turns.py`), and a ratio above 1 means that skw2v is faster. gensim reads the
tokens both from lists in memory and from a file with ``corpus_file``; the ratio is that
to the faster of the two.

Run by hand, on an idle machine::

    python benchmarks/compare_gensim.py --words 1000000 --tables training transform

The corpus is a text file with one document per line, plain or compressed. Without
``--corpus``, it is the docstrings that `skw2v.datasets.load_docstrings` finds.
"""

import tempfile
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd
from averages import transform_table
from libraries import (
    each_model,
    fitted_tables,
    gensim_file_fit,
    gensim_fit,
    gensim_settings,
    gensim_training,
    make_vectorizer,
    settings_parser,
    skw2v_training,
)
from machine import describe
from memory import memory_table
from quality import evaluate
from tables import show
from texts import load_corpus, write_sentences
from turns import compare, seconds_of


@contextmanager
def trainings(corpus):
    """Map each way of training to its settings, and to what returns its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "corpus.txt")
        write_sentences(path, corpus.sentences)
        from_lists = partial(gensim_training, corpus_iterable=corpus.sentences)
        from_file = partial(gensim_training, corpus_file=path)
        ours = partial(skw2v_training, sentences=corpus.sentences)
        yield {
            "gensim, lists": (gensim_settings, from_lists),
            "gensim, file": (gensim_settings, from_file),
            "skw2v": (make_vectorizer, ours),
        }


def training_table(options, corpus):
    """Training alone, tokens per second."""
    records = []
    with trainings(corpus) as ways:
        for which in each_model(options):
            jobs = {
                name: partial(training, make(options, **which))
                for name, (make, training) in ways.items()
            }
            speeds = compare(jobs, options.pairs, corpus.n_words * options.epochs)
            records.append(which | {"loss": options.loss} | speeds)
    return pd.DataFrame(records)


def jobs_table(options, corpus):
    """Training alone with one job and with more, tokens per second."""
    records = []
    with trainings(corpus) as ways:
        for which, name in product(each_model(options), ways):
            make, training = ways[name]
            jobs = {
                f"{n} jobs": partial(training, make(options, **which, jobs=n))
                for n in (1, max(2, options.jobs))
            }
            speeds = compare(jobs, options.pairs, corpus.n_words * options.epochs)
            records.append(which | {"library": name} | speeds)
    return pd.DataFrame(records)


def fit_table(options, corpus):
    """Whole fit from raw texts, including tokenizing, tokens per second."""
    records = []
    for which in each_model(options):
        settings = gensim_settings(options, **which)
        vectorizer = make_vectorizer(options, **which)
        fits = {
            "gensim, lists": partial(gensim_fit, settings),
            "gensim, file": partial(gensim_file_fit, settings),
            "skw2v": vectorizer.fit,
        }
        jobs = {
            name: partial(seconds_of, fit, corpus.texts) for name, fit in fits.items()
        }
        records.append(which | compare(jobs, options.pairs, corpus.n_words))
    return pd.DataFrame(records)


def quality_table(options, corpus):
    """Quality: share of analogies solved, Spearman's correlation; seconds."""
    records = [
        which | {"measure": measure, "items": n, "library": library, "score": score}
        for which in each_model(options)
        for seed in options.seeds
        for library, table, seconds in fitted_tables(
            options, which, seed, corpus.sentences
        )
        for measure, (score, n) in {**evaluate(table), "seconds": (seconds, 2)}.items()
    ]
    keys = ["model", "n_components", "measure"]
    records = pd.DataFrame(records)
    items = records.groupby(keys, sort=False)["items"].min()
    scores = records.groupby([*keys, "library"], sort=False)["score"]
    frame = scores.agg(["mean", "min", "max"]).unstack("library")
    frame = frame.swaplevel(axis=1).sort_index(axis=1, level=0, sort_remaining=False)
    frame.columns = [" ".join(column) for column in frame.columns]
    return frame.assign(items=items).reset_index()


TABLES = {
    "training": training_table,
    "fit": fit_table,
    "memory": memory_table,
    "transform": transform_table,
    "jobs": jobs_table,
    "quality": quality_table,
}


def parse(argv):
    """Parse the command line."""
    parser = settings_parser(__doc__.splitlines()[0])
    add = parser.add_argument
    add("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add("--seeds", nargs="+", type=int, default=[0, 1, 2], help="seeds for the quality")
    return parser.parse_args(argv)


def header(options, corpus):
    """Describe what the figures depend on: corpus and settings."""
    names = ("loss", "epochs", "batch_size", "window", "negative", "subsample")
    settings = ", ".join(
        f"{name} {getattr(options, name)}" for name in (*names, "min_count", "jobs")
    )
    return (
        f"\n{len(corpus.texts):,} documents, {corpus.n_words:,} tokens; {settings}; "
        f"{options.pairs} turns"
    )


def main(argv=None):
    """Print the tables; return them by name."""
    options = parse(argv)
    corpus = load_corpus(options.corpus, options.words)
    print(header(options, corpus), flush=True)
    frames = {}
    for name in options.tables:
        frames[name] = TABLES[name](options, corpus)
        show(frames[name], TABLES[name].__doc__)
    return frames


if __name__ == "__main__":
    print(describe())
    main()
