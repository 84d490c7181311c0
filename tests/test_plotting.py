import subprocess
import sys
from functools import partial
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_rgba_array
from matplotlib.transforms import Bbox
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import skw2v
from skw2v import (
    CBOWVectorizer,
    PretrainedVectorizer,
    SkipGramVectorizer,
    WordVectors,
)
from skw2v.datasets import load_lecture
from skw2v.plotting import EmbeddingDisplay, LossCurveDisplay, TrajectoryDisplay

LETTERS = list("etaoinshrdlucm")
WORDS = ["love", "like", "coffee", "music", "we", "they"]


@pytest.fixture(autouse=True)
def default_style():
    with matplotlib.rc_context(matplotlib.rcParamsDefault):
        matplotlib.use("Agg")
        yield
    plt.close("all")


@pytest.fixture
def only_bundled_fonts(monkeypatch):
    """Hide all fonts except those of matplotlib, none of which has Hangul."""
    fonts = font_manager.fontManager.ttflist
    bundled = [font for font in fonts if "mpl-data" in str(font.fname)]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", bundled)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)


@pytest.fixture(params=range(3), ids="seed {}".format)
def random_display(request):
    """Return a display of 30 random words of 2 to 10 letters, close to each other."""
    rng = np.random.default_rng(request.param)
    words = ["".join(rng.choice(LETTERS, rng.integers(2, 11))) for _ in range(30)]
    return EmbeddingDisplay(rng.normal(size=(30, 2)), words)


def boxes_of(display):
    """Return the boxes of words and points as they are drawn, in pixels."""
    display.figure_.canvas.draw()
    points = display.ax_.transData.transform(np.asarray(display.points))
    half = np.sqrt(12) / 2 * display.figure_.dpi / 72  # half the width of a marker
    points = [Bbox([point - half, point + half]) for point in points]
    return [text.get_window_extent() for text in display.text_], points


def assert_legible(display):
    """Check that no word covers a word or a point, or is cut off at the edge."""
    words, points = boxes_of(display)
    for i, box in enumerate(words):
        assert not box.count_overlaps([*words[:i], *points])
        assert (box.min >= display.ax_.bbox.min).all()
        assert (box.max <= display.ax_.bbox.max).all()


def written(display):
    return [text.get_text() for text in display.text_]


def leaders(display):
    return [text.arrow_patch.get_visible() for text in display.text_]


# Words in the plane


def test_two_components_are_drawn_as_they_are(make, texts):
    vectorizer = make(n_components=2).fit(texts)
    display = EmbeddingDisplay.from_estimator(vectorizer)
    assert written(display) == display.words == list(vectorizer.vocabulary_)
    np.testing.assert_array_equal(
        display.scatter_.get_offsets(), vectorizer.embeddings_
    )
    assert [text.xy for text in display.text_] == [
        tuple(row) for row in vectorizer.embeddings_
    ]
    assert display.ax_.get_xlabel() == "component 1"
    assert display.ax_.get_ylabel() == "component 2"


def test_more_components_are_reduced_to_those_of_maximum_variance(make, texts):
    vectorizer = make().fit(texts)
    words = ["stocks", "cat", "mouse", "banks"]
    display = EmbeddingDisplay.from_estimator(vectorizer, words)
    pca = PCA(2)
    vectors = vectorizer.word_vectors()
    expected = pca.fit_transform(np.array([vectors[word] for word in words]))
    np.testing.assert_allclose(display.points, expected, atol=1e-5)
    assert written(display) == words
    for label, share in zip(
        (display.ax_.get_xlabel(), display.ax_.get_ylabel()),
        pca.explained_variance_ratio_,
        strict=True,
    ):
        assert label.startswith("principal component")
        assert f"({share:.0%} of the variance)" in label


@pytest.mark.parametrize("n_words", [2, 3, 4, 30, 100])
def test_tsne_takes_any_number_of_words(n_words):
    vectors = np.random.default_rng(0).normal(size=(n_words, 5))
    words = [f"w{i}" for i in range(n_words)]
    draw = partial(
        EmbeddingDisplay.from_estimator,
        WordVectors(words, vectors),
        words,
        method="tsne",
        random_state=0,
    )
    display = draw()
    assert np.shape(display.points) == (n_words, 2)
    assert np.isfinite(display.points).all()
    np.testing.assert_array_equal(display.points, draw().points)
    assert display.ax_.get_xlabel() == "t-SNE axis 1"


