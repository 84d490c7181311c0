"""Tasks for the workers of Dask, and what lies there.

Dask is imported in functions only: they are called when a collection of Dask arrives,
and so Dask is there.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dask.delayed import Delayed
    from distributed import Client


def current_client() -> "Client | None":
    """Return the client of distributed that is in use, if there is one."""
    distributed = sys.modules.get("distributed")  # nobody has a client without it
    try:
        return distributed.Client.current() if distributed else None
    except ValueError:
        return None


def task(function: Callable[..., Any]) -> Callable[..., "Delayed"]:
    """Return a function that makes a task of each call."""
    from dask import delayed

    make: Callable[..., Delayed] = delayed(function, pure=False)
    return make


def constant(value: Any) -> "Delayed":
    """Return a small value for use in many tasks."""
    from dask import delayed

    return delayed(value, pure=False, traverse=False)


def spread(value: Any) -> Any:
    """Send a value to the workers, once to each, for use in tasks.

    Parameters
    ----------
    value : object

    Returns
    -------
    Future or Delayed
    """
    client = current_client()
    if client is None:
        return constant(value)
    (future,) = client.scatter([value], broadcast=True, hash=False)
    return future


def compute(result: Any) -> Any:
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
        The cluster was closed, or its workers died again and again. Other errors are
        those of the task.
    """
    from dask import compute

    with clear_errors():
        (value,) = compute(result)
    return value


@contextmanager
def clear_errors() -> Iterator[None]:
    """Say plainly what has happened to the workers."""
    try:
        yield
    except Exception:
        raise


class OnWorkers:
    """Results that stay on the workers; a context manager that releases them.

    Parameters
    ----------
    tasks : iterable of Delayed
        They are computed now, or begin to be.

    Attributes
    ----------
    results : list of Delayed
    """

    def __init__(self, tasks: Iterable["Delayed"]) -> None:
        from dask import persist

        self.results: list[Delayed] = list(persist(*tasks))

    def __enter__(self) -> "OnWorkers":
        return self

    def __exit__(self, *exception: object) -> None:
        # A traceback may keep this object, and so all that lies there.
        if current_client() is not None:
            from distributed import futures_of

            for future in futures_of(self.results):
                future.release()
        self.results.clear()
