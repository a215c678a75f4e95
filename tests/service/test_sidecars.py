"""Corrections, folder names and duplicates: what is read again, and which files are one report."""

import pytest

from fzsearch.errors import CorpusError
from fzsearch.query import Facet, Query
from fzsearch.service import diagnose, parse_file, write_sidecar
from fzsearch.service.indexing import _Run
from fzsearch.service.overview import read_overview
from tests.service.test_indexing import Setup, report

SHAZHEN = "沙市镇"


@pytest.fixture
def setup(tmp_path):
    made = Setup(tmp_path)
    yield made
    made.engine.close()


@pytest.fixture
def reads(monkeypatch):
    """The files that each run read, in order."""
    names: list[str] = []
    original = _Run._read_files

    def recorded(self, records):
        names.extend(record.path for record in records)
        return original(self, records)

    monkeypatch.setattr(_Run, "_read_files", recorded)

    def taken() -> list[str]:
        found = sorted(names)
        names.clear()
        return found

    return taken


def warnings(setup) -> list[str]:
    return [warning for record in setup.engine.reports() for warning in record.report.warnings]


def test_a_folder_settles_the_place_and_moving_reads_just_that_file_again(setup, reads):
    setup.write("other.txt", report())
    path = setup.write("收件/沙市镇.txt", report(place=SHAZHEN))
    setup.run()
    reads()
    assert setup.files()["沙市镇-2023"] == ["收件/沙市镇.txt"]
    target = setup.corpus / "重庆市" / "云阳县" / "沙市镇.txt"
    target.parent.mkdir(parents=True)
    path.rename(target)

    summary = setup.run()

    assert reads() == ["重庆市/云阳县/沙市镇.txt"]
    assert (summary.reports.changed, summary.reports.unchanged, summary.reports.removed) == (1, 1, 0)
    assert setup.keys() == ["500235123-2023", "云山镇-2023"]
    assert not setup.run().wrote


def test_a_sidecar_added_changed_and_removed_reads_just_that_file_again(setup, reads):
    setup.write("other.txt", report())
    setup.write("a.txt", report(place=SHAZHEN))
    setup.run()
    reads()
    found = []
    for content in ('place = "500235123"', 'place = "500235123"\nyear = 2020', None):
        if content is None:
            (setup.corpus / "a.txt.toml").unlink()
        else:
            setup.write("a.txt.toml", content)
        summary = setup.run()
        assert reads() == ["a.txt"]
        assert (summary.reports.changed, summary.reports.unchanged) == (1, 1)
        found.append(setup.keys()[0] if content else setup.keys()[1])
        before = setup.bytes_on_disk()
        assert not setup.run().wrote
        assert (setup.bytes_on_disk(), reads()) == (before, [])

    assert found == ["500235123-2023", "500235123-2020", "沙市镇-2023"]


def test_a_changed_row_reads_just_that_file_again(setup, reads):
    setup.write("b/a.txt", report(place=SHAZHEN))
    setup.write("b/c.txt", report())
    setup.write("b/reports.csv", "file,place,signer\na.txt,500235123,张三\nc.txt,,李四\n")
    setup.run()
    reads()
    setup.write("b/reports.csv", "file,place,signer\na.txt,500235123,张三\nc.txt,,王五\n")
    summary = setup.run()

    assert reads() == ["b/c.txt"]
    assert (summary.reports.changed, summary.reports.unchanged) == (1, 1)
    assert {record.report.signer for record in setup.engine.reports()} == {"张三", "王五"}
    assert not setup.run().wrote


def test_a_bad_sidecar_does_not_lose_the_report_and_is_told_until_it_is_right(setup):
    setup.write("a.txt", report())
    setup.write("a.txt.toml", 'year = 22\nsigner = "张三"')
    summary = setup.run()
    sentence = "a.txt.toml 第 1 行：year 应为报告所述的四位年份，如 2023，实际为“22”"

    assert summary.mistakes == (sentence,)
    assert setup.run().mistakes == (sentence,)
    assert warnings(setup) == [sentence]
    assert setup.engine.reports()[0].report.signer == "张三"
    found = diagnose(setup.engine, setup.corpus)
    assert (found.mistakes, found.is_healthy) == ((sentence,), False)
    assert parse_file(setup.corpus / "a.txt").warnings[0].endswith(sentence)
    setup.write("a.txt.toml", 'year = 2022\nsigner = "张三"')
    assert setup.run().mistakes == ()
    assert diagnose(setup.engine, setup.corpus).is_healthy


