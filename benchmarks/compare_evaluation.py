"""Compare the evaluation and the neighbors of word vectors with gensim's.

Both libraries get the same table of random vectors, which includes the words of the
questions. The vectors may be random because the speed doesn't depend on the answers.
The two take turns, see `turns.py`. gensim answers the analogies with 3CosAdd,
skw2v with both 3CosAdd and 3CosMul.

Run by hand, on an idle machine::

    python benchmarks/compare_evaluation.py --words 50000 --components 100
"""

import argparse
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from gensim.test.utils import datapath
from quality import SIMILARITIES, keyed_vectors
from tables import show
from turns import compare, seconds_of

from skw2v import WordVectors
from skw2v.evaluation import evaluate_analogies, evaluate_word_pairs

SIMLEX = Path(datapath(SIMILARITIES["SimLex-999"]))
QUERIES = 200


def questions_of(every):
    """Return the section lines, and every `every`-th line, of word2vec's questions."""
    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        lines = list(enumerate(file))
    return [line for i, line in lines if line.startswith(":") or i % every == 0]


def random_tables(questions, n_words, n_components):
    """Return a table of gensim and one of skw2v with the same words and vectors."""
    text = "".join([*questions, SIMLEX.read_text(encoding="utf-8")]).lower()
    words = list(dict.fromkeys(text.split()))
    words += [f"w{i}" for i in range(n_words - len(words))]
    rng = np.random.default_rng(0)
    rng.shuffle(words)
    vectors = rng.standard_normal((len(words), n_components), dtype=np.float32)
    return keyed_vectors(words, vectors), WordVectors(words, vectors)


def one_by_one(table, words):
    """Return the neighbors of each word, from one call per word."""
    return [table.most_similar(word) for word in words]


def jobs_of(gensim, ours, path):
    """Yield the name and number of items of each job, and its two functions."""
    words = ours.words[:QUERIES]
    with path.open(encoding="utf-8") as file:
        n_questions = sum(not line.startswith(":") for line in file)
    yield (
        ("analogies", n_questions),
        partial(gensim.evaluate_word_analogies, str(path)),
        partial(evaluate_analogies, ours, path),
    )
    yield (
        ("SimLex-999", 999),
        partial(gensim.evaluate_word_pairs, str(SIMLEX)),
        partial(evaluate_word_pairs, ours, SIMLEX),
    )
    each = partial(one_by_one, gensim, words)
    yield ("most_similar", QUERIES), each, partial(one_by_one, ours, words)
    yield ("nearest", QUERIES), each, partial(ours.nearest, words)


def main(argv=None):
    """Print the table; return it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", nargs="+", type=int, default=[50_000, 200_000])
    parser.add_argument("--components", nargs="+", type=int, default=[100])
    parser.add_argument(
        "--every", type=int, default=1, help="use every N-th question", metavar="N"
    )
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args(argv)
    questions, records = questions_of(options.every), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.txt"
        path.write_text("".join(questions), encoding="utf-8")
        for n_words in options.words:
            for n_components in options.components:
                tables = random_tables(questions, n_words, n_components)
                which = {"words": n_words, "components": n_components}
                for (name, items), theirs, ours in jobs_of(*tables, path):
                    jobs = {
                        "gensim": partial(seconds_of, theirs),
                        "skw2v": partial(seconds_of, ours),
                    }
                    speeds = compare(jobs, options.turns, items)
                    records.append(which | {"job": name, "items": items} | speeds)
    frame = pd.DataFrame(records)
    show(frame, "items per second")
    return frame


if __name__ == "__main__":
    main()