def test_tsne_puts_words_of_one_topic_together(make, texts):
    vectorizer = make(max_iter=100, batch_size="auto").fit(texts)
    words = ["cat", "mouse", "ran", "stocks", "banks", "bonds"]
    display = EmbeddingDisplay.from_estimator(
        vectorizer, words, method="tsne", random_state=0
    )
    apart = np.linalg.norm(display.points[:, None] - display.points, axis=-1)
    assert apart[:3, :3].max() < apart[:3, 3:].min()


def test_the_50_most_frequent_words_are_drawn_in_any_order_of_the_vocabulary(make):
    words = [f"w{i:02}" for i in range(60)]
    documents = [words[i:] for i in range(60)]  # the last word is the most frequent
    fitted = make(vocabulary=words).fit(documents)
    assert EmbeddingDisplay.from_estimator(fitted).words == words[:9:-1]
    table = fitted.word_vectors()
    assert EmbeddingDisplay.from_estimator(table).words == words[:50]


def test_errors_name_what_can_not_be_drawn(make, texts):
    fitted = make().fit(texts)
    draw = EmbeddingDisplay.from_estimator
    with pytest.raises(KeyError, match="'dog' is not among the"):
        draw(fitted, ["cat", "dog"])
    with pytest.raises(ValueError, match="at least 2 words; got 1"):
        draw(fitted, ["cat"])
    with pytest.raises(ValueError, match="'pca' or 'tsne'; got 'umap'"):
        draw(fitted, method="umap")
    with pytest.raises(ValueError, match="at least 2 components, and have 1"):
        draw(make(n_components=1).fit(texts))
    with pytest.raises(NotFittedError):
        draw(make())
    assert not plt.get_fignums()


def test_a_display_is_drawn_again_on_other_axes():
    display = EmbeddingDisplay([[0, 0], [1, 2]], ["a", "b"])
    assert display.plot() is display
    first = display.ax_
    _, axes = plt.subplots(1, 2, layout="constrained")
    assert display.plot(axes[1], color="red", s=30) is display
    assert display.ax_ is axes[1] is not first
    assert display.figure_ is axes[1].figure
    assert list(axes[1].texts) == display.text_
    assert not axes[0].texts
    np.testing.assert_array_equal(display.scatter_.get_facecolor(), [[1, 0, 0, 1]])
    assert display.scatter_.get_sizes() == [30]


# Labels


def test_labels_do_not_collide(random_display):
    assert_legible(random_display.plot())


def test_labels_do_not_collide_at_another_resolution_or_layout(random_display):
    figure, axes = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
    axes[1].set_ylabel("a label that takes room\nof the layout")
    random_display.plot(axes[0])
    assert_legible(random_display)
    figure.set_dpi(200)
    assert_legible(random_display)


def test_leaders_join_labels_to_a_point_that_words_share():
    display = EmbeddingDisplay(np.ones((12, 2)), [f"word{i}" for i in range(12)])
    assert_legible(display.plot())
    assert 4 <= sum(leaders(display)) < 12


def test_labels_with_enough_room_are_beside_their_points():
    display = EmbeddingDisplay([[0, 0], [1, 0], [0, 1]], ["one", "two", "three"]).plot()
    assert leaders(display) == [False] * 3
    for box, point in zip(*boxes_of(display), strict=True):
        assert box.x0 - 10 < point.x1 < box.x0  # to the right
        assert box.y0 < point.y0 < point.y1 < box.y1


def test_words_are_not_parsed_as_formulas():
    words = ["$\\nothing$", "5$ and 6$"]
    display = EmbeddingDisplay([[0, 0], [1, 1]], words).plot()
    assert_legible(display)
    assert written(display) == words


# Groups


def test_words_of_a_group_share_a_color_and_a_marker():
    points = [[0, 0], [1, 0], [0, 1], [1, 1]]
    display = EmbeddingDisplay(points, ["red", "one", "blue", "two"])
    display.plot(groups=[["one", "two"], {"blue": 1, "red": 2}])
    colors = [text.get_color() for text in display.text_]
    assert colors == ["#D55E00", "#0072B2"] * 2
    faces = display.scatter_.get_facecolor()
    np.testing.assert_array_equal(faces, to_rgba_array(colors))
    square, circle, *again = [len(path) for path in display.scatter_.get_paths()]
    assert [square, circle] == again
    assert square < circle


def test_words_of_no_group_are_gray():
    display = EmbeddingDisplay([[0, 0], [1, 1]], ["one", "other"])
    assert display.plot(groups=[["one"]]).text_[1].get_color() == "0.45"


