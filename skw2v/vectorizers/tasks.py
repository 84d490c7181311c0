"""Tasks of Dask, and where they run.

Dask is imported in functions only: they are called when a collection of Dask arrives,
and so Dask is there.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from dask.delayed import Delayed
    from distributed import Client

FAN_IN = 8  # results that one task merges
TRIES = 3  # of work whose data are lost with all workers that have them


def task(function: Callable[..., Any]) -> Callable[..., "Delayed"]:
    """Return a function that makes a task of each call."""
    from dask import delayed

    make: Callable[..., Delayed] = delayed(function, pure=False)
    return make


def constant(value: Any) -> "Delayed":
    """Return a small value for use in many tasks."""
    from dask import delayed

    return delayed(value, pure=False, traverse=False)


def few(merge: Callable[..., "Delayed"], results: list["Delayed"]) -> list["Delayed"]:
    """Merge results as a tree until there are at most `FAN_IN`.

    Parameters
    ----------
    merge : callable
        Makes a task of a list of results, which follow each other.
    results : list of Delayed

    Returns
    -------
    list of Delayed
    """
    while len(results) > FAN_IN:
        starts = range(0, len(results), FAN_IN)
        results = [merge(results[start : start + FAN_IN]) for start in starts]
    return results


class Cluster:
    """The workers of the current client of distributed, or the default scheduler."""

    def __init__(self) -> None:
        self._client = _current_client()

    def keep(self, tasks: Iterable["Delayed"]) -> "OnWorkers":
        """Compute tasks whose results stay on the workers.

        Parameters
        ----------
        tasks : iterable of Delayed

        Returns
        -------
        OnWorkers
            The computation may go on.
        """
        from dask import persist

        with self._in_use():
            return OnWorkers(persist(*tasks))

    def send(self, value: Any) -> "OnWorkers":
        """Send a value to the workers, once to each.

        Parameters
        ----------
        value : object

        Returns
        -------
        OnWorkers
        """
        if self._client is None:
            return OnWorkers([constant(value)])
        with self._in_use():
            return OnWorkers(self._client.scatter([value], broadcast=True, hash=False))

    def homes(self, n_homes: int) -> list[Callable[..., "Delayed"]]:
        """Return functions that make tasks, and divide these among the workers.

        Left to itself, Dask trains all shards where the model is.

        Parameters
        ----------
        n_homes : int

        Returns
        -------
        list of callable
            Each calls a function that makes a task, with its arguments. The task runs
            on one worker, always the same, or on another one if that has died.
        """
        workers: list[str] = []
        if self._client is not None:
            with self._in_use():
                workers = sorted(self._client.nthreads())
        if not workers:
            return [_made] * n_homes
        places = [number * len(workers) // n_homes for number in range(n_homes)]
        return [partial(_made_for, workers[place]) for place in places]

    def compute(self, result: "Delayed") -> object:
        """Wait for the result of a task.

        Parameters
        ----------
        result : Delayed

        Returns
        -------
        object

        Raises
        ------
        RuntimeError
            The cluster was closed, or lost its workers. Other errors are those of the
            task.
        """
        from dask import compute

        with self._in_use():
            (value,) = compute(result)
        return cast(object, value)

    def compute_from(
        self, value: Any, follow: Callable[[Any], "Delayed"], tries: int = TRIES
    ) -> object:
        """Send a value to the workers, and wait for what follows from it.

        Both are done again if all workers that have the value are lost.

        Parameters
        ----------
        value : object
        follow : callable
            Makes a task of the value that was sent.
        tries : int, default=3

        Returns
        -------
        object

        Raises
        ------
        RuntimeError
            See `compute`.
        """
        try:
            with self.send(value) as (sent,):
                return self.compute(follow(sent))
        except LostWorkersError:
            if tries == 1:
                raise
        return self.compute_from(value, follow, tries - 1)

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Let Dask use these workers, and say plainly what has happened to them."""
        if self._client is None:
            yield
            return
        from distributed import KilledWorker

        try:
            with self._client.as_current():
                yield
        except Exception as error:
            if self._client.status != "running":
                raise RuntimeError(
                    "the cluster was closed before the work was done; start another "
                    "one, and begin again."
                ) from error
            if isinstance(error, (KilledWorker, CancelledError, TimeoutError)):
                raise LostWorkersError(
                    "workers of the cluster were lost, perhaps for lack of memory; "
                    f"give them more, or make partitions smaller: {error}"
                ) from error
            raise


class LostWorkersError(RuntimeError):
    """Workers of a cluster were lost."""


class OnWorkers:
    """What lies on workers; a context manager that removes it.

    Parameters
    ----------
    results : sequence of Delayed or Future
    """

    def __init__(self, results: Sequence[Any]) -> None:
        self.results = list(results)

    def __enter__(self) -> list[Any]:
        return self.results

    def __exit__(self, *exception: object) -> None:
        # A traceback may keep this object.
        if "distributed" in sys.modules:
            for future in sys.modules["distributed"].futures_of(self.results):
                future.release()
        self.results.clear()


def _made(make: Callable[..., "Delayed"], *arguments: Any) -> "Delayed":
    return make(*arguments)


def _made_for(
    worker: str, make: Callable[..., "Delayed"], *arguments: Any
) -> "Delayed":
    from dask import annotate

    with annotate(workers=[worker], allow_other_workers=True):
        return make(*arguments)


def _current_client() -> "Client | None":
    """Return the client of distributed that Dask would use now, if it would."""
    from dask.base import get_scheduler

    client: Client | None = getattr(get_scheduler(), "__self__", None)
    return client
