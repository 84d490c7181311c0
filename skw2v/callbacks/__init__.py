"""Callbacks for `set_callbacks`, which the estimators have with scikit-learn >= 1.9.

Set them on the vectorizer itself, even if it is part of a Pipeline or a GridSearchCV;
set on anything else, they raise a TypeError in `fit`.
They read the losses from the attribute `loss_curve_` of the `fitted_estimator` that
scikit-learn passes to its callbacks.
"""

from .checkpoint import Checkpoint
from .early_stopping import EarlyStopping
from .loss_monitor import LossMonitor

__all__ = ["Checkpoint", "EarlyStopping", "LossMonitor"]
