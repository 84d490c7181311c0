"""How good word vectors are: analogies and similarities that people judged."""

import numpy as np
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

SIMILARITIES = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
FREQUENT_WORDS = 30_000
BLOCK = 512  # questions answered at a time: their scores are 60 MB


def keyed_vectors(words, vectors):
    """Put words, the most frequent first, and their vectors in gensim's table."""
    table = KeyedVectors(vectors.shape[1])
    table.add_vectors(words, vectors)
    return table


def evaluate(table):
    """Score of each measure and the number of its items with known words.

    Parameters
    ----------
    table : KeyedVectors

    Returns
    -------
    dict of str to (float, int)
        The share of analogies answered correctly, Spearman's rank correlation of the
        similarities; NaN where the vocabulary has too few of the words.
    """
    scores = {"analogies": analogies(table)}
    for name, file in SIMILARITIES.items():
        scores[name] = similarities(table, datapath(file))
    return scores


def analogies(table):
    """Share of the questions "a is to b as c is to what?" answered right; their number.

    The answer is the word with the greatest cosine to b - a + c (3CosAdd) among the
    most frequent, other than a, b and c; questions with a word beyond are left out.
    """
    rows = {word: row for row, word in enumerate(table.index_to_key[:FREQUENT_WORDS])}
    questions = np.array(
        [[rows[w] for w in q] for q in _questions() if all(w in rows for w in q)]
    )
    unit = table.get_normed_vectors()[:FREQUENT_WORDS]
    n_correct = sum(
        _n_correct(unit, questions[start : start + BLOCK])
        for start in range(0, len(questions), BLOCK)
    )
    return n_correct / len(questions) if len(questions) else np.nan, len(questions)


def _questions():
    """Yield the four words of each question of Mikolov et al. (2013)."""
    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith(":"):
                yield line.lower().split()


def _n_correct(unit, questions):
    """Number of questions whose fourth word is nearest to the sum of the others."""
    a, b, c, answer = questions.T
    scores = (unit[b] - unit[a] + unit[c]) @ unit.T
    np.put_along_axis(scores, questions[:, :3], -np.inf, axis=1)
    return np.sum(scores.argmax(axis=1) == answer)


def similarities(table, path):
    """Spearman's rank correlation of cosines with judgements; the number of pairs."""
    with open(path, encoding="utf-8") as file:
        pairs = [line.lower().split()[:2] for line in file if not line.startswith("#")]
    n_pairs = sum(first in table and second in table for first, second in pairs)
    if n_pairs < 2:
        return np.nan, n_pairs
    return table.evaluate_word_pairs(path)[1].statistic, n_pairs
