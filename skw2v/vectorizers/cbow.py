"""Continuous bag of words."""

from collections.abc import Iterable

from .prediction import Predictions
from .word2vec import Word2VecVectorizer


class CBOWVectorizer(Word2VecVectorizer):
    r"""Transformer of documents to averages of word vectors, learned by CBOW.

    The model is continuous bag of words (CBOW): the average of the vectors in a window
    predicts the word at its center [1]_. With
    ``u`` the output weights, ``h`` the average over the ``n`` words of the window,
    ``w`` the word at the center and ``k`` noise words, each position adds to the
    loss

    .. math::

        \log(1 + e^{-h \cdot u_w}) + \sum_k \log(1 + e^{h \cdot u_k})

    The gradient is exact: it includes the 1/n of the average [6]_, so the learning rate
    is larger than that of programs that leave it out.

    Parameters
    ----------
    n_components : int, default=100
        Length of the vectors.
    window : int, default=5
        Maximum distance, in tokens, between a center word and its contexts. Windows
        never extend beyond their document.
    shrink_windows : bool, default=True
        Draw the window of each position from 1 to `window`, so that near words count
        more, as in word2vec [1]_.
    loss : str, default="negative_sampling"
        What is minimized: "negative_sampling" [2]_ tells the words of the windows from
        noise; "hierarchical_softmax" gives probabilities of all words through a binary
        tree; "softmax" is exact, and slow for more than a few thousand words.
    negative : int, default=5
        Noise words per pair of center and context, for negative sampling.
    ns_exponent : float, default=0.75
        Noise words are drawn in proportion to ``count ** ns_exponent`` [2]_: 1 gives
        the distribution of the corpus, 0 the uniform one.
    subsample : float or "auto", default="auto"
        Tokens of a word whose share of the corpus is ``f`` are dropped from training
        with probability ``1 - sqrt(subsample / f) - subsample / f``, drawn again in
        each epoch. 0 keeps them all. "auto" is 1e-3, or 5 divided by the number of
        tokens if that is more, because a corpus of a few hundred needs them all.
    min_count : int, default=5
        Words that occur less often in the corpus are ignored. Rare words have poor
        vectors.
    subwords : pair of int, callable or None, default=None
        Compose the vector of a word of pieces, too, so that similar words share some,
        and unknown ones have a vector. A pair such as (3, 6) takes the n-grams of
        ``<word>`` of 3 to 6 characters, as fastText does [5]_. A callable turns a word
        into a list of str; `JamoNGrams` does so for Korean. The vector of a word is the
        mean of its own row and those of its pieces; that of an unknown word is the mean
        of the latter.
    n_buckets : int, default=200_000
        Rows that all pieces share: the row of a piece is its hash, FNV-1a as in
        fastText, modulo `n_buckets`. Fewer take less memory and mix up more pieces.
    init : WordVectors, fitted vectorizer or None, default=None
        Vectors of `n_components` to start from, such as those of a larger corpus. Words
        that it lacks, or all words by default, start at random. `WordVectors` give the
        embedding alone, and the output weights start at zero; a vectorizer of the same
        `loss` gives both matrices. If either composes words of the same pieces, in as
        many buckets, the rows of these are taken, too. Its words, counts and epochs are
        not kept: for that see `warm_start` and `partial_fit`. Training continues from
        there, and its first steps are the largest: a smaller `learning_rate` keeps more
        of the given vectors. In a search, which clones its parameters, wrap a
        vectorizer in scikit-learn's `FrozenEstimator`.
    weighting : {"uniform", "idf", "sif"}, default="uniform"
        How much a token of each word counts in the row of a document. "idf" is
        ``log((1 + n) / (1 + df)) + 1`` for ``n`` documents of which ``df`` have the
        word, as in `TfidfTransformer`. "sif" is ``a / (a + p)`` for words whose share
        of the tokens is ``p``, with ``a = 1e-3`` [3]_. Composed words count as the
        rarest.
    pooling : {"mean", "max", "min", "clusters"} or tuple of these, default="mean"
        How the vectors of a document's tokens become its row: their weighted mean; the
        maximum or minimum of each component, whatever the weights; or, for each of
        `n_clusters` soft clusters of words, the weighted mean of their vectors times
        their memberships, which is SCDV without its last step [4]_. Poolings of a tuple
        stand side by side.
    n_clusters : int, default=60
        Clusters for "clusters": components of a mixture of normal distributions, which
        is learned from the directions of the word vectors. The rows have
        ``n_clusters * n_components`` columns.
    max_iter : int or "auto", default="auto"
        Number of epochs. "auto" is the number that reads two million tokens, but at
        least 5 and at most 20.
    learning_rate : float or "auto", default="auto"
        Step of gradient descent at the start; it falls linearly with the tokens seen.
        "auto" depends on the number of tokens ``n``: 0.1 from 20 million on, and
        ``cbrt(20e6 / n)`` times that for fewer, at most 0.5.
    min_learning_rate : float, default=1e-4
        Step at the end.
    batch_size : int or "auto", default="auto"
        Training positions per update; from 32 on they are rounded to multiples of at
        most 2,048. "auto" is the square root of the tokens of all epochs, so there are
        about as many updates as each has positions: large ones are fast, but training
        needs many of them. It is at least 256, and at least a 6,000th of the tokens of
        all epochs, up to 16,384 (8,192 for vectors of 300 components). With `subwords`
        it is half of that.
    corpus_storage : str or path-like, default="auto"
        Where the ids of the tokens lie, four bytes each. "memory"; "disk", a file in
        the folder for temporary files (see `tempfile.gettempdir`), which is gone after
        the fit however it ends; "auto", which is "memory" up to 134 million tokens
        (512 MiB), and "disk" beyond. The vectors don't depend on it.

        A folder is as "disk", and keeps a copy, `corpus.skw2v`. The next fit takes it
        instead of reading the documents again, but only if a digest of all documents
        and text parameters proves that nothing has changed; otherwise it reads them
        and replaces the file. Nothing is kept if nothing could be proved: if `X` can
        be read only once, such as a generator, or a document is an open file, or if a
        parameter is callable.
    n_jobs : int or None, default=None
        Threads for training, or processes if it takes more than a few seconds, and
        processes for documents that take more than a moment to read (not for files, nor
        with a `tokenizer` that can't be pickled); no more than there are CPU cores.
        None means 1 unless in a `joblib.parallel_config` context, and -1 means all
        processors. The vectors don't depend on it.
    random_state : int, RandomState instance or None, default=None
        Seed of the initial vectors and of all draws. With an int the vectors are the
        same in every run, to the last bit.
    verbose : int, default=0
        1 prints the loss, the speed and the time left after each epoch.
    warm_start : bool, default=False
        Whether `fit` goes on from the fitted state. With the documents of the last
        `fit`, training continues after epoch `n_iter_` up to `max_iter`, as if it had
        not been interrupted; with others the vocabulary grows as in `partial_fit`, and
        they are trained for `max_iter` epochs.
    input : {"content", "filename", "file"}, default="content"
        What the documents are: text, paths, or open files.
    encoding : str, default="utf-8"
        Encoding of documents that are bytes or files.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that are not valid in `encoding`.
    strip_accents : {"ascii", "unicode"}, callable or None, default=None
        Remove accents from letters.
    lowercase : bool, default=True
        Convert all letters to lower case.
    preprocessor : callable or None, default=None
        Replaces `strip_accents` and `lowercase`: text to text.
    tokenizer : callable or None, default=None
        Replaces `token_pattern`: text to a list of tokens.
    stop_words : "english", list of str or None, default=None
        Words to leave out; windows close over them.
    token_pattern : str or None, default=None
        Regular expression of a token. None takes letters, digits and underscores with
        the marks and joiners that follow them, in any script. Unlike the pattern of
        `CountVectorizer`, it keeps words of one letter, such as "I" or many words in
        Korean, and doesn't tear words apart at combining marks, such as the vowel signs
        of Hindi.
    analyzer : {"word", "char", "char_wb"} or callable, default="word"
        A callable replaces all of the above: document to a list of tokens.
    max_df, min_df : float or int, default=1.0 and 1
        Words that occur in more, or fewer, documents are ignored; a float is a share of
        all documents.
    max_features : int or None, default=None
        Learn only that many words, the most frequent; of equally frequent ones those
        that come first in the alphabet.
    vocabulary : mapping of str to int, iterable of str or None, default=None
        Learn these words, however often they occur; the limits above are then ignored.
        A mapping gives the row of each word. A word that the documents lack keeps the
        vector that it starts from, at random or from `init`.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Row of each word: the most frequent first, or as in `vocabulary`.
    embeddings_ : ndarray of shape (n_words, n_components), float32
        The word vectors; read-only, because `word_vectors` shares them.
    subword_embeddings_ : ndarray of shape (n_rows, n_components), float32
        The rows of which `embeddings_` is composed: one for each word, then one for
        each bucket; none without `subwords`. Read-only.
    subwords_ : list
        How words are composed, whatever is set later: `subwords` as a list of two
        lengths or of one callable; empty without.
    output_embeddings_ : ndarray of shape (n_words, n_components), float32
        The weights of the output layer; hierarchical softmax has a row for each inner
        node of its tree instead.
    word_counts_ : ndarray of shape (n_words,), int64
        Number of tokens of each word; with `sample_weight`, weighted and rounded.
    word_weights_ : ndarray of shape (n_words,), float32
        Weight of each word; see `weighting`.
    word_clusters_ : ndarray of shape (n_words, n_clusters), float32
        Membership of each word in each cluster, 0 if it is below 0.02; without columns
        if `pooling` has no clusters.
    pooling_ : dict of str to object
        How `transform` pools, whatever is set later: `weighting`, `pooling` as a list,
        and `n_clusters`, 0 without clusters.
    loss_curve_ : list of float
        Mean loss per training pair of each epoch, in nats.
    n_iter_ : int
        Number of epochs that were run: `max_iter`, unless a callback stopped training.
    hyperparameters_ : dict of str to object
        The training parameters that were used, with each "auto" replaced by its value.
        The fitted model keeps them, whatever is set later.
    document_counts_ : ndarray of shape (n_words,), int64
        Number of documents with each word, which idf weights need; empty with another
        `weighting`.
    rare_word_hashes_, rare_word_counts_ : ndarrays of shape (n_rare,), int64
        Words that occurred but were not learned, as the first 64 bits of BLAKE2b of
        their UTF-8, in increasing order, and the number of their tokens. So a word can
        enter when `partial_fit` has seen it often enough.
    training_state_ : dict of str to object
        What `warm_start` needs to continue: `seed`; the digest of the last `documents`,
        their `n_tokens`, and whether they were part of a stream (`is_stream`);
        `n_documents` of all fits and `n_before`, the epochs before the last documents;
        and, within an epoch, the number of its `chunk`, `loss` and `n_pairs` so far.

    See Also
    --------
    SkipGramVectorizer : Predicts the window from its center; better for rare words.

    Notes
    -----
    A document is raw text, or a list of tokens, which is taken as it is except for stop
    words.

    The noise words of a position are the words at other positions of its update (31 for
    skip-gram, 15 for CBOW), from random places of the corpus, weighted such that they
    stand for `negative` words drawn from the noise distribution. All gradients of an
    update are taken at the same point; the steps of words that occur often in it are
    limited to keep it stable.

    References
    ----------
    .. [1] Mikolov, T., Chen, K., Corrado, G., & Dean, J. (2013). "Efficient Estimation
       of Word Representations in Vector Space".
       https://arxiv.org/abs/1301.3781
    .. [2] Mikolov, T., Sutskever, I., Chen, K., Corrado, G., & Dean, J. (2013).
       "Distributed Representations of Words and Phrases and their Compositionality".
       https://arxiv.org/abs/1310.4546
    .. [3] Arora, S., Liang, Y., & Ma, T. (2017). "A Simple but Tough-to-Beat Baseline
       for Sentence Embeddings".
       https://openreview.net/forum?id=SyK00v5xx
    .. [4] Mekala, D., Gupta, V., Paranjape, B., & Karnick, H. (2017). "SCDV: Sparse
       Composite Document Vectors using soft clustering over distributional
       representations".
       https://arxiv.org/abs/1612.06778
    .. [5] Bojanowski, P., Grave, E., Joulin, A., & Mikolov, T. (2017). "Enriching Word
       Vectors with Subword Information".
       https://arxiv.org/abs/1607.04606
    .. [6] Irsoy, O., Benton, A., & Stratos, K. (2021). "Corrected CBOW
       Performs as well as Skip-gram".
       https://arxiv.org/abs/2012.15332

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skw2v import CBOWVectorizer
    >>> X = ["I love 피자", "I like 피자", "we hate rain", "we loathe rain"]
    >>> vectorizer = CBOWVectorizer(
    ...     n_components=4, min_count=1, subsample=0, max_iter=50, random_state=0
    ... )
    >>> pipeline = make_pipeline(vectorizer, LogisticRegression())
    >>> pipeline.fit(X, [1, 1, 0, 0]).predict(["love 피자"])
    array([1])
    """

    _cbow = True

    def predict_center(self, X: Iterable, topn: int | None = 10) -> Predictions:
        """Fill the blank between context words.

        Parameters
        ----------
        X : list of str, or iterable of lists of str
            The words around the blank, as they are in the vocabulary; or several such
            lists. Unknown words are left out.
        topn : int or None, default=10
            Maximum number of words to return; None means all.

        Returns
        -------
        list of (str, float), or list of such lists
            The most probable words and their probabilities among all words of the
            vocabulary. With negative sampling these are estimates: its scores are
            ``log p(word | contexts) - log p_noise(word)`` up to a constant, and the
            probabilities are scaled to sum to 1.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            `fit` has not been called.
        TypeError
            `X` is something other than lists of words.
        ValueError
            No word of an example is in the vocabulary.
        """
        return self._predict(X, "words", topn)
