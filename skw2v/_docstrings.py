"""What the docstrings of both estimators share."""

from inspect import cleandoc

PARAMETERS = """Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    window : int, default=5
        Greatest distance, in words, between a centre and its contexts. Windows never
        leave their document.
    shrink_windows : bool, default=True
        Draw the window of each position from 1 to `window`, so that near words count
        more, as in word2vec [1]_.
    loss : {{"negative_sampling", "hierarchical_softmax", "softmax"}}, \
            default="negative_sampling"
        What is minimised. "negative_sampling" [2]_ tells the words of the windows from
        noise; "hierarchical_softmax" gives probabilities of all words through a binary
        tree; "softmax" is exact, and slow for more than a few thousand words.
    negative : int, default=5
        Noise words per pair of centre and context, for negative sampling.
    ns_exponent : float, default=0.75
        Noise words are drawn in proportion to ``count ** ns_exponent`` [2]_: 1 is the
        distribution of the corpus, 0 the uniform one.
    subsample : float, default=1e-3
        Occurrences of a word whose share of the corpus is ``f`` are dropped from
        training with probability ``1 - sqrt(subsample / f) - subsample / f``, anew in
        each epoch. 0 keeps them all; small corpora need them all.
    min_count : int, default=5
        Words that occur less often in the corpus are ignored. Rare words have poor
        vectors.
    init : WordVectors or None, default=None
        Vectors to start from, of `n_components`, such as those of a larger corpus. The
        words that it lacks, or all by default, start at random. Training goes on
        from there, and the first steps are the largest: a smaller `learning_rate`
        keeps more of what is given.
    max_iter : int, default=5
        Number of epochs.
    learning_rate : float or "auto", default="auto"
        Step of gradient descent at the start; it falls linearly with the words seen.
        "auto" is {learning_rate}.
    min_learning_rate : float, default=1e-4
        Step at the end.
    batch_size : int or "auto", default="auto"
        Training positions per update; from 32 on they are rounded to multiples of at
        most 512. "auto" is a 500th of the words, up to 8,192 (fewer for vectors of
        more than 100 components): large updates are fast, but a small corpus needs
        many.
    n_jobs : int or None, default=None
        Threads for training, and processes for documents that take more than a moment
        to read (not for files, nor with a `tokenizer` that can't be pickled); None is 1
        unless in a `joblib.parallel_config` context, -1 all processors. The vectors
        don't depend on it.
    random_state : int, RandomState instance or None, default=None
        Seed of the start vectors and of all draws. With an int the vectors are the same
        in every run, to the last bit.
    verbose : int, default=0
        1 prints loss, speed and time left after each epoch.
    input : {{"content", "filename", "file"}}, default="content"
        What the documents are: text, paths, or open files.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes, or files.
    decode_error : {{"strict", "ignore", "replace"}}, default="strict"
        What to do with bytes that are no text in `encoding`.
    strip_accents : {{"ascii", "unicode"}}, callable or None, default=None
        Remove accents from letters.
    lowercase : bool, default=True
        Convert all letters to lower case.
    preprocessor : callable or None, default=None
        Replaces `strip_accents` and `lowercase`: text to text.
    tokenizer : callable or None, default=None
        Replaces `token_pattern`: text to a list of words.
    stop_words : "english", list of str or None, default=None
        Words to leave out; windows close over them.
    token_pattern : str or None, default=r"(?u)\\\\b\\\\w+\\\\b"
        Regular expression of a word. Unlike that of `CountVectorizer` it takes words
        of one letter, such as I or many in Korean.
    analyzer : {{"word", "char", "char_wb"}} or callable, default="word"
        A callable replaces all of the above: document to a list of words.
    max_df, min_df : float or int, default=1.0 and 1
        Words in more, or fewer, documents are ignored; a float is a share of all.
    max_features : int or None, default=None
        Learn only so many words, the most frequent; of equally frequent ones those
        that come first in the alphabet.
    vocabulary : mapping of str to int, iterable of str or None, default=None
        Learn these words, whatever their number of occurrences; the limits above are
        then ignored. A mapping gives the row of each word. A word that the documents
        lack keeps the vector that it starts from, at random or by `init`.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Row of each word, the most frequent first.
    embeddings_ : ndarray of shape (n_words, n_components), float32
        The word vectors.
    output_embeddings_ : ndarray of shape (n_words, n_components), float32
        The weights of the output layer.
    word_counts_ : ndarray of shape (n_words,), int64
        Occurrences of each word.
    loss_curve_ : list of float
        Mean loss per training pair of each epoch, in nats.
    n_iter_ : int
        Number of epochs that were run: `max_iter`, unless a callback stopped it.
"""

NOTES = """Notes
    -----
    A document is raw text, or a list of words that is taken as it stands, less the
    stop words.

    The noise of a position is the words of others of its update (31 for skip-gram, 15
    for CBOW), from random places of the corpus, weighted such that they stand for
    `negative` words drawn from the noise distribution. All gradients of an update are
    taken at the same point; the steps of words that occur often in it are limited, so
    that it stays stable.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
    .. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
       "Distributed Representations of Words and Phrases and their Compositionality".
"""


def documented(cls):
    """Fill in what the docstrings of both estimators share."""
    if cls.__doc__ is not None:  # as it is with python -OO
        # Cleaned of their indentation, which Python 3.13 does by itself to `__doc__`.
        parameters = cleandoc(PARAMETERS).format(learning_rate=cls._auto_learning_rate)
        template = cleandoc(cls.__doc__)
        cls.__doc__ = template.format(parameters=parameters, notes=cleandoc(NOTES))
    return cls
