"""Measure what subwords add where words have many forms: reviews in Korean.

Skip-gram learns from the training documents, words as they are split at spaces, and a
logistic regression learns from the means of their vectors; its C is chosen in training.
Then each word of the test documents gets a typo: a random edit of one character. The
neighbors of words that were never seen show what their vectors are worth.

Run by hand; see `labeled.py` for the folder::

    python benchmarks/subwords.py --folder texts
    python benchmarks/subwords.py --folder texts --buckets 20000 50000 200000
"""

import argparse
import warnings
from collections import Counter
from itertools import chain
from time import perf_counter

import numpy as np
import pandas as pd
from document_vectors import CS, accuracy
from labeled import load_reviews
from sklearn.preprocessing import StandardScaler
from tables import show

from skw2v import CBOWVectorizer, JamoNGrams, SkipGramVectorizer
from skw2v.exceptions import LowCoverageWarning

MODELS = {"skipgram": SkipGramVectorizer, "cbow": CBOWVectorizer}
SUBWORDS = {
    "none": None,
    "1-3": (1, 3),
    "2-3": (2, 3),
    "1-4": (1, 4),
    "jamo": JamoNGrams(),
}
UNSEEN = 10  # words whose neighbors are shown


def with_typos(texts, rng):
    """Delete, double, replace or swap a random character of each word."""
    letters = sorted(set("".join(texts[:1000])) - {" "})

    def edited(word):
        i, kind, letter = rng.integers(len(word)), rng.integers(4), rng.choice(letters)
        before, here, after = word[:i], word[i], word[i + 1 :]
        return [
            before + after,
            before + here + letter + after,
            before + letter + after,
            before + after[:1] + here + after[1:],
        ][kind]

    return [" ".join(map(edited, text.split())) for text in texts]


def measured(vectorizer, split, typos):
    """Return time, coverage, and accuracies of a vectorizer."""
    start = perf_counter()
    vectorizer.fit(split.X)
    seconds = perf_counter() - start
    scaler = StandardScaler().fit(train := vectorizer.transform(split.X))
    rows = {"accuracy": split.X_test, "with typos": typos}
    found = {
        name: accuracy(
            scaler.transform(train),
            split.y,
            scaler.transform(vectorizer.transform(texts)),
            split.y_test,
            CS["standard"],
        )
        for name, texts in rows.items()
    }
    coverage = np.nanmean(vectorizer.coverage(split.X_test))
    return {"seconds": seconds, "coverage": coverage, **found}


def unseen_words(vectorizer, texts):
    """Return the neighbors of the most frequent words that were not learned."""
    tokens = chain.from_iterable(map(vectorizer.build_analyzer(), texts))
    words = [word for word, _ in Counter(tokens).most_common()]
    vectors = vectorizer.word_vectors()
    long = (word for word in words if len(word) > 2 and word in vectors)
    others = [word for word in long if word not in vectorizer.vocabulary_][:UNSEEN]
    return pd.DataFrame(
        {
            "word": others,
            "neighbors": [
                ", ".join(name for name, _ in vectors.most_similar(word, topn=5))
                for word in others
            ],
        }
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", default=".")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=["skipgram"])
    parser.add_argument("--subwords", nargs="+", choices=SUBWORDS, default=[*SUBWORDS])
    parser.add_argument("--buckets", nargs="+", type=int, default=[200_000])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--n-jobs", type=int, default=2)
    options = parser.parse_args()
    warnings.simplefilter("ignore", LowCoverageWarning)
    split = load_reviews(options.folder)
    typos = with_typos(split.X_test, np.random.default_rng(0))
    rows = []
    for model in options.models:
        for name in options.subwords:
            # Without subwords, their number has no effect.
            for n_buckets in options.buckets[: None if SUBWORDS[name] else 1]:
                for seed in range(options.seeds):
                    vectorizer = MODELS[model](
                        subwords=SUBWORDS[name],
                        n_buckets=n_buckets,
                        random_state=seed,
                        n_jobs=options.n_jobs,
                    )
                    found = measured(vectorizer, split, typos)
                    setting = {"model": model, "subwords": name, "buckets": n_buckets}
                    rows.append({**setting, "seed": seed, **found})
                    print(rows[-1], flush=True)
            if name != "none":
                show(unseen_words(vectorizer, split.X_test), f"{model}, {name}")
    show(pd.DataFrame(rows))


if __name__ == "__main__":
    main()
