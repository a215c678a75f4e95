"""What every engine must tell of shared wording, recounted by brute force."""

import random
import re
from collections import defaultdict

import pytest

from fzsearch.engine.facets import township_identity
from fzsearch.model import Place
from tests.builders import build_sections


def make_rows():
    """Reports of nine townships and of none, put together from few passages, some with small changes."""
    rng = random.Random(3)
    known = ["".join(chr(rng.randint(0x4E00, 0x9FA0)) for _ in range(rng.randint(15, 45))) for _ in range(30)]
    reports = []
    for number in range(24):
        texts = []
        for _ in range(rng.randint(1, 4)):
            chosen = rng.choices(known, weights=[20] + [1] * (len(known) - 1), k=rng.randint(1, 5))
            edits = [f"{rng.randint(10, 99)}甲乙"[: rng.randint(0, 4)] for _ in chosen]
            texts.append("".join(one.replace(one[20:22], edit) for one, edit in zip(chosen, edits, strict=True)))
        code = f"99000000{number % 9}" if number % 12 else None
        place = Place(township="某镇", code=code) if code else Place()
        sections = [(f"s{at}", 1, None, None, "measures", text) for at, text in enumerate(texts)]
        reports.append({"key": f"{code or f'甲镇{number}'}-20{number:02}", "place": place, "sections": sections})
    return build_sections(*sorted(reports, key=lambda one: str(one["key"])))


ROWS = make_rows()


@pytest.fixture(scope="module")
def engine(new_engine, tmp_path_factory):
    opened = new_engine(tmp_path_factory.mktemp("index"))
    opened.replace_all(ROWS, "")
    yield opened
    opened.close()


def windows(section) -> list[str]:
    """Every run of 16 characters of a section, digits masked."""
    masked = re.sub("[0-9]", "0", section.norm)
    return [masked[at : at + 16] for at in range(len(masked) - 15)]


def covered(section, counts, *, gap=8) -> int:
    """How many characters of a section stand in windows that count, or in a gap between two of them."""
    places = [at for at, window in enumerate(windows(section)) if counts(window)]
    ends = zip(places, [*places[1:], None], strict=False)
    return sum(16 if after is None or after - at > 16 + gap else after - at for at, after in ends)


HOLDERS: dict[str, set[str]] = defaultdict(set)
TOWNSHIPS: dict[str, set[str]] = defaultdict(set)
for _row in ROWS:
    for _window in windows(_row):
        HOLDERS[_window].add(_row.report.key)
        TOWNSHIPS[_window].add(township_identity(_row.report.report.place) or _row.report.key)
LIMIT = max(5, 0.05 * len(set().union(*TOWNSHIPS.values())))


def is_common(window: str) -> bool:
    return len(TOWNSHIPS[window]) > LIMIT


def is_copied(window: str) -> bool:
    return len(HOLDERS[window]) > 1 and not is_common(window)


def held_near(one: str, other: str):
    """Whether a copied window of one report stands in another, at most eight holders away in the order of keys."""

    def holds(window: str) -> bool:
        ordered = sorted(HOLDERS[window])
        is_held = one != other and other in ordered and is_copied(window)
        return is_held and abs(ordered.index(one) - ordered.index(other)) <= 8

    return holds


def test_overlaps_equal_a_recount(engine):
    own = {key: [row for row in ROWS if row.report.key == key] for key in sorted({row.report.key for row in ROWS})}

    assert [one.key for one in engine.overlaps()] == list(own)
    assert any(one.copied and one.common and len(one.partners) > 5 for one in engine.overlaps())
    for one in engine.overlaps():
        rows, whole = own[one.key], max(1, len("".join(row.norm for row in own[one.key])))
        copied = sum(covered(row, is_copied) for row in rows) / whole
        shared = sum(covered(row, lambda w: len(HOLDERS[w]) > 1) for row in rows) / whole
        assert (one.copied, one.common) == (pytest.approx(copied, abs=2e-4), pytest.approx(shared - copied, abs=2e-4))
        shares = {key: sum(covered(row, held_near(one.key, key)) for row in rows) / whole for key in own}
        best = sorted((share for share in shares.values() if share), reverse=True)[:10]
        assert [share for _, share in one.partners] == pytest.approx(best, abs=1e-4)
        assert [shares[key] for key, _ in one.partners] == pytest.approx(best, abs=1e-4)


def test_shared_runs_are_where_the_overlap_is(engine):
    by_id = {row.id: row for row in ROWS}
    for one in engine.overlaps():
        found = engine.shared_runs(one.key)
        length = sum(len(row.norm) for row in ROWS if row.report.key == one.key)
        assert sum(run.end - run.start for run in found if not run.is_common) / max(1, length) == pytest.approx(
            one.copied, abs=2e-4
        )
        for run in found:
            norm = by_id[run.section_id].norm
            first, last = (re.sub("[0-9]", "0", norm)[at : at + 16] for at in (run.start, run.end - 16))
            for window in (first, last):
                assert run.least <= len(HOLDERS[window]) <= run.most
                assert is_common(window) == run.is_common
    assert engine.shared_runs("没有-2020") == ()
