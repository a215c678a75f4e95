"""What always holds of sections, whatever a document says? Layouts with their sections are in test_layouts.py."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.ingest import read_report
from fzsearch.ingest.lines import ARTEFACT, clean_lines
from fzsearch.ingest.outline import CHUNK_CHARS, read_outline
from fzsearch.ingest.places import PlaceList
from fzsearch.ingest.title import find_title
from fzsearch.model import Document, Format, Section
from tests.ingest.layouts import PROSE, TITLE, visible


def sections_of(text: str) -> tuple[Section, ...]:
    lines = clean_lines(text.split("\n"))
    title = find_title(lines, {})
    return tuple(section for _, section in read_outline(lines, title.lines if title else ()))


def test_front_runs_to_the_first_heading():
    front = sections_of(f"{TITLE}\n区委、区政府：\n{PROSE}\n一、主要举措\n{PROSE}")[0]

    assert (front.path, front.level, front.marker, front.heading) == ("s0", 0, None, None)
    assert front.text == f"{TITLE}\n区委、区政府：\n{PROSE}"


def test_without_front_there_is_no_s0():
    assert [s.path for s in sections_of(f"一、主要举措\n{PROSE}\n二、下步安排\n{PROSE}")] == ["s1", "s2"]


def test_nothing_has_no_sections():
    assert read_outline([]) == []


def test_long_text_without_headings_is_cut_between_paragraphs():
    text = "\n".join([PROSE * 9] * 12)

    sections = sections_of(text)

    assert len(sections) > 1
    assert [s.path for s in sections] == [f"s{n}" for n in range(1, len(sections) + 1)]
    assert all(len(s.text) <= CHUNK_CHARS + s.text.count("\n") for s in sections)
    assert "\n".join(s.text for s in sections) == text


def test_sign_off_is_text_of_the_last_section():
    text = f"{TITLE}\n一、主要举措\n{PROSE}\n二、下步安排\n{PROSE}\n红枫镇人民政府\n2025年1月8日"

    assert sections_of(text)[-1].text.endswith("红枫镇人民政府\n2025年1月8日")


HEADING = st.builds(
    "{}{}{}".format,
    st.sampled_from(
        [
            "一、",
            "二、",
            "三、",
            "（一）",
            "（二）",
            "(三)",
            "1.",
            "2、",
            "（1）",
            "①",
            "一是",
            "二是",
            "第一部分 ",
            "",
            "●",
            "-、",
            "2024年法治政府",
            "附件：",
            "一　",
            "1.1 ",
            "第一章 ",
            "【二】",
            "一，",
        ]
    ),
    st.sampled_from(
        [
            "强化责任",
            "存在问题及下步打算",
            "主要举措和成效",
            "存在的不足",
            "下一步工作安排",
            "理清思路，压实责任。",
            "其他情况",
        ]
    ),
    st.sampled_from(["", "。", PROSE, "：", "　" + PROSE]),
)
ANY_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=60)
LINES = st.lists(
    st.one_of(
        HEADING,
        ANY_LINE,
        st.sampled_from(
            [PROSE, TITLE, "", "  ", "下一步，抓紧落实。", "红枫镇人民政府", "2025年1月8日", "目录", "一、强化责任……3"]
        ),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def places() -> PlaceList:
    return PlaceList.load()


@settings(deadline=None)
@given(raw=LINES)
def test_every_character_stands_in_one_section(places, raw):
    report = read_report(Document(format=Format.TXT, lines=tuple(raw)), places)

    assert visible("".join(s.text for s in report.sections)) == visible("".join(ARTEFACT.sub("", line) for line in raw))
    assert all(section.text.strip() for section in report.sections)


@settings(deadline=None)
@given(raw=LINES, gaps=st.lists(st.sampled_from(["", "\n", "。", "：", " "]), min_size=40, max_size=40))
def test_paths_and_levels_agree(places, raw, gaps):
    """Also where line breaks are lost."""
    text = "".join(line + gap for line, gap in zip(raw, gaps, strict=False))

    sections = read_report(Document(format=Format.TXT, lines=tuple(text.split("\n"))), places).sections

    paths = [section.path for section in sections]
    assert len(set(paths)) == len(paths)
    for section in sections:
        assert re.fullmatch(r"s0|s[1-9]\d*(?:\.[1-9]\d*)*", section.path)
        assert section.level == (0 if section.path == "s0" else section.path.count(".") + 1)
        assert section.level <= 1 or section.path.rpartition(".")[0] in paths
        assert section.heading is None or section.heading in section.text.replace("**", "")
        assert section.marker is None or section.marker in visible(section.text).replace("*", "")
