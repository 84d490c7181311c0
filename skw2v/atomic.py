"""Write a file completely or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that appears at `path` only once it is complete.

    The data go to a temporary file in the same folder, which is flushed to disk and
    then renamed. If anything fails before that, the old file stays intact and the
    temporary file is removed. Processes that have the old file open, or mapped into
    memory, keep it; on Windows such a file can't be replaced, which raises a
    PermissionError.

    Parameters
    ----------
    path : str or path-like
        Where the file goes. If this is a symbolic link, its target is replaced. A new
        file gets the permissions that `open` would give it; a replaced file keeps its
        own.

    Yields
    ------
    file : binary file
        Open for writing.

    Raises
    ------
    OSError
        Writing fails, for example because the disk is full.
    FileNotFoundError
        The folder does not exist.
    FileExistsError
        `path` is something other than a file, such as a folder or a device.
    PermissionError
        The old file is write-protected.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "greeting.txt"
    >>> with atomic_write(path) as file:
    ...     written = file.write(b"hello")
    >>> path.read_bytes()
    b'hello'
    """
    target = Path(os.path.realpath(path))
    _check_target(target)
    temporary = target.with_name(f".skw2v-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            if target.exists():
                shutil.copymode(target, temporary)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    # Windows can't open a folder, and some file systems can't sync one.
    with suppress(OSError):
        _sync_folder(target.parent)


def _check_target(target: Path) -> None:
    """Refuse paths that `open` would refuse, and anything that is not a file."""
    if not target.parent.is_dir():
        raise FileNotFoundError(f"the folder {target.parent} does not exist.")
    if target.exists() and not target.is_file():
        raise FileExistsError(f"{target} is not a file, so it can't be replaced.")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(f"{target} is write-protected, so it can't be replaced.")


def _sync_folder(folder: Path) -> None:
    """Flush the new name of a file to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
