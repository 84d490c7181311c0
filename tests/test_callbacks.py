"""Callbacks of scikit-learn and ours, and what they see of a fit."""

import _thread
import gc
import itertools
import os
import pickle
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skw2v import SkipGramVectorizer
from skw2v.callbacks import EarlyStopping, LossMonitor
from skw2v.text import reading
from skw2v.text.documents import Analyzer
from skw2v.training import stream
from skw2v.vectorizers import progress

PAGE = Path(__file__).parents[1] / "docs" / "callbacks.md"
LABELS = [0] * 4 + [1] * 4


@pytest.fixture
def chunks(monkeypatch):
    """Make chunks so small that the eight documents fill three."""
    monkeypatch.setattr(stream, "SPAN", 25)
    monkeypatch.setattr(stream, "SPANS", 1)


@pytest.fixture
def temporary_folder(monkeypatch, tmp_path):
    """Return a folder for the temporary files of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


class Recorder:
    """Callback that records the calls of its hooks, and can raise or stop at one."""

    def __init__(self, error=None, at=None, stop_at=None):
        self.error, self.at, self.stop_at = error, at, stop_at
        self.calls, self.tasks, self.fitted, self.X = [], [], [], []
        self.sizes = {}

    def _call(self, *call):
        self.calls.append(call)
        if call == self.at:
            raise self.error

    def setup(self, estimator, context):
        self._call("setup")

    def teardown(self, estimator, context):
        self._call("teardown")

    def on_fit_task_begin(self, estimator, context):
        self.sizes[context.task_name] = context.max_subtasks
        self._call("begin", context.task_name, context.task_id)

    def on_fit_task_end(
        self, estimator, context, *, X=None, y=None, fitted_estimator=None
    ):
        task = context.task_name, context.task_id
        self.X.append(X)
        self.tasks.append(task)
        self.fitted.append(fitted_estimator)
        self._call("end", *task)
        return task == self.stop_at


def search(vectorizer, n_jobs=1):
    pipeline = make_pipeline(vectorizer, LogisticRegression())
    name = type(vectorizer).__name__.lower()
    return GridSearchCV(pipeline, {f"{name}__window": [1, 2]}, cv=2, n_jobs=n_jobs)


# Tasks


def test_each_epoch_is_a_task(make, texts):
    recorder = Recorder()
    make().set_callbacks(recorder).fit(texts)
    assert recorder.calls == [
        ("setup",),
        ("begin", "fit", 0),
        ("begin", "epoch", 0),
        ("end", "epoch", 0),
        ("begin", "epoch", 1),
        ("end", "epoch", 1),
        ("end", "fit", 0),
        ("teardown",),
    ]
    assert recorder.sizes == {"fit": 2, "epoch": 0}


@pytest.mark.usefixtures("chunks")
def test_the_chunks_of_an_epoch_are_its_subtasks(make, texts):
    recorder = Recorder()
    make(max_iter=1).set_callbacks(recorder).fit(texts)
    parts = [("chunk", 0), ("chunk", 1), ("chunk", 2)]
    assert recorder.tasks == [*parts, ("epoch", 0), ("fit", 0)]
    assert recorder.sizes == {"fit": 1, "epoch": 3, "chunk": 0}
    assert [fitted is None for fitted in recorder.fitted] == [True] * 3 + [False] * 2


def test_callbacks_receive_the_estimator_as_fitted_so_far(make, texts):
    recorder = Recorder(stop_at=("epoch", 1))
    vectorizer = make(max_iter=5).set_callbacks(recorder).fit(texts)
    first, last, end = recorder.fitted
    assert first.loss_curve_ == vectorizer.loss_curve_[:1]
    assert first.n_iter_ == 1
    assert not np.array_equal(first.embeddings_, last.embeddings_)
    for fitted in (last, end):
        assert fitted.get_params() == vectorizer.get_params()
        assert fitted.vocabulary_ == vectorizer.vocabulary_
        for name in ("embeddings_", "output_embeddings_", "word_counts_"):
            expected = getattr(vectorizer, name)
            np.testing.assert_array_equal(getattr(fitted, name), expected)
        np.testing.assert_array_equal(
            fitted.transform(texts), vectorizer.transform(texts)
        )


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_callbacks_do_not_change_the_vectors(make, texts, method):
    vectorizer, expected = make().set_callbacks(Recorder()), make().fit(texts)
    getattr(vectorizer, method)(texts)
    np.testing.assert_array_equal(vectorizer.embeddings_, expected.embeddings_)
    assert vectorizer.loss_curve_ == expected.loss_curve_


def test_documents_that_are_used_up_are_not_passed_to_callbacks(make, texts, tmp_path):
    recorder = Recorder()
    make().set_callbacks(recorder).fit(texts)
    assert all(X is texts for X in recorder.X)
    recorder = Recorder()
    make().set_callbacks(recorder).fit(iter(texts))
    path = tmp_path / "text"
    path.write_text(texts[0], encoding="utf-8")
    with path.open() as file:
        make(input="file").set_callbacks(recorder).fit([file])
    assert recorder.X == [None] * 6


# Stopping


def test_a_callback_stops_the_training_after_an_epoch(make, texts):
    recorder = Recorder(stop_at=("epoch", 1))
    vectorizer = make(max_iter=5).set_callbacks(recorder).fit(texts)
    assert recorder.tasks == [("epoch", 0), ("epoch", 1), ("fit", 0)]
    assert vectorizer.n_iter_ == len(vectorizer.loss_curve_) == 2
    # The learning rate falls over five epochs, as it would without the callback.
    assert vectorizer.loss_curve_ == make(max_iter=5).fit(texts).loss_curve_[:2]


@pytest.mark.usefixtures("chunks")
def test_a_callback_ends_an_epoch_after_a_chunk(make, texts):
    recorder = Recorder(stop_at=("chunk", 1))
    vectorizer = make(max_iter=1).set_callbacks(recorder).fit(texts)
    parts = [("chunk", 0), ("chunk", 1)]
    assert recorder.tasks == [*parts, ("epoch", 0), ("fit", 0)]
    assert vectorizer.n_iter_ == 1


@pytest.mark.parametrize(
    ("losses", "stop"),
    [
        ([2.0], False),
        ([2.0, 1.0], False),
        ([2.0, 1.7], True),  # falls by less than a fifth
        ([2.0, 2.1], True),
        ([2.0, 1.0, 0.9], True),
        ([1.0, 2.0, 1.1], True),  # the lowest loss counts, not the last one
        ([float("nan"), 1.0], False),
        ([float("nan"), 1.0, 1.0], True),  # epochs without a loss are ignored
        ([1.0, float("nan")], False),
    ],
)
def test_early_stopping_compares_losses(losses, stop):
    fitted = SimpleNamespace(loss_curve_=losses)
    hook = EarlyStopping(tol=0.2).on_fit_task_end
    context = SimpleNamespace(task_name="epoch")
    assert hook(None, context, fitted_estimator=fitted) is stop
    context.task_name = "fit"
    assert hook(None, context, fitted_estimator=fitted) is False


@pytest.mark.parametrize(("patience", "n_epochs"), [(1, 2), (3, 4), (9, 6)])
def test_early_stopping_has_patience(make, texts, patience, n_epochs):
    stopping = EarlyStopping(tol=1, patience=patience)  # no loss falls far enough
    vectorizer = make(max_iter=6).set_callbacks(stopping)
    for _ in range(2):  # the first fit doesn't affect the second
        assert vectorizer.fit(texts).n_iter_ == n_epochs


@pytest.mark.parametrize("parameters", [{"tol": -1}, {"patience": 0}])
def test_early_stopping_validates_its_parameters(parameters):
    (name,) = parameters
    with pytest.raises(ValueError, match=f"{name} must be"):
        EarlyStopping(**parameters)


@pytest.mark.parametrize("callback", [EarlyStopping, LossMonitor])
def test_callbacks_refuse_estimators_without_losses(make, texts, callback):
    pipeline = make_pipeline(make(), LogisticRegression())
    for estimator in (pipeline, search(make()), make_pipeline(pipeline)):
        name = type(estimator).__name__
        message = f"{callback.__name__} is set on {name}, .* the vectorizer inside"
        with pytest.raises(TypeError, match=message):
            estimator.set_callbacks(callback()).fit(texts, LABELS)


@pytest.mark.parametrize("callback", [EarlyStopping, LossMonitor])
def test_callbacks_of_a_vectorizer_inside_others_are_heard(make, texts, callback):
    pipeline = make_pipeline(make().set_callbacks(callback()), LogisticRegression())
    pipeline.fit(texts, LABELS)
    search(make().set_callbacks(callback())).fit(texts, LABELS)


# Progress


def bars(estimator, X, y, capsys, monkeypatch, **parameters):
    """Return the names of the progress bars, all of which must be full."""
    monkeypatch.setenv("COLUMNS", "200")
    estimator.set_callbacks(ProgressBar(**parameters)).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert all(" 100% " in line for line in lines)
    return [re.match(r"(.*?) +━", line).group(1) for line in lines]


def test_a_progress_bar_of_the_training(make, texts, capsys, monkeypatch):
    vectorizer = make()
    found = bars(vectorizer, texts, None, capsys, monkeypatch)
    assert found == [f"{type(vectorizer).__name__} - fit"]


@pytest.mark.usefixtures("chunks")
def test_long_epochs_have_bars(make, texts, capsys, monkeypatch):
    vectorizer = make()
    name = type(vectorizer).__name__
    found = bars(vectorizer, texts, None, capsys, monkeypatch)
    assert found == [
        f"{name} - fit",
        f"  {name} - epoch #0",
        f"  {name} - epoch #1",
    ]


@pytest.fixture
def slow_reading(monkeypatch):
    """Let half a second pass for each document that is read."""
    clock = itertools.count(step=0.5)
    monkeypatch.setattr(
        progress, "time", SimpleNamespace(perf_counter=lambda: next(clock))
    )


SPEEDS = [
    "1 documents, 1 documents/s",
    "3 documents, 2 documents/s",
    "7 documents, 2 documents/s",
]


@pytest.mark.usefixtures("slow_reading")
@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_verbose_prints_how_fast_documents_are_read(make, texts, capsys, method):
    vectorizer = make(verbose=1, max_iter=1)
    getattr(vectorizer, method)(text for text in texts)
    *lines, epoch = capsys.readouterr().out.splitlines()
    name = type(vectorizer).__name__
    assert lines == [f"[{name}] reading: {speed}" for speed in SPEEDS]
    assert "epoch 1/1" in epoch


@pytest.mark.usefixtures("slow_reading")
def test_long_reading_has_bars(make, texts, capsys, monkeypatch):
    vectorizer = make()
    found = bars(vectorizer, texts, None, capsys, monkeypatch)
    name = type(vectorizer).__name__
    assert found == [
        f"{name} - fit",
        f"  {name} - reading #0",
        *(f"    {name} - {speed} #{i}" for i, speed in enumerate(SPEEDS)),
        f"  {name} - training #1",
    ]


@pytest.mark.usefixtures("slow_reading")
def test_long_reading_is_a_task_before_training(make, texts):
    recorder = Recorder(stop_at=("epoch", 1))
    vectorizer = make(max_iter=5).set_callbacks(recorder).fit(texts)
    assert recorder.tasks == [
        *((speed, i) for i, speed in enumerate(SPEEDS)),
        ("reading", 0),
        ("epoch", 0),
        ("epoch", 1),
        ("training", 1),
        ("fit", 0),
    ]
    assert recorder.sizes["fit"] == 2
    assert recorder.sizes["training"] == 5
    assert vectorizer.n_iter_ == 2
    assert make(max_iter=5).fit(texts).loss_curve_[:2] == vectorizer.loss_curve_


@pytest.mark.usefixtures("slow_reading")
def test_what_helpers_read_is_followed_too(texts, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", -1)
    monkeypatch.setattr(reading, "BATCH", 1)
    told = []
    observer = SimpleNamespace(read=told.append)
    followed = progress.followed(texts, [observer])
    assert not isinstance(followed, Iterator)
    assert list(followed) == texts
    corpus, _ = reading.read(Analyzer(), followed, n_jobs=2)
    assert corpus.n_documents == len(texts)
    assert told == SPEEDS * 2
    assert isinstance(progress.followed(iter(texts), [observer]), Iterator)


def test_progress_bars_in_a_pipeline(make, texts, capsys, monkeypatch):
    vectorizer = make()
    pipeline = make_pipeline(vectorizer, LogisticRegression())
    found = bars(pipeline, texts, LABELS, capsys, monkeypatch)
    name = type(vectorizer).__name__
    step = f"  Pipeline - fit-transform-{name.lower()} | {name} - fit #0"
    assert found[:2] == ["Pipeline - fit", step]


def test_progress_bars_in_a_search(make, texts, capsys, monkeypatch):
    grid, depth = search(make()), {"max_propagation_depth": 2}
    found = bars(grid, texts, LABELS, capsys, monkeypatch, **depth)
    assert found[0] == "GridSearchCV - fit"
    # Two candidates with two splits each, and the refit.
    assert sum(line.endswith("Vectorizer - fit #0") for line in found) == 5


# Scores and losses


def test_the_scores_of_each_epoch(make, texts):
    def score(estimator, X, y):
        return {"mean": estimator.transform(X).mean(), "first": y[0]}

    monitor = ScoringMonitor(scoring=score)
    vectorizer = make(max_iter=3).set_callbacks(monitor).fit(texts, LABELS)
    log = monitor.get_logs().data_as_pandas
    assert log.task_name.tolist() == ["fit", "epoch", "epoch", "epoch"]
    assert (
        log["mean"].iloc[[0, -1]].tolist() == [vectorizer.transform(texts).mean()] * 2
    )
    assert log["mean"].nunique() == 3


def test_held_out_documents_are_scored_after_each_epoch(make, texts):
    monitor = ScoringMonitor(scoring=lambda v, X, y: {"held out": v.score(texts[::2])})
    vectorizer = make(max_iter=3).set_callbacks(monitor).fit(texts[1::2], LABELS[::2])
    scores = monitor.get_logs().data_as_pandas["held out"]
    assert scores.nunique() == 3
    assert scores.iloc[-1] == vectorizer.score(texts[::2])


@pytest.mark.parametrize(("callback", "n_fits"), [(LossMonitor, 2), (EarlyStopping, 1)])
def test_a_monitored_fit_is_not_taken_from_the_memory_of_a_pipeline(
    make, texts, tmp_path, trainings, callback, n_fits
):
    vectorizer = make().set_callbacks(callback())
    pipeline = make_pipeline(vectorizer, LogisticRegression(), memory=str(tmp_path))
    for _ in range(2):
        pipeline.fit(texts, LABELS)
    assert len(trainings) == n_fits


def test_the_losses_of_each_fit(make, texts):
    monitor = LossMonitor()
    vectorizer = make().set_callbacks(monitor)
    curves = [vectorizer.fit(X).loss_curve_ for X in (texts, texts[4:])]
    frame = monitor.to_frame()
    assert frame.columns.tolist() == ["run", "fit", "epoch", "loss"]
    assert frame.run.tolist() == [0, 0, 1, 1]
    assert frame.fit.tolist() == [0] * 4
    assert frame.epoch.tolist() == [1, 2] * 2
    assert frame.loss.tolist() == curves[0] + curves[1]


def test_the_losses_of_a_search(make, texts):
    monitor = LossMonitor()
    grid = search(make().set_callbacks(monitor)).fit(texts, LABELS)
    frame = monitor.to_frame()
    assert frame.run.tolist() == [0] * 10
    assert frame.fit.tolist() == np.repeat(range(5), 2).tolist()
    assert frame.loss[8:].tolist() == grid.best_estimator_[0].loss_curve_


# Takes 2 seconds because two processes import everything.
def test_the_losses_of_a_search_with_several_processes(texts):
    vectorizer = SkipGramVectorizer(min_count=1, subsample=0, random_state=0)
    frames = []
    for n_jobs in (1, 2):
        monitor = LossMonitor()
        search(vectorizer.set_callbacks(monitor), n_jobs).fit(texts, LABELS)
        frames.append(monitor.to_frame())
    pd.testing.assert_frame_equal(*frames)


def test_a_monitor_without_losses_raises():
    with pytest.raises(ValueError, match="No logs"):
        LossMonitor().to_frame()


def resources():
    """Return the numbers of threads and of mappings of memory."""
    maps = Path("/proc/self/maps")  # on Linux
    n_maps = len(maps.read_text().splitlines()) if maps.exists() else 0
    return _thread._count(), n_maps


# A thread that listened for losses would have two mappings for its stack.
@pytest.mark.usefixtures("ends_its_threads")
def test_monitors_leave_nothing_behind(make, texts, temporary_folder):
    make().set_callbacks(LossMonitor()).fit(texts)
    n_threads, n_maps = resources()
    monitors = [LossMonitor() for _ in range(50)]
    for monitor in monitors:
        make(max_iter=1).set_callbacks(monitor).fit(texts)
    threads_now, maps_now = resources()
    assert threads_now <= n_threads
    assert maps_now < n_maps + 25
    assert not list(temporary_folder.iterdir())


def test_the_folder_of_a_monitor_ends_with_it(temporary_folder):
    monitor = LossMonitor()
    copies = [pickle.loads(pickle.dumps(monitor)) for _ in range(2)]
    pickle.dumps(copies[0])
    assert len(list(temporary_folder.iterdir())) == 2
    del monitor, copies
    assert not list(temporary_folder.iterdir())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_losses_of_a_fork_are_collected_and_its_end_removes_nothing(make, texts):
    monitor = LossMonitor()
    vectorizer = make().set_callbacks(monitor)
    if not (child := os.fork()):
        try:
            vectorizer.fit(texts)
            del monitor, vectorizer
            gc.collect()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    vectorizer.fit(texts)
    frame = monitor.to_frame()
    assert frame.run.tolist() == [0, 0, 1, 1]
    assert frame.loss.tolist() == 2 * vectorizer.loss_curve_


# Interruptions


@pytest.mark.usefixtures("ends_its_threads")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError()])
@pytest.mark.parametrize(
    "at",
    [
        ("setup",),
        ("begin", "fit", 0),
        ("begin", "epoch", 1),
        ("end", "epoch", 0),
        ("end", "fit", 0),
    ],
)
def test_an_interrupted_fit_leaves_nothing(make, texts, error, at):
    recorder = Recorder(error, at)
    vectorizer = make(n_jobs=2).set_callbacks(recorder)
    before = set(vars(vectorizer))
    with pytest.raises(type(error)):
        vectorizer.fit(texts)
    assert recorder.calls[-1] == ("teardown",)
    assert set(vars(vectorizer)) == before


@pytest.mark.usefixtures("chunks", "ends_its_threads")
def test_an_error_during_an_epoch_ends_the_threads(make, texts):
    recorder = Recorder(ZeroDivisionError(), ("end", "chunk", 1))
    with pytest.raises(ZeroDivisionError):
        make(n_jobs=2).set_callbacks(recorder).fit(texts)
    assert recorder.calls[-1] == ("teardown",)


def test_a_fit_without_documents_begins_nothing(make):
    recorder = Recorder()
    with pytest.raises(ValueError, match="no documents"):
        make().set_callbacks(recorder).fit([])
    # It begins after the documents are read: they set the number of epochs.
    assert recorder.calls == []


# Copies


def test_clones_share_their_callbacks(make):
    recorder = Recorder()
    assert clone(make().set_callbacks(recorder))._skl_callbacks == [recorder]


@pytest.mark.parametrize("fitted", [False, True])
def test_callbacks_are_pickled(make, texts, fitted):
    vectorizer = make().set_callbacks(LossMonitor(), EarlyStopping(patience=7))
    if fitted:
        vectorizer.fit(texts)
    restored = pickle.loads(pickle.dumps(vectorizer))
    restored.fit(texts)
    monitor, stopping = restored._skl_callbacks
    assert monitor.to_frame().run.nunique() == 1 + fitted
    assert stopping.patience == 7


def test_the_example_of_the_page_runs():
    page = PAGE.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, flags=re.DOTALL).group(1)
    names = {}
    exec(code, names)
    assert len(names["monitor"].to_frame()) == names["vectorizer"].n_iter_ < 100
