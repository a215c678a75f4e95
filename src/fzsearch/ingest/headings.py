"""Where does the heading of a line end, and which unnumbered lines are headings?

Works on single lines; what stands around them is the business of the outline. Sources: DESIGN §4, MEASURED-reading §3
(traps 5 to 10), DOMAIN §3.
"""

import re

from fzsearch.ingest.markers import DECORATION, Marker, find_marker, find_shi
from fzsearch.ingest.parts import part_of_heading
from fzsearch.numerals import find_date, fold, squeeze

_QUOTED = r"“[^”]{0,80}”|《[^》]{0,80}》|\([^)]{0,80}\)|「[^」]{0,80}」"  # bounded: a mark may never be closed
_SENTENCE = re.compile(rf"(?:{_QUOTED}|[^。!])*")
_CLAUSE = re.compile(rf"(?:{_QUOTED}|[^,;:。])+")
_COLON = re.compile(r"([^，,。:：]{4,40})[:：](?=.{25}|.*。)")
_WIDE_GAP = re.compile(r"(?:\s{2,}|\u3000)(?=.{20})")
_NARROW_GAP = re.compile(r"(?<=[\u4e00-\u9fff”）])[ \t](?=[\u4e00-\u9fff“].{20})")
# The body begins without any sign: 落实集体学法2024年，我镇…
_ABRUPT = re.compile(r"(?<=[\u4e00-\u9fff”）])(?:20(?:\d\d|xx|\*\*)年(?:度|以来)?|今年以?来|一年来|年初)[，,]")
_LEADING = "。！!；;：:，,、# \t\u3000"
_TRAILING = _LEADING + "*"  # ****年 is a masked year

# Words of a report on what was done: who (我镇), finished (了), how many (12名).
_DEED = re.compile(
    r"我[镇乡街办处]|[镇乡](?:党委|政府)|街道党工委|了(?!解)|(?<!\d)\d[\d,.]*(?:余|多)?[万千]?(?:余|多)?[次场名件人起份个条项期户家元%]"
    r"|一是|成立|今年以?来|年以来|原因(?:是|在于)|根据|为(?:了|加强|进一步)"
)
_SIGNATURE = re.compile(r"(?:委员会|人民政府|办事处|党委|党工委|司法所|办公室)$")
_NOT_A_HEADING = re.compile(
    r"^(?:附件?|注|联系人|抄送|来源|此件|附表|主送)|现将|如下$|特此报告|感谢|报告$|^[\d\W]*$|^\d{1,3}(?!\d)|^[一二三四五六七八九十]+、"
)
# What sentences begin with and headings do not.
_CONNECTIVE = re.compile(
    r"今年|全年|本年|目前|近年|同时|此外|另外|下一?步|为|在|对|通过|根据|按照|结合|依托|针对|其中|但|虽|总|一年来|截[至止]|主要|我|具体|如|不过|因此|由于|经|及时将"
)
# Verbs that headings of reports begin with; asked of a lead sentence of a single clause.
_VERB = re.compile(
    r"(?:进一步|持续|全面|深入|着力|切实|大力|扎实|积极|不断|认真|有效|依法|严格|全力|稳步)*"
    r"(?:加强|强化|完善|健全|推进|推动|深化|坚持|落实|严格|规范|提升|提高|优化|开展|抓好|抓实|抓牢|做好|做实|聚焦|突出|创新|压实|夯实|构建|筑牢"
    r"|履行|营造|打造|化解|加大|加快|统筹|保障|注重|紧扣|紧盯|围绕|拓宽|拓展|增强|树立|建立|发挥|畅通|守牢|学习|贯彻|执行|培育|改进|维护|促进|明确"
    r"|高度重视|领导|建强|厚植|凝聚|用好|确保|带头|主动|法治|普法|队伍|制度|执法)"
)
_MAX_HEADING = 60
_MAX_BARE = 32
_MAX_SLOGAN = 14


def heading_of(words: str, *, alone: bool) -> str | None:
    """The heading in the words behind a number; None when there are none.

    It ends at the first 。; a sentence that is body text already ends at its first comma. `alone` says that the body
    follows on other lines, so that a line of one sentence is a heading even when it is long.
    """
    words = re.sub(r"^是(?!否)", "", words.strip())
    gap = _WIDE_GAP.search(words)
    if gap and re.search(r"[，。；,;]", words[gap.end() :]):
        return words[: gap.start()].rstrip(_TRAILING) or None
    gap = _NARROW_GAP.search(words, 6, _MAX_HEADING)
    if gap and "。" not in words[: gap.start()] and _is_deed(words[gap.end() : gap.end() + 20]):
        return words[: gap.start()].strip(_TRAILING)
    abrupt = _ABRUPT.search(words, 4, _MAX_HEADING)
    if abrupt and not re.search("[。，,]", words[: abrupt.start()]):
        return words[: abrupt.start()].strip(_TRAILING)
    shi = words.find("一是", 4, _MAX_HEADING)
    if shi > 0 and "二是" in words[shi:] and not re.search("[，。；、]", words[:shi]):
        return words[:shi].strip(_TRAILING)  # （一）政务公开一是…二是…
    if (colon := _COLON.match(words)) and part_of_heading(colon[1]):
        return colon[1].strip(_TRAILING)
    end = _end(_SENTENCE, words)
    tail = words[end:].strip(_TRAILING)
    if _is_body(words[:end], alone=alone and not tail):
        end = _end(_CLAUSE, words)
    return words[:end].rstrip(_TRAILING).lstrip(_LEADING) or None


