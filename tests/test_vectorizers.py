import copy
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_info, threadpool_limits

from skw2v.training import workers
from skw2v.training.hyperparameters import auto_learning_rate
from skw2v.vectorizers.progress import EpochReport

TOPICS = [0, 0, 0, 0, 1, 1, 1, 1]
FITTED = [
    "document_counts_",
    "embeddings_",
    "hyperparameters_",
    "loss_curve_",
    "n_iter_",
    "output_embeddings_",
    "pooling_",
    "rare_word_counts_",
    "rare_word_hashes_",
    "subword_embeddings_",
    "subwords_",
    "training_state_",
    "vocabulary_",
    "word_clusters_",
    "word_counts_",
    "word_weights_",
]
TOKEN_PATTERN = r"(?u)\b\w+\b"


def fitted_attributes(vectorizer):
    return {k: v for k, v in vars(vectorizer).items() if k.endswith("_")}


def assert_same_model(first, second):
    """Assert that the fitted attributes are equal bit for bit."""
    first, second = fitted_attributes(first), fitted_attributes(second)
    assert sorted(first) == sorted(second) == FITTED
    assert list(first["vocabulary_"]) == list(second["vocabulary_"])
    for name in FITTED:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def tokens(texts):
    return [re.findall(r"\w+", text.lower()) for text in texts]


# scikit-learn's contract


def test_fit_returns_the_estimator_and_ignores_y(make, texts):
    vectorizer = make()
    assert vectorizer.fit(texts, TOPICS) is vectorizer
    assert_same_model(vectorizer, make().fit(texts))


def test_parameters_are_never_rewritten(make, texts):
    parameters = {
        "learning_rate": "auto",
        "batch_size": "auto",
        "n_jobs": None,
        "stop_words": ["and"],
        "vocabulary": {"cat": 1, "banks": 0},
        "random_state": 3,
    }
    vectorizer = make(**parameters)
    before = vectorizer.get_params()
    kept = copy.deepcopy(before)
    vectorizer.fit(texts).transform(texts)
    after = vectorizer.get_params()
    assert all(after[name] is value for name, value in before.items())
    assert after == kept


def test_a_clone_has_the_parameters_but_no_fitted_attributes(make, texts):
    vectorizer = make(window=3, stop_words=["and"]).fit(texts)
    copied = clone(vectorizer)
    assert copied.get_params() == vectorizer.get_params()
    assert not fitted_attributes(copied)
    assert_same_model(copied.fit(texts), vectorizer)


def test_parameters_can_be_set_and_have_their_effect(make, texts):
    vectorizer = make().set_params(n_components=3, stop_words="english").fit(texts)
    assert vectorizer.get_params()["n_components"] == 3
    assert vectorizer.transform(texts).shape == (8, 3)
    assert "the" not in vectorizer.vocabulary_
    with pytest.raises(ValueError, match="Invalid parameter 'vector_size'"):
        vectorizer.set_params(vector_size=3)


def test_parameters_are_keyword_only(make):
    with pytest.raises(TypeError, match="positional argument"):
        type(make())(100)


@pytest.mark.parametrize(
    "call",
    [
        lambda v: v.transform(["a"]),
        lambda v: v.get_feature_names_out(),
        lambda v: v.word_vectors(),
        lambda v: check_is_fitted(v),
    ],
    ids=["transform", "get_feature_names_out", "word_vectors", "check_is_fitted"],
)
@pytest.mark.parametrize("parameters", [{}, {"vocabulary": ["a"]}], ids=str)
def test_fit_is_required(make, call, parameters):
    vectorizer = make(**parameters)
    name = type(vectorizer).__name__
    with pytest.raises(NotFittedError, match=f"This {name} instance is not fitted"):
        call(vectorizer)
    call(vectorizer.fit(["a b a"]))


