"""Compare the speed, memory and quality of skw2v with gensim's Word2Vec.

Both libraries learn from the same documents with the same settings. The speed of a
machine changes while it works, so the two take turns, and what counts is the median and
the range of the ratio within a turn. A ratio above 1 means that skw2v is faster.

Run by hand, on an idle machine::

    python benchmarks/compare_gensim.py --words 1000000 --tables training transform

The corpus is a text file with one document per line, plain or compressed. Without
``--corpus``, it is the docstrings that `skw2v.datasets.load_docstrings` finds.
"""

import argparse
import gzip
import lzma
import multiprocessing
import os
import platform
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import gensim
import numpy as np
import pandas as pd
import scipy
import sklearn
from gensim.models import Word2Vec
from joblib import effective_n_jobs
from quality import evaluate, keyed_vectors

import skw2v
from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings

VECTORIZERS = {"skipgram": SkipGramVectorizer, "cbow": CBOWVectorizer}
OPENERS = {".xz": lzma.open, ".gz": gzip.open}
LONGEST_SENTENCE = 10_000  # in tokens; gensim silently drops the rest
TRANSFORMED = 5_000  # number of documents to transform
find_words = re.compile(r"(?u)\b\w+\b").findall


class Corpus(NamedTuple):
    """The same documents in the forms that the jobs need.

    Attributes
    ----------
    texts : list of str
        Raw documents, each of them one line.
    sentences : list of list of str
        Their tokens, in pieces that are short enough for gensim.
    n_words : int
        Number of tokens.
    """

    texts: list
    sentences: list
    n_words: int


# ---- the corpus ----------------------------------------------------------------------


def read_lines(path):
    """Yield the lines of a plain or compressed text file."""
    opener = OPENERS.get(Path(path).suffix, open)
    with opener(path, "rt", encoding="utf-8") as file:
        yield from file


def tokenize(texts):
    """Yield the tokens of each text, in pieces that are short enough for gensim."""
    for text in texts:
        words = find_words(text.lower())
        for start in range(0, len(words), LONGEST_SENTENCE):
            yield words[start : start + LONGEST_SENTENCE]


def load_corpus(path, n_words):
    """Read documents until they have `n_words` tokens; None reads all of them."""
    if path is None:
        lines = (text.replace("\n", " ") for text in load_docstrings().data)
    else:
        lines = read_lines(path)
    texts, sentences, n_read = [], [], 0
    for line in lines:
        pieces = list(tokenize([line]))
        texts.append(line)
        sentences.extend(pieces)
        n_read += sum(map(len, pieces))
        if n_words is not None and n_read >= n_words:
            break
    return Corpus(texts, sentences, n_read)


# ---- the two libraries ---------------------------------------------------------------


def gensim_settings(options, model, n_components, jobs=None, seed=0):
    """Return the parameters of gensim's Word2Vec."""
    return {
        "sg": int(model == "skipgram"),
        "vector_size": n_components,
        "window": options.window,
        "hs": int(options.loss == "hierarchical_softmax"),
        "negative": options.negative if options.loss == "negative_sampling" else 0,
        "sample": options.subsample,
        "min_count": options.min_count,
        "epochs": options.epochs,
        "workers": jobs or options.jobs,
        "seed": seed,
    }


def make_vectorizer(options, model, n_components, jobs=None, seed=0):
    """Return the estimator of skw2v with the same settings."""
    return VECTORIZERS[model](
        n_components=n_components,
        window=options.window,
        loss=options.loss,
        negative=options.negative,
        subsample=options.subsample,
        min_count=options.min_count,
        max_iter=options.epochs,
        batch_size=options.batch_size or "auto",
        n_jobs=jobs or options.jobs,
        random_state=seed,
    )


def train(trainer, n_jobs):
    """Run all epochs."""
    for _ in trainer.epochs(effective_n_jobs(n_jobs)):
        pass


# ---- jobs that return their seconds --------------------------------------------------


def seconds_of(function, *arguments, **settings):
    """Return the seconds that a call takes."""
    start = perf_counter()
    function(*arguments, **settings)
    return perf_counter() - start


def gensim_training(settings, sentences):
    """Return the seconds of gensim's `train`, without its `build_vocab`."""
    model = Word2Vec(**settings)
    model.build_vocab(sentences)
    return seconds_of(
        model.train, sentences, total_examples=len(sentences), epochs=model.epochs
    )


def skw2v_training(vectorizer, sentences):
    """Return the seconds of all epochs, without reading and the vocabulary."""
    _, trainer = vectorizer._trainer(sentences)
    return seconds_of(train, trainer, vectorizer.n_jobs)


def gensim_fit(settings, texts):
    """Learn vectors from raw texts; the tokens of all texts are kept in memory."""
    Word2Vec(list(tokenize(texts)), **settings)


