"""MurmurHash3, with which floret and spaCy hash the pieces of words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..corpus.words import CODEC

BLOCK = 16  # bytes that are mixed at a time
FIRST, SECOND = np.uint64(0x87C37B91114253D5), np.uint64(0x4CF5AD432745937F)


@dataclass(frozen=True)
class MurmurHash3:
    """Hashes strings with the variant of 128 bits for 64-bit machines [1]_.

    Attributes
    ----------
    seed : int
    n_hashes : int
        Number of hashes of each string, from 1 to 4: its 128 bits hold as many.

    References
    ----------
    .. [1] Appleby, A. "SMHasher", https://github.com/aappleby/smhasher.

    Examples
    --------
    >>> MurmurHash3(seed=2166136261, n_hashes=2)(["apple", "피자"])
    array([[3678681678,  214302833],
           [2149559996, 2103912079]], dtype=uint32)
    """

    seed: int
    n_hashes: int

    def __call__(self, strings: Sequence[str]) -> NDArray[np.uint32]:
        """Return the hashes of each string.

        Parameters
        ----------
        strings : sequence of str

        Returns
        -------
        ndarray of shape (n_strings, n_hashes), uint32
        """
        encoded = [string.encode(*CODEC) for string in strings]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        hashes = np.empty((len(encoded), 2), "<u8")
        for length in np.unique(lengths):
            same = np.flatnonzero(lengths == length)
            padded = [encoded[i].ljust(length + -length % BLOCK, b"\0") for i in same]
            blocks = np.frombuffer(b"".join(padded), "<u8").astype(np.uint64)
            hashes[same] = _hash(blocks.reshape(len(same), -1, 2), length, self.seed)
        return hashes.view("<u4")[:, : self.n_hashes].astype(np.uint32)


def _hash(blocks: NDArray[np.uint64], length: int, seed: int) -> NDArray[np.uint64]:
    """Hash strings of one length, which zeros complete to whole blocks."""
    one, two = np.full((2, len(blocks)), seed, np.uint64)
    for number in range(blocks.shape[1]):
        one ^= _rotated(blocks[:, number, 0] * FIRST, 31) * SECOND
        if number < length // BLOCK:
            one = (_rotated(one, 27) + two) * np.uint64(5) + np.uint64(0x52DCE729)
        two ^= _rotated(blocks[:, number, 1] * SECOND, 33) * FIRST
        if number < length // BLOCK:
            two = (_rotated(two, 31) + one) * np.uint64(5) + np.uint64(0x38495AB5)
    one, two = one ^ np.uint64(length), two ^ np.uint64(length)
    one = one + two
    two = two + one
    one, two = _finished(one), _finished(two)
    one = one + two
    return np.stack([one, two + one], axis=1)


def _rotated(numbers: NDArray[np.uint64], n_bits: int) -> NDArray[np.uint64]:
    return numbers << np.uint64(n_bits) | numbers >> np.uint64(64 - n_bits)


def _finished(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Let each bit of the input change about half of the bits."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        numbers = (numbers ^ numbers >> np.uint64(33)) * np.uint64(factor)
    return numbers ^ numbers >> np.uint64(33)
