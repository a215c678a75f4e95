"""Whatever bytes a file holds, reading gives a document or a sentence, and the parent lives.

Seeded mutations of good files: bits flipped, cut, spliced, pieces repeated or taken out, lengths overwritten; those of
inner XML are packed again. `FZSEARCH_FUZZ` sets how many of each format the slow test makes.
"""

import io
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest import PlaceList, open_member, read_corrections, run_isolated, sidecars_of, walk
from fzsearch.ingest.extract import office, read_document
from fzsearch.ingest.extract.ole import check_word
from fzsearch.ingest.extract.sniff import sniff
from fzsearch.ingest.sidecar_files import Sidecar
from fzsearch.model import Document, Format
from fzsearch.service.indexing import READ_MEMORY_BYTES
from fzsearch.service.reading import Lists, ReadFile, check_lists, read_for_index
from fzsearch.service.sources import Source
from tests import bad_corpus as files
from tests.ingest.extract.test_docx import OFFICIAL, item, numbering, paragraph
from tests.ingest.extract.test_office import make_odt, needs_soffice

LENGTHS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFF0, 0xFFFFFFFF)
SMALL, LARGE = 40, int(os.environ.get("FZSEARCH_FUZZ", "2000"))
OFFICE_TRIES = 60
ITEM_S = 30.0

DOCX = files.docx(
    1,
    f"{item('总体情况')}<w:tbl><w:tr><w:tc>{paragraph('调解')}</w:tc><w:tc>{paragraph('35起')}</w:tc></w:tr></w:tbl>",
    numbering=numbering(*OFFICIAL),
    styles="<w:style w:styleId='a'/>",
)
TOML = """title = "沙市镇2022年度报告"
year = 2022
place = "500235123"
issued = 2023-01-31
topics = ["枫桥经验"]
""".encode()
CSV = "file,title,year,place,topics\na.txt,沙市镇2022年度报告,2022,500235123,枫桥经验\nb.txt,,2021,,\n".encode(
    "utf-8-sig"
)
ODT = make_odt(f"<text:p>{files.text(1)}</text:p>")
ZIP = files.zipped(("a.txt", files.text(1)), ("某镇/b.docx", DOCX), ("c/d.html", files.page(2)))


def mutated(data: bytes, pick: random.Random) -> bytes:
    """The bytes after one to four accidents."""
    made = bytearray(data)
    for _ in range(pick.choice((1, 1, 1, 2, 4))):
        pick.choice(ACCIDENTS)(made, pick)
    return bytes(made)


def _flip(data: bytearray, pick: random.Random) -> None:
    for _ in range(pick.choice((1, 1, 8, 64)) if data else 0):
        data[pick.randrange(len(data))] ^= 1 << pick.randrange(8)


def _cut(data: bytearray, pick: random.Random) -> None:
    del data[pick.randrange(len(data) + 1) :]


def _take_out(data: bytearray, pick: random.Random) -> None:
    start = pick.randrange(len(data) + 1)
    del data[start : start + pick.choice((1, 2, 16, 512))]


def _repeat(data: bytearray, pick: random.Random) -> None:
    start = pick.randrange(len(data) + 1)
    data[start:start] = data[start : start + pick.choice((1, 8, 100, 1_000))] * pick.choice((1, 2, 50, 300))


def _splice(data: bytearray, pick: random.Random) -> None:
    start, end = (pick.randrange(len(data) + 1) for _ in range(2))
    data[start : start + pick.randrange(1, 200)] = data[end : end + pick.randrange(1, 200)]


def _lengthen(data: bytearray, pick: random.Random) -> None:
    size = pick.choice((1, 2, 4))
    start = pick.randrange(len(data) + 1)
    data[start : start + size] = (pick.choice(LENGTHS) & ((1 << 8 * size) - 1)).to_bytes(
        size, pick.choice(("little", "big"))
    )


def _renumber(data: bytearray, pick: random.Random) -> None:
    """Overwrite a number written in digits, as PDF, RTF and XML have them."""
    numbers = [*re.finditer(rb"\d+", data)]
    if numbers:
        found = pick.choice(numbers)
        data[found.start() : found.end()] = str(pick.choice((-1, *LENGTHS))).encode()


ACCIDENTS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _cut, _take_out, _repeat, _splice, _lengthen, _renumber,
)  # fmt: skip


