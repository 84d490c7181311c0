"""Callbacks for `set_callbacks`, which the estimators have from scikit-learn 1.9 on.

Set them on the vectorizer itself, also in a Pipeline or a GridSearchCV. They take the
losses from the attribute `loss_curve_` of the `fitted_estimator` that scikit-learn
hands to its callbacks.
"""

from typing import Any

import pandas as pd


class _AfterEpochs:
    """The hooks of scikit-learn that the callbacks here have no use for."""

    def setup(self, estimator: Any, context: Any) -> None:
        """Nothing to do."""

    def teardown(self, estimator: Any, context: Any) -> None:
        """Nothing to do."""

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        """Nothing to do."""


class EarlyStopping(_AfterEpochs):
    """Ends the training once the training loss hardly falls any more.

    The learning rate falls from `learning_rate` to `min_learning_rate` over all
    `max_iter` epochs: a training that is stopped has not gone through the small steps,
    and its vectors differ from those of a smaller `max_iter`. The loss is that of
    training, so that this saves time, but tells nothing of overfitting.

    Parameters
    ----------
    tol : float, default=1e-3
        The loss has to fall by more than this share of the lowest so far.
    patience : int, default=1
        The training ends when it has not in so many epochs, one after the other.

    Raises
    ------
    ValueError
        `tol` is negative, or `patience` less than 1.
    """

    def __init__(self, tol: float = 1e-3, patience: int = 1) -> None:
        if not tol >= 0:
            raise ValueError(f"tol must be 0 or more; got {tol!r}.")
        if not patience >= 1:
            raise ValueError(f"patience must be 1 or more; got {patience!r}.")
        self.tol, self.patience = tol, patience

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, fitted_estimator: Any = None
    ) -> bool:
        """Whether to stop; asked after each epoch."""
        if context.task_name != "epoch":
            return False
        # The losses are all there is to know: the fits of clones don't mix.
        # An epoch without a pair has none.
        losses = [loss for loss in fitted_estimator.loss_curve_ if loss == loss]
        before, recent = losses[: -self.patience], losses[-self.patience :]
        if not before:
            return False
        limit = min(before) * (1 - self.tol)
        return all(loss >= limit for loss in recent)


class LossMonitor(_AfterEpochs):
    """Records the loss of each epoch of each fit.

    It is a `sklearn.callback.ScoringMonitor` whose score is the loss of training, and
    gathers, as that does, the records of all processes.

    Raises
    ------
    ImportError
        scikit-learn is older than 1.9.
    """

    def __init__(self) -> None:
        from sklearn.callback import ScoringMonitor

        self._monitor = ScoringMonitor(scoring=_last_loss)

    def setup(self, estimator: Any, context: Any) -> None:
        """Prepare for a fit."""
        self._monitor.setup(estimator, context)

    def teardown(self, estimator: Any, context: Any) -> None:
        """Forget the estimator."""
        self._monitor.teardown(estimator, context)

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, fitted_estimator: Any = None
    ) -> None:
        """Record the loss of an epoch."""
        if context.task_name == "epoch":
            # The monitor scores nothing without data.
            self._monitor.on_fit_task_end(
                estimator, context, X=(), y=(), fitted_estimator=fitted_estimator
            )

    def to_frame(self) -> pd.DataFrame:
        """The losses so far.

        Returns
        -------
        DataFrame
            A row per epoch: `run` counts the calls of `fit`, of the vectorizer or of
            the meta-estimator around it; `fit` the fits of the vectorizer in a run,
            those of a search candidate by candidate, split by split, and the refit
            last; `epoch` counts from 1; `loss` is that of `loss_curve_`.

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


def _last_loss(estimator: Any, X: Any, y: Any) -> dict[str, float]:
    return {"loss": estimator.loss_curve_[-1]}
