"""Similarities of words, compared with human judgments."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import pearsonr, spearmanr
from sklearn.base import BaseEstimator

from ..corpus import UNKNOWN
from ..word_vectors import WordVectors
from .files import GivenJudgments, Judgments, name_of, read_judgments
from .lexicon import Lexicon


def evaluate_word_pairs(
    vectors: WordVectors | BaseEstimator,
    file: GivenJudgments,
    *,
    delimiter: str | None = "\t",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> pd.DataFrame:
    r"""Correlate the cosines of pairs of words with human judgments of similarity.

    Parameters
    ----------
    vectors : WordVectors, or fitted CBOWVectorizer, SkipGramVectorizer or Pipeline
    file : str, path-like, file, DataFrame or iterable
        Lines of two words and a number, as in WordSim-353 [1]_ or SimLex-999 [2]_.
        Blank lines, and lines that begin with ``#`` or ``//``, are ignored. Or a
        DataFrame with these three columns, or a list of (word, word, number).
    delimiter : str or None, default="\t"
        Separator of the words and the number; None is any whitespace.
    restrict_vocab : int or None, default=300_000
        Use only this many words from the beginning of the table, where the vectorizers
        put the most frequent words. None uses all words.
    case_insensitive : bool, default=True
        Convert words to uppercase before comparing them. Among words of the table that
        differ only in case, the vector of the first one is used.
    dummy4unknown : bool, default=False
        Set the cosine of pairs with an unknown word to 0; by default these pairs are
        left out.

    Returns
    -------
    DataFrame
        One row, with the name of the file as its index, so that `pandas.concat` joins
        the results of several files. The columns "pearson" and "spearman" are the
        correlations, each followed by its two-sided p-value, "pearson_p" and
        "spearman_p"; all are NaN for fewer than two pairs. "pairs" is the number of
        pairs compared; "unknown" is the share of all pairs that contain an unknown
        word.

    Raises
    ------
    OSError
        The file can't be read.
    TypeError
        `vectors` has no word vectors, or `file` is nothing of the above.
    ValueError
        A line or an item isn't two words and a finite number, or there are no pairs;
        the message names the file and the line. Or `restrict_vocab` is less than 1.

    References
    ----------
    .. [1] Finkelstein, L., et al. (2002). "Placing Search in Context: The Concept
       Revisited".
       https://doi.org/10.1145/503104.503110
    .. [2] Hill, F., Reichart, R., & Korhonen, A. (2015). "SimLex-999: Evaluating
       Semantic Models with (Genuine) Similarity Estimation".
       https://aclanthology.org/J15-4004

    Examples
    --------
    >>> from io import StringIO
    >>> from skw2v import WordVectors
    >>> vectors = WordVectors(["old", "new", "big"], [[1, 2], [1, 3], [4, 1]])
    >>> file = StringIO("old new 1.6\nnew big 1.1\nold big 1.2\nold small 0.9")
    >>> result = evaluate_word_pairs(vectors, file, delimiter=None)
    >>> result[["spearman", "pairs", "unknown"]]
              spearman  pairs  unknown
    file
    the file       1.0      3     0.25
    """
    judgments = read_judgments(file, delimiter)
    lexicon = Lexicon(vectors, restrict_vocab, case_insensitive)
    judged, cosines, known = compare(lexicon, judgments, dummy4unknown)
    pearson = pearson_p = spearman = spearman_p = np.nan
    if len(judged) > 1:
        pearson, pearson_p = pearsonr(judged, cosines)
        spearman, spearman_p = spearmanr(judged, cosines)
    row = {
        "pearson": pearson,
        "pearson_p": pearson_p,
        "spearman": spearman,
        "spearman_p": spearman_p,
        "pairs": len(judged),
        "unknown": 1 - np.mean(known),
    }
    return pd.DataFrame(row, index=pd.Index([name_of(file)], name="file"))


def compare(
    lexicon: Lexicon, judgments: Judgments, dummy4unknown: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the human judgments and the cosines of the same pairs.

    Parameters
    ----------
    lexicon : Lexicon
    judgments : Judgments
    dummy4unknown : bool

    Returns
    -------
    judged, cosines : ndarrays of shape (n_compared,), float64
    known : ndarray of shape (n_pairs,), bool
        Whether both words of each pair are known.
    """
    numbers = lexicon.numbers(judgments.pairs)
    known = (numbers != UNKNOWN).all(axis=1)
    cosines = np.zeros(len(known))
    cosines[known] = [
        lexicon.vectors.similarity(lexicon.word(first), lexicon.word(second))
        for first, second in numbers[known]
    ]
    compared = known | dummy4unknown
    return np.array(judgments.scores)[compared], cosines[compared], known
