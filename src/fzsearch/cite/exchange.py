"""How is a reference handed to a reference manager? CSL-JSON and RIS."""

import json
from datetime import date

from fzsearch.cite.reference import Reference


def csl_json(source: Reference) -> str:
    """A list of one CSL-JSON item (CSL 1.0.2, `csl-data.json`), issuing bodies as literal names."""
    item: dict[str, object] = {
        "id": source.key,
        "type": "webpage" if source.is_notice else "report",
        "title": source.title,
        "language": "zh-CN",
    }
    if source.authors:
        item["author"] = [{"literal": author} for author in source.authors]
    if source.number:
        item["number"] = source.number
    if source.issued:
        item["issued"] = _date_parts(source.issued)
    if source.source_url:
        item |= {"URL": source.source_url, "accessed": _date_parts(source.accessed)}
    item["note"] = f"{source.section}；{source.link}" if source.section else source.link
    return json.dumps([item], ensure_ascii=False, indent=1)


def _date_parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def ris(source: Reference) -> str:
    """A record of RIS (tags of the RIS specification, 2001, and its extension of 2011), lines ended by CR LF.

    Within a value no line may end: white space becomes one blank.
    """
    fields: list[tuple[str, str]] = [("TY", "ELEC" if source.is_notice else "RPRT")]
    fields += [("AU", f"{author},") for author in source.authors]  # the comma keeps a body's name in one piece
    fields.append(("TI", source.title))
    if source.number:
        fields.append(("SN", source.number))
    if source.issued:
        fields += [("PY", str(source.issued.year)), ("DA", source.issued.strftime("%Y/%m/%d"))]
    if source.source_url:
        fields += [("UR", source.source_url), ("Y2", source.accessed.strftime("%Y/%m/%d"))]
    if source.section:
        fields.append(("SE", source.section))
    fields += [("N1", source.link), ("LA", "zh-CN"), ("ID", source.key), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields)
