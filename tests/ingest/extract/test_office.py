"""Files that LibreOffice converts: what is refused before, what happens when it is missing, hangs or fails."""

import http.server
import io
import os
import shutil
import stat
import sys
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import office, read_document, soffice
from fzsearch.model import Format
from tests.ingest.extract.test_docx import make_docx, paragraph
from tests.ole_writer import SECTOR, word_stream, write_ole

DOC = write_ole({"WordDocument": word_stream(), "1Table": b""})
RTF = r"{\rtf1\ansi\ansicpg936 \u19968?\u12289?\u24635?\u20307?\par \u35843?\u35299?35\u36215?\par}".encode("ascii")
ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODF = "urn:oasis:names:tc:opendocument:xmlns"

needs_soffice = pytest.mark.skipif(
    soffice.find_soffice() is None,
    reason="LibreOffice is not installed (on Debian: apt-get install libreoffice-writer)",
)
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for LibreOffice")


def make_odt(body: str, *, mimetype: str = ODT_TYPE, manifest: str = "") -> bytes:
    written = io.BytesIO()
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}">{manifest}'
        "</manifest:file-entry>"
        for path, kind in (("/", mimetype), ("content.xml", "text/xml"))
    )
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{ODF}:manifest:1.0">{entries}</manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0"'
            f' xmlns:draw="{ODF}:drawing:1.0" xmlns:svg="{ODF}:svg-compatible:1.0"'
            f' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"><office:body><office:text>{body}'
            "</office:text></office:body></office:document-content>",
        )
    return written.getvalue()


def test_old_word_file_without_libreoffice_says_what_to_install(monkeypatch):
    monkeypatch.setattr(office, "find_soffice", lambda: None)

    for data, name, kind in (
        (DOC, "a.doc", ".doc"),
        (DOC, "a.WPS", ".wps"),
        (RTF, "a", "RTF"),
        (make_odt(""), "a", ".odt"),
    ):
        with pytest.raises(ExtractError, match="LibreOffice") as caught:
            read_document(data, name)
        assert kind in caught.value.reason
        assert "安装 LibreOffice" in caught.value.remedy
        assert ".docx" in caught.value.remedy


def test_file_converted_already_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(office, "find_soffice", lambda: None)
    (tmp_path / office.converted_name(DOC)).write_bytes(make_docx(paragraph("报告")))

    document = read_document(DOC, "报告.wps", tmp_path)

    assert (document.format, document.lines) == (Format.WPS, ("报告",))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (DOC[: -SECTOR * 4], "不完整"),
        (DOC[: SECTOR + 8], "不完整"),
        (DOC[:SECTOR] + DOC[SECTOR : SECTOR + 8] + b"\x01\0\0\0" * 120 + DOC[SECTOR + 488 :], "不完整"),
        (write_ole({"WordDocument": b"no Word"}), "损坏"),
        (write_ole({"WordDocument": word_stream(is_encrypted=True)}), "加密"),
        (RTF[:-1], "不完整"),
        (make_odt("", manifest="<manifest:encryption-data/>"), "加密"),
        (make_odt("", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "不是文字文档"),
        (write_ole({"MatOST": b""}), "Works"),
        (write_ole({"Contents": b""}), "不是 Word"),
    ],
    ids=["cut", "cut early", "circle", "no Word mark", "password", "cut rtf", "odt password", "ods", "works", "other"],
)
def test_unfit_file_never_reaches_libreoffice(monkeypatch, data, reason):
    monkeypatch.setattr(office, "convert", None)

    with pytest.raises(ExtractError, match=reason) as caught:
        read_document(data)

    assert caught.value.remedy


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script in the place of LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@posix_only
def test_success_without_a_file_is_a_failure(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "exit 0")

    with pytest.raises(ExtractError, match="打不开"):
        read_document(RTF)


@posix_only
def test_hanging_libreoffice_is_killed_with_what_it_started(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, f"sleep 300 & echo $! > {tmp_path}/pid; wait")
    monkeypatch.setattr(office, "_TIMEOUT_S", 1.0)
    started = time.monotonic()

    with pytest.raises(ExtractError, match="超过 1 秒"):
        read_document(RTF)

    assert time.monotonic() - started < 10
    assert is_gone(int((tmp_path / "pid").read_text()))


def is_gone(pid: int) -> bool:
    """Whether a process has ended; a killed one may stay listed until somebody asks for its end."""
    status = Path(f"/proc/{pid}/stat")
    for _ in range(50):
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


@needs_soffice
def test_rtf_and_odt_are_read():
    odt = make_odt("<text:p>一、总体</text:p><text:p>调解35起</text:p>")

    assert (read_document(RTF).format, read_document(odt).format) == (Format.RTF, Format.ODT)
    assert read_document(RTF).lines == read_document(odt).lines == ("一、总体", "调解35起")


@needs_soffice
def test_random_bytes_behind_a_good_head_are_refused_or_empty():
    with pytest.raises(ExtractError):
        read_document(DOC)


@pytest.fixture
def requests():
    """The addresses that somebody asks a server on this machine for; the first is the server's own."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - names of the protocol

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen.append(f"http://127.0.0.1:{server.server_port}")
    yield seen
    server.shutdown()
    server.server_close()


@needs_soffice
def test_links_are_not_followed(tmp_path, requests):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    frame = '<draw:frame svg:width="1cm" svg:height="1cm">{}</draw:frame>'.format
    body = (
        f'<text:p>正文</text:p><text:section text:name="a"><text:section-source xlink:href="{secret.as_uri()}"/>'
        f"<text:p/></text:section><text:p>{frame(f'<draw:image xlink:href={requests[0]!r}/>')}"
        f"{frame(f'<draw:object-ole xlink:href={requests[0]!r}/>')}</text:p>"
    )

    document = read_document(make_odt(body))

    assert "正文" in document.lines
    assert "机密" not in "".join(document.lines)
    assert len(requests) == 1


def test_program_is_found_in_its_usual_places(tmp_path, monkeypatch):
    program = tmp_path / "soffice.exe"
    program.touch()
    monkeypatch.setattr(soffice, "_PLACES", (str(tmp_path / "none"), str(program)))
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    assert soffice.find_soffice() == str(program)

    program.unlink()

    assert soffice.find_soffice() is None


@given(st.integers(0, len(DOC) - 1), st.binary(min_size=1, max_size=8))
def test_damaged_container_passes_or_is_refused(position, written):
    data = DOC[:position] + written + DOC[position + len(written) :]

    with suppress(ExtractError):  # anything else fails the test
        office.check(data, Format.DOC)
