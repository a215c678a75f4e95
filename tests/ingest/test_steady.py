"""Files that change while they are read: what is read is one state of them, with its own size and time, or nothing."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import ExtractError
from fzsearch.ingest.bundle import Content, file_content, steadily
from fzsearch.ingest.files import walk
from fzsearch.service import index_corpus
from fzsearch.service.catalogue import Catalogue
from fzsearch.service.indexing import _Run
from tests.generate import now
from tests.service.test_indexing import report


def reader(path: Path, *states: bytes) -> Callable[[], Content]:
    """Reads a file, and after each reading puts the next state in its place."""
    left = list(states)

    def read() -> Content:
        status, data = path.stat(), path.read_bytes()
        if left:
            path.write_bytes(left.pop(0))
            os.utime(path, ns=(0, status.st_mtime_ns + 5_000_000))
        return Content(data, status.st_size, status.st_mtime_ns)

    return read


def test_a_file_that_changed_meanwhile_is_read_again(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"half")

    content = steadily(path, reader(path, b"whole"))

    assert (content.data, content.size_bytes, content.mtime_ns) == (b"whole", 5, path.stat().st_mtime_ns)


def test_a_change_of_the_time_alone_counts(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"one")

    assert steadily(path, reader(path, b"two")).data == b"two"


def test_a_file_that_changes_every_time_is_listed_with_the_remedy(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"0")

    with pytest.raises(ExtractError, match="正在被修改.*再运行 fzsearch index") as caught:
        steadily(path, reader(path, b"1", b"22", b"333", b"4444"))
    assert caught.value.is_passing


def test_a_failure_counts_only_of_a_file_that_stayed_the_same(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"half")
    read = reader(path, b"whole")

    def failing() -> Content:
        if (content := read()).data == b"half":
            raise ExtractError("损坏", "重新下载")
        return content

    assert steadily(path, failing).data == b"whole"
    path.write_bytes(b"half")
    with pytest.raises(ExtractError, match="损坏"):
        steadily(path, failing)


def test_a_member_has_the_size_and_time_that_the_walk_gives_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr("a.txt", "报告")
    (found,) = walk(tmp_path)

    content = file_content(tmp_path / "m.zip!" / "a.txt")

    assert (content.size_bytes, content.mtime_ns) == (found.size_bytes, found.mtime_ns)


WRITER = """
import sys
texts = [report.encode() for report in sys.argv[2:]]
print("ready", flush=True)
while True:
    for text in texts:
        with open(sys.argv[1], "r+b") as file:
            for start in range(0, len(text), 1000):
                file.write(text[start : start + 1000])
                file.flush()
            file.truncate()
"""


def test_a_file_that_another_program_rewrites_is_never_indexed_half(tmp_path):
    """A real writer; whichever state is met, record and text belong together, and the end is right."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    states = [report(fact=fact * 3_000) for fact in ("甲", "乙乙")]
    path = corpus / "a.txt"
    path.write_text(states[0], encoding="utf-8")
    engine = EmbeddedEngine(tmp_path / "index", now)
    whole = {hashlib.sha256(text.encode()).hexdigest(): len(text.encode()) for text in states}
    seen = set()
    command = [sys.executable, "-c", WRITER, str(path), *states]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        try:
            for _ in range(12):
                index_corpus(corpus, engine, workers=1)
                (record,) = Catalogue.from_json(engine.state()).files
                seen.add((record.reason, whole.get(record.sha256) == record.size_bytes))
        finally:
            writer.kill()
    path.write_text(states[1], encoding="utf-8")

    assert ("文件正在被修改", False) in seen
    assert seen <= {("文件正在被修改", False), ("文件正在被修改", True), (None, True)}
    assert index_corpus(corpus, engine, workers=1).unreadable == ()
    assert engine.info().counts.reports == 1
    engine.close()


def test_the_record_describes_the_bytes_that_were_read(tmp_path, monkeypatch):
    """The file changes after the walk and before it is read; the next run has nothing to do."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    path = corpus / "a.txt"
    path.write_text(report(), encoding="utf-8")
    engine = EmbeddedEngine(tmp_path / "index", now)
    original = _Run._read_files

    def late(self, records):
        if records:
            path.write_text(report(fact="建成议事亭，这一句更长"), encoding="utf-8")
        return original(self, records)

    monkeypatch.setattr(_Run, "_read_files", late)
    index_corpus(corpus, engine, workers=1)
    monkeypatch.undo()

    (record,) = Catalogue.from_json(engine.state()).files
    status = path.stat()
    assert (record.size_bytes, record.mtime_ns) == (status.st_size, status.st_mtime_ns)
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not index_corpus(corpus, engine, workers=1).wrote
    engine.close()


def test_a_report_whose_file_vanishes_before_it_is_written_anew_is_listed(tmp_path, monkeypatch):
    """A second text of the place and year changes the key of the first: its file is read again, but is gone."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    path = corpus / "a.txt"
    path.write_text(report(), encoding="utf-8")
    engine = EmbeddedEngine(tmp_path / "index", now)
    index_corpus(corpus, engine, workers=1)
    (corpus / "b.txt").write_text(report(fact="另一份报告"), encoding="utf-8")
    original = _Run.read_again

    def late(self, plan):
        path.unlink(missing_ok=True)
        return original(self, plan)

    monkeypatch.setattr(_Run, "read_again", late)
    summary = index_corpus(corpus, engine, workers=1)

    assert [(file.path, file.is_passing) for file in summary.unreadable] == [("a.txt", True)]
    assert [record.key for record in engine.reports()] == ["云山镇-2023"]
    engine.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_could_not_be_opened_is_tried_again_although_it_is_the_same(tmp_path):
    path = tmp_path / "corpus" / "a.txt"
    path.parent.mkdir()
    path.write_text(report(), encoding="utf-8")
    path.chmod(0)
    engine = EmbeddedEngine(tmp_path / "index", now)
    assert index_corpus(path.parent, engine, workers=1).unreadable
    path.chmod(0o600)

    assert index_corpus(path.parent, engine, workers=1).unreadable == ()
    engine.close()
