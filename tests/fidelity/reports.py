"""What do the five annotated reports say, as paragraphs, and where do their sections begin?

Offsets count visible characters: white space and conversion artefacts are no part of the measure.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fzsearch.ingest.lines import ARTEFACT, clean_lines

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("FZSEARCH_SHARED", ROOT.parent / "shared"))
NUMBERS = ("000", "001", "002", "003", "004")
MISSING = f"the annotated reports are not in {SHARED}; FZSEARCH_SHARED names the folder that has gold/ and reports/"

NOTE = "注：统计口径为本年度一月至十二月，数据由各站所汇总上报并经镇司法所核对后采用。"
"""An invented footnote: none of the five reports has one, and printed pages put it into the middle of the text."""

ROWS = (("指标", "上年", "本年"), ("审查合同件数", "139", "152"), ("开展讲座场次", "24", "31"))
"""An invented table, printed in a smaller size than the text."""


@dataclass(frozen=True)
class Reference:
    """One report as it should be read.

    Attributes:
        text: the file as it stands.
        paragraphs: its paragraphs, stripped, none blank.
        section_starts: offsets of the annotated sections, in visible characters.
    """

    number: str
    text: str
    paragraphs: tuple[str, ...]
    section_starts: frozenset[int]


def are_there() -> bool:
    """Whether the reports and their annotations are on this machine."""
    return (SHARED / "gold").is_dir() and (SHARED / "reports").is_dir()


def references() -> list[Reference]:
    """The five reports, in order."""
    return [_reference(number) for number in NUMBERS]


def _reference(number: str) -> Reference:
    gold = json.loads((SHARED / "gold" / f"{number}.sections.json").read_text(encoding="utf-8"))
    with (SHARED / "reports" / gold["file"]).open(encoding="utf-8", newline="") as file:
        text = file.read()
    filler = ARTEFACT.sub(lambda match: " " * len(match[0]), text)
    starts = [node["start"] for node in gold["sections"] if _is_section(node, gold["sections"])]
    paragraphs = tuple(line.text.strip() for line in clean_lines(text.split("\n")))
    return Reference(number, text, paragraphs, frozenset(len("".join(filler[:start].split())) for start in starts))


def _is_section(node: dict[str, Any], nodes: list[dict[str, Any]]) -> bool:
    """Levels 1 to 3, and 一是 paragraphs whose parent has no headed children (gold/README)."""
    siblings = [other for other in nodes if other["parent_start"] == node["parent_start"]]
    return bool(node["level"] <= 3 or (node["marker"] == "shi_par" and all(other["level"] > 3 for other in siblings)))
