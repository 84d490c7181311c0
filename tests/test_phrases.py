"""Phrases: counts, scores and joining as in gensim, and the estimator around them."""

import json
import pickle
import re
from collections import Counter
from itertools import chain, pairwise

import joblib
import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks
from skops import io as skops
from test_contract import CHECKS

import skw2v
from skw2v import PhraseDetector, SkipGramVectorizer
from skw2v.corpus.numbering import number
from skw2v.testing import fitting, refusals, rows, text_vectorizer_checks
from skw2v.text.hash_counts import counts_of, summed
from skw2v.text.neighbors import Neighbors
from skw2v.text.phrases import ENGLISH_CONNECTORS
from skw2v.text.string_hashes import StringHashes

CONNECTORS = ["of", "the"]
SETTINGS = {
    "npmi": {"scoring": "npmi", "threshold": 0.05, "min_count": 2},
    "all pairs": {"scoring": "npmi", "threshold": -0.9, "min_count": 1},
    "default": {"scoring": "default", "threshold": 0.4, "min_count": 2},
}
TEXTS = ["I love New York", "New York is big", "a big apple, a new day"]


@pytest.fixture
def gensim():
    reason = "gensim has no wheels for Python 3.14"
    return pytest.importorskip("gensim.models.phrases", reason=reason)


