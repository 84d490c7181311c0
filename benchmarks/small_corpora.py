"""Compare skw2v with gensim on small corpora: what is learned, and how fast.

All settings but `max_iter` and `min_count` are the defaults. Where both libraries have
the same parameter, it has the same value, except for the learning rate.

Quality is measured over several seeds, on two corpora. Lee: 300 news articles that
gensim ships, 60,000 tokens. Each article is cut into two halves. The measure is how
often the averaged vector of a first half is nearest, by cosine, to that of its own
second half. Random vectors find some of them, too, because the halves share words;
below their figure, nothing has been learned yet. Lecture:
``skw2v.datasets.load_lecture``, 360 tokens of subjects, verbs and objects, with vectors
of 8 components. The measure is the share of words whose nearest neighbor is of the same
kind.

Speed is the CPU time of a whole fit of 20 epochs from lists of words, with one worker,
in turns. The corpora are the lecture, the beginning of Lee, and docstrings.

BLAS has one thread for both libraries. Run by hand, on an idle machine::

    python benchmarks/small_corpora.py --seeds 10 --turns 7
"""

import argparse
import logging
import re
from functools import partial
from itertools import product
from time import process_time

import numpy as np
import pandas as pd
from gensim.models import Word2Vec
from gensim.test.utils import datapath
from tables import show
from threadpoolctl import threadpool_limits

from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors
from skw2v.datasets import load_docstrings, load_lecture
from skw2v.training.hyperparameters import auto_subsample

MODELS = {"cbow": CBOWVectorizer, "skipgram": SkipGramVectorizer}
LECTURE = {"n_components": 8, "window": 2, "min_count": 1, "subsample": 0}
NAMES = {  # of gensim
    "n_components": "vector_size",
    "window": "window",
    "min_count": "min_count",
    "subsample": "sample",
    "max_iter": "epochs",
}


def tokens(text):
    """Return the tokens that the default `token_pattern` finds."""
    return re.findall(r"(?u)\b\w+\b", text.lower())


def load_lee():
    """Return the articles as lists of words."""
    with open(datapath("lee_background.cor"), encoding="utf-8") as lines:
        return [tokens(line) for line in lines]


def train_gensim(documents, model, seed, **settings):
    """Train gensim's Word2Vec, with one worker so that the result is reproducible."""
    settings = {NAMES[name]: value for name, value in settings.items()}
    sg = int(model == "skipgram")
    vectors = Word2Vec(documents, sg=sg, seed=seed, workers=1, **settings).wv
    return WordVectors(vectors.index_to_key, vectors.vectors)


def train_skw2v(documents, model, seed, **settings):
    """Train our estimator."""
    vectorizer = MODELS[model](random_state=seed, **settings)
    return vectorizer.fit(documents).word_vectors()


LIBRARIES = {"gensim": train_gensim, "skw2v": train_skw2v}


# ---- quality -------------------------------------------------------------------------


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
    return WordVectors(words, np.random.default_rng(0).normal(size=(len(words), 100)))


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


def quality_rows(corpus, documents, measure, settings, seeds):
    """Yield the measure of both models and libraries, and a word's neighbors."""
    for model, (library, train) in product(MODELS, LIBRARIES.items()):
        trained = [train(documents, model, seed, **settings) for seed in seeds]
        scores = np.array([measure(vectors) for vectors in trained])
        word = next(w for w in ("love", "war", *trained[0]) if w in trained[0])
        neighbors = [other for other, _ in trained[0].most_similar(word, topn=4)]
        yield {
            "corpus": corpus,
            "model": model,
            "epochs": settings["max_iter"],
            "library": library,
            "mean": scores.mean(),
            "std": scores.std(),
            "neighbors": f"{word}: {' '.join(neighbors)}",
        }


def quality(options):
    """Return the quality of the vectors as a table, means over the seeds."""
    articles, seeds = load_lee(), range(options.seeds)
    found = partial(own_half_first, documents=articles)
    print(f"\nlee, random vectors: {found(random_vectors(articles)):.3f}")
    rows = []
    for epochs in (10, 40):
        rows += quality_rows("lee", articles, found, {"max_iter": epochs}, seeds)
    sentences = [tokens(text) for text in load_lecture()]
    measure = partial(same_kind, kinds=lecture_kinds(sentences))
    for epochs in (20, 100):
        settings = LECTURE | {"max_iter": epochs}
        rows += quality_rows("lecture", sentences, measure, settings, seeds)
    return pd.DataFrame(rows)


# ---- speed ---------------------------------------------------------------------------


def first_tokens(documents, n_tokens):
    """Return the documents of the first tokens; the last of them may be cut."""
    starts = np.cumsum([0, *map(len, documents)])
    pairs = zip(documents, starts, strict=False)
    return [words[: n_tokens - start] for words, start in pairs if start < n_tokens]


def corpus_of(n_tokens):
    """Return documents with a number of tokens, and a `min_count` that leaves words."""
    if n_tokens <= 360:
        return first_tokens([tokens(text) for text in load_lecture()], n_tokens), 1
    if n_tokens <= 60_000:
        return first_tokens(load_lee(), n_tokens), 5 if n_tokens > 10_000 else 1
    texts = load_docstrings(remove=("examples",)).data[::11]
    return first_tokens([tokens(text) for text in texts], n_tokens), 5


def cpu_seconds(function, *arguments, **settings):
    """Return the CPU time of a call in seconds."""
    start = process_time()
    function(*arguments, **settings)
    return process_time() - start


def speed(options):
    """Return the CPU seconds of both libraries as a table, and how they compare."""
    rows = []
    for n_tokens, model in product(options.sizes, MODELS):
        documents, min_count = corpus_of(n_tokens)
        fit = {"model": model, "seed": 0, "max_iter": 20, "min_count": min_count}
        fit["subsample"] = auto_subsample(n_tokens)
        turns = pd.DataFrame(
            {name: cpu_seconds(train, documents, **fit) for name, train in turn}
            for turn in [LIBRARIES.items()] * (1 + options.turns)
        )[1:]  # the first one warms up
        ratio = turns["gensim"] / turns["skw2v"]
        row = {"tokens": sum(map(len, documents)), "model": model}
        row |= dict(turns.median()) | {"ratio": ratio.median()}
        rows.append(row | {"lowest": ratio.min(), "highest": ratio.max()})
    return pd.DataFrame(rows)


def main(argv=None):
    """Print the tables, and return them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--tables", nargs="+", choices=["quality", "speed"], default=None)
    add("--seeds", type=int, default=10)
    add("--turns", type=int, default=7, help="turns of the speed")
    sizes = [360, 1600, 10_000, 60_000, 170_000]
    add("--sizes", type=int, nargs="+", default=sizes, help="tokens")
    options = parser.parse_args(argv)
    logging.getLogger("gensim").setLevel(logging.ERROR)
    tables = {"quality": quality, "speed": speed}
    frames = []
    for name in options.tables or tables:
        with threadpool_limits(1, user_api="blas"):
            frames.append(tables[name](options))
        names = {"lowest": "min", "highest": "max"}
        show(frames[-1].rename(columns=names), name)
    return frames


if __name__ == "__main__":
    main()
