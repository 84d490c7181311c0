"""Named arrays in safetensors files, which are mapped into memory.

A file is a JSON header, which gives the dtype, shape and position of each array,
followed by the bytes of the arrays. Nothing in it can be executed.
"""

import json
import mmap
import os
from collections.abc import Mapping
from reprlib import repr as shortened
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from ..atomic import atomic_write
from .formats import HEAD_BYTES, recognized

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "U8": "|u1"}
MAX_HEADER_BYTES = 1_000_000  # as Python objects, a header takes many times more


def write_tensors(
    path: str | os.PathLike[str],
    tensors: Mapping[str, NDArray],
    metadata: Mapping[str, str],
) -> None:
    """Write arrays to a file, completely or not at all.

    The writers of the safetensors package would need memory for a second copy of all
    arrays, or would choose the permissions of the file themselves.

    Parameters
    ----------
    path : str or path-like
    tensors : mapping of str to ndarray
        Arrays of the dtypes in `DTYPES`.
    metadata : mapping of str to str

    Raises
    ------
    OSError
        See `atomic_write`.
    ValueError
        The header, which includes the metadata, takes more than `MAX_HEADER_BYTES`.
    """
    # The arrays with the widest dtypes come first, so that all are aligned.
    ordered = dict(sorted(tensors.items(), key=lambda item: -item[1].itemsize))
    header = _header(ordered, metadata)
    with atomic_write(path) as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for tensor in ordered.values():
            file.write(np.ascontiguousarray(tensor).data)


def _header(tensors: Mapping[str, NDArray], metadata: Mapping[str, str]) -> bytes:
    codes = {np.dtype(dtype): code for code, dtype in DTYPES.items()}
    entries: dict[str, object] = {"__metadata__": dict(metadata)}
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
    if len(header) > MAX_HEADER_BYTES:
        raise ValueError(
            f"the header of the file would take {len(header):,} bytes, which is more "
            f"than {MAX_HEADER_BYTES:,}; shorten the parameters, such as stop_words."
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
        Read-only arrays. Their pages are read when they are needed, and are shared by
        all processes that map the file.
    metadata : dict of str to str

    Raises
    ------
    OSError
        The file can't be opened.
    ValueError
        The file is not in the safetensors format, is truncated, or contains dtypes
        that are not in `DTYPES`.
    """
    # Everything is read from this open file, even if another one takes the path.
    with open(path, "rb") as file:
        length = _check_head(file.read(HEAD_BYTES))
        _check_format(file)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header = cast(dict[str, Any], read_json(mapped[8 : 8 + length]))
    metadata = header.pop("__metadata__", None) or {}
    data = np.frombuffer(mapped, np.uint8)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in DTYPES:
            raise ValueError(f"{shortened(name)} is of dtype {entry['dtype']}.")
        start, stop = entry["data_offsets"]
        tensor = data[start:stop].view(DTYPES[entry["dtype"]]).reshape(entry["shape"])
        # Other writers may leave an array unaligned, which SciPy can't read.
        tensors[name] = np.require(tensor, requirements=["ALIGNED"])
    return tensors, metadata


def _check_head(head: bytes) -> int:
    """Return the length of the header, and refuse what begins like another format."""
    length = int.from_bytes(head[:8], "little")
    found = recognized(head)
    if length > MAX_HEADER_BYTES and found is not None and head[8:9] != b"{":
        raise ValueError(
            "it is not in the safetensors format, or is damaged; it seems to be "
            f"{'; '.join(found)}."
        )
    if length > MAX_HEADER_BYTES:
        raise ValueError(
            "it is not in the safetensors format, or has a header of more than "
            f"{MAX_HEADER_BYTES:,} bytes; skw2v.io reads files of word2vec and GloVe."
        )
    return length


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
            f"it is not in the safetensors format, or is truncated: {error}."
        ) from error


def read_json(text: str | bytes) -> object:
    """Parse JSON, and refuse objects in which a name occurs twice.

    Parameters
    ----------
    text : str or bytes

    Returns
    -------
    object

    Raises
    ------
    ValueError
        `text` is not JSON, is nested too deeply, or contains a name twice in an object.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its JSON is malformed: {error}.") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(names := dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice in an object")
    return names
