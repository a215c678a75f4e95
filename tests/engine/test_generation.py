"""The life of an index: atomic switches, one writer, kills at any moment, foreign and damaged folders."""

import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine, generation
from fzsearch.errors import ConfigError, EngineError, IndexLockedError, IndexMissingError, IndexOutdatedError
from fzsearch.query import Literal, Query
from tests.engine.writer_child import REPORTS, STATES
from tests.generate import make_sections, now
from tests.oracle import Oracle

ROOT = Path(__file__).parents[2]
SECTIONS = make_sections(5, reports=6)


@pytest.fixture
def engine(tmp_path):
    opened = EmbeddedEngine(tmp_path / "index", now)
    opened.replace_all(SECTIONS, "first")
    yield opened
    opened.close()


def test_kill_9_at_50_moments_leaves_the_old_or_the_new_index(tmp_path):
    """Every time the index opens, holds one of the two states whole, and the next writer goes on."""
    oracles = {name: Oracle(make_sections(seed, REPORTS)) for name, seed in STATES.items()}
    rng = random.Random(20261120)
    seen = set()
    index = tmp_path / "index"
    EmbeddedEngine(index, now).replace_all(oracles["even"].sections, "even")
    began = time.perf_counter()
    EmbeddedEngine(index, now).apply(oracles["even"].sections, (), "even")
    commit_s = time.perf_counter() - began
    for _ in range(50):
        command = [sys.executable, "-m", "tests.engine.writer_child", str(index)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0, 4 * commit_s))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()

        reader = EmbeddedEngine(index, now)
        state = reader.state()
        hits = reader.search(Query(root=Literal("枫桥"), limit=None)).hits
        assert {hit.id for hit in hits} == oracles[state].sets(Literal("枫桥"))[0]
        assert reader.info().counts == oracles[state].counts(set(oracles[state].by_id))
        assert reader.check() == ()
        reader.close()
        seen.add(state)
    assert seen == set(STATES), "the kills never met both states: the moments are badly chosen"
    assert len(list(index.glob("gen-*"))) <= 3 + 1, "unfinished generations pile up"


def test_a_second_writer_is_told_to_wait(engine, tmp_path):
    with generation.writing(tmp_path / "index"), pytest.raises(IndexLockedError, match="请等它结束"):
        engine.replace_all(SECTIONS, "second")

    assert engine.state() == "first"


def test_a_failed_commit_leaves_the_old_index(engine, tmp_path):
    def broken():
        yield SECTIONS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(EngineError, match="磁盘已满.*旧索引没有改动"):
        engine.replace_all(broken(), "second")

    assert engine.state() == "first"
    engine.replace_all(SECTIONS, "third")
    assert engine.state() == "third"


def test_only_two_generations_stay(engine, tmp_path):
    for number in range(4):
        engine.apply([row for row in SECTIONS if row.report.key == SECTIONS[0].report.key], (), str(number))

    assert len(list((tmp_path / "index").glob("gen-*"))) <= 3


def test_a_folder_with_other_things_in_it_is_not_written_to(tmp_path):
    (tmp_path / "年终总结.docx").write_text("x")

    with pytest.raises(ConfigError, match=r"年终总结\.docx"):
        EmbeddedEngine(tmp_path, now).replace_all(SECTIONS, "")
    assert [path.name for path in tmp_path.iterdir()] == ["年终总结.docx"]


def test_an_index_of_another_format_is_refused_with_the_command(engine, tmp_path):
    index = tmp_path / "index"
    manifest = index / generation.current_name(index) / "manifest.json"
    fields = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(fields | {"format": 99}))

    with pytest.raises(IndexOutdatedError, match="第 99 版.*fzsearch index"):
        EmbeddedEngine(index, now).search(Query())
    assert manifest.exists(), "opening must never delete"


@pytest.mark.parametrize(
    "name", ["words/_MAIN_1.toc", "parts/*/store.sqlite", "parts/*/exact/keys.npy", "manifest.json"]
)
@pytest.mark.parametrize("damage", ["truncate", "flip", "remove"])
def test_damaged_files_are_refused(engine, tmp_path, name, damage):
    index = tmp_path / "index"
    (path,) = (index / generation.current_name(index)).glob(name)
    data = bytearray(path.read_bytes())
    if damage == "truncate":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "remove":
        path.unlink()
    else:
        data[len(data) // 2] ^= 0x20
        path.write_bytes(data)

    reader = EmbeddedEngine(index, now)
    if (name, damage) == ("manifest.json", "flip"):  # may hit a letter of a value that nobody reads
        with contextlib.suppress(IndexOutdatedError):
            reader.search(Query())
    else:
        with pytest.raises(IndexOutdatedError, match="重建"):
            reader.search(Query())


def test_a_foreign_whoosh_file_is_not_opened(engine, tmp_path):
    """Whoosh unpickles what it opens: nothing that the manifest does not list may lie there."""
    index = tmp_path / "index"
    folder = index / generation.current_name(index) / "words"
    shutil.copy(folder / "_MAIN_1.toc", folder / "_MAIN_2.toc")

    with pytest.raises(IndexOutdatedError):
        EmbeddedEngine(index, now).search(Query())


@pytest.mark.parametrize("content", ["", "../../etc", "gen-1/../..", "\xff"])
def test_a_foreign_pointer_is_refused(engine, tmp_path, content):
    (tmp_path / "index" / "CURRENT").write_text(content, encoding="latin-1")

    with pytest.raises((IndexOutdatedError, IndexMissingError)):
        EmbeddedEngine(tmp_path / "index", now).search(Query())


def test_doctor_finds_a_flipped_byte_in_a_large_file(engine, tmp_path, monkeypatch):
    """Large files are only compared by size when an index is opened."""
    index = tmp_path / "index"
    monkeypatch.setattr(generation, "_SMALL_BYTES", 10)
    (path,) = (index / generation.current_name(index)).glob("parts/*/exact/text.u16")
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)

    assert any("text.u16" in sentence for sentence in EmbeddedEngine(index, now).check())
