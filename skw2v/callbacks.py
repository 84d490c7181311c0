"""Callbacks for `set_callbacks`, which the estimators have with scikit-learn >= 1.9.

Set them on the vectorizer itself, even if it is part of a Pipeline or a GridSearchCV;
set on anything else, they raise a TypeError in `fit`.
They read the losses from the attribute `loss_curve_` of the `fitted_estimator` that
scikit-learn passes to its callbacks.
"""

from reprlib import repr as shortened
from typing import TYPE_CHECKING, Any

import pandas as pd
from sklearn.base import BaseEstimator

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext


class _AfterEpochs:
    """Base class with the hooks of scikit-learn that the callbacks here don't need."""

    def setup(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Refuse an estimator that has no losses of epochs."""
        if not hasattr(estimator, "word_vectors"):
            name = type(self).__name__
            raise TypeError(
                f"{name} is set on {context.estimator_name}, which has no loss of each "
                "epoch; set it on the vectorizer inside instead: "
                f"SkipGramVectorizer(...).set_callbacks({name}(...))."
            )

    def teardown(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Do nothing."""

    def on_fit_task_begin(
        self, estimator: BaseEstimator, context: "CallbackContext"
    ) -> None:
        """Do nothing."""


class EarlyStopping(_AfterEpochs):
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


class LossMonitor(_AfterEpochs):
    """Callback that records the loss of each epoch of each fit.

    It works like a `sklearn.callback.ScoringMonitor` whose score is the training loss,
    which collects the records of all processes.

    Raises
    ------
    ImportError
        scikit-learn is older than 1.9.
    """

    def __init__(self) -> None:
        from sklearn.callback import ScoringMonitor

        self._monitor = ScoringMonitor(scoring=_last_loss)

    def setup(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Prepare for a fit, or refuse an estimator that has no losses of epochs."""
        super().setup(estimator, context)
        self._monitor.setup(estimator, context)

    def teardown(self, estimator: BaseEstimator, context: "CallbackContext") -> None:
        """Forget the estimator."""
        self._monitor.teardown(estimator, context)

    def on_fit_task_end(
        self,
        estimator: BaseEstimator,
        context: "CallbackContext",
        *,
        fitted_estimator: BaseEstimator | None = None,
    ) -> None:
        """Record the loss of an epoch."""
        if context.task_name == "epoch":
            # Without data the monitor doesn't compute a score.
            self._monitor.on_fit_task_end(
                estimator, context, X=(), y=(), fitted_estimator=fitted_estimator
            )

    def to_frame(self) -> pd.DataFrame:
        """Return the losses recorded so far.

        Returns
        -------
        DataFrame
            One row per epoch. `run` numbers the calls of `fit`, whether of the
            vectorizer or of the meta-estimator around it, from 0. `fit` numbers the
            fits of the vectorizer in a run from 0; those of a search are in order of
            candidate and split, with the refit last. `epoch` counts from 1. `loss` is
            the value in `loss_curve_`.

        Raises
        ------
        ValueError
            Nothing has been recorded.
        """
        logs = self._monitor.get_logs(select="all")
        rows = [
            (run, row["parent_task_id_path"], row["task_id"] + 1, row["loss"])
            for run, log in enumerate(logs)
            for row in log.data
        ]
        frame = pd.DataFrame(sorted(rows), columns=["run", "fit", "epoch", "loss"])
        number = frame.groupby("run")["fit"].transform(
            lambda path: pd.factorize(path)[0]
        )
        return frame.assign(fit=number)


def _last_loss(estimator: BaseEstimator, X: Any, y: Any) -> dict[str, float]:
    return {"loss": estimator.loss_curve_[-1]}
