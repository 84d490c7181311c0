import copy
import io
import pickle
import re
import unicodedata
from contextlib import ExitStack
from pathlib import Path
from reprlib import repr as shortened

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.compose import ColumnTransformer

from skw2v import SkipGramVectorizer
from skw2v.text.documents import Analyzer, as_collection
from skw2v.text.tokens import tokenize

TABLE = {"text": ["a b", "b a"], "label": ["x", "y"]}


@pytest.fixture(scope="module")
def fitted():
    vectorizer = SkipGramVectorizer(
        n_components=2, min_count=1, subsample=0, max_iter=1, random_state=0
    )
    return vectorizer.fit(["a b"])


@pytest.fixture(params=["fit", "transform", "fit_transform"])
def read(request, fitted):
    """Return each method that reads documents, in turn."""
    return getattr(copy.copy(fitted), request.param)


def tokens(X, **parameters):
    return list(Analyzer(**parameters).tokens(X))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ("a text", r"got a single str; wrap it in a list: \[text\]"),
        (b"a text", r"got a single bytes; wrap it in a list: \[text\]"),
        (np.str_("a text"), "got a single str_; wrap it in a list"),
        ({"a": "text"}, r"got a dict; pass its values: list\(X.values\(\)\)"),
        (None, "got None of type NoneType"),
        (3, "got 3 of type int"),
        (pd.DataFrame(TABLE), r"a table of shape \(2, 2\).*X\['text'\]"),
        (pl.DataFrame(TABLE), r"a table of shape \(2, 2\).*X\['text'\]"),
        (np.array([["a", "b", "c"]]), r"a table of shape \(1, 3\).*X.tolist\(\)"),
        (np.array("a text"), "got an array of 0 dimensions"),
        (np.full((1, 1, 1), "a"), "got an array of 3 dimensions"),
        (csr_array(np.eye(2)), "got a sparse matrix; pass the raw text"),
    ],
    ids=[
        "str",
        "bytes",
        "numpy str",
        "dict",
        "None",
        "int",
        "DataFrame",
        "polars DataFrame",
        "2-D array",
        "0-D array",
        "3-D array",
        "sparse",
    ],
)
def test_input_must_be_a_collection_of_documents(read, X, message):
    with pytest.raises(
        TypeError, match=f"X must be an iterable of documents.*{message}"
    ):
        read(X)


@pytest.mark.parametrize(
    "table", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"]
)
def test_a_column_transformer_may_pass_a_column_or_a_table_of_one(fitted, table):
    X = table(TABLE)
    message = (
        r"a table of shape \(2, 2\); pass one column of text: X\['text'\], and in a "
        r"ColumnTransformer 'text', not \['text'\]"
    )
    with pytest.raises(TypeError, match=message):
        ColumnTransformer([("words", fitted, ["text", "label"])]).fit(X)
    rows = ColumnTransformer([("words", fitted, "text")]).fit_transform(X)
    assert rows.shape == (2, 2)
    of_table = ColumnTransformer([("words", fitted, ["text"])]).fit_transform(X)
    np.testing.assert_array_equal(of_table, rows)


def test_a_table_of_one_column_is_that_column(read):
    column = np.array(["a b", "b a", ""], dtype=object)
    for X in (column[:, None], pd.DataFrame(column), pl.DataFrame({"text": column})):
        result, expected = read(X), read(column)
        if not isinstance(result, np.ndarray):
            result, expected = result.embeddings_, expected.embeddings_
        np.testing.assert_array_equal(result, expected)


def test_the_index_of_a_table_of_one_column_is_kept(fitted):
    X = pd.DataFrame({"text": ["a b", "b"]}, index=[7, 3])
    vectorizer = copy.deepcopy(fitted).set_output(transform="pandas")
    assert list(vectorizer.transform(X).index) == [7, 3]


