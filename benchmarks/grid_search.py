"""Measure what a grid search costs on the docstrings, and what it chooses.

The tables show the seconds of reading for each form of the documents, the share of
reading in a fit, the seconds of whole searches, which take turns, and the score of
settings without labels next to the accuracy of a classifier.
"""

import argparse
import pickle
import tempfile
from functools import partial
from time import perf_counter

import joblib
import numpy as np
import pandas as pd
from engine import trainer_of
from scipy.special import log_softmax
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skw2v import CBOWVectorizer, PretrainedVectorizer, SkipGramVectorizer
from skw2v.datasets import load_docstrings
from skw2v.training.likelihood import Likelihood

MODELS = {"skip-gram": SkipGramVectorizer, "CBOW": CBOWVectorizer}
SMALL, DEFAULT = {"n_components": 20, "max_iter": 1}, {}
GRID = {"max_iter": [1, 2], "ns_exponent": [0.5, 0.75]}
CHOICE = (
    {},
    *({"max_iter": n} for n in (1, 20)),
    *({"n_components": n} for n in (20, 50)),
    *({"negative": n} for n in (1, 15)),
    {"ns_exponent": 1},
    *({"min_count": n} for n in (20, 100)),
    {"loss": "hierarchical_softmax"},
)


def words_of(texts):
    """Split texts into words as the default parameters of the vectorizers do."""
    analyze = CountVectorizer(token_pattern=r"(?u)\b\w+\b").build_analyzer()
    return [analyze(text) for text in texts]


def joined_words_of(texts):
    """Join the words of each text with spaces, for ``analyzer=str.split``."""
    return [" ".join(words) for words in words_of(texts)]


FORMS = {
    "raw text": (list, {}),
    "lists of words": (words_of, {}),
    "words joined by spaces": (joined_words_of, {"analyzer": str.split}),
}


def seconds(function, *arguments):
    start = perf_counter()
    function(*arguments)
    return perf_counter() - start


def fastest(turns, function, *arguments):
    return min(seconds(function, *arguments) for _ in range(turns))


