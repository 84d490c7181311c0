"""Who is told how far a fit is: the reader of `verbose`, and callbacks."""

import time
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import Any


class EpochReport:
    """Prints a line after each epoch: loss, speed, time left.

    Parameters
    ----------
    name : str
        Printed in front of each line.
    n_epochs : int
    n_words : int
        Words of the corpus.
    """

    def __init__(self, name: str, n_epochs: int, n_words: int) -> None:
        self.name, self.n_epochs, self.n_words = name, n_epochs, n_words
        self._start = time.perf_counter()

    def __call__(self, losses: list[float]) -> None:
        """Print the line of the epoch that has just ended; `losses` so far."""
        done = len(losses)
        seconds = time.perf_counter() - self._start
        speed = done * self.n_words / max(seconds, 1e-9)
        left = seconds / done * (self.n_epochs - done)
        print(
            f"[{self.name}] epoch {done}/{self.n_epochs}: loss {losses[-1]:.4f}, "
            f"{speed:,.0f} words/s, {left:.0f} s left"
        )


class Tasks:
    """Tells the callbacks of scikit-learn what begins and ends.

    The task "fit" has a task "epoch" for each epoch, and that has a task "chunk" for
    each part of the corpus if there are several.

    Parameters
    ----------
    estimator : estimator with callbacks
    X, y : object
        What it is fitted to; callbacks don't get an `X` that can be read only once.
    """

    def __init__(self, estimator: Any, X: Any, y: Any) -> None:
        read_once = isinstance(X, Iterator) or estimator.input == "file"
        X = None if read_once else X
        self._given = {"estimator": estimator, "X": X, "y": y}
        self._n_epochs = estimator.max_iter
        self._fit = estimator._init_callback_context(max_subtasks=self._n_epochs)
        self._fit.call_on_fit_task_begin(**self._given)
        self._epoch: Any = None

    def on_epoch(
        self, n_done: int, n_chunks: int, learned: Callable[[], dict[str, Any]]
    ) -> bool:
        """End an epoch, and begin the next or end the fit.

        Parameters
        ----------
        n_done : int
            Epochs that have ended.
        n_chunks : int
            Chunks of the next.
        learned : callable
            Gives the attributes that a fit would leave now.

        Returns
        -------
        bool
            Whether a callback wants the training to end.
        """

        def snapshot():  # a callback may keep it
            return {name: copy(value) for name, value in learned().items()}

        given = {**self._given, "reconstruction_attributes": snapshot}
        stop = bool(n_done) and self._epoch.call_on_fit_task_end(**given)
        if stop or n_done == self._n_epochs:
            self._fit.call_on_fit_task_end(**given)
        else:
            n_chunks = n_chunks if n_chunks > 1 else 0
            self._epoch = self._fit.subcontext("epoch", max_subtasks=n_chunks)
            self._epoch.call_on_fit_task_begin(**given)
        return stop

    def through(self, chunks: Iterable) -> Iterator:
        """Pass on the chunks of an epoch until a callback wants it to end."""
        for chunk in chunks:
            if not self._epoch.max_subtasks:
                yield chunk
                continue
            task = self._epoch.subcontext("chunk")
            task.call_on_fit_task_begin(**self._given)
            yield chunk
            if task.call_on_fit_task_end(**self._given):
                return
