"""Where the ids of a corpus lie: in memory, or in a file that may be larger.

A temporary file has no name, so nothing is left behind however the process ends. Files
are read slice by slice, and never mapped: a process needs memory and addresses for the
slices alone, and several threads and processes read at once.
"""

import os
import tempfile
import weakref
from math import inf
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

AUTO = 1 << 29  # bytes that ids may take in memory: 512 MiB, 134 million tokens
LIMITS = {"memory": inf, "auto": AUTO, "disk": 0}


class StoredIds:
    """Ids in a file, of which slices are read and written like those of an array.

    A copy that is unpickled reads the same file, in this process or in one that has
    inherited `file`.

    Parameters
    ----------
    file : int
        Descriptor, which is closed together with this object.
    size : int, default=0
        Number of ids.
    start : int, default=0
        Byte at which they begin.
    folder : str, default=""
        Where the file lies, for error messages.
    """

    def __init__(
        self, file: int, size: int = 0, start: int = 0, folder: str = ""
    ) -> None:
        self.file, self._size, self._start, self._folder = file, size, start, folder
        weakref.finalize(self, os.close, file)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> NDArray[np.int32]:
        start, stop = self._bounds(part)
        content = _read(self.file, 4 * (stop - start), self._start + 4 * start)
        return np.frombuffer(content, np.int32)

    def __setitem__(self, part: slice, ids: NDArray[np.int32]) -> None:
        self._write(self._bounds(part)[0], ids)

    def append(self, ids: NDArray[np.int32]) -> None:
        """Add ids at the end.

        Raises
        ------
        OSError
            They can't be written, for example because the disk is full.
        """
        self._write(self._size, ids)
        self._size += len(ids)

    def shorten(self, size: int) -> "StoredIds":
        """Drop all ids but the first ones, and return the object itself."""
        os.ftruncate(self.file, self._start + 4 * size)
        self._size = size
        return self

    def __reduce__(self) -> tuple:
        state = self._size, self._start, self._folder
        return _inherited, (self.file, _identity(self.file), *state)

    def _bounds(self, part: slice) -> tuple[int, int]:
        if not isinstance(part, slice):
            raise TypeError("ids in a file are read in slices.")
        start, stop, _ = part.indices(self._size)
        return start, max(start, stop)

    def _write(self, start: int, ids: NDArray[np.int32]) -> None:
        content = memoryview(ids.tobytes())
        place = self._start + 4 * start
        while content:
            try:
                n_written = _pwrite(self.file, content, place)
            except OSError as error:
                raise cannot_write(self._folder, error) from error
            content, place = content[n_written:], place + n_written


Ids: TypeAlias = NDArray[np.int32] | StoredIds


class Storage:
    """Collects the ids of one corpus; a context manager that removes its file.

    Parameters
    ----------
    limit : float, default=inf
        Bytes that the ids may take in memory; if there are more, all lie in a file.
    folder : str, path-like or None, default=None
        Where the file lies; None is the folder for temporary files.
    """

    def __init__(
        self, limit: float = inf, folder: str | os.PathLike[str] | None = None
    ) -> None:
        self.folder, self._limit = folder, limit
        self._memory = bytearray()
        self._stored: StoredIds | None = None
        self._process = os.getpid()

    @classmethod
    def of(cls, corpus_storage: str | os.PathLike[str]) -> "Storage":
        """Return what a parameter `corpus_storage` asks for."""
        if isinstance(corpus_storage, str) and corpus_storage in LIMITS:
            return cls(LIMITS[corpus_storage])
        return cls(0, corpus_storage)

    def check_folder(self) -> None:
        """Raise a ValueError if there is no such folder."""
        if self.folder is not None and not os.path.isdir(self.folder):
            raise ValueError(
                f"corpus_storage must be one of {list(LIMITS)}, or a folder that "
                f"exists; got {self.folder!r}."
            )

    @property
    def ids(self) -> Ids:
        """Return all ids that were added."""
        if self._stored is not None:
            return self._stored
        # np.frombuffer would refuse an empty buffer; this doesn't copy either.
        return np.ndarray(len(self._memory) // 4, np.int32, self._memory)

    def append(self, ids: NDArray[np.int32]) -> None:
        """Add ids at the end.

        Raises
        ------
        OSError
            See `StoredIds.append`.
        """
        if self._stored is None:
            if len(self._memory) + ids.nbytes <= self._limit:
                self._memory += ids.data
                return
            self._stored = _nameless(os.fspath(self.folder or tempfile.gettempdir()))
            self._stored.append(np.frombuffer(self._memory, np.int32))
            self._memory = bytearray()
        self._stored.append(ids)

    def __enter__(self) -> "Storage":
        return self

    def __exit__(self, *exception: object) -> None:
        # A traceback may keep the file open, which then takes no space. A fork shares
        # the file, and must leave it as it is.
        if self._stored is not None and os.getpid() == self._process:
            self._stored.shorten(0)


def cannot_write(folder: str, error: OSError) -> OSError:
    """Return an error that says where the corpus can't be written, and what to do."""
    return OSError(
        error.errno,
        f"the encoded corpus can't be written to {folder}: {error.strerror}. It takes "
        "4 bytes per token; make room there, or set corpus_storage to another folder",
    )


def _nameless(folder: str) -> StoredIds:
    """Return ids, none so far, in a new file without a name."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return StoredIds(os.dup(file.fileno()), folder=folder)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _inherited(
    file: int, identity: tuple[int, int], size: int, start: int, folder: str
) -> StoredIds:
    if _identity(file) != identity:
        raise OSError("this process has not inherited the file of the ids.")
    return StoredIds(os.dup(file), size, start, folder)


def _identity(file: int) -> tuple[int, int]:
    status = os.fstat(file)
    return status.st_dev, status.st_ino


def _read(file: int, size: int, place: int) -> bytes:
    content = _pread(file, size, place)
    while len(content) < size:
        more = _pread(file, size - len(content), place + len(content))
        if not more:
            raise OSError("the file of the encoded corpus was removed or cut short.")
        content += more
    return content


if hasattr(os, "pread"):
    _pread, _pwrite = os.pread, os.pwrite
else:  # Windows, where threads must take turns
    _turn = Lock()

    def _pread(file: int, size: int, place: int, /) -> bytes:
        with _turn:
            os.lseek(file, place, os.SEEK_SET)
            return os.read(file, size)

    def _pwrite(file: int, content: Any, place: int, /) -> int:
        with _turn:
            os.lseek(file, place, os.SEEK_SET)
            return os.write(file, content)
