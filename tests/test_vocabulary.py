import re
from collections import Counter
from reprlib import repr as shortened

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from skw2v.corpus.numbering import number
from skw2v.text.vocabulary import Limits, check_given, select

UNLIMITED = {"min_count": 1, "min_df": 1, "max_df": 1.0, "max_features": None}


def selected(documents, **limits):
    """Return the selected words in the order of their rows."""
    corpus, words = number(documents)
    counts, limits = corpus.counts(len(words)), Limits(**{**UNLIMITED, **limits})
    return [words[i] for i in select(corpus, words, counts, limits)]


def by_count(documents):
    """Return all words and counts, most frequent first, ties in alphabetical order."""
    counts = Counter(word for document in documents for word in document)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def test_words_are_sorted_by_count_then_alphabetically(random_documents):
    ranking = by_count(random_documents)
    assert selected(random_documents) == [word for word, _ in ranking]
    assert len({count for _, count in ranking}) < len(ranking)  # there are ties


@pytest.mark.parametrize("min_count", [1, 2, 3, 5])
def test_min_count_is_the_minimum_number_of_occurrences(random_documents, min_count):
    expected = [w for w, count in by_count(random_documents) if count >= min_count]
    assert selected(random_documents, min_count=min_count) == expected


@pytest.mark.parametrize(
    "limits",
    [
        {"min_df": 2},
        {"min_df": 4},
        {"min_df": 0.0},
        {"min_df": 0.2},  # exactly 3 of 15 documents
        {"min_df": 0.21},
        {"max_df": 1},
        {"max_df": 3},
        {"max_df": 0.2},
        {"max_df": 0.19},
        {"min_df": 2, "max_df": 4},
        {"min_df": 0.1, "max_df": 0.3},
        {"min_df": 2, "max_df": 0.3},
    ],
    ids=str,
)
def test_min_df_and_max_df_work_as_in_count_vectorizer(random_documents, limits):
    vectorizer = CountVectorizer(**limits, token_pattern=r"\w+")
    vectorizer.fit(map(" ".join, random_documents))
    words = selected(random_documents, **limits)
    assert set(words) == set(vectorizer.vocabulary_)
    assert words == [w for w, _ in by_count(random_documents) if w in set(words)]


def test_an_int_limit_counts_documents_and_a_float_limit_is_a_proportion():
    documents = [["a", "b"], ["a"]]
    assert selected(documents, max_df=1) == ["b"]
    assert selected(documents, max_df=1.0) == ["a", "b"]
    assert selected(documents, min_df=1) == ["a", "b"]
    assert selected(documents, min_df=1.0) == ["a"]


def test_empty_documents_count_as_documents():
    assert selected([["a"], ["a", "b"], [], []], max_df=0.25) == ["b"]


