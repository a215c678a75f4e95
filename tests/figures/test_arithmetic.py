"""Are numbers that do not agree told, with both, and those that do left alone?"""

import pytest

from fzsearch.figures import check_figures, find_figures
from fzsearch.model import Part, Section


def findings(*texts):
    sections = [
        Section(path=f"s{n}", level=1, marker=None, heading=None, part=Part.MEASURES, text=text)
        for n, text in enumerate(texts, 1)
    ]
    return [(one.kind, one.text) for one in check_figures(find_figures(sections))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["受理矛盾纠纷546起，化解545起，化解率99.9%。"], [("rate", "文中写99.9%，按文中数字 545 ÷ 546 为 99.82%")]),
        (["受理矛盾纠纷546起，化解545起，化解率99.8%。"], []),
        (["受理矛盾纠纷127起，化解124起，化解率97%。"], []),
        (["受理矛盾纠纷127起，化解124起，化解率99%。"], [("rate", "文中写99%，按文中数字 124 ÷ 127 为 97.64%")]),
        (["受理矛盾纠纷20余起，化解19起，化解率99%。"], []),
        (["受理矛盾纠纷30起，化解29起，化解率96%以上。"], []),
        (["受理矛盾纠纷30起，其中邻里纠纷12起，家庭纠纷10起，土地纠纷8起。"], []),
        (
            ["受理矛盾纠纷30起，其中邻里纠纷12起，家庭纠纷10起，土地纠纷7起。"],
            [("sum", "文中写共30起，所列各项 12 + 10 + 7 = 29")],
        ),
        (["受理矛盾纠纷30起，其中邻里纠纷12起。"], []),
        (["行政诉讼0件。", "行政诉讼案件1件。"], [("twice", "行政诉讼文中两处数字不同：0件，1件")]),
        (["行政诉讼1件。", "行政诉讼案件1件。"], []),
        (["学法4次。", "学法5次。"], []),
    ],
)
def test_findings(texts, expected):
    assert findings(*texts) == expected
