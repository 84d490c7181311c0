"""Weights of documents: how often each one counts."""

import pickle
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import sklearn
from corpora import make_trainer, randomize, train, zipf_corpus
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.metadata_routing import get_routing_for_object

import skw2v
from skw2v.corpus import Corpus
from skw2v.corpus import corpus as corpus_module
from skw2v.training import stream, workers
from skw2v.training import trainer as trainer_module
from skw2v.training.workers import Team

LABELS = [0] * 4 + [1] * 4
WEIGHTS = [3, 1, 0, 2, 1, 4, 1, 2]
models = pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])


def repeated(documents, weights):
    return [documents[i] for i in np.repeat(np.arange(len(documents)), weights)]


def corpus_of(documents):
    offsets = np.append(0, np.cumsum([len(each) for each in documents]))
    return Corpus(np.concatenate(documents).astype(np.int32), offsets)


def assert_same_model(first, second):
    """Compare all fitted attributes but the digest of documents, to the last bit."""
    first, second = (
        {name: value for name, value in vars(each).items() if name.endswith("_")}
        for each in (first, second)
    )
    assert sorted(first) == sorted(second)
    for name, value in first.items():
        other = second[name]
        if name == "training_state_":
            value, other = ({**state, "documents": ""} for state in (value, other))
        np.testing.assert_equal(value, other, name)


# Integers


@pytest.fixture(params=[None, 8, 40], ids="span {}".format)
def span(request, monkeypatch):
    """Cut the corpus into spans of different lengths: some are shorter than documents.

    Three of them are a chunk.
    """
    if request.param:
        monkeypatch.setattr(stream, "SPAN", request.param)
        monkeypatch.setattr(stream, "SPANS", 3)


@pytest.mark.usefixtures("span")
@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"min_count": 3, "batch_size": "auto", "learning_rate": "auto"},
        {"subsample": "auto", "max_iter": "auto", "shrink_windows": False},
        {"loss": "hierarchical_softmax", "min_df": 3, "max_df": 0.6},
        {"weighting": "idf", "pooling": ("mean", "clusters"), "n_clusters": 2},
        {"weighting": "sif", "vocabulary": ["cat", "stocks", "sold", "missing"]},
    ],
    ids=str,
)
def test_integers_are_repeated_documents(make, texts, parameters):
    documents = [*texts, "", "the cat"]
    weights = [*WEIGHTS, 2, 0]
    weighted = make(**parameters).fit(documents, sample_weight=weights)
    assert_same_model(weighted, make(**parameters).fit(repeated(documents, weights)))
    assert len(set(weighted.loss_curve_)) > 1


@pytest.mark.usefixtures("span")
def test_weights_of_one_change_nothing(make, texts):
    weighted = make().fit([*texts, ""], sample_weight=np.ones(9))
    assert_same_model(weighted, make().fit([*texts, ""]))


def test_a_weight_of_zero_leaves_a_document_out(make, texts):
    long = "other words " * 20
    weighted = make(window=30).fit([long, *texts], sample_weight=[0, *WEIGHTS])
    assert_same_model(weighted, make(window=30).fit(texts, sample_weight=WEIGHTS))


def test_rows_do_not_depend_on_the_weights_of_their_documents(make, texts):
    vectorizer = make()
    rows = vectorizer.fit_transform(texts, sample_weight=WEIGHTS)
    assert len(rows) == len(texts)
    fitted = make().fit(texts, sample_weight=WEIGHTS)
    np.testing.assert_array_equal(rows, fitted.transform(texts))
    assert_same_model(vectorizer, fitted)


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_a_generator_has_weights(make, texts, method):
    vectorizer = make()
    weights = np.array(WEIGHTS)
    getattr(vectorizer, method)(iter(texts), None, weights)
    assert weights.tolist() == WEIGHTS  # not changed
    assert_same_model(vectorizer, make().fit(texts, sample_weight=WEIGHTS))


