"""Vectors of pieces in the files of `skw2v.save`: arrays, and how words are cut."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.murmur import MurmurHash3
from ..text.subwords import (
    Hashes,
    JamoNGrams,
    NGrams,
    Pieces,
    Subwords,
    WordAndNGrams,
    fnv1a,
)
from ..word_vectors.cosines import lengths_of
from ..word_vectors.pieces import PieceVectors
from .tensors import read_json

CUTTERS: dict[str, Any] = {
    cls.__name__: cls for cls in (JamoNGrams, NGrams, WordAndNGrams)
}
# The lowest and the highest value of each setting.
RANGES = {
    "shortest": (1, 2**31),
    "longest": (0, 2**31),
    "seed": (0, 2**32 - 1),
    "n_hashes": (1, 4),
}


def pack_pieces(
    pieces: PieceVectors | None,
) -> tuple[dict[str, NDArray], dict[str, str]]:
    """Return the arrays and the metadata of vectors of pieces.

    Parameters
    ----------
    pieces : PieceVectors or None

    Returns
    -------
    arrays : dict of str to ndarray
    metadata : dict of str to str

    Raises
    ------
    TypeError
        Words are cut by a function, which is no plain data.
    """
    if pieces is None:
        return {}, {}
    subwords: Any = pieces.subwords
    cutter, hashes = subwords.pieces, subwords.hashes
    name = type(cutter).__name__
    if CUTTERS.get(name) is not type(cutter):
        raise TypeError(
            f"save can't store the subwords {shortened(cutter)}, because a file holds "
            "no code; store the vectors with joblib instead."
        )
    plain = {"pieces": name, **asdict(cutter)}
    plain |= {} if hashes is fnv1a else asdict(hashes)
    return {"bucket_vectors": pieces.rows}, {"subwords": json.dumps(plain)}


def bucket_arrays(metadata: Mapping[str, str]) -> dict[str, type]:
    """Return the arrays that vectors of pieces have in a file, and their dtypes."""
    return {"bucket_vectors": np.float32} if "subwords" in metadata else {}


def unpack_pieces(
    arrays: Mapping[str, NDArray], metadata: Mapping[str, str]
) -> PieceVectors | None:
    """Return the vectors of pieces of a file, which is untrusted.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Those of `pack_pieces`, and the "vectors" of the words.
    metadata : mapping of str to str
        See `pack_pieces`.

    Returns
    -------
    PieceVectors or None

    Raises
    ------
    ValueError
        They are not what `pack_pieces` returns.
    """
    if "subwords" not in metadata:
        return None
    rows, shape = arrays["bucket_vectors"], arrays["vectors"].shape
    if rows.ndim != 2 or not len(rows) or rows.shape[1:] != shape[1:]:
        raise ValueError(
            f"bucket_vectors has the shape {rows.shape}, and vectors has {shape}."
        )
    if not np.isfinite(lengths_of(rows)).all():
        raise ValueError(
            "bucket_vectors holds NaN or infinity, or a vector too long for float32."
        )
    pieces, hashes = _cutter_and_hashes(read_json(metadata["subwords"]))
    return PieceVectors(Subwords(pieces, len(rows), hashes), rows)


def _cutter_and_hashes(plain: Any) -> tuple[Pieces, Hashes]:
    """Return how words are cut, and how their pieces are hashed."""
    if isinstance(plain, dict) and plain.get("pieces") in list(CUTTERS):
        cls = CUTTERS[plain.pop("pieces")]
        names = [field.name for field in fields(cls)]
        for hash_names in ([], ["seed", "n_hashes"]):
            expected = [*names, *hash_names]
            if plain.keys() == set(expected) and all(map(_is_setting, plain.items())):
                cutter = cls(**{name: plain[name] for name in names})
                murmur = {name: plain[name] for name in hash_names}
                return cutter, MurmurHash3(**murmur) if murmur else fnv1a
    raise ValueError(f"its subwords are {shortened(plain)}.")


def _is_setting(item: tuple[str, Any]) -> bool:
    """Return whether a number is in its range."""
    lowest, highest = RANGES[item[0]]
    return type(item[1]) is int and lowest <= item[1] <= highest
