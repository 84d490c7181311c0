"""The score of an estimator: how likely held-out documents are."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from ._reader import ReaderMixin
from .training.likelihood import Likelihood
from .training.trainer import Hyperparameters


class ScoreMixin(ReaderMixin):
    """Scores documents, so that a search needs no labels."""

    vocabulary_: dict[str, int]
    embeddings_: NDArray[np.float32]
    output_embeddings_: NDArray[np.float32]
    word_counts_: NDArray[np.int64]
    _hyperparameters: Callable[[int], Hyperparameters]

    def score(self, X: Iterable, y: Any = None) -> float:
        """Mean log-likelihood of documents that were held out.

        It says how well the words of their windows are told from random words. With
        ``h`` the hidden layer of a training pair, ``t`` its target, ``q(w)`` the share
        of the word ``w`` in training and ``s`` the logistic function, it is the mean
        over all pairs of ::

            log s(r(t)) + E_q log s(-r(w))        r(w) = log p(w | h) - log q(w)

        That is minus the loss of negative sampling with one noise word per pair, drawn
        as words occur [1]_. All models are measured so, whatever `loss`, `negative` and
        `ns_exponent` they were trained with, and can be compared. So can vocabularies,
        roughly: what counts for each word is how much more is known of it than its
        share. Don't compare different `window`, `shrink_windows` or `subsample`: they
        change which pairs are predicted.

        Parameters
        ----------
        X : iterable of str, or of lists of str
            As in `fit`. Words that were not learned are left out, and windows close
            over them.
        y : None
            Ignored.

        Returns
        -------
        float
            In nats; greater is better. Word frequencies alone reach ``-log(4)``, about
            -1.386; the bound above is 0.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            The vectorizer is not fitted.
        ValueError
            No document holds two words of the vocabulary.

        Notes
        -----
        Nothing is drawn. Pairs have the weights that they are expected to have in
        training, with shrinking windows and subsampling; the expectation is the mean
        over the 1,000 quantiles of ``q``.

        References
        ----------
        .. [1] Gutmann, M., & Hyvärinen, A. (2012). "Noise-Contrastive Estimation of
           Unnormalized Statistical Models".
        """
        check_is_fitted(self)
        counts = self.word_counts_
        learned = {word: row for word, row in self.vocabulary_.items() if counts[row]}
        corpus = self._encode(X, learned)
        hyperparameters = self._hyperparameters(int(counts.sum()))
        matrices = self.embeddings_, self.output_embeddings_
        likelihood = Likelihood(counts, *matrices, hyperparameters)
        score = likelihood.mean(*corpus, effective_n_jobs(self.n_jobs))
        if np.isnan(score):
            raise ValueError(
                f"X can't be scored: none of its {corpus.n_documents} documents holds "
                f"two of the {len(learned)} learned words."
            )
        return score
