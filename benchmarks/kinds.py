"""Compare the kinds of word vectors: of the input, of the output, their sums.

The last rows are the word vectors without their mean and their leading components.

Run by hand::

    python benchmarks/kinds.py --corpus wiki.txt.xz --words 2000000
"""

import pandas as pd
from document_vectors import MODELS
from quality import evaluate, keyed_vectors
from tables import show
from texts import corpus_parser, load_corpus


def kinds_of(vectorizer):
    """Yield the name of each kind of word vectors, and the vectors."""
    for kind in ("input", "output", "sum"):
        yield kind, vectorizer.word_vectors(kind)
    for n_components in (0, 1):
        vectors = vectorizer.word_vectors().without_common_components(n_components)
        yield f"input, without the mean and {n_components} components", vectors


def main(argv=None):
    """Print and return the scores of each model, seed and kind."""
    parser = corpus_parser(__doc__.splitlines()[0])
    add = parser.add_argument
    add("--models", nargs="+", choices=MODELS, default=list(MODELS))
    add("--seeds", type=int, default=2)
    options = parser.parse_args(argv)
    corpus, records = load_corpus(options.corpus, options.words), []
    for model in options.models:
        for seed in range(options.seeds):
            vectorizer = MODELS[model](random_state=seed, n_jobs=-1).fit(corpus.texts)
            for kind, vectors in kinds_of(vectorizer):
                scores = evaluate(keyed_vectors(vectors.words, vectors.vectors))
                scores = {name: score for name, (score, _) in scores.items()}
                records.append({"model": model, "kind": kind, "seed": seed} | scores)
    frame = pd.DataFrame(records)
    groups = frame.drop(columns="seed").groupby(["model", "kind"], sort=False)
    for name, table in (("mean", groups.mean()), ("deviation", groups.std())):
        show(table.reset_index(), name)
    return frame


if __name__ == "__main__":
    main()