def repacked(data: bytes, pick: random.Random) -> bytes:
    """A zip file with accidents in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    number = pick.randrange(len(members))
    members[number] = (members[number][0], mutated(members[number][1], pick))
    return files.zipped(*members)


Change = Callable[[bytes, random.Random], bytes]
SEEDS: dict[str, tuple[bytes, Change]] = {
    "utf-8.txt": (files.text(1).encode(), mutated),
    "gbk.txt": (files.text(1).encode("gbk"), mutated),
    "utf-16.txt": (files.text(1).encode("utf-16-le"), mutated),
    "page.html": (files.page(1, "<table><tr><td>索引号：</td><td>1</td></tr></table><!-- x -->"), mutated),
    "raw.docx": (DOCX, mutated),
    "inner.docx": (DOCX, repacked),
    "text.pdf": (files.pdf(1), mutated),
}
GUARDED: dict[str, tuple[bytes, Change]] = {
    "a.doc": (files.DOC, mutated),
    "a.rtf": (files.rtf(1), mutated),
    "raw.odt": (ODT, mutated),
    "inner.odt": (ODT, repacked),
}


def variants(name: str, seed: tuple[bytes, Change], count: int) -> Iterator[tuple[str, bytes]]:
    data, change = seed
    for number in range(count):
        yield name, change(data, random.Random(f"{name} {number}"))


def read_bytes(made: tuple[str, bytes], folder: Path) -> ReadFile:
    """All that a child does with a file."""
    path = folder / f"{os.getpid()}-{made[0]}"
    path.write_bytes(made[1])
    return read_for_index(Source(path, made[0]), Lists())


def guard(made: tuple[str, bytes]) -> Format:
    """What is looked at before LibreOffice is asked."""
    form = sniff(made[1], made[0])
    if form in office.SUFFIXES:
        office.check(made[1], form)
    elif made[0].endswith(".doc"):
        check_word(made[1])
    return form


def convert(made: tuple[str, bytes]) -> Document:
    return read_document(made[1], made[0])


def failures(function: Callable[[tuple[str, bytes]], object], made: Iterator[tuple[str, bytes]]) -> list[str]:
    """What came of it that must not come."""
    check_lists(Lists())
    answers = run_isolated(function, made, workers=2, timeout_s=ITEM_S, memory_bytes=READ_MEMORY_BYTES)
    found = []
    for number, ((name, _), answer) in enumerate(answers):
        if isinstance(answer, ExtractError) and not is_sentence(answer):
            found.append(f"{name} {number}: {answer}")
    return found


def is_sentence(error: ExtractError) -> bool:
    """Whether it is Chinese, with a remedy, and says what is wrong with the file and not with us."""
    unwanted = "读取程序出错|秒仍未完成|意外退出|[A-Za-z]+Error"
    return not re.search(unwanted, error.reason) and all(
        re.search("[\u4e00-\u9fff]", sentence) for sentence in (error.reason, error.remedy)
    )


@pytest.mark.parametrize("name", SEEDS)
@pytest.mark.parametrize("count", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_damaged_files_are_read_or_refused(name, count, tmp_path):
    assert failures(partial(read_bytes, folder=tmp_path), variants(name, SEEDS[name], count)) == []


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("count", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_damaged_office_files_pass_or_are_refused(name, count):
    assert failures(guard, variants(name, GUARDED[name], count)) == []


@needs_soffice
@pytest.mark.slow
@pytest.mark.parametrize("name", GUARDED)
def test_libreoffice_reads_or_refuses_damaged_files(name):
    assert failures(convert, variants(name, GUARDED[name], OFFICE_TRIES)) == []


@pytest.mark.parametrize("change", [mutated, repacked])
@pytest.mark.parametrize("count", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_damaged_archives_are_listed_in_the_parent(change, count, tmp_path):
    for _, data in variants("m.zip", (ZIP, change), count):
        (tmp_path / "m.zip").write_bytes(data)
        found = [*walk(tmp_path)]
        assert found
        for file in found:
            with suppress(ExtractError):
                open_member(tmp_path, file.path)


PLACES = PlaceList.load()


@pytest.mark.parametrize("seed", [TOML, CSV], ids=["toml", "csv"])
@pytest.mark.parametrize("count", [SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_damaged_corrections_give_values_or_sentences(seed, count, tmp_path):
    name = "a.txt.toml" if seed is TOML else "reports.csv"
    for _, data in variants(name, (seed, mutated), count):
        (tmp_path / name).write_bytes(data)
        found = sidecars_of(tmp_path, ["a.txt", "b.txt"])
        corrections = [read_corrections(sidecar, PLACES, ["枫桥经验"]) for sidecar in found.by_file.values()]
        told = [*found.mistakes, *(sentence for one in corrections for sentence in one.mistakes)]
        assert all(re.search("[\u4e00-\u9fff]", sentence) for sentence in told)


@pytest.mark.parametrize("line", ["year = 0x" + "f" * 9_000, "issued = [0x" + "f" * 9_000 + "]", "year = " + "[" * 900])
def test_numbers_and_nesting_without_end_are_told(line):
    (told,) = read_corrections(Sidecar(toml=("a.txt.toml", line.encode())), PLACES, ()).mistakes

    assert "应为" in told
