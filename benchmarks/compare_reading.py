"""Compare the speed and memory of reading word vectors with gensim's.

Both libraries read the same files of random vectors, in turns (see
`turns.py`). A ratio above 1 means that skw2v is faster. The memory is that of
a fresh process, minus what the imports of this script take.

Run by hand, on an idle machine::

    python benchmarks/compare_reading.py --words 200000 --components 300
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from gensim.models import KeyedVectors
from memory import imports_alone, in_fresh_process, peak_mebibytes
from tables import show
from turns import compare, seconds_of

from skw2v import WordVectors
from skw2v.io import read_glove, read_word2vec, write_glove, write_word2vec

read_binary = partial(read_word2vec, binary=True)
write_binary = partial(write_word2vec, binary=True)
load = KeyedVectors.load_word2vec_format
load_binary = partial(load, binary=True)
load_glove = partial(load, no_header=True)

# Maps a file name to the functions that write the file, read it with gensim, and read
# it with skw2v.
FILES = {
    "word2vec.txt": (write_word2vec, load, read_word2vec),
    "word2vec.bin": (write_binary, load_binary, read_binary),
    "word2vec.bin.gz": (write_binary, load_binary, read_binary),
    "glove.txt": (write_glove, load_glove, read_glove),
}


def write_files(folder, n_words, n_components):
    """Write a table of random numbers in all formats."""
    vectors = np.random.default_rng(0).normal(0, 0.3, (n_words, n_components))
    table = WordVectors([f"word{i}" for i in range(n_words)], vectors)
    for name, (write, _, _) in FILES.items():
        write(table, folder / name)


def seconds_table(folder, n_words, n_turns):
    """Words per second."""
    records = []
    for name, (_, theirs, ours) in FILES.items():
        jobs = {
            "gensim": partial(seconds_of, theirs, folder / name),
            "skw2v": partial(seconds_of, ours, folder / name),
        }
        records.append({"file": name} | compare(jobs, n_turns, n_words))
    return pd.DataFrame(records)


def memory_table(folder, matrix_mebibytes):
    """Peak memory above the imports, as multiples of the matrix."""
    imports = in_fresh_process(peak_mebibytes, imports_alone, None, None, None)
    records = []
    for name, (_, *reads) in FILES.items():
        peaks = [
            in_fresh_process(peak_mebibytes, read, folder / name) for read in reads
        ]
        multiples = (np.array(peaks) - imports) / matrix_mebibytes
        records.append({"file": name, "gensim": multiples[0], "skw2v": multiples[1]})
    return pd.DataFrame(records)


def main(argv=None):
    """Print both tables; return them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=200_000)
    parser.add_argument("--components", type=int, default=300)
    parser.add_argument(
        "--pairs", type=int, default=5, help="turns of gensim and skw2v"
    )
    options = parser.parse_args(argv)
    mebibytes = 4 * options.words * options.components / 2**20
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, options.words, options.components)
        tables = (
            seconds_table(folder, options.words, options.pairs),
            memory_table(folder, mebibytes),
        )
    for table, caption in zip(tables, (seconds_table, memory_table), strict=True):
        show(table, caption.__doc__)
    return tables


if __name__ == "__main__":
    main()
