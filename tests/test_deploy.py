"""Do the files in deploy/ fit the program? Units, nginx and containers, as far as this machine can try them."""

import configparser
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from fzsearch.cli import main
from fzsearch.config import SETTINGS, load_settings
from fzsearch.service.search import SearchService
from fzsearch.web.security import MAX_QUOTING_URL_BYTES, MAX_RECEIVED_BYTES
from fzsearch.web.server import serve
from tests.builders import build_engine
from tests.conftest import ROOT
from tests.web.conftest import REPORTS

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
VARIABLES = {setting.variable for setting in SETTINGS}
NGINX = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), None)
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed here (Debian: apt install nginx-light)")


def known_to_the_command_line(line: list[str]) -> click.Context:
    """The command with its options, as click understands them; nothing is run."""
    name, *rest = line
    return main.commands[name].make_context(name, rest)


def unit(name: str) -> configparser.SectionProxy:
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(DEPLOY / name, encoding="utf-8")
    return found["Service"]


# ---- systemd


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    program, *line = shlex.split(unit(name)["ExecStart"])

    assert program == "/opt/fzsearch/bin/fzsearch"
    known_to_the_command_line(line)


def test_the_site_runs_with_what_nginx_needs() -> None:
    _, *line = shlex.split(unit("fzsearch.service")["ExecStart"])
    asked = known_to_the_command_line(line).params
    settings = load_settings({}, **asked)

    assert f"server {settings.host}:{settings.port};" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert settings.trusted_proxy == settings.host == "127.0.0.1"
    assert settings.access_log == "-"
    assert not settings.log_texts


