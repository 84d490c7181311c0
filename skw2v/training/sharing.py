"""Memory that several processes share.

It is a file without a name, so nothing is left behind however the processes end. A
process that inherits the descriptor of the file maps the same memory.
"""

import math
import mmap
import os
import pickle
import tempfile
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

Value = TypeVar("Value")


def open_memory() -> int:
    """Return the descriptor of new, empty memory."""
    if hasattr(os, "memfd_create"):  # not limited by the size of /dev/shm
        return os.memfd_create("skw2v")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class SharedArrays:
    """Makes arrays in shared memory.

    Processes that ask for the same arrays in the same order get the same memory. Only
    the parts of an array that are used take memory. The first process must ask for all
    of them before others begin.

    Parameters
    ----------
    file : int
        What `open_memory` returns.
    """

    def __init__(self, file: int) -> None:
        self.file, self._end = file, 0

    def __call__(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array, of zeros if it is new."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        start, self._end = self._end, self._end + _whole_pages(size)
        if os.fstat(self.file).st_size < self._end:
            os.ftruncate(self.file, self._end)
        memory = mmap.mmap(self.file, _whole_pages(size), offset=start)
        return np.frombuffer(memory, dtype, math.prod(shape)).reshape(shape)


class SharedObject(Generic[Value]):
    """An object that processes pass to each other, with its arrays in shared memory.

    Parameters
    ----------
    file : int
        What `open_memory` returns.
    """

    def __init__(self, file: int) -> None:
        self.file = file
        self._memory: mmap.mmap | None = None

    def put(self, value: Value) -> None:
        """Replace the object, and with it the contents of its arrays."""
        buffers: list[pickle.PickleBuffer] = []
        content = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
        parts = [memoryview(content), *(buffer.raw() for buffer in buffers)]
        sizes = list(map(len, parts))
        header = np.array([len(sizes), *sizes], np.int64).tobytes()
        starts = _starts(len(header), sizes)
        if os.fstat(self.file).st_size < starts[-1]:
            os.ftruncate(self.file, starts[-1])
        memory = memoryview(self._mapped())
        memory[: len(header)] = header
        for start, part in zip(starts, parts, strict=False):
            memory[start : start + len(part)] = part

    def get(self) -> Value:
        """Return the object, whose arrays are those of all processes."""
        memory = memoryview(self._mapped())
        (n_parts,) = np.frombuffer(memory, np.int64, 1).tolist()
        sizes = np.frombuffer(memory, np.int64, n_parts, offset=8).tolist()
        starts = _starts(8 * (1 + n_parts), sizes)
        content, *buffers = (
            memory[start : start + size]
            for start, size in zip(starts, sizes, strict=False)
        )
        return pickle.loads(content, buffers=buffers)

    def _mapped(self) -> mmap.mmap:
        """Map the file, again only if it has grown: mapping it costs page faults."""
        size = os.fstat(self.file).st_size
        if self._memory is None or len(self._memory) < size:
            self._memory = mmap.mmap(self.file, size)
        return self._memory


def _starts(n_header: int, sizes: list[int]) -> list[int]:
    """Return where each part starts, on a page of its own, and where the last ends."""
    starts = [_whole_pages(n_header)]
    for size in sizes:
        starts.append(starts[-1] + _whole_pages(size))
    return starts


def _whole_pages(size: int) -> int:
    page = mmap.ALLOCATIONGRANULARITY
    return -(-max(size, 1) // page) * page
