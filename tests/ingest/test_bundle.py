"""Zip archives of reports: addresses of members, names in GBK, and what an archive must not do."""

import io
import os
import struct
import sys
import tempfile
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.errors import ExtractError
from fzsearch.ingest.bundle import bundle_members, file_bytes, file_sha256, open_member
from fzsearch.ingest.files import walk
from tests.ingest.extract.test_docx import make_docx, paragraph

TEXT = "某镇坚持依法行政，全年开展普法活动12场次。".encode()


def zipped(*members: tuple[str, bytes], path: Path | None = None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # two members of one name
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 12, 8, 30, 2)), content, zipfile.ZIP_DEFLATED)
    if path:
        path.write_bytes(written.getvalue())
    return written.getvalue()


def paths(corpus: Path) -> list[str]:
    return [found.path for found in walk(corpus) if found.problem is None]


def test_members_stand_in_the_place_of_their_archive(tmp_path):
    zipped(("云山镇/a.txt", TEXT), ("b.docx", b"x"), path=tmp_path / "m.ZIP")
    (tmp_path / "z.txt").write_bytes(TEXT)

    found = {one.path: one for one in walk(tmp_path)}

    assert list(found) == ["m.ZIP!/b.docx", "m.ZIP!/云山镇/a.txt", "z.txt"]
    assert found["m.ZIP!/云山镇/a.txt"].size_bytes == len(TEXT)
    assert open_member(tmp_path, "m.ZIP!/云山镇/a.txt") == TEXT
    assert open_member(tmp_path, "z.txt") == TEXT


def test_time_of_a_member_changes_with_its_content_only(tmp_path):
    (first,) = times(tmp_path, ("a.txt", TEXT))

    assert times(tmp_path, ("a.txt", TEXT), ("b.txt", b"y"))[0] == first
    assert times(tmp_path, ("a.txt", TEXT.replace(b"12", b"21"))) != [first]


def times(folder: Path, *members: tuple[str, bytes]) -> list[int]:
    path = folder / "m.zip"
    zipped(*members, path=path)
    return [member.mtime_ns for member in bundle_members(path) or ()]


def test_skipped_names_are_skipped_in_archives_too(tmp_path):
    members = [(name, TEXT) for name in (".a.txt", "x/~$a.docx", "__MACOSX/a.txt", "README.md", "a.txt", "d/")]
    zipped(*members, path=tmp_path / "m.zip")

    assert paths(tmp_path) == ["m.zip!/a.txt"]


def without_flag(data: bytes, name: str, encoding: str) -> bytes:
    """The archive with a member's name in another encoding, as Chinese programs write it; both are as long."""
    placeholder = b"N" * len(name.encode(encoding))
    assert placeholder in data
    return data.replace(placeholder, name.encode(encoding))


@pytest.mark.parametrize(
    ("name", "encoding"), [("某镇报告.txt", "gbk"), ("联通.txt", "gbk"), ("某镇报告.txt", "utf-8")]
)
def test_names_without_flag_are_decoded(tmp_path, name, encoding):
    data = zipped(("N" * len(name.encode(encoding)), TEXT))
    (tmp_path / "m.zip").write_bytes(without_flag(data, name, encoding))

    assert paths(tmp_path) == [f"m.zip!/{name}"]
    assert open_member(tmp_path, f"m.zip!/{name}") == TEXT


