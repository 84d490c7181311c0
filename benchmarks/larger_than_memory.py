"""Measure fits whose encoded corpus lies on disk: memory, and speed.

The text is random, with Zipf frequencies, and made document by document. Each fit runs
in a fresh process. Three measurements:

* limited: one epoch of a process whose address space, and that of its children, may
  grow by no more than 700 MB after the imports (``RLIMIT_AS``).
* curve: the peak memory of the fits of texts of several sizes.
* speed: training alone, in turns. The file is written to disk and dropped from the
  cache of the operating system before each turn, so that it must be read again.

Run by hand on Linux, on an idle machine::

    python benchmarks/larger_than_memory.py --figure corpus_storage.png
"""

import argparse
import os
import re
import warnings
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from engine import train, trainer_on
from memory import in_fresh_process
from sklearn.exceptions import ConvergenceWarning
from tables import show
from turns import compare, seconds_of

from skw2v import SkipGramVectorizer
from skw2v.corpus import Storage
from skw2v.text.documents import Analyzer
from skw2v.text.reading import read

LENGTH = 200  # tokens of a document
BLOCK = 5000  # documents drawn at a time
STORAGES = "memory", "disk"


def zipf_text(n_tokens, n_words, seed=0):
    """Yield documents in which the word of rank k has about 1 / k of the tokens."""
    rng = np.random.default_rng(seed)
    names = np.array([f"w{rank}" for rank in range(n_words + 1)], object)
    for start in range(0, n_tokens, BLOCK * LENGTH):
        size = min(BLOCK * LENGTH, n_tokens - start)
        ranks = np.exp(rng.random(size) * np.log(n_words + 1)).astype(int)
        words = names[ranks].tolist()
        for first in range(0, size, LENGTH):
            yield " ".join(words[first : first + LENGTH])


class Timed:
    """Iterates over documents, and notes when the last one has been read."""

    def __init__(self, documents):
        self.documents, self.end = documents, 0.0

    def __iter__(self):
        """Yield the documents."""
        yield from self.documents
        self.end = perf_counter()


def vectorizer_of(options, storage):
    return SkipGramVectorizer(
        n_components=options.components,
        max_iter=1,
        n_jobs=options.jobs,
        random_state=0,
        corpus_storage=storage,
    )


def kilobytes(name):
    """Return a number from the status of this process."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(rf"{name}:\s*(\d+) kB", status)[1])


def measured_fit(options, n_tokens, storage, limit=None):
    """Fit in this process, which grows by no more than `limit` megabytes."""
    # There is nothing to learn from random text.
    warnings.simplefilter("ignore", ConvergenceWarning)
    vectorizer_of(options, storage).fit(zipf_text(20_000, 100))  # imports everything
    imports = kilobytes("VmHWM")
    if limit is not None:
        import resource  # not available on Windows

        size = kilobytes("VmSize") * 1024 + int(limit * 1e6)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    documents = Timed(zipf_text(n_tokens, options.words))
    start = perf_counter()
    vectorizer_of(options, storage).fit(documents)
    end = perf_counter()
    return {
        "tokens": n_tokens,
        "corpus_storage": storage,
        "peak above imports, MiB": (kilobytes("VmHWM") - imports) / 1024,
        "read, tokens/s": n_tokens / (documents.end - start),
        "trained, tokens/s": n_tokens / (end - documents.end),
    }


def limited(options):
    """One epoch with a limited address space."""
    record = in_fresh_process(
        measured_fit, options, int(options.tokens), "disk", options.limit
    )
    return pd.DataFrame([{"limit, MB": options.limit} | record])


def curve(options):
    """Peak memory of whole fits of one epoch."""
    fits = [(int(n), storage) for n in options.sizes for storage in STORAGES]
    return pd.DataFrame(
        [in_fresh_process(measured_fit, options, *each) for each in fits]
    )


def speed(options):
    """Training alone, in tokens per second; a ratio above 1 means disk is faster."""
    n_tokens = int(options.sizes[0])
    with Storage.of("disk") as storage:
        corpora = [
            read(Analyzer(), zipf_text(n_tokens, options.words), options.jobs, each)[0]
            for each in (None, storage)
        ]

        def seconds(corpus):
            if corpus is corpora[1]:
                os.fsync(corpus.ids.file)
                os.posix_fadvise(corpus.ids.file, 0, 0, os.POSIX_FADV_DONTNEED)
            trainer = trainer_on(corpus, False, options.components)
            return seconds_of(train, trainer, options.jobs)

        jobs = {
            storage: partial(seconds, corpus)
            for storage, corpus in zip(STORAGES, corpora, strict=True)
        }
        record = compare(jobs, options.turns, n_tokens)
    return pd.DataFrame([{"tokens": n_tokens} | record])


def draw(frame, path):
    """Draw the memory of fits against the tokens of their texts."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(6, 3.5), layout="tight")
    for storage, part in frame.groupby("corpus_storage"):
        label = f'corpus_storage="{storage}"'
        ax.plot(part["tokens"], part["peak above imports, MiB"], "o-", label=label)
    ax.set(xlabel="tokens", ylabel="peak above imports, MiB", ylim=0, xlim=0)
    ax.legend()
    figure.savefig(path, dpi=120)


MEASUREMENTS = {"limited": limited, "curve": curve, "speed": speed}


def main(argv=None):
    """Print the measurements; return them by name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS))
    add("--tokens", type=float, default=3e8, help="of the limited fit")
    add("--limit", type=float, default=700, help="megabytes above the imports")
    add("--sizes", nargs="+", type=float, default=[1e7, 2e7, 4e7, 6e7])
    add("--words", type=int, default=50_000, help="distinct words")
    add("--components", type=int, default=100)
    add("--jobs", type=int, default=2)
    add("--turns", type=int, default=5)
    add("--figure", help="file to save the curve to")
    options = parser.parse_args(argv)
    # Each arena of malloc reserves addresses, though it doesn't use them.
    os.environ["MALLOC_ARENA_MAX"] = "1"
    frames = {}
    for name in options.only:
        frames[name] = MEASUREMENTS[name](options)
        show(frames[name], MEASUREMENTS[name].__doc__.splitlines()[0])
    if options.figure and "curve" in frames:
        fits = [frames[name] for name in ("curve", "limited") if name in frames]
        draw(pd.concat(fits), options.figure)
    return frames


if __name__ == "__main__":
    main()
