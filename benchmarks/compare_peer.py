r"""Compare the speed of training with that of external programs, such as word2vec.c.

A command says how to run a program. In each of its parts, these names in braces are
replaced: corpus and output (files), size, window, negative, sample, min_count, threads,
epochs, cbow (1 or 0) and model (cbow or skipgram); shortest and longest, the n-grams of
subwords, which are 0 without any, and buckets. A command with neither ``{cbow}`` nor
``{model}`` trains skip-gram only. The corpus is a file with a document per line, and
spaces between the tokens.

A program has its own way to read a text and to write vectors, which is not compared. So
its time is the difference between two runs, of one epoch and of some more; that of
skw2v is the time of as many epochs, without reading and the vocabulary. The programs
take turns (see `turns.py`), and a ratio above 1 means that skw2v is faster.

Run by hand, on an idle machine::

    python benchmarks/compare_peer.py --corpus wiki.txt.xz --words 2500000 --epochs 4 \
        --peer "./word2vec -train {corpus} -output {output} -size {size}
                -window {window} -negative {negative} -sample {sample}
                -min-count {min_count} -threads {threads} -iter {epochs} -cbow {cbow}"

With ``--subwords``, our own training without them takes turns as well::

    python benchmarks/compare_peer.py --corpus wiki.txt.xz --words 1000000 --epochs 3 \
        --subwords 3 6 --batch-size 16384 \
        --peer "./fasttext {model} -input {corpus} -output {output} -dim {size}
                -ws {window} -neg {negative} -t {sample} -minCount {min_count}
                -thread {threads} -epoch {epochs} -minn {shortest} -maxn {longest}
                -bucket {buckets}"
"""

import shlex
import subprocess
import tempfile
from functools import partial
from pathlib import Path

import pandas as pd
from libraries import each_model, make_vectorizer, settings_parser, skw2v_training
from machine import describe
from tables import show
from texts import load_corpus, write_sentences
from turns import compare, seconds_of


def run(command, values):
    """Run a program, without what it prints."""
    arguments = [part.format_map(values) for part in shlex.split(command)]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def peer_training(command, values, n_epochs):
    """Return the seconds that a program takes for epochs that follow a first one."""
    first, all_epochs = (
        seconds_of(run, command, values | {"epochs": n}) for n in (1, 1 + n_epochs)
    )
    return all_epochs - first


def values_of(options, model, n_components, folder):
    """Return what is filled into a command."""
    shortest, longest = options.subwords or (0, 0)
    return {
        "corpus": folder / "corpus.txt",
        "output": folder / "vectors.txt",
        "size": n_components,
        "window": options.window,
        "negative": options.negative,
        "sample": options.subsample,
        "min_count": options.min_count,
        "threads": options.jobs,
        "cbow": int(model == "cbow"),
        "model": model,
        "shortest": shortest,
        "longest": longest,
        "buckets": options.buckets[0],
    }


def programs(options, which, sentences, folder):
    """Yield the name of each program that trains such a model, and its job."""
    for command in options.peer:
        trains_both = "{cbow}" in command or "{model}" in command
        if trains_both or which["model"] == "skipgram":
            values = values_of(options, **which, folder=folder)
            job = partial(peer_training, command, values, options.epochs)
            yield Path(shlex.split(command)[0]).name, job
    if options.subwords:
        plain = make_vectorizer(options, **which)
        yield "skw2v without subwords", partial(skw2v_training, plain, sentences)


def training_table(options, corpus):
    """Training alone, compared with external programs, tokens per second."""
    records = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_sentences(folder / "corpus.txt", corpus.sentences)
        for which in each_model(options):
            vectorizer = make_vectorizer(options, **which).set_params(
                subwords=options.subwords and tuple(options.subwords),
                n_buckets=options.buckets[0],
            )
            ours = partial(skw2v_training, vectorizer, corpus.sentences)
            for name, job in programs(options, which, corpus.sentences, folder):
                n_words = corpus.n_words * options.epochs
                jobs = {"peer": job, "skw2v": ours}
                speeds = compare(jobs, options.pairs, n_words)
                records.append({"program": name} | which | speeds)
    return pd.DataFrame(records)


def add_peer_options(parser):
    """Add the options that say how programs run, and what they learn."""
    add = parser.add_argument
    add("--peer", action="append", default=[], metavar="COMMAND")
    add("--subwords", type=int, nargs=2, help="minimum and maximum length of n-grams")
    add("--buckets", type=int, nargs="+", default=[200_000], help="rows of n-grams")


def main(argv=None):
    """Print the table; return it."""
    parser = settings_parser(__doc__.splitlines()[0])
    add_peer_options(parser)
    options = parser.parse_args(argv)
    frame = training_table(options, load_corpus(options.corpus, options.words))
    show(frame, training_table.__doc__)
    return frame


if __name__ == "__main__":
    print(describe())
    main()