def test_attributes_have_the_documented_shapes(make, texts):
    vectorizer = make().fit(texts)
    n_words = len({token for document in tokens(texts) for token in document})
    assert sorted(vectorizer.vocabulary_.values()) == list(range(n_words))
    for matrix in (vectorizer.embeddings_, vectorizer.output_embeddings_):
        assert matrix.shape == (n_words, 4)
        assert matrix.dtype == np.float32
        assert np.isfinite(matrix).all()
        assert matrix.any(axis=1).all()
    assert vectorizer.word_counts_.sum() == sum(map(len, tokens(texts)))
    assert vectorizer.n_iter_ == len(vectorizer.loss_curve_) == 2


def test_the_html_view_works_before_and_after_fit(make, texts):
    vectorizer = make()
    name = type(vectorizer).__name__
    assert name in vectorizer._repr_html_()
    assert name in vectorizer.fit(texts)._repr_html_()
    assert name in make_pipeline(vectorizer, LogisticRegression())._repr_html_()


# Reproducibility


@pytest.mark.parametrize("n_jobs", [1, 2, None])
def test_an_int_seed_gives_the_same_model_every_time(make, texts, n_jobs):
    vectorizer = make(n_jobs=n_jobs).fit(texts)
    first = copy.deepcopy(vectorizer)
    assert_same_model(vectorizer.fit(texts), first)
    assert_same_model(make().fit(texts), first)


def test_another_seed_gives_another_model(make, texts):
    first, second = make(random_state=0).fit(texts), make(random_state=1).fit(texts)
    assert (first.embeddings_ != second.embeddings_).any(axis=1).all()


def test_a_random_state_advances_from_fit_to_fit(make, texts):
    vectorizer = make(random_state=np.random.RandomState(0)).fit(texts)
    first = vectorizer.embeddings_
    assert (vectorizer.fit(texts).embeddings_ != first).any(axis=1).all()
    again = make(random_state=np.random.RandomState(0)).fit(texts)
    np.testing.assert_array_equal(again.embeddings_, first)


def test_without_a_seed_every_fit_is_different(make, texts):
    vectorizer = make(random_state=None).fit(texts)
    first = vectorizer.embeddings_
    assert (vectorizer.fit(texts).embeddings_ != first).any(axis=1).all()


def test_fitting_does_not_touch_the_global_generator(make, texts):
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make().fit(texts)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_second_fit_forgets_the_first(make, texts):
    vectorizer = make().fit(["other words", "and other documents"])
    assert_same_model(vectorizer.fit(texts), make().fit(texts))


@pytest.mark.parametrize(
    "parameters",
    [{}, {"stop_words": "english"}, {"min_count": 3}, {"vocabulary": ["cat", "fell"]}],
    ids=str,
)
def test_fit_transform_equals_fit_then_transform(make, texts, parameters):
    vectorizer = make(**parameters)
    result = vectorizer.fit_transform(texts)
    expected = make(**parameters).fit(texts)
    assert_same_model(vectorizer, expected)
    np.testing.assert_array_equal(result, expected.transform(texts))


@pytest.mark.parametrize("method", ["fit", "transform", "fit_transform"])
def test_documents_are_read_once(make, texts, method):
    n_read = 0

    def generator():
        nonlocal n_read
        for text in texts:
            n_read += 1
            yield text

    once, expected = make().fit(texts), make().fit(texts)
    result = getattr(once, method)(generator())
    assert n_read == len(texts)
    assert_same_model(once, expected)
    if method != "fit":
        np.testing.assert_array_equal(result, expected.transform(texts))


# Kinds of input


