"""The page "Word2Vec, step by step": what it holds, and what a browser shows of it."""

import json
import re
from collections import Counter
from itertools import product

import browser as chromium
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skw2v import CBOWVectorizer, SkipGramVectorizer
from skw2v.datasets import load_lecture
from skw2v.plotting import TrainingTrace
from skw2v.plotting.live import page as assembling
from skw2v.plotting.plane import record
from skw2v.training.losses.logistic import logistic
from skw2v.training.sampling import keep_probability, noise_probability

SETTINGS = {
    "n_components": 2,
    "loss": "softmax",
    "lowercase": False,
    "subsample": 0,
    "shrink_windows": False,
    "batch_size": 16,
    "learning_rate": 0.05,
    "max_iter": 20,
}
CBOW = CBOWVectorizer(window=1, random_state=0, **SETTINGS)
SKIP_GRAM = SkipGramVectorizer(window=2, random_state=1, **SETTINGS)
TINY = [*(["I love 피자", "I like 피자"] * 9), "you like coffee"]
LANGUAGES, WIDTHS = ("en", "ko"), (1280, 390)
PRESS_STEP = "document.getElementById('step').click()"


@pytest.fixture(scope="module")
def trace():
    return TrainingTrace.from_estimator(CBOW, load_lecture(), others=[SKIP_GRAM])


