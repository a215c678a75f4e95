"""Which words of a draft are quotations and links?"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.brief.draft import find_links, find_quotations


@pytest.mark.parametrize(
    ("draft", "quoted"),
    [
        ("各镇推行“说事点”，又“议事”。", ["说事点", "议事"]),
        ("「繁體引號」和『雙層』", ["繁體引號", "雙層"]),
        ("“外层‘内层’还有“同形”结束”之后", ["外层‘内层’还有“同形”结束"]),
        ('他说"直引号"，"又一处"。', ["直引号", "又一处"]),
        ("“跨了\n一行”", ["跨了\n一行"]),
        ("“没有收尾，\n\n下一段”。“这个有”", ["这个有"]),
        ("“没有收尾的一句。", []),
        ("正文\n> 第一段\n>\n> 第二段[^1]\n\n“后面的”", ["第一段\n\n第二段", "后面的"]),
        ("> 引文里的“小引号”不另算", ["引文里的“小引号”不另算"]),
        ("“带脚注[^12]的话”", ["带脚注的话"]),
        (r"> 1\. 有\*星号\*", ["1. 有*星号*"]),
        ("“”空的", []),
    ],
)
def test_quotations_in_order(draft, quoted):
    assert [one.text for one in find_quotations(draft)] == quoted


@given(st.text(alphabet='“”「」"甲乙\n >', max_size=60))
def test_quotations_lie_in_the_draft_in_order_and_apart(draft):
    found = find_quotations(draft)

    assert all(0 <= one.start < one.end <= len(draft) for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))


def test_links_end_where_the_sentence_goes_on():
    draft = "见 /r/990122105-2024/s3.1@a9394f18。又见（http://a:80/r/石桥镇-2022/s2），[文](</r/doc-12345678>)"

    assert tuple(one.url for one in find_links(draft)) == (
        "/r/990122105-2024/s3.1@a9394f18", "http://a:80/r/石桥镇-2022/s2", "/r/doc-12345678",
    )  # fmt: skip


def test_marks_that_never_close_cost_no_more_than_reading():
    """In one pass: half a million of them would take minutes if each looked for its end."""
    assert find_quotations("“" * 500_000) == ()
    assert len(find_quotations("> 甲\n\n“乙”\n\n" * 30_000)) == 60_000
    assert [one.text for one in find_quotations("“甲“乙”丙")] == ["乙"]
