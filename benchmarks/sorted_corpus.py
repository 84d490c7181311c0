"""Measure whether the order of the documents matters to skw2v and gensim.

Both libraries learn vectors from the same docstrings, sorted by package and shuffled.
The measure is the accuracy of a logistic regression on averaged vectors of 2,000 other
documents.

Run by hand::

    python benchmarks/sorted_corpus.py
"""

import argparse
import re

import numpy as np
import pandas as pd
from gensim.models import Word2Vec
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tables import show

from skw2v import (
    CBOWVectorizer,
    PretrainedVectorizer,
    SkipGramVectorizer,
    WordVectors,
)
from skw2v.datasets import load_docstrings

MODELS = {"skip-gram": SkipGramVectorizer, "CBOW": CBOWVectorizer}


def fitted(model, seed, sentences):
    """Yield each library and its vectors, with its defaults and 100 components."""
    vectorizer = MODELS[model](random_state=seed, n_jobs=2).fit(sentences)
    yield "skw2v", vectorizer.word_vectors()
    sg = int(model == "skip-gram")
    table = Word2Vec(sentences, sg=sg, seed=seed, workers=2).wv
    yield "gensim", WordVectors(table.index_to_key, table.vectors)


def accuracy(vectors, train, test):
    """Return the accuracy of a classifier on averaged vectors."""
    pipeline = make_pipeline(
        PretrainedVectorizer(vectors),
        StandardScaler(),
        LogisticRegression(max_iter=1000),
    )
    return pipeline.fit(*train).score(*test)


def main(argv=None):
    """Print the table; return it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--every", type=int, default=1, help="use every N-th text", metavar="N"
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    options = parser.parse_args(argv)
    texts, y = load_docstrings(remove=("examples",), return_X_y=True)
    X = [re.findall(r"\w+", text.lower()) for text in texts[:: options.every]]
    y = np.asarray(y)[:: options.every]
    split = train_test_split(X, y, test_size=0.18, stratify=y, random_state=0)
    train, test = (split[0], split[2]), (split[1], split[3])
    by_package = [train[0][i] for i in np.argsort(train[1], kind="stable")]
    records = [
        {"model": model, "library": library, "order": order, "accuracy": score}
        for model in MODELS
        for order, sentences in (("sorted", by_package), ("shuffled", train[0]))
        for seed in options.seeds
        for library, vectors in fitted(model, seed, sentences)
        for score in [accuracy(vectors, train, test)]
    ]
    scores = pd.DataFrame(records).groupby(["model", "library", "order"])["accuracy"]
    frame = scores.agg(["mean", "min", "max"]).round(3)
    show(frame.reset_index())
    return frame


if __name__ == "__main__":
    main()
