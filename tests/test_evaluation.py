import io
import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ConstantInputWarning
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors
from skw2v.evaluation import (
    analogies,
    analogy_scorer,
    evaluate_analogies,
    evaluate_word_pairs,
    word_pairs_scorer,
)

KeyedVectors = pytest.importorskip(
    "gensim.models", reason="gensim has no wheels for Python 3.14"
).KeyedVectors
datapath = pytest.importorskip("gensim.test.utils").datapath

QUESTIONS = datapath("questions-words.txt")
PAIRS = ["wordsim353.tsv", "simlex999.txt"]
# gensim's own most_similar_cosmul calls what gensim deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:.*init_sims:DeprecationWarning")


def keyed(table):
    """Return the same table as vectors of gensim."""
    theirs = KeyedVectors(table.vectors.shape[1])
    theirs.add_vectors(list(table), table.vectors)
    return theirs


@pytest.fixture(scope="module")
def related():
    """Return vectors in which the pairs of a section differ by the same direction."""
    rng = np.random.default_rng(0)
    vectors = {}
    with open(QUESTIONS, encoding="utf-8") as file:
        for line in file:
            if line.startswith(":"):
                direction = rng.normal(size=12)
                continue
            a, b, *_ = line.lower().split()
            start = vectors.setdefault(a, rng.normal(size=12))
            vectors.setdefault(b, start + direction + rng.normal(size=12) / 3)
    words = rng.permutation(list(vectors)).tolist()
    return WordVectors(words, [vectors[word] for word in words])


def assert_sections_agree(found, sections):
    """Check the numbers of all and of correct answers in each section."""
    for (_, row), section in zip(found.iterrows(), sections, strict=True):
        n_right, n_wrong = len(section["correct"]), len(section["incorrect"])
        assert row["questions"] == n_right + n_wrong
        if row["questions"]:
            assert row["3CosAdd"] == pytest.approx(n_right / row["questions"])
        else:
            assert np.isnan(row["3CosAdd"])


def test_questions_of_word2vec_are_answered_as_by_gensim(related):
    found = evaluate_analogies(related, QUESTIONS, restrict_vocab=800)
    score, sections = keyed(related).evaluate_word_analogies(
        QUESTIONS, restrict_vocab=800
    )
    assert 0.2 < score < 0.8
    assert found.loc["total", "3CosAdd"] == pytest.approx(score)
    assert found.index[:-1].tolist() == [s["section"] for s in sections[:-1]]
    assert_sections_agree(found, sections)
    assert found.loc["total", "unknown"] == pytest.approx(
        1 - found.loc["total", "questions"] / 19_544
    )
    assert (found["unknown"] > 0).any()


def test_3cosmul_matches_most_similar_cosmul_of_gensim(related):
    theirs, n_right = keyed(related), 0
    with open(QUESTIONS, encoding="utf-8") as file:
        questions = [line.lower().split() for line in file if line[0] != ":"][::20]
    for a, b, c, answer in questions:
        ((word, _),) = theirs.most_similar_cosmul([b, c], [a], topn=1)
        n_right += word == answer
    sample = io.StringIO(": all\n" + "\n".join(map(" ".join, questions)))
    found = evaluate_analogies(related, sample).loc["total", "3CosMul"]
    assert 0.1 < found < 0.9
    assert found == pytest.approx(n_right / len(questions))


def random_questions(rng, n_questions):
    """Return questions about a few words in mixed case, some of them unknown."""
    words = [*"abcdefghABCDEFGHxX"]
    sections = []
    for name in ("first", "second one", "empty"):
        n = 0 if name == "empty" else n_questions
        lines = [" ".join(rng.choice(words, 4)) for _ in range(n)]
        sections.append("\n".join([f": {name}", *lines, ""]))
    return "".join(sections)


