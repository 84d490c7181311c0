"""Round trips through `skw2v.save` and `skw2v.load`."""

import copy
import errno
import os
import pickle
import re
import shutil
from collections import OrderedDict
from reprlib import repr as shortened
from types import MappingProxyType

import joblib
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import skw2v
from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors
from skw2v.training.losses import LOSSES
from skw2v.vectorizers.parameters import ANALYZER_PARAMETERS


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def assert_same(loaded, saved):
    """Assert that all attributes have the same type and are equal bit for bit."""
    assert type(loaded) is type(saved)
    assert vars(loaded).keys() == vars(saved).keys()
    for name, value in vars(saved).items():
        other = getattr(loaded, name)
        assert type(other) is type(value), name
        np.testing.assert_array_equal(other, value, err_msg=name)
        if isinstance(value, np.ndarray):
            assert other.dtype == value.dtype
    assert list(loaded.vocabulary_.items()) == list(saved.vocabulary_.items())


def predict(vectorizer):
    if isinstance(vectorizer, CBOWVectorizer):
        return vectorizer.predict_center(["cat", "stocks"])
    return vectorizer.predict_context("cat")


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loaded_model_equals_the_saved_one(make, texts, path, loss):
    saved = make(loss=loss, stop_words=["and"], n_components=np.int64(3)).fit(texts)
    assert skw2v.save(saved, path) is None
    loaded = skw2v.load(os.fspath(path))
    assert loaded.get_params() == saved.get_params()
    loaded.n_components = saved.n_components  # a NumPy int is loaded as an int
    assert_same(loaded, saved)
    np.testing.assert_array_equal(loaded.transform(texts), saved.transform(texts))
    assert loaded.word_vectors().words == saved.word_vectors().words
    assert loaded.word_vectors().most_similar("cat") == (
        saved.word_vectors().most_similar("cat")
    )
    assert predict(loaded) == predict(saved)
    assert list(loaded.get_feature_names_out()) == list(saved.get_feature_names_out())


def test_the_explanation_is_the_same_after_loading(make, texts, path):
    saved = make(loss="softmax").fit(texts)
    skw2v.save(saved, path)
    assert str(skw2v.load(path).explain(texts[3])) == str(saved.explain(texts[3]))


def test_a_model_of_one_word_is_restored(make, path):
    with pytest.warns(UserWarning, match="training saw 0 pairs of words"):
        saved = make(loss="hierarchical_softmax").fit([["only"]])
    assert np.isnan(saved.loss_curve_).all()
    skw2v.save(saved, path)
    assert_same(skw2v.load(path), saved)


def test_word_vectors_are_restored(path):
    saved = WordVectors(["up", "위", ""], np.arange(6, dtype=float).reshape(2, 3).T / 7)
    skw2v.save(saved, path)
    loaded = skw2v.load(path)
    assert type(loaded) is WordVectors
    assert loaded.words == saved.words
    np.testing.assert_array_equal(loaded.vectors, saved.vectors)
    assert loaded.vectors.dtype == np.float32


def test_an_empty_table_is_restored(path):
    skw2v.save(WordVectors([], np.empty((0, 5))), path)
    assert skw2v.load(path).vectors.shape == (0, 5)


def test_noncontiguous_vectors_are_restored(path):
    table = np.arange(24, dtype=np.float32).reshape(4, 6)
    table.flags.writeable = False
    for vectors in (table[::2, ::3], table.T, table[::-1]):
        words = [f"w{i}" for i in range(len(vectors))]
        skw2v.save(WordVectors(words, vectors), path)
        np.testing.assert_array_equal(skw2v.load(path).vectors, vectors)


def random_word(rng):
    """Return characters of all planes, including controls and lone surrogates."""
    highest = [0x20, 0x80, 0x800, 0x10000, 0x110000]
    return "".join(
        chr(rng.integers(rng.choice(highest))) for _ in range(rng.integers(9))
    )


@pytest.mark.parametrize("seed", range(5))
def test_words_may_contain_any_character(path, seed):
    rng = np.random.default_rng(seed)
    special = ["", "\0", "\n", "\r\n", " ", "\ud800", "\udc00\ud800", "\ud83d\ude00"]
    words = sorted({*special, *(random_word(rng) for _ in range(300))})
    rng.shuffle(words)
    skw2v.save(WordVectors(words, np.zeros((len(words), 1))), path)
    assert list(skw2v.load(path).words) == words


# Files in float16


