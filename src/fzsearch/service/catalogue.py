"""Which files did an index read, and what came of each? The note that is stored with every commit."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import fzsearch
from fzsearch.engine import Engine
from fzsearch.errors import IndexMissingError, IndexOutdatedError
from fzsearch.ingest import find_soffice
from fzsearch.model import Format, Place, Topic, shown_path
from fzsearch.service.reading import Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of the corpus as the index knows it.

    Either `text_hash` and what follows is set, or `reason` and `remedy` say why the file could not be read.

    Attributes:
        base_key: `<place>-<year>` before conflicts are settled; None without place or year.
        evidence: a hash of what else decided how it was read, see `service.sources`.
        core_hash: a hash of the letters and numbers of its text, see `service.duplicates`.
        facts_hash: a hash of title, year, place and the like.
        is_corrected: whether a sidecar states anything of it.
        mistakes: Chinese sentences about its sidecar.
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
        files = [{k: v for k, v in asdict(file).items() if v is not None and v != ()} for file in self.files]
        topics = [asdict(topic) for topic in self.topics]
        fields: dict[str, Any] = {"rules": self.rules, "files": files, "topics": topics}
        if self.places:
            fields["places"] = [asdict(place) for place in self.places]
        if self.stray_mistakes:
            fields["stray_mistakes"] = list(self.stray_mistakes)
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Catalogue":
        """The catalogue that `to_json` wrote."""
        fields = json.loads(text)
        return cls(
            rules=fields["rules"],
            files=tuple(_file(file) for file in fields["files"]),
            topics=tuple(_topic(topic) for topic in fields.get("topics", ())),  # notes of older versions have none
            places=tuple(Place(**{**place, "candidates": ()}) for place in fields.get("places", ())),
            stray_mistakes=tuple(fields.get("stray_mistakes", ())),
        )

    def mistakes(self) -> tuple[str, ...]:
        """What is wrong with sidecars, those of files first, by path."""
        of_files = (sentence for file in self.files for sentence in file.mistakes)
        return tuple(dict.fromkeys((*of_files, *self.stray_mistakes)))

    def unreadable(self) -> tuple[FileRecord, ...]:
        """The files that could not be read, by path."""
        return tuple(file for file in self.files if not file.is_readable)


def _file(fields: dict[str, Any]) -> FileRecord:
    form = fields.get("format")
    mistakes = tuple(fields.get("mistakes", ()))
    return FileRecord(**{**fields, "format": Format(str(form)) if form else None, "mistakes": mistakes})


def _topic(fields: dict[str, Any]) -> Topic:
    return Topic(**{**fields, "patterns": tuple(fields["patterns"]), "unless": tuple(fields["unless"])})


def stored_catalogue(engine: Engine) -> Catalogue | None:
    """The catalogue of an index; None where there is no index or it has to be rebuilt."""
    try:
        return Catalogue.from_json(engine.state())
    except (IndexMissingError, IndexOutdatedError):
        return None


def rules_fingerprint(lists: Lists) -> str:
    """A hash of what decides, besides the files, how a corpus is read: our own code and lists, and the corpus's."""
    package = Path(fzsearch.__file__).parent
    parts = ("ingest", "analysis", "figures", "resources")
    ours = sorted(path for part in parts for path in (package / part).rglob("*.*"))
    digest = hashlib.sha256(fzsearch.__version__.encode())
    digest.update(b"office" if find_soffice() else b"")  # once LibreOffice is there, what needed it is read again
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