@pytest.mark.parametrize(
    "collect",
    [
        tuple,
        iter,
        np.array,
        lambda texts: np.array(texts, dtype=object),
        lambda texts: pd.Series(texts, index=range(50, 42, -1), dtype=object),
        lambda texts: pd.Series(texts, index=range(50, 42, -1), dtype="str"),
        lambda texts: pd.Series(texts, index=range(50, 42, -1), dtype="string"),
        lambda texts: pd.Series(texts, index=range(50, 42, -1), dtype="category"),
        lambda texts: pd.Index(texts),
        lambda texts: [text.encode() for text in texts],
        tokens,
        lambda texts: tuple(map(tuple, tokens(texts))),
        lambda texts: pd.Series(tokens(texts)),
        lambda texts: list(map(np.array, tokens(texts))),
        lambda texts: pd.Series(
            [np.array(document, object) for document in tokens(texts)]
        ),
    ],
    ids=[
        "tuple",
        "iterator",
        "str array",
        "object array",
        "object Series",
        "str Series",
        "string Series",
        "category Series",
        "Index",
        "bytes",
        "lists of tokens",
        "tuples of tokens",
        "Series of lists of tokens",
        "arrays of tokens",
        "Series of arrays of tokens",
    ],
)
def test_the_kind_of_collection_does_not_matter(make, texts, collect):
    expected, vectorizer = make().fit(texts), make()
    result = vectorizer.fit_transform(collect(texts))
    assert_same_model(vectorizer, expected)
    np.testing.assert_array_equal(result, expected.transform(texts))
    np.testing.assert_array_equal(vectorizer.transform(collect(texts)), result)


@pytest.mark.parametrize("dtype", ["String", "Categorical"])
def test_a_polars_series_is_a_collection_of_documents(make, texts, dtype):
    X = pl.Series("text", texts, dtype=getattr(pl, dtype))
    vectorizer = make().fit(X)
    assert_same_model(vectorizer, make().fit(texts))
    np.testing.assert_array_equal(vectorizer.transform(X), vectorizer.transform(texts))


@pytest.fixture
def paths(texts, tmp_path):
    paths = [tmp_path / f"{i}.txt" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize("kind", [str, Path])
def test_documents_may_be_file_paths(make, texts, paths, kind):
    vectorizer = make(input="filename").fit(map(kind, paths))
    expected = make().fit(texts)
    assert_same_model(vectorizer, expected)
    result = vectorizer.transform(map(kind, paths))
    np.testing.assert_array_equal(result, expected.transform(texts))


@pytest.mark.parametrize("mode", ["r", "rb"])
def test_documents_may_be_open_files(make, texts, paths, mode):
    with ExitStack() as stack:
        X = [stack.enter_context(path.open(mode)) for path in paths]
        vectorizer = make(input="file").fit(X)
    assert_same_model(vectorizer, make().fit(texts))


# Text parameters


@pytest.mark.parametrize(
    "parameters",
    [
        {"strip_accents": "ascii"},
        {"strip_accents": "unicode"},
        {"strip_accents": str.swapcase},
        {"lowercase": False},
        {"preprocessor": lambda text: text.replace("e", "a")},
        {"tokenizer": str.split, "token_pattern": None},
        {"token_pattern": r"[a-z]+"},
        {"token_pattern": r"(\w)\w*"},
        {"token_pattern": r"(?u)\b\w\w+\b"},
        {"stop_words": "english"},
        {"stop_words": ["déjà"]},
        {"analyzer": "char", "token_pattern": None},
        {"analyzer": "char_wb", "token_pattern": None},
        {"analyzer": str.split, "token_pattern": None},
        {"min_df": 2},
        {"max_df": 0.5},
        {"max_features": 1},
        {"vocabulary": ["the", "café"]},
    ],
)
def test_text_parameters_work_as_in_count_vectorizer(make, parameters):
    # "the" is the most frequent word, so max_features doesn't depend on a tie.
    X = ["The Café, déjà vu, the end", "The cafe and I", "ŁÓDŹ the łódź x-ray"]
    reference = CountVectorizer(**{"token_pattern": TOKEN_PATTERN, **parameters})
    words = set(make(**parameters).fit(X).vocabulary_)
    assert words == set(reference.fit(X).vocabulary_)
    assert words != set(make().fit(X).vocabulary_)


@pytest.mark.parametrize("limits", [{"min_df": 3}, {"max_df": 0.9}, {"max_df": 500}])
def test_document_frequency_limits_only_select_words(make, limits):
    # Words occur several times in a document; the last limit drops no word.
    rng = np.random.default_rng(0)
    X = [" ".join(f"w{i}" for i in rng.zipf(1.5, 20) if i < 90) for _ in range(500)]
    chosen = make(min_count=2, **limits)
    rows = chosen.fit_transform(X)
    same = make(vocabulary=list(chosen.vocabulary_)).fit(X)
    assert np.array_equal(chosen.embeddings_, same.embeddings_)
    assert np.array_equal(rows, same.transform(X))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"encoding": "latin-1"}, {"caf\u00e9", "na\u00efve"}),
        ({"encoding": "cp1251"}, {"caf\u0439", "na\u043fve"}),
        ({"decode_error": "ignore"}, {"caf", "nave"}),
        ({"decode_error": "replace"}, {"caf", "na", "ve"}),
    ],
)
def test_bytes_are_decoded_as_in_count_vectorizer(make, parameters, words):
    X = ["caf\u00e9 na\u00efve".encode("latin-1")]
    reference = CountVectorizer(token_pattern=TOKEN_PATTERN, **parameters)
    vectorizer = make(**parameters).fit(X)
    assert set(vectorizer.vocabulary_) == set(reference.fit(X).vocabulary_) == words
    with pytest.raises(ValueError, match="Document 0 can't be decoded"):
        make().fit(X)


