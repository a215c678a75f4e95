"""Which corrections lie in a corpus, and to which file does each belong? Finds and cuts up; no value is checked here.

Two forms: ``<file>.toml`` beside a file, and ``reports.csv`` in any folder for the files in it and below.
"""

import csv
import os
import stat
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fzsearch.errors import os_reason
from fzsearch.model import shown_path

FOLDER_FILE, SUFFIX = "reports.csv", ".toml"
FIELDS = ("title", "year", "place", "doc_number", "issued", "source_url", "topics", "issuers", "signer")
COLUMNS = ("file", *FIELDS)

_TOPICS_FILE = "topics.toml"  # the vocabulary at the top of a corpus, no correction
_MAX_BYTES = {SUFFIX: 64 << 10, ".csv": 8 << 20}
_MAX_LINES = 50_000  # of a CSV; they are read in the parent, each mistake is a sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a folder's CSV: the CSV as people see it, the line and its text, the cells that hold something."""

    file: str
    line: int
    text: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What people wrote about one file: the TOML beside it (shown name, content), and rows, the nearest first."""

    toml: tuple[str, bytes] | None = None
    rows: tuple[Row, ...] = ()


NO_SIDECAR = Sidecar()


@dataclass(frozen=True, slots=True)
class Sidecars:
    """The corrections of a corpus by path of the file, and Chinese sentences on those that belong to no file."""

    by_file: Mapping[str, Sidecar]
    mistakes: tuple[str, ...]


def sidecars_of(corpus: Path, paths: Collection[str]) -> Sidecars:
    """All corrections of a corpus.

    Args:
        corpus: the folder.
        paths: its files as `walk` gives them; a correction of any other file is a mistake.
    """
    return _assigned(corpus, _own_files(corpus), paths, is_whole=True)


def sidecar_of(root: Path, path: str) -> tuple[Sidecar, tuple[str, ...]]:
    """The corrections of one file, and what is wrong with the CSV files that could hold some.

    Args:
        root: the folder up to which a folder's CSV counts.
        path: the file, relative to it.
    """
    own = (f"{path}{SUFFIX}", *(str(folder / FOLDER_FILE) for folder in PurePosixPath(path).parents))
    found = _assigned(root, [name for name in own if os.path.lexists(root / name)], [path], is_whole=False)
    return found.by_file.get(path, NO_SIDECAR), found.mistakes


def mistake(file: str, line: int | None, expected: str) -> str:
    """One sentence: which sidecar, which line, what was expected."""
    return f"{file} 第 {line} 行：{expected}" if line else f"{file}：{expected}"


def decoded(content: bytes) -> str | None:
    """UTF-8 with or without a mark, else GB18030 as Chinese Windows saves it; None for anything else."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _own_files(corpus: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(corpus):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name == FOLDER_FILE or (name.lower().endswith(SUFFIX) and not name.startswith((".", "~$"))):
                yield (Path(folder) / name).relative_to(corpus).as_posix()


def _assigned(root: Path, own: Iterable[str], paths: Collection[str], *, is_whole: bool) -> Sidecars:
    known = {_composed(path): path for path in paths}
    tomls: dict[str, tuple[str, bytes]] = {}
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    mistakes: list[str] = []
    for name in sorted(own, key=lambda one: (-one.count("/"), one)):
        content = None if name == _TOPICS_FILE else _content(root, name, mistakes)
        if content is None:
            continue
        if name.lower().endswith(SUFFIX):
            owner = known.get(_composed(name[: -len(SUFFIX)]))
            if owner:
                tomls[owner] = (shown_path(name), content)
            elif is_whole:
                wanted = shown_path(PurePosixPath(name).name[: -len(SUFFIX)])
                mistakes.append(mistake(shown_path(name), None, f"旁边没有能读入的文件 {wanted}，请核对文件名"))
            continue
        for path, row in _rows(name, content, mistakes):
            if path in known:
                rows[known[path]].append(row)
            elif is_whole:
                expected = f"file 一列要写这个文件夹里的文件（可带下级文件夹），没有“{row.cells[0][1]}”"
                mistakes.append(mistake(row.file, row.line, expected))
    found = {path: Sidecar(tomls.get(path), tuple(rows.get(path, ()))) for path in {*tomls, *rows}}
    return Sidecars(found, tuple(mistakes))


