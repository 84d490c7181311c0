"""The page of a training on a tiny corpus."""

import html
import os
from collections.abc import Iterable

from sklearn.base import BaseEstimator

from ...atomic import atomic_write
from ..axes import represent
from ..plane import follow, learner
from .network import LiveNetwork
from .page import page
from .recording import Training, TrainingRecorder


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
        recorders = []
        for each in (estimator, *others):
            recorders.append(TrainingRecorder(learner(each).random_state))
            follow(each, documents, recorders[-1])
        trainings = [recorder.training() for recorder in recorders]
        return cls(trainings, recorders[0].network)

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
            '<iframe title="Word2Vec, step by step" '
            'style="width: 100%; height: 900px; border: 0" '
            f'srcdoc="{html.escape(self._page())}"></iframe>'
        )

    def _page(self) -> str:
        trainings = [training.data() for training in self.trainings]
        return page({"live": self.network.data(), "trainings": trainings})