@pytest.mark.parametrize("dummy4unknown", [False, True])
@pytest.mark.parametrize("case_insensitive", [False, True])
@pytest.mark.parametrize("restrict_vocab", [5, 12, 300_000])
def test_options_mean_the_same_as_in_gensim(
    tmp_path, restrict_vocab, case_insensitive, dummy4unknown
):
    rng = np.random.default_rng(restrict_vocab)
    (tmp_path / "questions.txt").write_text(random_questions(rng, 150))
    # More words than the five best in which gensim looks for an answer.
    words = rng.permutation([*"abcdefghABCD", *map(str, range(9))]).tolist()
    table = WordVectors(words, rng.normal(size=(len(words), 3)))
    options = {
        "restrict_vocab": restrict_vocab,
        "case_insensitive": case_insensitive,
        "dummy4unknown": dummy4unknown,
    }
    found = evaluate_analogies(table, tmp_path / "questions.txt", **options)
    _, sections = keyed(table).evaluate_word_analogies(
        str(tmp_path / "questions.txt"), **options
    )
    assert found.index.tolist() == ["first", "second one", "empty", "total"]
    assert_sections_agree(found, sections)


def test_block_size_does_not_affect_the_results(related, monkeypatch):
    with open(QUESTIONS, encoding="utf-8") as file:
        lines = [line for i, line in enumerate(file) if line[0] == ":" or i % 50 == 0]
    expected = evaluate_analogies(related, lines_of(lines))
    monkeypatch.setattr("skw2v.evaluation.analogies.BLOCK", 50_000)
    assert evaluate_analogies(related, lines_of(lines)).equals(expected)


@pytest.mark.parametrize("block", [0, 1000])
@pytest.mark.parametrize(("answer", "share"), [("first", 1), ("second", 0)])
def test_first_of_equal_words_is_the_answer(monkeypatch, block, answer, share):
    monkeypatch.setattr("skw2v.evaluation.analogies.BLOCK", block)
    vectors = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]]
    table = WordVectors(["a", "b", "c", "first", "second"], vectors)
    found = evaluate_analogies(table, io.StringIO(f": s\na b c {answer}"))
    assert found.loc["s", ["3CosAdd", "3CosMul"]].tolist() == [share, share]


def lines_of(lines):
    """Return an open file with these lines."""
    return io.StringIO("".join(lines))


def test_case_variants_of_the_words_asked_about_are_not_answers():
    table = WordVectors(
        ["a", "b", "c", "C", "B", "d"],
        [[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1.1], [1, 1.1, 1], [1, 0.7, 1.2]],
    )
    file = ": one\na b c d\n"
    right = evaluate_analogies(table, io.StringIO(file)).loc["one"]
    assert right[["3CosAdd", "3CosMul"]].tolist() == [1, 1]
    wrong = evaluate_analogies(table, io.StringIO(file), case_insensitive=False)
    assert wrong.loc["one", ["3CosAdd", "3CosMul"]].tolist() == [0, 0]


def test_some_questions_have_no_possible_answer():
    table = WordVectors(["a", "b"], np.eye(2))
    found = evaluate_analogies(table, io.StringIO(": s\na b a b\nb b b b\n"))
    assert found.loc["s"].tolist() == [0, 0, 2, 0]
    empty = WordVectors([], np.empty((0, 2)))
    found = evaluate_analogies(empty, io.StringIO(": s\na b a b\n"))
    assert found["questions"].tolist() == [0, 0]
    assert found["unknown"].tolist() == [1, 1]
    assert found[["3CosAdd", "3CosMul"]].isna().all(axis=None)


def test_the_only_possible_answer_is_given_even_if_its_score_is_zero():
    table = WordVectors(["up", "down"], [[1.0], [-1.0]])
    found = evaluate_analogies(table, io.StringIO(": s\ndown down down up"))
    assert found.loc["total", "3CosMul"] == 1


def test_questions_are_read_from_paths_and_open_files(tmp_path, related):
    text = "\ufeff// a comment\n# and\n\n: s  t \r\n  Boy girl\tman woman \n\n"
    expected = evaluate_analogies(related, lines_of(": s  t\nboy girl man woman"))
    assert expected.loc["total", "questions"] == 1
    path = tmp_path / "questions.txt"
    path.write_text(text, encoding="utf-8", newline="")
    for file in (path, str(path), io.StringIO(text), io.BytesIO(text.encode())):
        assert evaluate_analogies(related, file).equals(expected)
    with open(path, encoding="utf-8") as file:
        assert evaluate_analogies(related, file).equals(expected)


def open_in_each_way(path, text):
    """Yield a path, and open files of text and of bytes, with the same content."""
    path.write_text(text, encoding="utf-8")
    yield path
    yield io.StringIO(text)
    yield io.BytesIO(text.encode())


