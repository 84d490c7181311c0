"""Storing and loading estimators with pickle, joblib, skops and deepcopy."""

import copy
import pickle
import re

import joblib
import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from skops import io as skops

import skw2v
from skw2v.training.losses import LOSSES


def through_pickle(vectorizer, path):
    return pickle.loads(pickle.dumps(vectorizer))


def through_first_protocol(vectorizer, path):
    return pickle.loads(pickle.dumps(vectorizer, protocol=0))


def through_joblib(vectorizer, path):
    joblib.dump(vectorizer, path)
    return joblib.load(path)


def through_memory_map(vectorizer, path):
    joblib.dump(vectorizer, path)
    return joblib.load(path, mmap_mode="r")


def through_skops(vectorizer, path):
    skops.dump(vectorizer, path)
    untrusted = skops.get_untrusted_types(file=path)
    # skops knows the types of the attributes; only the class must be trusted.
    assert untrusted == [f"{type(vectorizer).__module__}.{type(vectorizer).__name__}"]
    return skops.load(path, trusted=untrusted)


def through_deepcopy(vectorizer, path):
    return copy.deepcopy(vectorizer)


class Subclass(skw2v.SkipGramVectorizer):
    """A subclass that passes its parameters on."""

    def __init__(self, window=3, **kwargs):
        super().__init__(window=window, **kwargs)


def test_a_subclass_may_take_any_parameters():
    for copied in (copy.deepcopy(Subclass()), pickle.loads(pickle.dumps(Subclass()))):
        assert copied.window == 3


store_methods = pytest.mark.parametrize(
    "store",
    [
        through_pickle,
        through_first_protocol,
        through_joblib,
        through_memory_map,
        through_skops,
        through_deepcopy,
    ],
)


@store_methods
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loaded_model_equals_the_stored_one(make, texts, tmp_path, store, loss):
    vectorizer = make(loss=loss).fit(texts)
    loaded = store(vectorizer, tmp_path / "model")
    assert vars(loaded).keys() == vars(vectorizer).keys()
    for name, value in vars(vectorizer).items():
        np.testing.assert_array_equal(getattr(loaded, name), value, err_msg=name)
    assert list(loaded.vocabulary_) == list(vectorizer.vocabulary_)
    expected = vectorizer.transform(texts)
    np.testing.assert_array_equal(loaded.transform(texts), expected)


@store_methods
def test_an_unfitted_model_can_be_stored(make, texts, tmp_path, store):
    vectorizer = make(stop_words=["and"], vocabulary={"cat": 1, "banks": 0})
    loaded = store(vectorizer, tmp_path / "model")
    assert loaded.get_params() == vectorizer.get_params()
    with pytest.raises(NotFittedError):
        loaded.transform(texts)
    expected = vectorizer.fit_transform(texts)
    np.testing.assert_array_equal(loaded.fit_transform(texts), expected)


@store_methods
def test_the_output_container_is_stored(make, texts, tmp_path, store):
    vectorizer = make().set_output(transform="pandas").fit(texts)
    loaded = store(vectorizer, tmp_path / "model")
    assert loaded.transform(texts).equals(vectorizer.transform(texts))


def test_a_memory_mapped_model_works_and_can_be_fitted_again(make, texts, tmp_path):
    vectorizer = make().fit(texts)
    loaded = through_memory_map(vectorizer, tmp_path / "model")
    assert isinstance(loaded.embeddings_, np.memmap)
    assert not loaded.embeddings_.flags.writeable
    assert loaded.word_vectors().most_similar("cat") == (
        vectorizer.word_vectors().most_similar("cat")
    )
    expected = make().fit_transform(texts)
    np.testing.assert_array_equal(loaded.fit_transform(texts), expected)


# Contents


@pytest.mark.parametrize("loss", LOSSES)
def test_fitted_attributes_are_plain_dicts_lists_arrays_and_scalars(make, texts, loss):
    def check(value):
        if type(value) is dict:
            check([*value, *value.values()])
        elif type(value) is list:
            for item in value:
                check(item)
        elif type(value) is np.ndarray:
            assert value.dtype in (np.float32, np.int64)
            assert value.base is None  # keeps no larger array alive
        else:
            assert type(value) in (str, int, float, bool)

    vectorizer = make(loss=loss)
    parameters = vars(vectorizer).copy()
    learned = vars(vectorizer.fit(texts)).keys() - parameters.keys()
    assert learned >= {"vocabulary_", "embeddings_"}
    for name in learned:
        check(getattr(vectorizer, name))
    vectorizer.transform(texts)
    assert vars(vectorizer).keys() == parameters.keys() | learned


@pytest.mark.parametrize("loss", LOSSES)
def test_a_pickle_is_hardly_larger_than_the_fitted_attributes(make, loss):
    X = [f"word{i} word{i + 1}" for i in range(500)]
    vectorizer = make(n_components=20, max_iter=1, loss=loss).fit(X)
    arrays = [value for value in vars(vectorizer).values() if hasattr(value, "nbytes")]
    assert len(arrays) == 9
    needed = sum(array.nbytes for array in arrays)
    needed += len(pickle.dumps(vectorizer.vocabulary_))
    assert needed < len(pickle.dumps(vectorizer)) < 1.2 * needed


# Versions


@pytest.fixture(params=[True, False], ids=["fitted", "unfitted"])
def stored(request, make, texts):
    """Return the pickle of an estimator and its state."""
    vectorizer = make().fit(texts) if request.param else make()
    return pickle.dumps(vectorizer), vectorizer.__getstate__()


@pytest.mark.parametrize("version", ["0.1.0", "0.1.1", "0.1.10", "0.1.2.dev3"])
def test_another_patch_version_loads_silently(stored, monkeypatch, version):
    monkeypatch.setattr(skw2v._version, "__version__", version)
    loaded = pickle.loads(stored[0])
    assert "_skw2v_version" not in vars(loaded)
    assert loaded.__getstate__()["_skw2v_version"] == version


@pytest.mark.parametrize("version", ["0.0.9", "0.2.0", "0.10.0", "1.1.0"])
def test_another_minor_or_major_version_is_refused(stored, monkeypatch, version):
    monkeypatch.setattr(skw2v._version, "__version__", version)
    message = (
        r"this (CBOW|SkipGram)Vectorizer was stored by skw2v 0\.1\.0, which skw2v "
        rf"{re.escape(version)} can't read; install skw2v 0\.1, or fit it again\."
    )
    with pytest.raises(ValueError, match=message):
        pickle.loads(stored[0])


def load_state(make, state):
    vectorizer = type(make()).__new__(type(make()))
    vectorizer.__setstate__(state)
    return vectorizer


def test_a_state_without_version_is_refused(make, stored):
    state = stored[1]
    load_state(make, state)
    assert state["_skw2v_version"] == skw2v.__version__  # not changed by loading
    del state["_skw2v_version"]
    with pytest.raises(ValueError, match="stored without the version of skw2v; fit"):
        load_state(make, state)


@pytest.mark.parametrize("name", ["embeddings_", "vocabulary_", "token_pattern"])
def test_an_incomplete_state_is_refused(make, texts, name):
    state = make().fit(texts).__getstate__()
    del state[name]
    with pytest.raises(ValueError, match=rf"this stored \w+ lacks \['{name}'\]; fit"):
        load_state(make, state)
