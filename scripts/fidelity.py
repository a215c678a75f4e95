"""Answers: how faithfully, and how fast, does each format give back the five annotated reports?

    python scripts/fidelity.py          writes docs/FIDELITY.md
    python scripts/fidelity.py --print  prints the table only

Needs the reports (FZSEARCH_SHARED, see tests/fidelity/reports.py), LibreOffice and Chromium; a way whose program is
missing is named in the table.
"""

import argparse
import datetime
import importlib.metadata
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.fidelity.measures import Fidelity, measure  # noqa: E402
from tests.fidelity.reports import MISSING, are_there  # noqa: E402
from tests.fidelity.routes import EXTRAS, Route, five, routes  # noqa: E402
from tests.fidelity.tools import find_chromium  # noqa: E402

from fzsearch.ingest.convert import convert_batch  # noqa: E402 - the path comes first
from fzsearch.ingest.extract import ocr, office, pdf, read_document  # noqa: E402
from fzsearch.ingest.extract.soffice import find_soffice  # noqa: E402
from fzsearch.ingest.places import PlaceList  # noqa: E402

TARGET = ROOT / "docs" / "FIDELITY.md"
HEAD = """# Fidelity

What comes back of five annotated reports after real programs wrote them in each format. Generated; do not edit.

- Command: `python scripts/fidelity.py`
- Date: {date}
- With: {tools}

CER: characters inserted, deleted or replaced, for each character of the report, white space left aside. P and R:
precision and recall of the places where paragraphs begin, and of the 95 sections that were annotated by hand. Files of
.docx, .doc, .wps, .rtf, .odt and of .pdf by LibreOffice also hold a footnote and a table of three rows in smaller type,
which count as paragraphs behind the text. ms/file: wall time for reading one file, mean of five, in one process; for
files that LibreOffice converts, one batch of five and, in brackets, one file alone.

| way | CER | paragraphs P | R | sections P | R | ms/file |
|---|---|---|---|---|---|---|
{rows}

- The two forms of .txt with an error rate have lost a character in each file: a bad byte, a tail cut off.
- .wps is a .doc by another name: WPS writes the same format. No file written by WPS itself was measured.
- LibreOffice 7.4 does not print every comma that hangs over the margin of justified text: those are missing in the
  PDF itself, not lost in reading.
- LibreOffice writes ? for 、 into the list numbers of RTF; the files were repaired before they were measured.
- "pypdf alone" is what is read where pdfium cannot open a file: the second reader is there for the difference.
- The PDFs are those of two programs, and the layout rule was tuned on these five reports in these layouts. The three
  PDFs of `corpus/`, which it was not tuned on, gave every paragraph back.

## Scans

The PDFs by LibreOffice, justified, as a scanner at 150 dpi gives them: pages askew by up to 0.6 degrees, noise, JPEG of
quality 70, no text layer. One report has a red letterhead, a red seal over its sign-off and a page that lay across.
CPU and memory are those of the children that recognise pages, one page at a time each, loading the models included.
pages/s are by the clock and fall when the machine has other work; CPU seconds hardly do.

| way | CER | paragraphs P | R | sections P | R | pages | pages/s | CPU s/page | MB/child |
|---|---|---|---|---|---|---|---|---|---|
{scans}

- In the row with a note and a table, the raised mark of the note counts as an error each time it is read: it cannot be
  told from a digit.
- Half-width brackets in one report come back as full-width ones; that costs four characters and two section starts.
- The scans are synthetic. Rules that make lines of what is recognised were tuned on them; the models were not.
"""


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--print", action="store_true", dest="prints", help="print the table, write nothing")
    options = parser.parse_args()
    if not are_there():
        sys.exit(MISSING)
    places = PlaceList.load()
    rows = []
    for route in routes():
        rows.append(row(route, places))
        print(rows[-1], flush=True)
    for route in (route for route in routes() if route.file_name == "a.pdf"):
        rows.append(row(replace(route, name=f"{route.name}; pypdf alone"), places, without_layout=True))
        print(rows[-1], flush=True)
    scans = [scan_row(places, has_extras=has_extras) for has_extras in (False, True)]
    print(*scans, sep="\n", flush=True)
    if not options.prints:
        TARGET.parent.mkdir(exist_ok=True)
        date = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        TARGET.write_text(
            HEAD.format(date=date, tools=tools(), rows="\n".join(rows), scans="\n".join(scans)), encoding="utf-8"
        )
    return 0


