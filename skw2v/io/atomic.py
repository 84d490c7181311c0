"""Files that are written whole, or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file that takes the place of another once it is complete.

    What is written goes to a temporary file in the same folder, which is forced to disk
    and then renamed. Whatever fails before, the old file stays whole and the temporary
    one is removed. A program that has the old file open, or mapped into memory, keeps
    it; on Windows such a file can't be replaced, which ends in a PermissionError.

    Parameters
    ----------
    path : str or path-like
        Through a symbolic link the file that it points to is replaced. A new file gets
        the permissions that `open` would give it, a replaced one keeps its own.

    Yields
    ------
    file
        Binary, open for writing.

    Raises
    ------
    OSError
        The disk is full, and the like.
    FileNotFoundError
        The folder is missing.
    FileExistsError
        There is something other than a file, such as a folder or a device.
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
    with suppress(OSError):  # Windows can't open a folder, some disks can't sync one
        _sync_folder(target.parent)


def _check_target(target: Path) -> None:
    """Refuse what `open` would, and to put a file in the place of something else."""
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent} for a file.")
    if target.exists() and not target.is_file():
        raise FileExistsError(f"{target} is not a file, and is not replaced by one.")
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(f"{target} is write-protected, and is not replaced.")


def _sync_folder(folder: Path) -> None:
    """Force the new name of a file to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