@pytest.mark.parametrize(
    "missing",
    [None, np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT", "s")],
    ids=["None", "NaN", "float32 NaN", "NA", "NaT", "datetime64 NaT"],
)
@pytest.mark.parametrize(
    "collection",
    [
        list,
        tuple,
        iter,
        lambda X: np.array(X, object),
        lambda X: pd.Series(X, [7, 8, 9]),
    ],
    ids=["list", "tuple", "iterator", "array", "Series"],
)
def test_error_names_the_position_of_a_missing_document(read, collection, missing):
    X = collection(["a b", "b", missing])
    with pytest.raises(ValueError, match=r"Document 2 is missing .*X.fillna\(''\)"):
        read(X)


@pytest.mark.parametrize("dtype", ["str", "string", "object", "category"])
def test_error_names_the_position_of_a_missing_document_in_a_column(read, dtype):
    X = pd.Series(["a b", None, "b"], index=[7, 8, 9], dtype=dtype)
    assert X.isna().sum() == 1
    with pytest.raises(ValueError, match="Document 1 is missing"):
        read(X)


def test_missing_documents_can_be_filled_as_the_error_suggests(read):
    read(pd.Series(["a b", None, "b"]).fillna(""))


@pytest.mark.parametrize(
    "number", [3, 2.5, True, np.int64(3), np.float32(2.5)], ids=lambda n: repr(n)
)
def test_error_names_the_position_of_a_number(read, number):
    message = rf"Document 1 must be a str.*type {type(number).__name__}; .*str\(\)"
    with pytest.raises(TypeError, match=message):
        read(["a b", number])


@pytest.mark.parametrize(
    "document",
    [{"a", "b"}, {"a": 1}, Path("a.txt"), object()],
    ids=["set", "dict", "path", "object"],
)
def test_documents_must_be_text_or_token_lists(read, document):
    name = type(document).__name__
    message = f"Document 1 must be a str, or a list of tokens; .* of type {name}\\."
    with pytest.raises(TypeError, match=message):
        read(["a b", document])


def object_array(tokens):
    array = np.empty(len(tokens), object)
    array[:] = tokens
    return array


@pytest.mark.parametrize("token", [3, None, b"b", ["b"]], ids=repr)
@pytest.mark.parametrize(
    "collect", [list, tuple, object_array], ids=["list", "tuple", "array"]
)
def test_token_lists_must_hold_only_strings(read, collect, token):
    document = collect(["a", token])
    message = (
        f"Document 1 is a {type(document).__name__} and must hold tokens, of type str; "
        f"got {token!r} of type {type(token).__name__}"
    )
    with pytest.raises(TypeError, match=re.escape(message)):
        read([["a"], document])


@pytest.mark.parametrize(
    "document",
    [np.array([1, 2]), np.array([b"a", b"b"]), np.array([["a", "b"]])],
    ids=["numbers", "bytes", "2-D"],
)
def test_token_arrays_must_be_one_dimensional_and_hold_strings(read, document):
    message = "Document 1 is a ndarray and must hold tokens, of type str; got "
    with pytest.raises(
        TypeError, match=message + re.escape(repr(document.tolist()[0]))
    ):
        read([["a"], document])


@pytest.mark.parametrize("parameters", [{}, {"analyzer": lambda text: text.split()}])
def test_undecodable_bytes_raise_an_error_whose_remedies_work(parameters):
    X = [b"oui", "caf\u00e9".encode("latin-1")]
    message = "Document 1 can't be decoded: .*Set encoding, or decode_error='replace'"
    with pytest.raises(ValueError, match=message):
        tokens(X, **parameters)
    assert tokens(X, encoding="latin-1", **parameters) == [["oui"], ["caf\u00e9"]]
    _, (replaced,) = tokens(X, decode_error="replace", **parameters)
    assert replaced.rstrip("\ufffd") == "caf"


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("vocabulary", [None, ["a", "b"]], ids=str)
def test_fit_needs_at_least_one_document(make, method, vocabulary):
    with pytest.raises(
        ValueError, match="X holds no documents; at least one is needed"
    ):
        getattr(make(vocabulary=vocabulary), method)(iter([]))


@pytest.mark.parametrize("X", [["", " "], [[], []], ["!", "?"]])
def test_fit_needs_at_least_one_word(make, X):
    with pytest.raises(ValueError, match="no word found in the 2 documents"):
        make().fit(X)


@pytest.mark.parametrize(
    ("source", "document", "expected"),
    [
        ("file", 3, "an open file, because input='file'"),
        ("file", "a text", "an open file, because input='file'"),
        ("file", Path("a.txt"), "an open file, because input='file'"),
        ("filename", 3, "the path of a file, because input='filename'"),
        ("filename", io.StringIO(), "the path of a file, because input='filename'"),
    ],
    ids=["number", "text", "path", "number for a name", "file for a name"],
)
def test_documents_must_match_the_input_parameter(source, document, expected):
    kind = type(document).__name__
    shown = shortened(document)
    message = f"Document 0 must be {expected}; got {shown} of type {kind}."
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        tokens([document], input=source)


def test_files_must_exist(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"absent\.txt"):
        tokens([tmp_path / "absent.txt"], input="filename")


def test_files_must_be_open(tmp_path):
    path = tmp_path / "text"
    path.write_text("some words")
    with path.open() as file:
        pass
    with pytest.raises(ValueError, match="closed file"):
        tokens([file], input="file")


def test_undecodable_files_raise_an_error(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="Document 0 can't be decoded"):
        tokens([path], input="filename")


@pytest.mark.parametrize("kind", [str, Path, lambda path: str(path).encode()])
def test_documents_may_be_paths(tmp_path, kind):
    path = tmp_path / "text"
    path.write_text("some words")
    assert tokens([kind(path)], input="filename") == [["some", "words"]]


def test_documents_may_be_open_files(tmp_path):
    path = tmp_path / "text"
    path.write_text("some words")
    with ExitStack() as stack:
        files = [stack.enter_context(path.open(mode)) for mode in ("r", "rb")]
        assert tokens(files, input="file") == [["some", "words"]] * 2


@pytest.mark.parametrize(
    "X",
    [
        ["Some words", "More"],
        [np.str_("Some words"), np.str_("More")],
        np.array(["Some words", "More"]),
        np.array(["Some words", "More"], dtype=object),
        np.array([b"Some words", b"More"]),
        {"Some words": 0, "More": 0}.keys(),
    ],
    ids=["list", "numpy str", "str array", "object array", "bytes array", "keys"],
)
def test_documents_may_come_in_any_collection(X):
    assert tokens(X) == [["some", "words"], ["more"]]


@pytest.mark.parametrize(
    "document",
    [list, tuple, np.array, object_array],
    ids=["list", "tuple", "str array", "object array"],
)
def test_token_lists_are_not_preprocessed(document):
    X = [document(["Some words", "\u00c0", ""]), document([])]
    parameters = {"lowercase": True, "strip_accents": "unicode"}
    assert tokens(X, **parameters) == [["Some words", "\u00c0", ""], []]


def test_text_and_token_lists_may_be_mixed():
    assert tokens(["Some words", ["Some words"]]) == [["some", "words"], ["Some words"]]


@pytest.mark.parametrize(
    ("stop_words", "left"), [("english", ["Cat"]), (["Cat"], ["the", "of"])]
)
@pytest.mark.parametrize("document", [list, np.array], ids=["list", "array"])
def test_stop_words_are_removed_from_token_lists(stop_words, left, document):
    assert tokens([document(["the", "Cat", "of"])], stop_words=stop_words) == [left]


def test_a_custom_analyzer_may_take_any_document():
    X = [{"title": "a b"}, {"title": "c"}]
    result = tokens(X, analyzer=lambda document: document["title"].split())
    assert result == [["a", "b"], ["c"]]


@pytest.mark.parametrize("missing", [None, np.nan, float("nan"), pd.NA])
def test_a_missing_document_is_reported_when_a_custom_analyzer_fails(missing):
    with pytest.raises(ValueError, match=r"Document 1 is missing \(.*\); drop it, or"):
        tokens(["a", missing], analyzer=str.split)


def test_other_errors_of_a_custom_analyzer_are_passed_on():
    with pytest.raises(TypeError, match="descriptor 'split'"):
        tokens(["a", 3], analyzer=str.split)
    with pytest.raises(ZeroDivisionError):
        tokens(["nan"], analyzer=lambda document: 1 / 0)


@pytest.mark.parametrize("callable_", ["analyzer", "tokenizer"])
def test_analyzer_and_tokenizer_must_return_tokens(callable_):
    with pytest.raises(TypeError, match="returned None for document 0; it must return"):
        tokens(["a"], **{callable_: lambda document: None}, token_pattern=None)


def test_documents_are_read_one_by_one():
    n_read = 0

    def generator():
        nonlocal n_read
        for text in ["first text", "second text"]:
            n_read += 1
            yield text

    documents = Analyzer().tokens(generator())
    assert next(documents) == ["first", "text"]
    assert n_read == 1


def test_a_document_that_prints_like_a_missing_one_is_not_missing():
    class Odd:
        def __str__(self):
            return "nan"

    with pytest.raises(TypeError, match=r"Document 0 must be a str, .* of type Odd"):
        tokens([Odd()])
    with pytest.raises(ValueError, match="Document 0 is missing"):
        tokens([pd.NaT])


@pytest.mark.parametrize("pattern", ["(", "[a-", r"(?P<x>a)(?P<x>b)"])
def test_an_invalid_regular_expression_names_its_parameter(make, pattern):
    message = f"token_pattern={pattern!r} is not a valid regular expression: "
    with pytest.raises(ValueError, match=re.escape(message)):
        make(token_pattern=pattern).fit(["a b"])


# What an analyzer or a tokenizer returns


class Token:
    """Stands for the tokens of other libraries, such as spaCy's."""


@pytest.mark.parametrize("name", ["tokenizer", "analyzer"])
@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("text", "returned a str for document 2; it must return the tokens, as a list"),
        (b"text", "returned a bytes for document 2"),
        (None, "returned None for document 2"),
        ({"input_ids": [1]}, "returned a dict for document 2"),
        ({"a", "b"}, "returned a set for document 2"),
        ([1, 2], r"Document 2: the tokens, .* must be str; got 1 of type int\."),
        (
            ["a", Token()],
            "Document 2: the tokens, .* must be str; got .* of type Token",
        ),
        (
            ["a", ["b"]],
            "Document 2: the tokens, .* must be str: unhashable type: 'list'",
        ),
        (5, "Document 2: the tokens, .* must be str: 'int' object is not iterable"),
    ],
    ids=["str", "bytes", "None", "dict", "set", "int", "object", "list", "number"],
)
def test_a_callable_must_return_a_list_of_str(make, name, returned, message):
    def split(text):
        return returned if text == "bad" else text.split()

    X = ["a b", "b a", "bad", "b"]
    with pytest.raises(TypeError, match=message):
        make(**{name: split}).fit(X)
    vectorizer = make(**{name: split}).fit(X[:2])
    with pytest.raises(TypeError, match=message):
        vectorizer.transform(X)


