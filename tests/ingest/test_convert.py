"""Batches for LibreOffice: a short cut that may fail without harm. A shell script stands in for it."""

import sys
from pathlib import Path

import pytest

from fzsearch.ingest.convert import convert_batch, with_conversions
from fzsearch.ingest.extract import read_document, soffice
from fzsearch.ingest.extract.office import converted_name
from tests.ingest.extract.test_docx import make_docx, paragraph
from tests.ingest.extract.test_office import RTF, needs_soffice, stand_in

GOOD = [RTF.replace(b"?35", f"?{number}".encode()) for number in range(3)]
CRASHING = RTF.replace(b"?35", b"?crash")
# Copies a ready .docx for every source, up to the first that it cannot bear.
SCRIPT = """
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for source; do
    grep -q crash "$source" && kill -SEGV $$
    name=$(basename "$source"); cp {ready} "$out/${{name%.*}}.docx"
done
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for LibreOffice")


@pytest.fixture
def batch(tmp_path, monkeypatch):
    """Files to convert, and a folder for what comes of them."""
    ready = tmp_path / "ready.docx"
    ready.write_bytes(make_docx(paragraph("报告")))
    stand_in(tmp_path, monkeypatch, SCRIPT.format(ready=ready))
    folder = tmp_path / "converted"
    folder.mkdir()
    return folder


def write(folder: Path, *contents: bytes) -> list[Path]:
    found = []
    for number, content in enumerate(contents):
        found.append(folder / f"{number}.rtf")
        found[-1].write_bytes(content)
    return found


def made(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_batch_gives_a_file_for_each(tmp_path, batch):
    convert_batch(write(tmp_path, *GOOD), batch)

    assert made(batch) == {converted_name(content) for content in GOOD}


def test_files_that_are_no_office_files_are_left_out(tmp_path, batch):
    paths = [*write(tmp_path, b"text", b"", RTF[:-1], GOOD[0]), tmp_path / "none.rtf"]

    convert_batch(paths, batch)

    assert made(batch) == {converted_name(GOOD[0])}


def test_broken_batch_keeps_what_was_finished(tmp_path, batch):
    convert_batch(write(tmp_path, GOOD[0], CRASHING, GOOD[1]), batch)

    assert made(batch) == {converted_name(GOOD[0])}


def test_half_written_file_is_thrown_away(tmp_path, batch):
    (tmp_path / "ready.docx").write_bytes(make_docx(paragraph("报告"))[:300])

    convert_batch(write(tmp_path, GOOD[0]), batch)

    assert made(batch) == set()


def test_office_files_come_converted_and_others_at_once(tmp_path, batch):
    paths = [*write(tmp_path, *GOOD), tmp_path / "a.txt"]
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    portions = [
        (names, made(folder))
        for names, folder in with_conversions([(path.name, path) for path in paths], scratch, workers=1)
    ]

    assert portions == [(["a.txt"], set()), (["0.rtf", "1.rtf", "2.rtf"], {converted_name(one) for one in GOOD})]


def test_without_libreoffice_nothing_is_converted(tmp_path, monkeypatch):
    monkeypatch.setattr("fzsearch.ingest.convert.find_soffice", lambda: None)
    paths = write(tmp_path, *GOOD)

    portions = with_conversions([(path, path) for path in paths], tmp_path, workers=1)

    assert [folder for _, folder in portions] == [tmp_path]


@needs_soffice
def test_libreoffice_converts_a_batch(tmp_path):
    folder = tmp_path / "converted"
    folder.mkdir()

    convert_batch(write(tmp_path, *GOOD), folder)

    assert made(folder) == {converted_name(content) for content in GOOD}
    assert read_document(GOOD[0], "a.rtf", folder).lines == ("一、总体", "调解0起")
    assert soffice.find_soffice()
