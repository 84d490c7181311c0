"""Streams of bytes: compressed files, and files of which the beginning was read."""

import bz2
import gzip
import io
import lzma
import re
from typing import Any

from .formats import HEAD_BYTES

BLOCK = 1 << 18  # number of bytes to read at a time
MAX_XZ_BYTES = 1 << 28  # memory to decompress xz; its highest level takes a quarter

GZIP, XZ, BZ2 = b"\x1f\x8b", b"\xfd7zXZ\0", re.compile(rb"BZh[1-9]")
BZ2_BLOCKS = b"1AY&SY", b"\x17rE8P\x90"  # how a block begins, and the end


class DamagedError(Exception):
    """Compressed data can't be decompressed."""


class _Stream(io.RawIOBase):
    """Base class of the streams, which are read from beginning to end."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._file = file
        self._position = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _next(self, size: int) -> bytes:
        """Return from 1 to `size` bytes, and none at the end."""
        raise NotImplementedError


class _Rewound(_Stream):
    """A file whose first bytes have been read; it may be a pipe, which can't seek."""

    def __init__(self, head: bytes, file: io.BufferedIOBase) -> None:
        super().__init__(file)
        self._head = head

    def _next(self, size: int) -> bytes:
        if not self._head:
            return self._file.read1(size)
        data, self._head = self._head[:size], self._head[size:]
        return data


class _Decompressed(_Stream):
    """The content of one or more bz2 or xz streams, one after the other.

    The files of the standard library end silently where a further stream is damaged.
    """

    def __init__(self, file: io.BufferedIOBase, is_xz: bool) -> None:
        super().__init__(file)
        self._is_xz = is_xz
        self._decompressor = self._new()

    def _new(self) -> Any:
        if self._is_xz:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, MAX_XZ_BYTES)
        return bz2.BZ2Decompressor()

    def _next(self, size: int) -> bytes:
        data = b""
        while not data:
            packed = self._packed()
            if packed is None:
                return b""
            try:
                data = self._decompressor.decompress(packed, size)
            except (OSError, lzma.LZMAError) as error:
                raise DamagedError(str(error)) from error
        return data

    def _packed(self) -> bytes | None:
        """Return compressed bytes, none if they aren't needed, or None at the end."""
        packed = b""
        if self._decompressor.eof:
            packed = self._decompressor.unused_data.lstrip(b"\0")  # padding of xz
            while not packed:
                if not (block := self._file.read(BLOCK)):
                    return None
                packed = block.lstrip(b"\0")
            self._decompressor = self._new()
        elif self._decompressor.needs_input and not (packed := self._file.read(BLOCK)):
            raise DamagedError("the file ends within a compressed stream")
        return packed


def decompressed(
    file: io.BufferedReader,
) -> tuple[io.BufferedReader | gzip.GzipFile, str]:
    """Decompress a file if it begins like a compressed one, whatever its name.

    Parameters
    ----------
    file : io.BufferedReader

    Returns
    -------
    file : io.BufferedReader or gzip.GzipFile
    compression : {"gzip", "bz2", "xz", ""}
    """
    head = file.peek(HEAD_BYTES)[:HEAD_BYTES]
    whole = file
    if len(head) < HEAD_BYTES:  # a short file, or a pipe, from which more may come
        head = file.read(HEAD_BYTES)
        whole = io.BufferedReader(_Rewound(head, file))
    if head.startswith(GZIP):
        return gzip.GzipFile(fileobj=whole), "gzip"
    if head.startswith(XZ):
        return io.BufferedReader(_Decompressed(whole, is_xz=True), BLOCK), "xz"
    # A bz2 file may be cut, and a word may begin with "BZh9".
    if BZ2.match(head) and any(each.startswith(head[4:10]) for each in BZ2_BLOCKS):
        return io.BufferedReader(_Decompressed(whole, is_xz=False), BLOCK), "bz2"
    return whole, ""
