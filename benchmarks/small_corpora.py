"""Compare what skw2v and gensim learn from small corpora, over ten seeds.

Both libraries have the same settings. There are two corpora.

Lee: 300 news articles that gensim ships, 60,000 tokens. Each article is cut into two
halves. The measure is how often the averaged vector of a first half is nearest, by
cosine, to that of its own second half. Random vectors find some of them, too, because
the halves share words; below their figure, nothing has been learned yet.

Lecture: ``skw2v.datasets.load_lecture``, a few hundred tokens of subjects, verbs and
objects. The measure is the share of words whose nearest neighbor is of the same kind.
"""

import argparse
import logging
import re

import numpy as np
import pandas as pd
from gensim.models import Word2Vec
from gensim.test.utils import datapath

from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors
from skw2v.datasets import load_lecture

MODELS = {"cbow": CBOWVectorizer, "skipgram": SkipGramVectorizer}
LEE = {"n_components": 100, "window": 5, "min_count": 5, "subsample": 1e-3}
LECTURE = {"n_components": 8, "window": 2, "min_count": 1, "subsample": 0}


def tokens(text):
    """Return the tokens that the default `token_pattern` finds."""
    return re.findall(r"(?u)\b\w+\b", text.lower())


def train_gensim(documents, model, seed, epochs, settings):
    """Train gensim's Word2Vec, with one worker so that the result is reproducible."""
    word2vec = Word2Vec(
        documents,
        sg=int(model == "skipgram"),
        vector_size=settings["n_components"],
        window=settings["window"],
        min_count=settings["min_count"],
        sample=settings["subsample"],
        epochs=epochs,
        seed=seed,
        workers=1,
    )
    return WordVectors(word2vec.wv.index_to_key, word2vec.wv.vectors)


def train_skw2v(documents, model, seed, epochs, settings, **changes):
    """Train our estimator."""
    vectorizer = MODELS[model](
        max_iter=epochs, random_state=seed, **settings, **changes
    )
    return vectorizer.fit(documents).word_vectors()


def own_half_first(vectors, documents):
    """Return the share of first halves whose nearest second half is their own."""
    halves = [
        [average(vectors, document[: len(document) // 2]) for document in documents],
        [average(vectors, document[len(document) // 2 :]) for document in documents],
    ]
    first, second = (np.array(half) for half in halves)
    return np.mean(np.argmax(first @ second.T, axis=1) == np.arange(len(documents)))


def random_vectors(documents):
    """Return random vectors, which know nothing."""
    words = sorted({word for document in documents for word in document})
    rng = np.random.default_rng(0)
    return WordVectors(words, rng.normal(size=(len(words), LEE["n_components"])))


def average(vectors, words):
    """Average the vectors of the known words, and scale the result to length 1."""
    mean = np.mean([vectors[word] for word in words if word in vectors], axis=0)
    return mean / np.linalg.norm(mean)


def same_kind(vectors, kinds):
    """Return the share of words whose nearest neighbor is of the same kind."""
    nearest = {word: vectors.most_similar(word, topn=1)[0][0] for word in vectors}
    return np.mean([kinds[word] == kinds[other] for word, other in nearest.items()])


def lecture_kinds(documents):
    """Map each word of the lecture to its kind, which is its place in a sentence."""
    return {word: place for words in documents for place, word in enumerate(words)}


def compare(name, documents, measure, epochs, settings, seeds):
    """Print the measure of both libraries and models, and a word's neighbors."""
    rows = []
    for model in MODELS:
        for library, train in (("gensim", train_gensim), ("skw2v", train_skw2v)):
            trained = [train(documents, model, s, epochs, settings) for s in seeds]
            scores = np.array([measure(vectors) for vectors in trained])
            word = max(("love", "war"), key=lambda w: w in trained[0])
            rows.append(
                {
                    "corpus": name,
                    "model": model,
                    "epochs": epochs,
                    "library": library,
                    "mean": scores.mean(),
                    "std": scores.std(),
                    "neighbors": word
                    + ": "
                    + " ".join(w for w, _ in trained[0].most_similar(word, topn=4)),
                }
            )
    print(pd.DataFrame(rows).to_string(index=False, float_format="%.3f"), flush=True)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args(argv)
    logging.getLogger("gensim").setLevel(logging.ERROR)
    seeds = range(arguments.seeds)
    with open(datapath("lee_background.cor"), encoding="utf-8") as lines:
        articles = [tokens(line) for line in lines]
    print(
        f"lee, random vectors: {own_half_first(random_vectors(articles), articles):.3f}"
    )
    for epochs in (10, 40):
        compare(
            "lee", articles, lambda v: own_half_first(v, articles), epochs, LEE, seeds
        )
    sentences = [tokens(text) for text in load_lecture()]
    kinds = lecture_kinds(sentences)
    for epochs in (20, 100):
        compare(
            "lecture", sentences, lambda v: same_kind(v, kinds), epochs, LECTURE, seeds
        )


if __name__ == "__main__":
    main()
