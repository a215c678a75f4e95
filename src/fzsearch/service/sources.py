"""What decides, besides the bytes of a file and the rules, how it is read? Its path and what people wrote about it."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from fzsearch.ingest import NO_SIDECAR, Sidecar, sidecar_of, sidecars_of
from fzsearch.model import shown_path

_NEAR_FOLDERS = 3  # of the path of a file that lies in no corpus we know


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read.

    Attributes:
        path: opens the file.
        name: the path relative to the corpus, with "/": evidence of the place.
        sidecar: what people wrote about it.
    """

    path: Path
    name: str
    sidecar: Sidecar = NO_SIDECAR

    @property
    def evidence(self) -> str:
        """A hash of all that is here: a file is read again when it changes.

        Line numbers count, because they stand in what is told about a value.
        """
        toml = self.sidecar.toml
        content = hashlib.sha256(toml[1]).hexdigest() if toml else ""
        fields = [shown_path(self.name), content, *(asdict(row) for row in self.sidecar.rows)]
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a corpus, and Chinese sentences on corrections that belong to none of them."""

    corpus: Path
    sidecars: dict[str, Sidecar]
    mistakes: tuple[str, ...]

    @classmethod
    def of_corpus(cls, corpus: Path, paths: Iterable[str]) -> "Sources":
        """The corrections of the files of a corpus."""
        found = sidecars_of(corpus, tuple(paths))
        return cls(corpus, dict(found.by_file), found.mistakes)

    def __getitem__(self, path: str) -> Source:
        return Source(self.corpus / path, path, self.sidecars.get(path, NO_SIDECAR))


def source_near(path: Path, root: Path | None) -> tuple[Source, tuple[str, ...]]:
    """One file with what is known of it, and what is wrong with the CSV files around it.

    Args:
        path: the file.
        root: the corpus that it lies in; None counts its path from three folders up.
    """
    full = Path(os.path.abspath(path))  # noqa: PTH100 - takes ".." away and follows no link
    root = full.parents[min(_NEAR_FOLDERS, len(full.parents) - 1)] if root is None else root.absolute()
    name = full.relative_to(root).as_posix()
    sidecar, mistakes = sidecar_of(root, name)
    return Source(path, name, sidecar), mistakes
