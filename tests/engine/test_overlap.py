"""Is shared wording found: near copies, set phrases apart, a township's own years, estimates on large corpora?"""

import random

import numpy as np
import pytest

from fzsearch.engine import overlap
from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.exact_writer import ExactWriter
from fzsearch.model import Place
from tests.builders import build_engine

PHRASE = "坚持以习近平新时代中国特色社会主义思想为指导"
OWN = "镇里在老茶馆设立了群众说事点，每逢赶场天就由两名专职调解员轮流坐堂，当天的事情当天说清，说不清的报司法所。"


def passage(seed: int, chars: int) -> str:
    """Text that nobody else writes."""
    rng = random.Random(seed)
    return "".join(chr(rng.randint(0x4E00, 0x9FA0)) for _ in range(chars))


@pytest.fixture
def engine_of(tmp_path):
    """An engine over reports of one section each, given as key, township code and text."""
    opened = []

    def make(*reports):
        fields = (
            {"key": key, "place": Place(township="某镇", code=code) if code else Place(),
             "sections": [("s1", 1, None, None, "measures", text)]}
            for key, code, text in sorted(reports)
        )  # fmt: skip
        opened.append(build_engine(tmp_path / "index", *fields))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


def test_a_copy_with_names_and_numbers_changed_is_one_passage(engine_of):
    copy = OWN.replace("老茶馆", "大榕树下").replace("两名", "三四名")
    engine = engine_of(("a-2024", "990000001", f"{passage(1, 40)}{OWN}"), ("b-2024", "990000002", copy))
    first, second = engine.overlaps()

    assert second.copied > 0.8
    assert first.partners == (("b-2024", first.copied),)
    (run,) = engine.shared_runs("b-2024")
    assert (run.least, run.most, run.is_common) == (2, 2, False)


def test_what_many_townships_write_is_a_set_phrase(engine_of):
    reports = [(f"{n}-2024", f"99000000{n}", f"{passage(n, 30)}{PHRASE}{passage(n + 50, 30)}") for n in range(8)]
    found = engine_of(*reports).overlaps()

    assert {one.copied for one in found} == {0}
    assert {one.common for one in found} == {round(len(PHRASE) / (60 + len(PHRASE)), 4)}
    assert not any(one.partners for one in found)


def test_what_one_township_repeats_for_eight_years_is_no_set_phrase(engine_of):
    reports = [(f"a-{year}", "990000001", f"{passage(year, 30)}{OWN}") for year in range(2017, 2025)]
    engine = engine_of(*reports)

    assert all(one.copied > 0.5 and one.common == 0 and len(one.partners) == 7 for one in engine.overlaps())
    assert [(run.least, run.most) for run in engine.shared_runs("a-2020")] == [(8, 8)]


def test_runs_count_characters_not_units(engine_of):
    engine = engine_of(("a-2024", None, f"𠮷野𠮷{OWN}"), ("b-2024", None, f"{passage(3, 9)}{OWN}"))

    assert [(run.start, run.end) for run in engine.shared_runs("a-2024")] == [(3, 3 + len(OWN))]


def test_estimates_of_large_corpora_come_close(tmp_path, monkeypatch):
    rng = random.Random(5)
    texts: list[list[str]] = []
    for number in range(40):
        own = [passage(number * 100 + at, 150) for at in range(40)]
        if texts:
            own[: number // 2] = [texts[-1][at] for at in range(number // 2)]
        rng.shuffle(own)
        texts.append(own)
    writer = ExactWriter(tmp_path / "exact")
    for own in texts:
        writer.add("".join(own))
    writer.finish()
    exact, numbers = ExactLayer(tmp_path / "exact"), np.arange(40, dtype=np.int32)
    whole = overlap.SharedText(exact, numbers, numbers).reports
    monkeypatch.setattr(overlap, "_ALL_BELOW", 1)
    sampled = overlap.SharedText(exact, numbers, numbers).reports

    assert max(one.copied for one in whole) > 0.4
    for one, other in zip(whole, sampled, strict=True):
        assert other.copied == pytest.approx(one.copied, abs=0.04)
        assert other.partners == {key: pytest.approx(share, abs=0.03) for key, share in one.partners.items()}