@pytest.mark.parametrize("returned", ["text", None, {"a": 1}])
def test_the_removal_of_stop_words_does_not_hide_what_a_tokenizer_returns(
    make, returned
):
    vectorizer = make(tokenizer=lambda text: returned, stop_words=["t"])
    with pytest.raises(TypeError, match=r"returned (a str|None|a dict) for document 0"):
        vectorizer.fit(["a text", "b"])


@pytest.mark.parametrize("name", ["preprocessor", "strip_accents"])
@pytest.mark.parametrize(
    ("returned", "what"), [(None, "None"), (["a"], "a list"), (b"a", "a bytes")]
)
def test_a_callable_must_return_a_text(make, name, returned, what):
    def prepare(text):
        return returned if text == "bad" else text

    message = f"the {name} returned {what} for document 1; it must return a text, as a"
    with pytest.raises(TypeError, match=message):
        make(**{name: prepare}).fit(["a b", "bad"])


def test_the_analyzer_of_build_analyzer_is_as_strict_as_fit(make):
    words = make(tokenizer=lambda text: np.array(text.split())).build_analyzer()("b a")
    assert words == ["b", "a"]
    assert [type(word) for word in words] == [str, str]
    with pytest.raises(TypeError, match=r"must be str; got 1 of type int"):
        make(tokenizer=lambda text: [1, 2]).build_analyzer()("b a")