@pytest.fixture(scope="module")
def file(trace, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "live.html"
    trace.to_html(path)
    return path


@pytest.fixture(scope="module")
def data(file):
    text = file.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', text)[1])


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if reason := chromium.why_not():
        pytest.skip(reason)
    one = chromium.Browser(tmp_path_factory.mktemp("profile"))
    yield one
    one.close()


# What a trace records


@pytest.mark.parametrize("number", [0, 1])
def test_a_training_is_recorded_as_fit_trains(trace, number):
    training, vectorizer = trace.trainings[number], clone([CBOW, SKIP_GRAM][number])
    vectorizer.fit(load_lecture())
    assert training.words == list(vectorizer.vocabulary_)
    assert training.losses == vectorizer.loss_curve_
    assert np.array_equal(training.history[-1], vectorizer.embeddings_)
    assert len(training.history) == len(training.losses) + 1
    assert training.counts.tolist() == vectorizer.word_counts_.tolist()


def test_the_page_holds_what_was_recorded(trace, data):
    for training, stored in zip(trace.trainings, data["trainings"], strict=True):
        np.testing.assert_allclose(stored["points"], training.history, atol=1e-4)
        assert stored["losses"] == training.losses
        assert stored["noise"] == noise_probability(training.counts, 0.75).tolist()


def test_the_network_learns_the_first_two_documents(trace, data):
    assert data["live"]["words"] == ["I", "love", "피자", "like"]
    assert data["live"]["sentences"] == [[0, 1, 2], [0, 3, 2]]
    assert repr(trace) == "TrainingTrace(18 words, 20 epochs)"


def test_documents_without_contexts_are_left_out():
    long = " ".join(f"w{i}" for i in range(20))
    vectorizer = clone(CBOW).set_params(max_iter=5)
    trace = TrainingTrace.from_estimator(vectorizer, ["a", "b c", "b c", long] * 9)
    assert trace.network.words == ["b", "c", *(f"w{i}" for i in range(10))]
    assert trace.network.sentences == [[0, 1], list(range(2, 12))]


@pytest.mark.parametrize("random_state", [0, 3])
@pytest.mark.parametrize("n_words", [4, 12])
def test_starts_are_those_of_fit(data, random_state, n_words):
    words = [f"w{i}" for i in range(n_words)]
    vectorizer = CBOWVectorizer(
        n_components=2, vocabulary=words, random_state=random_state, max_iter=20
    )
    _, history = record(vectorizer, [words], None)
    assert data["live"]["starts"][random_state][:n_words] == history[0].tolist()


def plain_floor(sentences, sizes, cbow):
    """Return the mean entropy of a target given its input, by plain loops."""
    pairs = Counter()
    for size, words in product(sizes, map(str.split, sentences)):
        for i, center in enumerate(words):
            around = sorted(words[max(i - size, 0) : i] + words[i + 1 : i + size + 1])
            for context in around:
                if not cbow:
                    pairs[center, context] += 1
            if cbow and around:
                pairs[tuple(around), center] += 1
    inputs = Counter()
    for (given, _), n in pairs.items():
        inputs[given] += n
    logs = [n * np.log(n / inputs[given]) for (given, _), n in pairs.items()]
    return -sum(logs) / pairs.total()


@pytest.mark.parametrize("cbow", [True, False], ids=["cbow", "skip-gram"])
@pytest.mark.parametrize(
    ("window", "shrink", "sizes"),
    [(1, False, [1]), (2, False, [2]), (9, False, [2]), (4, True, [1, 2, 2, 2])],
)
def test_no_loss_is_below_the_floor(cbow, window, shrink, sizes):
    cls = CBOWVectorizer if cbow else SkipGramVectorizer
    settings = {**SETTINGS, "window": window, "shrink_windows": shrink, "max_iter": 10}
    vectorizer = cls(random_state=0, **settings)
    (training,) = TrainingTrace.from_estimator(vectorizer, load_lecture()).trainings
    assert training.floor == pytest.approx(plain_floor(load_lecture(), sizes, cbow))
    if not shrink:  # drawn windows may be easier than the mean
        assert min(training.losses) > training.floor - 0.02


@pytest.mark.parametrize(
    "changes", [{"loss": "negative_sampling"}, {"subsample": 0.01}]
)
def test_other_trainings_have_no_floor(changes):
    vectorizer = clone(CBOW).set_params(**changes)
    trace = TrainingTrace.from_estimator(vectorizer, load_lecture())
    assert trace.trainings[0].floor is None


def test_vectors_of_more_components_are_drawn_in_a_plane():
    vectorizer = clone(CBOW).set_params(n_components=5)
    (training,) = TrainingTrace.from_estimator(vectorizer, load_lecture()).trainings
    stored = training.data()
    assert np.shape(stored["points"]) == (21, 18, 2)
    assert 0 < stored["explained"] <= 1


# What a trace refuses


@pytest.mark.filterwarnings("ignore:training saw 0 pairs")
@pytest.mark.parametrize(
    ("changes", "documents", "message"),
    [
        (
            {},
            [" ".join(f"w{i}" for i in range(31))] * 9,
            "at most 30 words, .* has 31; ra",
        ),
        ({}, ["a b"] * 10_001, "at most 20,000 tokens, .* has 20,002; give it fewer"),
        ({"max_iter": 9_999}, TINY, "at most 30,000 points, .* 40,000; lower max_iter"),
        ({}, ["a", "b"] * 9, "no document has two tokens of the vocabulary"),
        ({"subsample": 1e-9}, TINY, "left an epoch without a pair .* set subsample=0"),
        ({"n_components": 1}, TINY, "at least 2 components, and have 1"),
    ],
)
def test_documents_that_fill_no_page_are_refused(changes, documents, message):
    vectorizer = clone(CBOW).set_params(**changes)
    with pytest.raises(ValueError, match=message):
        TrainingTrace.from_estimator(vectorizer, documents)


def test_one_string_and_pipelines_are_refused():
    with pytest.raises(TypeError, match="a single str; wrap it in a list"):
        TrainingTrace.from_estimator(CBOW, "I love 피자")
    pipeline = make_pipeline(FunctionTransformer(), CBOW)
    with pytest.raises(TypeError, match="pass the vectorizer itself"):
        TrainingTrace.from_estimator(pipeline, TINY)


# The file


def test_the_page_is_one_small_file(file):
    template = len(assembling._template().encode())
    assert template < 100_000
    assert file.stat().st_size < 1_000_000
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"https?://|\bsrc=|url\(|@import|\{\{", text)


