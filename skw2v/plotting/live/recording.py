"""Recording a training for the page, if it is small enough."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...training.hyperparameters import Hyperparameters
from ...training.sampling import keep_probability, noise_probability
from ...training.trainer import Trainer
from ...vectorizers.fitted import Learned
from ...vectorizers.progress import Attributes
from ...vectorizers.progress import Training as AnyTraining
from ..plane import Recorder, reduce_by_pca
from .floor import entropy_floor, window_sizes
from .network import LiveNetwork, documents_of

WORDS, TOKENS, POINTS = 30, 20_000, 30_000  # maximum numbers on a page


@dataclass(frozen=True, eq=False)
class Training:
    """A training as it was recorded.

    Attributes
    ----------
    hyperparameters : Hyperparameters
    random_state : object
        That of the estimator.
    words : list of str
    counts : ndarray of shape (n_words,), int64
        Tokens of each word.
    history : ndarray of shape (n_epochs + 1, n_words, n_components), float32
        Word vectors before the first epoch and after each one.
    losses : list of float
        Mean loss of each epoch, in nats per pair.
    floor : float or None
        What the mean loss of the softmax can't fall below; None if that isn't known,
        because of another loss or of subsampling.
    n_documents : int
    """

    hyperparameters: Hyperparameters
    random_state: Any
    words: list[str]
    counts: NDArray[np.int64]
    history: NDArray[np.float32]
    losses: list[float]
    floor: float | None
    n_documents: int

    def data(self) -> dict[str, Any]:
        """Return what the page needs, as JSON can hold it."""
        h = self.hyperparameters
        points, explained, axis_name = reduce_by_pca(self.history, self.history[-1])
        return {
            "model": "CBOW" if h.cbow else "skip-gram",
            "loss": h.loss,
            "window": h.window,
            "start": str(self.random_state),
            "components": h.n_components,
            "rate": h.learning_rate,
            "words": self.words,
            "counts": self.counts.tolist(),
            "subsample": h.subsample,
            "noise": noise_probability(self.counts, 0.75).tolist(),
            "documents": self.n_documents,
            "points": np.round(points.astype(np.float64), 4).tolist(),
            "axis": axis_name,
            "explained": None if explained is None else np.sum(explained).item(),
            "losses": self.losses,
            "floor": self.floor,
        }


class TrainingRecorder(Recorder):
    """Records a training, unless it is too large for a page.

    Parameters
    ----------
    random_state : object
        That of the estimator.

    Attributes
    ----------
    network : LiveNetwork
        The one of the first documents.
    """

    def __init__(self, random_state: Any) -> None:
        super().__init__(None)
        self._random_state = random_state

    def start(
        self, trainer: AnyTraining, learned: Learned, attributes: Attributes
    ) -> None:
        """See `Tasks.start`."""
        if not isinstance(trainer, Trainer):
            raise TypeError("a page needs documents, not a collection of Dask.")
        words = learned.vocabulary.words
        self._trainer, self._chosen = trainer, words
        self._check_size(len(words))
        self.network = LiveNetwork.of(trainer.corpus, words)
        super().start(trainer, learned, attributes)

    def _check_size(self, n_words: int) -> None:
        n_points = n_words * (self._trainer.model.hyperparameters.max_iter + 1)
        for what, number, limit, advice in (
            ("words", n_words, WORDS, "raise min_count or choose a vocabulary"),
            (
                "tokens",
                self._trainer.corpus.n_tokens,
                TOKENS,
                "give it fewer documents",
            ),
            ("points, of words times epochs", n_points, POINTS, "lower max_iter"),
        ):
            if number > limit:
                raise ValueError(
                    f"a page shows at most {limit:,} {what}, and this training has "
                    f"{number:,}; {advice}."
                )

    def training(self) -> Training:
        """Return what was recorded.

        Returns
        -------
        Training

        Raises
        ------
        ValueError
            An epoch had no pair of words.
        """
        learned = self._learned
        if np.isnan(learned.losses).any():
            raise ValueError(
                "subsampling has left an epoch without a pair of words, and so without "
                "a loss to show; set subsample=0."
            )
        return Training(
            learned.model.hyperparameters,
            self._random_state,
            self.words,
            learned.vocabulary.counts,
            np.array(self.history),
            learned.losses,
            self._floor(),
            self._trainer.corpus.n_documents,
        )

    def _floor(self) -> float | None:
        """Return the floor of the loss, None if it isn't known."""
        model, corpus = self._trainer.model, self._trainer.corpus
        h = model.hyperparameters
        if (
            h.loss != "softmax"
            or (keep_probability(model.counts, h.subsample) < 1).any()
        ):
            return None
        sizes = window_sizes(h, corpus.longest)
        return entropy_floor(documents_of(corpus), sizes, h.cbow)