def test_weights_may_be_a_series_with_any_index(make, texts):
    weights = pd.Series(WEIGHTS, index=range(50, 58))
    weighted = make().fit(texts, sample_weight=weights)
    assert_same_model(weighted, make().fit(texts, sample_weight=WEIGHTS))


# Fractions


def tokens_of_documents(trainer, n_epochs):
    """Return how many tokens of each document are trained in each epoch.

    The words of a document are its own number.
    """
    counts = []
    for epoch in range(n_epochs):
        chunks = list(trainer.stream.chunks(epoch, Team(1)))
        ids = [
            c.positions.centers[c.positions.left + c.positions.right > 0]
            for c in chunks
        ]
        n_documents = trainer.corpus.n_documents
        counts.append(np.bincount(np.concatenate(ids), minlength=n_documents))
    return np.array(counts)


@pytest.mark.parametrize("spans", [64, 2])
def test_a_fraction_is_the_probability_of_one_more_copy(monkeypatch, spans):
    monkeypatch.setattr(stream, "SPAN", 50)
    monkeypatch.setattr(stream, "SPANS", spans)
    weights = np.array([0.25, 2.5, 0.0, 1.0, 3.9, 0.02, 7.0, 1.4])
    corpus = corpus_of([[i] * 10 for i in range(8)]).weighted(weights)
    n_copies = tokens_of_documents(make_trainer(corpus), n_epochs=400) / 10
    assert set(np.unique(n_copies - np.floor(weights))) == {0, 1}
    fraction = weights % 1
    error = np.sqrt(fraction * (1 - fraction) / 400)
    assert np.all(abs(n_copies.mean(axis=0) - weights) <= 4 * error)
    # The draws of a document don't depend on others, nor on the epoch before.
    drawn = n_copies[:, fraction > 0].T
    both = np.corrcoef(drawn[:, 1:], drawn[:, :-1])
    assert abs(both - np.eye(len(both)))[: len(drawn)].max() < 4 / np.sqrt(400)


def test_each_span_draws_its_part_of_a_long_document(monkeypatch):
    monkeypatch.setattr(stream, "SPAN", 50)
    corpus = corpus_of([[0] * 500, [1] * 500]).weighted(np.array([0.5, 1.2]))
    n_tokens = tokens_of_documents(make_trainer(corpus), n_epochs=200)
    assert set(np.unique(n_tokens % 50)) == {0}
    variances = np.array([10 * 0.5 * 0.5, 10 * 0.2 * 0.8])
    n_parts = n_tokens / 50
    error = 4 * np.sqrt(variances / 200)
    assert np.all(abs(n_parts.mean(axis=0) - [5, 12]) < error)
    assert n_parts.var(axis=0) == pytest.approx(variances, rel=0.4)


def change(corpus, seed, **settings):
    """Return how an epoch of tiny steps changes both matrices: the sum of gradients."""
    trainer = make_trainer(
        corpus,
        seed,
        np.float64,
        max_iter=1,
        learning_rate=1e-7,
        min_learning_rate=0,
        batch_size=64,
        **settings,
    )
    randomize(trainer)
    model = trainer.model
    before = np.vstack([model.input_matrix, model.output_matrix])
    return np.vstack(train(trainer)[1:]) - before


