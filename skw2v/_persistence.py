"""What is stored says which version stored it; loading refuses what it can't read."""

import os
from inspect import signature
from typing import Any

from numpy.typing import DTypeLike

STAMP = "_skw2v_version"
LEARNED = ("vocabulary_", "embeddings_")  # what `transform` needs


class SavedMixin:
    """Files without code."""

    def save(
        self, path: str | os.PathLike[str], *, dtype: DTypeLike = "float32"
    ) -> None:
        """Save to a file of plain data, which `skw2v.load` reads.

        Loading it executes nothing, which no pickle can promise. The file is of the
        safetensors format. It is written whole or not at all: after a failure an older
        file is there as it was. Callbacks are not saved.

        Parameters
        ----------
        path : str or path-like
            Usually with the suffix ".safetensors".
        dtype : dtype of NumPy, "float32" or "float16", default="float32"
            Of the vectors in the file. float16 halves it, and rounds each number to
            about three decimal digits, below 6e-5 to fewer. When they are loaded,
            vectors of float16 become float32, which processes don't share.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            An estimator is not fitted.
        TypeError
            A parameter is no plain data, such as a callable `tokenizer` or a
            RandomState, or the class is a subclass of your own. joblib stores both.
        ValueError
            The parameters of an estimator were changed after `fit`, and no longer agree
            with what was learned; or `dtype` is another, or float16 and a number above
            65,504.
        OSError
            The file can't be written.

        Examples
        --------
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> import skw2v
        >>> vectorizer = skw2v.CBOWVectorizer(n_components=4, min_count=1, subsample=0)
        >>> path = Path(mkdtemp()) / "pizza.safetensors"
        >>> vectorizer.fit(["I love 피자", "I like 피자"]).save(path)
        >>> skw2v.load(path)
        CBOWVectorizer(min_count=1, n_components=4, subsample=0)
        """
        from ._storage import save  # only here, as it knows all classes that it saves

        save(self, path, dtype)


class StampedMixin:
    """Pickles that carry the version of this package.

    A pickle holds the attributes, which may change with the minor version and mean
    something else then; the patch version is free.
    """

    def __getstate__(self) -> dict[str, Any]:
        state: Any = super().__getstate__()
        return {**state, STAMP: current_version()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state, name = dict(state), type(self).__name__
        check_version(name, state.pop(STAMP, None))
        fitted = any(attribute in state for attribute in LEARNED)
        parameters = signature(type(self)).parameters.values()
        names = [each.name for each in parameters if each.kind != each.VAR_KEYWORD]
        needed = [*names, *(LEARNED if fitted else ())]
        if missing := [attribute for attribute in needed if attribute not in state]:
            raise ValueError(f"this stored {name} lacks {missing}; fit it anew.")
        super().__setstate__(state)  # type: ignore[misc]


def current_version() -> str:
    """Version of this package."""
    from . import __version__  # the package is complete only by now

    return __version__


def check_version(name: str, version: str | None) -> None:
    """Refuse what a version stored that differs in more than the patch.

    Parameters
    ----------
    name : str
        Of the class, for complaints.
    version : str or None

    Raises
    ------
    ValueError
        It differs, or is unknown.
    """
    if version is None:
        raise ValueError(
            f"this {name} was stored without the version of skw2v; fit it anew."
        )
    if _minor(version) != _minor(current := current_version()):
        raise ValueError(
            f"this {name} was stored by skw2v {version}, which skw2v {current} "
            f"can't read; install skw2v {_minor(version)}, or fit it anew."
        )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
