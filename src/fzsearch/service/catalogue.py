"""Which files did an index read, and what came of each? The note that is stored with every commit."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import fzsearch
from fzsearch.engine import Engine
from fzsearch.errors import IndexMissingError, IndexOutdatedError
from fzsearch.model import Format, shown_path
from fzsearch.service.reading import Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of the corpus as the index knows it.

    Either `text_hash` and what follows is set, or `reason` and `remedy` say why the file could not be read.

    Attributes:
        base_key: `<place>-<year>` before conflicts are settled; None without place or year.
    """

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    format: Format | None = None
    text_hash: str | None = None
    base_key: str | None = None
    reason: str | None = None
    remedy: str | None = None

    @property
    def is_readable(self) -> bool:
        """Whether a report was read from the file."""
        return self.text_hash is not None

    @property
    def shown(self) -> str:
        """The path as people see it."""
        return shown_path(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All files of an index, by path, with a fingerprint of the rules that read them."""

    rules: str
    files: tuple[FileRecord, ...] = ()

    def to_json(self) -> str:
        """The note as text."""
        files = [{k: v for k, v in asdict(file).items() if v is not None} for file in self.files]
        return json.dumps({"rules": self.rules, "files": files}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """The catalogue that `to_json` wrote."""
        fields = json.loads(text)
        return cls(rules=fields["rules"], files=tuple(_file(file) for file in fields["files"]))

    def unreadable(self) -> tuple[FileRecord, ...]:
        """The files that could not be read, by path."""
        return tuple(file for file in self.files if not file.is_readable)


def _file(fields: dict[str, object]) -> FileRecord:
    form = fields.get("format")
    return FileRecord(**{**fields, "format": Format(str(form)) if form else None})  # type: ignore[arg-type]  # from JSON


def stored_catalogue(engine: Engine) -> Catalogue | None:
    """The catalogue of an index; None where there is no index or it has to be rebuilt."""
    try:
        return Catalogue.from_json(engine.state())
    except (IndexMissingError, IndexOutdatedError):
        return None


def rules_fingerprint(lists: Lists) -> str:
    """A hash of what decides, besides the files, how a corpus is read: our own code and lists, and the corpus's."""
    package = Path(fzsearch.__file__).parent
    ours = sorted(path for part in ("ingest", "analysis", "resources") for path in (package / part).rglob("*.*"))
    digest = hashlib.sha256(fzsearch.__version__.encode())
    for path in _existing(ours, lists):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _existing(ours: Iterable[Path], lists: Lists) -> Iterable[Path]:
    for path in ours:
        if path.suffix in {".py", ".toml", ".txt", ".gz"} and path.is_file():
            yield path
    for listed in (lists.places, lists.topics):
        if listed is not None:
            yield listed
