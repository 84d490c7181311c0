"""Evaluate word vectors on analogies and on similarities that people judged."""

from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from skw2v import WordVectors
from skw2v.evaluation import evaluate_analogies, evaluate_word_pairs

SIMILARITIES = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
FREQUENT_WORDS = 30_000


def keyed_vectors(words, vectors):
    """Return gensim's table of words, the most frequent first, and their vectors."""
    table = KeyedVectors(vectors.shape[1])
    table.add_vectors(words, vectors)
    return table


def evaluate(table):
    """Return the score of each measure and the number of its items with known words.

    Parameters
    ----------
    table : KeyedVectors

    Returns
    -------
    dict of str to (float, int)
        The share of analogies that 3CosAdd solves among the most frequent words, and
        Spearman's rank correlation of the similarities. NaN if the vocabulary has too
        few of the words.
    """
    vectors = WordVectors(table.index_to_key, table.vectors)
    answered = evaluate_analogies(
        vectors, datapath("questions-words.txt"), restrict_vocab=FREQUENT_WORDS
    ).loc["total"]
    scores = {"analogies": (answered["3CosAdd"], int(answered["questions"]))}
    for name, file in SIMILARITIES.items():
        judged = evaluate_word_pairs(vectors, datapath(file)).iloc[0]
        scores[name] = (judged["spearman"], int(judged["pairs"]))
    return scores