def test_a_correction_of_no_file_is_told_and_forgotten_once_it_is_gone(setup):
    setup.write("a.txt", report())
    setup.run()
    stray = setup.write("b.txt.toml", "year = 2022")

    assert setup.run().mistakes == ("b.txt.toml：旁边没有能读入的文件 b.txt，请核对文件名",)
    assert not setup.run().wrote
    stray.unlink()
    assert setup.run().mistakes == ()


def test_a_sidecar_of_an_unreadable_file_is_looked_at_once(setup, reads):
    setup.write("a.txt", "")
    setup.write("a.txt.toml", "year = 2022")
    setup.run()
    reads()

    assert not setup.run().wrote
    assert reads() == []


def test_stated_topics_are_added_to_the_first_section(setup):
    setup.write("a.txt", report())
    setup.run()
    before = {hit.id for hit in setup.engine.search(Query(filters={Facet.TOPIC: ("枫桥经验",)}, limit=None)).hits}
    setup.write("a.txt.toml", 'topics = ["枫桥经验"]')
    setup.run()
    after = {hit.id for hit in setup.engine.search(Query(filters={Facet.TOPIC: ("枫桥经验",)}, limit=None)).hits}

    assert (before, after) == (set(), {"云山镇-2023/s0"})
    assert setup.engine.reports()[0].report.provenance[0].rule == "sidecar.topics"


def test_the_year_of_a_sidecar_tells_the_plan(setup):
    text = report().replace("2023年", "").replace("三、下一年度主要安排", "三、2024年工作")
    setup.write("a.txt", text)
    setup.write("a.txt.toml", "year = 2023")
    setup.run()

    assert "part:s3" in {item.field for item in setup.engine.reports()[0].report.provenance}
    assert setup.keys() == ["云山镇-2023"]


def test_doctor_knows_changed_sidecars_and_moved_files(setup):
    setup.write("a.txt", report())
    setup.write("b.txt", report(year=2024))
    setup.run()
    setup.write("a.txt.toml", 'signer = "张三"')
    drift = diagnose(setup.engine, setup.corpus).drift

    assert drift is not None
    assert (drift.new, drift.changed, drift.deleted) == ((), ("a.txt",), ())


def test_an_index_of_the_same_corpus_is_the_same_whatever_came_before(setup, tmp_path):
    setup.write("a.txt", report(place=SHAZHEN))
    setup.run()
    setup.write("a.txt.toml", 'place = "500235123"')
    setup.run()
    grown = setup.engine.reports()
    setup.run(full=True)

    assert setup.engine.reports() == grown


# parse


def test_parse_uses_what_lies_beside_the_file(setup):
    path = setup.write("云阳县/沙市镇.txt", report(place=SHAZHEN))
    setup.write("reports.csv", "file,signer\n云阳县/沙市镇.txt,张三\n")
    setup.write("topics.toml", "")

    found = parse_file(path)

    assert (found.place.code, found.signer) == ("500235123", "张三")
    assert "file" in {item.source for item in found.provenance}


def test_parse_of_a_file_of_no_corpus_counts_three_folders(tmp_path):
    path = tmp_path / "重庆市" / "云阳县" / "2023" / "收" / "到" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text(report(place=SHAZHEN), encoding="utf-8")
    near = tmp_path / "云阳县" / "a.txt"
    near.parent.mkdir()
    near.write_text(report(place=SHAZHEN), encoding="utf-8")

    assert parse_file(path).place.is_ambiguous
    assert parse_file(near).place.county == "云阳县"


def test_a_draft_beside_a_file_changes_no_report(setup):
    path = setup.write("a.txt", report(place=SHAZHEN))
    setup.run()
    before = setup.engine.reports()
    write_sidecar(path, parse_file(path))
    summary = setup.run()

    assert (summary.reports.unchanged, summary.reports.changed, summary.mistakes) == (1, 0, ())
    assert setup.engine.reports() == before