@pytest.mark.parametrize("max_features", [1, 3, 7, 1000])
def test_max_features_keeps_that_many_words(random_documents, max_features):
    ranking = [word for word, _ in by_count(random_documents)]
    assert (
        selected(random_documents, max_features=max_features)
        == (ranking[:max_features])
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_documents_does_not_matter(random_documents, seed):
    order = np.random.default_rng(seed).permutation(len(random_documents))
    shuffled = [random_documents[i][::-1] for i in order]
    assert shuffled != random_documents
    for limits in ({}, {"max_features": 5}, {"min_df": 2}):
        assert selected(shuffled, **limits) == selected(random_documents, **limits)


def test_max_features_applies_after_the_other_limits():
    documents = [["a", "a", "b", "c"], ["a", "b", "c"], ["a", "d"]]
    assert selected(documents, max_df=2, min_count=2, max_features=1) == ["b"]


def test_min_count_and_max_df_apply_together(random_documents):
    both = selected(random_documents, min_count=3, max_df=4)
    assert set(both) == set(selected(random_documents, min_count=3)) & set(
        selected(random_documents, max_df=4)
    )


def test_error_names_the_largest_min_count_that_leaves_a_word(make, random_documents):
    word, count = by_count(random_documents)[0]
    message = rf"min_count=99 .* {word!r}, occurs (\d+) times; set min_count to \1 or"
    with pytest.raises(ValueError, match=message) as raised:
        make(min_count=99).fit(random_documents)
    named = int(re.search(message, str(raised.value))[1])
    assert named == count
    vectorizer = make(min_count=named).fit(random_documents)
    assert word in vectorizer.vocabulary_
    with pytest.raises(ValueError, match=f"min_count={named + 1} leaves no word"):
        make(min_count=named + 1).fit(random_documents)


def test_the_suggested_min_count_respects_the_other_limits():
    documents = [["the", "a", "the", "a"], ["the", "b", "the", "b"], ["the", "c"]]
    message = r"min_count=100 .*'a', occurs (\d+) times; set min_count to \1 or less"
    with pytest.raises(ValueError, match=message) as raised:
        selected(documents, max_df=0.5, min_count=100)
    named = int(re.search(message, str(raised.value))[1])
    assert selected(documents, max_df=0.5, min_count=named) == ["a", "b"]
    with pytest.raises(ValueError, match="'c', occurs once; set min_count to 1 or"):
        selected([["c"]], min_count=2)


@pytest.mark.parametrize("limits", [{"min_df": 4}, {"max_df": 0.1}], ids=str)
def test_limits_that_alone_leave_no_word_are_blamed_before_min_count(limits):
    ((name, value),) = limits.items()
    documents = [["the", "a", "the"], ["the", "b", "the"], ["the", "c"]]
    with pytest.raises(ValueError, match=f"{name}={value}.* no word of the 3"):
        selected(documents, min_count=100, **limits)


@pytest.mark.parametrize("limits", [{"min_df": 3}, {"max_df": 0.1}], ids=str)
def test_error_names_the_document_frequency_that_leaves_no_word(make, limits):
    ((name, value),) = limits.items()
    with pytest.raises(
        ValueError, match=f"{name}={value}.* no word of the 2 documents"
    ):
        make(**limits).fit([["a", "b"], ["b", "c"]])


@pytest.mark.parametrize(
    ("stop_words", "left"),
    [
        (None, {"the", "cat", "of", "i", "know"}),
        ("english", {"cat", "know"}),
        (["cat", "i"], {"the", "of", "know"}),
    ],
    ids=["none", "english", "list"],
)
def test_stop_words_are_not_in_the_vocabulary(make, stop_words, left):
    text = "The cat of the cat I know"
    vectorizer = make(stop_words=stop_words)
    assert set(vectorizer.fit([text]).vocabulary_) == left
    assert set(vectorizer.fit([text.lower().split()]).vocabulary_) == left


def test_windows_skip_stop_words(make):
    with_stop_words = make(stop_words=["x"]).fit(["a x b x x c", "x a c"])
    without = make().fit(["a b c", "a c"])
    np.testing.assert_array_equal(with_stop_words.embeddings_, without.embeddings_)


def test_windows_skip_rare_words(make):
    with_rare_words = make(min_count=2).fit(["a rare b other c", "a c once b"])
    without = make().fit(["a b c", "a c b"])
    np.testing.assert_array_equal(with_rare_words.embeddings_, without.embeddings_)


@pytest.mark.parametrize(
    ("vocabulary", "rows"),
    [
        ({"c": 2, "absent": 0, "a": 1}, ["absent", "a", "c"]),
        ({"c": np.int64(1), "a": np.int64(0)}, ["a", "c"]),
        (["c", "absent", "a"], ["c", "absent", "a"]),
        (("c", "a"), ["c", "a"]),
        ({"c", "a", "b"}, ["a", "b", "c"]),
        (frozenset("cab"), ["a", "b", "c"]),
        (np.array(["c", "absent", "a"]), ["c", "absent", "a"]),
        (np.array(["c", "absent", "a"], object), ["c", "absent", "a"]),
        (pd.Series(["c", "absent", "a"], [7, 8, 9]), ["c", "absent", "a"]),
        (dict.fromkeys("cab").keys(), ["c", "a", "b"]),
    ],
    ids=[
        "dict",
        "dict of numpy ints",
        "list",
        "tuple",
        "set",
        "frozenset",
        "str array",
        "object array",
        "Series",
        "keys",
    ],
)
def test_a_given_vocabulary_keeps_its_order(make, vocabulary, rows):
    vectorizer = make(vocabulary=vocabulary).fit(["a a b c", "a d"])
    assert list(vectorizer.vocabulary_) == rows
    assert all(type(word) is str for word in vectorizer.vocabulary_)
    assert list(vectorizer.vocabulary_.values()) == list(range(len(rows)))
    counts = {"a": 3, "b": 1, "c": 1, "absent": 0}
    assert vectorizer.word_counts_.tolist() == [counts[word] for word in rows]
    assert vectorizer.embeddings_.shape == (len(rows), 4)
    assert np.isfinite(vectorizer.embeddings_).all()


def test_a_given_vocabulary_overrides_the_limits(make):
    limits = {"min_count": 50, "min_df": 40, "max_df": 0.01, "max_features": 1}
    vectorizer = make(vocabulary=["a", "b"], **limits).fit(["a b", "b a"])
    assert list(vectorizer.vocabulary_) == ["a", "b"]


def test_the_vocabulary_of_a_fitted_estimator_can_be_given_to_another(make, texts):
    first = make().fit(texts)
    second = make(vocabulary=first.vocabulary_).fit(texts)
    assert second.vocabulary_ == first.vocabulary_
    np.testing.assert_array_equal(second.embeddings_, first.embeddings_)


def missing_index(n_words, index):
    return (
        f"vocabulary must map its {n_words} words to the indices 0 to {n_words - 1}, "
        f"each once; no word has the index {index}\\."
    )


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (["a", "b", "a"], "vocabulary holds 'a' twice"),
        ({"a": 0, "b": 0}, missing_index(2, 1)),
        ({"a": 0, "b": 2}, missing_index(2, 1)),
        ({"a": 1, "b": 2}, missing_index(2, 0)),
        ({"a": -1, "b": 0}, missing_index(2, 1)),
        ({"a": 4, "b": 0, "c": 1, "d": 0}, missing_index(4, 2)),
        (Counter("aaabbc"), missing_index(3, 0)),
        ([], "vocabulary is empty; give at least one word, or None"),
        (set(), "vocabulary is empty"),
        ({}, "vocabulary is empty"),
    ],
    ids=str,
)
def test_a_given_vocabulary_must_number_its_words(make, vocabulary, message):
    with pytest.raises(ValueError, match=message):
        check_given(vocabulary)
    with pytest.raises(ValueError, match=message):
        make(vocabulary=vocabulary).fit(["a b"])


