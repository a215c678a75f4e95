"""What of a web page is furniture and not text?

字号, 打印, 分享, 返回, 浏览次数, navigation, breadcrumbs, footers: about 31 % of saved reports carry some. A
line is dropped only when all of it is furniture, or at the head and foot of the article, where the forms are
known.
"""

import re
from collections.abc import Callable, Sequence

from lxml import etree

from fzsearch.ingest.extract.html_page import read_pairs

_NEVER_SHOWN = frozenset({
    "script", "style", "noscript", "template", "iframe", "object", "svg", "select", "button", "textarea",
})  # fmt: skip
_HIDDEN = re.compile(r"(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden)")
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside"})
_FURNITURE_WORDS = re.compile(
    r"(?i)(?:^|[-_\s])(?:share|bshare|bdshare\w*|jiathis\w*|print|fontsize|font-size|breadcrumbs?|crumbs?|nav|navbar|menu"
    r"|footer|foot|copyright|toolbar|qrcode|ewm|sidebar|related|prevnext|location|position|weizhi|dqwz)(?:$|[-_\s])"
)
_FURNITURE_MAX = 400  # characters; a longer element of such a class holds more than furniture
_BUTTON = (
    r"字号|字体(?:大小)?|超大|特大|默认|大|中|小|打印(?:本页|此页|文章|正文)?|关闭(?:本页|窗口|页面)?|分享(?:到|至)?|微信|微博|新浪微博"
    r"|QQ空间|QQ|收藏(?:本页)?|返回(?:首页|顶部|列表|上一页|上级)?|(?:浏览|阅读|访问|点击)(?:次数|量|数)?|扫一扫\S{0,12}"
    r"|用?手机\S{0,6}扫\S{0,12}|我要纠错|纠错|下载|朗读|复制|语音播报|TOP|首页|相关(?:链接|文档|阅读|信息)|A[+-]?"
)
_BUTTONS = re.compile(rf"(?:{_BUTTON}|[\d,]+\s*次|(?<=[:：])\s*\d+|[\s\u3000\[\]【】（）()|丨:：·,，、/>«»《》＞+-])+")
_TRAIL = re.compile(r"^(?:当前位置|您(?:现在)?的位置)|^首页\s*[>＞»/]")
_FOOT = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|技术支持[:：]|网站地图|^(?:主办|承办|维护)(?:单位)?[:：]"
    r"|^[(（【\[]?(?:上一篇|下一篇|责任编辑|编辑|审核|扫一扫)"
)
_HEAD_LINES = 30
_PARAGRAPH = 80  # characters; the first line as long as this ends the head
_FOOT_LINES = 12
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what lxml reads but refuses to write


def drop_unshown(root: etree._Element) -> None:
    """Take out of the tree what a browser does not show as text."""
    _drop(root, _is_unshown)


def drop_furniture(root: etree._Element) -> None:
    """Take navigation, footers and tool bars out of the tree."""
    _drop(root, _is_furniture)


def drop_furniture_lines(lines: Sequence[str]) -> list[str]:
    """Leave out lines that are furniture: buttons anywhere, metadata and trails at the head, imprints at the foot."""
    head = next((n for n, line in enumerate(lines) if len(line) >= _PARAGRAPH), len(lines))
    head = min(head, _HEAD_LINES)
    _, pairs = read_pairs(lines[:head])
    foot = len(lines) - _FOOT_LINES
    return [
        line
        for n, line in enumerate(lines)
        if n not in pairs
        and not _is_button_line(line)
        and not (n < head and _TRAIL.search(line))
        and not (n >= foot and _FOOT.search(line))
    ]


def _is_button_line(line: str) -> bool:
    return _BUTTONS.fullmatch(line) is not None and re.search(_BUTTON, line) is not None


def _is_unshown(element: etree._Element) -> bool:
    if element.tag in _NEVER_SHOWN or element.get("hidden") is not None:
        return True
    return _HIDDEN.search(element.get("style") or "") is not None


def _is_furniture(element: etree._Element) -> bool:
    words = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in _FURNITURE_TAGS:
        return not any(True for _ in element.iter("h1"))
    if element.tag in ("html", "body") or not _FURNITURE_WORDS.search(words):
        return False
    characters = sum(len(text.strip()) for text in element.itertext(with_tail=False))
    return characters <= _FURNITURE_MAX and not any(True for _ in element.iter("h1"))


def _drop(root: etree._Element, is_dropped: Callable[[etree._Element], bool]) -> None:
    for element in [*root.iter()]:
        parent = element.getparent()
        if parent is None or not is_dropped(element):
            continue
        if tail := _CONTROLS.sub("", element.tail or ""):  # the text behind an element hangs on it; it stays
            before = element.getprevious()
            if before is None:
                parent.text = (parent.text or "") + tail
            else:
                before.tail = (before.tail or "") + tail
        parent.remove(element)