@pytest.mark.parametrize("dtype", ["float16", np.float16, np.dtype("float16")])
def test_a_file_of_float16_holds_the_rounded_model(make, texts, path, dtype):
    expected = make(loss="softmax").fit(texts)
    skw2v.save(expected, path, dtype=dtype)
    for name in ("embeddings_", "output_embeddings_"):
        rounded = getattr(expected, name).astype(np.float16)
        assert (load_file(path)[name] == rounded).all()
        setattr(expected, name, rounded.astype(np.float32))
    assert_same(skw2v.load(path), expected)
    assert not skw2v.load(path).embeddings_.flags.writeable


def test_float16_halves_the_size_of_a_table(path, tmp_path):
    vectors = np.random.default_rng(0).normal(size=(500, 200))
    saved = WordVectors(map(str, range(500)), vectors)
    skw2v.save(saved, path)
    half = tmp_path / "half.safetensors"
    skw2v.save(saved, half, dtype="float16")
    assert path.stat().st_size - half.stat().st_size == 500 * 200 * 2
    loaded = skw2v.load(half)
    assert loaded.vectors.dtype == np.float32
    np.testing.assert_allclose(loaded.vectors, vectors, rtol=2**-11, atol=2**-25)
    again = tmp_path / "again.safetensors"
    skw2v.save(loaded, again, dtype="float16")  # rounding again changes nothing
    assert again.read_bytes() == half.read_bytes()


def test_numbers_too_large_for_float16_are_refused(path):
    skw2v.save(WordVectors(["up"], [[65_504.0, 1e-9]]), path, dtype="float16")
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"holds numbers up to 7e\+04, and float16"):
        skw2v.save(WordVectors(["up"], [[1, -70_000.0]]), path, dtype="float16")
    assert path.read_bytes() == before


@pytest.mark.parametrize("dtype", ["float64", np.int8, None])
def test_other_dtypes_are_refused(path, dtype):
    with pytest.raises(ValueError, match="dtype must be float32 or float16; got"):
        skw2v.save(WordVectors(["up"], [[1.0]]), path, dtype=dtype)
    assert not path.exists()


# Parameters


@pytest.mark.parametrize(
    "parameters",
    [
        {"subsample": 0.1 + 0.2, "ns_exponent": -1e-300},
        {"learning_rate": np.nextafter(0.1, 1), "subsample": np.float32(0.1)},
        {"shrink_windows": np.bool_(False), "window": np.int8(3), "n_jobs": 2},
        {"random_state": 2**32 - 1, "max_features": 10**30, "batch_size": 7},
        {"stop_words": "english", "strip_accents": "unicode", "analyzer": "char_wb"},
        {"stop_words": ["\ud800", "\n", '"', "피자"], "token_pattern": r'"?(\w\\+)\0'},
    ],
)
def test_parameters_are_restored(make, texts, path, parameters):
    of_text = parameters.keys() & ANALYZER_PARAMETERS
    trained = {name: parameters[name] for name in parameters.keys() - of_text}
    saved = make(**trained).fit(texts).set_params(**parameters)
    skw2v.save(saved, path)
    assert skw2v.load(path).get_params() == saved.get_params()


@pytest.mark.parametrize(
    "parameters",
    [
        {"subsample": 0.1 + 0.2, "ns_exponent": np.float32(0.7), "window": 3},
        {"subsample": 0, "learning_rate": np.nextafter(0.1, 1), "negative": np.int8(3)},
        {"shrink_windows": np.bool_(False), "batch_size": np.int64(2), "max_iter": 2},
        {"learning_rate": "auto", "batch_size": "auto", "min_learning_rate": 0},
    ],
)
def test_what_was_fitted_comes_back(make, texts, path, parameters):
    saved = make(**parameters).fit(texts)
    skw2v.save(saved, path)
    loaded = skw2v.load(path)
    assert loaded.hyperparameters_ == saved.hyperparameters_
    for name, value in loaded.hyperparameters_.items():
        was = saved.hyperparameters_[name]
        assert type(value) is type(was.item() if isinstance(was, np.generic) else was)
    assert loaded.score(texts) == saved.score(texts)
    assert predict(loaded) == predict(saved)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_components": 5}, "n_components was changed after fit, from 4 to 5,"),
        ({"loss": "softmax"}, "loss was changed .* from 'negative_sampling' to 'soft"),
        ({"window": 9}, r"window was .* to 9, .* set it back with set_params\(window="),
        (
            {"learning_rate": 0.5},
            "learning_rate was changed after fit, from 0.0[0-9]+ ",
        ),
        ({"batch_size": 9999}, "batch_size was changed after fit, from 16 to 9999"),
        ({"max_iter": 99}, "max_iter was changed after fit"),
    ],
    ids=str,
)
def test_parameters_that_were_changed_after_fit_are_named(
    make, texts, path, parameters, message
):
    saved = make(loss="negative_sampling", learning_rate=0.05).fit(texts)
    saved.set_params(**parameters)
    with pytest.raises(ValueError, match=message):
        skw2v.save(saved, path)
    assert not path.exists()
    (name,) = parameters
    skw2v.save(saved.set_params(**{name: saved.hyperparameters_[name]}), path)