def test_single_letters_are_words(make):
    vectorizer = make().fit(["I have a dog", "나는 집 에 간다"])
    assert {"i", "a", "집", "에"} < set(vectorizer.vocabulary_)
    assert make(lowercase=False).fit(["I go"]).vocabulary_.keys() == {"I", "go"}


def test_transform_preprocesses_text_as_fit_did(make):
    vectorizer = make(strip_accents="unicode", stop_words=["x"]).fit(["cafe x bar"])
    first, second = vectorizer.transform(["CAFÉ x", "cafe"])
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, vectorizer.word_vectors()["cafe"])


# Output


def test_a_row_is_the_mean_of_the_vectors_of_its_tokens(make, texts):
    vectorizer = make().fit(texts)
    vectors = vectorizer.word_vectors()
    expected = [np.mean([vectors[t] for t in d], axis=0) for d in tokens(texts)]
    result = vectorizer.transform(texts)
    np.testing.assert_allclose(result, expected, rtol=1e-4, atol=1e-7)
    assert result.dtype == np.float32
    assert type(result) is np.ndarray


def test_documents_without_a_known_word_give_rows_of_zeros(make, texts):
    vectorizer = make().fit(texts)
    result = vectorizer.transform(["cat", "", "unheard of", [], "cat unheard of"])
    assert result.any(axis=1).tolist() == [True, False, False, False, True]
    np.testing.assert_array_equal(result[4], result[0])


def test_no_documents_give_no_rows(make, texts):
    result = make().fit(texts).transform([])
    assert result.shape == (0, 4)
    assert result.dtype == np.float32


def test_features_are_named_after_the_estimator(make, texts):
    vectorizer = make().fit(texts)
    prefix = type(vectorizer).__name__.lower()
    names = vectorizer.get_feature_names_out()
    assert names.tolist() == [f"{prefix}{i}" for i in range(4)]


def test_pandas_output_keeps_the_index(make, texts):
    X = pd.Series(texts, index=list("hgfedcba"))
    vectorizer = make().set_output(transform="pandas")
    for frame in (vectorizer.fit_transform(X), vectorizer.transform(X)):
        assert isinstance(frame, pd.DataFrame)
        assert frame.index.equals(X.index)
        assert list(frame.columns) == vectorizer.get_feature_names_out().tolist()
        np.testing.assert_array_equal(frame, make().fit_transform(texts))
    assert vectorizer.transform(texts).index.tolist() == list(range(8))