def test_messages_are_short_whatever_a_document_holds(make):
    class Doc:
        def __repr__(self):
            return "x" * 400_000

    for document in (Doc(), {"a": "b" * 400_000}):
        with pytest.raises(TypeError, match="Document 1 must be a str") as raised:
            make().fit(["a b", document])
        assert len(str(raised.value)) < 300


def test_subclasses_of_str_become_plain_str(make):
    vectorizer = make(tokenizer=lambda text: np.array(text.split())).fit(["a b", "b a"])
    assert {type(word) for word in vectorizer.vocabulary_} == {str}


def test_build_analyzer_gives_the_tokens_of_fit(make, texts):
    vectorizer = make(stop_words=["the"], vocabulary=["cat", "ran"])
    analyze = vectorizer.build_analyzer()
    assert analyze("The CAT, ran!") == ["cat", "ran"]
    assert analyze(["the", "Cat"]) == ["Cat"]
    with pytest.raises(ValueError, match="Document 0 is missing"):
        analyze(None)
    copied = pickle.loads(pickle.dumps(analyze))
    assert [copied(text) for text in texts] == [analyze(text) for text in texts]


def test_the_analyzer_is_built_again_only_for_new_parameters(make):
    vectorizer = make(stop_words=["a"])
    analyzer = vectorizer.build_analyzer()
    assert vectorizer.build_analyzer() is analyzer
    vectorizer.stop_words.append("b")
    assert vectorizer.build_analyzer()("a b c") == ["c"]
    assert vectorizer.set_params(lowercase=False).build_analyzer()("C") == ["C"]


