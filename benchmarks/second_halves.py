"""Find the second half of each document by the first: how well rows tell documents.

Every fifth of the docstrings of at least 100 tokens is cut into halves. The share is
that of first halves whose nearest second half of all, by cosine, is their own. Word
vectors are learned from the halves.

Run by hand; the settings are those of `document_vectors.py`::

    python benchmarks/second_halves.py --removed -1 0 3 --weightings uniform idf sif
"""

import sys

import numpy as np
import pandas as pd
from document_vectors import MODELS, parse, settings_of
from sklearn.feature_extraction.text import TfidfVectorizer

from skw2v import PretrainedVectorizer
from skw2v.datasets import load_docstrings


def load_halves(every=5):
    """Return the first and the second halves of long docstrings."""
    texts = (text.split() for text in load_docstrings(remove=("examples",)).data)
    texts = [tokens for tokens in texts if len(tokens) >= 100][::every]
    first = [" ".join(tokens[: len(tokens) // 2]) for tokens in texts]
    second = [" ".join(tokens[len(tokens) // 2 :]) for tokens in texts]
    return first, second


def share_found(first, second):
    """Return the share of rows whose nearest row, by cosine, has the same number."""
    norms = [np.linalg.norm(rows, axis=1, keepdims=True) for rows in (first, second)]
    first, second = (
        rows / np.maximum(norm, 1e-12)
        for rows, norm in zip((first, second), norms, strict=True)
    )
    return np.mean((first @ second.T).argmax(axis=1) == np.arange(len(first)))


def main(argv=None):
    """Print the shares of all settings, and return them."""
    options = parse(argv, __doc__)
    first, second = load_halves()
    both, rows = first + second, []
    tfidf = TfidfVectorizer().fit(both)
    share = share_found(*(tfidf.transform(part).toarray() for part in (first, second)))
    rows.append(("TF-IDF", "", 0, share))
    for model in options.models:
        for n_components in options.components:
            for seed in range(options.seeds):
                learned = MODELS[model](
                    n_components=n_components, random_state=seed, n_jobs=options.n_jobs
                ).fit(both)
                vectors = learned.word_vectors(options.kind)
                for name, _, pools, following in settings_of(options):
                    pooling = PretrainedVectorizer(vectors, random_state=seed, **pools)
                    following.fit(pooling.fit_transform(both))
                    parts = (
                        following.transform(pooling.transform(part))
                        for part in (first, second)
                    )
                    rows.append(
                        (name, f"{model} {n_components}", seed, share_found(*parts))
                    )
    frame = pd.DataFrame(rows, columns=["setting", "vectors", "seed", "share"])
    table = frame.groupby(["setting", "vectors"], sort=False)["share"]
    print(table.agg(["mean", "std"]).to_string(float_format="%.3f"))
    return frame


if __name__ == "__main__":
    main(sys.argv[1:])
