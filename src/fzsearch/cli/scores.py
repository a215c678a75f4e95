"""How does the score of a hit read in a terminal? The formula in short, then what each term adds."""

from fzsearch.query import HitScore, TermScore

FORMULA = """得分 = 各项之和 × 光标题打折 × 相近加成；逐字命中不论得分排在前面，同分按报告编号和段的先后。
每项 = idf × 频次 × (k1 + 1) / (频次 + k1 × (0.2 + 0.8 × 段长))；idf = ln(1 + (n − df + 0.5) / (df + 0.5))，越少见越大。
频次：词 = 正文 + 1.5 × 标题 + 0.5 × 报告题名，字对和单字 = 正文；k1：词、字对 1.2，单字 2；段长按平均长度计。
光标题打折：整段只有标题的 × 0.5；相近加成：前 50 段 × (1 + 0.25 × 60 字之内聚在一处的词所占份量)。
"""
_KINDS = {"word": "词", "pair": "字对", "character": "单字"}
_FIELDS = {"body": "正文", "heading": "标题", "title": "报告题名"}


def score_lines(why: HitScore) -> list[str]:
    """What adds up to a score, a line each, the largest first."""
    near = "" if why.near is None else f"（相近 {why.near:.2f}）"
    total = sum(term.share for term in why.terms)
    head = f"   得分 {why.score:.4f} = {total:.4f} × {why.bare:g} × {why.together:.4f}{near}"
    return [head, *(_line(term) for term in sorted(why.terms, key=lambda term: -term.share))]


def _line(term: TermScore) -> str:
    counts = "、".join(f"{_FIELDS[field]} {times:g} 次" for field, times in term.frequencies.items())
    name = f"{_KINDS[term.kind]}“{term.text}”"
    return f"     {term.share:8.4f}  {name}：idf {term.idf:.4f}，{counts}，段长 {term.length:.2f}"
