"""The training stream: what is in a chunk, and what is next to what."""

import numpy as np
import pytest
from corpora import make_trainer

from skw2v.training import stream
from skw2v.training.threads import Team


@pytest.fixture
def small_spans(monkeypatch):
    """Spans of 50 words, chunks of 32 of them."""
    monkeypatch.setattr(stream, "SPAN", 50)
    monkeypatch.setattr(stream, "SPANS", 32)


def corpus_of(lengths, words_of):
    """Documents of these lengths; `words_of` gives the word of each place."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    ids = words_of(np.arange(offsets[-1])).astype(np.int32)
    return ids, offsets, np.bincount(ids)


def chunks_of(trainer, epoch=0):
    with Team(1) as team:
        return list(trainer.stream.chunks(epoch, team))


def trained(chunk):
    """Words, and contexts before and after them, of the positions that are trained."""
    chosen = (chunk.left + chunk.right) > 0
    return chunk.centres[chosen], chunk.left[chosen], chunk.right[chosen]


@pytest.mark.usefixtures("small_spans")
def test_a_sorted_corpus_is_mixed_in_every_chunk():
    corpus = corpus_of([10] * 2400, lambda places: places // 8000)
    trainer = make_trainer(corpus, subsample=0)
    chunks = chunks_of(trainer)
    assert len(chunks) == 15
    for chunk in chunks:
        topics = np.bincount(trained(chunk)[0], minlength=3)
        assert topics.min() > 0
        assert topics.max() < 0.8 * topics.sum()
    assert not np.array_equal(chunks[0].centres, chunks_of(trainer, 1)[0].centres)


@pytest.mark.usefixtures("small_spans")
@pytest.mark.parametrize("n_documents", [1, 30, 31, 200])
def test_each_word_is_trained_once_with_its_neighbours(n_documents):
    lengths = np.random.default_rng(0).integers(2, 51, n_documents)
    ids, offsets, counts = corpus_of(lengths, lambda places: places)
    trainer = make_trainer(
        (ids, offsets, counts), subsample=0, window=3, shrink_windows=False
    )
    chunks = chunks_of(trainer)
    assert len(chunks) == trainer.stream.n_chunks
    words, left, right = map(np.concatenate, zip(*map(trained, chunks), strict=True))
    assert sorted(words) == ids.tolist()
    document = np.searchsorted(offsets, words, side="right") - 1
    reach = trainer.stream.window
    assert np.array_equal(left, np.minimum(words - offsets[document], reach))
    assert np.array_equal(right, np.minimum(offsets[document + 1] - 1 - words, reach))
    for chunk in chunks:
        places = chunk.windows - chunk.windows[:, reach, None]
        distance = np.arange(places.shape[1]) - reach
        for row, at in zip(*np.nonzero(chunk.left + chunk.right), strict=True):
            near = slice(
                at + reach - chunk.left[row, at], at + reach + chunk.right[row, at] + 1
            )
            assert np.array_equal(places[row, near], distance[near])
    assert chunks[0].start == 0
    assert [c.stop for c in chunks] == [*(c.start for c in chunks[1:]), len(ids)]


@pytest.mark.usefixtures("small_spans")
def test_a_long_document_is_cut_into_spans():
    corpus = corpus_of([3, 3000, 3], lambda places: places)
    trainer = make_trainer(corpus, subsample=0, window=2, shrink_windows=False)
    chunks = chunks_of(trainer)
    words, left, right = map(np.concatenate, zip(*map(trained, chunks), strict=True))
    assert sorted(words) == corpus[0].tolist()
    lost = 2 * (3 + 5997 + 3) - (left + right).sum()
    assert 0 < lost <= 60 * 6  # at a border three pairs, of two sides each


@pytest.mark.parametrize("window", [3, 5, 10])
def test_windows_shrink_from_their_full_size_in_short_documents(window):
    corpus = corpus_of([4] * 5000, lambda places: places % 4)
    trainer = make_trainer(corpus, subsample=0, window=window)
    assert trainer.stream.window == 3
    (chunk,) = chunks_of(trainer)
    words, _, right = trained(chunk)
    reached = np.bincount(right[words == 0], minlength=4) / 5000
    # A size from 1 to `window`, of which the document takes 3.
    expected = [0, 1 / window, 1 / window, (window - 2) / window]
    assert reached == pytest.approx(expected, abs=0.03)
