"""The code of the page "Recipes" runs, with sensible results."""

import re
from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csc_matrix
from threadpoolctl import threadpool_limits

from skw2v import WordVectors

PAGE = Path(__file__).parents[1] / "docs" / "recipes.md"

# Packages that the tests don't install, and why. Whoever has one runs its recipe.
LEFT_OUT = {
    "imblearn": "each of its versions is for few versions of scikit-learn",
    "lime": "it needs scikit-image, which takes 32 MB",
    "mlflow": "even its smallest package takes 40 MB",
    "shap": "it needs numba, which takes 200 MB",
    "spacy": "it and what it needs take 180 MB",
    "usearch": "it is 11 MB of compiled code for one recipe",
}
FEWER_EPOCHS = "Vectorizer(random_state=0)", "Vectorizer(max_iter=4, random_state=0)"


def code_of(text):
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


BEGINNING, *SECTIONS = PAGE.read_text(encoding="utf-8").split("\n## ")
RECIPES = {each.splitlines()[0]: code_of(each) for each in SECTIONS}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that runs the code below a heading and returns its names.

    It learns from fewer texts than the page, in fewer epochs, to save time.
    """
    names = {}
    (code,) = code_of(BEGINNING)
    fewer = code.replace("=2000, test_size=1000", "=400, test_size=100")
    assert fewer != code
    exec(fewer.replace(*FEWER_EPOCHS), names)

    @cache
    def run_recipe(heading):
        code = "".join(RECIPES[heading])
        for package, reason in LEFT_OUT.items():
            if re.search(rf"^(import|from) {package}\b", code, flags=re.MULTILINE):
                pytest.importorskip(package, reason=reason)
        found = {**names, "vectorizer": deepcopy(names["vectorizer"])}
        with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
            found["folder"] = tmp_path_factory.mktemp("recipe")
            patch.chdir(found["folder"])
            for each in RECIPES[heading]:
                exec(each.replace(*FEWER_EPOCHS), found)
        return found

    return run_recipe


@pytest.mark.parametrize("heading", RECIPES)
@pytest.mark.filterwarnings("ignore")  # of other packages
def test_a_recipe_runs(run, heading):
    run(heading)


def test_words_nearest_to_a_document(run):
    names = run("Words nearest to a document")
    rows, vectors = names["rows"], names["vectors"]
    assert names["neighbors"] == [vectors.most_similar(row, topn=5) for row in rows]


def test_frequent_words_come_first_again(run):
    names = run("All words, or the frequent ones")
    vectorizer, vectors = names["vectorizer"], names["vectors"]
    counts = [vectorizer.word_counts_[vectorizer.vocabulary_[word]] for word in vectors]
    assert counts == sorted(vectorizer.word_counts_, reverse=True)
    assert list(vectors) != list(vectorizer.vocabulary_)
    assert {word for word, _ in names["frequent"]} <= set(vectors.words[:500])
    assert len(names["ranked"]) > len(names["frequent"]) == 10


@pytest.fixture(scope="module")
def keyed(run):
    """Return the vectors of the page for gensim."""
    models = pytest.importorskip(
        "gensim.models", reason="gensim has no wheels for Python 3.14"
    )
    vectors = run("Word Mover's Distance")["vectors"]
    keyed = models.KeyedVectors(vectors.n_components)
    keyed.add_vectors(list(vectors.words), vectors.vectors)
    return keyed


def test_word_movers_distance_of_words_is_theirs(run):
    names = run("Word Mover's Distance")
    distance, units = names["word_movers_distance"], names["units"]
    apart = np.linalg.norm(units["array"] - units["file"])
    assert distance(["array"], ["file"]) == pytest.approx(apart)
    assert distance(["array", "file"], ["file", "array"]) == pytest.approx(0)
    # The half that isn't there already moves.
    assert distance(["array", "file"], ["file"]) == pytest.approx(apart / 2)
    first, second = names["first"], names["second"]
    assert distance(first, second) == pytest.approx(distance(second, first))


def test_word_movers_distance_agrees_with_gensim(run, keyed):
    pytest.importorskip("ot", reason="POT, which gensim needs for it, takes 180 MB")
    names = run("Word Mover's Distance")
    expected = keyed.wmdistance(names["first"], names["second"])
    assert names["distance"] == pytest.approx(expected)


def test_soft_cosines_agree_with_gensim(run, keyed):
    from gensim.corpora import Dictionary
    from gensim.similarities import SparseTermSimilarityMatrix

    names = run("Soft cosine")
    words, similarities = list(names["vectors"]), names["similarities"]
    texts, others = names["X_test"].iloc[:5], names["X_test"].iloc[5:8]
    dictionary = Dictionary([[word] for word in words])
    numbers = [dictionary.token2id[word] for word in words]
    by_number = np.empty_like(similarities)
    by_number[np.ix_(numbers, numbers)] = similarities
    matrix = SparseTermSimilarityMatrix(csc_matrix(by_number))
    bags = [
        [dictionary.doc2bow(names["counter"].build_analyzer()(text)) for text in each]
        for each in (texts, others)
    ]
    expected = [
        [matrix.inner_product(a, b, normalized=(True, True)) for b in bags[1]]
        for a in bags[0]
    ]
    np.testing.assert_allclose(names["cosines"], expected, rtol=1e-4)


def test_columns_of_text_share_one_model(run):
    names = run("Several columns of text")
    assert 0.55 < names["accuracy"] < 1
    learned, table, rows = names["learned"], names["table"], names["rows"]
    n_components = learned.n_components
    np.testing.assert_array_equal(
        rows[:50, n_components:], learned.transform(table.text[:50])
    )
    assert list(names["names"][[0, -1]]) == [
        "title__skipgramvectorizer0",
        f"text__skipgramvectorizer{n_components - 1}",
    ]
    pipeline = names["pipeline"]
    few = table[:20]
    vectorizer = pipeline["skipgramvectorizer"]
    np.testing.assert_array_equal(
        pipeline[:3].transform(few),
        np.hstack([vectorizer.transform(few[name]) for name in few]),
    )


def test_files_of_the_projector_have_a_line_for_each_word(run):
    names = run("Embedding Projector")
    vectors, folder = names["vectors"], names["folder"]
    lines = (folder / "metadata.tsv").read_text(encoding="utf-8").splitlines()
    assert tuple(lines) == vectors.words
    table = np.loadtxt(folder / "vectors.tsv", np.float32, delimiter="\t")
    np.testing.assert_array_equal(table, vectors.vectors)


def test_parquet_gives_the_vectors_back(run):
    names = run("Parquet")
    assert isinstance(names["again"], WordVectors)
    assert names["again"] == names["vectors"]


def test_packages_that_are_left_out_are_those_of_recipes():
    code = "".join(each for blocks in RECIPES.values() for each in blocks)
    packages = set(re.findall(r"^(?:import|from) (\w+)", code, flags=re.MULTILINE))
    assert set(LEFT_OUT) <= packages
    assert all(find_spec(each) for each in packages - set(LEFT_OUT))