def row(route: Route, places: PlaceList, *, without_layout: bool = False) -> str:
    """A line of the table; without the layout the second reader of PDF is left out."""
    if missing := route.missing_tool():
        return f"| {route.name} | not measured: {missing} | | | | | |"
    with patch.object(pdf, "_layout_lines", lambda *_: []) if without_layout else nullcontext():
        total, milliseconds = measured(route, places)
    one, other = total.paragraphs, total.sections
    figures = (one.precision, one.recall, other.precision, other.recall)
    shown = " | ".join(f"{figure:.3f}" for figure in figures)
    return f"| {route.name} | {total.error_rate:.3%} | {shown} | {milliseconds} |"


def measured(route: Route, places: PlaceList) -> tuple[Fidelity, str]:
    """The measures of the five files together, and what reading took."""
    files = route.make()
    total, alone = Fidelity(), ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{number}-{route.file_name}" for number in files]
        for path, data in zip(paths, files.values(), strict=True):
            path.write_bytes(data)
        began = time.perf_counter()
        if paths[0].suffix in {*office.SUFFIXES.values(), ".wps"}:
            convert_batch(paths, folder)
        documents = [read_document(path.read_bytes(), path.name, folder) for path in paths]
        taken = (time.perf_counter() - began) / len(paths)
        if any(folder.glob("*.docx")) and paths[0].suffix != ".docx":
            began = time.perf_counter()
            read_document(paths[0].read_bytes(), paths[0].name)
            alone = f" ({(time.perf_counter() - began) * 1000:.0f})"
    for reference, document in zip(five(), documents, strict=True):
        total += measure(document, reference, route.extras, places)
    return total, f"{taken * 1000:.1f}{alone}"


def scan_row(places: PlaceList, *, has_extras: bool) -> str:
    """A line of the table of scans."""
    name = "150 dpi, with a note and a table" if has_extras else "150 dpi"
    if not ocr.is_installed():
        return f"| {name} | not measured: {ocr.INSTALL} | | | | | | | | |"
    from tests.fidelity.scans import SEALED, read_scans, scan, without_letterhead  # noqa: PLC0415 - needs Pillow

    files = {one.number: scan(one, has_extras=has_extras) for one in five()}
    total, workers = Fidelity(), os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        documents = read_scans(files, Path(folder), workers=workers)
        taken, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    pages = sum(len(document.recognised) for document in documents.values())
    for reference in five():
        document = documents[reference.number]
        document = without_letterhead(document) if reference.number == SEALED else document
        total += measure(document, reference, EXTRAS if has_extras else (), places)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    one, other = total.paragraphs, total.sections
    shown = " | ".join(f"{figure:.3f}" for figure in (one.precision, one.recall, other.precision, other.recall))
    speed = f"{pages / taken:.2f} ({workers} children) | {cpu / pages:.1f} | {after.ru_maxrss >> 10}"
    return f"| {name} | {total.error_rate:.3%} | {shown} | {pages} | {speed} |"


def tools() -> str:
    """The programs that took part, with their versions."""
    found = [f"Python {platform.python_version()}"]
    found += [f"{name} {importlib.metadata.version(name)}" for name in ("pypdf", "pypdfium2", "lxml")]
    if ocr.is_installed():
        found += [f"{name} {importlib.metadata.version(name)}" for name in ("rapidocr", "onnxruntime")]
    for program in filter(None, (find_soffice(), find_chromium())):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
        found.append(" ".join(said.split()[:2]))
    return ", ".join(found)


if __name__ == "__main__":
    sys.exit(main())
