"""What changed between two looks at a corpus: what has to be written, and how does one tell it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fzsearch.service.catalogue import Catalogue, FileRecord
from fzsearch.service.duplicates import Group, group_files


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCounts:
    """What happened to reports; a file that was only renamed leaves its report unchanged."""

    added: int
    changed: int
    unchanged: int
    removed: int


def content_of(record: FileRecord) -> tuple[str, str]:
    """What decides how a file is read, apart from the rules."""
    return (record.sha256, record.evidence)


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be written: groups by key, keys to delete, and whether anything is to be written at all."""

    upserts: tuple[Group, ...]
    delete_keys: frozenset[str]
    changes_anything: bool


@lru_cache(maxsize=2)  # planning and counting ask for the same two
def _groups(catalogue: Catalogue | None) -> Mapping[str, Group]:
    """Reports by text hash."""
    return group_files(catalogue.files if catalogue else ())


def plan_changes(old: Catalogue | None, new: Catalogue) -> Plan:
    """What brings an index of the old catalogue, None for an empty one, to the new one."""
    before, after = _groups(old), _groups(new)
    upserts = [group for text, group in after.items() if _stored(before.get(text)) != _stored(group)]
    delete_keys = {group.key for group in before.values()} - {group.key for group in after.values()}
    same_note = old is not None and _note(old) == _note(new)
    upserts.sort(key=lambda group: group.key)
    return Plan(tuple(upserts), frozenset(delete_keys), bool(upserts or delete_keys) or not same_note)


def _stored(group: Group | None) -> tuple[object, ...]:
    """What of a group stands in the index: times of change do not."""
    if group is None:
        return ()
    return (group.key, *((file.path, *content_of(file)) for file in group.files))


def _note(catalogue: Catalogue) -> tuple[object, ...]:
    """What of a catalogue is stored beside the reports."""
    unreadable = {(file.path, file.reason, *content_of(file)) for file in catalogue.unreadable()}
    return (unreadable, catalogue.topics, catalogue.stray_mistakes)


def count_reports(old: Catalogue | None, new: Catalogue) -> ReportCounts:
    """What happened, by texts: a new text in the place of a vanished one (same file, or place and year) is a change.

    So are other facts about the same text, e.g. by a sidecar.
    """
    before, after = _groups(old), _groups(new)
    gone = {text: group for text, group in before.items() if text not in after}
    fresh = {text: group for text, group in after.items() if text not in before}
    replaced = _pairs(gone, fresh)
    both = [(before[text].primary, group.primary) for text, group in after.items() if text in before]
    corrected = sum(old_file.facts_hash != new_file.facts_hash for old_file, new_file in both)
    return ReportCounts(
        added=len(fresh) - replaced,
        changed=replaced + corrected,
        unchanged=len(both) - corrected,
        removed=len(gone) - replaced,
    )


def _pairs(gone: Mapping[str, Group], fresh: Mapping[str, Group]) -> int:
    left = list(gone.values())
    count = 0
    for group in fresh.values():
        paths = {file.path for file in group.files}
        twin = next((o for o in left if paths & {f.path for f in o.files} or o.key.split("~")[0] == group.key), None)
        if twin:
            left.remove(twin)
            count += 1
    return count