def test_words_can_not_end_the_script_that_holds_them(tmp_path):
    words = ["</script><script>alert(1)", "<b>&amp;"]
    vectorizer = clone(CBOW).set_params(analyzer=str.split)
    trace = TrainingTrace.from_estimator(vectorizer, [" ".join(words)] * 9)
    trace.to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("</script>") == assembling._template().count("</script>")
    assert json.loads(re.search(r'id="data">(.*?)</script>', text)[1])["live"]["words"]


def test_a_notebook_shows_the_page_in_a_frame(trace):
    shown = trace._repr_html_()
    assert re.fullmatch(
        r'<iframe title="[^"]+" style="[^"]+" srcdoc="[^"]+"></iframe>', shown
    )


# The browser


@pytest.mark.parametrize("cls", [CBOWVectorizer, SkipGramVectorizer])
@pytest.mark.parametrize("position", [None, 1])
def test_a_step_of_the_page_is_that_of_explain(browser, file, cls, position):
    vectorizer = cls(window=2, random_state=0, **SETTINGS).fit(TINY)
    known = vectorizer.explain("I love 피자", position)
    stages = ["input", "targets", "embeddings", "output"]
    tables = [getattr(known, name).to_numpy().tolist() for name in stages]
    browser.open(file, 1280)
    arguments = [*tables, known.learning_rate]
    values = browser.run(f"step(...{json.dumps(arguments)})")
    assert values.pop("cross_entropy") == pytest.approx(known.cross_entropy, abs=1e-12)
    assert len(values) == 10
    for name, value in values.items():
        np.testing.assert_allclose(value, getattr(known, name), rtol=0, atol=1e-12)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_agrees_with_the_values_in_it(browser, file, data, width):
    browser.open(file, width)
    assert browser.run("difference") < 1e-12
    assert len(data["live"]["checks"]) == 20
    assert browser.run("document.getElementById('badge').textContent")[0] == "✓"
    wrong = "DATA.live.checks[7].embeddings[0][0] += 1e-6, largestDifference(DATA)"
    assert browser.run(wrong) == pytest.approx(1e-6, rel=1e-3)


@pytest.mark.parametrize("cbow", [True, False], ids=["cbow", "skip-gram"])
def test_360_steps_are_those_of_explain(browser, file, trace, data, cbow):
    browser.open(file, 1280)
    start = np.array(data["live"]["starts"][0])
    for window in (1, 2):
        expected = trace.network.trained(start, window, cbow, 0.1)
        model = "CBOW" if cbow else "skip-gram"
        changes = json.dumps({"model": model, "window": window, "rate": 0.1})
        for name in ("embeddings", "output"):
            matrix = browser.run(f"trainingWith({changes}).{name}.at(-1)")
            np.testing.assert_allclose(matrix, expected[name], rtol=0, atol=1e-12)
        mean = browser.run(f"trainingWith({changes}).means.at(-1)")
        assert mean == pytest.approx(expected["loss"], abs=1e-12)


def test_sampling_is_that_of_the_engine(browser, file):
    browser.open(file, 1280)
    counts = np.array([60, 20, 12, 1, 0])
    noise = browser.run(f"noiseProbability({counts.tolist()}, 0.75)")
    np.testing.assert_allclose(noise, noise_probability(counts, 0.75), atol=1e-15)
    keep = browser.run(f"keepProbability({counts.tolist()}, 0.01)")
    np.testing.assert_allclose(keep, keep_probability(counts, 0.01), rtol=1e-7)
    scores, weights = np.array([2.0, -1.0, 0.5]), np.array([1.0, 0.3, 2.0])
    gradient = np.empty(3)
    value = logistic(scores * [-1, 1, 1], weights.copy(), gradient)
    arguments = [scores.tolist(), [True, False, False], weights.tolist()]
    terms = browser.run(f"logistic(...{json.dumps(arguments)})")
    assert sum(term["loss"] for term in terms) == pytest.approx(value, abs=1e-12)
    signed = gradient * [-1, 1, 1]
    assert [t["gradient"] for t in terms] == pytest.approx(signed, abs=1e-12)


