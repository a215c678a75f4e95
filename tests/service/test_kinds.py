"""Whatever a township sends: archives and office files in an index."""

import io
import zipfile

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.ingest import open_member
from fzsearch.model import Format
from fzsearch.service import index_corpus
from fzsearch.service.catalogue import Catalogue
from fzsearch.service.doctor import diagnose
from tests.generate import now
from tests.ingest.extract.test_docx import make_docx, paragraph
from tests.ingest.extract.test_office import needs_soffice
from tests.service.test_indexing import report


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def engine(tmp_path):
    opened = EmbeddedEngine(tmp_path / "index", now)
    yield opened
    opened.close()


def docx(text: str) -> bytes:
    return make_docx("".join(map(paragraph, text.split("\n"))))


def rtf(text: str) -> bytes:
    lines = ("".join(f"\\u{ord(char)}?" for char in line) for line in text.split("\n"))
    return ("{\\rtf1\\ansi " + "\\par ".join(lines) + "\\par}").encode("ascii")


def bundle(corpus, name="报告.zip", **members: bytes) -> None:
    with zipfile.ZipFile(corpus / name, "w") as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member.replace("__", "."), (2024, 1, 2, 3, 4, 6)), content)


def test_members_of_an_archive_are_indexed_and_told_of(corpus, engine):
    bundle(corpus, a__docx=docx(report()), b__txt=report(year=2024).encode(), c__png=b"\x89PNG\r\n\x1a\n")

    summary = index_corpus(corpus, engine, workers=2)

    files = {file.path: file.format for record in engine.reports() for file in record.files}
    assert files == {"报告.zip!/a.docx": Format.DOCX, "报告.zip!/b.txt": Format.TXT}
    assert [file.path for file in summary.unreadable] == ["报告.zip!/c.png"]
    assert all(open_member(corpus, path) for path in files)
    drift = diagnose(engine, corpus).drift
    assert drift is not None
    assert drift.is_none
    assert not index_corpus(corpus, engine, workers=2).wrote


def test_only_changed_members_are_read_again(corpus, engine):
    bundle(corpus, a__txt=report().encode(), b__txt=report(year=2024).encode())
    index_corpus(corpus, engine, workers=2)
    bundle(corpus, a__txt=report(fact="建成议事亭").encode(), b__txt=report(year=2024).encode())
    read = []

    summary = index_corpus(corpus, engine, workers=2, progress=lambda _done, total, _unit: read.append(total))

    assert set(read) == {1}
    assert (summary.reports.changed, summary.reports.unchanged) == (1, 1)


def test_damaged_archive_is_listed(corpus, engine):
    (corpus / "m.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (corpus / "a.txt").write_text(report(), encoding="utf-8")

    (record,) = index_corpus(corpus, engine, workers=2).unreadable

    assert (record.path, bool(record.remedy)) == ("m.zip", True)
    assert "损坏" in (record.reason or "")


@needs_soffice
def test_office_files_are_indexed_beside_others(corpus, engine):
    (corpus / "a.rtf").write_bytes(rtf(report()))
    (corpus / "名字不对.doc").write_bytes(rtf(report(year=2024)))
    (corpus / "没有后缀").write_bytes(rtf(report(year=2022)))
    (corpus / "坏.doc").write_bytes(rtf(report())[:-5])
    bundle(corpus, a__rtf=rtf(report(year=2021)))

    summary = index_corpus(corpus, engine, workers=2)

    assert [record.key for record in engine.reports()] == [f"云山镇-{year}" for year in range(2021, 2025)]
    assert {file.format for record in engine.reports() for file in record.files} == {Format.RTF}
    assert [file.path for file in summary.unreadable] == ["坏.doc"]


def test_installing_libreoffice_reads_again_what_needed_it(corpus, engine, monkeypatch):
    monkeypatch.setattr("fzsearch.service.catalogue.find_soffice", lambda: None)
    (corpus / "a.txt").write_text(report(), encoding="utf-8")
    index_corpus(corpus, engine, workers=1)
    monkeypatch.setattr("fzsearch.service.catalogue.find_soffice", lambda: "soffice")

    assert index_corpus(corpus, engine, workers=1).rules_changed
    assert Catalogue.from_json(engine.state()).files


def test_bytes_of_a_member_are_those_of_the_file(corpus):
    inside = io.BytesIO(docx(report())).getvalue()
    bundle(corpus, a__docx=inside)

    assert open_member(corpus, "报告.zip!/a.docx") == inside
