"""`skw2v.load` refuses truncated, damaged and forged files."""

import json
import pickle
import re
import tracemalloc

import numpy as np
import pytest
from fuzz_native import fuzz
from safetensors.numpy import load, save_file

import skw2v
from skw2v import SkipGramVectorizer, WordVectors


@pytest.fixture(scope="module")
def content(texts, tmp_path_factory):
    """Return the bytes of a saved model of 16 words."""
    path = tmp_path_factory.mktemp("saved") / "model.safetensors"
    vectorizer = SkipGramVectorizer(
        n_components=4, min_count=1, subsample=0, max_iter=3, random_state=0
    )
    skw2v.save(vectorizer.fit(texts), path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def split_file(content):
    """Return the header of a file, as a dict, and its data."""
    end = 8 + int.from_bytes(content[:8], "little")
    return json.loads(content[8:end]), content[end:]


def join_file(header, data, padding=0):
    """Return a file of a header, given as a dict or as bytes, and data."""
    if isinstance(header, dict):
        header = json.dumps(header).encode()
    header += b" " * padding
    return len(header).to_bytes(8, "little") + header + data


def assert_refused(path, content, message):
    """Assert that loading raises an error of one line that names the file."""
    path.write_bytes(content)
    prefix = re.escape(f"{path} can't be loaded: ")
    with pytest.raises(ValueError, match=f"^{prefix}.*{message}") as refused:
        skw2v.load(path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 1500


# Format


FORMAT = "it is not in the safetensors format, or"


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 500, -1])
def test_a_truncated_file_is_refused(content, path, size):
    assert_refused(path, content[:size], FORMAT)


def test_data_after_the_arrays_is_refused(content, path):
    assert_refused(path, content + b"\0", FORMAT)


@pytest.mark.parametrize("length", [0, 1, 10**6, 2**31, 2**63 - 1, 2**64 - 1])
def test_a_wrong_header_length_is_refused(content, path, length):
    tracemalloc.start()
    assert_refused(path, length.to_bytes(8, "little") + content[8:], FORMAT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10**6


def test_a_long_header_is_refused_before_it_is_read(path):
    array = b'"%07d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
    header = b"{" + b",".join(array % i for i in range(30_000)) + b"}"
    tracemalloc.start()
    assert_refused(
        path, join_file(header, b""), "a header of more than 1,000,000 bytes"
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(header) + 10**6  # the test itself holds one copy


@pytest.mark.parametrize(
    "other",
    [
        b"up 1 2\ndown -1 -2\n",
        b"2 3\nup \0\0\0\0",
    ],
)
def test_another_format_is_refused(path, other):
    assert_refused(path, other, f"{FORMAT}.*skw2v.io reads files of word2vec and GloVe")


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (pickle.dumps({"a": 1}), "a pickle"),
        (b"PK\3\4" * 20, "a zip archive; unpack it"),
        (b"\x93NUMPY" + b"\1" * 20, "an .npy array of NumPy"),
    ],
)
def test_some_other_formats_are_named(path, other, what):
    assert_refused(path, other, f"{FORMAT} is damaged; it seems to be {what}")


def test_safetensors_files_of_other_programs_are_refused(path):
    for metadata in (None, {"format": "pt"}, {"class": "Word2VecVectorizer"}):
        save_file({"weight": np.zeros(3)}, path, metadata)
        assert_refused(
            path, path.read_bytes(), "holds none of CBOWVectorizer, SkipGramVec"
        )


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("embeddings_", {"shape": [4, 16]}, r"the shape \(4, 16\), where"),
        ("embeddings_", {"shape": [8, 2, 4]}, r"the shape \(8, 2, 4\), where"),
        ("embeddings_", {"shape": [2**62, 2**62]}, FORMAT),
        ("embeddings_", {"shape": [-16, -4]}, FORMAT),
        ("embeddings_", {"shape": [2**40, 4]}, FORMAT),
        ("embeddings_", {"data_offsets": [0, 256]}, FORMAT),
        ("embeddings_", {"data_offsets": [2**63, 2**64]}, FORMAT),
        ("embeddings_", {"data_offsets": [256, 0]}, FORMAT),
        ("embeddings_", {"dtype": "F64", "shape": [16, 2]}, "is of dtype float64"),
        (
            "embeddings_",
            {"dtype": "F16", "shape": [16, 8]},
            r"the shape \(16, 8\), where",
        ),
        ("embeddings_", {"dtype": "BF16", "shape": [16, 8]}, "is of dtype BF16"),
        ("word_counts_", {"dtype": "F16", "shape": [16, 4]}, "is of dtype float32"),
        ("embeddings_", {"dtype": "F33"}, FORMAT),
        ("embeddings_", None, "arrays lack"),
        ("word_counts_", {"dtype": "F64"}, "word_counts_ is of dtype float64"),
        ("word_counts_", {"shape": [1, 16]}, r"has the shape \(1, 16\)"),
        ("loss_curve_", {"shape": [3, 1]}, r"has the shape \(3, 1\)"),
        ("word_offsets", {"shape": [17, 1]}, "don't split the bytes"),
        ("word_offsets", {"shape": []}, FORMAT),
        ("words", {"dtype": "BOOL"}, "is of dtype BOOL"),
        ("words", {"shape": [63, 1]}, "don't split the bytes"),
    ],
)
def test_a_wrong_entry_in_the_header_is_refused(content, path, name, change, message):
    header, data = split_file(content)
    entry = header.pop(name)
    if change is not None:
        header[name] = entry | change
    else:
        header["other"] = entry
    assert_refused(path, join_file(header, data), message)


