"""Measure the peak memory of fits, each of them in a fresh process.

The peak of the process that fits is that of its resident memory, as the kernel records
it; shared memory that it touches is included. An additional process counts with its own
memory and its share of the mapped files (``Pss_Anon`` and ``Pss_File``), which is read
every few milliseconds. So the peak of the fit plus that of each additional process is
the memory of all.
"""

import multiprocessing
import os
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path

import pandas as pd
from gensim.models import Word2Vec
from libraries import (
    Sentences,
    each_model,
    gensim_fit,
    gensim_settings,
    make_vectorizer,
)
from texts import read_lines, write_sentences

PERIOD = 0.02  # seconds between two readings
spawn = multiprocessing.get_context("spawn")


# ---- measurement ---------------------------------------------------------------------


def peak_mebibytes(job, *arguments):
    """Run a job and return the peak of the resident memory of this process."""
    job(*arguments)
    if sys.platform == "linux":
        # Not ru_maxrss, which a new process inherits from its parent on Linux.
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024
    import resource  # not available on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def forget_parent():
    """Let this process look like one that a user has started.

    skw2v may start no processes in a child process of `multiprocessing`.
    """
    multiprocessing.process._parent_process = None


def fresh_interpreter():
    """Return an executor that calls functions in a new interpreter."""
    return ProcessPoolExecutor(1, mp_context=spawn, initializer=forget_parent)


def in_fresh_process(function, *arguments):
    """Call a function in a new interpreter."""
    with fresh_interpreter() as pool:
        return pool.submit(function, *arguments).result()


def peaks_of(job, *arguments):
    """Run a job in a new interpreter, and return the peaks of its process tree.

    Returns
    -------
    own : float
        Peak of the resident memory of the process, in MiB.
    additional : float
        Peak of what the largest of its descendants adds, in MiB; 0 without any, or on
        a system other than Linux.
    """
    additional = 0.0
    with fresh_interpreter() as pool:
        pid = pool.submit(os.getpid).result()
        future = pool.submit(peak_mebibytes, job, *arguments)
        while not wait([future], PERIOD).done:
            sizes = map(added_mebibytes, descendants(pid))
            additional = max(additional, *sizes, 0.0)
        return future.result(), additional


def descendants(pid):
    """Yield the ids of all processes that a process has started, on Linux."""
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in read_if_alive(path).split():
            yield int(child)
            yield from descendants(child)


def added_mebibytes(pid):
    """Return the memory of a process, without that which all processes train on."""
    rollup = read_if_alive(Path(f"/proc/{pid}/smaps_rollup"))
    sizes = re.findall(r"^Pss_(?:Anon|File):\s*(\d+) kB", rollup, flags=re.MULTILINE)
    return sum(map(int, sizes)) / 1024


def read_if_alive(path):
    """Return the text of a file of a process, which may just have ended."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


# ---- fits ----------------------------------------------------------------------------


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


def gensim_from_file(options, which, path):
    """Fit on a file that gensim reads in each epoch."""
    Word2Vec(corpus_file=str(path), **gensim_settings(options, **which))


def memory_table(options, corpus):
    """Peak memory of a fresh process that fits on a text file, MiB."""
    fits = [(skw2v_from_lines, n) for n in sorted({1, options.jobs})]
    theirs = gensim_from_lists, gensim_from_lines, gensim_from_file
    fits += [(fit, options.jobs) for fit in theirs]
    records = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.txt"
        write_sentences(path, corpus.sentences)
        for which in each_model(options):
            imports, _ = peaks_of(imports_alone, options, which, path)
            for fit, jobs in fits:
                settings = which | {"jobs": jobs}
                own, additional = peaks_of(fit, options, settings, path)
                peaks = {"main process": own, "above imports": own - imports}
                peaks["each additional process"] = additional
                records.append(settings | {"fit": fit.__name__} | peaks)
    return pd.DataFrame(records)
