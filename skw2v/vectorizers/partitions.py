"""Collections of Dask: their partitions, and the rows of their documents, lazily.

Dask is imported in functions only; see `tasks`.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from sklearn import config_context, get_config

from ..text.documents import is_lazy
from .compat import output_container
from .tasks import Cluster, task

if TYPE_CHECKING:
    from dask.array import Array
    from dask.dataframe import DataFrame
    from dask.delayed import Delayed

Result = TypeVar("Result")
Class = TypeVar("Class")


def partitions_of(X: Any) -> list["Delayed"]:
    """Return the partitions of a collection of Dask.

    Parameters
    ----------
    X : Bag, Series, DataFrame of one column, or list of Delayed

    Returns
    -------
    list of Delayed

    Raises
    ------
    TypeError
        `X` is another collection.
    """
    from dask.bag import Bag
    from dask.delayed import Delayed

    if isinstance(X, (list, tuple)) and all(isinstance(each, Delayed) for each in X):
        return list(X)
    # To import dask.dataframe takes long, and what is delayed has any attribute.
    is_frame = hasattr(type(X), "divisions")
    if isinstance(X, Bag) or (is_frame and (X.ndim == 1 or len(X.columns) == 1)):
        partitions: list[Delayed] = X.to_delayed()
        return partitions
    raise TypeError(
        "X must be a Bag, one column of a DataFrame, or a list of Delayed partitions; "
        f"got {type(X).__name__}, another lazy collection of Dask; compute it first: "
        "X.compute()."
    )


def in_partition(
    number: int, function: Callable[..., Result], *arguments: Any
) -> Result:
    """Call a function on a worker; an error names the partition.

    Parameters
    ----------
    number : int
    function : callable
    *arguments : object

    Raises
    ------
    TypeError, ValueError
        The function raises one of them.
    RuntimeError
        It raises something else, whose class may be unknown to other processes.
    """
    try:
        return function(*arguments)
    except Exception as error:
        message, kind = str(error), type(error).__name__
        for known in (TypeError, ValueError):
            if isinstance(error, known):
                raise known(f"partition {number}: {message}") from error
        raise RuntimeError(f"partition {number}: {kind}: {message}") from error


def lazy_rows(estimator: Any, X: Any) -> "Array | DataFrame":
    """Return what `transform` makes of a collection of Dask, when it is computed.

    Parameters
    ----------
    estimator : PoolingVectorizer
        It is sent to the workers now, as it is.
    X : collection of Dask
        See `partitions_of`.

    Returns
    -------
    dask.array.Array or dask.dataframe.DataFrame
        With a partition for each one of `X`. The DataFrame, if `set_output` asks for
        one, has the divisions of `X`.

    Raises
    ------
    ValueError
        `set_output` asks for another container.
    """
    container = output_container(estimator) or get_config()["transform_output"]
    if container not in ("default", "pandas"):
        raise ValueError(
            f"set_output(transform={container!r}) isn't possible for collections of "
            "Dask; choose 'default' or 'pandas'."
        )
    partitions, names = partitions_of(X), estimator.get_feature_names_out()
    read, (model,) = task(in_partition), Cluster().send(estimator).results
    rows = [
        read(number, _rows, model, partition, container)
        for number, partition in enumerate(partitions)
    ]
    if container == "pandas":
        return _frame(rows, names, X)
    import dask.array as da

    shape, dtype = (np.nan, len(names)), np.float32
    return da.concatenate([da.from_delayed(each, shape, dtype) for each in rows])


def _rows(estimator: Any, documents: Any, container: str) -> Any:
    # What `set_config` says in the client's process is not known here.
    with config_context(transform_output=container):
        return estimator.transform(documents)


def _frame(rows: list["Delayed"], names: Any, X: Any) -> "DataFrame":
    """Return lazy DataFrames as one, with the index of a lazy Series."""
    import dask.dataframe as dd
    import pandas as pd

    index = X._meta.index if hasattr(X, "_meta") else None
    meta = pd.DataFrame(np.zeros((0, len(names)), np.float32), index, names)
    divisions = getattr(X, "divisions", None)
    return dd.from_delayed(rows, meta, divisions, verify_meta=False)


def lazily(*names: str) -> Callable[[type[Class]], type[Class]]:
    """Let methods that `set_output` has wrapped return lazy results as they are.

    scikit-learn would compute them to put them into a DataFrame.

    Parameters
    ----------
    *names : str
        The methods of a class.

    Returns
    -------
    callable
        Decorates the class.
    """

    def decorate(cls: type[Class]) -> type[Class]:
        for name in names:
            setattr(cls, name, _keeping_lazy(getattr(cls, name)))
        return cls

    return decorate


def _keeping_lazy(wrapped: Any) -> Callable[..., Any]:
    @wraps(wrapped)
    def method(self: Any, X: Any, *arguments: Any, **named: Any) -> object:
        function = wrapped.__wrapped__ if is_lazy(X) else wrapped
        return function(self, X, *arguments, **named)

    return method
