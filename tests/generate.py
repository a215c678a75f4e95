"""Made-up reports for engine tests: small vocabularies, so that strings overlap, repeat and stand across borders."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from fzsearch.analysis import normalize, words
from fzsearch.engine import IndexedSection
from fzsearch.model import Figure, Format, IndexedReport, Part, Place, Report, Scope, Section, SourceFile
from fzsearch.query import And, Facet, FacetIs, FieldHas, FieldName, Literal, Node, Not, Or, Words
from fzsearch.service.reading import ReadFile, indexed_sections

PHRASES = (
    "枫桥经验", "枫桥", "经验", "合法性审查", "审查", "法治政府", "法治", "法制", "人民政府", "民政", "调解", "普法",
    "普", "矛盾纠纷", "20余起", "“枫桥”", "（一）", "３５件", "。", "，", "；", "：", "\n", "\u3000", "2024年", "ABC",
    "ａｂ", "關於", "𠮷野", "①",
)  # fmt: skip
PLACES = (
    Place(province="示例省", city="云川市", county="青溪县", township="枫林镇", code="990122101"),
    Place(province="示例省", city="云川市", county="青溪县", township="柳溪乡", code="990122201"),
    Place(province="示例省", city="平州市", county="临河县", township="枫林镇", code="990221101"),
    Place(
        township="石桥镇", candidates=(Place(county="甲县", township="石桥镇"), Place(county="乙县", township="石桥镇"))
    ),
    Place(township="新山镇"),
    Place(province="重庆市", city="重庆市", county="示例区"),
    Place(),
)
TOPICS = ("枫桥经验", "合法性审查", "普法")
INDICATORS = ("调解", "普法活动")


def now() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def make_sections(seed: int, reports: int = 12) -> list[IndexedSection]:
    """The rows of made-up reports, grouped by report; the same seed gives the same rows."""
    return [row for number in range(reports) for row in make_report(random.Random(seed * 1000 + number), number)]


def make_report(rng: random.Random, number: int) -> list[IndexedSection]:
    """The rows of one made-up report."""
    place = rng.choice(PLACES)
    sections = tuple(_section(rng, order) for order in range(rng.randint(1, 6)))
    title = (
        f"{place.township or ''}{rng.choice(['2023年', '', '二〇二四年'])}法治政府建设{rng.choice(['报告', '情况'])}"
    )
    report = Report(
        title=rng.choice([title, None]),
        year=rng.choice([2022, 2023, 2024, None]),
        place=place,
        issuers=(),
        doc_number=rng.choice([None, "示政〔2023〕3号"]),
        issued=rng.choice([None, date(2025, 1, 10)]),
        signer=None,
        sections=sections,
        figures=tuple(_figure(rng, rng.choice(sections), number) for number in range(rng.randint(0, 6))),
        warnings=("注意",) if number % 5 == 0 else (),
    )
    read = ReadFile(
        sha256=f"{number:064x}",
        format=Format.TXT,
        text_hash=f"{number:064x}",
        report=report,
        norms=tuple(normalize(section.text) for section in sections),
        words=tuple(" ".join(words(section.text)) for section in sections),
        heading_words=tuple(" ".join(words(section.heading or "")) for section in sections),
        title_words=" ".join(words(report.title or "")),
    )
    file = SourceFile(path=f"{number}.txt", format=Format.TXT, size_bytes=1, sha256=read.sha256)
    key = f"r{rng.randint(0, 9)}-{number}"
    return indexed_sections(IndexedReport(key=key, text_hash=read.text_hash, report=report, files=(file,)), read)


def _section(rng: random.Random, order: int) -> Section:
    heading = rng.choice([None, "化解矛盾纠纷", "合法性审查，枫桥"])
    text = (heading or "") + "".join(rng.choices(PHRASES, k=rng.randint(1, 14)))
    topics = tuple(topic for topic in TOPICS if rng.random() < 0.3)
    section = Section(path="s0", level=0, marker=None, heading=heading, part=rng.choice(list(Part)), text=text)
    return replace(section, path=f"s{order}", level=min(order, 1), topics=topics)


def _figure(rng: random.Random, section: Section, number: int) -> Figure:
    """Any figure; a report names its sections in no order."""
    return Figure(
        indicator=rng.choice([None, *INDICATORS]),
        label="调解",
        value=rng.choice([0.0, 85.0, 99.5]),
        unit=rng.choice(["件", "%"]),
        approx=rng.choice(["", "余"]),
        snippet="调解85件",
        section=section.path,
        start=number,
        end=number + 3,
        sentence=section.text,
        scope=rng.choice(list(Scope)),
        part_of=rng.choice([None, 0]),
    )


def terms() -> st.SearchStrategy[str]:
    """Strings that stand in made-up texts, or nearly."""
    return st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3).map("".join)


def trees() -> st.SearchStrategy[Node]:
    """Engine trees of every kind of node."""
    leaves = st.one_of(
        terms().map(lambda text: Literal(normalize(text))),
        st.builds(
            lambda text, any_word: Words(normalize(text), tuple(dict.fromkeys(words(text))), any_word),
            terms(),
            st.booleans(),
        ),
        st.builds(FieldHas, st.sampled_from([FieldName.TITLE, FieldName.DOC_NUMBER]), terms().map(normalize)),
        st.builds(lambda year: FacetIs(Facet.YEAR, (year,)), st.sampled_from(["2023", "2024", "1999"])),
    )

    def inner(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        several = st.lists(children, min_size=1, max_size=3).map(tuple)
        return st.one_of(several.map(And), several.map(Or), children.map(Not))

    return st.recursive(leaves, inner, max_leaves=6)


def filters() -> st.SearchStrategy[dict[Facet, tuple[str, ...]]]:
    """Choices in some facets, also ones that stand nowhere."""
    values = {
        Facet.YEAR: ["2022", "2023", "2024", "1999", "未定"],
        Facet.TOWNSHIP: ["枫林镇", "石桥镇", "990122101", "无此镇"],
        Facet.COUNTY: ["青溪县", "临河县", "未定"],
        Facet.PROVINCE: ["示例省", "重庆市"],
        Facet.TOPIC: list(TOPICS),
        Facet.PART: [part.value for part in Part],
    }
    chosen = {
        facet: st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
        for facet, names in values.items()
    }
    return st.fixed_dictionaries({}, optional=chosen)


def by_report(rows: list[IndexedSection]) -> Iterator[tuple[str, list[IndexedSection]]]:
    """The rows of each report."""
    for key in dict.fromkeys(row.report.key for row in rows):
        yield key, [row for row in rows if row.report.key == key]
