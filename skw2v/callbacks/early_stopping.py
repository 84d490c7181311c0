"""Ends a training whose loss hardly falls anymore."""

from reprlib import repr as shortened
from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator

from .hooks import AfterEpochs

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext


class EarlyStopping(AfterEpochs):
    """Callback that ends the training when the training loss hardly falls anymore.

    The learning rate falls from `learning_rate` to `min_learning_rate` over all
    `max_iter` epochs. So if the training is stopped, the smallest learning rates are
    never used, and the vectors differ from those of a smaller `max_iter`. As the loss
    is that of training, stopping saves time but doesn't detect overfitting.

    Parameters
    ----------
    tol : float, default=1e-3
        The loss counts as improved if it falls by more than this share of the lowest
        loss so far.
    patience : int, default=1
        Number of consecutive epochs without an improvement after which the training
        ends.

    Raises
    ------
    ValueError
        `tol` is negative, or `patience` is less than 1.

    Examples
    --------
    With scikit-learn 1.9, which has callbacks:

    >>> from skw2v import SkipGramVectorizer
    >>> from skw2v.callbacks import EarlyStopping
    >>> from skw2v.datasets import load_lecture
    >>> vectorizer = SkipGramVectorizer(max_iter=100, random_state=0)
    >>> vectorizer.set_callbacks(EarlyStopping(patience=3))  # doctest: +SKIP
    >>> vectorizer.fit(load_lecture()).n_iter_ < 100  # doctest: +SKIP
    True
    """

    def __init__(self, tol: float = 1e-3, patience: int = 1) -> None:
        if not tol >= 0:
            raise ValueError(f"tol must be 0 or more; got {shortened(tol)}.")
        if not patience >= 1:
            raise ValueError(f"patience must be 1 or more; got {shortened(patience)}.")
        self.tol, self.patience = tol, patience

    def on_fit_task_end(
        self,
        estimator: BaseEstimator,
        context: "CallbackContext",
        *,
        fitted_estimator: BaseEstimator | None = None,
    ) -> bool:
        """Return whether to stop after an epoch."""
        if context.task_name != "epoch" or fitted_estimator is None:
            return False
        # Nothing is kept between calls, so fits of clones that share this callback
        # don't mix. The loss of an epoch without training pairs is NaN.
        losses = [loss for loss in fitted_estimator.loss_curve_ if loss == loss]
        before, recent = losses[: -self.patience], losses[-self.patience :]
        if not before:
            return False
        limit = min(before) * (1 - self.tol)
        return all(loss >= limit for loss in recent)