def test_only_the_first_line_loses_a_byte_order_mark(tmp_path):
    table = WordVectors(["a", "b", "c", "d"], [[1, 0], [2, 1], [0, 1], [1, 2]])
    questions = "\ufeff: s\na b c d\n\ufeffa b c d\n"
    for file in open_in_each_way(tmp_path / "questions.txt", questions):
        total = evaluate_analogies(table, file).loc["total"]
        assert total[["questions", "unknown"]].tolist() == [1, 0.5]
    pairs = "\ufeffa\tb\t1\na\tc\t2\n\ufeffa\td\t3\n\ufeffb\td\t4\n"
    for file in open_in_each_way(tmp_path / "pairs.tsv", pairs):
        row = evaluate_word_pairs(table, file).iloc[0]
        assert row[["pairs", "unknown"]].tolist() == [2, 0.5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (": s\na b c\n", r"line 2: expected four words, or .* got 'a b c'\."),
        (": s\n\na b c d e\n", r"line 3: expected four words, .* got 'a b c d e'\."),
        (":s\na b c d\n", r"line 1: expected four words, .* got ':s'\."),
        ("a b c d\n", "line 1: a section ': name' must precede the questions"),
        (": s\n# a b c d\n", "holds no questions"),
        ("", "holds no questions"),
        (b": s\n\xff b c d\n", "line 2: this is not UTF-8"),
    ],
)
def test_invalid_lines_in_a_file_of_questions_raise(tmp_path, related, text, message):
    path = tmp_path / "some.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for use in (
        lambda: evaluate_analogies(related, path),
        lambda: analogy_scorer(path),
    ):
        with pytest.raises(ValueError, match=rf"some\.txt.* ?{message}"):
            use()


@pytest.mark.parametrize("n_components", [3, 50, 100])
@pytest.mark.parametrize("scale", [1, 4])
def test_words_with_the_same_vector_are_answers_in_the_order_of_the_table(
    monkeypatch, n_components, scale
):
    # Products of matrices round them differently.
    monkeypatch.setattr(analogies, "BLOCK", 2000)
    rng = np.random.default_rng(n_components)
    a, b, c = rng.normal(size=(3, n_components)).astype(np.float32)
    copies = [f"d{i}" for i in range(997)]
    rows = np.tile(b - a + c, (997, 1))
    rows[1::2] *= scale
    words = ["a", "b", "c", *copies, "D0"]
    table = WordVectors(words, [a, b, c, *rows, rows[0]])
    questions = [("a", "b", "c", "d0"), ("a", "b", "d0", "d1"), ("d1", "b", "d0", "d2")]
    found = evaluate_analogies(table, questions[:2]).loc["total"]
    assert found[["3CosAdd", "3CosMul", "questions"]].tolist() == [1, 1, 2]
    nearest = table.most_similar(["b", "d0"], ["d1"], topn=1)
    (answer,) = [word for word, _ in nearest]
    question = [("d1", "b", "d0", answer)]
    found = evaluate_analogies(table, question).loc["total"]
    assert found["3CosAdd"] == 1


QUADRUPLES = [("a", "b", "c", "d"), ("A", "b", "c", "x"), ("b", "a", "d", "c")]


@pytest.fixture
def letters():
    return WordVectors(["a", "b", "c", "d"], [[1, 0], [2, 1], [0, 1], [1, 2]])


def test_questions_are_taken_from_collections(letters):
    text = ": questions\n" + "\n".join(map(" ".join, QUADRUPLES))
    expected = evaluate_analogies(letters, io.StringIO(text))
    for given in (
        QUADRUPLES,
        iter(QUADRUPLES),
        [list(words) for words in QUADRUPLES],
        np.array(QUADRUPLES),
        pd.DataFrame(QUADRUPLES),
        pd.DataFrame(QUADRUPLES, columns=["name", "b", "c", "d"]),
        [("questions", QUADRUPLES)],
        text.splitlines(),
    ):
        pd.testing.assert_frame_equal(evaluate_analogies(letters, given), expected)
    scorer = analogy_scorer(QUADRUPLES, dummy4unknown=False)
    assert scorer(letters) == expected.loc["total", "3CosAdd"]
    assert repr(scorer) == "analogy_scorer('the list', method='3CosAdd')"