def test_overlapping_arrays_are_refused(content, path):
    header, data = split_file(content)
    header["output_embeddings_"]["data_offsets"] = header["embeddings_"]["data_offsets"]
    assert_refused(path, join_file(header, data), FORMAT)


def test_error_names_a_missing_array(content, path):
    header, data = split_file(content)
    start, stop = header["words"]["data_offsets"]
    del header["words"]
    assert stop == len(data)  # it is the last array
    assert_refused(path, join_file(header, data[:start]), r"arrays lack \['words'\]")


def test_unaligned_arrays_are_read(content, path, texts):
    path.write_bytes(content)
    aligned = skw2v.load(path)
    header, data = split_file(content)
    padding = next(n for n in range(8) if len(join_file(header, b"", n)) % 4 == 1)
    other = path.with_name("other.safetensors")
    other.write_bytes(join_file(header, data, padding))
    unaligned = skw2v.load(other)
    assert unaligned.embeddings_.flags.aligned
    np.testing.assert_array_equal(unaligned.embeddings_, aligned.embeddings_)
    np.testing.assert_array_equal(unaligned.transform(texts), aligned.transform(texts))


@pytest.mark.parametrize(
    "header", [b"", b"{", b"[]", b"5", b'{"a": 1}', b"\xff", b"{}"]
)
def test_a_header_that_does_not_describe_arrays_is_refused(path, header):
    assert_refused(path, join_file(header, b""), "")


def test_an_array_that_occurs_twice_is_refused(content, path):
    header, data = split_file(content)
    entry = json.dumps({"words": header["words"]})[1:-1]
    twice = json.dumps(header)[:-1] + f", {entry}}}"
    assert_refused(path, join_file(twice.encode(), data), "a name occurs twice")


# Inconsistent arrays


def array_of(content, name):
    """Return a copy of an array for a test to change."""
    return load(content)[name].copy()


def replace(content, name, values):
    """Return the file with other values of an array."""
    header, data = split_file(content)
    start, stop = header[name]["data_offsets"]
    values = values.tobytes()
    assert len(values) == stop - start
    return join_file(header, data[:start] + values + data[stop:])


@pytest.mark.parametrize("name", ["embeddings_", "output_embeddings_"])
@pytest.mark.parametrize(
    "values", [[np.nan], [np.inf], [-np.inf], [np.inf, -np.inf]], ids=str
)
def test_nonfinite_numbers_are_refused(content, path, name, values):
    matrix = array_of(content, name)
    matrix[-len(values) :, -1] = values
    assert_refused(
        path, replace(content, name, matrix), f"{name} contains (NaN|infinity)"
    )


@pytest.mark.parametrize(
    "change",
    [
        {0: 1},
        {0: -1},
        {-1: 0},
        {-1: 10**9},
        {3: 10**9},
        {3: -(2**63), 4: -1},
        {3: 2**63 - 1},
    ],
    ids=str,
)
def test_offsets_that_do_not_split_the_words_are_refused(content, path, change):
    offsets = array_of(content, "word_offsets")
    for row, offset in change.items():
        offsets[row] = offset
    message = "word_offsets don't split the bytes"
    assert_refused(path, replace(content, "word_offsets", offsets), message)


def test_words_without_offsets_are_refused(path):
    skw2v.save(WordVectors([], np.empty((0, 2))), path)
    arrays, (header, _) = load(path.read_bytes()), split_file(path.read_bytes())
    arrays["word_offsets"] = np.empty(0, np.int64)
    save_file(arrays, path, header["__metadata__"])
    assert_refused(path, path.read_bytes(), "don't split the bytes")


def test_a_word_that_occurs_twice_is_refused(content, path):
    offsets = array_of(content, "word_offsets")
    offsets[1:3] = offsets[0]  # two empty words
    assert_refused(
        path, replace(content, "word_offsets", offsets), "words holds '' twice"
    )


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xc0\x80", b"\xf4\x90\x80\x80"])
def test_words_that_are_not_utf8_are_refused(content, path, bad):
    words = array_of(content, "words")
    words[: len(bad)] = list(bad)
    assert_refused(path, replace(content, "words", words), "'utf-8' codec can't decode")


@pytest.mark.parametrize("counts", [[-1], [2**62, 2**62], None], ids=str)
def test_impossible_counts_are_refused(content, path, counts):
    stored = array_of(content, "word_counts_")
    stored[: len(counts or stored)] = counts or 0
    message = "word_counts_ are not numbers of tokens"
    assert_refused(path, replace(content, "word_counts_", stored), message)


