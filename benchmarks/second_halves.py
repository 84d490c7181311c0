"""Find the second half of each document by the first: how well rows tell documents.

Every fifth of the docstrings of at least 100 tokens is cut into halves. The share is
that of first halves whose nearest second half of all, by cosine, is their own. Word
vectors are learned from the halves.

Run by hand; the settings are those of `document_vectors.py`::

    python benchmarks/second_halves.py --removed -1 0 3 --weightings uniform idf sif
"""

from itertools import product

import numpy as np
import pandas as pd
from document_vectors import MODELS, parse, settings_of
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.pipeline import make_pipeline

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
    cosines = cosine_similarity(first, second)
    return np.mean(cosines.argmax(axis=1) == np.arange(len(cosines)))


def measure(first, second, options):
    """Yield a row for TF-IDF, and for each setting, vectors and seed."""
    both = first + second
    tfidf = TfidfVectorizer().fit(both)
    share = share_found(tfidf.transform(first), tfidf.transform(second))
    yield "TF-IDF", "", 0, share
    for model, n_components, seed in product(
        options.models, options.components, options.seeds
    ):
        learned = MODELS[model](
            n_components=n_components, random_state=seed, n_jobs=options.n_jobs
        )
        vectors = learned.fit(both).word_vectors(options.kind)
        for name, _, pools, following in settings_of(options):
            pooling = PretrainedVectorizer(vectors, random_state=seed, **pools)
            pipeline = make_pipeline(pooling, following).fit(both)
            share = share_found(pipeline.transform(first), pipeline.transform(second))
            yield name, f"{model} {n_components}", seed, share


def main(argv=None):
    """Print the shares of all settings, and return them."""
    options = parse(argv, __doc__)
    rows = measure(*load_halves(), options)
    frame = pd.DataFrame(rows, columns=["setting", "vectors", "seed", "share"])
    table = frame.groupby(["setting", "vectors"], sort=False)["share"]
    print(table.agg(["mean", "std"]).to_string(float_format="%.3f"))
    return frame


if __name__ == "__main__":
    main()