def test_sections_are_taken_from_lists(letters):
    sections = {"one": QUADRUPLES[:1], "two": [], "three": iter(QUADRUPLES[1:])}
    found = evaluate_analogies(letters, sections.items())
    assert found.index.tolist() == ["one", "two", "three", "total"]
    assert found.questions.tolist() == [1, 0, 1, 2]
    mixed = [*QUADRUPLES, ("one", QUADRUPLES), *QUADRUPLES]
    found = evaluate_analogies(letters, mixed)
    assert found.index.tolist() == ["questions", "one", "questions", "total"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([("a", "b", "c", "d"), ("a", "b", "c")], "item 2: expected four words; got"),
        ([("a", "b", "c", 4)], "the list, item 1: expected four words; got"),
        ([("a", "b")], "item 1: expected four words, or the name of a section and"),
        ([("a", 3)], "item 1: expected four words, or the name of a section and"),
        ([("s", [("a", "b")])], "item 1, section 's': expected four words; got"),
        ([{"a", "b", "c", "d"}], "item 1: expected four words; got"),
        (pd.DataFrame({"a": ["x"]}), "the DataFrame, item 1: expected four words"),
        ([], "the list holds no questions"),
        ("a b c d\n" * 100_000, "expected the path of a file; got its content"),
        ("a b c d " * 100_000, "expected the path of a file; got its content"),
    ],
)
def test_invalid_collections_of_questions_raise(letters, given, message):
    for use in (partial(evaluate_analogies, letters), analogy_scorer):
        with pytest.raises(ValueError, match=message) as error:
            use(given)
        assert len(str(error.value)) < 300


TRIPLES = [("a", "b", 1.0), ("a", "C", 0.5), ("b", "d", 3), ("b", "x", 2.0)]


def test_pairs_are_taken_from_collections(letters):
    text = "\n".join("\t".join(map(str, triple)) for triple in TRIPLES)
    expected = evaluate_word_pairs(letters, io.StringIO(text))
    for given in (
        TRIPLES,
        iter(TRIPLES),
        [list(triple) for triple in TRIPLES],
        np.array(TRIPLES),
        pd.DataFrame(TRIPLES),
        pd.DataFrame(TRIPLES, columns=["name", "read", "score"]),
        text.splitlines(),
    ):
        found = evaluate_word_pairs(letters, given)
        np.testing.assert_array_equal(found, expected)
        assert found.index.tolist() == [f"the {type(given).__name__}"]
    scorer = word_pairs_scorer(pd.DataFrame(TRIPLES), dummy4unknown=False)
    assert scorer(letters) == pytest.approx(expected["spearman"].item())
    assert repr(scorer) == "word_pairs_scorer('the DataFrame')"


def test_pairs_are_taken_from_polars(letters):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(TRIPLES, schema=["one", "two", "score"], orient="row")
    found = evaluate_word_pairs(letters, frame)
    np.testing.assert_array_equal(found, evaluate_word_pairs(letters, TRIPLES))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [("a", "b", 1), ("a", "b")],
            "item 2: expected two words and a finite number;",
        ),
        ([("a", 1, "b")], "the list, item 1: expected two words and a finite number;"),
        ([(1, "a", "b")], "item 1: expected two words"),
        ([("a", "b", float("nan"))], "item 1: expected two words"),
        ([("a", "b", None)], "item 1: expected two words"),
        ([("a", "b", 10**400)], "item 1: expected two words"),
        ([{"a": 1, "b": 2, "c": 3}], "item 1: expected two words"),
        ([3], "item 1: expected two words"),
        ([("x" * 1_000_000, "b", "c")], "item 1: expected two words"),
        (pd.DataFrame({"a": ["x"], "b": [1]}), "the DataFrame, item 1: expected two"),
        ([], "the list holds no pairs of words"),
        ("a\tb\t1\n" * 100_000, "expected the path of a file; got its content"),
    ],
)
def test_invalid_collections_of_judgments_raise(letters, given, message):
    for use in (partial(evaluate_word_pairs, letters), word_pairs_scorer):
        with pytest.raises(ValueError, match=message) as error:
            use(given)
        assert len(str(error.value)) < 300


class Lazy:
    """Stands for a DataFrame of Dask, which yields the names of its columns."""

    def __dask_graph__(self):
        return {}

    def __iter__(self):
        return iter(["first", "second", "score"])


