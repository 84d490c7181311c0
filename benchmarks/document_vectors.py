"""Compare weightings and poolings by what a classifier makes of document vectors.

Word vectors are learned from the training documents, once for each model, number of
components and seed. Each setting pools them, and a logistic regression learns from the
rows; its C is the best of several on a fifth of the training documents. TF-IDF, and
its truncated SVD of the same width, stand beside them.

Run by hand; see `labeled.py` for the folders::

    python benchmarks/document_vectors.py --data docstrings R8 mr --folder texts
    python benchmarks/document_vectors.py --poolings mean mean,max,min --labels 200 0
    python benchmarks/document_vectors.py --data korean --folder korean --pieces \
        --parameters '{"window": 15}' --scalers unit --Cs 3
"""

import argparse
import json
import warnings
from itertools import product
from time import perf_counter

import numpy as np
import pandas as pd
from labeled import load_lines, load_packages, load_reviews, pieces
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from skw2v import (
    CBOWVectorizer,
    CommonComponentRemoval,
    PretrainedVectorizer,
    SkipGramVectorizer,
)
from skw2v.exceptions import LowCoverageWarning

MODELS = {"skipgram": SkipGramVectorizer, "cbow": CBOWVectorizer}
SCALERS = {"standard": StandardScaler(), "unit": Normalizer(), "none": "passthrough"}
CS = {"standard": (0.001, 0.01, 0.1), "unit": (1, 10, 100), "none": (1, 10, 100)}


def load(name, options, seed):
    """Return the documents of a data set."""
    if name == "docstrings":
        split = load_packages(seed)
    elif name == "korean":
        split = load_reviews(options.folder)
    else:
        split = load_lines(options.folder, name)
    if options.pieces:
        texts = (
            [" ".join(pieces(text)) for text in X] for X in (split.X, split.X_test)
        )
        split = split._replace(**dict(zip(("X", "X_test"), texts, strict=True)))
    return split


def accuracy(rows, y, test_rows, y_test, Cs):
    """Return the accuracy of a logistic regression whose C is chosen in training."""
    if len(Cs) > 1:
        part = train_test_split(rows, y, test_size=0.2, random_state=0, stratify=y)
        X, X_held, z, z_held = part
        scores = {
            C: LogisticRegression(C=C, max_iter=300).fit(X, z).score(X_held, z_held)
            for C in Cs
        }
        Cs = [max(scores, key=scores.get)]
    best = LogisticRegression(C=Cs[0], max_iter=1000)
    return best.fit(rows, y).score(test_rows, y_test)


def settings_of(options):
    """Yield the name of each setting, what pools, and what follows it."""
    for pooling, weighting, removed, scaler in product(
        options.poolings, options.weightings, options.removed, options.scalers
    ):
        names = tuple(pooling.split(","))
        numbers = options.clusters if "clusters" in names else [1]
        for n_clusters in numbers:
            name = f"{weighting} {pooling}"
            name += f" {n_clusters}" if "clusters" in names else ""
            name += f" without {removed}" if removed >= 0 else ""
            pools = {"weighting": weighting, "pooling": names, "n_clusters": n_clusters}
            removal = CommonComponentRemoval(removed) if removed >= 0 else "passthrough"
            yield name, scaler, pools, make_pipeline(removal, SCALERS[scaler])


def baselines(split, components):
    """Yield the names, scalers and rows of TF-IDF, and of its truncated SVDs."""
    tfidf = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b")
    rows, test_rows = tfidf.fit_transform(split.X), tfidf.transform(split.X_test)
    yield "TF-IDF", "unit", rows, test_rows
    for n in components:
        svd = make_pipeline(TruncatedSVD(n, random_state=0), StandardScaler())
        rows_of_both = svd.fit_transform(rows), svd.transform(test_rows)
        yield f"TF-IDF and SVD, {n}", "standard", *rows_of_both


def features(split, seed, options):
    """Yield names of word vectors, settings and scalers, the rows, and the seconds."""
    if options.baselines:
        for kind, *rest in baselines(split, options.components):
            yield "", kind, *rest, np.nan
    for model, n_components in product(options.models, options.components):
        learned = MODELS[model](
            n_components=n_components,
            random_state=seed,
            n_jobs=options.n_jobs,
            **options.parameters,
        ).fit(split.X)
        vectors = learned.word_vectors(options.kind)
        for kind, scaler, pools, following in settings_of(options):
            start = perf_counter()
            pooling = PretrainedVectorizer(vectors, random_state=seed, **pools)
            rows = following.fit_transform(pooling.fit_transform(split.X))
            test_rows = following.transform(pooling.transform(split.X_test))
            seconds = perf_counter() - start
            yield f"{model} {n_components}", kind, scaler, rows, test_rows, seconds


def measure(name, options):
    """Yield a row for each setting and number of labels of a data set."""
    for seed in options.seeds:
        split = load(name, options, seed)
        order = np.random.default_rng(seed).permutation(len(split.X))
        for *names, scaler, rows, test_rows, seconds in features(split, seed, options):
            for n_labels in options.labels:
                chosen = order[: n_labels or None]
                result = accuracy(
                    rows[chosen],
                    split.y[chosen],
                    test_rows,
                    split.y_test,
                    options.Cs or CS[scaler],
                )
                row = name, *names, scaler, n_labels, seed, result, seconds
                print(*row, flush=True)
                yield row


def parse(argv, description):
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    add = parser.add_argument
    add("--data", nargs="+", default=["docstrings"])
    add("--folder", help="folder of the data sets besides the docstrings")
    add("--models", nargs="+", choices=MODELS, default=["skipgram"])
    add("--components", type=int, nargs="+", default=[100])
    add("--seeds", type=int, nargs="+", default=[0], help="of vectors and of splits")
    add("--labels", type=int, nargs="+", default=[0], help="labels; 0 means all")
    add("--weightings", nargs="+", default=["uniform", "idf", "sif"])
    add("--poolings", nargs="+", default=["mean", "clusters"])
    add("--clusters", type=int, nargs="+", default=[20])
    add("--pieces", action="store_true", help="words and their pairs of characters")
    add("--parameters", type=json.loads, default={}, help="of the model, as JSON")
    add("--Cs", type=float, nargs="+", help="of the regression; default by the scaler")
    add("--removed", type=int, nargs="+", default=[-1], help="-1 removes nothing")
    add("--scalers", nargs="+", choices=SCALERS, default=["standard"])
    add("--kind", default="input", help="kind of word vectors")
    add("--n-jobs", type=int, default=-1)
    add("--baselines", action="store_true", help="measure TF-IDF as well")
    return parser.parse_args(argv)


def main(argv=None):
    """Print the means and deviations over seeds, and return all rows."""
    options = parse(argv, __doc__)
    warnings.simplefilter("ignore", ConvergenceWarning)
    warnings.simplefilter("ignore", LowCoverageWarning)
    names = ["data", "vectors", "setting", "scaler", "labels", "seed"]
    rows = [row for name in options.data for row in measure(name, options)]
    frame = pd.DataFrame(rows, columns=[*names, "accuracy", "seconds"])
    groups = ["setting", "scaler", "vectors", "labels", "data"]
    table = frame.groupby(groups, sort=False)["accuracy"].agg(["mean", "std"])
    for column in table:
        print(column, table[column].unstack().to_string(float_format="%.3f"), sep="\n")
    return frame


if __name__ == "__main__":
    main()
