"""Do the documents say what the program does? Commands, settings, errors, examples and paths."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from fzsearch import errors
from fzsearch.cli import main
from fzsearch.config import SETTINGS
from fzsearch.query import Facet
from tests.conftest import ROOT

READMES = ("README.md", "README.zh-CN.md")
SERVING = ("fzsearch serve",)
"""Example lines that begin so run until interrupted; `test_package` runs one."""

GENERATED = (
    "index/",
    "exact/",
    "facets/",
    "words/",
    ".venv",
    "build/",
    "corpus/topics.toml",
    "parts/",
    "names/",
    "headings/",
)
"""Paths that a document may name although a checkout does not hold them: parts of an index, a user's own lists."""

COMMANDS = sorted(main.commands)
ERRORS = sorted(name for name, value in vars(errors).items() if isinstance(value, type))


def _text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def _example_lines(readme: str) -> list[str]:
    """What stands behind a prompt, in order."""
    return re.findall(r"^\$ (.+)$", _text(readme), re.MULTILINE)


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_every_command(readme, command):
    assert f"fzsearch {command}" in _text(readme)


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_readme_names_every_setting(readme, setting):
    assert f"`{setting.variable}`" in _text(readme)


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("facet", Facet)
def test_readme_names_every_filter(readme, facet):
    assert f"--{facet.value}" in _text(readme)


@pytest.mark.parametrize("error", ERRORS)
def test_documents_name_every_error(error):
    assert error in _text("README.md", "ARCHITECTURE.md")


@pytest.mark.parametrize("readme", READMES)
def test_examples_of_readme_run(readme, tmp_path, monkeypatch, corpus_dir):
    """In the order of the document, in a folder that holds a copy of the corpus and nothing else."""
    shutil.copytree(corpus_dir, tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    lines = [line for line in _example_lines(readme) if line.startswith("fzsearch") and not line.startswith(SERVING)]

    assert len(lines) >= len(COMMANDS) - len(SERVING)
    for line in lines:
        outcome = CliRunner().invoke(main, shlex.split(line)[1:])
        assert outcome.exit_code == 0, f"{line}\n{outcome.output}"


def test_both_readmes_have_the_same_examples():
    english, chinese = (_example_lines(readme) for readme in READMES)

    assert english == chinese


@pytest.mark.parametrize("readme", READMES)
def test_links_inside_the_repository_lead_somewhere(readme):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", _text(readme))

    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_paths_in_architecture_exist():
    """A path is what stands in backticks and holds a slash or a known ending; addresses begin with a slash."""
    quoted = re.findall(r"`([\w.][\w./-]*)`", _text("ARCHITECTURE.md"))
    paths = {text for text in quoted if "/" in text or text.endswith((".py", ".toml", ".csv", ".gz", ".md", ".html"))}
    missing = sorted(path for path in paths if not path.startswith(GENERATED) and not _exists(path))

    assert missing == []


def _exists(path: str) -> bool:
    """At the top, in the package, or, for a bare file name, anywhere in the package or the corpus."""
    bases: tuple[Path, ...] = (ROOT, ROOT / "src", ROOT / "src" / "fzsearch", ROOT / "templates")
    if any((base / path).exists() for base in bases):
        return True
    return "/" not in path and any(any((ROOT / top).rglob(path)) for top in ("src", "corpus", "templates", "tests"))
