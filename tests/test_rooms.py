import ast
from pathlib import Path

import pytest

import skw2v

ROOT = Path(skw2v.__file__).parent


def imports(path):
    """Absolute names of the modules that a file imports."""
    package = [ROOT.name, *path.relative_to(ROOT).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_training_knows_numbers_only():
    for path in (ROOT / "training").rglob("*.py"):
        for name in imports(path):
            assert not name.startswith(("sklearn", "pandas", "skw2v.text")), path.name
            if name.startswith("skw2v"):
                assert name.startswith("skw2v.training"), path.name


def test_text_does_not_know_training():
    for path in (ROOT / "text").glob("*.py"):
        assert not any(name.startswith("skw2v.training") for name in imports(path))


def test_plotting_knows_vectors_only():
    for path in (ROOT / "plotting").glob("*.py"):
        for name in imports(path):
            if name.startswith("skw2v"):
                assert name.startswith(("skw2v.plotting", "skw2v.word_vectors"))


def test_only_plotting_knows_matplotlib():
    for path in ROOT.rglob("*.py"):
        if path.parent.name != "plotting":
            for name in imports(path):
                assert not name.startswith(("matplotlib", "skw2v.plotting")), path.name


@pytest.mark.parametrize("room", ["pooling.py", "word_vectors.py", "datasets.py"])
def test_rooms_do_not_know_the_estimators(room):
    assert not any("vectorizers" in name for name in imports(ROOT / room))


def test_evaluation_knows_vectors_only():
    known = ("evaluation", "word_vectors", "_neighbours", "text.corpus")
    for path in (ROOT / "evaluation").glob("*.py"):
        for name in imports(path):
            if name.startswith("skw2v"):
                assert name.removeprefix("skw2v.").startswith(known), path.name


def test_files_know_vectors_only():
    for path in (ROOT / "io").glob("*.py"):
        for name in imports(path):
            if name.startswith("skw2v"):
                assert name.startswith(("skw2v.io", "skw2v.word_vectors")), path.name


def test_checks_know_nothing_of_the_estimators():
    for path in (ROOT / "testing").glob("*.py"):
        for name in imports(path):
            if name.startswith("skw2v"):
                assert name.startswith("skw2v.testing"), path.name


def test_private_parts_of_scikit_learn_are_imported_in_one_place():
    for path in ROOT.rglob("*.py"):
        if path.name == "_compat.py":
            continue
        for name in imports(path):
            parts = name.split(".")
            private = parts[0] == "sklearn" and any(p.startswith("_") for p in parts)
            assert not private, f"{path.name} imports {name}"