def random_sentences(words, n, seed=0):
    """Return lists of tokens, some empty; the first words are the most frequent."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(2, len(words) + 2)
    shares /= shares.sum()
    return [rng.choice(words, rng.integers(0, 14), p=shares).tolist() for _ in range(n)]


PLAIN = ["a", "of", "b", "c", "the", *(f"w{i}" for i in range(9))]


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("connectors", [None, CONNECTORS], ids=["", "connectors"])
@pytest.mark.parametrize("delimiter", ["_", " -> "])
def test_scores_and_joined_tokens_are_those_of_gensim(
    gensim, settings, connectors, delimiter
):
    train, new = random_sentences(PLAIN, 60), random_sentences(PLAIN, 40, seed=1)
    settings = {**settings, "delimiter": delimiter}
    theirs = gensim.Phrases(
        train, **settings, connector_words=frozenset(connectors or [])
    )
    ours = PhraseDetector(**settings, connector_words=connectors)
    assert ours.fit_transform(train) == [theirs[each] for each in train]
    assert ours.phrases_ == theirs.export_phrases()  # to the last bit
    assert len(ours.phrases_) > 3
    assert ours.transform(new) == [theirs.freeze()[each] for each in new]
    assert len(ours.ngram_counts_) == len(theirs.vocab)
    assert ours.n_tokens_ == theirs.corpus_word_count


@pytest.mark.parametrize("seed", range(8))
def test_tokens_that_look_like_phrases_count_as_in_gensim(gensim, seed):
    words = ["a", "b", "c", "of", "a_b", "b_c", "a_of_b", "_", "d"]
    train = random_sentences(words, 60, seed)
    settings = {"min_count": 2, "threshold": 0.1, "scoring": "npmi"}
    theirs = gensim.Phrases(train, **settings, connector_words=frozenset(CONNECTORS))
    ours = PhraseDetector(**settings, connector_words=CONNECTORS).fit(train)
    analyzed = [[*theirs.analyze_sentence(each)] for each in train]
    expected = [[token for token, _ in each] for each in analyzed]
    assert ours.transform(train) == expected
    assert sorted(theirs.vocab.values()) == sorted(ours.ngram_counts_.tolist())
    found = {token for each in analyzed for token, score in each if score is not None}
    assert found <= ours.phrases_.keys()


def test_two_detectors_find_longer_phrases_as_in_gensim(gensim):
    parts = [*PLAIN, "new york", "new york times", "new york times square"]
    train = [" ".join(each).split() for each in random_sentences(parts[::-1], 80)]
    settings = {"min_count": 3, "threshold": 0.3, "scoring": "npmi"}
    first = gensim.Phrases(train, **settings)
    joined = [first[each] for each in train]
    second = gensim.Phrases(joined, **settings)
    expected = [second[each] for each in joined]
    assert any("new_york_times_square" in each for each in expected)
    ours = make_pipeline(PhraseDetector(**settings), PhraseDetector(**settings))
    assert ours.fit_transform(train) == expected
    texts = [" ".join(each) for each in train]
    assert ours.fit_transform(texts) == [" ".join(each) for each in expected]


def test_partial_fit_counts_over_all_batches(gensim):
    batches = [random_sentences(PLAIN, 15, seed) for seed in range(5)]
    settings = {"min_count": 4, "threshold": 0.1, "connector_words": CONNECTORS}
    ours, theirs = (
        PhraseDetector(**settings),
        gensim.Phrases(**settings, scoring="npmi"),
    )
    for batch in batches:
        assert ours.partial_fit(batch) is ours
        theirs.add_vocab(batch)
        assert ours.phrases_ == theirs.export_phrases()
    everything = [*chain.from_iterable(batches)]
    whole = PhraseDetector(**settings).fit(everything)
    assert whole.phrases_ == ours.phrases_
    assert ours.phrases_
    assert ours.transform(everything) == whole.transform(everything)
    np.testing.assert_array_equal(ours.ngram_hashes_, whole.ngram_hashes_)
    np.testing.assert_array_equal(ours.ngram_counts_, whole.ngram_counts_)
    assert ours.fit(batches[0]).n_tokens_ == sum(map(len, batches[0]))


def test_the_english_connectors_are_those_of_gensim(gensim):
    assert sorted(ENGLISH_CONNECTORS) == sorted(gensim.ENGLISH_CONNECTOR_WORDS)


def test_a_score_of_word2vec_follows_from_that_of_gensim():
    train = random_sentences(PLAIN, 60)
    ours = PhraseDetector(min_count=2, scoring="default", threshold=0.01).fit(train)
    counts = Counter(token for each in train for token in each)
    pairs = Counter(pair for each in train for pair in pairwise(each))
    for pair, n in pairs.items():
        of_word2vec = (n - 2) / counts[pair[0]] / counts[pair[1]] * ours.n_tokens_
        score = of_word2vec * len(ours.ngram_counts_) / ours.n_tokens_
        if score > 0.01:
            assert ours.phrases_["_".join(pair)] == pytest.approx(score)


# Counting and joining


def test_the_hash_of_joined_strings_follows_from_those_of_the_parts():
    parts = [["", "a", "피자", "\0", "x_y"], ["b", "", "자", "\ud800", "\0\0"]]
    first, second = map(StringHashes.of, parts)
    together = StringHashes.of(list(map("".join, zip(*parts, strict=True))))
    np.testing.assert_array_equal((first + second).values, together.values)
    np.testing.assert_array_equal((first + second).factors, together.factors)


def test_different_strings_have_different_hashes():
    strings = {f"{a}{b}" for a in map(chr, range(500)) for b in map(chr, range(300))}
    strings |= {"\0" * n for n in range(50)}
    assert len(set(StringHashes.of(sorted(strings)).values.tolist())) == len(strings)


def test_counts_of_equal_hashes_are_added():
    rng = np.random.default_rng(0)
    hashes, counts = rng.integers(-9, 9, 60), rng.integers(1, 5, 60)
    expected: Counter = Counter()
    for key, count in zip(hashes.tolist(), counts.tolist(), strict=True):
        expected[key] += count
    distinct, sums, places = summed(hashes, counts)
    assert dict(zip(distinct.tolist(), sums.tolist(), strict=True)) == expected
    assert (np.diff(distinct) > 0).all()
    np.testing.assert_array_equal(distinct[places], hashes)
    wanted = np.arange(-20, 20)
    assert counts_of(wanted, distinct, sums).tolist() == [expected[i] for i in wanted]


def test_any_number_of_connectors_may_be_between_two_words():
    text = ["a", *["of", "the"] * 20, "b"]
    corpus, words = number([text, ["of", "a", "of"], [], ["b", "a", "the", "a"]])
    neighbors = Neighbors.of(corpus, words, set(CONNECTORS), "-")
    assert neighbors.pairs.names() == ["-".join(text), "b-a", "a-the-a"]
    detector = PhraseDetector(min_count=1, threshold=-1.0, connector_words=CONNECTORS)
    assert detector.fit_transform([text]) == [["_".join(text)]]


def test_documents_without_pairs_have_no_phrases():
    detector = PhraseDetector(min_count=1).fit(["", "word", "the"])
    assert detector.phrases_ == {}
    assert detector.transform(["one more", ""]) == ["one more", ""]
    assert PhraseDetector().fit([[]]).transform([[], ["a"]]) == [[], ["a"]]


# Documents in, documents out


def test_the_next_step_cuts_text_into_the_same_tokens():
    texts = [*TEXTS, "नमस्ते दुनिया! नमस्ते दुनिया", "I\u0307stanbul_ 'tis_x 피자 집", ""]
    detector = PhraseDetector(min_count=2, threshold=0.0).fit(texts)
    analyzer = SkipGramVectorizer().build_analyzer()
    tokens = [analyzer(text) for text in texts]
    joined = detector.transform(tokens)
    assert [analyzer(text) for text in detector.transform(texts)] == joined
    assert joined[0] == ["i", "love", "new_york"]
    assert joined[3] == ["नमस्ते_दुनिया"] * 2


def test_documents_keep_their_kind():
    detector = PhraseDetector(min_count=2).fit(TEXTS)
    documents = ["New York!", ["new", "york"], ("a", "day"), b"in New York"]
    expected = ["new_york", ["new_york"], ["a", "day"], "in new_york"]
    assert detector.transform(documents) == expected
    assert detector.transform(iter(documents)) == expected
    assert detector.transform(np.array(TEXTS)) == detector.transform(TEXTS)
    assert PhraseDetector(min_count=2).fit_transform(iter(TEXTS)) == (
        detector.transform(TEXTS)
    )


def test_a_series_keeps_its_index():
    X = pd.Series(TEXTS, index=["x", "y", "z"], name="review")
    detector = PhraseDetector(min_count=2)
    for result in (detector.fit_transform(X), detector.transform(X.to_frame())):
        assert list(result) == detector.transform(TEXTS)
        pd.testing.assert_index_equal(result.index, X.index)
        assert result.name == "review"
    lists = X.str.split()
    assert detector.transform(lists)["x"] == ["I", "love", "New", "York"]
    vectorizer = SkipGramVectorizer(n_components=2, min_count=1)
    pipeline = make_pipeline(detector, vectorizer).set_output(transform="pandas")
    frame = pipeline.fit_transform(X)
    pd.testing.assert_index_equal(frame.index, X.index)
    assert list(frame.columns) == ["skipgramvectorizer0", "skipgramvectorizer1"]
    assert "new_york" in vectorizer.vocabulary_


def test_files_are_read_and_returned_as_text(tmp_path):
    paths = [tmp_path / f"{i}.txt" for i in range(3)]
    for path, text in zip(paths, TEXTS, strict=True):
        path.write_text(text, encoding="utf-8")
    detector = PhraseDetector(min_count=2, input="filename")
    assert detector.fit_transform(paths)[0] == "i love new_york"


def test_tokens_that_the_next_step_would_cut_are_refused():
    refused = r"^the token 'new-york' can't be .* finds \['new', 'york'\] in it; give "
    with pytest.raises(ValueError, match=refused):
        PhraseDetector(min_count=2, delimiter="-").fit_transform(TEXTS)
    lists = [text.lower().split() for text in TEXTS]
    detector = PhraseDetector(min_count=2, delimiter="-")
    assert detector.fit_transform(lists)[0] == ["i", "love", "new-york"]
    with pytest.raises(ValueError, match=r"the token \"it's\" can't be .*'it', 's'"):
        PhraseDetector(tokenizer=str.split).fit_transform(["it's New York"])
    detector = PhraseDetector(tokenizer=str.split, min_count=2)
    assert detector.fit_transform(TEXTS[:2])[0] == "i love new_york"


def test_the_next_step_may_have_the_same_pattern():
    pattern = r"\S+"
    detector = PhraseDetector(min_count=2, delimiter="-", token_pattern=pattern)
    texts = detector.fit_transform(["it's New York", "in New York"])
    assert texts[0] == "it's new-york"
    analyzer = SkipGramVectorizer(token_pattern=pattern).build_analyzer()
    assert analyzer(texts[0]) == ["it's", "new-york"]


# The contract of scikit-learn


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_scikit_learn_checks_pass(check):
    check("PhraseDetector", PhraseDetector())


def test_scikit_learn_has_no_other_checks_for_text():
    with pytest.warns(Warning, match="Can't test estimator"):
        assert [*estimator_checks.estimator_checks_generator(PhraseDetector())]


WITH_VECTORS = make_pipeline(
    PhraseDetector(min_count=3, threshold=0.2, connector_words="english"),
    SkipGramVectorizer(n_components=3, subsample=0, max_iter=1, random_state=0),
)


# A Pipeline doesn't pass the tag of its first step on, and fits its own steps.
PIPELINES = {"check_tags", "check_fit_keeps_parameters"}


@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        (estimator, check)
        for estimator, check in text_vectorizer_checks(WITH_VECTORS)
        if check.__name__ not in PIPELINES
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_pipeline_fulfills_the_contract(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    "check",
    [
        fitting.check_tags,
        fitting.check_fit_returns_self,
        fitting.check_fit_takes_labels,
        fitting.check_fit_keeps_parameters,
        fitting.check_not_fitted_error,
        fitting.check_clone_is_unfitted,
        fitting.check_no_n_features_in,
        refusals.check_bare_string_raises,
        refusals.check_missing_document_raises,
        refusals.check_table_raises,
        refusals.check_no_documents_raise,
        rows.check_transform_keeps_state,
    ],
)
def test_a_detector_fulfills_the_contract(check):
    check(PhraseDetector(min_count=1))


def test_a_search_finds_the_threshold():
    texts = ["new york"] * 8 + ["york new"] * 8 + ["new new york york"] * 4
    labels = [0] * 8 + [1] * 8 + [0, 1] * 2
    pipeline = make_pipeline(PhraseDetector(), CountVectorizer(), LogisticRegression())
    grid = {"phrasedetector__threshold": [-0.5, 0.9]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(texts, labels)
    first, second = search.cv_results_["mean_test_score"]
    assert search.best_params_ == {"phrasedetector__threshold": -0.5}
    assert first > second
    found = search.best_estimator_["phrasedetector"].phrases_
    assert {"new_york", "york_new"} <= found.keys()


def test_columns_have_names_behind_a_detector():
    vectorizer = SkipGramVectorizer(n_components=2, min_count=1)
    columns = ColumnTransformer(
        [("words", make_pipeline(PhraseDetector(), vectorizer), "text")]
    ).set_output(transform="pandas")
    frame = columns.fit_transform(pd.DataFrame({"text": TEXTS}))
    assert list(frame.columns) == [f"words__skipgramvectorizer{i}" for i in range(2)]
    detector = PhraseDetector().fit(TEXTS)
    assert detector.get_feature_names_out().tolist() == ["text"]
    assert detector.get_feature_names_out(["review"]).tolist() == ["review"]


def test_the_view_in_a_notebook_links_to_the_documentation():
    assert "api/skw2v.PhraseDetector.html" in PhraseDetector()._repr_html_()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        (
            {"threshold": 1.5},
            ValueError,
            r"threshold=1.5 must be from -1 to 1, as the ",
        ),
        (
            {"scoring": "default", "threshold": 0},
            ValueError,
            r"threshold=0 must be above 0 with scoring='default'\.$",
        ),
        ({"threshold": "high"}, ValueError, "The 'threshold' parameter of PhraseDet"),
        ({"scoring": "pmi"}, ValueError, "The 'scoring' parameter of PhraseDetector"),
        ({"min_count": 0}, ValueError, "The 'min_count' parameter of PhraseDetector"),
        ({"connector_words": "of"}, ValueError, "The 'connector_words' parameter"),
        ({"connector_words": [3]}, TypeError, r"connector_words must hold words, .* 3"),
        ({"delimiter": None}, ValueError, "The 'delimiter' parameter of PhraseDetec"),
    ],
)
def test_unsuitable_parameters_are_refused(parameters, error, message):
    for method in ("fit", "partial_fit", "fit_transform"):
        with pytest.raises(error, match=message):
            getattr(PhraseDetector(**parameters), method)(TEXTS)


def test_unknown_parameters_are_refused():
    with pytest.raises(TypeError, match="no parameter 'treshold'; did you mean 'thres"):
        PhraseDetector(treshold=1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"delimiter": "-"}, r"delimiter was changed after fit, .* with '_'; set it"),
        ({"connector_words": ["of"]}, r"connector_words was changed after fit, and "),
    ],
)
def test_partial_fit_refuses_other_counts(changed, message):
    detector = PhraseDetector(min_count=2).fit(TEXTS)
    expected = detector.transform(TEXTS)
    with pytest.raises(ValueError, match=message):
        detector.set_params(**changed).partial_fit(TEXTS)
    assert detector.transform(TEXTS) == expected  # what was fitted answers


# Storing


def through_skops(detector, path):
    skops.dump(detector, path)
    return skops.load(path, trusted=skops.get_untrusted_types(file=path))


def through_joblib(detector, path):
    joblib.dump(detector, path)
    return joblib.load(path, mmap_mode="r")


def through_pickle(detector, path):
    return pickle.loads(pickle.dumps(detector))


def through_a_file(detector, path):
    skw2v.save(detector, path)
    return skw2v.load(path)


@pytest.mark.parametrize(
    "through", [through_pickle, through_joblib, through_skops, through_a_file]
)
def test_a_stored_detector_goes_on(through, tmp_path):
    detector = PhraseDetector(min_count=2, connector_words=["of", "\ud800"])
    if through is through_skops:  # which can't write lone surrogates
        detector.set_params(connector_words=["of"])
    detector.fit([*TEXTS, "bank of america", "Bank of America"])
    assert list(detector.phrases_) == ["bank_of_america", "new_york"]
    loaded = through(detector, tmp_path / "detector.safetensors")
    assert vars(loaded).keys() == vars(detector).keys()
    for name, value in vars(detector).items():
        assert type(getattr(loaded, name)) is type(value) or through is through_joblib
        np.testing.assert_array_equal(getattr(loaded, name), value)
    assert list(loaded.phrases_.items()) == list(detector.phrases_.items())
    more = ["big apple"] * 3
    assert loaded.partial_fit(more).phrases_ == detector.partial_fit(more).phrases_
    assert "big_apple" in loaded.phrases_
    assert not hasattr(clone(loaded), "phrases_")


def test_only_plain_parameters_are_saved(tmp_path):
    detector = PhraseDetector(tokenizer=str.split)
    path = tmp_path / "detector.safetensors"
    with pytest.raises(TypeError, match=r"^tokenizer=.* can't be saved, because a "):
        skw2v.save(detector, path)
    with pytest.raises(NotFittedError):
        skw2v.save(PhraseDetector(), path)


def set_to(name, value):
    """Return a function that changes an array of a file."""

    def change(arrays, metadata):
        arrays[name] = np.asarray(value, arrays[name].dtype)

    return change


def times(name, factor):
    """Return a function that multiplies an array of a file."""

    def change(arrays, metadata):
        arrays[name] = factor * arrays[name]

    return change


def state_with(**values):
    """Return a function that changes the state in a file."""

    def change(arrays, metadata):
        state = json.loads(metadata["state"]) | values
        metadata["state"] = json.dumps({k: v for k, v in state.items() if v != "gone"})

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_to("pairs_", [[0, 0, 9]]), "pairs_ has words or links that it doesn't"),
        (set_to("pairs_", [[0, 1, 1]]), "pairs_ has words or links that it doesn't"),
        (set_to("pairs_", [[-1, 0, 1]]), "pairs_ has words or links that it doesn't"),
        (set_to("pairs_", [[0, 1]]), "pairs_ and pair_scores_ don't fit together"),
        (set_to("pair_scores_", [1, 1]), "pairs_ and pair_scores_ don't fit together"),
        (set_to("pair_scores_", [np.nan]), "pair_scores_ has NaN"),
        (times("ngram_hashes_", -1), "ngram_hashes_ don't increase"),
        (times("ngram_counts_", 0), "ngram_counts_ are not numbers of tokens"),
        (set_to("ngram_counts_", [1]), "ngram_counts_ are not numbers of tokens"),
        (state_with(n_tokens_="gone"), r"its phrases lack \['n_tokens_'\]"),
        (state_with(n_tokens_=1.5), r"its n_tokens_ is 1\.5"),
        (state_with(pair_links_=[3]), r"its pair_links_ is \[3\]"),
        (lambda _, metadata: metadata.update(state="[]"), "it holds no phrases"),
        (lambda _, metadata: metadata.pop("parameters"), "it holds no parameters"),
    ],
)
def test_damaged_files_are_refused(change, message, tmp_path):
    path = tmp_path / "detector.safetensors"
    skw2v.save(PhraseDetector(min_count=2).fit(TEXTS), path)
    with safe_open(path, "numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata = file.metadata()
    assert arrays["pairs_"].shape == (1, 3)
    change(arrays, metadata)
    save_file(arrays, path, metadata)
    with pytest.raises(ValueError, match=f"can't be loaded: .*{message}"):
        skw2v.load(path)


def test_parameters_of_the_constructor_are_documented():
    text = re.sub(r"\\?\n", " ", PhraseDetector.__doc__)
    for name in PhraseDetector().get_params():
        assert re.search(rf"\b{name}\b.* : ", text), name
