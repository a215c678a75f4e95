"""A disk that fills up while an index is written: one sentence, the old index answers, nothing is left behind."""

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fzsearch.engine import EmbeddedEngine
from fzsearch.errors import EngineError
from fzsearch.service import index_corpus
from tests.conftest import ROOT
from tests.generate import now
from tests.service.test_indexing import Setup, report


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own; skips the test where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # whoosh lets go of files when it fails, not before
def test_a_disk_may_fill_up_at_any_moment(tmp_path):
    """With ever more room, so that every step of writing meets the end once."""
    setup = Setup(tmp_path)
    for year in range(2000, 2020):
        setup.write(f"{year}.txt", report(year=year))
    with small_disk(tmp_path / "disk", "4m") as disk:
        engine = EmbeddedEngine(disk / "index", now)
        index_corpus(setup.corpus, engine, workers=2)
        files = sorted((disk / "index").iterdir())
        for number in range(100):
            setup.write(f"{number}.txt", report(place=f"云{number}镇", fact="新事" * 300))
        sentences, room = [], 8 << 10
        while True:
            (disk / "filler").write_bytes(bytes(max(shutil.disk_usage(disk).free - room, 0)))
            try:
                index_corpus(setup.corpus, engine, workers=2)
                break
            except EngineError as error:
                sentences.append(str(error))
            assert (len(engine.reports()), engine.check()) == (20, ())
            assert sorted((disk / "index").iterdir()) == files
            (disk / "filler").unlink()
            room += 128 << 10

        assert len(sentences) > 5
        assert all("磁盘已满" in sentence and "旧索引没有改动" in sentence for sentence in sentences)
        assert len(engine.reports()) == 120
        engine.close()
        gc.collect()


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("blocks", [4, 40, 120])
def test_the_command_says_it_in_one_sentence(tmp_path, blocks):
    """A limit of the size of a file meets spool and index alike; it needs no rights."""
    setup = Setup(tmp_path)
    setup.write("a.txt", report())
    setup.run()
    for number in range(60):
        setup.write(f"{number}.txt", report(place=f"云{number}镇", fact="新事" * 300))
    command = [sys.executable, "-m", "fzsearch", "index", str(setup.corpus), "--index", str(setup.index)]
    limited = ["/bin/sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    before = sorted(path.name for path in setup.index.iterdir())

    done = subprocess.run(limited, check=False, capture_output=True, text=True, encoding="utf-8", env=environment)

    assert done.returncode == 1
    assert done.stderr.startswith("fzsearch: ")
    assert done.stderr.count("\n") == 1
    assert "旧索引没有改动" in done.stderr
    assert sorted(path.name for path in setup.index.iterdir()) == before
    assert setup.keys() == ["云山镇-2023"]
    setup.engine.close()
