"""Tables that compose unknown words, through `skw2v.save` and `skw2v.load`."""

import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import skw2v
from skw2v import JamoNGrams, WordVectors
from skw2v.text.murmur import MurmurHash3
from skw2v.text.subwords import NGrams, Subwords, WordAndNGrams
from skw2v.word_vectors.pieces import PieceVectors

WORDS = ["where", "피자"]
SUBWORDS = [
    Subwords(NGrams(3, 6), 9),
    Subwords(JamoNGrams(), 9),
    Subwords(WordAndNGrams(1, 2), 9, MurmurHash3(7, 4)),
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.safetensors"


def frozen(array):
    array.flags.writeable = False
    return array


def table(subwords, words=WORDS):
    rng = np.random.default_rng(0)
    rows = frozen(rng.normal(size=(9, 3)).astype(np.float32))
    vectors = rng.normal(size=(len(words), 3))
    return WordVectors(words, vectors, PieceVectors(subwords, rows))


@pytest.mark.parametrize("subwords", SUBWORDS)
@pytest.mark.parametrize("words", [WORDS, []])
def test_pieces_are_restored(path, subwords, words):
    saved = table(subwords, words)
    skw2v.save(saved, path)
    loaded = skw2v.load(path)
    assert loaded == saved
    assert loaded.pieces.subwords == subwords
    np.testing.assert_array_equal(loaded["학교에서"], saved["학교에서"])


def test_pieces_may_be_saved_as_float16(path):
    saved = table(SUBWORDS[0])
    skw2v.save(saved, path, dtype="float16")
    rounded = saved.pieces.rows.astype(np.float16)
    np.testing.assert_array_equal(skw2v.load(path).pieces.rows, rounded)


def test_a_function_that_cuts_words_is_not_saved(path):
    with pytest.raises(TypeError, match="can't store the subwords <class 'list'>"):
        skw2v.save(table(Subwords(list, 9)), path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pieces": "eval"}, "its subwords are"),
        ({"pieces": ["NGrams"]}, "its subwords are"),
        ({"pieces": "JamoNGrams"}, "its subwords are"),
        ({"shortest": 0}, "its subwords are"),
        ({"shortest": True}, "its subwords are"),
        ({"longest": 2.5}, "its subwords are"),
        ({"longest": -1}, "its subwords are"),
        ({"longest": 2**40}, "its subwords are"),
        ({"seed": 1}, "its subwords are"),
        ({"seed": 1, "n_hashes": 5}, "its subwords are"),
        ({"seed": 2**32, "n_hashes": 1}, "its subwords are"),
        ({"other": 1}, "its subwords are"),
        (None, "its subwords are"),
    ],
)
def test_damaged_settings_are_refused(path, change, message):
    skw2v.save(table(SUBWORDS[0]), path)
    with safe_open(path, "numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    plain = json.loads(metadata["subwords"])
    metadata["subwords"] = json.dumps(change and plain | change)
    save_file(arrays, path, metadata)
    with pytest.raises(ValueError, match=f"can't be loaded: {message}"):
        skw2v.load(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((9, 2), np.float32), r"has the shape \(9, 2\), and vectors has"),
        (np.zeros((0, 3), np.float32), r"has the shape \(0, 3\), and vectors has"),
        (np.zeros(3, np.float32), r"has the shape \(3,\), and vectors has"),
        (np.full((9, 3), np.nan, np.float32), "holds NaN or infinity"),
        (np.full((9, 3), 3e38, np.float32), "a vector too long for float32"),
        (np.zeros((9, 3)), "is of dtype float64"),
    ],
)
def test_damaged_vectors_of_pieces_are_refused(path, rows, message):
    skw2v.save(table(SUBWORDS[0]), path)
    with safe_open(path, "numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    save_file(arrays | {"bucket_vectors": rows}, path, metadata)
    with pytest.raises(ValueError, match=f"bucket_vectors.* {message}"):
        skw2v.load(path)
