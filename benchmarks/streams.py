"""Compare a stream of documents with one fit over all of them, and with gensim.

The documents come in batches, shuffled or sorted by topic. skw2v learns from each with
`partial_fit`, gensim with `build_vocab(update=True)` and `train`. The table shows the
accuracy of a classifier on averaged vectors (docstrings), or analogies and similarities
(a corpus; of the words that all have learned), and how far the second half of the
stream moves the words of the first: their mean cosine to themselves, and the share of
their ten nearest neighbors that stay.

Run by hand::

    python benchmarks/streams.py
    python benchmarks/streams.py --corpus enwiki.txt.xz
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd
from gensim.models import Word2Vec
from labeled import load_packages
from libraries import VECTORIZERS
from quality import evaluate, keyed_vectors
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sorted_corpus import accuracy
from tables import show
from texts import load_corpus, tokenize

from skw2v import WordVectors

NEIGHBORS, ASKED = 10, 1000  # neighbors of each word, and words whose are compared


def one_fit(model, seed, batches):
    """Yield the vectors of one fit over all batches."""
    documents = [document for batch in batches for document in batch]
    yield VECTORIZERS[model](random_state=seed, n_jobs=2).fit(documents).word_vectors()


def stream(model, seed, batches):
    """Yield the vectors after each batch."""
    vectorizer = VECTORIZERS[model](random_state=seed, n_jobs=2)
    for batch in batches:
        yield vectorizer.partial_fit(batch).word_vectors()


def gensim_stream(model, seed, batches):
    """Yield gensim's vectors after each batch."""
    learner = Word2Vec(sg=int(model == "skipgram"), seed=seed, workers=2)
    for number, batch in enumerate(batches):
        learner.build_vocab(batch, update=number > 0)
        learner.train(batch, total_examples=len(batch), epochs=1)
        yield WordVectors(learner.wv.index_to_key, learner.wv.vectors.copy())


WAYS = {"one fit": one_fit, "partial_fit": stream, "gensim": gensim_stream}


def batches_of(sentences, topics, order, n_batches, seed):
    """Return batches of documents in random order, or sorted by topic."""
    numbers = np.random.default_rng(seed).permutation(len(sentences))
    if order == "sorted":
        numbers = numbers[np.argsort(topics[numbers], kind="stable")]
    return [[sentences[i] for i in part] for part in np.array_split(numbers, n_batches)]


def topics_of(texts, n_topics):
    """Return a cluster of each text."""
    vectorizer = TfidfVectorizer(max_features=20_000, max_df=0.2, sublinear_tf=True)
    reduced = make_pipeline(vectorizer, TruncatedSVD(50, random_state=0))
    clusters = MiniBatchKMeans(n_topics, random_state=0, n_init=1)
    return clusters.fit_predict(reduced.fit_transform(texts))


def drift(before, after):
    """Return the mean cosine of words to themselves, and the share of old neighbors."""
    words = [word for word in before if word in after]
    old, new = (
        table[words] / np.linalg.norm(table[words], axis=1, keepdims=True)
        for table in (before, after)
    )
    asked = words[:: max(1, len(words) // ASKED)]
    kept = [
        len({w for w, _ in one} & {w for w, _ in other}) / NEIGHBORS
        for one, other in zip(
            WordVectors(words, old).nearest(asked, topn=NEIGHBORS),
            WordVectors(words, new).nearest(asked, topn=NEIGHBORS),
            strict=True,
        )
    ]
    return {"cosine": np.sum(old * new, axis=1).mean(), "neighbors": np.mean(kept)}


def middle_and_last(tables, n_batches):
    """Return the tables after half of the batches, if there is one, and after all."""
    kept = {}
    for number, table in enumerate(tables, 1):
        kept["last"] = table
        if number == n_batches // 2:
            kept["middle"] = table
    return kept


def scores_of(table, shared, labeled):
    """Return the scores of a table of vectors.

    Parameters
    ----------
    table : WordVectors
    shared : set of str
        Words that are compared.
    labeled : (train, test) or None
        Documents to classify; None is for analogies and similarities.
    """
    if labeled:
        return {"accuracy": accuracy(table, *labeled)}
    known = table.subset([word for word in table if word in shared])
    scores = evaluate(keyed_vectors(known.words, known.vectors))
    return {name: score for name, (score, _) in scores.items()}


def records_of(model, seed, batches, ways, labeled):
    """Yield the measures of each way to learn from the batches."""
    tables = {
        way: middle_and_last(WAYS[way](model, seed, batches), len(batches))
        for way in ways
    }
    shared = set.intersection(*(set(table["last"]) for table in tables.values()))
    for way, kept in tables.items():
        record = {"way": way, "words": len(kept["last"])}
        record |= scores_of(kept["last"], shared, labeled)
        if kept.get("middle", kept["last"]) is not kept["last"]:
            record |= drift(kept["middle"], kept["last"])
        yield record


def documents_of(options):
    """Return the tokens and topics of documents, and labeled ones to test with."""
    if options.corpus:
        corpus = load_corpus(options.corpus, options.words)
        texts = [" ".join(sentence) for sentence in corpus.sentences]
        return corpus.sentences, topics_of(texts, options.batches), None
    split = load_packages()
    words, words_to_test = (
        list(tokenize(texts[:: options.every])) for texts in (split.X, split.X_test)
    )
    labels = split.y_test[:: options.every]
    topics = np.unique(split.y[:: options.every], return_inverse=True)[1]
    labeled = (words, split.y[:: options.every]), (words_to_test, labels)
    return words, topics, labeled


def main(argv=None):
    """Print the table; return it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", help="text file, one document per line; plain, .xz or .gz")
    add("--words", type=int, help="use only this many tokens of it")
    add("--every", type=int, default=1, help="use every N-th docstring", metavar="N")
    add("--batches", type=int, default=20)
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--orders", nargs="+", default=["shuffled", "sorted"])
    add("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    add("--seeds", nargs="+", type=int, default=[0, 1, 2])
    options = parser.parse_args(argv)
    sentences, topics, labeled = documents_of(options)
    records = []
    for model, order, seed in product(options.model, options.orders, options.seeds):
        batches = batches_of(sentences, topics, order, options.batches, seed)
        for record in records_of(model, seed, batches, options.ways, labeled):
            records.append({"model": model, "order": order, **record})
    groups = pd.DataFrame(records).groupby(["model", "order", "way"], sort=False)
    frame = groups.agg(["mean", "min", "max"]).astype(float).round(3)
    frame.columns = [" ".join(names) for names in frame.columns]
    show(frame.reset_index())
    return frame


if __name__ == "__main__":
    main()