@pytest.mark.parametrize(
    "other", [None, 3, b"pairs.tsv", {("a", "b"): 1.0}, {"a"}, Lazy()]
)
def test_what_is_neither_file_nor_collection_is_refused(letters, other):
    for use in (
        partial(evaluate_analogies, letters),
        partial(evaluate_word_pairs, letters),
        analogy_scorer,
        word_pairs_scorer,
    ):
        with pytest.raises(
            TypeError, match=r"expected a path, an open file, .* of type"
        ):
            use(other)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("dummy4unknown", [False, True])
@pytest.mark.parametrize("case_insensitive", [False, True])
def test_correlations_match_gensim(name, case_insensitive, dummy4unknown):
    rng = np.random.default_rng(0)
    with open(datapath(name), encoding="utf-8") as file:
        fields = [line.split("\t") for line in file if line[0] != "#"]
    words = list(dict.fromkeys(w for line in fields for w in line[:2]))
    words = list(dict.fromkeys(words + [word.upper() for word in words[::2]]))
    table = WordVectors(words, rng.normal(size=(len(words), 10)))
    options = {
        "restrict_vocab": 300,
        "case_insensitive": case_insensitive,
        "dummy4unknown": dummy4unknown,
    }
    found = evaluate_word_pairs(table, datapath(name), **options)
    pearson, spearman, unknown = keyed(table).evaluate_word_pairs(
        datapath(name), **options
    )
    assert found.index.tolist() == [datapath(name)]
    expected = [*pearson, *spearman]
    assert found.iloc[0, :4].tolist() == pytest.approx(expected, abs=1e-6)
    assert 0 < unknown < 100
    assert found["unknown"].item() == pytest.approx(unknown / 100)
    n_known = round(len(fields) * (1 - unknown / 100))
    assert found["pairs"].item() == (len(fields) if dummy4unknown else n_known)


def test_pairs_are_read_from_paths_and_open_files(tmp_path):
    table = WordVectors(["a", "b", "c d"], [[1, 2], [3, 1], [0, 1]])
    text = "# x\n\na\tb\t1\n  a\tc d \t 2.5e0\r\nC D\tB\t-3\n"
    path = tmp_path / "pairs.tsv"
    path.write_text(text, encoding="utf-8", newline="")
    expected = evaluate_word_pairs(table, path)
    assert expected.loc[str(path), "pairs"] == 3
    for file in (str(path), io.StringIO(text), io.BytesIO(text.encode())):
        found = evaluate_word_pairs(table, file)
        np.testing.assert_array_equal(found, expected)
    spaces = io.StringIO("a b  1\nb  b\t2\n")
    assert evaluate_word_pairs(table, spaces, delimiter=None)["pairs"].item() == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\t1\na\tb\n", r"line 2: expected two words .* got 'a\\tb'\."),
        ("a\tb\tc\td\n", r"line 1: .* separated by '\\t'; got "),
        ("a b 1\n", r"line 1: .* got 'a b 1'\."),
        ("Word 1\tWord 2\tHuman\n", "line 1: expected two words and a finite number"),
        ("a\tb\tnan\n", "line 1: .* a finite number"),
        ("a\tb\tinf\n", "line 1: .* a finite number"),
        ("# a\tb\t1\n\n", "holds no pairs of words"),
        (b"\n\xff\tb\t1\n", "line 2: this is not UTF-8"),
    ],
)
def test_invalid_lines_in_a_file_of_judgments_raise(tmp_path, text, message):
    table = WordVectors(["a", "b"], np.eye(2))
    path = tmp_path / "some.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for use in (
        lambda: evaluate_word_pairs(table, path),
        lambda: word_pairs_scorer(path),
    ):
        with pytest.raises(ValueError, match=rf"some\.txt.* ?{message}"):
            use()


def test_fewer_than_two_pairs_have_no_correlation():
    table = WordVectors(["a", "b"], np.eye(2))
    for text, n_pairs, unknown in (("a\tb\t1\na\tc\t2", 1, 0.5), ("c\tb\t1", 0, 1)):
        row = evaluate_word_pairs(table, io.StringIO(text)).iloc[0]
        assert row.iloc[:4].isna().all()
        assert row.iloc[4:].tolist() == [n_pairs, unknown]