def test_polars_output(make, texts):
    vectorizer = make().set_output(transform="polars")
    frame = vectorizer.fit_transform(pl.Series(texts))
    assert isinstance(frame, pl.DataFrame)
    assert frame.columns == vectorizer.get_feature_names_out().tolist()
    np.testing.assert_array_equal(frame.to_numpy(), make().fit_transform(texts))


# Pipelines and searches


def test_training_separates_topics(make, texts):
    pipeline = make_pipeline(
        make(n_components=8, max_iter=100, stop_words="english"), LogisticRegression()
    )
    pipeline.fit(texts, TOPICS)
    assert pipeline.score(texts, TOPICS) == 1
    assert pipeline.predict(["mouse chased cat", "sold bonds"]).tolist() == [0, 1]


def test_a_column_transformer_passes_a_column_of_text(make, texts):
    X = pd.DataFrame({"text": texts, "pages": np.arange(8.0)}, index=range(8, 0, -1))
    transformer = ColumnTransformer(
        [("words", make(), "text")], remainder="passthrough"
    )
    expected = make().fit_transform(texts)
    result = transformer.fit_transform(X)
    np.testing.assert_array_equal(result, np.column_stack([expected, X["pages"]]))
    frame = transformer.set_output(transform="pandas").fit_transform(X)
    assert frame.index.equals(X.index)
    assert frame.columns[[0, -1]].str.split("__").str[0].tolist() == [
        "words",
        "remainder",
    ]


def test_a_feature_union_combines_mean_vectors_with_tfidf(make, texts):
    union = FeatureUnion([("mean", make()), ("tfidf", TfidfVectorizer())])
    result = union.fit_transform(texts).toarray()
    expected = [make().fit_transform(texts), TfidfVectorizer().fit_transform(texts)]
    np.testing.assert_allclose(result[:, :4], expected[0])
    np.testing.assert_allclose(result[:, 4:], expected[1].toarray())


@pytest.mark.parametrize("container", [list, pd.Series], ids=["list", "Series"])
def test_a_grid_search_reaches_nested_parameters(make, texts, container):
    pipeline = Pipeline([("words", make()), ("classify", LogisticRegression())])
    grid = {"words__window": [1, 3], "words__stop_words": [None, "english"]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2, error_score="raise")
    search.fit(container(texts), TOPICS)
    assert len(search.cv_results_["params"]) == 4
    best = search.best_estimator_["words"]
    assert best.window == search.best_params_["words__window"]
    assert search.predict(texts).shape == (8,)


def test_a_random_search_works_in_other_processes(make, texts):
    pipeline = make_pipeline(make(), LogisticRegression())
    name = type(make()).__name__.lower()
    values = {f"{name}__n_components": [2, 3], f"{name}__loss_of_nothing": [1]}
    with pytest.raises(ValueError, match="Invalid parameter 'loss_of_nothing'"):
        RandomizedSearchCV(pipeline, values, n_iter=1, cv=2).fit(texts, TOPICS)
    del values[f"{name}__loss_of_nothing"]
    search = RandomizedSearchCV(
        pipeline, values, n_iter=2, cv=2, n_jobs=2, random_state=0, error_score="raise"
    ).fit(texts, TOPICS)
    sequential = clone(search).set_params(n_jobs=1).fit(texts, TOPICS)
    for results in ("mean_test_score", "std_test_score"):
        np.testing.assert_array_equal(
            search.cv_results_[results], sequential.cv_results_[results]
        )
    assert_same_model(search.best_estimator_[0], sequential.best_estimator_[0])


