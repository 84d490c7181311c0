"""The structure of the package: which room may import which."""

import ast
import sys
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

import skw2v

ROOT = Path(skw2v.__file__).parent

# From the bottom to the top: a room imports rooms of lower layers only.
LAYERS = [
    {"atomic"},
    {
        "_version",
        "children",
        "corpus",
        "datasets",
        "exceptions",
        "testing",
    },
    {"pooling", "text", "training", "word_vectors"},
    {"explanation"},
    {"vectorizers"},
    {"evaluation", "io", "plotting"},
    {"callbacks"},
]
# What a room may import of other packages, where that is restricted.
OTHERS = {
    "corpus": {"numpy", "scipy"},
    "training": {"numpy", "scipy", "threadpoolctl"},
    "pooling": {"numpy", "scipy", "sklearn", "threadpoolctl"},
    "word_vectors": {"numpy", "pandas", "gensim"},
}


def module_of(path):
    """Return the dotted name of the module in a file."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in ROOT.rglob("*.py")}


def imports(module):
    """Yield what a module imports, anywhere in its file: modules, or their members."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else base for name in names)


def room_of(module):
    return module.split(".")[1]


def layer_of(room):
    return next(i for i, layer in enumerate(LAYERS) if room in layer)


def test_every_room_has_one_layer():
    rooms = {room_of(module) for module in MODULES if module != "skw2v"}
    assert sorted(chain.from_iterable(LAYERS)) == sorted(rooms)


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"skw2v"}))
def test_a_room_imports_rooms_of_lower_layers_only(module):
    room = room_of(module)
    for name in imports(module):
        assert name != "skw2v", f"{module} imports the whole package"
        if name.startswith("skw2v.") and room_of(name) != room:
            assert layer_of(room_of(name)) < layer_of(room), f"{module} imports {name}"


def test_no_module_imports_itself_through_others():
    graph = {module: set(imports(module)) & MODULES.keys() for module in MODULES}
    TopologicalSorter(graph).prepare()  # raises a CycleError that names the cycle


@pytest.mark.parametrize("room", OTHERS)
def test_some_rooms_know_few_packages(room):
    allowed = OTHERS[room] | {"skw2v"} | set(sys.stdlib_module_names)
    for module in MODULES:
        if module.startswith(f"skw2v.{room}"):
            for name in imports(module):
                assert name.split(".")[0] in allowed, f"{module} imports {name}"


def test_only_plotting_knows_matplotlib():
    for module in MODULES:
        if not module.startswith("skw2v.plotting"):
            assert not any(name.startswith("matplotlib") for name in imports(module))


def test_only_word_vectors_know_gensim():
    for module in MODULES:
        if not module.startswith("skw2v.word_vectors"):
            assert not any(name.startswith("gensim") for name in imports(module))


def test_private_parts_of_scikit_learn_are_imported_in_one_place():
    for module in MODULES.keys() - {"skw2v.vectorizers.compat"}:
        for name in imports(module):
            package, *parts = name.split(".")
            private = package == "sklearn" and any(p.startswith("_") for p in parts)
            assert not private, f"{module} imports {name}"


def test_the_top_level_has_few_modules():
    private = [path.name for path in ROOT.glob("_*.py")]
    assert sorted(private) == ["__init__.py", "_version.py"]
    assert len(list(ROOT.glob("*.py"))) <= 8


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_public_function_returns_any(module):
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            returned = node.returns and ast.unparse(node.returns)
            assert returned != "Any", f"{node.name} in line {node.lineno}"