def test_a_parameter_may_change_to_what_auto_was(make, texts, path):
    saved = make(batch_size="auto", learning_rate="auto").fit(texts)
    saved.set_params(
        batch_size=saved.hyperparameters_["batch_size"],
        learning_rate=saved.hyperparameters_["learning_rate"],
        verbose=1,
        lowercase=False,
    )
    skw2v.save(saved, path)
    assert skw2v.load(path).hyperparameters_ == saved.hyperparameters_


WORDS = ["mouse", "cat", "피자"]
ROWS = {word: row for row, word in enumerate(WORDS)}


@pytest.mark.filterwarnings("ignore::skw2v.exceptions.LowCoverageWarning")
@pytest.mark.parametrize(
    ("vocabulary", "expected"),
    [
        (WORDS, WORDS),
        (tuple(WORDS), WORDS),
        (set(WORDS), sorted(WORDS)),
        (np.array(WORDS), WORDS),
        (ROWS.keys(), WORDS),
        (ROWS, ROWS),
        (OrderedDict(ROWS), ROWS),
        (MappingProxyType(ROWS), ROWS),
        ({"mouse": np.int64(1), "cat": np.int64(0)}, {"mouse": 1, "cat": 0}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_given_vocabulary_is_restored(make, texts, path, vocabulary, expected):
    saved = make(vocabulary=vocabulary).fit(texts)
    skw2v.save(saved, path)
    loaded = skw2v.load(path)
    assert loaded.vocabulary == expected
    assert type(loaded.vocabulary) is type(expected)
    assert list(loaded.vocabulary_) == list(saved.vocabulary_)
    np.testing.assert_array_equal(loaded.fit_transform(texts), saved.transform(texts))


def test_a_given_vocabulary_may_be_large(make, texts, path):
    words = ["cat", *(f"word{i}" for i in range(100_000))]
    with pytest.warns(UserWarning, match="training saw 4 pairs of words"):
        saved = make(vocabulary=words).fit(texts)
    skw2v.save(saved, path)
    assert skw2v.load(path).vocabulary == words


@pytest.mark.parametrize("container", ["pandas", "polars", "default"])
def test_the_output_container_is_restored(make, texts, path, container):
    saved = make().fit(texts).set_output(transform=container)
    skw2v.save(saved, path)
    expected, result = saved.transform(texts), skw2v.load(path).transform(texts)
    assert type(result) is type(expected)
    np.testing.assert_array_equal(result, expected)


# Models that can't be saved


class Own(SkipGramVectorizer):
    """A subclass, whose name a file can't hold."""


@pytest.mark.parametrize(
    "parameters",
    [
        {"tokenizer": str.split},
        {"preprocessor": str.lower},
        {"strip_accents": str.lower},
        {"analyzer": str.split},
        {"random_state": np.random.RandomState(0)},
        {"stop_words": [b"and"]},
    ],
)
def test_error_names_a_parameter_that_is_not_plain_data(make, texts, path, parameters):
    saved = make().fit(texts).set_params(**parameters)
    ((name, value),) = parameters.items()
    message = re.escape(f"{name}={shortened(value)} can't be saved")
    advice = "which takes functions with a name in a module, but no lambda"
    with pytest.raises(TypeError, match=message) as refused:
        skw2v.save(saved, path)
    assert callable(value) == (advice in str(refused.value))
    assert not path.exists()


def test_the_advice_for_a_lambda_works(make, texts, path):
    split = lambda text: text.split()  # noqa: E731
    saved = make(tokenizer=split, token_pattern=None).fit(texts)
    expected = saved.transform(texts)
    with pytest.raises(TypeError, match="set another value before saving and this one"):
        skw2v.save(saved, path)
    skw2v.save(saved.set_params(tokenizer=None), path)
    loaded = skw2v.load(path).set_params(tokenizer=split)
    np.testing.assert_array_equal(loaded.transform(texts), expected)
    joblib.dump(saved.set_params(tokenizer=str.split), path)
    np.testing.assert_array_equal(joblib.load(path).transform(texts), expected)


@pytest.mark.parametrize(
    "parameters",
    [
        {"stop_words": [f"word{i}" for i in range(100_000)]},
        {"stop_words": [b"word"] * 100_000},
        {"stop_words": tuple(map(str, range(100_000)))},
        {"token_pattern": "x" * 2_000_000},
        {"window": "x" * 2_000_000},
        {"loss": "x" * 2_000_000},
        {"vocabulary": ["x" * 1_000_000] * 2},
        {"random_state": [0] * 100_000},
    ],
    ids=lambda parameters: str(parameters)[:40],
)
def test_messages_are_short_whatever_the_parameters_hold(make, texts, path, parameters):
    saved = make().fit(texts).set_params(**parameters)
    with pytest.raises((TypeError, ValueError)) as refused:
        skw2v.save(saved, path)
    assert len(str(refused.value)) < 1500
    assert not path.exists()


def test_messages_are_short_whatever_the_dtype_or_the_word(path):
    table = WordVectors(["x" * 1_000_000], [[1e5]])
    for dtype in ("float16", "x" * 1_000_000, [("a", "f4")] * 10_000):
        with pytest.raises(ValueError, match="float16") as refused:
            skw2v.save(table, path, dtype=dtype)
        assert len(str(refused.value)) < 1500


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"n_components": 5}, "n_components was changed after fit, from 4 to 5"),
        ({"loss": "hierarchical_softmax"}, "loss was changed after fit, from"),
        ({"window": 0}, "'window' parameter"),
        ({"min_learning_rate": 1}, "must not exceed"),
        ({"vocabulary": {"cat": 1}}, "no word has the index 0"),
        ({"vocabulary": ["cat"]}, "vocabulary was changed after fit"),
        ({"embeddings_": np.zeros((16, 4))}, "embeddings_ is of dtype float64"),
        ({"embeddings_": np.full((16, 4), np.nan, np.float32)}, "contains NaN"),
        ({"word_counts_": np.arange(3)}, r"word_counts_ has the shape \(3,\)"),
        ({"loss_curve_": []}, r"loss_curve_ has the shape \(0,\)"),
    ],
)
def test_an_invalid_model_is_not_saved(make, texts, path, attributes, message):
    saved = make().fit(texts)
    vars(saved).update(attributes)
    with pytest.raises(ValueError, match=message):
        skw2v.save(saved, path)
    assert not path.exists()


