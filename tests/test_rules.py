"""Is the code written by the rules that are looked at from outside?

No module over 400 lines, nine functions in ten at most 30 lines, 95 % of public names documented, every module says
which question it answers, and one place only may catch every exception and go on.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

MODULE_LINES, FUNCTION_LINES = 400, 30
CATCHES_ALL = {"ingest/pool.py"}
PACKAGE = ROOT / "src" / "fzsearch"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_modules_are_short():
    folders = ("src", "tests", "scripts", "bench")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files}

    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_nine_functions_in_ten_are_short():
    nodes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, Function)]
    long = [node.name for node in nodes if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES]

    assert len(long) <= len(nodes) / 10, long


def test_every_module_says_what_it_answers():
    without = [_name(path) for path, tree in TREES.items() if not (ast.get_docstring(tree) or "").strip()]

    assert without == []


def test_public_names_are_documented():
    documented = {
        f"{_name(path)}:{label}": bool(ast.get_docstring(node))
        for path, tree in TREES.items()
        for label, node in _public(tree, "")
    }
    missing = sorted(name for name, is_documented in documented.items() if not is_documented)

    assert len(missing) <= len(documented) * 0.05, missing


def _public(parent: ast.AST, prefix: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Public functions and classes of a module, and public methods of public classes."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node, f"{node.name}.")


def test_only_the_border_of_reading_catches_everything():
    catching = {
        _name(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }

    assert catching <= CATCHES_ALL


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether a handler stops every exception; one that cleans up and raises again does not."""
    if isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None:
        return False
    names = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"Exception"}
    )
    return bool(names & {"Exception", "BaseException"})