def test_equal_cosines_have_no_correlation():
    table = WordVectors(["a", "b", "c"], np.eye(3))
    file = io.StringIO("a\tb\t1\na\tc\t2\nb\tc\t0")
    with pytest.warns(ConstantInputWarning):
        row = evaluate_word_pairs(table, file).iloc[0]
    assert np.isnan(row["spearman"])


def test_missing_files_raise():
    table = WordVectors(["a", "b"], np.eye(2))
    for evaluate in (evaluate_analogies, evaluate_word_pairs):
        with pytest.raises(FileNotFoundError):
            evaluate(table, "nowhere.txt")


@pytest.mark.parametrize("restrict_vocab", [0, -1, 1.5, "all"])
def test_restrict_vocab_must_be_a_positive_integer_or_none(restrict_vocab):
    table = WordVectors(["a", "b"], np.eye(2))
    message = f"integer of 1 or more, or None; got {restrict_vocab!r}"
    with pytest.raises(ValueError, match=message):
        evaluate_word_pairs(table, datapath(PAIRS[0]), restrict_vocab=restrict_vocab)
    found = evaluate_word_pairs(table, datapath(PAIRS[0]), restrict_vocab=None)
    assert found["pairs"].item() == 0


def test_estimators_and_pipelines_are_evaluated_by_their_vectors(make, texts):
    vectorizer = make()
    inner = make_pipeline(vectorizer, LogisticRegression())
    inner.fit(texts, [0] * 4 + [1] * 4)
    text = "cat\tmouse\t9\nbanks\tbonds\t8\ncat\tbonds\t1\n"
    expected = evaluate_word_pairs(vectorizer.word_vectors(), io.StringIO(text))
    for estimator in (vectorizer, inner, make_pipeline("passthrough", inner)):
        found = evaluate_word_pairs(estimator, io.StringIO(text))
        assert found.equals(expected)
    with pytest.raises(NotFittedError):
        evaluate_word_pairs(make(), io.StringIO(text))
    long = FunctionTransformer(kw_args={"x" * 10_000: 1})
    for other in (
        LogisticRegression(),
        make_pipeline("passthrough"),
        make_pipeline(*[long] * 10),
        {"cat": [1, 2]},
        type(vectorizer),
    ):
        expected = "expected WordVectors, or a fitted"
        with pytest.raises(TypeError, match=expected) as error:
            evaluate_word_pairs(other, io.StringIO(text))
        assert len(str(error.value)) < 300


ANALOGIES = ": s\ncat ran mouse saw\nstocks fell bonds rose\ncat ran dog saw\n"
JUDGMENTS = "cat\tmouse\t9\nbanks\tbonds\t8\ncat\tbonds\t1\ncat\tdog\t9\n"


@pytest.fixture(params=["3CosAdd", "3CosMul", "spearman"])
def scored(request):
    """Return a scorer and a function that evaluates the same figure."""
    if request.param == "spearman":
        return word_pairs_scorer(io.StringIO(JUDGMENTS)), lambda vectors: (
            evaluate_word_pairs(vectors, io.StringIO(JUDGMENTS), dummy4unknown=True)
        ).iloc[0]["spearman"]
    scorer = analogy_scorer(io.StringIO(ANALOGIES), method=request.param)
    return scorer, lambda vectors: (
        evaluate_analogies(vectors, io.StringIO(ANALOGIES), dummy4unknown=True)
    ).loc["total", request.param]


def test_scores_match_the_evaluation(make, texts, scored):
    scorer, evaluate = scored
    pipeline = make_pipeline(make(), LogisticRegression())
    pipeline.fit(texts, [0] * 4 + [1] * 4)
    score = scorer(pipeline, texts)
    assert type(score) is float
    assert score == pytest.approx(evaluate(pipeline))
    assert pickle.loads(pickle.dumps(scorer))(pipeline[0], None, None) == score