def test_site_and_index_work_on_the_same_index_and_corpus() -> None:
    _, *serving = shlex.split(unit("fzsearch.service")["ExecStart"])
    _, *indexing = shlex.split(unit("fzsearch-index.service")["ExecStart"])
    site, index = (known_to_the_command_line(line).params for line in (serving, indexing))

    assert (site["index"], site["corpus"]) == (index["index"], index["corpus"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = path.read_text(encoding="utf-8").replace("/opt/fzsearch/bin/fzsearch", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )

    assert len(units) == 3
    assert not [line for line in done.stderr.splitlines() if str(tmp_path) in line or "fzsearch" in line]


# ---- nginx


def nginx_conf() -> str:
    return (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


def size_bytes(text: str) -> int:
    """A size as nginx writes it."""
    return int(text[:-1]) * {"k": 1 << 10, "m": 1 << 20}[text[-1]]


def test_nginx_lets_through_what_the_program_takes() -> None:
    """The program says in Chinese what is too large; nginx says it in English."""
    header, body = (
        re.search(rf"{name} (?:\d+ )?(\w+);", nginx_conf())
        for name in ("large_client_header_buffers", "client_max_body_size")
    )
    assert header
    assert body

    assert size_bytes(header[1]) > MAX_QUOTING_URL_BYTES + 200
    assert size_bytes(body[1]) == MAX_RECEIVED_BYTES


@contextmanager
def nginx(folder: Path, port: int, behind: int) -> Iterator[str]:
    """nginx with our file, on another port and with logs in a folder, before a server on this machine."""
    text = nginx_conf().replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    text = text.replace("/var/log/nginx", str(folder)).replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    (folder / "site.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ {temporary} access_log {folder}/access.log; include {folder}/site.conf; }}",
        encoding="utf-8",
    )
    command = [str(NGINX), "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    asked = urllib.request.Request(url, headers={name.replace("_", "-"): text for name, text in headers.items()})  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, {name.lower(): text for name, text in refused.headers.items()}, refused.read()


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site behind nginx: its address, and the folder with the logs of both."""
    if NGINX is None:
        pytest.skip("nginx is not installed here (Debian: apt install nginx-light)")
    folder = tmp_path_factory.mktemp("nginx")
    reached, behind = threading.Event(), free_port()
    settings = load_settings({}, port=behind, trusted_proxy="127.0.0.1", access_log=folder / "fzsearch.jsonl")
    service = SearchService(build_engine(tmp_path_factory.mktemp("fronted"), *REPORTS))
    arguments: tuple[Any, ...] = (service, settings, lambda _: reached.set())
    threading.Thread(target=serve, args=arguments, daemon=True).start()
    assert reached.wait(30)
    with nginx(folder, free_port(), behind) as url:
        yield url, folder


@needs_nginx
def test_the_site_answers_through_nginx(fronted: tuple[str, Path]) -> None:
    url, _ = fronted
    status, headers, body = ask(f"{url}/search?q=%E6%99%AE%E6%B3%95", Accept_Encoding="gzip")
    again, _, _ = ask(f"{url}/search?q=%E6%99%AE%E6%B3%95", Accept_Encoding="gzip", If_None_Match=headers["etag"])

    assert (status, headers["content-encoding"], headers["cache-control"]) == (200, "gzip", "no-cache")
    assert body[:2] == b"\x1f\x8b"
    assert again == 304
    assert ask(f"{url}/search", Host="evil.example")[0] == 400
    assert ask(f"{url}/readyz")[0] == 200


@needs_nginx
def test_long_addresses_pass_and_longer_ones_are_refused(fronted: tuple[str, Path]) -> None:
    url, _ = fronted
    quoting = f"{url}/r/990122101-2024/s1@00000000?old={'%E6%B3%95' * 2000}"

    assert ask(quoting)[0] == 200
    assert ask(f"{url}/search?q={'a' * 40_000}")[0] == 414


@needs_nginx
def test_the_visitor_is_the_one_whom_nginx_saw(fronted: tuple[str, Path]) -> None:
    url, folder = fronted
    _, headers, _ = ask(f"{url}/help", X_Forwarded_For="6.6.6.6", X_Request_ID="forged-by-a-visitor")
    lines = (folder / "fzsearch.jsonl").read_text(encoding="utf-8")

    assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
    assert headers["x-request-id"] in lines
    assert "6.6.6.6" not in lines
    assert "forged" not in lines


@needs_nginx
def test_no_text_stands_in_any_log_also_when_the_site_is_down(tmp_path: Path, fronted: tuple[str, Path]) -> None:
    url, folder = fronted
    ask(f"{url}/search?q=zhangsan")
    ask(f"{url}/zhangsan")
    with nginx(tmp_path, free_port(), free_port()) as nobody:
        status, headers, body = ask(f"{nobody}/search?q=zhangsan")

    assert (status, headers["retry-after"]) == (503, "10")
    assert "网站正在重新启动" in body.decode()
    logs = [path for path in (*folder.iterdir(), *tmp_path.iterdir()) if path.suffix in {".log", ".jsonl"}]
    assert len(logs) >= 3
    assert not [path.name for path in logs if "zhangsan" in path.read_text(encoding="utf-8")]


# ---- containers


def test_compose_starts_commands_and_sets_variables_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = pytest.importorskip("yaml", reason="no reader of YAML here")
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    for name in [name for name in os.environ if name.startswith("FZSEARCH_")]:
        monkeypatch.delenv(name)
    ours = {name: one for name, one in compose["services"].items() if one["image"] == "fzsearch"}
    assert set(ours) == {"index", "site"}
    for one in ours.values():
        known_to_the_command_line(one["command"])
        assert set(one["environment"]) <= VARIABLES
        assert load_settings(one["environment"]).cluster.urls.count("http://search") == 3
        assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
    for one in ours.values():  # a temporary file system belongs to root, a volume to whom its folder in the image does
        mounted = {text.split(":")[1] for text in one["volumes"] if not text.endswith(":ro")}
        assert one["read_only"]
        assert one["tmpfs"] == ["/tmp"]  # noqa: S108 - of the container
        assert mounted == {"/var/lib/fzsearch/index", "/var/cache/fzsearch"}
        assert all(folder in (DEPLOY / "Dockerfile").read_text(encoding="utf-8") for folder in mounted)
    assert set(compose["services"]["index"]["depends_on"]) == set(compose["services"]) - set(ours)
    for one in compose["services"].values():
        assert set(one["networks"]) <= set(compose["networks"])
        assert {text.partition(":")[0] for text in one["volumes"] if text[0] not in "./$"} <= set(compose["volumes"])


def test_the_image_sets_variables_and_runs_a_command_that_there_are() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()}

    assert set(re.findall(r"\bFZSEARCH_\w+", text)) <= VARIABLES
    assert 'ENTRYPOINT ["fzsearch"]\nCMD ["serve"]' in text
    assert "\nUSER fzsearch\n" in text
    assert "/readyz" in text
    assert copied == {name[1:] for name in ignored if name.startswith("!")}
    assert not [name for name in copied if not (ROOT / name).exists()]


# ---- the page that explains them


def test_the_page_names_every_file_and_only_settings_that_there_are() -> None:
    text = (ROOT / "docs" / "RUNNING.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(\.\./(deploy/[^)]+)\)", text)

    assert {f"deploy/{path.name}" for path in DEPLOY.iterdir() if path.suffix != ".dockerignore"} == set(targets)
    assert set(re.findall(r"\bFZSEARCH_[A-Z_]+", text)) <= VARIABLES
    for flag in re.findall(r"`--([a-z-]+)", text):
        assert flag == "full" or flag.replace("-", "_") in {setting.name for setting in SETTINGS} | {"engine"}, flag