def distances_at(browser, *pairs):
    """Return what the table of distances says now."""
    cells = "[...document.querySelectorAll('[data-pair]')]"
    code = (
        f"Object.fromEntries({cells}.map(r => [r.dataset.pair, r.lastChild.innerText]))"
    )
    shown = browser.run(code)
    return [float(shown[pair].replace("−", "-")) for pair in pairs]


@pytest.mark.parametrize("width", WIDTHS)
def test_love_and_like_meet(browser, file, width):
    browser.open(file, width, "act=epochs&unit=epoch&s=5")
    for start in range(5):
        browser.run(f"set('start', {start}), set('k', 0)")
        (before,) = distances_at(browser, "love–like")
        browser.run("set('k', 360)")
        near, far = distances_at(browser, "love–like", "love–피자")
        assert near < 0.1 < before < far


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("window", [1, 2])
def test_whether_I_and_pizza_part_depends_on_the_window(browser, file, width, window):
    browser.open(file, width, f"act=epochs&unit=epoch&s=5&window={window}")
    seen = distances_at(browser, "I–피자")
    for k in range(60, 361, 60):
        browser.run(f"set('k', {k})")
        seen += distances_at(browser, "I–피자")
    if window == 1:
        assert len(set(seen)) == 1
    else:
        assert (np.diff(seen) > 0).all()
        assert seen[-1] > 10 * seen[0]


def test_the_reader_predicts_before_seeing(browser, file):
    browser.open(file, 1280, "act=part&lang=en")
    assert browser.run("document.querySelectorAll('.outcome').length") == 0
    assert browser.run("document.getElementById('seen-yes').disabled")
    for button in ("guess1-keep", "guess2-meet", "seen-yes"):
        browser.run(f"document.getElementById('{button}').click()")
    right, wrong = browser.run(
        "[...document.querySelectorAll('.outcome')].map(p => p.innerText)"
    )
    assert right.startswith("They keep their distance")
    assert right.endswith("You were right.")
    assert wrong.startswith("They part")
    assert wrong.endswith("Not as predicted.")
    assert browser.run("playing !== null")


# The words in drawings that lie on others, or beyond the edge of their drawing.
OVERLAPS = """
[...document.querySelectorAll('svg')].flatMap((svg) => {
  const texts = [...svg.querySelectorAll('text')];
  const boxes = texts.map((t) => [t.textContent, t.getBoundingClientRect()]);
  const edge = svg.getBoundingClientRect();
  const isCut = ([, b]) => b.left < edge.left - 1 || b.right > edge.right + 1;
  const found = boxes.filter(isCut).map(([text]) => 'cut: ' + text);
  boxes.forEach(([text, a], i) => boxes.slice(0, i).forEach(([other, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 3) found.push(text + ' / ' + other);
  }));
  return found;
})
"""
# What is wrong in any act, in its first step, and in all parts of a forward pass.
FAULTS = f"""
ACTS.flatMap(({{ id }}) => {{
  const found = [];
  enter(id);
  const n = id === 'forward' ? 9 : 2;
  for (let i = 0; i < n && (!i || (clock() && go(1))); i++) {{
    found.push(...{OVERLAPS.strip()});
    if (document.documentElement.scrollWidth > innerWidth) found.push('too wide');
  }}
  const odd = /undefined|NaN|Infinity|object/.exec(document.body.innerText);
  return [...found, ...(odd || [])].map((text) => id + ': ' + text);
}})
"""
OWN = "the old cat sleeps on the mat\\nthe young dog runs extraordinarily far away"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_all_acts_are_legible_and_quiet(browser, file, width, lang):
    browser.open(file, width, f"lang={lang}")
    assert browser.run(FAULTS) == []
    browser.run(f'setText("{OWN}"), stop()')
    assert browser.run("state.text")
    assert browser.run(FAULTS) == []
    assert_quiet(browser)


