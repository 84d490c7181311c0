"""Files are replaced completely, or stay as they were."""

import errno
import os
import shutil
import stat

import pytest

from skw2v.atomic import atomic_write

OLD, NEW = b"old" * 1000, b"new" * 2000


@pytest.fixture(params=["absent", "present"])
def path(request, tmp_path):
    """Return the path of a file, which may exist already."""
    path = tmp_path / "file.bin"
    if request.param == "present":
        path.write_bytes(OLD)
    return path


def content(path):
    """Return the bytes of each file in the folder."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


def write(path, while_open=lambda: None):
    with atomic_write(path) as file:
        file.write(NEW)
        while_open()


def test_only_the_written_file_is_left(path):
    with atomic_write(path) as file:
        file.write(NEW[:1000])
        file.write(NEW[1000:])
    assert content(path) == {path.name: NEW}


def test_the_old_file_stays_until_the_new_one_is_complete(path):
    before = path.exists()
    with atomic_write(os.fspath(path)) as file:
        file.write(NEW)
        file.flush()
        assert path.exists() == before
        if before:
            assert path.read_bytes() == OLD
    assert path.read_bytes() == NEW


# ---- failures ------------------------------------------------------------------------


def no_space(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt(*args, **kwargs):
    raise KeyboardInterrupt


class FullFile:
    """A file that raises an error when its buffer is flushed."""

    def __init__(self, file, error):
        self.file, self.error = file, error

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.file.close()

    def __getattr__(self, name):
        return getattr(self.file, name)

    def flush(self):
        self.error()


@pytest.mark.parametrize("failure", [no_space, interrupt])
@pytest.mark.parametrize("step", ["write", "flush", "fsync", "copymode", "replace"])
def test_a_failure_leaves_the_old_file_intact(path, monkeypatch, step, failure):
    if step == "copymode":  # only called if there is an old file
        path.write_bytes(OLD)
    before = content(path)
    if step == "flush":

        def opened(*args):
            return FullFile(open(*args), failure)

        monkeypatch.setattr("skw2v.atomic.open", opened, raising=False)
    elif step != "write":
        monkeypatch.setattr(shutil if step == "copymode" else os, step, failure)
    with pytest.raises((OSError, KeyboardInterrupt)):
        write(path, failure if step == "write" else lambda: None)
    monkeypatch.undo()
    assert content(path) == before


def test_a_folder_that_cannot_be_synced_is_ignored(path, monkeypatch):
    """Windows can't open a folder, and some file systems can't sync one."""
    monkeypatch.setattr(os, "open", no_space)
    write(path)
    assert content(path) == {path.name: NEW}


def test_the_file_is_flushed_before_it_is_renamed_and_the_folder_after(
    path, monkeypatch
):
    calls = []
    fsync, replace = os.fsync, os.replace

    def record_fsync(descriptor):
        fsync(descriptor)
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        calls.append("folder" if is_folder else os.fstat(descriptor).st_size)

    def record_replace(*names):
        replace(*names)
        calls.append("replace")

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    write(path)
    assert calls == [len(NEW), "replace", "folder"]


def test_the_error_names_a_missing_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere does not exist"):
        write(tmp_path / "nowhere" / "file.bin")


# ---- existing files ------------------------------------------------------------------


def test_new_files_get_the_permissions_of_open(tmp_path):
    (tmp_path / "plain").write_bytes(OLD)
    write(tmp_path / "atomic")
    modes = {file.stat().st_mode for file in tmp_path.iterdir()}
    assert len(modes) == 1


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_replaced_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "file.bin"
    path.write_bytes(OLD)
    path.chmod(mode)
    expected = path.stat().st_mode
    with atomic_write(path) as file:
        file.write(NEW)
        # The temporary file isn't readable by more users than the old one.
        assert [p.stat().st_mode for p in tmp_path.iterdir()] == [expected] * 2
    assert path.stat().st_mode == expected


def test_a_symbolic_link_stays_a_link(tmp_path):
    path, link = tmp_path / "file.bin", tmp_path / "deeper" / "link"
    path.write_bytes(OLD)
    link.parent.mkdir()
    link.symlink_to(path)
    write(link)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert len(list(link.parent.iterdir())) == 1


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(FileExistsError, match="is not a file"):
        write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    before = os.stat(tmp_path / "pipe")
    with pytest.raises(FileExistsError, match="is not a file"):
        write(tmp_path / "pipe")
    assert os.path.samestat(before, os.stat(tmp_path / "pipe"))


def test_a_write_protected_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "file.bin"
    path.write_bytes(OLD)
    # root could write the file.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(PermissionError, match="write-protected"):
        write(path)
    assert content(path) == {path.name: OLD}


def test_a_name_of_the_maximum_length_can_be_written(tmp_path):
    path = tmp_path / ("n" * 255)
    write(path)
    assert content(path) == {path.name: NEW}


def test_processes_that_have_the_old_file_open_keep_it(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(OLD)
    with open(path, "rb") as reader:
        write(path)
        assert reader.read() == OLD
    assert path.read_bytes() == NEW
