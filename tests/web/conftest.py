"""An application over a few invented reports."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from fzsearch.config import load_settings
from fzsearch.engine import EmbeddedEngine
from fzsearch.model import Content, Part, Place, Provenance
from fzsearch.service.search import SearchService
from fzsearch.web import create_app
from tests.builders import build_engine

FENGLIN = Place(province="示例省", city="云川市", county="青溪县", township="枫林镇", code="990122101")
SHIQIAO = Place(
    township="石桥镇",
    candidates=(
        Place(province="示例省", city="云川市", county="青溪县", township="石桥镇", code="990122105"),
        Place(province="示例省", city="平州市", county="临河县", township="石桥镇", code="990221107"),
    ),
)
REPORTS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "990122101-2024",
        "title": "枫林镇2024年度法治政府建设情况的报告",
        "year": 2024,
        "place": FENGLIN,
        "issued": date(2025, 1, 12),
        "file": "枫林镇/2024.txt",
        "provenance": (Provenance(field="year", rule="year.title", source="text", line=1, text="枫林镇2024年度"),),
        "warnings": ("第 3 页读得不好",),
        "contents": (
            Content(part=Part.MEASURES, section="s1", sentence="主要举措", rule="heading"),
            Content(part=Part.PROBLEMS, section="s2", sentence="学“枫桥”不够，好经验少。", rule="sentence"),
        ),
        "sections": [
            ("s0", 0, None, None, "front", "枫林镇2024年度法治政府建设情况的报告\n县委、县政府：\n现将情况报告如下。"),
            ("s1", 1, "一、", "主要举措", "measures", "一、主要举措"),
            ("s1.1", 2, "（一）", "坚持“枫桥经验”", "measures",
             "（一）坚持“枫桥经验”。全年调解纠纷85起，普法26场次。\n在村口设议事亭。", ["枫桥经验", "人民调解"]),
            ("s2", 1, "二、", "存在不足", "problems",
             "二、存在不足\n学“枫桥”不够，好经验少。\n枫林镇人民政府\n2025年1月12日"),
        ],
    },
    {
        "key": "990122101-2023",
        "title": "枫林镇2023年度法治政府建设情况的报告",
        "year": 2023,
        "place": FENGLIN,
        "file": "枫林镇/2023.txt",
        "sections": [("s1", 1, "一、", "主要举措", "measures", "一、主要举措\n调解纠纷70起。", ["人民调解"])],
    },
    {
        "key": "石桥镇-2023",
        "title": "石桥镇2023年法治政府建设报告",
        "year": 2023,
        "place": SHIQIAO,
        "file": "石桥.html",
        "sections": [("s1", 1, "一、", "下步打算", "plan", "一、下步打算\n把“枫桥经验”做进社区。", ["枫桥经验"])],
    },
    {"key": "云门镇-2022~aaaa", "year": 2022, "place": Place(township="云门镇"), "file": "云门/甲.txt",
     "sections": [("s1", 1, None, None, "other", "云门镇的第一份报告。")]},
    {"key": "云门镇-2022~bbbb", "year": 2022, "place": Place(township="云门镇"), "file": "云门/乙.txt",
     "sections": [("s1", 1, None, None, "other", "云门镇的第二份报告。")]},
)  # fmt: skip


class Client(FlaskClient):
    """A client that reads answers to their end, so that files are closed."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super().open(*args, **{"buffered": True, **kwargs})


MakeClient = Callable[..., FlaskClient]


def client_of(engine: EmbeddedEngine, **settings: object) -> FlaskClient:
    """A client of the site over an engine; settings as keywords."""
    app = create_app(SearchService(engine), load_settings({}, **settings))
    app.test_client_class = Client
    return app.test_client()


@pytest.fixture
def make_client(tmp_path: Path) -> Iterator[MakeClient]:
    """A client of an application over any reports; settings as keywords."""
    engines = []

    def make(*reports: Mapping[str, Any], **settings: object) -> FlaskClient:
        engine = build_engine(tmp_path / "index", *reports)
        engines.append(engine)
        return client_of(engine, **settings)

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the site over `REPORTS`, with a corpus."""
    folder = tmp_path_factory.mktemp("site")
    corpus = folder / "corpus"
    for report in REPORTS:
        path = corpus / report["file"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<script>alert('原文')</script>", encoding="utf-8")
    engine = build_engine(folder / "index", *REPORTS)
    yield client_of(engine, corpus=str(corpus))
    engine.close()