def _composed(path: str) -> str:
    """The path as a person types it: macOS stores some characters in two parts."""
    return unicodedata.normalize("NFC", path)


def _content(root: Path, name: str, mistakes: list[str]) -> bytes | None:
    """The bytes of a regular file inside the root; None, with a mistake, for anything else."""
    path, limit = root / name, _MAX_BYTES[PurePosixPath(name).suffix.lower()]
    try:
        status = path.stat()
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)) or not stat.S_ISREG(status.st_mode):
            mistakes.append(mistake(shown_path(name), None, "不是语料目录里的普通文件，没有读"))
        elif status.st_size > limit:
            mistakes.append(mistake(shown_path(name), None, f"太大（超过 {limit >> 10} KB），没有读"))
        else:
            return path.read_bytes()
    except OSError as error:
        mistakes.append(mistake(shown_path(name), None, f"打不开（{os_reason(error)}），没有读"))
    return None


def _rows(name: str, content: bytes, mistakes: list[str]) -> Iterator[tuple[str, Row]]:
    """The rows of a folder's CSV, each with the path (composed) of its file; the first of several for one file."""
    shown, header, lines_of = shown_path(name), list[str](), dict[str, int]()
    folder = PurePosixPath(name).parent
    for line, text, cells in _lines(shown, content, mistakes):
        if not header:
            header = [cell.lower() for cell in cells]
            mistakes += [mistake(shown, line, expected) for expected in _header_faults(header)]
            if "file" not in header:
                return
            continue
        if any(cells[len(header) :]):
            mistakes.append(mistake(shown, line, f"格数比表头多；应有 {len(header)} 格，实际 {len(cells)} 格"))
            continue
        values = {column: cell for column, cell in zip(header, cells, strict=False) if cell and column in COLUMNS}
        file = values.pop("file", "")
        path = _composed(str(folder / file.replace("\\", "/")))
        if not file or path in lines_of:
            expected = f"与第 {lines_of[path]} 行是同一个文件，每个文件只写一行" if file else "file 一列不能为空"
            mistakes.append(mistake(shown, line, expected))
            continue
        lines_of[path] = line
        yield path, Row(shown, line, text, (("file", file), *values.items()))


def _header_faults(header: list[str]) -> Iterator[str]:
    if "file" not in header:
        yield f"表头要有 file 一列；可用的列：{'、'.join(COLUMNS)}"
    for column in dict.fromkeys(header):
        if column and column not in COLUMNS:
            yield f"不认识的列“{column}”，没有读；可用的列：{'、'.join(COLUMNS)}"
        elif column and header.count(column) > 1:
            yield f"列“{column}”写了不止一次，以最后一次为准"


def _lines(shown: str, content: bytes, mistakes: list[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Number, text and cells of the lines that are neither empty nor comments."""
    text = decoded(content)
    if text is None:
        mistakes.append(mistake(shown, None, "不是 UTF-8 或 GB18030 文字，请用“CSV UTF-8”格式另存"))
        return
    for number, line in enumerate(text.splitlines(), 1):
        if number > _MAX_LINES:
            mistakes.append(mistake(shown, number, f"超过 {_MAX_LINES} 行，从这里起没有读；请分到各个文件夹里"))
            return
        if not line.strip(", \t") or line.lstrip().startswith("#"):
            continue
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], strict=True))]
        except csv.Error:
            mistakes.append(mistake(shown, number, "引号不成对；一份报告写一行，格里不能换行"))
            continue
        yield number, line.strip(), cells