@pytest.mark.parametrize(("n_words", "n_colors"), [(6, 6), (7, 1)])
def test_colors_of_paths_are_not_used_twice_for_different_reasons(n_words, n_colors):
    paths = np.random.default_rng(0).normal(size=(3, n_words, 2))
    display = TrajectoryDisplay(paths, [f"w{i}" for i in range(n_words)]).plot()
    assert len({line.get_color() for line in display.line_}) == n_colors


def test_paths_of_a_group_share_a_color():
    paths = np.random.default_rng(0).normal(size=(3, 3, 2))
    display = TrajectoryDisplay(paths, ["a", "b", "c"]).plot(groups=["ac", "b"])
    expected = ["#0072B2", "#D55E00", "#0072B2"]
    assert [line.get_color() for line in display.line_] == expected
    assert len({len(path) for path in display.end_.get_paths()}) == 2


def test_more_groups_than_can_be_told_apart_are_refused():
    display = EmbeddingDisplay([[0, 0], [1, 1]], ["a", "b"])
    with pytest.raises(ValueError, match=r"at most 6 groups .* got 7: join some"):
        display.plot(groups=["a"] * 7)


# Fonts


def test_words_that_look_like_a_tick_mark_have_serifs():
    display = EmbeddingDisplay([[0, 0], [1, 1]], ["I", "It"]).plot()
    families = [text.get_fontfamily()[0] for text in display.text_]
    assert families[0] == "DejaVu Serif"
    assert families[1] == matplotlib.rcParams["font.family"][0]


def test_the_current_font_is_used_if_it_has_all_characters():
    matplotlib.rcParams["font.family"] = ["no-such: font", "DejaVu Serif"]
    display = EmbeddingDisplay([[0, 0], [1, 1]], ["zażółć", "γλώσσα\n"]).plot()
    for text in display.text_:
        assert text.get_fontfamily() == ["no-such: font", "DejaVu Serif"]
        assert text.get_fontproperties().get_file() is None


def test_another_font_is_found_for_characters_that_the_current_one_lacks(monkeypatch):
    fonts = font_manager.fontManager.ttflist
    lost = font_manager.FontEntry("lost.ttf", name="NanumGothic")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [lost, *fonts])
    matplotlib.rcParams["font.family"] = "cmr10"
    matplotlib.rcParams["axes.formatter.use_mathtext"] = True  # avoids a warning
    words = ["zażółć", "γλώσσα"]
    display = EmbeddingDisplay([[0, 0], [1, 1]], words).plot()
    path = display.text_[0].get_fontproperties().get_file()
    font = font_manager.get_font(path)
    assert all(font.get_char_index(ord(letter)) for letter in "".join(words))
    assert_legible(display)


@pytest.mark.usefixtures("only_bundled_fonts")
def test_one_warning_names_a_font_to_install_if_none_has_all_characters():
    display = EmbeddingDisplay([[0, 0], [1, 1]], ["피자", "치킨"])
    with pytest.warns(UserWarning, match=r"자치킨피.* Noto Sans CJK KR or Nanum") as w:
        display.plot()
    assert len(w) == 1
    assert w[0].filename == __file__
    assert_legible(display)  # a warning would be an error


