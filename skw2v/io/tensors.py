"""Named arrays in a file of the safetensors format, mapped into memory.

The format is a header of JSON, which gives the dtype, the shape and the place of each
array, and then the bytes of the arrays: nothing in it can be executed.
"""

import json
import mmap
import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from .atomic import atomic_write

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "U8": "|u1"}
LONGEST_HEADER = 1_000_000  # bytes; as objects of Python they would be many times more


def write_tensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, NDArray],
    metadata: Mapping[str, str],
) -> None:
    """Write arrays to a file, whole or not at all.

    The writers of the safetensors package would hold a second copy of all arrays in
    memory, or give the file permissions of their own.

    Parameters
    ----------
    path : str or path-like
    tensors : mapping of str to ndarray
        Their dtypes are those of `DTYPES`.
    metadata : mapping of str to str

    Raises
    ------
    OSError
        See `atomic_write`.
    ValueError
        The metadata take more than `LONGEST_HEADER` bytes.
    """
    # The widest first, so that all are aligned.
    ordered = dict(sorted(tensors.items(), key=lambda item: -item[1].itemsize))
    header = _header(ordered, metadata)
    with atomic_write(path) as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for tensor in ordered.values():
            file.write(np.ascontiguousarray(tensor).data)


def _header(tensors: Mapping[str, NDArray], metadata: Mapping[str, str]) -> bytes:
    codes = {np.dtype(dtype): code for code, dtype in DTYPES.items()}
    entries: dict[str, Any] = {"__metadata__": dict(metadata)}
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.nbytes
        entries[name] = {
            "dtype": codes[tensor.dtype],
            "shape": tensor.shape,
            "data_offsets": [start, end],
        }
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % 8)
    if len(header) > LONGEST_HEADER:
        raise ValueError(
            f"the header of the file would take {len(header):,} bytes, which is more "
            f"than {LONGEST_HEADER:,}; shorten the parameters, such as stop_words."
        )
    return header


def read_tensors(
    path: str | os.PathLike[str],
) -> tuple[dict[str, NDArray], dict[str, str]]:
    """Map the arrays of a file into memory.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    tensors : dict of str to ndarray
        Read-only. Their pages are read when they are needed, and shared by all
        processes that map the file.
    metadata : dict of str to str

    Raises
    ------
    OSError
        The file can't be opened.
    ValueError
        It is not of the safetensors format, is cut, or holds other dtypes.
    """
    with open(path, "rb") as file:  # all comes from here, should the path be replaced
        length = int.from_bytes(file.read(8), "little")
        if length > LONGEST_HEADER:
            raise ValueError(
                "it is not of the safetensors format, or has a header of more than "
                f"{LONGEST_HEADER:,} bytes."
            )
        _check_format(file)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header = read_json(mapped[8 : 8 + length])
    metadata = header.pop("__metadata__", None) or {}
    data = np.frombuffer(mapped, np.uint8)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in DTYPES:
            raise ValueError(f"{name!r} is of dtype {entry['dtype']}.")
        start, stop = entry["data_offsets"]
        tensor = data[start:stop].view(DTYPES[entry["dtype"]]).reshape(entry["shape"])
        # Other writers may leave an array unaligned, which SciPy can't read.
        tensors[name] = np.require(tensor, requirements=["ALIGNED"])
    return tensors, metadata


def _check_format(file: BinaryIO) -> None:
    """Refuse a file whose header is malformed or doesn't match its size."""
    # safe_open takes only a path, and by now the path of the file may lead to another
    # one. On POSIX the descriptor has a path of its own, which leads to the open file;
    # on Windows an open file can't be replaced.
    path = file.name if os.name == "nt" else f"/dev/fd/{file.fileno()}"
    try:
        with safe_open(path, framework="numpy"):
            pass
    except SafetensorError as error:
        raise ValueError(
            f"it is not of the safetensors format, or cut: {error}."
        ) from error


def read_json(text: str | bytes) -> Any:
    """Value of JSON, where no object may hold a name twice.

    Parameters
    ----------
    text : str or bytes

    Returns
    -------
    object

    Raises
    ------
    ValueError
        It is no JSON, holds a name twice, or is nested too deeply.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its JSON is malformed: {error}.") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(names := dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice in an object")
    return names
