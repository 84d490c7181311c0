"""Trainings, recorded epoch by epoch, and the page that shows them."""

import html
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from ...atomic import atomic_write
from ...training.hyperparameters import Hyperparameters
from ...training.sampling import keep_probability, noise_probability
from ...training.trainer import Trainer
from ...vectorizers.fitted import Learned
from ...vectorizers.progress import Attributes
from ..axes import represent
from ..plane import Recorder, follow, reduce_by_pca
from .floor import entropy_floor, window_sizes
from .network import LiveNetwork, documents_of
from .page import page

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


class _TrainingRecorder(Recorder):
    """Records a training, if it is small enough for a page."""

    def __init__(self) -> None:
        super().__init__(None)

    def start(self, trainer: Trainer, learned: Learned, attributes: Attributes) -> None:
        """See `Tasks.start`."""
        self.corpus, self.hyperparameters = (
            trainer.corpus,
            trainer.model.hyperparameters,
        )
        n_words, n_tokens = len(learned.vocabulary.words), self.corpus.n_tokens
        n_points = n_words * (self.hyperparameters.max_iter + 1)
        for what, number, limit, advice in (
            ("words", n_words, WORDS, "raise min_count or choose a vocabulary"),
            ("tokens", n_tokens, TOKENS, "give it fewer documents"),
            ("points, of words times epochs", n_points, POINTS, "lower max_iter"),
        ):
            if number > limit:
                raise ValueError(
                    f"a page shows at most {limit:,} {what}, and this training has "
                    f"{number:,}; {advice}."
                )
        self._chosen = learned.vocabulary.words
        super().start(trainer, learned, attributes)

    def training(self, random_state: Any) -> Training:
        """Return what was recorded."""
        h, learned, documents = self.hyperparameters, self._learned, self.corpus
        counts = learned.vocabulary.counts
        floor = None
        if h.loss == "softmax" and (keep_probability(counts, h.subsample) == 1).all():
            sizes = window_sizes(h, documents.longest)
            floor = entropy_floor(documents_of(documents), sizes, h.cbow)
        return Training(
            h,
            random_state,
            self.words,
            counts,
            np.array(self.history),
            learned.losses,
            floor,
            documents.n_documents,
        )


class TrainingTrace:
    """Trainings on a tiny corpus, as a page that shows them step by step.

    The page is one file that needs no network. It explains one-hot vectors, the forward
    and backward pass, and both models, with the first two documents as its sentences:
    a network of two components learns them before the reader's eyes, by the formulas of
    `explain`, from the vectors with which `fit` starts. Then it shows the
    recorded trainings on all documents, epoch by epoch. It checks its own arithmetic
    against values that are stored in it. It is in English and Korean.

    It is recommended to use `from_estimator` to create a trace.

    Parameters
    ----------
    trainings : list of Training
    network : LiveNetwork
        The sentences that the page trains itself.

    Attributes
    ----------
    trainings : list of Training
        Their `history`, of shape (n_epochs + 1, n_words, n_components), has the word
        vectors before the first epoch and after each one; `losses` and `floor` are in
        nats per training pair.
    network : LiveNetwork

    See Also
    --------
    TrajectoryDisplay : The paths of words as a plot of matplotlib.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from skw2v import CBOWVectorizer
    >>> from skw2v.datasets import load_lecture
    >>> from skw2v.plotting import TrainingTrace
    >>> cbow = CBOWVectorizer(
    ...     n_components=2, window=1, loss="softmax", lowercase=False, subsample=0,
    ...     batch_size=16, learning_rate=0.05, max_iter=50, random_state=0
    ... )
    >>> trace = TrainingTrace.from_estimator(cbow, load_lecture())
    >>> trace
    TrainingTrace(18 words, 50 epochs)
    >>> path = Path(mkdtemp()) / "training.html"
    >>> trace.to_html(path)
    >>> path.read_text(encoding="utf-8")[:15]
    '<!doctype html>'
    """

    def __init__(self, trainings: list[Training], network: LiveNetwork) -> None:
        self.trainings = trainings
        self.network = network

    def __repr__(self) -> str:
        first = self.trainings[0]
        return represent(self, words=len(first.words), epochs=len(first.losses))

    @classmethod
    def from_estimator(
        cls,
        estimator: BaseEstimator,
        documents: Iterable,
        *,
        others: Iterable[BaseEstimator] = (),
    ) -> "TrainingTrace":
        """Train clones of vectorizers and record them.

        Vectors of more than two components are shown in the plane of a PCA, as in
        `TrajectoryDisplay`.

        Parameters
        ----------
        estimator : CBOWVectorizer or SkipGramVectorizer
            Fitted or not; it isn't changed.
        documents : iterable of str, or of lists of str
            As in its `fit`.
        others : iterable of CBOWVectorizer or SkipGramVectorizer, default=()
            Others to train on the same documents, to compare with the first one.

        Returns
        -------
        TrainingTrace

        Raises
        ------
        TypeError
            An estimator is something else, such as a Pipeline.
        ValueError
            The documents are too large for a page (30 words, 20,000 tokens), no
            document has two known tokens, the vectors have only one component, or
            `fit` raises it.
        """
        documents = documents if isinstance(documents, str) else list(documents)
        trainings = []
        for each in (estimator, *others):
            recorder = _TrainingRecorder()
            follow(each, documents, recorder)
            trainings.append(recorder.training(each.random_state))
            if len(trainings) == 1:
                network = LiveNetwork.of(recorder.corpus, recorder.words)
        if not network.sentences:
            raise ValueError(
                "no document has two tokens of the vocabulary, and so no word has a "
                "context; give longer documents, or lower min_count."
            )
        return cls(trainings, network)

    def to_html(self, path: str | os.PathLike[str]) -> None:
        """Write the page.

        Parameters
        ----------
        path : str or path-like
            File to write, of less than a megabyte.

        Raises
        ------
        OSError
            The file can't be written.
        """
        with atomic_write(path) as file:
            file.write(self._page().encode())

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="Word2Vec, step by step" srcdoc="{html.escape(self._page())}"'
            ' style="width: 100%; height: 900px; border: 0"></iframe>'
        )

    def _page(self) -> str:
        trainings = [training.data() for training in self.trainings]
        return page({"live": self.network.data(), "trainings": trainings})
