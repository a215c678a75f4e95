"""What does the other ranker make of the same sections? Gives the words of an index to it, without reading a report.

    python bench/reword.py INDEX TARGET [--engine tantivy]

Everything but the words is linked from the newest generation of INDEX, the words are read back from its store. TARGET
is an index as `fzsearch index --engine` would have written it. Prints the seconds of the processor that the words took,
without reading them back, and their size.
"""

import argparse
import json
import os
import shutil
import time
from pathlib import Path

import numpy as np
from ours import disk_mb, peak_mb

from fzsearch.engine import generation, ranker
from fzsearch.engine.building import WORDS
from fzsearch.engine.opened import Generation
from fzsearch.engine.ranker import DOC_ROWS

_MANIFEST = "manifest.json"


def reword(index: Path, target: Path, engine: str) -> dict[str, float]:
    """Write an index with the words of another one; what that cost."""
    base = Generation(index, generation.current_name(index))
    with generation.writing(target):
        folder = generation.new_folder(target)
        ignored = shutil.ignore_patterns(WORDS, _MANIFEST)
        shutil.copytree(base.folder, folder, ignore=ignored, copy_function=os.link, dirs_exist_ok=True)
        began, reading = time.process_time(), 0.0
        writer = ranker(engine).write(folder / WORDS)
        for number in range(len(base.store.all_keys())):
            reading -= time.thread_time()
            items = base.sections_of(number)
            reading += time.thread_time()
            for item in items:
                writer.add(item)
        writer.commit(())
        took = time.process_time() - began - reading
        writer.close()
        np.save(folder / WORDS / DOC_ROWS, np.arange(base.facets.size))
        facts = {name: fact for name, fact in base.manifest.items() if name not in {"files", "format"}}
        generation.switch_to(folder, facts | {"engine": engine}, base.manifest["files"])
    return {
        "sections": base.facets.size,
        "words_cpu_s": round(took, 1),
        "reading_back_cpu_s": round(reading, 1),
        "words_mb": round(disk_mb(folder / WORDS), 1),
        "peak_mb": round(peak_mb()),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--engine", default="tantivy")
    options = parser.parse_args()
    print(json.dumps(reword(options.index, options.target, options.engine)))


if __name__ == "__main__":
    main()