def assert_quiet(browser):
    """Check that the page has reported no error, and has requested only itself."""
    assert not browser.happened(
        "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"
    )
    requests = browser.happened("Network.requestWillBeSent")
    assert [request["type"] for request in requests] == ["Document"]


def test_labels_of_all_epochs_are_apart(browser, file):
    for training, width in enumerate(WIDTHS):
        browser.open(file, width, f"act=corpus&training={training}")
        for epoch in range(0, 21, 4):
            assert browser.run(f"set('e', {epoch}), {OVERLAPS}") == [], (width, epoch)


def test_keys_and_buttons_move_in_time(browser, file):
    browser.open(file, 390, "act=forward&k=73")
    place = "[state.k, state.s]"
    for key, expected in (("ArrowRight", [73, 1]), ("ArrowLeft", [73, 0])):
        browser.press(key)
        assert browser.run(place) == expected
    for unit, expected in (("position", [73, 8]), ("epoch", [79, 5])):
        browser.run(f"set('unit', '{unit}')")
        browser.run(PRESS_STEP)
        assert browser.run(place) == expected
    browser.run("document.getElementById('back').click()")
    assert browser.run(place) == [73, 5]
    browser.press(" ")
    assert browser.run("playing !== null")
    browser.press(" ")
    assert browser.run("playing === null")


def test_the_link_holds_the_state(browser, file):
    browser.open(file, 1280, "lang=ko")
    browser.run("enter('skipgram'), set('rate', 0.1), set('window', 2), go(1)")
    browser.run('setText("a b c\\nb c d")')
    browser.run("set('k', 20)")
    text = "document.getElementById('bench').innerText"
    link, shown = browser.run(f"[location.hash, {text}]")
    browser.open(file, 1280, link[1:])
    assert browser.run(text) == shown
    assert browser.run("document.documentElement.lang") == "ko"


def test_a_frame_of_a_notebook_works(browser, trace, tmp_path):
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<meta charset=utf-8>{trace._repr_html_()}", encoding="utf-8")
    browser.open(notebook, 1280)
    page = "frames[0].document"
    browser.run(f"{page}.querySelector('[data-act=epochs]').click()")
    browser.run(f"{page}.getElementById('step').click()")
    assert " 1 " in browser.run(f"{page}.getElementById('when').innerText")
    assert not browser.happened("Runtime.exceptionThrown", "Log.entryAdded")


@pytest.mark.parametrize("hash", ["act=nothing", "rate=7", "k=-1", "window=99", "e=x"])
def test_a_wrong_link_shows_the_beginning(browser, file, hash):
    browser.open(file, 1280, hash)
    assert browser.run("state.act + state.rate + state.k") == "onehot0.30"
    assert_quiet(browser)


@pytest.mark.parametrize(
    "text", ["one", "a b\\nc", "a b c d e f g h i j k l m", "a b " * 13]
)
def test_sentences_that_do_not_fit_are_refused(browser, file, text):
    browser.open(file, 1280, "act=forward&lang=en")
    browser.run(f'document.getElementById("text").value = "{text}"')
    browser.run("document.getElementById('apply').click()")
    shown = browser.run("document.querySelector('.problem').innerText")
    assert "2 to 12 different words" in shown
    assert browser.run("state.text") == ""


def test_a_learning_rate_that_is_too_large_is_said_to_be(browser, file):
    browser.open(file, 1280, "act=epochs&unit=epoch&lang=en&model=skip-gram")
    browser.run("RATES.push(9), state.rate = 9, set('k', 360)")
    assert "diverged" in browser.run("document.getElementById('narration').innerText")
    assert_quiet(browser)


def test_without_scripts_there_is_a_picture(browser, file):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.events.clear()
        browser.call("Page.navigate", url=file.as_uri())
        while not browser.happened("Page.loadEventFired"):
            browser.call("Page.getFrameTree")
        root = browser.call("DOM.getDocument")["root"]["nodeId"]
        query = {"nodeId": root, "selector": "noscript svg text"}
        words = browser.call("DOM.querySelectorAll", **query)["nodeIds"]
        assert len(words) == 2 * 4
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
