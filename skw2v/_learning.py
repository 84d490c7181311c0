"""A fit after the reading: the matrices, their training, and who looks on."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .progress import EpochReport, Tasks
from .text.corpus import Corpus
from .training.trainer import Hyperparameters, Trainer, initial_matrices
from .word_vectors import WordVectors

Watch = Callable[[list[str], NDArray[np.float32]], None]


class Learning:
    """Learns the vectors of words from a corpus.

    Parameters
    ----------
    corpus : Corpus
    words : list of str
        Word of each row.
    hyperparameters : Hyperparameters
    seed : int
    init : WordVectors, optional
        Vectors to start from; words that it lacks start at random.
    """

    def __init__(
        self,
        corpus: Corpus,
        words: list[str],
        hyperparameters: Hyperparameters,
        seed: int,
        init: WordVectors | None = None,
    ) -> None:
        h = hyperparameters
        matrix, output = initial_matrices(len(words), h.n_components, h.loss, seed)
        if init is not None:
            known = [row for row, word in enumerate(words) if word in init]
            matrix[known] = init[[words[row] for row in known]]
        self.words, self.counts = words, corpus.counts(len(words))
        self.trainer = Trainer(*corpus, self.counts, matrix, output, h, seed)

    def train(
        self,
        n_threads: int,
        report: EpochReport | None = None,
        tasks: Tasks | None = None,
        watch: Watch | None = None,
    ) -> dict[str, Any]:
        """Run the epochs.

        Parameters
        ----------
        n_threads : int
        report : EpochReport, optional
            Prints each epoch.
        tasks : Tasks, optional
            Tells callbacks.
        watch : callable, optional
            Shown the words and their vectors before and after each epoch.

        Returns
        -------
        dict
            As of `attributes`.
        """

        def on_epoch(losses: list[float]) -> bool:
            if watch is not None:
                watch(self.words, self.trainer.input_matrix)
            if report is not None and losses:
                report(losses)
            if tasks is None:
                return False
            n_chunks = self.trainer.stream.n_chunks
            learned = partial(self.attributes, losses)
            return tasks.on_epoch(len(losses), n_chunks, learned)

        through = iter if tasks is None else tasks.through
        on_epoch([])  # the start
        return self.attributes(self.trainer.fit(n_threads, on_epoch, through))

    def attributes(self, losses: list[float]) -> dict[str, Any]:
        """What an estimator has learned after epochs of these losses.

        Parameters
        ----------
        losses : list of float

        Returns
        -------
        dict
            Values of the attributes of a fitted estimator; training goes on to change
            the matrices.
        """
        return {
            "vocabulary_": {word: row for row, word in enumerate(self.words)},
            "word_counts_": self.counts,
            "embeddings_": self.trainer.input_matrix,
            "output_embeddings_": self.trainer.output_matrix,
            "loss_curve_": losses,
            "n_iter_": len(losses),
        }