def test_a_font_is_found_that_was_installed_after_matplotlib_listed_fonts(
    monkeypatch, tmp_path
):
    listed = font_manager.fontManager.ttflist
    has = next(font.fname for font in listed if "DejaVuSans.ttf" in font.fname)
    installed = tmp_path / "new.ttf"
    installed.write_bytes(Path(has).read_bytes())
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    old = [font for font in listed if font.name == "cmr10"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", old)
    looks = []

    def look():
        looks.append(1)
        return [old[0].fname, str(tmp_path / "broken.ttf"), str(installed)]

    monkeypatch.setattr(font_manager, "findSystemFonts", look)
    matplotlib.rcParams["font.family"] = "cmr10"
    matplotlib.rcParams["axes.formatter.use_mathtext"] = True  # avoids a warning
    for ticks in ("xtick.labelbottom", "ytick.labelleft"):  # mathtext has other fonts
        monkeypatch.setitem(matplotlib.rcParams, ticks, False)
    for _ in range(2):  # the second time it is in the list
        display = EmbeddingDisplay([[0, 0], [1, 1]], ["zażółć", "γλώσσα"]).plot()
        path = display.text_[0].get_fontproperties().get_file()
        assert path == str(installed)
    assert len(looks) == 1


# Loss curves


def test_losses_are_drawn_by_epoch(make, texts):
    vectorizer = make(max_iter=7).fit(texts)
    display = LossCurveDisplay.from_estimator(vectorizer)
    np.testing.assert_array_equal(display.line_.get_xdata(), range(1, 8))
    np.testing.assert_array_equal(display.line_.get_ydata(), vectorizer.loss_curve_)
    assert display.ax_.get_xlabel() == "epoch"
    assert display.ax_.get_ylabel() == "mean loss (nats per pair)"
    assert display.ax_.get_legend() is None


@pytest.mark.parametrize("n_epochs", [1, 2, 3, 50])
def test_ticks_are_whole_epochs(n_epochs):
    display = LossCurveDisplay(np.linspace(3, 2, n_epochs)).plot()
    display.figure_.canvas.draw()
    labels = [label.get_text() for label in display.ax_.get_xticklabels()]
    assert labels
    assert all(label.lstrip("\N{MINUS SIGN}").isdecimal() for label in labels)


def test_models_can_be_compared_on_the_same_axes(texts):
    _, ax = plt.subplots()
    for model in (CBOWVectorizer, SkipGramVectorizer):
        fitted = model(min_count=1, subsample=0, max_iter=2).fit(texts)
        display = LossCurveDisplay.from_estimator(fitted, ax=ax, label=model.__name__)
        assert display.ax_ is ax
    assert len(ax.lines) == 2
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["CBOWVectorizer", "SkipGramVectorizer"]


def test_a_loss_curve_requires_a_fitted_vectorizer(make):
    with pytest.raises(NotFittedError):
        LossCurveDisplay.from_estimator(make())


# Trajectories


def test_paths_lead_from_the_start_to_the_fitted_vectors(make):
    vectorizer = make(n_components=2, max_iter=4)
    before = vars(vectorizer).copy()
    display = TrajectoryDisplay.from_estimator(vectorizer, iter(load_lecture()), WORDS)
    assert vars(vectorizer) == before  # only a clone was fitted
    assert np.shape(display.paths) == (5, len(WORDS), 2)
    vectors = vectorizer.fit(load_lecture()).word_vectors()
    final = np.array([vectors[word] for word in WORDS])
    np.testing.assert_array_equal(display.paths[-1], final)
    assert np.abs(display.paths[0]).max() <= 1 / 2  # the random start
    moved = np.abs(np.diff(display.paths, axis=0)).max(axis=-1)
    assert (moved > 0).all()


def test_lines_join_hollow_starting_points_and_filled_end_points(make):
    display = TrajectoryDisplay.from_estimator(make(), load_lecture(), WORDS)
    paths = display.paths
    for i, line in enumerate(display.line_):
        np.testing.assert_array_equal(line.get_xydata(), paths[:, i])
    np.testing.assert_array_equal(display.start_.get_offsets(), paths[0])
    np.testing.assert_array_equal(display.end_.get_offsets(), paths[-1])
    assert len(display.start_.get_facecolor()) == 0
    assert len(display.end_.get_facecolor()) == len(WORDS)
    assert written(display) == WORDS
    np.testing.assert_array_equal([text.xy for text in display.text_], paths[-1])
    words = [text.get_window_extent() for text in display.text_]
    assert not any(box.count_overlaps(words[:i]) for i, box in enumerate(words))


def test_the_plane_of_paths_is_that_of_the_last_epoch(make):
    display = TrajectoryDisplay.from_estimator(make(), load_lecture(), WORDS)
    vectors = make().fit(load_lecture()).word_vectors()
    final = np.array([vectors[word] for word in WORDS])
    expected = PCA(2).fit(final)
    np.testing.assert_allclose(display.paths[-1], expected.transform(final), atol=1e-5)
    np.testing.assert_allclose(
        display.explained, expected.explained_variance_ratio_, rtol=1e-4
    )


def test_the_first_20_words_are_followed_and_epochs_still_reported(make, capsys):
    documents = [[f"w{i:02}" for i in range(30)]] * 3
    estimator = make(verbose=1, max_iter=2)
    display = TrajectoryDisplay.from_estimator(estimator, documents, color="gray")
    assert display.words == list(estimator.fit(documents).vocabulary_)[:20]
    printed = capsys.readouterr().out.splitlines()
    assert ["epoch 1/2" in line for line in printed] == [True, False] * 2
    assert {line.get_color() for line in display.line_} == {"gray"}


def test_errors_name_what_can_not_be_followed(make):
    draw = TrajectoryDisplay.from_estimator
    with pytest.raises(KeyError, match="'tea' is not among the 18 words"):
        draw(make(), load_lecture(), ["coffee", "tea"])
    with pytest.raises(ValueError, match="at least 2 components, and have 1"):
        draw(make(n_components=1), load_lecture(), WORDS)


# What is drawn


def test_a_pipeline_is_drawn_by_its_vectorizer(make, texts):
    vectorizer = make()
    pipeline = make_pipeline(vectorizer, LogisticRegression())
    pipeline.fit(texts, [0] * 4 + [1] * 4)
    nested = make_pipeline("passthrough", pipeline)
    for estimator in (pipeline, nested):
        found = EmbeddingDisplay.from_estimator(estimator)
        expected = EmbeddingDisplay.from_estimator(vectorizer)
        assert found.words == expected.words
        np.testing.assert_array_equal(found.points, expected.points)
        losses = LossCurveDisplay.from_estimator(estimator).losses
        assert losses == vectorizer.loss_curve_
    for draw in (EmbeddingDisplay.from_estimator, LossCurveDisplay.from_estimator):
        with pytest.raises(NotFittedError):
            draw(make_pipeline(make()))


def test_paths_of_a_pipeline_are_refused(make, texts):
    draw = TrajectoryDisplay.from_estimator
    with pytest.raises(TypeError, match=r"got one in a Pipeline, .* vectorizer itself"):
        draw(make_pipeline(make(), LogisticRegression()), texts)


def test_given_vectors_are_drawn_and_have_no_losses():
    table = WordVectors(["up", "down"], [[1, 2], [-1, -2]])
    given = PretrainedVectorizer(table)
    assert EmbeddingDisplay.from_estimator(given).words == ["up", "down"]
    for draw in (
        LossCurveDisplay.from_estimator,
        lambda estimator: TrajectoryDisplay.from_estimator(estimator, ["up down"]),
    ):
        with pytest.raises(TypeError, match="PretrainedVectorizer learns nothing"):
            draw(given)


@pytest.mark.parametrize(
    "draw",
    [
        EmbeddingDisplay.from_estimator,
        LossCurveDisplay.from_estimator,
        lambda other: TrajectoryDisplay.from_estimator(other, ["up down"]),
    ],
)
def test_other_estimators_are_refused(draw):
    others = [
        LogisticRegression(),
        make_pipeline("passthrough"),
        FunctionTransformer(kw_args={"x" * 10_000: 1}),
        CBOWVectorizer,
    ]
    for other in others:
        with pytest.raises(TypeError, match=r"expected .*CBOWVectorizer, ") as error:
            draw(other)
        assert len(str(error.value)) < 400


def test_displays_say_what_they_show(make):
    points, words = [[0, 0], [1, 1]], ["up", "down"]
    assert repr(EmbeddingDisplay(points, words, axis_name="t-SNE axis")) == (
        "EmbeddingDisplay(2 words, axes: 't-SNE axis')"
    )
    assert repr(LossCurveDisplay([3.0, 2.0, 1.0])) == "LossCurveDisplay(3 epochs)"
    assert repr(TrajectoryDisplay([points] * 4, words)) == (
        "TrajectoryDisplay(2 words, 3 epochs, axes: 'component')"
    )


# Without matplotlib


@pytest.mark.parametrize(
    "draw",
    [
        lambda fitted, texts: EmbeddingDisplay.from_estimator(fitted),
        lambda fitted, texts: EmbeddingDisplay([[0, 0]], ["a"]).plot(),
        lambda fitted, texts: LossCurveDisplay.from_estimator(fitted),
        lambda fitted, texts: TrajectoryDisplay.from_estimator(None, texts),
        lambda fitted, texts: TrajectoryDisplay([[[0, 0]]], ["a"]).plot(),
    ],
)
def test_the_error_tells_how_to_install_matplotlib(make, texts, monkeypatch, draw):
    fitted = make().fit(texts)
    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.setitem(sys.modules, name, None)
    message = r"^\w+Display needs matplotlib; install it with: pip install skw2v\[plots"
    with pytest.raises(ImportError, match=message):
        draw(fitted, texts)


def test_modules_are_imported_when_they_are_first_used():
    modules = ["callbacks", "evaluation", "exceptions", "io", "plotting", "testing"]
    slow = ["callbacks", "evaluation", "plotting", "testing"]
    code = f"""
import skw2v, sys
assert not any(f"skw2v.{{name}}" in sys.modules for name in {slow})
assert set({modules}) <= set(dir(skw2v))
for name in {modules}:
    assert getattr(skw2v, name).__name__ == f"skw2v.{{name}}"
assert "matplotlib" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'plots'"):
        skw2v.plots  # noqa: B018


def test_matplotlib_is_imported_only_to_draw():
    code = "import sys, skw2v.plotting; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
