"""`fzsearch index --watch`: what is picked up, when, in how many commits, and what does not end it.

Real processes; they are asked until they are right, with a deadline for a slow and shared machine.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fzsearch.config import load_settings
from fzsearch.engine import EmbeddedEngine, generation
from fzsearch.query import Literal, Query
from fzsearch.service import SearchService, index_corpus
from fzsearch.service.watching import LIMIT_S, PATIENCE_S, SETTLE_S, Changes
from fzsearch.web import create_app
from tests.conftest import ROOT
from tests.generate import now
from tests.service.test_full_disk import small_disk
from tests.service.test_indexing import Setup, report

DEADLINE_S = 120.0
COMMIT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d 新增 (\d+)、变更 (\d+)、移除 (\d+) 份报告", re.MULTILINE)


# ---- what has come to rest


def test_a_file_is_left_alone_until_it_rests():
    changes = Changes({"a": (1, 1)})

    assert not changes.look({"a": (1, 1)}, 0)
    assert not changes.look({"a": (1, 1), "b": (5, 2)}, 1)
    assert not changes.look({"a": (1, 1), "b": (9, 3)}, 1 + SETTLE_S)
    assert changes.look({"a": (1, 1), "b": (9, 3)}, 1 + 2 * SETTLE_S)
    changes.done()
    assert not changes.look({"a": (1, 1), "b": (9, 3)}, 100)


def test_files_that_rest_wait_for_a_busy_one_but_not_for_long():
    changes = Changes({"log": (1, 1)})
    changes.look({"log": (2, 2), "new": (1, 1)}, 0)

    assert not changes.look({"log": (3, 3), "new": (1, 1)}, SETTLE_S)
    assert changes.look({"log": (4, 4), "new": (1, 1)}, PATIENCE_S)
    assert changes.busy == {"log"}
    changes.done()
    assert not changes.look({"log": (5, 5), "new": (1, 1)}, PATIENCE_S + 1)
    assert changes.look({"log": (5, 5), "new": (1, 1)}, PATIENCE_S + 1 + SETTLE_S)


def test_a_file_that_never_rests_is_read_in_the_end():
    changes = Changes({})

    assert not changes.look({"log": (0, 0)}, 0)
    assert not changes.look({"log": (1, 0)}, LIMIT_S - 1)
    assert changes.look({"log": (2, 0)}, LIMIT_S)
    assert changes.busy == frozenset()


def test_deletions_rest_too_and_what_was_taken_back_is_no_change():
    changes = Changes({"a": (1, 1), "b": (1, 1)})
    changes.look({}, 0)

    assert not changes.look({"b": (1, 1)}, 1)
    assert not changes.look({"a": (1, 1), "b": (1, 1)}, 9)
    assert not changes.look({"b": (1, 1)}, 10)
    assert changes.look({"b": (1, 1)}, 10 + SETTLE_S)


def test_busy_files_stay_as_the_index_has_them(tmp_path):
    setup = Setup(tmp_path)
    setup.write("a.txt", report())
    setup.write("b.txt", report(year=2021))
    zipped(setup.corpus / "m.zip", "c.txt", report(year=2022))
    setup.run()
    setup.write("a.txt", report(fact="写到一半")[:60])
    setup.write("b.txt", report(year=2021, fact="建成议事亭"))
    setup.write("new.txt", report(year=2024)[:60])
    (setup.corpus / "m.zip").write_bytes(b"PK")

    summary = setup.run(busy={"a.txt", "new.txt", "m.zip"})

    assert (summary.reports.changed, summary.reports.unchanged, summary.unreadable) == (1, 2, ())
    assert setup.hits("建成议事亭") == {"云山镇-2021/s1.1"}
    assert setup.run().reports.added == 1
    setup.engine.close()


# ---- the command


class Watch:
    """A running `fzsearch index --watch`, and a reader of its index that was there before."""

    def __init__(self, folder: Path, index: Path) -> None:
        self.setup = Setup(folder)
        self.setup.engine = self.engine = EmbeddedEngine(index, now)
        self.corpus, self.index, self._out, self._err = self.setup.corpus, index, folder / "out", folder / "err"
        for year in (2021, 2022):
            self.setup.write(f"{year}.txt", report(year=year))

    def start(self) -> None:
        command = [sys.executable, "-m", "fzsearch", "index", str(self.corpus), "--index", str(self.index), "--watch"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        self.until(lambda: "索引已更新" in self.out)

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text(encoding="utf-8")

    def commits(self) -> list[tuple[str, ...]]:
        return COMMIT.findall(self.out)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline, f"{self.out}\n{self.err}"
            assert self.process.poll() is None, f"{self.out}\n{self.err}"
            time.sleep(0.1)

    def finds(self, norm: str) -> set[str]:
        hits = self.engine.search(Query(root=Literal(norm), limit=None)).hits
        return {hit.id.split("/")[0] for hit in hits}

    def end(self, sent: signal.Signals) -> int:
        self.process.send_signal(sent)
        return self.process.wait(DEADLINE_S)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    made = Watch(tmp_path, tmp_path / "index")
    made.start()
    yield made
    made.process.kill()
    made.process.wait()
    made.engine.close()


def zipped(path: Path, member: str, text: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, text)


def test_all_that_changes_is_picked_up_and_a_running_site_shows_it(watch):
    client = create_app(SearchService(watch.engine), load_settings({})).test_client()

    def page(address: str) -> str:
        return client.get(address).text

    assert "云山镇-2023" not in page("/search?q=建成议事亭")
    watch.setup.write("新/2023.txt", report(year=2023, fact="建成议事亭"))
    watch.until(lambda: watch.finds("建成议事亭") == {"云山镇-2023"})
    assert "云山镇-2023" in page("/search?q=建成议事亭")
    watch.setup.write("2022.txt", report(year=2022, fact="设立老娘舅工作室"))
    (watch.corpus / "2021.txt").unlink()
    watch.until(lambda: watch.finds("老娘舅") == {"云山镇-2022"} and not watch.finds("2021"))
    assert client.get("/r/云山镇-2021").status_code == 404
    zipped(watch.corpus / "报告.zip", "a.txt", report(place="虚山沟镇", fact="压缩包里的事"))
    watch.until(lambda: watch.finds("压缩包里的事") == {"虚山沟镇-2023"})
    watch.setup.write("2022.txt.toml", "year = 2018")
    watch.setup.write("新/reports.csv", "file,signer\n2023.txt,张三\n没有.txt,李四\n")
    watch.until(lambda: watch.finds("老娘舅") == {"云山镇-2018"})
    watch.until(lambda: "没有“没有.txt”" in page("/unreadable"))
    header = "code,province,city,county,township,note\n"
    watch.setup.write("places.csv", header + "990199101,示例省,云川市,甲县,虚山沟镇,\n")
    watch.until(lambda: watch.finds("压缩包里的事") == {"990199101-2023"})
    watch.setup.write("places.csv", header + "abc,示例省,云川市,甲县,虚山沟镇,\n")
    watch.until(lambda: "places.csv 第 2 行" in page("/unreadable"))
    assert str(watch.corpus) not in page("/unreadable")
    watch.until(lambda: "places.csv 第 2 行" in watch.err)
    watch.setup.write("places.csv", header + "990199101,示例省,云川市,甲县,虚山沟镇,\n")
    watch.until(lambda: "places.csv 第 2 行" not in page("/unreadable"))
    assert watch.end(signal.SIGTERM) == 0


def test_a_burst_is_one_commit(watch):
    for number in range(500):
        watch.setup.write(f"{number % 7}/{number}.txt", report(place=f"云{number}镇", year=2020))
    watch.until(watch.commits)

    assert watch.commits() == [("500", "0", "0")]
    assert watch.engine.info().counts.reports == 502


def test_a_corpus_that_is_away_for_a_while_loses_nothing(watch):
    away = watch.corpus.rename(watch.corpus.with_name("away"))
    watch.until(lambda: "语料目录不存在" in watch.err)
    watch.corpus.mkdir()  # as an unmounted share looks
    watch.until(lambda: "一个文件也没有了" in watch.err)
    watch.corpus.rmdir()
    away.rename(watch.corpus)
    watch.setup.write("new.txt", report(year=2024))
    watch.until(watch.commits)

    assert watch.commits() == [("1", "0", "0")]
    assert len(watch.setup.keys()) == 3


def test_another_writer_is_waited_for(watch):
    with generation.writing(watch.index):
        watch.setup.write("new.txt", report(year=2024))
        watch.until(lambda: "另一个 fzsearch index 正在写" in watch.err)
        assert not watch.commits()
    watch.until(watch.commits)

    assert watch.err.count("另一个 fzsearch index") == 1
    assert "云山镇-2024" in set(watch.setup.keys())


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_cleanly(tmp_path, sent):
    made = Watch(tmp_path, tmp_path / "index")
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores Ctrl-C
    try:
        made.start()
    finally:
        signal.signal(signal.SIGINT, ignored)

    assert made.end(sent) == 0
    assert "Traceback" not in made.err
    assert "已停止" in made.err
    assert index_corpus(made.corpus, made.engine, workers=1).wrote is False
    made.engine.close()


def test_a_full_disk_is_said_once_and_tried_again(tmp_path):
    with small_disk(tmp_path / "disk", "2m") as disk:
        made = Watch(tmp_path, disk / "index")
        made.start()
        (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free))
        made.setup.write("new.txt", report(year=2024))
        made.until(lambda: "磁盘已满" in made.err)
        assert made.setup.keys() == ["云山镇-2021", "云山镇-2022"]
        (disk / "filler").unlink()
        made.until(made.commits)
        assert made.setup.keys() == ["云山镇-2021", "云山镇-2022", "云山镇-2024"]
        assert made.err.count("磁盘已满") == 1
        assert made.end(signal.SIGTERM) == 0
        made.engine.close()
