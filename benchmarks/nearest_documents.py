"""Nearest neighbors among many documents: exact search, and two approximate indexes.

The documents are random pieces of docstrings, of 50 tokens, as rows of 100 numbers of
length 1. scikit-learn's `NearestNeighbors` compares a query with all of them; usearch
and hnswlib follow a graph (HNSW). The table has the seconds to build an index, the
milliseconds per query when all are asked together, and the share of the ten nearest
documents that are found.

Run by hand::

    pip install usearch hnswlib
    python benchmarks/nearest_documents.py --documents 1000000
"""

import argparse
from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_docstrings

LENGTH = 50  # tokens of a document
N_NEIGHBORS = 10


def rows_of_documents(n_documents):
    texts = load_docstrings(remove=("examples",)).data
    vectorizer = SkipGramVectorizer(random_state=0, n_jobs=-1).fit(texts)
    analyze = vectorizer.build_analyzer()
    tokens = [token for text in texts for token in analyze(text)]
    starts = np.random.default_rng(0).integers(len(tokens) - LENGTH, size=n_documents)
    documents = (tokens[start : start + LENGTH] for start in starts)
    return normalize(vectorizer.transform(documents))


def exact(rows):
    """Build an index; return a function that searches it."""
    neighbors = NearestNeighbors(n_neighbors=N_NEIGHBORS, algorithm="brute").fit(rows)
    return lambda queries: neighbors.kneighbors(queries, return_distance=False)


def usearch(rows):
    """See `exact`."""
    from usearch.index import Index

    index = Index(ndim=rows.shape[1], metric="cos", dtype="f32")
    index.add(np.arange(len(rows)), rows)
    return lambda queries: index.search(queries, N_NEIGHBORS).keys


def hnswlib(rows):
    """See `exact`; `M`, `ef_construction` and `ef` are the defaults of usearch."""
    from hnswlib import Index

    index = Index(space="cosine", dim=rows.shape[1])
    index.init_index(max_elements=len(rows), M=16, ef_construction=128)
    index.add_items(rows)
    index.set_ef(64)
    return lambda queries: index.knn_query(queries, k=N_NEIGHBORS)[0]


INDEXES = {"NearestNeighbors": exact, "usearch": usearch, "hnswlib": hnswlib}


def measure(rows, queries, indexes):
    """Yield a row for each index."""
    expected = exact(rows)(queries)
    for name in indexes:
        start = perf_counter()
        search = INDEXES[name](rows)
        built = perf_counter()
        found = search(queries)
        per_query = 1000 * (perf_counter() - built) / len(queries)
        pairs = zip(found, expected, strict=True)
        same = np.mean([len({*one} & {*other}) for one, other in pairs])
        yield name, built - start, per_query, same / N_NEIGHBORS


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--indexes", nargs="+", choices=INDEXES, default=[*INDEXES])
    options = parser.parse_args(argv)
    rows = rows_of_documents(options.documents + options.queries)
    parts = np.split(rows, [options.documents])
    frame = pd.DataFrame(
        measure(*parts, options.indexes),
        columns=["index", "build, s", "ms per query", "found"],
    )
    print(frame.round(3).to_string(index=False))
    return frame


if __name__ == "__main__":
    main()
