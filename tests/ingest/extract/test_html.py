from collections.abc import Sequence

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import read_document
from fzsearch.model import Format

TITLE = "某镇人民政府2024年法治政府建设年度报告"
BODY = (
    "2024年，某镇坚持依法行政，扎实推进各项工作，取得了新的成效，现将有关情况报告如下。",
    "一、主要举措和成效",
    "（一）加强学习。全年组织学法12次，参加人员360人次，覆盖全部村居；干部依法办事能力得到提升。",
    "某镇人民政府",
)
NAVIGATION = (
    "<div class='nav'><a>首页</a>，<a>政务公开</a>，<a>办事服务</a></div>"
    "<div>当前位置：<a>首页</a> &gt; <a>公开</a></div>"
)
FOOTER = "<div class='footer'>版权所有：某县人民政府。ICP备000号，技术支持：某公司。</div>"
TOOLS = "<div>字号：[<a>大</a> <a>中</a> <a>小</a>] <a>打印本页</a> <a>分享到</a>：微信</div>"


def page(article: str, *, head: str = "", before: str = "", charset: str = "utf-8") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><meta charset='{charset}'>{head}<style>p{{}}</style></head>"
        f"<body><script>var x='，。';</script>{NAVIGATION}{before}{article}{FOOTER}</body></html>"
    ).encode("gb18030" if charset == "gb2312" else charset)


def paragraphs(lines: Sequence[str] = BODY) -> str:
    return "".join(f"<p>&emsp;&emsp;{line}</p>\n" for line in lines)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
@pytest.mark.parametrize("container", ["id='zoom'", "class='TRS_Editor'", "class='unknown'"])
def test_article_is_found_and_furniture_dropped(charset, container):
    data = page(f"<div {container}>{paragraphs((TITLE, *BODY))}</div>", before=TOOLS, charset=charset)

    document = read_document(data)

    assert document.format is Format.HTML
    assert document.lines == (TITLE, *BODY)


def test_line_breaks_make_lines():
    article = "<div id='zoom'>" + "<br><br>\n".join(("\u3000\u3000" + TITLE, *BODY)) + "</div>"

    assert read_document(page(article)).lines == (TITLE, *BODY)


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ("", f"<h1>{TITLE}</h1>"),
        (f"<meta name='ArticleTitle' content='{TITLE}'>", ""),
        ("", f"<div class='title'>{TITLE}</div>"),
    ],
)
def test_title_outside_the_article_comes_first(head, before):
    document = read_document(page(f"<div id='zoom'>{paragraphs()}</div>", head=head, before=before + TOOLS))

    assert document.lines == (TITLE, *BODY)
    assert dict(document.page)["标题"] == TITLE


def test_name_of_the_site_is_no_title():
    data = page(f"<div id='zoom'>{paragraphs((TITLE, *BODY))}</div>", before="<h1>某某市某某县人民政府网站</h1>")

    assert read_document(data).lines == (TITLE, *BODY)


def test_control_characters_do_no_harm():
    article = f"<div id='zoom'>{paragraphs((TITLE, *BODY))}<script></script>\x01\x1e尾&#1;</div>"

    assert read_document(page(article)).lines[: len(BODY) + 1] == (TITLE, *BODY)


def test_title_is_not_repeated():
    article = f"<div id='zoom'><p>某镇人民政府</p><p>2024年法治政府建设年度报告</p>{paragraphs()}</div>"

    document = read_document(page(article, before=f"<h1>{TITLE}</h1>"))

    assert document.lines == ("某镇人民政府", "2024年法治政府建设年度报告", *BODY)


