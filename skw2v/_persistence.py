"""What is stored says which version stored it; loading refuses what it can't read."""

from inspect import signature
from typing import Any

STAMP = "_skw2v_version"
LEARNED = ("vocabulary_", "embeddings_")  # what `transform` needs


class StampedMixin:
    """Pickles that carry the version of this package.

    A pickle holds the attributes, which may change with the minor version and mean
    something else then; the patch version is free.
    """

    def __getstate__(self) -> dict[str, Any]:
        from . import __version__  # the package is complete only by now

        state: Any = super().__getstate__()
        return {**state, STAMP: __version__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        from . import __version__

        state, name = dict(state), type(self).__name__
        stamp = state.pop(STAMP, None)
        if stamp is None:
            raise ValueError(
                f"this {name} was stored without the version of skw2v; fit it anew."
            )
        if _minor(stamp) != _minor(__version__):
            raise ValueError(
                f"this {name} was stored by skw2v {stamp}, which skw2v {__version__} "
                f"can't read; install skw2v {_minor(stamp)}, or fit it anew."
            )
        fitted = any(attribute in state for attribute in LEARNED)
        needed = [*signature(type(self)).parameters, *(LEARNED if fitted else ())]
        if missing := [attribute for attribute in needed if attribute not in state]:
            raise ValueError(f"this stored {name} lacks {missing}; fit it anew.")
        super().__setstate__(state)  # type: ignore[misc]


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
