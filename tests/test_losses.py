import heapq
from types import SimpleNamespace

import numpy as np
import pytest
import reference
from corpora import make_trainer, randomize, train, two_topics, zipf_corpus

from skw2v.training.losses import LOSSES
from skw2v.training.losses import softmax as softmax_module
from skw2v.training.losses.huffman import HuffmanTree
from skw2v.training.losses.softmax import cross_entropy
from skw2v.training.workers import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
COUNTS = np.array([50, 20, 20, 11, 7, 7, 3, 1, 1, 1])


def path(tree, word):
    """Map the inner nodes above a word, root first, to turns: 1 is right, -1 left."""
    leaf = tree.leaves[word]
    nodes = tree.nodes[tree.starts[leaf] : tree.starts[leaf + 1]].tolist()
    return {node: 1 if leaf >= tree.spans[node, 1] else -1 for node in nodes}


def log_probabilities(tree, matrix, hidden):
    """Return the log-probability of each word, summed along its path."""
    return np.array(
        [
            -sum(np.logaddexp(0, -z * matrix[n] @ hidden) for n, z in steps.items())
            for steps in (path(tree, word) for word in range(len(tree.leaves)))
        ]
    )


def examples(positions, cbow):
    """Yield (ids of the input words, id of the target word) of all examples."""
    runs = slice(0, positions.n_runs)
    for word, contexts, _ in reference.positions(positions, runs):
        inputs, targets = reference.example(word, contexts, cbow)
        yield from ((inputs, target) for target in targets)


@models
@pytest.mark.parametrize("n_words", [1, 2, 3, 60])
@pytest.mark.parametrize("loss", ["softmax", "hierarchical_softmax"])
def test_value_is_the_negative_log_likelihood(cbow, loss, n_words):
    corpus = zipf_corpus(300, n_words)
    trainer = make_trainer(
        corpus, dtype=np.float64, cbow=cbow, loss=loss, batch_size=64, subsample=0
    )
    randomize(trainer)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    tile = trainer.update.tile(0)
    positions, model = chunk.positions[: trainer.layout.n_runs], trainer.model
    value = tile.compute(positions)
    expected = 0.0
    for inputs, target in examples(positions, cbow):
        hidden = model.input_matrix[inputs].mean(axis=0)
        if loss == "softmax":
            logits = model.output_matrix @ hidden
            expected -= logits[target] - np.logaddexp.reduce(logits)
        else:
            tree = model.loss.tree
            expected -= log_probabilities(tree, model.output_matrix, hidden)[target]
    assert value == pytest.approx(expected, rel=1e-12)


def test_probabilities_of_the_tree_sum_to_1():
    tree = HuffmanTree(COUNTS)
    rng = np.random.default_rng(0)
    matrix, hidden = rng.normal(size=(9, 5)), rng.normal(size=5)
    total = np.exp(log_probabilities(tree, matrix, hidden)).sum()
    assert total == pytest.approx(1)


def test_log_probabilities_match_the_paths_of_the_tree():
    rng = np.random.default_rng(0)
    matrix, hidden = rng.normal(size=(9, 5)), rng.normal(size=(3, 5))
    ids = np.array([3, 0, 9, 3])
    loss = LOSSES["hierarchical_softmax"](COUNTS, SimpleNamespace(subsample=0))
    logs = loss.log_probabilities(hidden, ids, matrix)
    expected = [log_probabilities(loss.tree, matrix, row)[ids] for row in hidden]
    np.testing.assert_allclose(logs, expected)


@pytest.mark.parametrize("counts", [COUNTS, COUNTS[::-1], np.ones(8, int)])
def test_code_length_is_that_of_huffman_coding(counts):
    tree = HuffmanTree(counts)
    lengths = [len(path(tree, word)) for word in range(len(counts))]
    heap = [(int(count), i) for i, count in enumerate(counts)]
    heapq.heapify(heap)
    expected = 0
    while len(heap) > 1:
        (a, i), (b, _) = heapq.heappop(heap), heapq.heappop(heap)
        expected += a + b
        heapq.heappush(heap, (a + b, i))
    assert np.sum(lengths * counts) == expected