BLOCK_TABLE = (
    "<table><tr><td>索 引 号：</td><td>113-4</td><td>发文字号：</td><td>某政发〔2025〕3号</td></tr>"
    "<tr><td>发文机关</td><td>某镇人民政府</td><td>成文日期</td><td>2025-01-18</td></tr></table>"
)
BLOCK_LIST = (
    "<ul><li><b>索引号：</b><i>113-4</i></li><li><b>文号：</b>某政发〔2025〕3号</li><li><b>发布机构：</b>某镇人民政府</li>"
    "<li><b>成文日期：</b>2025-01-18</li></ul>"
)
BLOCK_LINES = (
    "<dl><dt>索引号</dt><dd>113-4</dd><dt>发文字号</dt><dd>某政发〔2025〕3号</dd><dt>发布机构</dt><dd>某镇人民政府</dd>"
    "<dt>有效性</dt><dd>有效</dd><dt>生成日期</dt><dd>2025-01-18</dd></dl>"
)
BLOCK_LINE = (
    "<div>索引号：113-4 发文字号：某政发〔2025〕3号 发布机构：某镇人民政府 成文日期：2025-01-18 浏览次数：12</div>"
)


@pytest.mark.parametrize("block", [BLOCK_TABLE, BLOCK_LIST, BLOCK_LINES, BLOCK_LINE])
@pytest.mark.parametrize("is_inside", [False, True])
def test_metadata_block_is_read_and_not_text(block, is_inside):
    article = f"<div id='zoom'>{block if is_inside else ''}{paragraphs((TITLE, *BODY))}</div>"

    document = read_document(page(article, before="" if is_inside else block))

    assert document.lines == (TITLE, *BODY)
    assert dict(document.page) == {
        "索引号": "113-4", "发文字号": "某政发〔2025〕3号", "发布机构": "某镇人民政府", "成文日期": "2025-01-18",
    }  # fmt: skip


def test_values_that_say_nothing_are_left_out():
    block = "<table><tr><td>索 引 号</td><td></td><td>发文字号</td><td>无</td></tr></table>"

    assert read_document(page(f"{block}<div id='zoom'>{paragraphs()}</div>")).page == ()


def test_meta_elements_and_saved_address_are_read():
    head = (
        "<!-- saved from url=(0025)http://www.example.cn/a.html -->"
        "<meta name='PubDate' content='2025-01-20'><meta name='ContentSource' content='某镇'>"
    )

    block = dict(read_document(page(f"<div id='zoom'>{paragraphs()}</div>", head=head)).page)

    assert block == {"发布日期": "2025-01-20", "来源": "某镇", "url": "http://www.example.cn/a.html"}


def test_hidden_elements_are_not_text():
    hidden = ("<p style='display: none'>看不见。</p>", "<p hidden>也看不见。</p>")
    article = f"<div id='zoom'>{hidden[0]}{paragraphs((TITLE, *BODY))}{hidden[1]}</div>"

    assert read_document(page(article)).lines == (TITLE, *BODY)


def test_data_table_keeps_rows_and_layout_table_does_not():
    data = "<table><tr><td>指标</td><td>数量</td></tr><tr><td>学法</td><td>12次</td></tr></table>"
    article = f"<table><tr><td>{paragraphs((TITLE, *BODY))}{data}</td></tr></table>"

    assert read_document(page(article)).lines == (TITLE, *BODY, "指标\t数量", "学法\t12次")


def test_fragment_needs_the_name_when_text_comes_first():
    data = f"{TITLE}<br>{BODY[0]}".encode()

    assert read_document(data, "a.html").lines == (TITLE, BODY[0])
    assert read_document(data, "a.txt").format is Format.TXT
    assert read_document(f"<p>{TITLE}</p>".encode(), "a.txt").format is Format.HTML


@pytest.mark.parametrize(
    "article",
    ["", "<div id='app'></div><script>load('，')</script>", "<!-- 只有注释 -->"],
    ids=["empty", "script", "comment"],
)
def test_page_without_text_is_refused(article):
    with pytest.raises(ExtractError, match="没有正文"):
        read_document(f"<html><body>{article}</body></html>".encode())


def test_deep_page_is_read_or_refused_never_empty():
    data = ("<html><body>" + "<div>" * 100_000 + BODY[0]).encode()
    try:
        lines = read_document(data).lines
    except ExtractError:
        return

    assert BODY[0] in lines