def test_inconsistent_stop_words_are_reported_once(make):
    vectorizer = make(stop_words=["don't"])
    with pytest.warns(UserWarning, match="stop_words may be inconsistent"):
        vectorizer.fit(["a b", "b a"])
    vectorizer.transform(["a"])  # a warning would be an error


def test_columns_of_polars_and_pyarrow_are_read(read):
    lists = [["a", "b"], ["b", "a"]]
    expected = read(lists)
    arrays = pa.array(lists), pa.chunked_array([lists[:1], lists[1:]])
    for X in (pl.Series(lists), *arrays):
        result = read(X)
        if isinstance(result, np.ndarray):
            np.testing.assert_array_equal(result, expected)
        else:
            assert list(result.vocabulary_) == list(expected.vocabulary_)
    assert tokens(pa.array(["a b", "b a"])) == [["a", "b"], ["b", "a"]]


def test_a_table_of_pyarrow_with_one_column_is_that_column(read):
    columns = {"text": ["a b", "c"]}
    column = as_collection(pa.table(columns))
    assert [str(text) for text in column] == ["a b", "c"]
    with pytest.raises(TypeError, match=r"a table of shape \(2, 2\)"):
        read(pa.table(columns | {"other": ["x", "y"]}))


def test_what_dask_delays_must_be_computed(read):
    class Delayed:
        def __getattr__(self, name):
            return Delayed()

        def __iter__(self):
            raise TypeError("Delayed objects of unspecified length are not iterable")

    with pytest.raises(TypeError, match=r"lazy collection of Dask; compute it first"):
        read(Delayed())


def test_lazy_collections_of_dask_must_be_computed(read):
    class Lazy:
        def __dask_graph__(self):
            return {}

    with pytest.raises(TypeError, match=r"lazy collection of Dask; compute it first"):
        read(Lazy())


# Tokens of all scripts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("తెలుగు భాష", ["తెలుగు", "భాష"]),
        ("বাংলা ভাষা", ["বাংলা", "ভাষা"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("ภาษาไทย ที่นี่", ["ภาษาไทย", "ที่นี่"]),
        ("السَّلامُ عَلَيْكُم", ["السَّلامُ", "عَلَيْكُم"]),
        ("שָׁלוֹם עוֹלָם", ["שָׁלוֹם", "עוֹלָם"]),
        ("за\u0301мок замо\u0301к", ["за\u0301мок", "замо\u0301к"]),
        ("می\u200cخواهم بروم", ["می\u200cخواهم", "بروم"]),
        ("İstanbul'da", ["i\u0307stanbul", "da"]),
        ("I'm 3.5 km_h away — 피자!", ["i", "m", "3", "5", "km_h", "away", "피자"]),
        ("❤️ 1️⃣ 👨‍👩‍👧 ok", ["1", "ok"]),
    ],
)
def test_words_of_all_scripts_stay_whole(text, expected):
    assert tokens([text]) == [expected]


@pytest.mark.parametrize("text", ["Grüße aus Orléans", "Tiếng Việt đẹp", "ñandú"])
def test_composed_and_decomposed_letters_give_the_same_words(text):
    (composed,), (decomposed,) = (
        tokens([unicodedata.normalize(form, text)]) for form in ("NFC", "NFD")
    )
    assert [unicodedata.normalize("NFC", token) for token in decomposed] == composed


@given(st.text())
def test_text_without_marks_gives_the_tokens_of_a_regular_expression(text):
    categories = {unicodedata.category(character) for character in text}
    assume(not categories & {"Mn", "Mc", "Me", "Cf"})
    assert tokenize(text) == re.findall(r"(?u)\b\w+\b", text)
