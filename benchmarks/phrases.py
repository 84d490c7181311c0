"""Measure how fast phrases are found and joined, and what they do for a classifier.

The speed is that of `PhraseDetector` and of gensim's `Phrases`, which is frozen before
it joins, as its documentation advises. Both learn from the same documents and join
them, with one thread, in turns (see `turns.py`). gensim takes lists of tokens, so raw
text is split for it by a regular expression. A ratio above 1 means that skw2v is
faster.

The accuracy is that of a logistic regression on document vectors, as in
`document_vectors.py`, without phrases, with those of one detector, and of two, one
after the other. TF-IDF gets the same texts.

Run by hand; see `labeled.py` for the folder::

    python benchmarks/phrases.py --tables speed --corpus PATH --words 3000000
    python benchmarks/phrases.py --tables accuracy --data docstrings R8 --folder texts
"""

import argparse
import warnings
from functools import partial

import pandas as pd
from document_vectors import CS, SCALERS, accuracy
from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS, Phrases
from labeled import load_lines, load_packages
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from tables import show
from texts import load_corpus, tokenize
from turns import compare, seconds_of

from skw2v import PhraseDetector, SkipGramVectorizer
from skw2v.exceptions import LowCoverageWarning

THRESHOLDS = {"npmi": 0.5, "default": 10.0}
CASES = [
    ("raw text", "npmi", None),
    ("lists of tokens", "npmi", None),
    ("lists of tokens", "default", None),
    ("lists of tokens", "npmi", "english"),
]
POOLINGS = {
    "mean": ("standard", {}),
    "60 clusters, idf": ("unit", {"pooling": "clusters", "weighting": "idf"}),
}


def with_gensim(sentences, scoring, connectors):
    """Find phrases in lists of tokens, and join them."""
    words = ENGLISH_CONNECTOR_WORDS if connectors else frozenset()
    phrases = Phrases(
        sentences,
        scoring=scoring,
        threshold=THRESHOLDS[scoring],
        connector_words=words,
    ).freeze()
    return [phrases[sentence] for sentence in sentences]


def with_gensim_from_text(texts, scoring, connectors):
    """Split texts into tokens first."""
    return with_gensim(list(tokenize(texts)), scoring, connectors)


def with_skw2v(documents, scoring, connectors):
    """Find phrases in texts or lists of tokens, and join them."""
    detector = PhraseDetector(scoring=scoring, connector_words=connectors)
    return detector.fit_transform(documents)


def speed_table(options):
    """Tokens per second, of learning and joining."""
    corpus = load_corpus(options.corpus, options.words)
    forms = {
        "raw text": (corpus.texts, with_gensim_from_text),
        "lists of tokens": (corpus.sentences, with_gensim),
    }
    records = []
    for form, scoring, connectors in CASES:
        documents, theirs = forms[form]
        jobs = {
            library: partial(seconds_of, run, documents, scoring, connectors)
            for library, run in (("gensim", theirs), ("skw2v", with_skw2v))
        }
        speeds = compare(jobs, options.turns, corpus.n_words)
        which = form, scoring, connectors or "none"
        names = "documents", "scoring", "connector_words"
        records.append(dict(zip(names, which, strict=True)) | speeds)
    return pd.DataFrame(records)


def joined(X, X_test, detectors):
    """Return texts whose phrases, found in the first ones, are joined."""
    if not detectors:
        return X, X_test
    pipeline = make_pipeline(*detectors)
    return pipeline.fit_transform(X), pipeline.transform(X_test)


def rows_of(X, X_test, seed):
    """Yield the names of features, their scalers, and the rows."""
    tfidf = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b")
    yield "TF-IDF", "unit", tfidf.fit_transform(X), tfidf.transform(X_test)
    for name, (kind, pools) in POOLINGS.items():
        vectorizer = SkipGramVectorizer(random_state=seed, **pools)
        scaler = SCALERS[kind]
        rows = scaler.fit_transform(vectorizer.fit_transform(X))
        yield name, kind, rows, scaler.transform(vectorizer.transform(X_test))


def accuracies(name, seed, options):
    """Yield a record for each kind of phrases and of features."""
    split = load_packages(seed)
    if name != "docstrings":
        split = load_lines(options.folder, name)
    kinds = {"none": []}
    for threshold in options.thresholds:
        kinds[f"above {threshold}"] = [PhraseDetector(threshold=threshold)]
    kinds["two detectors"] = [PhraseDetector(), PhraseDetector()]
    kinds["connector words"] = [PhraseDetector(connector_words="english")]
    for kind in options.kinds or kinds:
        X, X_test = joined(split.X, split.X_test, kinds[kind])
        for features, scaler, rows, test_rows in rows_of(X, X_test, seed):
            Cs = CS[scaler]
            result = accuracy(rows, split.y, test_rows, split.y_test, Cs)
            record = {"data": name, "seed": seed, "phrases": kind}
            print(*record.values(), features, result, flush=True)
            yield record | {"features": features, "accuracy": result}


def accuracy_table(options):
    """Accuracy, mean over seeds and their standard deviation."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    warnings.simplefilter("ignore", LowCoverageWarning)
    frame = pd.DataFrame(
        record
        for name in options.data
        for seed in options.seeds
        for record in accuracies(name, seed, options)
    )
    groups = frame.groupby(["data", "features", "phrases"], sort=False)["accuracy"]
    return groups.agg(["mean", "std"]).reset_index()


TABLES = {"speed": speed_table, "accuracy": accuracy_table}


def main(argv=None):
    """Print and return the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add("--corpus", help="text file, one document per line; default: docstrings")
    add("--words", type=int, help="number of tokens; default: all")
    add("--turns", type=int, default=5)
    add("--data", nargs="+", default=["docstrings"])
    add("--folder", help="folder of the data sets besides the docstrings")
    add("--seeds", type=int, nargs="+", default=[0], help="of vectors and of splits")
    add("--thresholds", type=float, nargs="+", default=[0.3, 0.5, 0.7])
    add("--kinds", nargs="+", help="phrases to compare; default: all")
    options = parser.parse_args(argv)
    tables = {name: TABLES[name](options) for name in options.tables}
    for name, table in tables.items():
        show(table, TABLES[name].__doc__)
    return tables


if __name__ == "__main__":
    main()
