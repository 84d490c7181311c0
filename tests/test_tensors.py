"""Arrays in safetensors files."""

import os

import numpy as np
import pytest

from skw2v.io.tensors import read_tensors, write_tensors


@pytest.fixture
def path(tmp_path):
    return tmp_path / "arrays.safetensors"


@pytest.fixture
def content(path):
    """Write an array to `path`, and return the bytes of the file."""
    write_tensors(path, {"x": np.arange(3.0)}, {})
    return path.read_bytes()


@pytest.fixture
def replace_once_open(path, monkeypatch):
    """Replace the file as soon as `read_tensors` has opened it."""

    def replace_with(content):
        def open_and_replace(*args):
            file = open(*args)
            other = path.with_name("other")
            other.write_bytes(content)
            os.replace(other, path)
            return file

        monkeypatch.setattr("skw2v.io.tensors.open", open_and_replace, raising=False)

    return replace_with


@pytest.mark.usefixtures("content")
def test_a_file_replaced_after_opening_is_still_the_one_read(path, replace_once_open):
    replace_once_open(b"malformed")
    tensors, _ = read_tensors(path)
    assert tensors["x"].tolist() == [0, 1, 2]
    assert path.read_bytes() == b"malformed"


def test_a_malformed_file_replaced_after_opening_is_refused(
    path, content, replace_once_open
):
    path.write_bytes(content[:-1])
    replace_once_open(content)
    with pytest.raises(ValueError, match="the safetensors format, or"):
        read_tensors(path)
    assert path.read_bytes() == content
