"""Compare the speed of reading raw documents with one process and with several.

Each measurement is one of a fresh process, in which other processes have yet to start,
and the two numbers of processes take turns (see `turns.py`). A ratio above 1
means that several processes are faster.

Run by hand, on an idle machine::

    python benchmarks/reading_documents.py --corpus PATH --jobs 2 --turns 5
"""

import argparse
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
from tables import show
from texts import read_lines
from turns import compare, seconds_of

from skw2v.datasets import load_docstrings
from skw2v.text.documents import Analyzer
from skw2v.text.reading import read

# Not a process of `multiprocessing`, in which documents are read alone.
SCRIPT = """
import sys
sys.path[:] = {}
from reading_documents import seconds_of_reading
print(seconds_of_reading({!r}, {}))
"""


def load(path):
    """Return the lines of a file, or the docstrings, as a list."""
    return list(read_lines(path) if path else load_docstrings().data)


def seconds_of_reading(path, n_jobs):
    """Return the seconds that reading a list of documents takes."""
    texts, analyzer = load(path), Analyzer()
    return seconds_of(read, analyzer, texts, n_jobs)


def seconds_in_fresh_process(path, n_jobs):
    """Call `seconds_of_reading` in a new interpreter."""
    folders = [str(Path(__file__).parent), *sys.path]
    command = [sys.executable, "-c", SCRIPT.format(folders, path, n_jobs)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def main(argv=None):
    """Print and return a table of characters per second."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", help="text file, one document per line")
    parser.add_argument("--jobs", type=int, default=2, help="number of processes")
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args(argv)
    job = partial(seconds_in_fresh_process, options.corpus)
    jobs = {"one process": partial(job, 1), "several": partial(job, options.jobs)}
    size = sum(map(len, load(options.corpus)))
    table = pd.DataFrame([compare(jobs, options.turns, size)])
    show(table, f"{size:,} characters; characters per second, {options.jobs} processes")
    return table


if __name__ == "__main__":
    main()
