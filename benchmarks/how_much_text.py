"""Measure how much text is needed: accuracy against the number of documents.

A number of documents is drawn, several times. The vectors and the classifier both learn
from these documents alone. Skip-gram and CBOW have their default settings, in skw2v and
in gensim, whose vectors are averaged in the same way. The classifier is a
LogisticRegression with the default `C`, plain and after a StandardScaler.

The data are the docstrings (four packages) and, if a folder is given, the topics of R8;
see `labeled.py`.

Run by hand::

    python benchmarks/how_much_text.py --r8 folder --figure how_much_text.png
"""

import argparse
import logging
import warnings
from itertools import product

import numpy as np
import pandas as pd
from labeled import load_lines, load_packages
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from small_corpora import MODELS, tokens, train_gensim

from skw2v import PretrainedVectorizer


def features(X, X_test, seed):
    """Yield the name of each kind of features, and the rows of both parts."""
    vectorizer = TfidfVectorizer()
    yield "TF-IDF", vectorizer.fit_transform(X), vectorizer.transform(X_test)
    words = [tokens(text) for text in X]
    for name, cls in MODELS.items():
        ours = cls(random_state=seed).fit(X)
        theirs = PretrainedVectorizer(train_gensim(words, name, seed))
        for library, vectorizer in (("skw2v", ours), ("gensim", theirs)):
            rows = vectorizer.transform(X), vectorizer.transform(X_test)
            yield f"{library}, {name}", *rows


def accuracies(X, y, X_test, y_test, seed):
    """Yield features, classifier and accuracy of each pair of them."""
    for name, rows, test_rows in features(X, X_test, seed):
        for scaler in (None, StandardScaler(with_mean=name != "TF-IDF")):
            pipeline = make_pipeline(scaler, LogisticRegression(max_iter=1000))
            accuracy = pipeline.fit(rows, y).score(test_rows, y_test)
            yield name, "scaled" if scaler else "plain", accuracy


def measure(data, documents, seeds):
    """Return a row for each data set, number of documents, seed and pipeline."""
    records = []
    for (corpus, parts), n, seed in product(data.items(), documents, range(seeds)):
        X, y, X_test, y_test = parts
        drawn = np.random.default_rng(seed).permutation(len(X))[:n]
        records += [
            (corpus, name, classifier, n, seed, accuracy)
            for name, classifier, accuracy in accuracies(
                X[drawn], y[drawn], X_test, y_test, seed
            )
        ]
    columns = ["corpus", "features", "classifier", "documents", "seed", "accuracy"]
    return pd.DataFrame(records, columns=columns)


def draw(means, path):
    """Draw a panel for each data set, with the better classifier for each curve."""
    import matplotlib.pyplot as plt

    best = means.groupby(["corpus", "features", "documents"], sort=False).max()
    corpora = best.index.unique("corpus")
    figure, axes = plt.subplots(
        1, len(corpora), figsize=(5 * len(corpora), 4), layout="constrained"
    )
    for ax, corpus in zip(np.atleast_1d(axes), corpora, strict=True):
        for name, curve in best.loc[corpus].groupby("features", sort=False):
            library, _, model = name.partition(", ")
            color = {"skipgram": "C0", "cbow": "C1"}.get(model, "black")
            style = {"skw2v": "o-", "gensim": "s--"}.get(library, "^:")
            curve.droplevel("features")["accuracy"].plot(
                ax=ax, style=style, color=color, label=name, logx=True
            )
        ax.set(title=corpus, xlabel="documents to learn from", ylabel="accuracy")
        ticks = best.index.unique("documents")
        ax.set_xticks(ticks, [f"{n:,}" for n in ticks], minor=False)
        ax.minorticks_off()
        ax.grid(alpha=0.3)
    ax.legend(loc="lower right")
    figure.savefig(path, dpi=120)


def main(argv=None):
    """Print the means and deviations, draw the figure, and return all rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    documents = [100, 200, 400, 1000, 2000, 5000]
    add("--documents", type=int, nargs="+", default=documents)
    add("--draws", type=int, default=10)
    add("--r8", help="folder with R8.txt and R8.labels.tsv")
    add("--figure", help="file to save the figure to")
    options = parser.parse_args(argv)
    logging.getLogger("gensim").setLevel(logging.ERROR)
    warnings.simplefilter("ignore", ConvergenceWarning)
    data = {"docstrings": load_packages()}
    if options.r8:
        data["R8"] = load_lines(options.r8, "R8")
    frame = measure(data, options.documents, options.draws)
    groups = ["corpus", "features", "classifier", "documents"]
    table = frame.groupby(groups, sort=False)["accuracy"].agg(["mean", "std"])
    for column in table:
        print(column, table[column].unstack().to_string(float_format="%.3f"), sep="\n")
    if options.figure:
        draw(table[["mean"]].rename(columns={"mean": "accuracy"}), options.figure)
    return frame


if __name__ == "__main__":
    main()