def test_nodes_are_sorted_by_the_number_of_tokens_that_pass_them():
    tree = HuffmanTree(COUNTS)
    below = COUNTS[np.argsort(tree.leaves)]
    passing = [below[low:high].sum() for low, _, high in tree.spans]
    assert np.all(np.diff(passing) <= 0)
    assert passing[0] == COUNTS.sum()  # the root


def test_the_leaves_below_a_node_form_a_span():
    tree = HuffmanTree(COUNTS)
    assert sorted(tree.leaves) == list(range(len(COUNTS)))
    for node, (low, middle, high) in enumerate(tree.spans):
        assert low < middle < high
        below = [w for w in range(len(COUNTS)) if node in path(tree, w)]
        assert sorted(tree.leaves[below]) == list(range(low, high))


def test_a_tree_of_one_word_has_no_path():
    tree = HuffmanTree(np.array([3]))
    assert tree.n_nodes == 1
    assert path(tree, 0) == {}


@models
@pytest.mark.parametrize("n_words", [1, 2, 60, 3000])
@pytest.mark.parametrize("batch_size", [1, 16, 2048])
def test_output_rows_of_a_tile_are_bounded(cbow, n_words, batch_size):
    trainer = make_trainer(
        zipf_corpus(5000, n_words),
        cbow=cbow,
        loss="hierarchical_softmax",
        batch_size=batch_size,
    )
    tile, n_runs = trainer.update.tile(0), trainer.layout.n_runs
    most, _ = trainer.model.loss.size(trainer.layout)
    assert most <= len(trainer.model.output_matrix)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    sizes = []
    for start in range(0, min(chunk.positions.n_runs, 20 * n_runs), n_runs):
        tile.compute(chunk.positions[start : start + n_runs])
        ((ids, *_),) = trainer.update.outputs.parts(1)
        assert len(np.unique(ids)) == len(ids)
        sizes.append(len(ids))
    assert max(sizes) <= most
    if n_words == 60 and batch_size == 2048:
        assert max(sizes) == most == 59  # all nodes


def test_cross_entropy_of_large_logits_is_finite():
    logits = np.array([[1000.0, 0.0], [-1000.0, 0.0]], np.float32)
    value, expected, slopes = cross_entropy(
        logits, np.array([0, 1, 1]), np.array([0, 0, 1])
    )
    assert value == pytest.approx(1000)
    np.testing.assert_allclose(expected, [1, 2])
    np.testing.assert_allclose(slopes, [[0, 0], [-1, 1]])


@models
def test_pieces_of_the_softmax_add_up(monkeypatch, cbow):
    results = []
    for logits in (1 << 24, 100):
        monkeypatch.setattr(softmax_module, "LOGITS", logits)
        trainer = make_trainer(
            zipf_corpus(300, 30), dtype=np.float64, cbow=cbow, loss="softmax"
        )
        results.append(train(trainer))
    (whole_losses, *whole), (losses, *pieces) = results
    assert losses == pytest.approx(whole_losses, rel=1e-12)
    for matrix, expected in zip(pieces, whole, strict=True):
        np.testing.assert_allclose(matrix, expected, atol=1e-12)


@models
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_falls_and_is_the_same_for_any_number_of_threads(cbow, loss):
    corpus, results = two_topics(), []
    for n_threads in (1, 2, 3):
        trainer = make_trainer(
            corpus,
            cbow=cbow,
            loss=loss,
            max_iter=5,
            batch_size=2 * LOSSES[loss].largest_tile,
            learning_rate=0.2,
        )
        assert trainer.layout.n_tiles == 2
        losses, input_matrix, output_matrix = train(trainer, n_threads)
        assert losses[-1] < losses[0]
        results.append((losses, input_matrix, output_matrix))
    (expected, W_in, W_out), *others = results
    for losses, input_matrix, output_matrix in others:
        assert losses == expected
        assert np.array_equal(input_matrix, W_in)
        assert np.array_equal(output_matrix, W_out)


@models
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("subsample", [1e-200, 1.7e308])
def test_extreme_subsampling(cbow, loss, subsample):
    corpus = two_topics()
    trainer = make_trainer(corpus, cbow=cbow, loss=loss, subsample=subsample)
    losses, input_matrix, _ = train(trainer)
    assert np.all(np.isnan(losses) if subsample < 1 else np.isfinite(losses))
    assert np.isfinite(input_matrix).all()
