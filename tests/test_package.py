"""Does the project work as a package, away from its checkout? Do its files keep quiet about where they were made?"""

import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

import pytest

from tests.conftest import ROOT

START_TIMEOUT_S = 60
BIN = "Scripts" if os.name == "nt" else "bin"

# Written in pieces, so that this file does not hold what it looks for.
HOSTS = "|".join(["pypi" + r"\.", "python" + r"hosted\.", "npm" + r"js\.", "npm" + r"mirror\.", "anaconda" + r"\."])
FOLDERS = "|".join(["root", "home", "Users", "work", "opt/" + "wheels"])
TELLTALE = re.compile(rf"(?:{HOSTS})(?:org|com|cn)|(?<![\w.~)}}-])/(?:{FOLDERS})/".encode())


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """The environment without anything that leads back to the checkout."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FZSEARCH", "COVERAGE"))
    }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The scripts of a new virtual environment with the wheel; dependencies are borrowed, so no network is needed."""
    folder = tmp_path_factory.mktemp("package")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, env=environment)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True, env=environment)
    python = folder / "venv" / BIN / "python"
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, env=environment)
    _borrow_dependencies(python)
    return python.parent


def _borrow_dependencies(python: Path) -> None:
    """Put the packages of this environment behind those of the new one; its .pth files (our checkout) are not read."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    paths = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "borrowed.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path, corpus_dir: Path) -> Path:
    """A folder with a copy of the corpus, away from the checkout."""
    shutil.copytree(corpus_dir, tmp_path / "corpus")
    return tmp_path


def test_installed_package_is_the_wheel_and_has_its_templates(installed, elsewhere, environment):
    code = "from fzsearch.resources import templates_dir; print(templates_dir())"
    out = subprocess.run(
        [installed / "python", "-c", code], cwd=elsewhere, env=environment, capture_output=True, check=True
    )
    folder = Path(out.stdout.decode().strip())

    assert folder.name == "_templates"
    assert installed.parent in folder.parents
    assert {path.name for path in folder.rglob("*.html")} == {
        path.name for path in (ROOT / "templates").rglob("*.html")
    }


def test_installed_package_indexes_searches_and_serves(installed, elsewhere, environment):
    def run(*arguments: str) -> str:
        command = [installed / "fzsearch", *arguments]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
        ).stdout

    assert "新增 18" in run("index", "corpus")
    assert "枫桥经验" in run("search", "枫桥经验")
    with _served(installed, elsewhere, environment) as address:
        assert "法治" in _page(address)
        assert "<mark>枫桥经验</mark>" in _page(f"{address}search?q={quote('枫桥经验')}")


@contextmanager
def _served(scripts: Path, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(scripts / "fzsearch"), "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def _page(address: str) -> str:
    """A page, asked for until the server is up; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            with opener.open(address, timeout=START_TIMEOUT_S) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_the_repository_holds_no_copy_of_the_templates():
    assert not (ROOT / "src" / "fzsearch" / "_templates").exists()


def test_no_file_names_a_registry_or_a_folder_of_a_machine():
    found = {path: TELLTALE.findall((ROOT / path).read_bytes()) for path in _project_files()}

    assert {path: telltales for path, telltales in found.items() if telltales} == {}


def _project_files() -> list[str]:
    """The files that are or would be committed."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git here that tells which files belong to the project")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())
