"""Promise 5: no file is lost in silence, no file can stop the run."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from fzsearch.config import load_settings
from fzsearch.engine import EmbeddedEngine
from fzsearch.ingest import walk
from fzsearch.model import Format, shown_path
from fzsearch.query import Literal, Query
from fzsearch.service import SearchService
from fzsearch.web import create_app
from tests import bad_corpus
from tests.bad_corpus import EITHER, FILES, HARD_LINK, SPECIAL, docx, number_of, page, pdf, text, write_bad
from tests.conftest import ROOT
from tests.generate import now

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pipes, links and such names, and /proc")

GOOD = {"好/a.txt": text(1).encode("gb18030"), "好/b.docx": docx(2), "好/c.html": page(3), "d.pdf": pdf(4)}
ITEM_S, PARENT_MB = 30, 500
COMMAND = """
import pathlib, re, runpy, sys
from fzsearch.service import indexing
indexing.READ_TIMEOUT_S = float(sys.argv.pop(1))
try:
    runpy.run_module("fzsearch", run_name="__main__", alter_sys=True)
finally:
    # Not ru_maxrss: that begins with what the process held that started this one.
    status = pathlib.Path("/proc/self/status").read_text()
    print("PEAK", int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024, file=sys.stderr)
"""


class Outcome:
    """What a fresh `fzsearch index --json` made of the folder."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.corpus.mkdir()
        write_bad(self.corpus)
        for name, content in GOOD.items():
            (self.corpus / name).parent.mkdir(exist_ok=True)
            (self.corpus / name).write_bytes(content)
        self.first, self.peak_mb = self.run()
        self.engine = EmbeddedEngine(self.index, now)
        self.read = {f.path: f.format for record in self.engine.reports() for f in record.files}
        self.refused = {entry["file"]: entry for entry in self.first["unreadable"]}

    def run(self):
        command = [sys.executable, "-c", COMMAND, str(ITEM_S), "index", str(self.corpus), "--index", str(self.index)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run([*command, "--json"], capture_output=True, env=environment, timeout=600, check=True)
        return json.loads(done.stdout), int(done.stderr.split()[-1])

    def hits(self, number: int) -> int:
        return len(self.engine.search(Query(root=Literal(f"第{number}号"), limit=None)).hits)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    made = Outcome(tmp_path_factory.mktemp("bad"))
    yield made
    made.engine.close()


def test_the_folder_is_bad_enough():
    assert len(FILES) + len(SPECIAL) >= 40


@pytest.mark.parametrize("path", FILES, ids=[ascii(path)[:40] for path in FILES])
def test_each_is_refused_with_reason_or_read_rightly(outcome, path):
    expected = FILES[path][1]
    if isinstance(expected, Format):
        assert outcome.read.get(path) == expected, outcome.refused.get(shown_path(path))
        assert outcome.hits(number_of(path)) == 1
    elif expected is not EITHER:
        assert path not in outcome.read
        assert expected in outcome.refused[shown_path(path)]["reason"]


@pytest.mark.parametrize("path", SPECIAL)
def test_what_is_no_file_of_bytes_is_told(outcome, path):
    assert SPECIAL[path] in outcome.refused[path]["reason"]


def test_reasons_and_remedies_are_chinese_sentences(outcome):
    for entry in outcome.refused.values():
        for sentence in (entry["reason"], entry["remedy"]):
            assert re.match("[\u4e00-\u9fff]|PDF|Word|LibreOffice|RTF", sentence), entry
            assert not re.search(r"[A-Za-z]+(?:Error|Exception|Warning)|Errno|[a-z]+ [a-z]+", sentence), entry
            assert not sentence.endswith("。")


def test_every_file_is_accounted_for(outcome):
    walked = [file.path for file in walk(outcome.corpus)]
    told = [*map(shown_path, outcome.read), *outcome.refused]
    on_disk = {
        (Path(folder) / name).relative_to(outcome.corpus).as_posix()
        for folder, folders, names in os.walk(outcome.corpus)
        for name in [*names, *(name for name in folders if (Path(folder) / name).is_symlink())]
    }

    assert Counter(map(shown_path, walked)) == Counter(told)
    assert on_disk - {path.split("!/")[0] for path in walked} == {HARD_LINK}


def test_good_files_are_indexed_and_found(outcome):
    assert {path: form for path, form in outcome.read.items() if path in GOOD} == {
        "好/a.txt": Format.TXT,
        "好/b.docx": Format.DOCX,
        "好/c.html": Format.HTML,
        "d.pdf": Format.PDF,
    }
    assert [outcome.hits(number) for number in range(1, 5)] == [1] * 4


def test_no_item_takes_long_and_the_parent_stays_small(outcome):
    assert [entry for entry in outcome.refused.values() if "秒仍未完成" in entry["reason"]] == []
    assert outcome.peak_mb < PARENT_MB


def test_second_run_changes_nothing(outcome):
    before = {path: path.stat().st_mtime_ns for path in outcome.index.rglob("*") if path.is_file()}

    again, _ = outcome.run()

    assert again["reports"] == {**outcome.first["reports"], "added": 0, "unchanged": outcome.first["reports"]["added"]}
    assert again["unreadable"] == outcome.first["unreadable"]
    assert {path: path.stat().st_mtime_ns for path in outcome.index.rglob("*") if path.is_file()} == before


def test_doctor_and_page_list_them(outcome):
    command = [
        sys.executable,
        "-m",
        "fzsearch",
        "doctor",
        "--index",
        str(outcome.index),
        "--corpus",
        str(outcome.corpus),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    shown = subprocess.run([*command, "--json"], capture_output=True, env=environment, timeout=120, check=False)
    app = create_app(SearchService(outcome.engine), load_settings({}, index=outcome.index, corpus=outcome.corpus))
    listed = app.test_client().get("/unreadable").text

    diagnosis = json.loads(shown.stdout)
    assert {entry["file"] for entry in diagnosis["unreadable"]} == set(outcome.refused)
    assert not any(diagnosis["drift"][kind] for kind in ("new", "changed", "deleted"))
    assert all(bad_corpus.shown(path) in listed for path in outcome.refused)
