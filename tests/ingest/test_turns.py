"""Sentences that turn to problems or to the plan, and others that look like them, in our own words."""

import pytest

from fzsearch.ingest.turns import turn_of

SENTENCES = [
    ("同时也要看到，全镇法治建设距离上级要求还有一定差距。", "problems"),
    ("我镇法治政府建设虽取得一些成绩，但还有不少薄弱环节。", "problems"),
    ("一是法治意识不强。", None),
    ("主要存在以下问题：", "problems"),
    ("存在的主要问题：一是人手紧。", "problems"),
    ("工作中存在一些不足，主要表现在：", "problems"),
    ("对照上级要求，还存在不少短板和差距。", "problems"),
    ("在肯定成绩的同时，我们也清醒地认识到存在的问题和不足。", "problems"),
    ("及时解决群众急难愁盼问题。", None),
    ("对排查出的问题建立台账。", None),
    ("不断提升运用法治思维解决问题的能力。", None),
    ("开展困难群众走访，尚有12户困难群众待帮扶。", None),
    ("摸排矛盾纠纷时还发现劳资问题12件。", None),
    ("下一步，我镇将继续深化。", "plan"),
    ("下步工作中，我们要进一步强化责任。", "plan"),
    ("今后，红枫镇将以此为契机。", "plan"),
    ("接下来，街道将持续发力。", "plan"),
    ("2025年，将重点抓好以下工作：", "plan"),
    ("新的一年，我们将再接再厉。", "plan"),
    ("为下一步工作打下基础。", None),
    ("未来科技城项目签约落地。", None),
    ("来年防汛物资已全部到位。", None),
    ("但由于编制所限，执法力量不足的问题仍然突出。", "problems"),
    ("存在问题：", "problems"),
    ("尚未发生复议败诉。", None),
    ("没有发现违法问题。", None),
    ("未发现存在违规问题。", None),
    ("经自查，不存在违规执法问题。", None),
]


@pytest.mark.parametrize(("sentence", "part"), SENTENCES)
def test_turn_of(sentence, part):
    assert turn_of(sentence, 2024) == part


@pytest.mark.xfail(reason="明年 opens a sentence on what was done; only its meaning tells", strict=True)
def test_a_coming_year_in_a_deed():
    assert turn_of("明年春耕用水纠纷提前化解，将矛盾消除在萌芽。", 2024) is None