# Duplicates

BROKEN = report().replace("，", ",").replace("。\n", "。\n— 3 —\n").replace("云山镇2023", "云山镇 2023")


def test_two_extractions_of_one_report_are_one_report(setup):
    setup.write("z.txt", report())
    setup.write("a.html", f"<html><body>{''.join(f'<p>{line}</p>' for line in BROKEN.splitlines())}</body></html>")
    setup.run()

    assert setup.files() == {"云山镇-2023": ["a.html", "z.txt"]}
    assert [record.key for record in diagnose(setup.engine, None).duplicates] == ["云山镇-2023"]
    assert setup.engine.reports()[0].report.title == "示例县云山镇2023年法治政府建设工作报告"


@pytest.mark.parametrize(
    ("old", "new"),
    [("35起", "36起"), ("严格按照", "未严格按照"), ("还不够强", "还够强"), ("35起", "3.5起")],
)
def test_one_other_digit_or_character_keeps_two_texts_apart(setup, old, new):
    assert old in BROKEN
    setup.write("a.txt", report())
    setup.write("b.txt", BROKEN.replace(old, new))
    setup.run()

    assert len(setup.keys()) == 2
    assert all(key.startswith("云山镇-2023~") for key in setup.files())


def test_texts_that_say_the_same_of_other_years_stay_apart(setup):
    setup.write("a.txt", report())
    setup.write("b.txt", BROKEN)
    setup.write("b.txt.toml", "year = 2022")
    setup.run()

    assert setup.keys() == ["云山镇-2022", "云山镇-2023"]


def test_the_group_does_not_depend_on_names_or_order(setup):
    third = report().replace("。", "．")
    first: dict[str, str] = {}
    for names in (("a.txt", "b.txt", "c.txt"), ("c.txt", "a.txt", "b.txt"), ("b.txt", "c.txt", "a.txt")):
        for name, text in zip(names, (report(), BROKEN, third), strict=True):
            setup.write(name, text)
            setup.run()
        record = setup.engine.reports()[0]
        assert len(record.files) == 3
        first.setdefault(record.text_hash, record.key)

    assert len(first) == 1


def test_the_corrected_file_speaks_for_all(setup):
    setup.write("a.txt", report(place=SHAZHEN))
    setup.write("b.txt", report(place=SHAZHEN) + "\n")
    setup.write("b.txt.toml", 'place = "500235123"')
    setup.run()

    assert setup.files() == {"500235123-2023": ["a.txt", "b.txt"]}


def test_one_text_in_folders_of_two_places_is_told(setup):
    setup.write("云阳县/a.txt", report(place=SHAZHEN))
    setup.write("永新县/a.txt", report(place=SHAZHEN))
    setup.run()

    assert len(setup.keys()) == 1
    assert len(warnings(setup)) == 1
    assert "地方或年度不同" in warnings(setup)[0]


def test_mistakes_that_belong_to_no_file_are_told_by_site_and_doctor(setup):
    setup.write("a.txt", report())
    setup.run()
    setup.write("b.txt.toml", "year = 2022")
    setup.write("reports.csv", "file,year\n没有.txt,2022\n")
    setup.write("topics.toml", "[[topic]]\nname = 3\n")

    told = diagnose(setup.engine, setup.corpus).mistakes
    assert [sentence.split("：")[0] for sentence in told[1:]] == ["b.txt.toml", "reports.csv 第 2 行"]
    assert told[0].startswith("topics.toml")
    with pytest.raises(CorpusError, match="topics"):
        setup.run()
    assert read_overview(setup.engine).mistakes == told
    before = setup.bytes_on_disk()
    with pytest.raises(CorpusError, match="topics"):
        setup.run()
    assert setup.bytes_on_disk() == before
    for name in ("b.txt.toml", "reports.csv", "topics.toml"):
        (setup.corpus / name).unlink()
    assert (setup.run().reports.unchanged, read_overview(setup.engine).mistakes) == (1, ())
