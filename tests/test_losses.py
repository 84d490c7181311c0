import heapq

import numpy as np
import pytest
from corpora import make_trainer, randomize, zipf_corpus

from skw2v.training.losses import LOSSES
from skw2v.training.losses import softmax as softmax_module
from skw2v.training.losses.huffman import HuffmanTree
from skw2v.training.losses.softmax import cross_entropy
from skw2v.training.threads import Team

models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
COUNTS = np.array([50, 20, 20, 11, 7, 7, 3, 1, 1, 1])


def path(tree, word):
    """Turns of a word by inner node, the root first; 1 is to the right."""
    leaf = tree.leaves[word]
    nodes = tree.nodes[tree.starts[leaf] : tree.starts[leaf + 1]].tolist()
    return {node: 1 if leaf >= tree.spans[node, 1] else -1 for node in nodes}


def log_probabilities(tree, matrix, hidden):
    """log p of all words, as a product along their paths."""
    return np.array(
        [
            -sum(np.logaddexp(0, -z * matrix[n] @ hidden) for n, z in steps.items())
            for steps in (path(tree, word) for word in range(len(tree.leaves)))
        ]
    )


def examples(chunk, runs, cbow):
    """Yield (input words, target word) of all pairs."""
    window = (chunk.windows.shape[1] - chunk.left.shape[1]) // 2
    for run, i in np.ndindex(chunk.left.shape):
        if not runs.start <= run < runs.stop:
            continue
        at, words = window + i, chunk.windows[run]
        before = words[at - chunk.left[run, i] : at]
        contexts = [*before, *words[at + 1 : at + chunk.right[run, i] + 1]]
        if cbow:
            yield from [(contexts, words[at])] if contexts else []
        else:
            yield from (([words[at]], word) for word in contexts)


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
    (tile,) = trainer.tiles
    runs = slice(0, trainer.shape.n_runs)
    value = trainer._compute(chunk, tile, 0)
    expected = 0.0
    for inputs, target in examples(chunk, runs, cbow):
        hidden = trainer.input_matrix[inputs].mean(axis=0)
        if loss == "softmax":
            logits = trainer.output_matrix @ hidden
            expected -= logits[target] - np.logaddexp.reduce(logits)
        else:
            tree = tile.loss.tree
            expected -= log_probabilities(tree, trainer.output_matrix, hidden)[target]
    assert value == pytest.approx(expected, rel=1e-12)


def test_probabilities_of_the_tree_sum_to_1():
    tree = HuffmanTree(COUNTS)
    rng = np.random.default_rng(0)
    matrix, hidden = rng.normal(size=(9, 5)), rng.normal(size=5)
    total = np.exp(log_probabilities(tree, matrix, hidden)).sum()
    assert total == pytest.approx(1)


def test_probabilities_of_a_trained_tree_are_those_of_its_paths():
    rng = np.random.default_rng(0)
    matrix, hidden = rng.normal(size=(9, 5)), rng.normal(size=(3, 5))
    tree, words = HuffmanTree(COUNTS), np.array([3, 0, 9, 3])
    loss = LOSSES["hierarchical_softmax"]
    logs = loss.log_probabilities(hidden, words, matrix, tree)
    expected = [log_probabilities(tree, matrix, row)[words] for row in hidden]
    np.testing.assert_allclose(logs, expected)


@pytest.mark.parametrize("counts", [COUNTS, COUNTS[::-1], np.ones(8, int)])
def test_the_code_is_as_short_as_huffmans(counts):
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


def test_first_nodes_are_those_that_most_words_pass():
    tree = HuffmanTree(COUNTS)
    below = COUNTS[np.argsort(tree.leaves)]
    passing = [below[low:high].sum() for low, _, high in tree.spans]
    assert np.all(np.diff(passing) <= 0)
    assert passing[0] == COUNTS.sum()  # the root


def test_the_leaves_below_a_node_are_a_span():
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
        results.append((trainer.fit(1), trainer.input_matrix, trainer.output_matrix))
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-12)
    for whole, pieces in zip(results[0][1:], results[1][1:], strict=True):
        np.testing.assert_allclose(whole, pieces, atol=1e-12)


@models
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_learns_and_is_the_same_for_all_threads(cbow, loss):
    rng = np.random.default_rng(0)
    # Even words occur among even words only.
    ids = 2 * rng.integers(0, 10, (300, 20)) + rng.integers(0, 2, (300, 1))
    corpus = ids.ravel().astype(np.int32), np.arange(301) * 20, np.bincount(ids.ravel())
    results = []
    for n_threads in (1, 2, 3):
        trainer = make_trainer(
            corpus, cbow=cbow, loss=loss, max_iter=5, batch_size=2048, learning_rate=0.2
        )
        assert trainer.shape.n_tiles == 2
        losses = trainer.fit(n_threads)
        assert losses[-1] < losses[0]
        results.append((losses, trainer.input_matrix, trainer.output_matrix))
    for other in results[1:]:
        assert other[0] == results[0][0]
        assert np.array_equal(other[1], results[0][1])
        assert np.array_equal(other[2], results[0][2])
