"""The code of the documentation runs, and its links work."""

import doctest
import gzip
import importlib
import inspect
import pkgutil
import re
import textwrap
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from composed_files import fasttext_file, floret_file
from corpora import make_trainer, train, zipf_corpus

import skw2v
from skw2v import CBOWVectorizer, SkipGramVectorizer, WordVectors, datasets
from skw2v.datasets import load_docstrings
from skw2v.io import write_glove, write_word2vec
from skw2v.pooling import POOLINGS
from skw2v.training.hyperparameters import auto_learning_rate
from skw2v.training.losses import LOSSES
from skw2v.training.workers import Team

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]


GUIDE = re.findall(r"^\w+$", (DOCS / "user_guide.md").read_text("utf-8"), re.M)
GUIDE = GUIDE[: GUIDE.index("callbacks")]  # the other pages of the guide itself
SHORT = [
    "faq",
    "install",
    "limits",
    "coming_from_gensim",
    "coming_from_fasttext",
    "coming_from_countvectorizer",
    "more_than_one_machine",
]
# Pages whose code other tests run, and where.
TESTED_ELSEWHERE = {
    "contract": "test_testing.py",
    "ecosystem": "test_ecosystem.py",
    "korean_text": "test_korean.py",
    "recipes": "test_recipes.py",
    "tuning": "test_tuning.py",
}


def run(page, **names):
    """Run the code of a page, including doctests; return the names it defines."""
    text = (ROOT / page).read_text(encoding="utf-8")
    runner = doctest.DocTestRunner(
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    for code in re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL):
        code = textwrap.dedent(code)
        if code.startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(code, names, page, page, 0)
            runner.run(test, clear_globs=False)
            names = test.globs
        else:
            exec(code, names)
    assert runner.failures == 0
    return names


# The page on limits takes 2 seconds: it learns from the docstrings of four packages.
@pytest.mark.parametrize("page", SHORT)
def test_the_code_of_a_page_runs(page):
    if page == "coming_from_gensim":
        pytest.importorskip("gensim", reason="gensim has no wheels for Python 3.14")
    run(f"docs/{page}.md")


# Takes 4 seconds: its figures are those of a quarter of all docstrings.
def test_the_code_of_getting_started_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = run("docs/getting_started.md")
    rows = names["vectorizer"].transform(["missing"])
    assert np.array_equal(rows, names["pipeline"][0].transform(["missing"]))
    assert len(capsys.readouterr().out.splitlines()) == 3  # the most similar documents


def test_the_code_of_every_page_runs():
    here = Path(__file__).read_text(encoding="utf-8")
    named = re.findall(r"\b(\w+)\.md\b", here)
    tested = {"README", "index", *named, *TESTED_ELSEWHERE, *SHORT, *GUIDE}
    tested -= {"user_guide"}  # it only lists its pages
    have_code = {
        page.stem for page in PAGES if "```python" in page.read_text(encoding="utf-8")
    }
    assert have_code == tested
    for page, test in TESTED_ELSEWHERE.items():
        assert f"{page}.md" in (ROOT / "tests" / test).read_text(encoding="utf-8")


@pytest.fixture
def few_docstrings(monkeypatch):
    """Let the docstrings be few and short, so that training is fast."""
    read = datasets._documents

    def read_some(drop_examples):
        every = list(read(drop_examples).items())
        named = [item for item in every if "regression" in item[0][:400]]
        return {text[:400]: name for text, name in every[::40] + named[:20]}

    monkeypatch.setattr(datasets, "_documents", read_some)


@pytest.mark.usefixtures("few_docstrings")
@pytest.mark.parametrize("page", ["README", "docs/index"])
def test_the_first_code_runs(page):
    names = run(f"{page}.md")
    assert names["pipeline"].score(names["texts"], names["labels"]) > 0.5


def write_files_of_the_user_guide():
    """Write small files with the names that the user guide has for large ones."""
    words = ["i", "love", "like", "피자"]
    vectors = WordVectors(words, np.eye(4, 8, dtype=np.float32))
    write_word2vec(vectors, "GoogleNews-vectors-negative300.bin.gz", binary=True)
    for text in ("wiki.en.vec", "wiki-news-300d-1M.vec"):
        write_word2vec(vectors, text)
    write_glove(vectors, "glove.6B.100d.txt")
    with ZipFile("glove.6B.zip", "w") as file:
        file.write("glove.6B.100d.txt")
    rows = np.random.default_rng(0).normal(size=(len(words) + 50, 8))
    model = gzip.compress(fasttext_file(words, rows, (1, 3)))
    Path("cc.ko.300.bin.gz").write_bytes(model)
    Path("vectors.floret").write_bytes(floret_file(rows.tolist()))
    Path("questions-words.txt").write_text(": verbs\ni love you like\n")
    Path("wordsim353.tsv").write_text("the\tof\t5\na\tis\t2\n")


# Takes some seconds for the two dozen trainings of the pages.
@pytest.mark.usefixtures("few_docstrings")
@pytest.mark.filterwarnings("ignore:Matplotlib is currently using agg")
@pytest.mark.filterwarnings("ignore:no installed font")  # for Korean words
def test_the_code_of_the_user_guide_runs(tmp_path, monkeypatch, capsys):
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    write_files_of_the_user_guide()
    kept = SimpleNamespace(index_to_key=["king"], vectors=np.ones((1, 2)))
    names = {"tokenize": str.split, "keyed_vectors": kept, "words": ["학교"]}
    for page in GUIDE:  # each goes on with the names of those before it
        names = run(f"docs/{page}.md", **names)
    plt.close("all")
    assert "softmax" in capsys.readouterr().out


