"""What `verbose` prints."""

import time


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
