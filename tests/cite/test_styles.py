"""Are references written as the standards say?

The examples of GB/T 7714 are facts typed anew: 2025 §8.8 examples [1] (authors cut to the names it prints), 2015 A.3
example [3]; the rest are the forms of a township's report.
"""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fzsearch.cite import STYLES, Reference
from fzsearch.cite.written import gbt2015, gbt2025, gongwen, markdown, plain

ACCESSED = date(2026, 11, 20)
URL = "http://yunmen.example/1.html"
TITLE = "云门镇2024年法治政府建设工作报告"


def reference(**more):
    known = {
        "key": "990122101-2024", "authors": ("云门镇人民政府",), "title": TITLE, "number": None,
        "issued": date(2025, 1, 20), "source_url": None, "accessed": ACCESSED,
        "link": "/r/990122101-2024/s2.4@1a2b3c4d",
    }  # fmt: skip
    return Reference(**{**known, **more})


def test_2025_writes_the_report_of_the_standard():
    source = reference(
        authors=("汤万金", "杨跃翔", "刘文", "等"), title="人体安全重要技术标准研制最终报告", issued=date(2013, 9, 30),
        number="7178999X-2006BAK04A 10/10. 2013", source_url="http://www.nstrs.cn/xiangxiBG.aspx?id=41707",
    )  # fmt: skip

    assert gbt2025(source) == (
        "汤万金，杨跃翔，刘文，等. 人体安全重要技术标准研制最终报告：7178999X-2006BAK04A 10/10. 2013[R/OL]. "
        "2013-09-30. http://www.nstrs.cn/xiangxiBG.aspx?id=41707."
    )


def test_2015_writes_the_report_of_the_standard():
    url = "http://www.mod.gov.cn/affair/2013-04/16/content_4442839.htm"
    source = reference(
        authors=("中华人民共和国国务院新闻办公室",), title="国防白皮书: 中国武装力量的多样化运用", source_url=url,
        issued=date(2013, 4, 16), accessed=date(2014, 6, 11),
    )  # fmt: skip

    assert gbt2015(source) == (
        f"中华人民共和国国务院新闻办公室. 国防白皮书: 中国武装力量的多样化运用[R/OL]. (2013-04-16)[2014-06-11]. {url}."
    )


@pytest.mark.parametrize(
    ("given_facts", "in_2025", "in_2015"),
    [
        ({"source_url": URL}, f"云门镇人民政府. {TITLE}[R/OL]. 2025-01-20. {URL}.",
         f"云门镇人民政府. {TITLE}[R/OL]. (2025-01-20)[2026-11-20]. {URL}."),
        ({"source_url": URL, "is_notice": True}, f"云门镇人民政府. {TITLE}[EB/OL]. （2025-01-20）[2026-11-20]. {URL}.",
         f"云门镇人民政府. {TITLE}[EB/OL]. (2025-01-20)[2026-11-20]. {URL}."),
        ({"number": "云委文〔2025〕3号"}, f"云门镇人民政府. {TITLE}：云委文〔2025〕3号[R]. 2025-01-20.",
         f"云门镇人民政府. {TITLE}: 云委文〔2025〕3号[R]. 2025."),
        ({"authors": ("中共云门镇委员会", "云门镇人民政府")},
         f"中共云门镇委员会，云门镇人民政府. {TITLE}[R]. 2025-01-20.",
         f"中共云门镇委员会, 云门镇人民政府. {TITLE}[R]. 2025."),
        ({"authors": (), "issued": None}, f"{TITLE}[R].", f"{TITLE}[R]."),
        ({"issued": None, "source_url": URL}, f"云门镇人民政府. {TITLE}[R/OL]. [2026-11-20]. {URL}.",
         f"云门镇人民政府. {TITLE}[R/OL]. [2026-11-20]. {URL}."),
    ],
)  # fmt: skip
def test_forms_of_township_reports(given_facts, in_2025, in_2015):
    assert gbt2025(reference(**given_facts)) == in_2025
    assert gbt2015(reference(**given_facts)) == in_2015


def test_official_documents_name_title_number_and_section():
    source = reference(title="关于《条例》执行情况的报告", number="云委文〔2025〕3号", section="（二）强化审查")

    assert gongwen(source) == "《关于〈条例〉执行情况的报告》（云委文〔2025〕3号）“（二）强化审查”部分"
    assert plain(source).endswith("部分，/r/990122101-2024/s2.4@1a2b3c4d")


def test_markdown_is_a_link_with_its_signs_escaped():
    assert markdown(reference(title="a[b]*")) == r"[《a\[b\]\*》](</r/990122101-2024/s2.4@1a2b3c4d>)"


def test_csl_json_is_one_report_with_literal_authors():
    (item,) = json.loads(STYLES["csl-json"].write(reference(number="云委文〔2025〕3号", source_url=URL)))

    assert item["type"] == "report"
    assert item["author"] == [{"literal": "云门镇人民政府"}]
    assert item["issued"] == {"date-parts": [[2025, 1, 20]]}
    assert (item["number"], item["URL"]) == ("云委文〔2025〕3号", URL)


@given(st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3), st.none() | st.text(min_size=1))
def test_ris_never_breaks_a_line(title, authors, number):
    text = STYLES["ris"].write(reference(title=title, authors=tuple(authors), number=number))
    lines = text.split("\r\n")

    assert lines[-1] == ""
    assert all(line[2:6] == "  - " for line in lines[:-1])
    assert lines[0] == "TY  - RPRT"
    assert lines[-2] == "ER  - "
