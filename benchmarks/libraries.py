"""Both libraries with the same settings: what they learn, and in how many seconds."""

import tempfile
from pathlib import Path
from time import perf_counter

from engine import train, trainer_of
from gensim.models import Word2Vec
from quality import keyed_vectors
from texts import corpus_parser, read_lines, tokenize, write_sentences
from turns import seconds_of

from skw2v import CBOWVectorizer, SkipGramVectorizer

VECTORIZERS = {"skipgram": SkipGramVectorizer, "cbow": CBOWVectorizer}


def settings_parser(description):
    """Return a parser of the options that the comparisons of trainings share."""
    parser = corpus_parser(description)
    add = parser.add_argument
    add("--model", nargs="+", choices=VECTORIZERS, default=list(VECTORIZERS))
    add("--components", nargs="+", type=int, default=[100], metavar="N")
    add("--pairs", type=int, default=5, help="turns of both programs")
    add("--jobs", type=int, default=2, help="threads or processes of both programs")
    add("--epochs", type=int, default=5)
    add("--batch-size", type=int, help="positions per update; by default, automatic")
    add("--loss", choices=["negative_sampling", "hierarchical_softmax"])
    add("--window", type=int, default=5)
    add("--negative", type=int, default=5)
    add("--subsample", type=float, default=1e-3)
    add("--min-count", type=int, default=5)
    parser.set_defaults(loss="negative_sampling")
    return parser


def each_model(options):
    """Yield each combination of a model and a number of components."""
    for model in options.model:
        for n_components in options.components:
            yield {"model": model, "n_components": n_components}


def gensim_settings(options, model, n_components, jobs=None, seed=0):
    """Return the parameters of gensim's Word2Vec."""
    return {
        "sg": int(model == "skipgram"),
        "vector_size": n_components,
        "window": options.window,
        "hs": int(options.loss == "hierarchical_softmax"),
        "negative": options.negative if options.loss == "negative_sampling" else 0,
        "sample": options.subsample,
        "min_count": options.min_count,
        "epochs": options.epochs,
        "workers": jobs or options.jobs,
        "seed": seed,
    }


def make_vectorizer(options, model, n_components, jobs=None, seed=0):
    """Return the estimator of skw2v with the same settings."""
    return VECTORIZERS[model](
        n_components=n_components,
        window=options.window,
        loss=options.loss,
        negative=options.negative,
        subsample=options.subsample,
        min_count=options.min_count,
        max_iter=options.epochs,
        batch_size=options.batch_size or "auto",
        n_jobs=jobs or options.jobs,
        random_state=seed,
    )


def gensim_training(settings, **source):
    """Return the seconds of gensim's `train`, without its `build_vocab`.

    Parameters
    ----------
    settings : dict
    **source : list of list of str, or str
        The documents, as `corpus_iterable` or `corpus_file`.
    """
    model = Word2Vec(**settings)
    model.build_vocab(**source)
    return seconds_of(
        model.train,
        **source,
        total_examples=model.corpus_count,
        total_words=model.corpus_total_words,
        epochs=model.epochs,
    )


def skw2v_training(vectorizer, sentences):
    """Return the seconds of all epochs, without reading and the vocabulary."""
    return seconds_of(train, trainer_of(vectorizer, sentences), vectorizer.n_jobs)


def gensim_fit(settings, texts):
    """Learn vectors from raw texts; the tokens of all texts are kept in memory."""
    Word2Vec(list(tokenize(texts)), **settings)


def gensim_file_fit(settings, texts):
    """Learn vectors from raw texts; their tokens are written to a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "corpus.txt")
        write_sentences(path, tokenize(texts))
        Word2Vec(corpus_file=path, **settings)


class Sentences:
    """The tokenized lines of a file, which is read again for each epoch."""

    def __init__(self, path):
        self.path = path

    def __iter__(self):
        return tokenize(read_lines(self.path))


def fitted_tables(options, which, seed, sentences):
    """Yield the name, the vectors and the seconds of each library."""
    start = perf_counter()
    model = Word2Vec(sentences, **gensim_settings(options, **which, seed=seed))
    yield "gensim", model.wv, perf_counter() - start
    start = perf_counter()
    fitted = make_vectorizer(options, **which, seed=seed).fit(sentences)
    table = keyed_vectors(list(fitted.vocabulary_), fitted.embeddings_)
    yield "skw2v", table, perf_counter() - start