# Without the weights, differences are forty times as large as their standard errors.
@models
@pytest.mark.parametrize("subsample", [0, 0.05])
def test_the_mean_gradient_is_that_of_repeated_documents(cbow, subsample):
    rng = np.random.default_rng(0)
    shares = np.arange(12) / 66
    topics = [rng.choice(12, 20, p=np.roll(shares, 4 * (i % 3))) for i in range(60)]
    # Words occur an even number of times, so half of a document has whole counts.
    documents = [rng.permutation(np.repeat(words, 2)) for words in topics]
    weights = np.tile([2.5, 0.5, 1, 0, 3.5, 1.5], 10)
    twice = repeated(documents, (2 * weights).astype(int))
    twice = [twice[i] for i in rng.permutation(len(twice))]
    settings, seeds = {"cbow": cbow, "subsample": subsample}, range(40)

    def errors(corpus):
        """Return the differences from the documents that are repeated, twice."""
        found = np.array([2 * change(corpus, seed, **settings) for seed in seeds])
        difference = found.mean(axis=0) - expected.mean(axis=0)
        return difference / np.sqrt((found.var(axis=0) + expected.var(axis=0)) / 40)

    expected = np.array([change(corpus_of(twice), 40 + s, **settings) for s in seeds])
    deviations = errors(corpus_of(documents).weighted(weights))
    assert np.sqrt(np.mean(deviations**2)) < 1.4
    assert abs(deviations).max() < 5
    assert np.sqrt(np.mean(errors(corpus_of(documents)) ** 2)) > 20


@models
def test_progress_is_weighted(monkeypatch, cbow):
    monkeypatch.setattr(stream, "SPAN", 50)
    monkeypatch.setattr(stream, "SPANS", 3)
    corpus = corpus_of([[i] * 10 for i in range(100)])
    weights = np.repeat([0.25, 2.0], 50)
    trainer = make_trainer(corpus.weighted(weights), cbow=cbow, learning_rate=0.2)
    assert trainer.stream.n_tokens == 10 * weights.sum() == 1125
    assert trainer._learning_rate(1125) == pytest.approx(0.1)  # the first of two epochs
    chunks = list(trainer.stream.chunks(0, Team(1)))
    assert chunks[0].start == 0
    assert chunks[-1].stop == 1125
    for one, other in pairwise(chunks):
        assert one.start < one.stop == other.start
    # The spans of a chunk have up to 50 tokens, of which weights of 0.25 leave a few.
    sizes = {chunk.stop - chunk.start for chunk in chunks}
    assert min(sizes) < 100 < max(sizes) <= 150


@pytest.mark.filterwarnings("ignore:training")
def test_an_epoch_may_have_no_document(make):
    vectorizer = make(max_iter=20).fit(["a b"], sample_weight=[0.2])
    n_empty = np.isnan(vectorizer.loss_curve_).sum()
    assert 10 < n_empty < 20
    assert np.isfinite(vectorizer.embeddings_).all()


def test_weights_that_leave_nothing_to_learn_are_named(make, texts):
    with pytest.warns(UserWarning, match="saw 0 pairs .* sample_weight"):
        make().fit(texts, sample_weight=np.full(8, 1e-9))


@models
def test_vectors_do_not_depend_on_the_number_of_workers(monkeypatch, cbow):
    monkeypatch.setattr(stream, "SPAN", 1 << 8)
    monkeypatch.setattr(workers, "_n_cores", lambda: 8)
    corpus = zipf_corpus(20_000, 300)
    weights = np.random.default_rng(0).exponential(2, corpus.n_documents)
    results = []
    for n_workers, long in ((1, np.inf), (3, np.inf), (3, 0)):  # threads, processes
        monkeypatch.setattr(trainer_module, "LONG", long)
        trainer = make_trainer(corpus.weighted(weights), cbow=cbow, batch_size=8192)
        assert trainer.stream.n_chunks > 1
        results.append(train(trainer, n_workers))
    for losses, *matrices in results[1:]:
        assert losses == results[0][0]
        np.testing.assert_equal(matrices, list(results[0][1:]))


# Counts