class Sentences:
    """The tokenized lines of a file, which is read again for each epoch."""

    def __init__(self, path):
        self.path = path

    def __iter__(self):
        return tokenize(read_lines(self.path))


def average_by_hand(table, documents):
    """Average the vectors of each document's words; zeros if none is known."""
    zeros = np.zeros(table.vector_size, np.float32)
    return np.array(
        [
            np.mean([table[word] for word in words if word in table] or [zeros], axis=0)
            for words in documents
        ]
    )


def average_rows_by_hand(table, documents):
    """Average them in the fastest common way, which takes all rows at once."""
    rows = table.key_to_index
    means = np.zeros((len(documents), table.vector_size), np.float32)
    for i, words in enumerate(documents):
        known = [rows[word] for word in words if word in rows]
        if known:
            means[i] = np.mean(table.vectors[known], axis=0)
    return means


def of_texts(average):
    """Return the same function for raw texts."""

    def average_texts(table, texts):
        return average(table, [find_words(text.lower()) for text in texts])

    return average_texts


# ---- comparison ----------------------------------------------------------------------


def compare(jobs, n_turns, amount):
    """Run two jobs in turns.

    Parameters
    ----------
    jobs : dict of str to callable
        Two functions that return their seconds. The second is compared with the first.
    n_turns : int
    amount : int
        Number of tokens or documents that a job processes.

    Returns
    -------
    dict of str to float
        Median speed of each job, per second; median, minimum and maximum of the ratio
        in a turn.
    """
    seconds = np.empty((n_turns, 2))
    for turn in range(n_turns):
        for job in ((0, 1), (1, 0))[turn % 2]:  # the order alternates
            seconds[turn, job] = list(jobs.values())[job]()
    ratio = seconds[:, 0] / seconds[:, 1]
    speeds = dict(zip(jobs, np.median(amount / seconds, axis=0), strict=True))
    return speeds | {"ratio": np.median(ratio), "min": ratio.min(), "max": ratio.max()}


def each_model(options):
    """Yield each combination of a model and a number of components."""
    for model in options.model:
        for n_components in options.components:
            yield {"model": model, "n_components": n_components}


def training_table(options, corpus):
    """Training alone, tokens per second."""
    records = []
    for which in each_model(options):
        settings = gensim_settings(options, **which)
        vectorizer = make_vectorizer(options, **which)
        jobs = {
            "gensim": partial(gensim_training, settings, corpus.sentences),
            "skw2v": partial(skw2v_training, vectorizer, corpus.sentences),
        }
        n_words = corpus.n_words * options.epochs
        records.append(which | compare(jobs, options.pairs, n_words))
    return pd.DataFrame(records)


def fit_table(options, corpus):
    """Whole fit from raw texts, including tokenizing, tokens per second."""
    records = []
    for which in each_model(options):
        settings = gensim_settings(options, **which)
        vectorizer = make_vectorizer(options, **which)
        jobs = {
            "gensim": partial(seconds_of, gensim_fit, settings, corpus.texts),
            "skw2v": partial(seconds_of, vectorizer.fit, corpus.texts),
        }
        records.append(which | compare(jobs, options.pairs, corpus.n_words))
    return pd.DataFrame(records)


def transform_table(options, corpus):
    """Averaged vectors, documents per second; those of gensim are averaged by hand."""
    texts = corpus.texts[:TRANSFORMED]
    words = [find_words(text.lower()) for text in texts]
    records = []
    for n_components in options.components:
        vectorizer = make_vectorizer(options, "cbow", n_components)
        vectorizer.set_params(max_iter=1).fit(corpus.sentences)
        table = keyed_vectors(list(vectorizer.vocabulary_), vectorizer.embeddings_)
        by_row, at_once = average_by_hand, average_rows_by_hand
        for name, documents, by_hand in (
            ("raw texts, np.mean of rows", texts, of_texts(by_row)),
            ("raw texts, rows at once", texts, of_texts(at_once)),
            ("lists of words, np.mean of rows", words, by_row),
            ("lists of words, rows at once", words, at_once),
        ):
            jobs = {
                "by hand": partial(seconds_of, by_hand, table, documents),
                "skw2v": partial(seconds_of, vectorizer.transform, documents),
            }
            which = {"documents": name, "n_components": n_components}
            records.append(which | compare(jobs, options.pairs, len(documents)))
    return pd.DataFrame(records)


def jobs_table(options, corpus):
    """Training alone with one job and with more, tokens per second."""
    records = []
    for which in each_model(options):
        for library, training, make in (
            ("gensim", gensim_training, gensim_settings),
            ("skw2v", skw2v_training, make_vectorizer),
        ):
            jobs = {
                f"{n} jobs": partial(
                    training, make(options, **which, jobs=n), corpus.sentences
                )
                for n in (1, max(2, options.jobs))
            }
            speeds = compare(jobs, options.pairs, corpus.n_words * options.epochs)
            records.append(which | {"library": library} | speeds)
    return pd.DataFrame(records)


