"""Which reports state figures? A few invented ones for tests of service, commands and pages; text and offsets agree."""

from typing import Any

from fzsearch.figures import indicators
from fzsearch.model import Content, Figure, Part, Place, Scope

FIRST, SECOND, UNUSED = indicators()[:3]
FENGLIN = Place(province="示例省", city="云川市", county="青溪县", township="枫林镇", code="990122101")
LIUXI = Place(province="示例省", city="云川市", county="青溪县", township="柳溪乡", code="990122201")
YUNMEN = Place(township="云门镇")


def report(key: str, year: int | None, place: Place, *stated: tuple[Any, ...]) -> dict[str, Any]:
    """A report with a sentence for every figure: (indicator or None, value, unit, approx[, scope, part_of])."""
    sentences = [
        f"“全年”办理{value:g}{unit}{approx}，次序{number}。"
        for number, (_, value, unit, approx, *_) in enumerate(stated)
    ]
    text = "一、举措\n" + "".join(sentences)
    figures = []
    for sentence, (indicator, value, unit, approx, *more) in zip(sentences, stated, strict=True):
        start = text.index(sentence) + len("“全年”办理")
        scope, part_of = (*more, Scope.WHOLE, None)[:2] if len(more) != 1 else (more[0], None)
        figures.append(
            Figure(
                indicator=indicator and indicator.id,
                label="办理",
                value=float(value),
                unit=unit,
                approx=approx,
                snippet=f"办理{value:g}{unit}",
                section="s1",
                start=start,
                end=start + len(f"{value:g}{unit}"),
                sentence=sentence,
                scope=scope,
                part_of=part_of,
            )
        )
    return {
        "key": key,
        "title": f"{place.township}{year or ''}报告",
        "year": year,
        "place": place,
        "sections": [("s1", 1, "一、", "举措", "measures", text, ["普法"])],
        "figures": tuple(figures),
        "contents": (Content(part=Part.MEASURES, section="s1", sentence="一、举措", rule="heading"),),
    }


REPORTS = (
    report("990122101-2022", 2022, FENGLIN, (FIRST, 70, "件", "")),
    report("990122101-2023", 2023, FENGLIN, (FIRST, 85, "件", "")),
    report(
        "990122101-2024",
        2024,
        FENGLIN,
        (FIRST, 99, "件", ""),
        (FIRST, 40, "件", "余"),
        (FIRST, 12, "件", "", Scope.VILLAGE),
        (FIRST, 30, "件", "", Scope.WHOLE, 0),
        (FIRST, 3, "万元", ""),
        (None, 5, "个", ""),
    ),
    report("990122201-2024", 2024, LIUXI, (FIRST, 99, "件", ""), (SECOND, 26, "场次", "")),
    report("云门镇-2024", 2024, YUNMEN, (FIRST, 1000, "件", "以上")),
)