def test_names_that_lead_elsewhere_are_labels(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    names = ("../../out.txt", "/etc/out.txt", "C:\\out.txt", "a/../out.txt", "nul\0l.txt", "行\n尾.txt")
    zipped(*((name, TEXT) for name in names), path=corpus / "m.zip")

    found = paths(corpus)

    assert len(found) == len(names)
    assert all(open_member(corpus, path) == TEXT for path in found)
    assert not any(step == ".." for path in found for step in path.split("/"))
    assert [path.name for path in tmp_path.rglob("*")] == ["corpus", "m.zip"]


def test_two_members_of_one_name_are_both_there(tmp_path):
    zipped(("a.txt", b"one"), ("a.txt", b"two"), path=tmp_path / "m.zip")

    assert [open_member(tmp_path, path) for path in paths(tmp_path)] == [b"one", b"two"]


def refusal(corpus: Path, path: str) -> str:
    with pytest.raises(ExtractError) as caught:
        open_member(corpus, path)
    assert caught.value.remedy
    return caught.value.reason


def test_locked_members_are_refused_one_by_one(tmp_path):
    data = bytearray(zipped(("a.txt", TEXT), ("b.txt", TEXT)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.index(mark) + offset, 1)
    (tmp_path / "m.zip").write_bytes(data)

    assert paths(tmp_path) == ["m.zip!/a.txt", "m.zip!/b.txt"]
    assert "加密" in refusal(tmp_path, "m.zip!/a.txt")
    assert file_sha256(tmp_path / "m.zip!" / "a.txt") == ""
    assert open_member(tmp_path, "m.zip!/b.txt") == TEXT


def test_members_that_cannot_be_read_say_why(tmp_path):
    inner = zipped(("a.txt", TEXT))
    data = bytearray(zipped(("in.zip", inner), ("bomb.txt", bytes(5 << 20)), ("bad.txt", TEXT)))
    data[data.index(b"bad.txt") + len("bad.txt") + 4] ^= 0xFF
    (tmp_path / "m.zip").write_bytes(data)

    assert "压缩包里的压缩包" in refusal(tmp_path, "m.zip!/in.zip")
    assert "大得不正常" in refusal(tmp_path, "m.zip!/bomb.txt")
    assert "损坏" in refusal(tmp_path, "m.zip!/bad.txt")
    assert "没有这个文件" in refusal(tmp_path, "m.zip!/none.txt")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(("a.txt", TEXT))[:40], "损坏"),
        (zipped(), "没有文件"),
        (zipped(*((f"{n}.txt", b"") for n in range(2_001))), "太多"),
        (zipped(*((f"{n}.txt", b"") for n in range(5_001))), "太多"),
        (b"", "损坏"),
        (b"text", "损坏"),
    ],
    ids=["cut", "empty", "many", "very many", "nothing", "no zip"],
)
def test_archive_that_cannot_be_listed_comes_itself(tmp_path, data, reason):
    (tmp_path / "m.zip").write_bytes(data)

    assert paths(tmp_path) == ["m.zip"]
    assert reason in refusal(tmp_path, "m.zip")


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    data = bytearray(zipped(("a.txt", TEXT * 50), ("b.txt", b"")))
    for mark in (data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")):
        struct.pack_into("<L", data, mark + 20, len(data) - 10)
    (tmp_path / "m.zip").write_bytes(data)

    assert "不正常" in refusal(tmp_path, "m.zip")


def test_word_file_named_zip_is_a_file(tmp_path):
    (tmp_path / "m.zip").write_bytes(make_docx(paragraph("报告")))

    assert paths(tmp_path) == ["m.zip"]
    assert open_member(tmp_path, "m.zip")


def test_archive_itself_names_its_members(tmp_path):
    zipped(("a.txt", TEXT), path=tmp_path / "m.zip")

    with pytest.raises(ExtractError, match="1 个文件") as caught:
        file_bytes(tmp_path / "m.zip")
    assert "m.zip!/a.txt" in caught.value.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_devices_and_pipes_are_never_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")

    for path in (tmp_path / "pipe.txt", Path("/dev/zero")):
        with pytest.raises(ExtractError, match="不是普通文件"):
            file_bytes(path)


def test_paths_out_of_the_corpus_are_refused(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    zipped(("a.txt", TEXT), path=tmp_path / "m.zip")

    assert "不在语料目录" in refusal(corpus, "../m.zip!/a.txt")
    assert "不在语料目录" in refusal(corpus, "../m.zip")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_to_an_archive_outside_is_not_followed(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    zipped(("a.txt", TEXT), path=tmp_path / "m.zip")
    (corpus / "m.zip").symlink_to(tmp_path / "m.zip")

    assert ["语料目录之外" in found.problem.reason for found in walk(corpus) if found.problem] == [True]
    assert "不在语料目录" in refusal(corpus, "m.zip!/a.txt")


def test_folder_that_looks_like_an_archive_is_a_folder(tmp_path):
    zipped(("a.txt", b"member"), path=tmp_path / "m.zip")
    (tmp_path / "m.zip!").mkdir()
    (tmp_path / "m.zip!" / "a.txt").write_bytes(TEXT)

    assert open_member(tmp_path, "m.zip!/a.txt") == TEXT


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_damaged_archive_is_listed_or_refused(position, written):
    data = zipped(("a.txt", TEXT), ("甲/b.txt", TEXT))
    position %= len(data)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "m.zip")
        path.write_bytes(data[:position] + written + data[position + len(written) :])
        for found in paths(Path(folder)):
            with suppress(ExtractError):
                open_member(Path(folder), found)
