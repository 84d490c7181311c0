"""Similarities of words, compared with the judgements of people."""

from os import PathLike
from typing import IO, Any

import numpy as np
import pandas as pd
from scipy.stats import pearsonr, spearmanr

from ..corpus import UNKNOWN
from .files import name_of, read_judgements
from .lexicon import Lexicon


def evaluate_word_pairs(
    vectors: Any,
    file: str | PathLike[str] | IO,
    *,
    delimiter: str | None = "\t",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> pd.DataFrame:
    r"""Correlate the cosines of words with similarities that people judged.

    Parameters
    ----------
    vectors : WordVectors, or fitted CBOWVectorizer, SkipGramVectorizer or Pipeline
    file : str, path-like or file
        Lines of two words and a number, such as WordSim-353 [1]_ or SimLex-999 [2]_.
        Blank lines, and lines that begin with ``#`` or ``//``, are left out.
    delimiter : str or None, default="\t"
        What separates words and number; None is any whitespace.
    restrict_vocab : int or None, default=300_000
        Take only so many words from the beginning of the table; the vectorizers put the
        most frequent first. None takes all.
    case_insensitive : bool, default=True
        Compare words in capitals. Of the words of a table that differ in case only, the
        vector of the first is taken.
    dummy4unknown : bool, default=False
        Give pairs with an unknown word the cosine 0; by default they are left out.

    Returns
    -------
    DataFrame
        One row, with the name of the file as its index, so that `pandas.concat` joins
        several. The columns: "pearson" and "spearman", the correlations, each followed
        by its two-sided p-value, "pearson_p" and "spearman_p", NaN for fewer
        than two pairs; "pairs", their number; "unknown", the share of all pairs that
        have an unknown word.

    Raises
    ------
    OSError
        There is no such file.
    TypeError
        `vectors` has no word vectors.
    ValueError
        A line is something else, or there are no pairs; the message names file and
        line. Or `restrict_vocab` is below 1.

    References
    ----------
    .. [1] Finkelstein, L., et al. (2002). "Placing Search in Context: The Concept
       Revisited".
    .. [2] Hill, F., Reichart, R., & Korhonen, A. (2015). "SimLex-999: Evaluating
       Semantic Models with (Genuine) Similarity Estimation".

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
    judgements = read_judgements(file, delimiter)
    lexicon = Lexicon(vectors, restrict_vocab, case_insensitive)
    judged, cosines, known = compare(lexicon, judgements, dummy4unknown)
    pearson = spearman = (np.nan, np.nan)
    if len(judged) > 1:
        pearson, spearman = pearsonr(judged, cosines), spearmanr(judged, cosines)
    row = {
        "pearson": pearson[0],
        "pearson_p": pearson[1],
        "spearman": spearman[0],
        "spearman_p": spearman[1],
        "pairs": len(judged),
        "unknown": 1 - np.mean(known),
    }
    return pd.DataFrame(row, index=pd.Index([name_of(file)], name="file"))


def compare(lexicon, judgements, dummy4unknown):
    """Judgements of people and cosines of the same pairs.

    Parameters
    ----------
    lexicon : Lexicon
    judgements : Judgements
    dummy4unknown : bool

    Returns
    -------
    judged, cosines : ndarrays of shape (n_compared,), float64
    known : ndarray of shape (n_pairs,), bool
        Whether both words of each pair are known.
    """
    numbers = lexicon.numbers(judgements.pairs)
    known = (numbers != UNKNOWN).all(axis=1)
    cosines = np.zeros(len(known))
    cosines[known] = [
        lexicon.vectors.similarity(lexicon.word(first), lexicon.word(second))
        for first, second in numbers[known]
    ]
    compared = known | dummy4unknown
    return np.array(judgements.scores)[compared], cosines[compared], known
