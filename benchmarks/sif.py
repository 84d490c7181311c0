"""Choose the parameter ``a`` of SIF weights, ``a / (a + p(w))``, by measurement.

A logistic regression learns from the weighted means of the words of labeled documents;
"halves" is the share of second halves that are found (see `second_halves.py`), without
the leading component, as in the paper. Beside fixed values stands the rule of
Ethayarajh (2018), which depends on the number of words and on the mean length of
documents. Its weights are ``a / (a / 2 + p(w))``, so half of its ``a`` counts here.

Run by hand; see `labeled.py` for the folder::

    python benchmarks/sif.py --data docstrings R8 mr halves --folder texts --seeds 0 1 2
"""

import argparse

import numpy as np
import pandas as pd
from document_vectors import CS, accuracy
from labeled import load_lines, load_packages
from second_halves import load_halves, share_found
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skw2v import CommonComponentRemoval, PretrainedVectorizer, SkipGramVectorizer
from skw2v.pooling import weighting

FIXED = (1e-4, 1e-3, 1e-2)


def usif(vectorizer, n_documents):
    """Return half of the ``a`` that the rule of Ethayarajh gives."""
    counts = vectorizer.word_counts_
    shares, length = counts / counts.sum(), counts.sum() / n_documents
    threshold = 1 - (1 - 1 / len(counts)) ** length
    frequent = max(1, np.sum(shares > threshold)) / len(counts)
    return (1 - frequent) / (frequent * len(counts) / 2) / 2


def scores_of(name, folder, seed):
    """Yield each ``a`` of a data set, and what is reached with it."""
    if name == "halves":
        first, second = load_halves()
        texts = first + second
    else:
        split = (
            load_packages(seed) if name == "docstrings" else load_lines(folder, name)
        )
        texts = split.X
    vectorizer = SkipGramVectorizer(random_state=seed, n_jobs=-1).fit(texts)
    rule = usif(vectorizer, len(texts))
    following = CommonComponentRemoval() if name == "halves" else Normalizer()
    for kind, a in [*zip(map(str, FIXED), FIXED, strict=True), ("uSIF", rule)]:
        weighting.SIF = a
        pooling = PretrainedVectorizer(vectorizer.word_vectors(), weighting="sif")
        pools = make_pipeline(pooling, following)
        rows = pools.fit_transform(texts)
        if name == "halves":
            score = share_found(rows[: len(first)], rows[len(first) :])
        else:
            test_rows = pools.transform(split.X_test)
            score = accuracy(rows, split.y, test_rows, split.y_test, CS["unit"])
        yield {"data": name, "seed": seed, "rule": kind, "a": a, "score": score}


def main(argv=None):
    """Print means and deviations over seeds, and return all scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", nargs="+", default=["docstrings", "halves"])
    add("--folder", help="folder of the data sets besides the docstrings")
    add("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args(argv)
    before = weighting.SIF
    try:
        frame = pd.DataFrame(
            record
            for name in options.data
            for seed in options.seeds
            for record in scores_of(name, options.folder, seed)
        )
    finally:
        weighting.SIF = before
    table = frame.groupby(["data", "rule"], sort=False)
    print(table.agg({"a": "mean", "score": ["mean", "std"]}).to_string())
    return frame


if __name__ == "__main__":
    main()