@pytest.mark.parametrize(
    "vocabulary",
    ["ab", np.str_("ab"), b"ab", iter(["a", "b"]), map(str, "ab"), (w for w in "ab")],
    ids=["str", "numpy str", "bytes", "iterator", "map", "generator"],
)
def test_a_given_vocabulary_must_be_a_collection_that_can_be_read_twice(
    make, vocabulary
):
    message = re.escape(
        "vocabulary must be a mapping of words to rows or a list of words; got "
        f"{shortened(vocabulary)} of type {type(vocabulary).__name__}."
    )
    with pytest.raises(TypeError, match=message):
        check_given(vocabulary)
    with pytest.raises(TypeError, match=message):
        make(vocabulary=vocabulary).fit(["a b"])


@pytest.mark.parametrize(
    "vocabulary", [frozenset("ab"), np.array(["a", "b"])], ids=["frozenset", "array"]
)
def test_a_given_vocabulary_can_be_used_for_several_fits(make, vocabulary):
    vectorizer = make(vocabulary=vocabulary)
    first = vectorizer.fit(["a b"]).embeddings_
    np.testing.assert_array_equal(vectorizer.fit(["a b"]).embeddings_, first)
    assert vectorizer.vocabulary_ == {"a": 0, "b": 1}


@pytest.mark.parametrize("kind", [set, frozenset])
def test_sets_of_words_are_sorted(kind):
    # With this many words, hash order is never sorted by chance.
    words = [f"w{i:02}" for i in range(50)]
    assert check_given(kind(words)) == words


def test_a_given_vocabulary_must_occur_in_the_documents(make):
    message = "none of the 2 words of vocabulary occurs in the 1 documents"
    with pytest.raises(ValueError, match=message):
        make(vocabulary=["A", "B"]).fit(["A B"])