def _is_deed(words: str) -> bool:
    """Whether a sentence begins that says who did what when."""
    return bool(_CONNECTIVE.match(words) or _DEED.search(fold(words)))


def shi_heading(words: str, *, alone: bool) -> str | None:
    """The heading behind 一是: a short first sentence with more behind it; None for prose."""
    end = _end(_SENTENCE, words)
    sentence, tail = words[:end], words[end:].strip(_TRAILING)
    if not (tail or alone) or len(sentence) > _MAX_HEADING - 20 or len(_clauses(sentence)) > 2:  # noqa: PLR2004
        return None
    return None if _has_deed(sentence) or "；" in sentence else sentence.strip(_TRAILING) or None


def _end(pattern: re.Pattern[str], words: str) -> int:
    match = pattern.match(fold(words))
    return match.end() if match else 0


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in _CLAUSE.findall(fold(sentence)) if clause.strip()]


def _has_deed(sentence: str) -> bool:
    """Whether a clause behind the first says who did what."""
    return any(_DEED.search(clause) for clause in _clauses(sentence)[1:])


def _is_body(sentence: str, *, alone: bool) -> bool:
    """Whether a sentence is body text: long, more than two clauses, saying who did what.

    Parallel clauses, of one length or each a slogan (坚持党的领导，健全机制，压实工作责任), are a heading.
    """
    clauses = _clauses(sentence)
    if alone:
        return len(clauses) > 2 and (_has_deed(sentence) or len(sentence) > 2 * _MAX_HEADING)  # noqa: PLR2004
    is_parallel = len({len(clause) for clause in clauses}) == 1 or all(_is_slogan(clause) for clause in clauses)
    return len(sentence) > _MAX_HEADING or (len(clauses) > 2 and not is_parallel) or _has_deed(sentence)  # noqa: PLR2004


def _is_slogan(clause: str) -> bool:
    return len(clause) <= _MAX_SLOGAN and bool(_VERB.match(clause))


def stands_alone(line: str, marker: Marker) -> bool:
    """Whether a number stands on a line of its own, its heading on the next."""
    return not line[marker.end :].strip("*# \u3000")


def is_part_title(line: str) -> bool:
    """Whether an unnumbered line of its own names a statutory part (存在的主要问题)."""
    words = bare_words(line).rstrip("：:")
    return bool(_is_bare(words, limit=45) and part_of_heading(words))


def bare_line(line: str, following: str | None) -> str | None:
    """The heading of an unnumbered line that stands alone above its body; None for anything else."""
    words = bare_words(line)
    if is_part_title(line):
        return words.rstrip("：:")
    prose = following is not None and (
        len(following.strip()) > _MAX_BARE or bool(find_shi(following)) or "。" in following
    )
    heading = words.removesuffix("。")
    if not prose or not _is_bare(heading, limit=_MAX_BARE) or _CONNECTIVE.match(heading) or _DEED.search(fold(heading)):
        return None
    return heading if heading == words or len(_clauses(heading)) == 2 else None  # noqa: PLR2004


def bare_lead(line: str) -> str | None:
    """The heading of a paragraph that opens with an unnumbered heading sentence; None for prose.

    Such a sentence is a pair of clauses of like length (健全机制，规范程序。) or one short clause that begins
    like a heading.
    """
    words = bare_words(line)
    sentence = words[: _end(_SENTENCE, words)]
    if len(words) < len(sentence) + 10 or not _is_bare(sentence, limit=_MAX_BARE):
        return None
    if _CONNECTIVE.match(sentence) or _DEED.search(fold(sentence)):
        return None
    lengths = [len(clause) for clause in _clauses(sentence)]
    is_pair = len(lengths) == 2 and min(lengths) >= 4 and max(lengths) - min(lengths) <= 6  # noqa: PLR2004
    is_short = len(lengths) == 1 and 4 <= lengths[0] <= 18  # noqa: PLR2004
    return sentence if is_pair or (is_short and _VERB.match(sentence)) else None


def bare_words(line: str) -> str:
    """A line without list marks and white space around it."""
    match = DECORATION.match(line)
    return line[match.end() if match else 0 :].rstrip().rstrip("*").rstrip()


def is_signature(line: str) -> bool:
    """Whether a line is an office or a date: part of a sign-off or letterhead, never a heading."""
    text = squeeze(line).strip("（）()")
    found = find_date(text)
    return bool(_SIGNATURE.search(text)) or bool(found and found[2] == len(text))


def _is_bare(words: str, *, limit: int) -> bool:
    if not 4 <= len(words) <= limit or re.search(r"[。；：！？;:!?…|]|[，、,]$", words):  # noqa: PLR2004
        return False
    if _NOT_A_HEADING.search(words) or is_signature(words) or find_marker(words) or find_shi(words):
        return False
    return len(_clauses(words)) <= 3  # noqa: PLR2004