def test_options_reach_the_scorers():
    table = WordVectors(["a", "b", "c", "d"], [[1, 0], [2, 1], [0, 1], [1, 2]])
    questions = ": s\na b c d\nA b c d\na b c x\n"
    for options, expected in (
        ({}, 2 / 3),
        ({"dummy4unknown": False}, 1),
        ({"case_insensitive": False}, 1 / 3),
        ({"case_insensitive": False, "dummy4unknown": False}, 1),
    ):
        scorer = analogy_scorer(io.StringIO(questions), **options)
        assert scorer(table) == pytest.approx(expected)
    pairs, scores = "A b 3\nb d 2\nb c 1\na x 0\n", []
    for options in (
        {},
        {"dummy4unknown": False},
        {"case_insensitive": False},
        {"restrict_vocab": 3},
    ):
        scorer = word_pairs_scorer(io.StringIO(pairs), delimiter=None, **options)
        options = {"delimiter": None, "dummy4unknown": True} | options
        row = evaluate_word_pairs(table, io.StringIO(pairs), **options).iloc[0]
        scores.append(scorer(table))
        assert scores[-1] == row["spearman"]
    assert scores == pytest.approx([1, 1, 0.105, 0.632], abs=1e-3)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_a_search_tunes_without_labels(scored, texts, n_jobs):
    scorer, evaluate = scored
    vectorizer = SkipGramVectorizer(min_count=1, subsample=0, random_state=0)
    search = GridSearchCV(
        vectorizer,
        {"n_components": [2, 8], "max_iter": [1, 3]},
        scoring=scorer,
        cv=[(range(8), [0]), (range(7), [7])],
        n_jobs=n_jobs,
        error_score="raise",
    )
    search.fit(texts)
    results = search.cv_results_
    for i, parameters in enumerate(results["params"]):
        for split, n_documents in enumerate((8, 7)):
            again = vectorizer.set_params(**parameters).fit(texts[:n_documents])
            assert results[f"split{split}_test_score"][i] == evaluate(again)
    assert search.best_score_ == max(results["mean_test_score"])


def test_a_search_over_a_pipeline(texts, scored):
    pipeline = make_pipeline(
        CBOWVectorizer(min_count=1, subsample=0, random_state=0), LogisticRegression()
    )
    search = GridSearchCV(
        pipeline,
        {"cbowvectorizer__window": [1, 3]},
        scoring={"words": scored[0], "accuracy": "accuracy"},
        refit="words",
        cv=[([0, 1, 4, 5, 6, 7], [2, 3])],
        error_score="raise",
    )
    search.fit(texts, [0, 1] * 4)
    assert np.isfinite(search.best_score_)


@pytest.mark.parametrize(
    ("scorer", "message"),
    [
        (
            word_pairs_scorer(io.StringIO("cat\tmouse\t9\nx\ty\t8\ncat\tz\t7")),
            "only 1 of the 3 pairs have both words among the 16 words of the table",
        ),
        (
            analogy_scorer(io.StringIO(": s\na b c d\ncat mouse ran x")),
            "each of the 2 questions has a word that is not among the 16 words",
        ),
    ],
    ids=["pairs", "analogies"],
)
def test_a_search_without_known_words_uses_error_score(texts, scorer, message):
    vectorizer = CBOWVectorizer(min_count=1, subsample=0, max_iter=1)
    search = GridSearchCV(
        vectorizer, {"window": [1, 2]}, scoring=scorer, cv=[(range(8), [0])]
    )
    with pytest.raises(ValueError, match=message):
        search.set_params(error_score="raise").fit(texts)
    search.set_params(error_score=np.nan)
    with (
        pytest.warns(UserWarning, match="test scores are non-finite"),
        pytest.warns(UserWarning, match=message),
    ):
        search.fit(texts)
    assert np.isnan(search.cv_results_["mean_test_score"]).all()


def test_repr_of_a_scorer_shows_file_and_method(tmp_path):
    (tmp_path / "questions.txt").write_text(ANALOGIES)
    (tmp_path / "pairs.tsv").write_text(JUDGMENTS)
    scorer = analogy_scorer(tmp_path / "questions.txt", method="3CosMul")
    assert repr(scorer).endswith("questions.txt', method='3CosMul')")
    assert repr(scorer).startswith("analogy_scorer('")
    scorer = word_pairs_scorer(str(tmp_path / "pairs.tsv"))
    assert repr(scorer) == f"word_pairs_scorer({str(tmp_path / 'pairs.tsv')!r})"
    with pytest.raises(ValueError, match=r"one of \['3CosAdd', '3CosMul'\]; got 'x'"):
        analogy_scorer(tmp_path / "questions.txt", method="x")
