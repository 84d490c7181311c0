"""The version of this package in what is stored; other versions are refused.

A stored estimator holds attributes, whose meaning may change with the minor version. A
different patch version is compatible.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .. import _version

STAMP = "_skw2v_version"


def current_version() -> str:
    """Return the version of this package."""
    return _version.__version__


def stamped(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of an object with the version of this package."""
    return {**state, STAMP: current_version()}


def unstamped(name: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored state without its version, after checking the version.

    Parameters
    ----------
    name : str
        Name of the class, for error messages.
    state : mapping of str to object

    Returns
    -------
    dict of str to object

    Raises
    ------
    ValueError
        See `check_version`.
    """
    check_version(name, state.get(STAMP))
    return {key: value for key, value in state.items() if key != STAMP}


def check_complete(name: str, state: Mapping[str, Any], needed: Iterable[str]) -> None:
    """Refuse a stored state without some attributes.

    Parameters
    ----------
    name : str
        Name of the class, for error messages.
    state : mapping of str to object
    needed : iterable of str

    Raises
    ------
    ValueError
        An attribute is missing.
    """
    if missing := [attribute for attribute in needed if attribute not in state]:
        raise ValueError(f"this stored {name} lacks {missing}; fit it again.")


def check_version(name: str, version: str | None) -> None:
    """Refuse what was stored by a version that differs in more than the patch.

    Parameters
    ----------
    name : str
        Name of the class, for error messages.
    version : str or None

    Raises
    ------
    ValueError
        The version differs, or is unknown.
    """
    if version is None:
        raise ValueError(
            f"this {name} was stored without the version of skw2v; fit it again."
        )
    if _minor(version) != _minor(current := current_version()):
        raise ValueError(
            f"this {name} was stored by skw2v {version}, which skw2v {current} "
            f"can't read; install skw2v {_minor(version)}, or fit it again."
        )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