def test_a_table_with_nan_is_refused(path):
    skw2v.save(WordVectors(["up", "down"], [[1.0, 2.0], [3.0, 4.0]]), path)
    vectors = np.array([[1, 2], [3, np.nan]], np.float32)
    assert_refused(path, replace(path.read_bytes(), "vectors", vectors), "vectors")


def test_a_table_with_infinity_in_float16_is_refused(path):
    skw2v.save(
        WordVectors(["up", "down"], [[1.0, 2.0], [3.0, 4.0]]), path, dtype="float16"
    )
    vectors = np.array([[1, 2], [np.inf, 4]], np.float16)
    assert_refused(
        path, replace(path.read_bytes(), "vectors", vectors), "in the row of 'down"
    )


def test_a_table_with_more_words_than_rows_is_refused(path):
    skw2v.save(WordVectors(["up", "down"], [[1.0, 2.0], [3.0, 4.0]]), path)
    header, data = split_file(path.read_bytes())
    header["vectors"]["shape"] = [1, 4]
    assert_refused(path, join_file(header, data), "one row for each of the 2 words")


# Invalid parameters and metadata


def change_parameters(content, change):
    header, data = split_file(content)
    metadata = header["__metadata__"]
    parameters = json.loads(metadata["parameters"])
    metadata["parameters"] = json.dumps(change(parameters))
    return join_file(header, data)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"window": 0}, "'window' parameter"),
        ({"window": "5"}, "'window' parameter"),
        ({"window": [[]]}, "'window' parameter"),
        ({"loss": "hinge"}, "'loss' parameter"),
        ({"loss": ["softmax"]}, "'loss' parameter"),
        ({"loss": "hierarchical_softmax"}, "output_embeddings_ has the shape"),
        ({"tokenizer": "os.system"}, "'tokenizer' parameter"),
        ({"random_state": -1}, "'random_state' parameter"),
        ({"subsample": float("nan")}, "'subsample' parameter"),
        ({"negative": 0}, "negative=0 leaves"),
        ({"learning_rate": 1e-9}, "must not exceed"),
        ({"learning_rate": 10**400}, "learning_rate must be a number that a float can"),
        ({"n_components": 10**30}, "n_components must not exceed 65,536"),
        ({"n_components": True}, "embeddings_ has the shape"),
        ({"transform": None}, r"lack \[\] and have the unknown \['transform'\]"),
        ({"vocabulary": ["cat"]}, r"vocabulary is \['cat'\], not a list or a mapping"),
        ({"__class__": "x"}, r"unknown \['__class__'\]"),
        ({f"x{i}": 1 for i in range(10_000)}, "have the unknown .*"),
        ({"x" * 500_000: 1}, "have the unknown .*"),
        ({"vocabulary": "x" * 500_000}, "not a list or a mapping"),
        ({"window": "x" * 500_000}, "'window' parameter"),
        ({"embeddings_": 1}, r"unknown \['embeddings_'\]"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_invalid_parameters_are_refused(content, path, parameters, message):
    assert_refused(
        path, change_parameters(content, lambda given: given | parameters), message
    )


def test_error_names_a_missing_parameter(content, path):
    def without_window(parameters):
        del parameters["window"]
        return parameters

    assert_refused(
        path, change_parameters(content, without_window), r"lack \['window'\]"
    )


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"class": "object"}, "holds none of"),
        ({"class": "WordVectors"}, r"arrays lack \['vectors'\]"),
        ({"version": "nonsense"}, "was stored by skw2v nonsense, which"),
        ({"parameters": ""}, "its JSON is malformed"),
        ({"parameters": "[1]"}, "holds no parameters"),
        ({"parameters": "[" * 10**5}, "its JSON is malformed"),
        ({"parameters": "9" * 10**4}, "its JSON is malformed"),
        ({"parameters": '{"window": 1, "window": 2}'}, "a name occurs twice"),
        ({"output": "excel"}, "output 'excel' is none of"),
        ({"output": "x" * 500_000}, "output 'xxx.*' is none of"),
        ({"version": "x" * 500_000}, "was stored by skw2v xxx"),
        ({"parameters": "x" * 500_000}, "its JSON is malformed"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_invalid_metadata_is_refused(content, path, metadata, message):
    header, data = split_file(content)
    header["__metadata__"].update(metadata)
    assert_refused(path, join_file(header, data), message)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("class", "holds none of"),
        ("version", "without the version of skw2v"),
        ("parameters", "holds no parameters"),
    ],
)
def test_missing_metadata_is_refused(content, path, name, message):
    header, data = split_file(content)
    del header["__metadata__"][name]
    assert_refused(path, join_file(header, data), message)


def test_missing_files_and_folders_raise_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        skw2v.load(tmp_path / "nowhere")
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        skw2v.load(tmp_path)


def test_a_file_descriptor_is_refused_and_stays_open(path, content):
    path.write_bytes(content)
    with open(path, "rb") as file:
        with pytest.raises(TypeError, match="not int"):
            skw2v.load(file.fileno())
        assert file.read() == content


# Random damage


def test_a_damaged_file_is_refused_or_loads_completely():
    outcomes, _, _ = fuzz(300)
    assert outcomes["refused"] > 100
    assert outcomes["read"] > 20
