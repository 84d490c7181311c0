"""The training stream: contents of the chunks, and contexts of the positions."""

import numpy as np
import pytest
from corpora import make_trainer

from skw2v.corpus import Corpus
from skw2v.training import stream
from skw2v.training.workers import Team


@pytest.fixture
def small_spans(monkeypatch):
    """Shrink spans to 50 tokens and chunks to 32 spans."""
    monkeypatch.setattr(stream, "SPAN", 50)
    monkeypatch.setattr(stream, "SPANS", 32)


def corpus_of(lengths, ids_of):
    """Make documents of these lengths; `ids_of` maps positions to ids."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return Corpus(ids_of(np.arange(offsets[-1])).astype(np.int32), offsets)


def chunks_of(trainer, epoch=0):
    with Team(1) as team:
        return list(trainer.stream.chunks(epoch, team))


def trained(chunk):
    """Return the ids of trained positions and their contexts on the left and right."""
    p = chunk.positions
    chosen = (p.left + p.right) > 0
    return p.centers[chosen], p.left[chosen], p.right[chosen]


@pytest.mark.usefixtures("small_spans")
def test_a_sorted_corpus_is_mixed_in_every_chunk():
    corpus = corpus_of([10] * 2400, lambda positions: positions // 8000)
    trainer = make_trainer(corpus, subsample=0)
    chunks = chunks_of(trainer)
    assert len(chunks) == 15
    for chunk in chunks:
        ids, _, _ = trained(chunk)
        topics = np.bincount(ids, minlength=3)
        assert topics.min() > 0
        assert topics.max() < 0.8 * topics.sum()
    first, second = (chunks_of(trainer, epoch)[0].positions for epoch in (0, 1))
    assert not np.array_equal(first.centers, second.centers)


@pytest.mark.usefixtures("small_spans")
@pytest.mark.parametrize("n_documents", [1, 30, 31, 200])
def test_each_token_is_trained_once_with_its_neighbors(n_documents):
    lengths = np.random.default_rng(0).integers(2, 51, n_documents)
    corpus = corpus_of(lengths, lambda positions: positions)
    trainer = make_trainer(corpus, subsample=0, window=3, shrink_windows=False)
    chunks = chunks_of(trainer)
    assert len(chunks) == trainer.stream.n_chunks
    ids, left, right = map(np.concatenate, zip(*map(trained, chunks), strict=True))
    assert sorted(ids) == corpus.ids.tolist()
    document = np.searchsorted(corpus.offsets, ids, side="right") - 1
    before = ids - corpus.offsets[document]
    after = corpus.offsets[document + 1] - 1 - ids
    reach = trainer.layout.reach
    assert np.array_equal(left, np.minimum(before, reach))
    assert np.array_equal(right, np.minimum(after, reach))
    for chunk in chunks:
        p = chunk.positions
        offsets = p.windows - p.windows[:, reach, None]
        distance = np.arange(offsets.shape[1]) - reach
        for row, at in zip(*np.nonzero(p.left + p.right), strict=True):
            first, last = at - p.left[row, at], at + p.right[row, at]
            near = slice(first + reach, last + reach + 1)
            assert np.array_equal(offsets[row, near], distance[near])
    assert chunks[0].start == 0
    stops = [chunk.stop for chunk in chunks]
    assert stops == [*(chunk.start for chunk in chunks[1:]), corpus.n_tokens]


@pytest.mark.usefixtures("small_spans")
def test_a_long_document_is_split_into_spans():
    corpus = corpus_of([3, 3000, 3], lambda positions: positions)
    trainer = make_trainer(corpus, subsample=0, window=2, shrink_windows=False)
    chunks = chunks_of(trainer)
    ids, left, right = map(np.concatenate, zip(*map(trained, chunks), strict=True))
    assert sorted(ids) == corpus.ids.tolist()
    lost = 2 * (3 + 5997 + 3) - (left + right).sum()
    assert 0 < lost <= 60 * 6  # three pairs per border, counted from both sides


@pytest.mark.parametrize("window", [3, 5, 10])
def test_windows_shrink_from_their_full_size_in_short_documents(window):
    corpus = corpus_of([4] * 5000, lambda positions: positions % 4)
    trainer = make_trainer(corpus, subsample=0, window=window)
    assert trainer.layout.reach == 3
    (chunk,) = chunks_of(trainer)
    ids, _, right = trained(chunk)
    reached = np.bincount(right[ids == 0], minlength=4) / 5000
    # Sizes are uniform from 1 to `window`; the document clips them to 3.
    expected = [0, 1 / window, 1 / window, (window - 2) / window]
    assert reached == pytest.approx(expected, abs=0.03)
