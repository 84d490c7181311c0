"""The hooks of scikit-learn that the callbacks of this package don't need."""

from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator

if TYPE_CHECKING:
    from sklearn.callback import CallbackContext


class AfterEpochs:
    """Base class of callbacks that act after the epochs of a vectorizer."""

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
