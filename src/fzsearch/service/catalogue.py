"""Which files did an index read, and what came of each? The note that is stored with every commit."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import fzsearch
from fzsearch.engine import Engine
from fzsearch.errors import IndexMissingError, IndexOutdatedError
from fzsearch.ingest import engine_name, find_soffice
from fzsearch.model import Format, Place, Topic, shown_path
from fzsearch.service.reading import Lists


class FileKind(StrEnum):
    """What came of reading a file."""

    READ = "read"
    POOR = "poor"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of the corpus as the index knows it.

    Either `text_hash` and what follows is set, or the file could not be read. `reason` and `remedy` say why it could
    not, or why what was read of it is little or doubtful.

    Attributes:
        base_key: `<place>-<year>` before conflicts are settled; None without place or year.
        evidence: a hash of what else decided how it was read, see `service.sources`.
        core_hash: a hash of the letters and numbers of its text, see `service.duplicates`.
        facts_hash: a hash of title, year, place and the like.
        is_corrected: whether a sidecar states anything of it.
        mistakes: Chinese sentences about its sidecar.
        is_passing: whether it is tried again by the next run although it stays the same: it was being changed, or could
            not be opened.
    """

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    format: Format | None = None
    text_hash: str | None = None
    base_key: str | None = None
    evidence: str = ""
    core_hash: str | None = None
    facts_hash: str | None = None
    is_corrected: bool = False
    mistakes: tuple[str, ...] = ()
    reason: str | None = None
    remedy: str | None = None
    is_passing: bool = False

    @property
    def kind(self) -> FileKind:
        """What came of reading it."""
        if not self.is_readable:
            return FileKind.UNREADABLE
        return FileKind.POOR if self.reason else FileKind.READ

    @property
    def is_readable(self) -> bool:
        """Whether a report was read from the file."""
        return self.text_hash is not None

    @property
    def shown(self) -> str:
        """The path as people see it."""
        return shown_path(self.path)


_FIELDS = tuple(field.name for field in fields(FileRecord))
_values: Callable[[FileRecord], tuple[Any, ...]] = attrgetter(*_FIELDS)


def _file_fields(file: FileRecord) -> dict[str, Any]:
    """What is told of a file; `asdict` takes four times as long."""
    found = zip(_FIELDS, _values(file), strict=True)
    return {name: value for name, value in found if value is not None and value is not False and value != ()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """All files of an index, by path, with a fingerprint of the rules that read them.

    Attributes:
        topics: the vocabulary that the files were read with, a user's own topics included, in its order; pages show
            its groups and patterns without knowing where the corpus is.
        places: what a user added to the official list, for the same reason.
        stray_mistakes: Chinese sentences about sidecars that belong to no file.
    """

    rules: str
    files: tuple[FileRecord, ...] = ()
    topics: tuple[Topic, ...] = ()
    places: tuple[Place, ...] = ()
    stray_mistakes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The note as text."""
        files = [_file_fields(file) for file in self.files]
        topics = [asdict(topic) for topic in self.topics]
        note: dict[str, Any] = {"rules": self.rules, "files": files, "topics": topics}
        if self.places:
            note["places"] = [asdict(place) for place in self.places]
        if self.stray_mistakes:
            note["stray_mistakes"] = list(self.stray_mistakes)
        return json.dumps(note, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """The catalogue that `to_json` wrote."""
        note = json.loads(text)
        return cls(
            rules=note["rules"],
            files=tuple(_file(file) for file in note["files"]),
            topics=tuple(_topic(topic) for topic in note.get("topics", ())),  # notes of older versions have none
            places=tuple(Place(**{**place, "candidates": ()}) for place in note.get("places", ())),
            stray_mistakes=tuple(note.get("stray_mistakes", ())),
        )

    def mistakes(self) -> tuple[str, ...]:
        """What is wrong with sidecars, those of files first, by path."""
        of_files = (sentence for file in self.files for sentence in file.mistakes)
        return tuple(dict.fromkeys((*of_files, *self.stray_mistakes)))

    def unreadable(self) -> tuple[FileRecord, ...]:
        """The files that could not be read, by path."""
        return tuple(file for file in self.files if file.kind is FileKind.UNREADABLE)

    def poor(self) -> tuple[FileRecord, ...]:
        """The files of which little was read, or nothing sure, by path."""
        return tuple(file for file in self.files if file.kind is FileKind.POOR)


def _file(fields: dict[str, Any]) -> FileRecord:
    form = fields.get("format")
    mistakes = tuple(fields.get("mistakes", ()))
    return FileRecord(**{**fields, "format": Format(str(form)) if form else None, "mistakes": mistakes})


def _topic(fields: dict[str, Any]) -> Topic:
    read: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    return Topic(**read)


def stored_catalogue(engine: Engine) -> Catalogue | None:
    """The catalogue of an index; None where there is no index or it has to be rebuilt."""
    try:
        return Catalogue.from_json(engine.state())
    except (IndexMissingError, IndexOutdatedError):
        return None


def rules_fingerprint(lists: Lists) -> str:
    """A hash of what decides, besides the files, how a corpus is read: our own code and lists, and the corpus's."""
    digest = _own_digest().copy()
    digest.update(b"office" if find_soffice() else b"")  # once LibreOffice is there, what needed it is read again
    digest.update(engine_name().encode())  # likewise, what needs OCR
    for path in filter(None, (lists.places, lists.topics)):
        with suppress(OSError):  # gone since it was seen, or locked: loading it says so
            _add(digest, path)
    return digest.hexdigest()[:16]


@cache
def _own_digest() -> "hashlib._Hash":
    """Taken once: a run that goes on for days reads by the code it began with, even when a new version is installed."""
    package = Path(fzsearch.__file__).parent
    digest = hashlib.sha256(fzsearch.__version__.encode())
    ours = [path for part in ("ingest", "figures", "analysis", "resources") for path in (package / part).rglob("*.*")]
    for path in sorted([*ours, package / "numerals.py"]):
        if path.suffix in {".py", ".toml", ".txt", ".gz"} and path.is_file():
            _add(digest, path)
    return digest


def _add(digest: "hashlib._Hash", path: Path) -> None:
    digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