# Parameters out of range


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_components", 0),
        ("n_components", 2.5),
        ("window", 0),
        ("window", "5"),
        ("shrink_windows", "no"),
        ("negative", -1),
        ("ns_exponent", "0.75"),
        ("ns_exponent", np.nan),
        ("ns_exponent", np.inf),
        ("subsample", -1),
        ("subsample", np.nan),
        ("min_count", 0),
        ("min_count", 0.5),
        ("max_iter", 0),
        ("learning_rate", 0),
        ("learning_rate", -1),
        ("learning_rate", "fast"),
        ("learning_rate", np.nan),
        ("learning_rate", np.inf),
        ("min_learning_rate", -0.1),
        ("batch_size", 0),
        ("batch_size", "x"),
        ("corpus_storage", 3),
        ("corpus_storage", None),
        ("n_jobs", 1.5),
        ("random_state", -1),
        ("verbose", -1),
        ("input", "text"),
        ("decode_error", "raise"),
        ("strip_accents", "all"),
        ("stop_words", "german"),
        ("analyzer", "sentence"),
        ("min_df", -1),
        ("max_df", 1.5),
        ("max_features", 0),
        ("vocabulary", 3),
    ],
)
def test_error_names_a_parameter_out_of_range_and_its_value(make, name, value):
    message = f"The '{name}' parameter of .*Vectorizer must be .* Got {value!r} instead"
    for method in ("fit", "fit_transform"):
        with pytest.raises(ValueError, match=message):
            getattr(make(**{name: value}), method)(["a b"])


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("learning_rate", ["auto", 0.2])
def test_the_learning_rate_must_not_rise(make, texts, learning_rate, method):
    vectorizer = make(learning_rate=learning_rate)
    n_tokens = sum(len(vectorizer.build_analyzer()(text)) for text in texts)
    auto = auto_learning_rate(vectorizer._cbow, n_tokens)
    start = auto if learning_rate == "auto" else learning_rate
    vectorizer.set_params(min_learning_rate=start)
    getattr(vectorizer, method)(texts)
    vectorizer.set_params(min_learning_rate=2 * start)
    message = f"min_learning_rate={2 * start} must not exceed learning_rate={start}."
    with pytest.raises(ValueError, match=re.escape(message)):
        getattr(vectorizer, method)(texts)


def test_parameters_are_checked_before_any_document_is_read(make):
    def generator():
        raise AssertionError("read a document")
        yield

    with pytest.raises(ValueError, match="The 'window' parameter"):
        make(window=0).fit(generator())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", 10**9),
        ("negative", 1),
        ("batch_size", 1),
        ("batch_size", 10**5),
        ("n_components", 1),
        ("ns_exponent", 0),
        ("ns_exponent", -1.0),
        ("ns_exponent", 1000),
        ("ns_exponent", -1000),
        ("learning_rate", 1),
        ("min_learning_rate", 0),
        ("n_jobs", -1),
        ("n_jobs", 5),
        ("max_features", 1),
        ("max_features", 10**9),
    ],
)
def test_extreme_parameters_in_range_give_finite_vectors(make, texts, name, value):
    vectorizer = make(**{name: value}).fit(texts)
    assert np.isfinite(vectorizer.embeddings_).all()
    assert np.isfinite(vectorizer.loss_curve_).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", 1),
        ("shrink_windows", False),
        ("negative", 2),
        ("ns_exponent", -2.0),
        ("subsample", 0.01),
        ("max_iter", 1),
        ("learning_rate", 0.4),
        ("min_learning_rate", 0.1),
        ("batch_size", 64),
    ],
)
def test_each_parameter_of_the_model_has_an_effect(make, texts, name, value):
    default, changed = make().fit(texts), make(**{name: value}).fit(texts)
    assert (changed.embeddings_ != default.embeddings_).any()


