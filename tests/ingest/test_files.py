import errno
import os
import sys
from pathlib import Path

import pytest

from fzsearch.errors import CorpusError
from fzsearch.ingest.files import walk


def write(path: Path, text: str = "文") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def paths(corpus: Path) -> list[str]:
    """The files to be read."""
    return [found.path for found in walk(corpus) if found.problem is None]


def refused(corpus: Path) -> dict[str, str]:
    return {found.path: found.problem.reason for found in walk(corpus) if found.problem}


def test_files_come_sorted_with_size_and_time(tmp_path):
    for name in ("b.txt", "a/z.txt", "a.txt", "甲/乙/丙.docx"):
        write(tmp_path / name)
    os.utime(tmp_path / "a.txt", ns=(1, 1_700_000_000_000_000_000))

    found = list(walk(tmp_path))

    assert [one.path for one in found] == ["a.txt", "a/z.txt", "b.txt", "甲/乙/丙.docx"]
    assert (found[0].size_bytes, found[0].mtime_ns) == (3, 1_700_000_000_000_000_000)


def test_own_hidden_and_lock_files_are_skipped(tmp_path):
    for name in (
        ".git/a.txt",
        ".a.txt",
        "~$b.docx",
        "README.md",
        "readme.TXT",
        "Thumbs.db",
        "x/.DS_Store",
        "desktop.ini",
        "__MACOSX/a.txt",
        "$RECYCLE.BIN/a.txt",
        "places.csv",
        "b.docx.toml",
        "b.docx",
        "x/README.md",
    ):
        write(tmp_path / name)

    assert paths(tmp_path) == ["b.docx"]


def test_links_never_lead_out_of_the_corpus(tmp_path):
    corpus = tmp_path / "corpus"
    write(corpus / "m" / "real.txt")
    write(tmp_path / "outside.txt")
    (corpus / "out.txt").symlink_to(tmp_path / "outside.txt")
    (corpus / "up").symlink_to(tmp_path, target_is_directory=True)
    (corpus / "self").symlink_to(corpus, target_is_directory=True)
    (corpus / "broken.txt").symlink_to(corpus / "none.txt")
    (corpus / "a-link.txt").symlink_to(corpus / "m" / "real.txt")

    assert paths(corpus) == ["m/real.txt"]
    told = refused(corpus)
    assert list(told) == ["broken.txt", "out.txt", "up"]
    assert "不存在" in told["broken.txt"]
    assert "语料目录之外" in told["out.txt"]
    assert "语料目录之外" in told["up"]


def test_file_with_two_names_comes_once(tmp_path):
    os.link(write(tmp_path / "a.txt"), tmp_path / "b.txt")

    assert paths(tmp_path) == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_only_regular_files_are_found(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")

    assert paths(tmp_path) == []
    assert "特殊文件" in refused(tmp_path)["pipe.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_name_that_is_not_utf8_is_kept(tmp_path):
    name = os.fsdecode("某镇.txt".encode("gbk"))
    write(tmp_path / name)

    assert paths(tmp_path) == [name]


def test_folder_that_cannot_be_listed_is_told_and_does_not_stop_the_walk(tmp_path, monkeypatch):
    write(tmp_path / "a.txt")
    write(tmp_path / "shut" / "b.txt")
    scandir = os.scandir

    def listed(folder):
        if Path(folder).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", listed)

    assert paths(tmp_path) == ["a.txt"]
    assert refused(tmp_path) == {"shut": "打不开文件夹（没有权限），里面的文件都没有读"}


def test_tables_that_are_no_lists_of_the_corpus_are_told(tmp_path):
    for name in ("places.csv", "x/reports.csv", "统计.csv"):
        write(tmp_path / name)

    assert list(refused(tmp_path)) == ["统计.csv"]


def test_link_as_corpus_is_followed(tmp_path):
    write(tmp_path / "real" / "a.txt")
    (tmp_path / "corpus").symlink_to(tmp_path / "real", target_is_directory=True)

    assert paths(tmp_path / "corpus") == ["a.txt"]


def test_missing_folder_is_told(tmp_path):
    with pytest.raises(CorpusError, match="不存在"):
        paths(tmp_path / "none")


def test_file_as_corpus_is_told(tmp_path):
    with pytest.raises(CorpusError, match="不是文件夹"):
        paths(write(tmp_path / "a.txt"))