def reading_table(X, y, options):
    """Seconds of reading, and of what joblib does to send documents or to cache."""
    rows = {}
    for form, (convert, settings) in FORMS.items():
        documents = convert(X)
        vectorizer = SkipGramVectorizer(n_jobs=1, **settings)
        rows[form] = {
            "convert": fastest(options.turns, convert, X),
            "read": fastest(options.turns, trainer_of, vectorizer, documents),
            "hash": fastest(options.turns, joblib.hash, documents),
            "pickle": fastest(options.turns, pickle.dumps, documents),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def share_table(X, y, options):
    """Seconds of a whole fit with one thread, and the share of reading in it."""
    rows = []
    words = words_of(X)
    for name, model in MODELS.items():
        for settings in (SMALL, DEFAULT):
            vectorizer = model(random_state=0, n_jobs=1, **settings)
            fit, read, read_words = (
                fastest(options.turns, *call)
                for call in (
                    (vectorizer.fit, X),
                    (trainer_of, vectorizer, X),
                    (trainer_of, vectorizer, words),
                )
            )
            rows.append(
                {
                    "model": name,
                    "n_components": vectorizer.n_components,
                    "max_iter": vectorizer.n_iter_,
                    "fit": fit,
                    "reading": read / fit,
                    "of lists": read_words / (fit - read + read_words),
                }
            )
    return pd.DataFrame(rows)


def search_of(form, X, options):
    """Search without labels; the words are found once, before the search."""
    convert, settings = FORMS[form]
    vectorizer = options.model(n_components=20, random_state=0, **settings)
    grid_search(vectorizer, GRID, options).fit(convert(X))


def search_of_cached_words(X, options):
    """Find the words in a step of the Pipeline, once for each part of the data."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = make_pipeline(
            FunctionTransformer(words_of),
            options.model(n_components=20, random_state=0),
            memory=folder,
        )
        name = options.model.__name__.lower()
        grid = {f"{name}__{key}": values for key, values in GRID.items()}
        grid_search(pipeline, grid, options).fit(X)


def search_of_classifiers(memory, X, y, options):
    """Search over settings of both the vectorizer and the classifier."""
    with tempfile.TemporaryDirectory() as folder:
        vectorizer = options.model(random_state=0, **SMALL)
        classifier = LogisticRegression(max_iter=1000)
        pipeline = make_pipeline(
            vectorizer, StandardScaler(), classifier, memory=folder if memory else None
        )
        grid = {
            f"{options.model.__name__.lower()}__window": [2, 5],
            "logisticregression__C": [0.01, 0.1, 1],
        }
        grid_search(pipeline, grid, options).fit(X, y)


def search_of_poolings(train_once, X, y, options):
    """Search over poolings, with vectors that are trained again for each, or once."""
    vectorizer = options.model(random_state=0)
    if train_once:
        vectorizer = PretrainedVectorizer(vectorizer.fit(X).word_vectors())
    classifier = LogisticRegression(max_iter=1000)
    pipeline = make_pipeline(vectorizer, StandardScaler(), classifier)
    grid = {
        f"{type(vectorizer).__name__.lower()}__weighting": ["uniform", "idf"],
        f"{type(vectorizer).__name__.lower()}__pooling": ["mean", "max"],
    }
    grid_search(pipeline, grid, options).fit(X, y)


def grid_search(estimator, grid, options):
    return GridSearchCV(estimator, grid, cv=3, n_jobs=options.jobs, refit=False)


def search_table(X, y, options):
    """Seconds of searches with three folds, in turns; the ratio is to the first row.

    There are four settings without labels. With a classifier, there are two settings of
    the vectorizer and three of the classifier.
    """
    without_labels = {
        **{form: partial(search_of, form, X, options) for form in FORMS},
        "Pipeline(memory), words": partial(search_of_cached_words, X, options),
    }
    classifier = {
        "Pipeline": partial(search_of_classifiers, False, X, y, options),
        "Pipeline(memory)": partial(search_of_classifiers, True, X, y, options),
    }
    tables = [compared(without_labels, options), compared(classifier, options)]
    return pd.concat(tables, keys=["without labels", "classifier"])


def poolings_table(X, y, options):
    """Seconds of searches over four poolings, in turns; the ratio is to the first row.

    The vectors are trained for each pooling and fold, or once, ahead of the search.
    """
    return compared(
        {
            "Pipeline": partial(search_of_poolings, False, X, y, options),
            "vectors first": partial(search_of_poolings, True, X, y, options),
        },
        options,
    )


def compared(ways, options):
    """Return the seconds of ways to search, which take turns."""
    turns = np.array(
        [[seconds(way) for way in ways.values()] for _ in range(options.turns)]
    )
    ratios = turns / turns[:, :1]
    columns = {
        "seconds": np.median(turns, axis=0),
        "ratio": np.median(ratios, axis=0),
        "min": ratios.min(axis=0),
        "max": ratios.max(axis=0),
    }
    return pd.DataFrame(columns, index=list(ways))


def gain(vectorizer, documents):
    """Return the mean of ``log p(t | h) - log q(t)``, where ``p`` sums to 1."""
    model, ids = vectorizer._model(), np.arange(len(vectorizer.vocabulary_))
    likelihood = Likelihood(model)
    corpus = vectorizer._encode(documents, vectorizer.vocabulary_)
    total = n_pairs = 0.0
    for inputs, targets in likelihood.examples(corpus):
        for start in range(0, inputs.shape[0], 256):
            part = slice(start, start + 256)
            hidden = inputs[part] @ model.input_matrix
            estimates = model.log_probabilities(hidden, ids)
            gains = log_softmax(estimates, axis=1) - likelihood.log_share
            pairs = targets[part].tocoo()
            total += pairs.data @ gains[pairs.row, pairs.col]
            n_pairs += pairs.data.sum()
    return total / n_pairs


def choice_table(X, y, options):
    """Score on held-out documents, and the accuracy of a classifier on them.

    The gain is the mean log-probability of the tokens in the first 200 of them, minus
    the one that the word frequencies give.
    """
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=min(2000, len(X) // 4), stratify=y, random_state=0
    )
    rows = []
    for settings in CHOICE:
        vectorizer = options.model(random_state=0, n_jobs=options.jobs, **settings)
        classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
        classifier.fit(vectorizer.fit_transform(X_train), y_train)
        start = perf_counter()
        record = {
            "setting": str(settings),
            "score": vectorizer.score(X_test),
            "seconds": perf_counter() - start,
            "accuracy": classifier.score(vectorizer.transform(X_test), y_test),
            "gain": gain(vectorizer, X_test[:200]),
        }
        rows.append(record)
    return pd.DataFrame(rows)


TABLES = {
    "reading": reading_table,
    "share": share_table,
    "search": search_table,
    "poolings": poolings_table,
    "choice": choice_table,
}


def main(argv=None):
    """Print the tables; return them by name."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    add(
        "--model",
        choices=MODELS,
        default="skip-gram",
        help="model for the last two tables",
    )
    add("--every", type=int, default=1, help="use every N-th document", metavar="N")
    add("--turns", type=int, default=3)
    add("--jobs", type=int, default=2)
    options = parser.parse_args(argv)
    options.model = MODELS[options.model]
    X, y = load_docstrings(remove=("examples",), return_X_y=True)
    X, y = X[:: options.every], y[:: options.every]
    frames = {}
    for name in options.tables:
        frames[name] = TABLES[name](X, y, options)
        print(f"\n{TABLES[name].__doc__}\n{frames[name].round(3).to_string()}")
    return frames


if __name__ == "__main__":
    # The processes of joblib find functions by the name of their module.
    from grid_search import main

    main()
