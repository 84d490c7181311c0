"""Compare vectors of words that were and weren't seen with those of fastText.

Both libraries learn from the same text with the same settings and numbers of epochs.
Every fourth of the words of WordSim-353 and SimLex-999 that no analogy contains is
taken out of the text before. So the pairs with such a word tell what the vectors of
unseen words are worth, and all other questions are answered from words that were seen.
Of the pairs of seen words, those with the rarest words are measured once more.

fastText draws noise words by the square root of their counts, as skw2v does with
``--ns-exponent 0.5``.

Run by hand; the command is that of `compare_peer.py`, and may be left out::

    python benchmarks/subwords_english.py --corpus wiki.txt.xz --words 8000000 \
        --epochs 3 --seeds 0 1 2 --peer "./fasttext {model} -input {corpus} ..."
    python benchmarks/subwords_english.py --corpus wiki.txt.xz --words 4000000 \
        --epochs 3 --model skipgram --buckets 25000 50000 100000 200000 500000
"""

import tempfile
from collections import Counter
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from compare_peer import add_peer_options, run, values_of
from gensim.test.utils import datapath
from libraries import make_vectorizer, settings_parser
from quality import FREQUENT_WORDS, SIMILARITIES
from tables import show
from texts import load_corpus, write_sentences

from skw2v.evaluation import evaluate_analogies, evaluate_word_pairs
from skw2v.io import read_fasttext

QUESTIONS = datapath("questions-words.txt")
HIDDEN = 4  # of so many words, one is taken out of the text
RARE = 4  # one of so many pairs has the rarest words


def read_pairs(name):
    """Return the pairs of words of a file, and how similar people found them."""
    columns = ["first", "second", "score"]
    pairs = pd.read_table(datapath(name), comment="#", names=columns)
    pairs[columns[:2]] = pairs[columns[:2]].apply(lambda words: words.str.lower())
    return pairs


def hidden_words():
    """Return the words that are taken out of the text."""
    words = chain.from_iterable(
        chain(pairs["first"], pairs["second"])
        for pairs in map(read_pairs, SIMILARITIES.values())
    )
    lines = Path(QUESTIONS).read_text(encoding="utf-8").splitlines()
    asked = {word.lower() for line in lines if line[0] != ":" for word in line.split()}
    return set(sorted(set(words) - asked)[::HIDDEN])


def correlation(vectors, pairs):
    """Return Spearman's rank correlation of pairs of any words with vectors."""
    if pairs.empty:
        return np.nan
    words = pd.unique(pairs[["first", "second"]].to_numpy().ravel())
    table = vectors.subset([word for word in words if word in vectors])
    return evaluate_word_pairs(table, pairs)["spearman"].iloc[0]


def scores_of(vectors, counts, hidden):
    """Return all scores of a table of words; `counts` are those of the text."""
    analogies = evaluate_analogies(vectors, QUESTIONS, restrict_vocab=FREQUENT_WORDS)
    analogies = analogies.drop("total")
    is_grammar = analogies.index.str.startswith("gram")
    kinds = np.where(is_grammar, "syntactic", "semantic")
    solved = (analogies["3CosAdd"] * analogies["questions"]).groupby(kinds).sum()
    scores = (solved / analogies["questions"].groupby(kinds).sum()).to_dict()
    for name, file in SIMILARITIES.items():
        pairs = read_pairs(file)
        both = pairs[["first", "second"]]
        unseen = both.isin(hidden).any(axis=1)
        known = both.isin(set(vectors.words)).all(axis=1)
        rarest = both.map(lambda word: counts[word]).min(axis=1)[known]
        rare = rarest.sort_values(kind="stable").index[: len(rarest) // RARE]
        scores |= {
            name: correlation(vectors, pairs[known]),
            f"{name}, rare": correlation(vectors, pairs.loc[rare]),
            f"{name}, unseen": correlation(vectors, pairs[unseen]),
        }
    return scores


def tables_of(options, sentences):
    """Yield what each training is called, and its word vectors."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_sentences(folder / "corpus.txt", sentences)
        for model in options.model:
            which = {"model": model, "n_components": options.components[0]}
            for seed in options.seeds:
                for command in options.peer:
                    values = values_of(options, **which, folder=folder)
                    run(command, values | {"epochs": options.epochs, "seed": seed})
                    path = f"{values['output']}.bin"
                    yield {"model": model, "by": "fastText"}, read_fasttext(path)
                for n_buckets in options.buckets:
                    fitted = make_vectorizer(options, **which, seed=seed).set_params(
                        subwords=tuple(options.subwords),
                        n_buckets=n_buckets,
                        ns_exponent=options.ns_exponent,
                    )
                    name = {"model": model, "by": f"skw2v, {n_buckets:,} buckets"}
                    yield name, fitted.fit(sentences).word_vectors()


def main(argv=None):
    """Print the table; return the scores of all trainings."""
    parser = settings_parser(__doc__.splitlines()[0])
    add_peer_options(parser)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--ns-exponent", type=float, default=0.75, help="of skw2v")
    parser.set_defaults(subwords=[3, 6], words=8_000_000)
    options = parser.parse_args(argv)
    hidden = hidden_words()
    sentences = [
        [word for word in sentence if word not in hidden]
        for sentence in load_corpus(options.corpus, options.words).sentences
    ]
    counts = Counter(chain.from_iterable(sentences))
    rows = []
    for name, vectors in tables_of(options, sentences):
        rows.append(name | scores_of(vectors, counts, hidden))
        print(rows[-1], flush=True)
    frame = pd.DataFrame(rows)
    groups = frame.groupby(["model", "by"], sort=False)
    spread = groups.agg(["mean", "min", "max"])
    spread.columns = [" ".join(names) for names in spread.columns]
    show(spread.reset_index(), "English")
    return frame


if __name__ == "__main__":
    main()
