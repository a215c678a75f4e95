"""What becomes of permanent addresses while a corpus changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.engine import EmbeddedEngine
from fzsearch.model import Place
from fzsearch.service.addresses import Address, parse_address
from fzsearch.service.differences import MAX_CHARS, compare
from fzsearch.service.links import LinkState, resolve
from fzsearch.service.nearest import nearest_sections
from fzsearch.service.paragraphs import has_body, paragraph_spans
from tests.builders import build_engine, build_sections

KEY = "990122101-2024"
PLACE = {"township": "枫林镇", "county": "青溪县", "code": "990122101"}
FIRST = ("s1", 1, "一、", "主要举措", "measures", "一、主要举措")
MEDIATE = ("s1.1", 2, "（一）", "调解", "measures", "（一）调解\n全年调解纠纷85起。\n在村口设议事亭。")
TEACH = ("s1.2", 2, "（二）", "普法", "measures", "（二）普法\n开展普法活动26场次。")
LACKS = ("s2", 1, "二、", "存在不足", "problems", "二、存在不足\n执法力量不够。")


def report(*sections, key=KEY, place=PLACE, year=2024, **more):
    return {"key": key, "place": place, "year": year, "sections": sections or (FIRST, MEDIATE, TEACH, LACKS), **more}


def at(section, path):
    return (path, *section[1:])


def hash_of(section):
    return build_sections(report(section))[0].hash


@pytest.fixture
def engine_of(tmp_path):
    opened: list[EmbeddedEngine] = []

    def make(*reports):
        opened.append(build_engine(tmp_path / str(len(opened)), *reports))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


def follow(engine, section=MEDIATE, key=KEY, path=None, text_hash="own"):
    return resolve(
        engine, key, section[0] if path is None else path, hash_of(section) if text_hash == "own" else text_hash
    )


# ---- one report


def test_an_unchanged_section_is_the_same(engine_of):
    found = follow(engine_of(report()))

    assert (found.state, found.anchor, found.record.key) == (LinkState.SAME, "s1.1", KEY)
    assert found.target == f"/r/{KEY}/s1.1@{hash_of(MEDIATE)}"


@pytest.mark.parametrize("text_hash", ["own", None])
def test_a_paragraph_is_found_in_its_section(engine_of, text_hash):
    found = follow(engine_of(report()), path="s1.1/p2", text_hash=text_hash)

    assert (found.state, found.anchor) == (LinkState.SAME, "s1.1/p2")


@pytest.mark.parametrize("number", ["0", "3", "999999"])
def test_a_paragraph_that_a_section_does_not_have_is_gone_but_the_section_is_offered(engine_of, number):
    found = follow(engine_of(report()), path=f"s1.1/p{number}")

    assert found.state is LinkState.REMOVED
    assert [one.section.path for one in found.nearest] == ["s1.1"]


def test_a_section_that_changed_places_is_followed_with_its_paragraph(engine_of):
    found = follow(engine_of(report(FIRST, at(TEACH, "s1.1"), at(MEDIATE, "s1.2"), LACKS)), path="s1.1/p2")

    assert (found.state, found.anchor) == (LinkState.MOVED, "s1.2/p2")


def test_a_changed_text_is_told_with_what_stands_there_now(engine_of):
    found = follow(engine_of(report()), text_hash="00000000")

    assert found.state is LinkState.CHANGED
    assert found.section.section.text == MEDIATE[-1]


def test_a_gone_section_offers_its_neighbours(engine_of):
    found = follow(engine_of(report()), path="s1.9", text_hash="00000000")

    assert found.state is LinkState.REMOVED
    assert found.record.key == KEY
    assert [one.section.path for one in found.nearest][:3] == ["s1", "s1.2", "s1.1"]


def test_a_whole_report_is_named_by_the_hash_of_its_text(engine_of):
    engine = engine_of(report())
    own = engine.report(KEY).text_hash[:8]

    assert resolve(engine, KEY, "", own).state is LinkState.SAME
    assert resolve(engine, KEY, "", "00000000").state is LinkState.CHANGED
    assert resolve(engine, "别处-2024", "", own).target == f"/r/{KEY}@{own}"
    assert resolve(engine, "别处-2024", "", "00000000").state is LinkState.REMOVED


# ---- elsewhere in the corpus


def test_a_text_of_one_other_report_is_followed(engine_of):
    other = report(MEDIATE, key="990122102-2023", place={"township": "云门镇"}, year=2023)
    found = follow(engine_of(report(FIRST, TEACH, LACKS), other))

    assert (found.state, found.record.key) == (LinkState.MOVED, "990122102-2023")


def test_a_bare_heading_elsewhere_says_nothing_about_where_a_text_went(engine_of):
    renamed = ("s1", 1, "一、", "主要工作", "measures", "一、主要工作")
    other = report(FIRST, key="990122102-2023", place={"township": "云门镇"}, year=2023)
    found = follow(engine_of(report(renamed, MEDIATE), other), FIRST)

    assert (found.state, found.section.section.text) == (LinkState.CHANGED, "一、主要工作")
    assert found.twin.report.key == "990122102-2023"


def test_a_text_of_several_other_reports_is_a_choice_when_nothing_stands_in_its_place(engine_of):
    others = [report(MEDIATE, key=f"9901221{n}-2023", place={"township": f"{n}镇"}, year=2023) for n in (20, 30)]
    gone = follow(engine_of(report(FIRST, LACKS), *others))
    changed = follow(engine_of(report(FIRST, at(LACKS, "s1.1")), *others))

    assert (gone.state, [one.key for one in gone.rivals]) == (LinkState.SEVERAL, ["990122120-2023", "990122130-2023"])
    assert (changed.state, changed.record.key) == (LinkState.CHANGED, KEY)


# ---- keys


def test_a_key_by_name_leads_to_the_code_once_it_is_known_and_back(engine_of):
    settled = engine_of(report())
    unsettled = engine_of(report(key="枫林镇-2024", place={"township": "枫林镇"}))
    candidates = engine_of(
        report(key="枫林镇-2024", place={"township": "枫林镇", "candidates": (_place("990122101"), _place("1"))})
    )

    for text_hash in ("own", None):
        assert follow(settled, key="枫林镇-2024", text_hash=text_hash).target.startswith(f"/r/{KEY}/s1.1@")
        assert follow(candidates, text_hash=text_hash).record.key == "枫林镇-2024"
    assert follow(unsettled).state is LinkState.MOVED
    assert follow(unsettled, text_hash=None).state is LinkState.REMOVED


def _place(code):
    return Place(township="枫林镇", code=code)


def test_a_key_by_name_that_two_settled_places_share_is_a_choice_unless_the_text_tells(engine_of):
    other = report(TEACH, key="990221101-2024", place=PLACE | {"code": "990221101"})
    engine = engine_of(report(FIRST, MEDIATE), other)

    assert follow(engine, key="枫林镇-2024").record.key == KEY
    choice = resolve(engine, "枫林镇-2024")
    assert (choice.state, [one.key for one in choice.rivals]) == (LinkState.SEVERAL, [KEY, "990221101-2024"])


def rivals(*bodies):
    """Reports of one place and year as the indexer keys them: by their texts where there are several."""
    made = [report(FIRST, ("s2", 1, None, None, "other", body)) for body in bodies]
    if len(made) == 1:
        return made
    return [one | {"key": f"{KEY}~{build_sections(one)[0].report.text_hash[:4]}"} for one in made]


def test_a_bare_key_becomes_a_choice_when_a_rival_appears(engine_of):
    section = ("s2", 1, None, None, "other", "甲文。")
    engine = engine_of(*rivals("甲文。", "乙文。"))

    assert resolve(engine, KEY).state is LinkState.SEVERAL
    assert len(resolve(engine, KEY, "s2").rivals) == 2
    found = follow(engine, section)
    assert (found.state, found.section.section.text) == (LinkState.MOVED, "甲文。")
    assert resolve(engine, KEY, "s2", "00000000").state is LinkState.SEVERAL
    assert follow(engine, FIRST).state is LinkState.SEVERAL


def test_a_key_with_digits_leads_to_its_text_when_the_rival_is_gone(engine_of):
    first, second = (one["key"] for one in rivals("甲文。", "乙文。"))
    engine = engine_of(*rivals("甲文。"))

    assert resolve(engine, first).state is LinkState.MOVED
    assert resolve(engine, first, "s2").target.startswith(f"/r/{KEY}/s2@")
    for path in ("", "s2"):
        found = resolve(engine, second, path)
        assert found.state is LinkState.CHANGED
        assert found.target.startswith(f"/r/{KEY}")


def test_a_key_by_text_leads_to_its_place_once_that_is_known(engine_of):
    engine = engine_of(report())
    digits = engine.report(KEY).text_hash[:8]

    assert resolve(engine, f"doc-{digits}", "s1.1").target.startswith(f"/r/{KEY}/s1.1@")
    assert resolve(engine, "doc-00000000", "s1.1").state is LinkState.REMOVED


# ---- addresses


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("枫林镇-2024", Address(key="枫林镇-2024")),
        ("枫林镇-2024/", Address(key="枫林镇-2024")),
        ("%E6%9E%AB%E6%9E%97%E9%95%87-2024/s1", Address(key="枫林镇-2024", path="s1")),
        ("a-2024/S1.2/P3@ABCDEF01", Address(key="a-2024", path="s1.2/p3", hash="abcdef01")),
        ("a-2024/s1@abcdef0123456789", Address(key="a-2024", path="s1", hash="abcdef01")),
        ("a-2024~ABCD@abcdef01.JSON", Address(key="a-2024~abcd", hash="abcdef01", form="json")),
        ("a-2024/s1.md@abcdef01", Address(key="a-2024", path="s1", hash="abcdef01", form="md")),
        ("a-2024/s1.txt", Address(key="a-2024", path="s1", form="txt")),
        ("a-2024/s1@abcdef01。）", Address(key="a-2024", path="s1", hash="abcdef01")),
        ("a-2024/s1@abc", Address(key="a-2024", path="s1@abc")),
        ("", Address(key="")),
    ],
)
def test_addresses_are_read_tolerantly(written, address):
    assert parse_address(written) == address
    assert parse_address(str(address)) == Address(key=address.key, path=address.path, hash=address.hash)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text(alphabet="s1./p@~-2024abdoc%枫\x00\n", max_size=30)))
def test_any_string_is_an_address(shared_engine, written):
    address = parse_address(written)
    found = resolve(shared_engine, address.key, address.path, address.hash)

    assert found.state in LinkState
    assert (found.record is None) == (found.state in {LinkState.SEVERAL, LinkState.REMOVED} and not found.nearest)


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory):
    engine = build_engine(tmp_path_factory.mktemp("links"), report(), report(TEACH, key="doc-abcdabcd", year=None))
    yield engine
    engine.close()


# ---- paragraphs, nearest sections, differences


def test_paragraphs_leave_out_heading_and_blank_lines():
    heading, mediate = (row.section for row in build_sections(report(FIRST, MEDIATE)))

    assert [mediate.text[start:end] for start, end in paragraph_spans(mediate)] == [
        "全年调解纠纷85起。", "在村口设议事亭。",
    ]  # fmt: skip
    assert not has_body(heading)


def test_sections_that_hold_a_known_text_come_first(shared_engine):
    paths = [f"{KEY}/{path}" for path in ("s1", "s1.1", "s1.2", "s2")]

    found = nearest_sections(shared_engine.sections(paths), "s1.2", "村口设了议事亭")
    assert [one.section.path for one in found] == ["s1.1", "s1.2", "s1", "s2"]


def test_differences_are_of_characters_and_the_rest_of_the_section_is_context():
    found = compare("调解纠纷85起，化解率98%", "全年调解纠纷86起，化解率为98%。另有普法26场次。")

    assert "".join(one.text for one in found.old if one.kind == "del") == "85"
    assert "".join(one.text for one in found.new if one.kind == "ins") == "86为"
    assert "".join(one.text for one in found.new) == "全年调解纠纷86起，化解率为98%。另有普法26场次。"


@pytest.mark.parametrize(
    ("old", "new", "deleted"),
    [
        ("化解率96.9%，", "化解率97.6%，", ["96.9"]),
        ("２０２４年10件", "2024年12件", ["10"]),
        ("第1.村", "第2.村", ["1"]),
    ],
)
def test_a_number_differs_as_a_whole_and_its_width_not_at_all(old, new, deleted):
    assert [one.text for one in compare(old, new).old if one.kind] == deleted


@pytest.mark.parametrize("old", ["调解 纠纷", "调解纠紛", "“调解纠纷”"[1:-1]])
def test_differences_that_normalisation_folds_are_none(old):
    assert compare(old, "全年调解纠纷85起").is_literal


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="甲乙丙，。1", max_size=60), st.text(alphabet="甲乙丙，。1", max_size=200))
def test_differences_keep_both_texts(old, text):
    found = compare(old, text)

    assert "".join(one.text for one in found.old) == old.strip()
    shown = "".join(one.text for one in found.new).strip("…")
    assert shown in text
    assert all(one.kind != "ins" for one in found.old)
    assert all(one.kind != "del" for one in found.new)


def test_differences_of_very_long_texts_are_limited():
    found = compare("的" * 5000, "的确" * 20000)

    assert len("".join(one.text for one in found.old)) == MAX_CHARS
