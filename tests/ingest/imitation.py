"""What do reports that nobody here has seen look like? Made-up titles, openings and sign-offs with what they say.

The patterns are those of DOMAIN §4 and §5; places come from the packaged list, every sentence is our own. The same seed
gives the same reports.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from fzsearch.ingest.places import official_list
from fzsearch.model import Level, Place

REPORTING = ("镇", "乡", "街道", "苏木")
CHINESE = "〇一二三四五六七八九"


@dataclass(kw_only=True)
class Imitation:
    """A made-up document and what is right about it; `units` are all units of the name that the text leaves open."""

    style: str
    text: str
    level: Level
    units: tuple[Place, ...]
    place: Place
    year: int | None
    title: str
    issuers: tuple[str, ...]
    issued: date | None = None
    doc_number: str | None = None
    signer: str | None = None


@dataclass
class _Draft:
    """A report while it is made up: the true unit, and what the text has said of it so far."""

    rng: random.Random
    unit: Place
    year: int
    named: set[str] = field(default_factory=set)  # superiors that the text names firmly
    kind: str | None = None  # last character of the superior, where the text tells it

    @property
    def township(self) -> str:
        return self.unit.township or ""

    @property
    def is_street(self) -> bool:
        return self.township.endswith("街道")

    @property
    def government(self) -> str:
        return f"{self.township}办事处" if self.is_street else f"{self.township}人民政府"

    @property
    def committee(self) -> str:
        return f"中共{self.township}{'工作委员会' if self.is_street else '委员会'}"

    @property
    def we(self) -> str:
        return "我街道" if self.is_street else f"我{self.township[-1]}" if self.township[-1] in "镇乡" else "我苏木"

    @property
    def superior(self) -> str:
        """县, 区, 市 or 旗."""
        return (self.unit.county or "县")[-1]

    def county(self) -> str:
        self.named.add(self.unit.county or "")
        return self.unit.county or ""

    def full(self) -> str:
        self.named |= {self.unit.province or "", self.unit.city or "", self.unit.county or ""}
        return "".join(dict.fromkeys((self.unit.province or "", self.unit.city or "", self.unit.county or "")))

    def city(self) -> str:
        self.named |= {self.unit.city or "", self.unit.county or ""}
        return (self.unit.city or "") + (self.unit.county or "")

    def year_words(self) -> str:
        digits = "".join(CHINESE[int(digit)] for digit in str(self.year))
        return self.rng.choice(
            [f"{self.year}年", f"{self.year}年度", f"{self.year}年", f"{digits}年", f" {self.year} 年"]
        )

    def superior_words(self) -> str:
        self.kind = self.superior
        return f"{self.superior}委、{self.superior}政府"

    def open_units(self) -> tuple[Place, ...]:
        """The listed units of that name with which all that was said agrees."""
        units = [official_list().unit(code, self.township) for code in official_list().units[self.township]]
        return tuple(
            unit
            for unit in units
            if (not self.kind or (unit.county or "")[-1] == self.kind) and self.named <= {*unit.names, ""}
        )


Pattern = Callable[[_Draft], tuple[list[str], tuple[str, ...]]]
"""The lines of a title, and the offices that it names (a bare township where it names none)."""

SUBJECTS = (
    "法治政府建设年度报告", "法治政府建设工作报告", "法治政府建设情况报告", "法治政府建设工作总结",
    "推进法治政府建设工作情况报告", "推进依法行政建设法治政府工作情况报告", "法治建设工作总结",
    "法治政府建设工作情况汇报", "依法行政和法治政府建设情况报告",
)  # fmt: skip


def _subject(d: _Draft) -> str:
    return d.rng.choice(SUBJECTS)


TITLES: dict[str, Pattern] = {
    "government year": lambda d: ([f"{d.government}{d.year_words()}{_subject(d)}"], (d.government,)),
    "township year": lambda d: ([f"{d.township}{d.year_words()}{_subject(d)}"], (d.township,)),
    "year township": lambda d: ([f"{d.year_words()}{d.township}{_subject(d)}"], (d.township,)),
    "about": lambda d: ([f"{d.government}关于{d.year_words()}法治政府建设情况的报告"], (d.government,)),
    "about, pushed": lambda d: (
        [f"{d.government}", f"关于{d.year_words()}推进法治政府建设工作情况的报告"],
        (d.government,),
    ),
    "county": lambda d: _with(d.county(), d, "法治政府建设情况报告"),
    "county office": lambda d: _office(d.county(), d),
    "full": lambda d: _office(d.full(), d),
    "city and county": lambda d: _office(d.city(), d),
    "both": lambda d: (
        [d.committee, d.government, f"关于{d.year_words()}法治政府建设情况的报告"],
        (d.committee, d.government),
    ),
    "both with county": lambda d: _both(d, d.county()),
    "both in one line": lambda d: (
        [f"{d.committee} {d.government}关于{d.year_words()}法治政府建设工作情况的报告"],
        (d.committee, d.government),
    ),
    "county government": lambda d: _under(d, d.county()),
    "with plan": lambda d: (
        [f"{d.township}{d.year}年法治政府建设工作总结暨{d.year + 1}年工作计划"],
        (d.township,),
    ),
    "plan on its own line": lambda d: (
        [f"{d.government}{d.year}年法治政府建设工作总结", f"及{d.year + 1}年工作打算"],
        (d.government,),
    ),
    "about the township": lambda d: ([f"关于{d.township}{d.year_words()}法治政府建设情况的报告"], (d.township,)),
    "printed": lambda d: (
        [f"{d.government}关于印发《{d.township}{d.year}年法治政府建设工作总结》的通知"],
        (d.government,),
    ),
    "half year": lambda d: ([f"{d.township}{d.year}年上半年法治政府建设工作总结"], (d.township,)),
    "implementing": lambda d: (
        [f"{d.township}{d.year_words()}贯彻落实《法治政府建设实施纲要（2021—2025年）》情况报告"],
        (d.township,),
    ),
    "county and township": lambda d: (
        [f"{d.county()}{d.township}", f"{d.year}年法治政府建设情况报告"],
        ((d.unit.county or "") + d.township,),
    ),
    "no year": lambda d: ([f"{d.government}法治政府建设工作情况报告"], (d.government,)),
    "no place": lambda d: ([f"{d.year_words()}{_subject(d)}"], ()),
}


def _with(above: str, d: _Draft, subject: str) -> tuple[list[str], tuple[str, ...]]:
    return [f"{above}{d.township}{d.year_words()}{subject}"], (above + d.township,)


def _office(above: str, d: _Draft) -> tuple[list[str], tuple[str, ...]]:
    return [f"{above}{d.government}{d.year_words()}{_subject(d)}"], (above + d.government,)


def _both(d: _Draft, county: str) -> tuple[list[str], tuple[str, ...]]:
    party = f"中共{county}{d.committee.removeprefix('中共')}"
    return [party, county + d.government, f"关于{d.year_words()}法治政府建设情况的报告"], (party, county + d.government)


def _under(d: _Draft, county: str) -> tuple[list[str], tuple[str, ...]]:
    """X区人民政府Y街道办事处 as streets write it; a township is called by its own government."""
    if not d.is_street:
        return _office(county, d)
    office = f"{county}人民政府{d.government}"
    return [f"{office}关于{d.year_words()}法治政府建设工作情况的报告"], (office,)


OPENINGS = (
    "{year}，在{superior}的坚强领导下，{township}认真学习贯彻习近平法治思想，扎实推进各项工作。现将有关情况报告如下：",
    "{year}以来，{we}在{superior}的正确领导下，依法履职。现将{we}{year}法治政府建设情况报告如下：",
    "今年以来，{we}坚持党建引领，稳步推进依法治理。现将{year}工作情况汇报如下。",
    "按照上级要求，现将{township}{year}法治政府建设工作开展情况报告如下：",
    "{year}，{township}在{superior}的领导下，在{kind}司法局的指导下，紧扣年度任务，成效明显。",
    "根据《法治政府建设与责任落实督察工作规定》要求，{we}对{year}工作进行了总结，现报告如下：",
)
MEASURES = (
    "依据{kind}政发〔{before}〕9号文件，梳理事项清单{n}项，逐条核对责任人，做到一事一档。",
    "组织干部赴{elsewhere}考察学习矛盾调处经验，与{elsewhere}签订结对协议，互派人员跟班。",
    "办理对口帮扶{elsewhere}项目{n}个，邀请律师到场讲解合同风险。",
    "全年受理纠纷{n}起，其中{before}年遗留3起，均已办结，群众满意度持续提高。",
    "《{county_of}{year0}年法治建设工作要点》下发后，{township}逐项分解任务。",
    "{township}开展宪法宣传周活动，发放资料{n}份，司法所工作人员现场答疑。",
    "在{village}村召开院坝会，讲解土地流转、婚姻家庭等常见法律问题。",
    "邀请{elsewhere}司法局业务骨干授课{n}人次，讲解行政执法程序。",
    "在{elsewhere}召开现场会，交流综合行政执法改革做法。",
    "与毗邻的{elsewhere}建立联合调解机制，化解边界纠纷{n}起。",
    "行政案件由{elsewhere}人民法院集中管辖，全年应诉2件。",
    "帮助{elsewhere}籍务工人员追回工资{n}万元，协助{elsewhere}警方送达文书。",
    "{year0}年共办结信访件{n}件，其中{before}年积案2件，{next}年1月前全部销号。",
    "修订议事规则，凡合同、文件先送法律顾问审核，共审核{n}件。",
)


HEADINGS = (
    "主要举措和成效",
    "党政主要负责人履行推进法治建设第一责任人职责情况",
    "存在的不足和原因",
    "下一年度工作安排",
)
PARTINGS = ("下一步，{we}将持续用力，补齐短板。", "{next}年，{township}将抓好普法，规范执法，提升治理水平。")


def imitations(seed: int, number: int) -> Iterator[Imitation]:
    """Made-up reports of townships, all kinds of title in turn."""
    rng = random.Random(seed)
    units = [
        (code, name)
        for name, codes in sorted(official_list().units.items())
        if name.endswith(REPORTING) and name != "街道"
        for code in codes
    ]
    styles = sorted(TITLES)
    for count in range(number):
        unit, other = (official_list().unit(*rng.choice(units)) for _ in range(2))
        yield _report(_Draft(rng, unit, rng.randint(2018, 2025)), styles[count % len(styles)], other)


def _report(d: _Draft, style: str, other: Place) -> Imitation:
    rng = d.rng
    title, offices = TITLES[style](d)
    head, number, signer = _letterhead(d) if rng.random() < 0.25 else ([], None, None)
    salutation = [f"{d.superior_words()}："] if rng.random() < 0.25 else []
    opening, says_year = _opening(d, "年" in "".join(title))
    body = [line for name in HEADINGS for line in _section(d, HEADINGS.index(name), name, other)]
    signed, issued, signers = _sign_off(d, style == "no place")
    lines = [*head, *rng.choice([[], [""]]), *title, "", *salutation, opening, *body, *signed]
    units = d.open_units()
    formal = offices and offices[0].endswith(("政府", "办事处", "委员会"))
    return Imitation(
        style=style,
        text="\n".join(lines),
        level=Level.TOWNSHIP,
        units=units,
        place=d.unit,
        year=d.year if says_year else None,
        title="".join("".join(title).split()),
        issuers=offices if formal or not signers else signers,
        issued=issued,
        doc_number=number,
        signer=signer,
    )


def _letterhead(d: _Draft) -> tuple[list[str], str, str | None]:
    stem = d.township[:1]
    word = d.rng.choice(["发", "文", "报", ""])
    number = f"{stem}{'办' if d.is_street else '政'}{word}〔{d.year + 1}〕{d.rng.randint(1, 90)}号"
    if d.rng.random() < 0.5:
        return [f"{d.government}文件", "", number, ""], number, None
    return [f"{number}                签发人：林 禾", ""], number, "林禾"


def _opening(d: _Draft, in_title: bool) -> tuple[str, bool]:
    """A first sentence; one that names the year where the title does not."""
    opening = d.rng.choice(OPENINGS)
    words = opening.format(
        year=f"{d.year}年",
        superior=d.superior_words() if "{superior}" in opening else "",
        township=d.township,
        we=d.we,
        kind=d.superior,
    )
    if "{kind}" in opening:
        d.kind = d.superior
    return words, in_title or "{year}" in opening


def _section(d: _Draft, order: int, heading: str, other: Place) -> list[str]:
    numeral = "一二三四"[order]
    lines = [f"{numeral}、{heading}"]
    lines += [_sentence(d, d.rng.choice(MEASURES), other) for _ in range(d.rng.randint(1, 4))]
    if order == len(HEADINGS) - 1:
        lines.append(d.rng.choice(PARTINGS).format(we=d.we, township=d.township, next=d.year + 1))
    return lines


def _sentence(d: _Draft, pattern: str, other: Place) -> str:
    return pattern.format(
        kind=d.superior,
        before=d.year - 1,
        n=d.rng.randint(5, 400),
        next=d.year + 1,
        elsewhere=d.rng.choice([other.county, other.city or other.county, f"{other.county}{other.township}"]),
        county_of=d.county() if "{county_of}" in pattern else "",
        year0=d.year,
        township=d.township,
        village=(other.township or "").removesuffix("街道").rstrip("镇乡") or "河东",
    )


def _sign_off(d: _Draft, must_sign: bool) -> tuple[list[str], date | None, tuple[str, ...]]:
    if not must_sign and d.rng.random() < 0.4:
        return [], None, ()
    issued = date(d.year + 1, d.rng.randint(1, 3), d.rng.randint(1, 28))
    day = f"{issued.year}年{issued.month}月{issued.day}日"
    offices = d.rng.choice([(d.government,), (d.committee, d.government)])
    if d.rng.random() < 0.2:
        offices = (d.county() + d.government,)
    return [*(f"{office}   " for office in offices), f"    {day}   "], issued, offices