@pytest.mark.skipif(not find_spec("sklearn.callback"), reason="needs scikit-learn 1.9")
def test_the_code_on_callbacks_runs():
    fitted = run("docs/callbacks.md")["vectorizer"]
    page = (DOCS / "callbacks.md").read_text(encoding="utf-8")
    assert f"vectorizer.n_iter_  # {fitted.n_iter_}\n" in page


def test_the_code_of_coming_from_sentence_transformers_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = run("docs/coming_from_sentence_transformers.md")
    assert names["rows"].shape == (2, 100)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_of_a_page_lead_to_files(page):
    """Check the links as on a code host; docs/check_links.py checks the site."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert "://" in link or (page.parent / link).is_file(), link


def test_the_code_of_training_that_goes_on_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("corpus", "encoded"):
        Path(folder).mkdir()
    documents = load_docstrings().data[:300]
    lines = "\n".join(text.replace("\n", " ") for text in documents)
    Path("corpus", "one.txt").write_text(lines, encoding="utf-8")
    names = run("docs/training_that_goes_on.md", documents=documents)
    assert Path("encoded", "corpus.skw2v").exists()
    assert skw2v.load("training.safetensors").n_iter_ == 20
    assert names["vectorizer"].vocabulary_


def test_the_reference_has_all_public_names():
    listed = set((DOCS / "api.rst").read_text(encoding="utf-8").split())
    below = [info.name for info in pkgutil.walk_packages(skw2v.__path__, "skw2v.")]
    for place in ["skw2v", *below]:
        module = importlib.import_module(place)
        private = place.startswith(("skw2v._", "skw2v.corpus", "skw2v.training"))
        for name in [] if private else getattr(module, "__all__", []):
            if not inspect.ismodule(getattr(module, name)):
                assert {f"{place}.{name}", f"skw2v.{name}"} & listed, (place, name)


def test_the_added_pooling_is_the_median(random_documents, monkeypatch):
    monkeypatch.setitem(POOLINGS, "median", run("CONTRIBUTING.md")["median"])
    vectorizer = SkipGramVectorizer(
        n_components=5, min_count=1, subsample=0, random_state=0, pooling="median"
    )
    rows = vectorizer.fit_transform(random_documents)
    vectors = vectorizer.word_vectors()
    for document, row in zip(random_documents, rows, strict=True):
        expected = np.median(vectors[document], axis=0) if document else [0] * 5
        assert np.array_equal(row, expected)


@pytest.fixture
def added_loss(monkeypatch):
    """Add the loss of the page "Add a loss"; return its name."""
    monkeypatch.setitem(LOSSES, "squared_error", None)  # restored after the test
    run("docs/add_a_loss.md")
    return "squared_error"


@pytest.mark.parametrize("cbow", [False, True], ids=["skip-gram", "cbow"])
def test_the_added_loss_learns(added_loss, cbow):
    losses, *_ = train(make_trainer(zipf_corpus(3000, 30), cbow=cbow, loss=added_loss))
    assert losses[-1] < losses[0]


def test_the_added_loss_has_the_gradient_of_its_value(added_loss):
    trainer = make_trainer(zipf_corpus(120, 9), dtype=np.float64, loss=added_loss)
    rng = np.random.default_rng(0)
    matrix = trainer.model.output_matrix
    matrix[...] = rng.normal(size=matrix.shape)
    (chunk,) = trainer.stream.chunks(0, Team(1))
    tile = trainer.update.tile(0)
    positions = chunk.positions[: trainer.layout.n_runs]
    value = tile.compute(positions)
    gradient = np.zeros_like(matrix)
    (output,) = trainer.update.outputs.parts(1)
    np.add.at(gradient, output.ids, output.rows.reshape(len(output.ids), -1))
    direction = rng.normal(size=gradient.shape)
    matrix += 1e-7 * direction
    above = tile.compute(positions)
    assert (above - value) / 1e-7 == pytest.approx(np.sum(gradient * direction))


def sections(cls):
    """Return the parameters and attributes in the docstring of an estimator."""
    text = inspect.getdoc(cls)
    return text[text.index("Parameters\n") : text.index("See Also\n")]


def test_shared_parameters_are_documented_alike():
    cbow, skip_gram = sections(CBOWVectorizer), sections(SkipGramVectorizer)
    for n_tokens, text in ((20_000_000, ": {:g} from 20"), (1, "at most {:g}.\n")):
        of_cbow, of_skip_gram = (
            text.format(auto_learning_rate(each, n_tokens)) for each in (True, False)
        )
        assert cbow.count(of_cbow) == 1
        cbow = cbow.replace(of_cbow, of_skip_gram)
    assert cbow == skip_gram


@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
def test_all_parameters_are_documented(cls):
    parameters = sections(cls).partition("Attributes\n")[0]
    names = re.findall(r"^([\w, ]+) : ", parameters, flags=re.MULTILINE)
    documented = [name for line in names for name in line.split(", ")]
    assert sorted(documented) == sorted(inspect.signature(cls).parameters)


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
def test_all_arguments_of_fits_are_documented(cls, method):
    function = getattr(cls, method)
    text = inspect.getdoc(function).partition("Parameters\n")[2].partition("Returns\n")
    names = re.findall(r"^(\w+) : ", text[0], flags=re.MULTILINE)
    assert names == [*inspect.signature(function).parameters][1:]