def test_counts_are_weighted_and_rounded(make):
    documents = ["a a a b", "a b c", "c d", "e"]
    vectorizer = make(weighting="idf").fit(documents, sample_weight=[1.3, 2.4, 0.1, 0])
    counts = dict(zip(vectorizer.vocabulary_, vectorizer.word_counts_, strict=True))
    # 3 * 1.3 + 2.4, 1.3 + 2.4, 2.4 + 0.1, 0.1 (rare, but not impossible)
    assert counts == {"a": 6, "b": 4, "c": 2, "d": 1}
    assert vectorizer.word_counts_.dtype == np.int64
    df, n = np.array([4, 4, 2, 1]), 4
    idf = np.log((1 + n) / (1 + df)) + 1
    np.testing.assert_allclose(vectorizer.word_weights_, idf, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:training saw")
def test_limits_of_counts_are_weighted(make):
    documents, weights = ["a a a b", "a b c", "c d d"], [1.3, 2.4, 0.3]

    def learned(**parameters):
        return [*make(**parameters).fit(documents, sample_weight=weights).vocabulary_]

    assert learned(min_count=3) == ["a", "b", "c"]
    assert learned(min_count=4) == ["a", "b"]
    assert learned(min_df=4) == ["a", "b"]
    assert learned(min_df=0.5) == ["a", "b", "c"]
    assert learned(max_df=3) == ["c", "d"]
    with pytest.raises(ValueError, match="the most frequent one, 'a', occurs 6 times"):
        learned(min_count=7)


def test_counts_of_many_tokens_are_weighted(monkeypatch):
    monkeypatch.setattr(corpus_module, "SLICE", 64)
    corpus, rng = zipf_corpus(1000, 20), np.random.default_rng(0)
    weights = rng.integers(0, 5, corpus.n_documents).astype(np.float64)
    expected = np.zeros(20)
    for document, weight in enumerate(weights):
        ids = corpus.ids[corpus.offsets[document] : corpus.offsets[document + 1]]
        expected += weight * np.bincount(ids, minlength=20)
    weighted = corpus.weighted(weights)
    np.testing.assert_array_equal(weighted.counts(20), expected)
    np.testing.assert_array_equal(weighted.counts(0), expected)
    assert weighted.weighted_tokens == expected.sum()
    assert weighted.weighted_documents == weights.sum()


def test_auto_follows_the_weighted_tokens(make, texts):
    auto = dict.fromkeys(["batch_size", "learning_rate", "subsample"], "auto")
    many = make(**auto).fit(texts, sample_weight=[1000.0] * 8).hyperparameters_
    few = make(**auto).fit(texts).hyperparameters_
    assert many["batch_size"] > few["batch_size"]
    assert many["subsample"] < few["subsample"]


# With the rest of scikit-learn


def test_weights_are_routed_through_a_pipeline(make, texts):
    pipeline = make_pipeline(make(), LogisticRegression())
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline[0].set_fit_request(sample_weight=True)
        pipeline[1].set_fit_request(sample_weight=False)
        pipeline.fit(texts, LABELS, sample_weight=WEIGHTS)
    assert_same_model(pipeline[0], make().fit(texts, sample_weight=WEIGHTS))
    request = get_routing_for_object(pipeline[0]).fit.requests
    assert request == {"sample_weight": True}


def test_a_pipeline_passes_weights_by_the_name_of_the_step(make, texts):
    pipeline = make_pipeline(make(), LogisticRegression())
    name = pipeline.steps[0][0]
    pipeline.fit(texts, LABELS, **{f"{name}__sample_weight": WEIGHTS})
    assert_same_model(pipeline[0], make().fit(texts, sample_weight=WEIGHTS))


def test_a_search_passes_the_weights_of_its_documents(make, texts):
    fits = []

    class Noted(type(make())):
        def fit(self, X, y=None, sample_weight=None):
            fits.append((X, sample_weight))
            return super().fit(X, y, sample_weight)

        def score(self, X, y=None):
            return 0.0

    documents = np.array(texts)
    vectorizer = Noted(**make().get_params())
    with sklearn.config_context(enable_metadata_routing=True):
        vectorizer.set_fit_request(sample_weight=True)
        search = GridSearchCV(vectorizer, {"window": [1, 2]}, cv=2)
        search.fit(documents, sample_weight=np.array(WEIGHTS))
    assert [len(X) for X, _ in fits] == [4] * 4 + [8]
    weight_of = dict(zip(texts, WEIGHTS, strict=True))
    for X, weights in fits:
        assert [weight_of[text] for text in X] == weights.tolist()
    expected = make(window=1).fit(texts, sample_weight=WEIGHTS)
    assert_same_model(search.best_estimator_, expected)


@pytest.mark.parametrize("own", ["fit", "transform"])
def test_a_subclass_with_a_method_of_its_own_gets_the_weights(make, texts, own):
    cls = type(make())
    method = getattr(cls, own)
    subclass = type(
        "Own",
        (cls,),
        {own: lambda self, *given, **named: method(self, *given, **named)},
    )
    vectorizer = subclass(**make().get_params())
    vectorizer.fit_transform(texts, sample_weight=WEIGHTS)
    assert_same_model(vectorizer, make().fit(texts, sample_weight=WEIGHTS))


def test_a_subclass_that_knows_no_weights_still_fits(make, texts):
    cls = type(make())

    class Old(cls):
        def fit(self, X, y=None):
            return super().fit(X, y)

    vectorizer = Old(**make().get_params())
    vectorizer.fit_transform(texts)
    assert_same_model(vectorizer, make().fit(texts))


def test_a_fit_with_weights_is_stored_as_any_other(make, texts, tmp_path):
    vectorizer = make().fit(texts, sample_weight=WEIGHTS)
    path = tmp_path / "model.safetensors"
    skw2v.save(vectorizer, path)
    for stored in (skw2v.load(path), pickle.loads(pickle.dumps(vectorizer))):
        assert_same_model(stored, vectorizer)
    expected = make().fit(texts)  # a second fit knows nothing of the weights
    assert_same_model(clone(vectorizer).fit(texts), expected)
    assert_same_model(vectorizer.fit(texts), expected)


# Mistakes


@pytest.mark.parametrize(
    ("weights", "given"),
    [
        ([1, -2.5], r"-2\.5 for document 1"),
        ([np.nan, 1], "nan for document 0"),
        ([1, np.inf], "inf for document 1"),
        ([1, None], "nan for document 1"),
        ([0, 0], "weights that sum to 0"),
        ([], "weights that sum to 0"),
        ([1e30, 1], r"weights that sum to 1e\+30"),
        ([10**400, 1], r"\[1000"),
        ([[1], [2]], r"an array of shape \(2, 1\)"),
        (2.0, r"an array of shape \(\)"),
        ("balanced", "'balanced'"),
        (["a", "b"], r"\['a', 'b'\]"),
        ({0: 1, 1: 2}, "{0: 1, 1: 2}"),
    ],
)
def test_wrong_weights_are_refused_before_documents_are_read(make, weights, given):
    documents = iter(["a b", "b c"])
    with pytest.raises(ValueError, match=f"^sample_weight must be .* got {given}"):
        make().fit(documents, sample_weight=weights)
    assert next(documents) == "a b"


@pytest.mark.parametrize("n_weights", [1, 7, 9])
def test_each_document_needs_a_weight(make, texts, n_weights):
    message = f"sample_weight has {n_weights} weights, and X has 8 documents"
    for method in ("fit", "fit_transform"):
        with pytest.raises(ValueError, match=message):
            getattr(make(), method)(iter(texts), sample_weight=np.ones(n_weights))


def test_words_of_documents_without_weight_are_not_learned(make):
    message = r"no word found in the 2 documents: .* a sample_weight of 0"
    with pytest.raises(ValueError, match=message):
        make().fit(["a b", ""], sample_weight=[0, 1])
    message = "occurs in the 2 documents that have a positive weight"
    with pytest.raises(ValueError, match=message):
        make(vocabulary=["a"]).fit(["a b", "c"], sample_weight=[0, 1])
