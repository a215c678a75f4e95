"""From a folder to an index: what is read, what is written, and that the same texts give the same keys."""

import errno
import os
import shutil
import sys
from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import CorpusError
from fzsearch.ingest import scratch_folder
from fzsearch.query import Literal, Query
from fzsearch.service import index_corpus
from fzsearch.service.catalogue import Catalogue
from tests.generate import now

TEXT = """{place}{year}年法治政府建设工作报告

一、主要举措和成效
（一）深化调解。{fact}，全年调处纠纷{count}起。
（二）规范执法。严格按照程序办事。
二、存在的不足和原因
执法力量还不够强。
三、下一年度主要安排
继续抓好调解。
"""


def report(place="示例县云山镇", year=2023, fact="建成调解室", count=35) -> str:
    return TEXT.format(place=place, year=year, fact=fact, count=count)


class Setup:
    """A corpus folder with its index."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self.index = folder / "index"
        self.engine = EmbeddedEngine(self.index, now)

    def write(self, name: str, text: str) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, **options):
        return index_corpus(self.corpus, self.engine, workers=2, **options)

    def keys(self) -> list[str]:
        return [record.key for record in self.engine.reports()]

    def files(self) -> dict[str, list[str]]:
        return {record.key: [file.path for file in record.files] for record in self.engine.reports()}

    def hits(self, norm: str) -> set[str]:
        return {hit.id for hit in self.engine.search(Query(root=Literal(norm), limit=None)).hits}

    def bytes_on_disk(self) -> dict[str, tuple[int, int]]:
        found = (path for path in self.index.rglob("*") if path.is_file())
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


@pytest.fixture
def setup(tmp_path):
    made = Setup(tmp_path)
    yield made
    made.engine.close()


def test_a_new_corpus_is_added(setup):
    setup.write("a.txt", report())
    setup.write("b/c.txt", report(year=2024))

    summary = setup.run()

    assert (summary.reports.added, summary.wrote, summary.unreadable) == (2, True, ())
    assert setup.keys() == ["云山镇-2023", "云山镇-2024"]
    assert summary.sections == setup.engine.info().counts.sections == len(setup.hits(""))


def test_a_second_run_writes_nothing_and_says_so(setup):
    setup.write("a.txt", report())
    setup.run()
    before = setup.bytes_on_disk()

    summary = setup.run()

    assert not summary.wrote
    assert summary.reports.unchanged == 1
    assert setup.bytes_on_disk() == before


def test_a_touched_file_writes_nothing(setup):
    path = setup.write("a.txt", report())
    setup.run()
    before = setup.bytes_on_disk()
    path.touch()
    path.write_bytes(path.read_bytes())

    assert not setup.run().wrote
    assert setup.bytes_on_disk() == before


def test_a_changed_file_replaces_its_report(setup):
    setup.write("a.txt", report(fact="建成调解室"))
    setup.write("b.txt", report(year=2024))
    setup.run()
    setup.write("a.txt", report(fact="建成议事亭"))

    summary = setup.run()

    assert (summary.reports.changed, summary.reports.unchanged, summary.reports.added) == (1, 1, 0)
    assert setup.hits("建成议事亭") == {"云山镇-2023/s1.1"}
    assert setup.hits("建成调解室") == {"云山镇-2024/s1.1"}


def test_a_deleted_file_leaves_the_index(setup):
    setup.write("a.txt", report())
    setup.write("b.txt", report(year=2024)).unlink()
    other = setup.write("b.txt", report(year=2024))
    setup.run()
    other.unlink()

    summary = setup.run()

    assert (summary.reports.removed, summary.reports.unchanged) == (1, 1)
    assert setup.keys() == ["云山镇-2023"]
    assert not any("2024" in section_id for section_id in setup.hits(""))


def test_a_renamed_file_stays_the_same_report(setup):
    path = setup.write("a.txt", report())
    setup.run()
    version = setup.hits("")
    path.rename(setup.corpus / "改名.txt")

    summary = setup.run()

    assert (summary.reports.unchanged, summary.reports.added, summary.reports.removed) == (1, 0, 0)
    assert setup.files() == {"云山镇-2023": ["改名.txt"]}
    assert setup.hits("") == version


def test_the_same_text_twice_is_one_report_with_two_files(setup):
    setup.write("a.txt", report())
    setup.run()
    setup.write("copy/b.txt", report().replace("\n", "\r\n") + "\n\n")

    summary = setup.run()

    assert summary.reports.unchanged == 1
    assert setup.files() == {"云山镇-2023": ["a.txt", "copy/b.txt"]}
    (setup.corpus / "a.txt").unlink()
    setup.run()
    assert setup.files() == {"云山镇-2023": ["copy/b.txt"]}


def test_two_texts_of_one_place_and_year_get_keys_by_their_texts(setup):
    setup.write("a.txt", report())
    setup.run()
    setup.write("b.txt", report(fact="另一份报告"))
    setup.run()
    both = setup.keys()

    assert len(both) == 2
    assert all(key.startswith("云山镇-2023~") for key in both)
    (setup.corpus / "b.txt").unlink()
    setup.run()
    assert setup.keys() == ["云山镇-2023"]


def test_keys_and_version_do_not_depend_on_order_or_history(setup, tmp_path):
    names = ["z.txt", "m/k.txt", "a.txt"]
    for number, name in enumerate(names):
        setup.write(name, report(fact=f"第{number}件事", year=2022 + number // 2))
        setup.run()
    grown = (setup.keys(), setup.engine.info().version)
    at_once = EmbeddedEngine(tmp_path / "other", now)
    index_corpus(setup.corpus, at_once, workers=1)

    assert ([record.key for record in at_once.reports()], at_once.info().version) == grown


def test_unreadable_files_are_listed_with_reason_and_remedy_and_the_rest_is_indexed(setup):
    setup.write("good.txt", report())
    (setup.corpus / "bad.docx").write_bytes(b"PK\x03\x04 broken")
    (setup.corpus / "empty.txt").write_bytes(b"")

    summary = setup.run()

    assert summary.reports.added == 1
    assert [file.path for file in summary.unreadable] == ["bad.docx", "empty.txt"]
    assert all(file.reason and file.remedy for file in summary.unreadable)
    again = setup.run()
    assert not again.wrote
    assert [file.path for file in again.unreadable] == ["bad.docx", "empty.txt"]


def test_a_repaired_file_is_read(setup):
    setup.write("good.txt", report())
    bad = setup.write("a.txt", "")
    setup.run()
    bad.write_text(report(year=2024), encoding="utf-8")

    summary = setup.run()

    assert summary.unreadable == ()
    assert setup.keys() == ["云山镇-2023", "云山镇-2024"]


def test_a_changed_list_reads_everything_anew(setup):
    setup.write("a.txt", report(place="虚山沟镇"))
    setup.run()
    header = "code,province,city,county,township,note\n"
    setup.write("places.csv", header + "990199101,示例省,云川市,甲县,虚山沟镇,\n")

    summary = setup.run()

    assert summary.rules_changed
    assert setup.keys() == ["990199101-2023"]


def test_a_mistake_in_a_list_is_said_before_anything_is_written(setup):
    setup.write("a.txt", report())
    setup.run()
    setup.write("places.csv", "code,province,city,county,township,note\nabc,示例省,云川市,甲县,云山镇,\n")

    with pytest.raises(CorpusError, match="2"):
        setup.run()
    assert setup.keys() == ["云山镇-2023"]


def test_a_missing_corpus_is_said(setup):
    shutil.rmtree(setup.corpus)

    with pytest.raises(CorpusError):
        setup.run()


def test_an_emptied_corpus_empties_the_index(setup):
    setup.write("a.txt", report()).unlink()
    setup.write("a.txt", report())
    setup.run()
    (setup.corpus / "a.txt").unlink()
    summary = setup.run()

    assert summary.reports.removed == 1
    assert setup.engine.reports() == ()


def test_deleting_the_index_loses_nothing(setup):
    setup.write("a.txt", report())
    setup.run()
    before = (setup.engine.reports(), setup.hits(""))
    setup.engine.close()
    shutil.rmtree(setup.index)
    setup.run()

    assert (setup.engine.reports(), setup.hits("")) == before


def test_progress_counts_files(setup):
    for number in range(3):
        setup.write(f"{number}.txt", report(year=2020 + number))
    seen = []
    setup.run(progress=lambda done, total, _unit: seen.append((done, total)))

    assert seen[-1] == (3, 3)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_file_names_of_any_bytes_are_indexed_and_shown(setup):
    """GBK names from a zip file, line feeds and direction marks; shown without what steers a terminal."""
    names = [b"\xb7\xa8\xd6\xce.txt", b"a\nb.txt", "\u202etxt.镇".encode() + b".txt"]
    for number, name in enumerate(names):
        path = os.fsencode(setup.corpus) + b"/" + name
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - Path refuses bytes
            file.write(report(year=2020 + number))

    assert setup.run().reports.added == len(names)
    assert not setup.run().wrote
    shown = [file.shown for record in setup.engine.reports() for file in record.files]
    assert shown == ["\ufffd\ufffd\ufffd\ufffd.txt", "a\ufffdb.txt", "\ufffdtxt.镇.txt"]


def test_the_catalogue_survives_its_own_form(setup):
    setup.write("a.txt", report())
    setup.write("b.txt", "")
    setup.run()
    catalogue = Catalogue.from_json(setup.engine.state())

    assert Catalogue.from_json(catalogue.to_json()) == catalogue
    assert [file.path for file in catalogue.files] == ["a.txt", "b.txt"]


def test_file_that_could_not_be_opened_is_tried_again_although_it_did_not_change(setup, monkeypatch):
    path = setup.write("a.txt", report())
    opened = Path.open

    def shut(self, *options, **more):
        if self == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(self, *options, **more)

    monkeypatch.setattr(Path, "open", shut)
    (record,) = setup.run().unreadable
    monkeypatch.undo()

    assert record.reason == "打不开文件（没有权限）"
    assert setup.run().unreadable == ()
    assert setup.keys() == ["云山镇-2023"]


def test_text_of_nothing_but_headings_is_refused(setup):
    setup.write("a.txt", "一、举措\n" + "（一）调解。\n" * 6_000)

    (record,) = setup.run().unreadable

    assert "不像一份报告" in record.reason


def test_what_a_killed_run_left_behind_is_cleared_and_what_a_living_one_uses_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "fzsearch-run-dead").mkdir()
    (tmp_path / "fzsearch-run-dead" / "made.docx").write_bytes(b"x")
    (tmp_path / "fzsearch-run-dead.lock").touch()

    with scratch_folder() as living:
        assert sorted(path.name for path in tmp_path.iterdir()) == [living.name, f"{living.name}.lock"]
        with scratch_folder() as other:
            assert living.is_dir()
            assert other.is_dir()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders")
def test_another_reason_is_written(setup):
    path = setup.corpus / "a.txt"
    os.mkfifo(path)
    setup.run()
    path.unlink()
    path.symlink_to("none.txt")

    assert setup.run().wrote
    (record,) = Catalogue.from_json(setup.engine.state()).unreadable()
    assert "不存在" in (record.reason or "")
    path.unlink()
    path.write_text(report(), encoding="utf-8")
    assert setup.run().unreadable == ()