def test_an_unfitted_vectorizer_is_not_saved(make, path):
    with pytest.raises(NotFittedError):
        skw2v.save(make(), path)
    assert not path.exists()


def test_words_that_are_not_strings_are_not_saved(make, texts, path):
    saved = make().fit(texts)
    saved.vocabulary_ = dict(enumerate(saved.vocabulary_))
    with pytest.raises(TypeError, match="words must hold words, of type str; got 0"):
        skw2v.save(saved, path)


def test_a_subclass_is_not_saved(texts, path):
    saved = Own(min_count=1, subsample=0).fit(texts)
    with pytest.raises(TypeError, match="WordVectors; store Own with joblib"):
        skw2v.save(saved, path)
    assert not path.exists()


def test_parameters_that_are_too_long_are_not_saved(make, texts, path):
    saved = make(stop_words=[f"word{i}" for i in range(100_000)]).fit(texts)
    with pytest.raises(ValueError, match="shorten the parameters, such as stop_words"):
        skw2v.save(saved, path)
    assert not path.exists()


# Atomic replacement


def fail(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt(*args, **kwargs):
    raise KeyboardInterrupt


class Unwritable:
    """A file whose second write fails."""

    def __init__(self, file, failure):
        self.file, self.failure, self.writes = file, failure, 0

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.file.close()

    def write(self, data):
        self.writes += 1
        if self.writes == 2:
            self.failure()
        return self.file.write(data)


@pytest.mark.parametrize("failure", [fail, interrupt])
@pytest.mark.parametrize("step", ["open", "write", "fsync", "copymode", "replace"])
def test_a_failed_save_does_not_change_the_old_file(
    make, texts, path, monkeypatch, step, failure
):
    skw2v.save(make().fit(texts), path)
    before = path.read_bytes()
    if step in ("open", "write"):

        def open_or_fail(*args):
            return Unwritable(open(*args), failure) if step == "write" else failure()

        monkeypatch.setattr("skw2v.atomic.open", open_or_fail, raising=False)
    else:
        monkeypatch.setattr(shutil if step == "copymode" else os, step, failure)
    with pytest.raises((OSError, KeyboardInterrupt)):
        skw2v.save(make(max_iter=1).fit(texts), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


# Memory-mapped matrices


@pytest.fixture
def loaded(make, texts, path):
    """Return a loaded model that is mapped from `path`."""
    skw2v.save(make().fit(texts), path)
    return skw2v.load(path)


def overwrite(path, matrix):
    """Overwrite the first number of a matrix in the file with 7."""
    start = path.read_bytes().index(matrix.tobytes())
    with open(path, "r+b") as file:
        file.seek(start)
        file.write(np.float32(7).tobytes())


@pytest.mark.parametrize("name", ["embeddings_", "output_embeddings_"])
def test_the_matrices_are_mapped_from_the_file(loaded, path, name):
    matrix = getattr(loaded, name)
    overwrite(path, matrix)
    assert matrix[0, 0] == 7
    assert not matrix.flags.writeable
    assert matrix.flags.aligned


@pytest.mark.parametrize("window", [2, 20, 200, 2000, 20000])
def test_arrays_are_aligned_for_any_header_length(make, texts, path, window):
    skw2v.save(make(window=window).fit(texts), path)
    assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0


@pytest.mark.parametrize("change", ["replace", "delete"])
def test_a_mapped_file_may_be_replaced_or_deleted(make, loaded, path, texts, change):
    expected = make().fit(texts).transform(texts)
    if change == "delete":
        path.unlink()
    else:
        skw2v.save(make(random_state=1).fit(texts), path)
    np.testing.assert_array_equal(loaded.transform(texts), expected)


def test_a_loaded_model_can_be_saved_over_its_own_file(loaded, path, texts):
    before, expected = path.read_bytes(), loaded.transform(texts)
    skw2v.save(loaded, path)
    assert path.read_bytes() == before
    np.testing.assert_array_equal(loaded.transform(texts), expected)


def through_pickle(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, through_pickle])
def test_copies_of_a_loaded_model_do_not_need_the_file(loaded, path, texts, duplicate):
    copied, expected = duplicate(loaded), loaded.transform(texts)
    assert_same(copied, loaded)
    overwrite(path, loaded.embeddings_)
    np.testing.assert_array_equal(copied.transform(texts), expected)


def test_a_loaded_model_can_be_fitted_again(make, loaded, texts):
    unfitted = clone(loaded)
    with pytest.raises(NotFittedError):
        unfitted.transform(texts)
    expected = make().fit_transform(texts)
    np.testing.assert_array_equal(unfitted.fit_transform(texts), expected)
    np.testing.assert_array_equal(loaded.fit_transform(texts), expected)
    assert loaded.embeddings_.flags.owndata  # no longer memory-mapped


def test_other_programs_can_read_the_file(loaded, path):
    arrays = load_file(path)
    np.testing.assert_array_equal(arrays["embeddings_"], loaded.embeddings_)
    np.testing.assert_array_equal(arrays["word_counts_"], loaded.word_counts_)
    words = arrays["words"].tobytes().decode()
    assert words == "".join(loaded.vocabulary_)


def test_a_file_written_by_another_program_can_be_loaded(loaded, path, tmp_path):
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() | {"format": "np"}
    other = tmp_path / "other.safetensors"
    save_file(load_file(path), other, metadata)
    assert_same(skw2v.load(other), loaded)


# Versions


@pytest.fixture(params=["estimator", "word vectors"])
def stored(request, make, texts, path):
    model = make().fit(texts)
    skw2v.save(model if request.param == "estimator" else model.word_vectors(), path)


@pytest.mark.parametrize("version", ["0.1.1", "0.1.10", "0.1.2.dev3"])
@pytest.mark.usefixtures("stored")
def test_another_patch_version_loads_the_file(path, monkeypatch, version):
    monkeypatch.setattr(skw2v._version, "__version__", version)
    skw2v.load(path)


@pytest.mark.parametrize("version", ["0.0.9", "0.2.0", "0.10.0", "1.1.0"])
@pytest.mark.usefixtures("stored")
def test_another_minor_or_major_version_refuses_the_file(path, monkeypatch, version):
    monkeypatch.setattr(skw2v._version, "__version__", version)
    message = (
        rf"{re.escape(str(path))} can't be loaded: this \w+ was stored by skw2v "
        rf"0\.1\.0, which skw2v {re.escape(version)} can't read; install skw2v 0\.1,"
    )
    with pytest.raises(ValueError, match=message):
        skw2v.load(path)