# ---- memory --------------------------------------------------------------------------


def imports_alone(options, which, path):
    """Do nothing, to measure the imports of this script."""


def skw2v_from_lines(options, which, path):
    """Fit on a generator of lines."""
    make_vectorizer(options, **which).fit(read_lines(path))


def gensim_from_lists(options, which, path):
    """Fit on a list of lists of words."""
    gensim_fit(gensim_settings(options, **which), read_lines(path))


def gensim_from_lines(options, which, path):
    """Fit on an iterable that tokenizes the lines in each epoch."""
    Word2Vec(Sentences(path), **gensim_settings(options, **which))


def peak_mebibytes(job, *arguments):
    """Run a job and return the peak of the resident memory of this process."""
    job(*arguments)
    if sys.platform == "linux":
        # Not ru_maxrss, which a new process inherits from its parent on Linux.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024
    import resource  # not available on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def in_fresh_process(function, *arguments):
    """Call a function in a new interpreter."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(function, *arguments).result()


def memory_table(options, corpus):
    """Peak memory of a fresh process that fits on a text file, MiB."""
    fits = (imports_alone, skw2v_from_lines, gensim_from_lists, gensim_from_lines)
    records = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.txt"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(text.rstrip("\n") + "\n" for text in corpus.texts)
        for which in each_model(options):
            for fit in fits:
                peak = in_fresh_process(peak_mebibytes, fit, options, which, path)
                if fit is imports_alone:
                    imports = peak
                own = {"peak": peak, "above imports": peak - imports}
                records.append(which | {"fit": fit.__name__} | own)
    return pd.DataFrame(records)


# ---- quality -------------------------------------------------------------------------


def fitted_tables(options, which, seed, sentences):
    """Yield the name, the vectors and the seconds of each library."""
    start = perf_counter()
    model = Word2Vec(sentences, **gensim_settings(options, **which, seed=seed))
    yield "gensim", model.wv, perf_counter() - start
    start = perf_counter()
    fitted = make_vectorizer(options, **which, seed=seed).fit(sentences)
    table = keyed_vectors(list(fitted.vocabulary_), fitted.embeddings_)
    yield "skw2v", table, perf_counter() - start


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
    keys = ["model", "n_components", "measure", "items"]
    scores = pd.DataFrame(records).groupby([*keys, "library"], sort=False)["score"]
    frame = scores.agg(["mean", "min", "max"]).unstack("library")
    frame = frame.swaplevel(axis=1).sort_index(axis=1, level=0, sort_remaining=False)
    frame.columns = [" ".join(column) for column in frame.columns]
    return frame.reset_index()


# ---- the script ----------------------------------------------------------------------

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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", help="text file, one document per line; plain, .xz or .gz")
    add("--words", type=int, help="use only this many tokens from the beginning")
    add("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--components", nargs="+", type=int, default=[100], metavar="N")
    add("--pairs", type=int, default=5, help="turns of gensim and skw2v")
    add("--seeds", nargs="+", type=int, default=[0, 1, 2], help="seeds for the quality")
    add("--jobs", type=int, default=2, help="threads of each library")
    add("--epochs", type=int, default=5)
    add("--batch-size", type=int, help="positions per update; by default, automatic")
    add("--loss", choices=["negative_sampling", "hierarchical_softmax"])
    add("--window", type=int, default=5)
    add("--negative", type=int, default=5)
    add("--subsample", type=float, default=1e-3)
    add("--min-count", type=int, default=5)
    parser.set_defaults(loss="negative_sampling")
    return parser.parse_args(argv)


def header(options, corpus):
    """Describe what the figures depend on: machine, versions, corpus, settings."""
    modules = (skw2v, gensim, np, scipy, sklearn)
    versions = ", ".join(f"{m.__name__} {m.__version__}" for m in modules)
    settings = ", ".join(
        f"{name} {getattr(options, name)}"
        for name in (
            "loss",
            "epochs",
            "window",
            "negative",
            "subsample",
            "min_count",
            "jobs",
        )
    )
    return (
        f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}\n"
        f"{len(corpus.texts):,} documents, {corpus.n_words:,} tokens; {settings}; "
        f"{options.pairs} turns"
    )


def number(value):
    """Format a number with its significant digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"


def main(argv=None):
    """Print the tables; return them by name."""
    options = parse(argv)
    corpus = load_corpus(options.corpus, options.words)
    print(header(options, corpus), flush=True)
    frames = {}
    for name in options.tables:
        frames[name] = TABLES[name](options, corpus)
        text = frames[name].to_string(index=False, float_format=number)
        print(f"\n{TABLES[name].__doc__}\n{text}", flush=True)
    return frames


if __name__ == "__main__":
    main()