def test_only_negative_sampling_needs_noise_words(make, texts):
    with pytest.raises(ValueError, match=r"negative=0 leaves .* without noise words"):
        make(negative=0).fit(texts)
    for loss in ("softmax", "hierarchical_softmax"):
        none, many = (make(negative=n, loss=loss).fit(texts) for n in (0, 15))
        assert np.isfinite(none.loss_curve_).all()
        assert np.array_equal(none.embeddings_, many.embeddings_)


# Corpora without contexts


@pytest.mark.parametrize(
    ("X", "parameters", "reason"),
    [
        (["a b", "b a"], {"subsample": 1e-6}, "subsample=1e-06 drops 100% of the tok"),
        (["a", "b", ""], {}, "hardly any token has another in its window"),
        (["a b", "b a"], {"vocabulary": ["a"]}, "hardly any token has another"),
        (["a b", "b c"], {"min_count": 2}, "hardly any token has another"),
    ],
    ids=["subsampling", "documents of one word", "vocabulary", "min_count"],
)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_a_fit_without_a_context_warns_and_has_no_loss(
    make, X, parameters, reason, method
):
    vectorizer = make(**parameters)
    message = rf"training saw 0 pairs of words in all epochs, .* initial ones: {reason}"
    with pytest.warns(UserWarning, match=message) as warned:
        getattr(vectorizer, method)(X)
    assert len(warned) == 1
    assert np.isnan(vectorizer.loss_curve_).tolist() == [True, True]
    assert vectorizer.n_iter_ == 2
    assert not vectorizer.output_embeddings_.any()  # still zero
    assert vectorizer.embeddings_.any(axis=1).all()
    assert vectorizer.transform(X).shape == (len(X), 4)


def test_the_warning_of_a_fit_without_a_context_points_to_the_caller(make):
    with pytest.warns(UserWarning, match="training saw 0 pairs") as warned:
        make().fit(["a"])
    assert [warning.filename for warning in warned] == [__file__]


def test_epochs_without_a_context_have_no_loss(make):
    # About every second epoch drops one of the two tokens; that raises no warning.
    losses = np.array(make(subsample=0.1, max_iter=50).fit(["a b"]).loss_curve_)
    assert 0 < np.isnan(losses).sum() < 50
    assert np.all(losses[~np.isnan(losses)] > 0)


# Interruptions


