"""Fit and transform a collection of Dask on two workers of this machine.

It prints the neighbors of some words and an accuracy, and takes less than a minute.
On a real cluster, only the address changes: ``Client("tcp://scheduler:8786")``.
Requires: pip install skw2v[dask]
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import dask.bag as db
from distributed import Client, LocalCluster
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from skw2v import SkipGramVectorizer
from skw2v.datasets import load_docstrings

N_FILES = 16


def write(texts, folder):
    """Write documents to files, one on each line; return the paths, in order."""
    paths = [f"{folder}/{number:02}.txt" for number in range(N_FILES)]
    size = -(-len(texts) // N_FILES)
    for start, path in zip(range(0, len(texts), size), paths, strict=True):
        lines = [text.replace("\n", " ") for text in texts[start : start + size]]
        Path(path).write_text("\n".join(lines), encoding="utf-8")
    return paths


def main():
    docstrings = load_docstrings(remove=("examples",))
    vectorizer = SkipGramVectorizer(random_state=0)
    workers = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        TemporaryDirectory() as folder,
        LocalCluster(**workers) as cluster,
        Client(cluster),
    ):
        texts = db.read_text(write(docstrings.data, folder))
        vectorizer.fit(texts)  # on the workers, in rounds
        rows = vectorizer.transform(texts)  # lazy: nothing is computed yet
        print(f"{rows!r}\n")
        rows = rows.compute()
    for word in ("matrix", "dataframe", "estimator"):
        similar = vectorizer.word_vectors().most_similar(word, topn=5)
        print(f"{word}: {', '.join(each for each, _ in similar)}")
    parts = train_test_split(rows, docstrings.target, random_state=0)
    train, test, train_labels, test_labels = parts
    classifier = LogisticRegression(max_iter=1000).fit(train, train_labels)
    accuracy = classifier.score(test, test_labels)
    print(f"\nWhich package is a docstring from? accuracy {accuracy:.3f}")


if __name__ == "__main__":  # the workers import this file
    main()
