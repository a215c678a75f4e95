"""Which files hold the same report? Those of equal texts, and of texts of one place and year that say the same.

What saying the same means stands in `analysis.core`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fzsearch.model import Format
from fzsearch.service.catalogue import FileRecord
from fzsearch.service.keys import assign_keys

_FORMAT_ORDER = (
    Format.HTML, Format.DOCX, Format.DOC, Format.WPS, Format.ODT, Format.RTF, Format.TXT, Format.PDF,
)  # fmt: skip
"""Of several files with one text the first of these is read for metadata: saved pages state most."""

_CODE = re.compile(r"[0-9]{9}-")


@dataclass(frozen=True, slots=True)
class Group:
    """One report to be: its key and the files that hold it, by path."""

    key: str
    files: tuple[FileRecord, ...]

    @property
    def primary(self) -> FileRecord:
        """The file that the report is read from: corrected, its place certain, of the best format; not by path."""
        return self.files[0] if len(self.files) == 1 else min(self.files, key=_rank)

    @property
    def text_hash(self) -> str:
        """The text that stands for the group."""
        return self.primary.text_hash or ""

    def disagreement(self) -> str | None:
        """A Chinese sentence where files of one text state different places or years by folder or sidecar."""
        stated = {file.base_key: file for file in self.files if _CODE.match(file.base_key or "")}
        if len(stated) < 2:  # noqa: PLR2004 - one statement
            return None
        words = "；".join(sorted(f"{file.shown} 为 {key}" for key, file in stated.items()))
        return f"内容相同的几个文件，地方或年度不同：{words}；现按 {self.primary.shown}"


def _rank(file: FileRecord) -> tuple[bool, bool, int, str, str]:
    is_certain = bool(_CODE.match(file.base_key or ""))
    form = _FORMAT_ORDER.index(file.format) if file.format in _FORMAT_ORDER else len(_FORMAT_ORDER)
    return (not file.is_corrected, not is_certain, form, file.sha256, file.path)


def group_files(files: Iterable[FileRecord]) -> dict[str, Group]:
    """The reports that files hold, by the hash of their texts."""
    readable = [file for file in files if file.is_readable]
    alike = _joined(readable, (lambda file: file.text_hash, _core_of))
    groups = {group.text_hash: group for group in (Group("", tuple(members)) for members in alike)}
    keys = assign_keys({text: group.primary.base_key for text, group in groups.items()})
    return {text: Group(keys[text], group.files) for text, group in groups.items()}


def _core_of(file: FileRecord) -> str | None:
    """What near-identical files share: their core, place and year; None where place or year is not known."""
    return f"{file.base_key} {file.core_hash}" if file.base_key and file.core_hash else None


def _joined(
    files: Sequence[FileRecord], traits: Sequence[Callable[[FileRecord], str | None]]
) -> Iterable[Sequence[FileRecord]]:
    """The files in groups: two that share a trait are in one group, whatever the order."""
    leader = list(range(len(files)))

    def find(index: int) -> int:
        while leader[index] != index:
            index = leader[index] = leader[leader[index]]
        return index

    for trait in traits:
        first: dict[str, int] = {}
        for index, file in enumerate(files):
            value = trait(file)
            if value is not None:
                one, other = sorted((find(index), find(first.setdefault(value, index))))
                leader[other] = one
    groups: Mapping[int, list[FileRecord]] = defaultdict(list)
    for index, file in enumerate(files):
        groups[find(index)].append(file)
    return groups.values()
