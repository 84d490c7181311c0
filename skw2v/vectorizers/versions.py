"""Version stamps of stored estimators and files.

A stored estimator holds attributes, whose meaning may change with the minor version. A
different patch version is compatible.
"""

from .. import _version

STAMP = "_skw2v_version"


def current_version() -> str:
    """Return the version of this package."""
    return _version.__version__


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