def interrupt_reading(vectorizer, texts):
    def generator():
        yield from texts[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vectorizer.fit(generator())


def interrupt_analyzing(vectorizer, texts):
    def preprocessor(text):
        raise RuntimeError("no such text")

    with pytest.raises(RuntimeError, match="no such text"):
        vectorizer.set_params(preprocessor=preprocessor).fit(texts)


def interrupt_training(vectorizer, texts):
    def interrupt(self, losses):
        if len(losses) == 2:
            raise KeyboardInterrupt

    vectorizer.set_params(verbose=1, max_iter=3, n_jobs=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EpochReport, "__call__", interrupt)
        with pytest.raises(KeyboardInterrupt):
            vectorizer.fit(texts)


interruptions = pytest.mark.parametrize(
    "interrupt", [interrupt_reading, interrupt_analyzing, interrupt_training]
)


@interruptions
def test_an_interrupted_first_fit_sets_no_attributes(make, texts, interrupt):
    vectorizer = make()
    interrupt(vectorizer, texts)
    assert not fitted_attributes(vectorizer)
    with pytest.raises(NotFittedError):
        vectorizer.transform(["cat"])


@interruptions
def test_an_interrupted_second_fit_keeps_the_first(make, texts, interrupt):
    vectorizer = make().fit(texts[4:])
    interrupt(vectorizer, texts)
    assert_same_model(vectorizer, make().fit(texts[4:]))


@pytest.mark.usefixtures("ends_its_threads")
def test_an_interrupted_training_leaves_no_threads(make, texts):
    interrupt_training(make(n_jobs=2), texts)


# Progress reports


def test_verbose_prints_a_line_for_each_epoch(make, texts, capsys):
    vectorizer = make(verbose=1, max_iter=3).fit(texts)
    lines = capsys.readouterr().out.splitlines()
    pattern = r"\[(\w+)\] epoch (\d)/3: loss (\S+), [\d,]+ tokens/s, \d+ s left"
    found = [re.fullmatch(pattern, line).groups() for line in lines]
    name = type(vectorizer).__name__
    assert found == [
        (name, str(epoch), f"{loss:.4f}")
        for epoch, loss in enumerate(vectorizer.loss_curve_, 1)
    ]


def test_nothing_is_printed_by_default(make, texts, capsys):
    make().fit(texts).transform(texts)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_verbose_does_not_affect_the_model(make, texts):
    assert_same_model(make(verbose=1).fit(texts), make(verbose=0).fit(texts))


def test_the_loss_falls(make, texts):
    losses = make(max_iter=30, learning_rate=0.5).fit(texts).loss_curve_
    assert losses[-1] < losses[0]


# Threads


def test_many_threads_may_transform_at_once(make, texts):
    vectorizer = make().fit(texts)
    expected = vectorizer.transform(texts)
    with ThreadPoolExecutor(8) as pool:
        for result in pool.map(vectorizer.transform, [texts] * 50):
            np.testing.assert_array_equal(result, expected)


def blas_threads():
    return {
        library["filepath"]: library["num_threads"]
        for library in threadpool_info()
        if library["user_api"] == "blas"
    }


@contextmanager
def two_blas_threads():
    """Give BLAS two threads, a number that any thread may then change."""
    limits = threadpool_limits(2, user_api="blas")
    # threadpoolctl gives this thread sole control until it leaves a context.
    with threadpool_limits():
        pass
    try:
        yield
    finally:
        with threadpool_limits():
            limits.restore_original_limits()


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("last", [0, 1], ids="fit {} ends last".format)
def test_two_estimators_may_be_fitted_at_once(make, texts, monkeypatch, n_jobs, last):
    expected = [make(random_state=seed).fit(texts) for seed in (0, 1)]
    in_training = [threading.Event(), threading.Event()]
    ended = [threading.Event(), threading.Event()]
    fit_of_thread = threading.local()

    def report(self, losses):
        this, other = fit_of_thread.number, 1 - fit_of_thread.number
        in_training[this].set()
        assert in_training[other].wait(30)
        assert this != last or ended[other].wait(30)

    def fit(number):
        fit_of_thread.number = number
        assert number == 0 or in_training[0].wait(30)
        vectorizer = make(random_state=number, n_jobs=n_jobs, verbose=1).fit(texts)
        ended[number].set()
        return vectorizer

    monkeypatch.setattr(EpochReport, "__call__", report)
    with two_blas_threads(), ThreadPoolExecutor(2) as pool:
        fitted = list(pool.map(fit, (0, 1)))
        assert set(blas_threads().values()) == {2}
    for one, other in zip(fitted, expected, strict=True):
        assert_same_model(one, other)


def test_an_interrupted_training_restores_the_threads_of_blas(make, texts):
    with threadpool_limits(2, user_api="blas"):
        interrupt_training(make(), texts)
        assert set(blas_threads().values()) == {2}


@pytest.mark.parametrize(
    ("n_jobs", "context", "n_threads"), [(None, 1, 1), (None, 2, 2), (3, 2, 3)]
)
def test_n_jobs_or_joblib_sets_the_number_of_threads(
    make, texts, monkeypatch, n_jobs, context, n_threads
):
    n_working, start = [], workers.Team.start

    def started(team):
        start(team)
        n_working.append(1 + team._n_ready)  # the calling thread works, too
        return team

    monkeypatch.setattr(workers, "_n_cores", lambda: 4)
    monkeypatch.setattr(workers.Team, "start", started)
    with joblib.parallel_config("threading", n_jobs=context):
        make(n_jobs=n_jobs).fit(texts)
    assert n_working == [n_threads]
