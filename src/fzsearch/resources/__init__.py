"""Where are the data files that come with the program?

Read-only tables that are packaged beside this module, the one of radicals, which is short enough to stand here, and the
page templates, which live at the top level of a checkout and inside the package once it is installed.
"""

import gzip
import unicodedata
from pathlib import Path

_RESOURCES = Path(__file__).parent
_PACKAGE_DIR = _RESOURCES.parent

_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺶羊⺹耂⺺肀"
    "⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀"
)
"""CJK Radicals Supplement and the characters they look like, in pairs. PDFs printed from a browser hold ⻔ where the
page had 门; NFKC folds the Kangxi radicals but not these. Source: EquivalentUnifiedIdeograph.txt, Unicode 14.0."""

LOOKALIKES = dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
"""The same as a table."""


def unradical(character: str) -> str:
    """The hanzi that a radical looks like; any other character as it is.

    >>> unradical("⻔"), unradical("⼀"), unradical("①")
    ('门', '一', '①')
    """
    if "\u2f00" <= character <= "\u2fd5":  # the Kangxi radicals
        return unicodedata.normalize("NFKC", character)
    return LOOKALIKES.get(character, character)


def data_text(name: str) -> str:
    """The text of a packaged data file; one whose name ends in ``.gz`` is unpacked.

    Raises:
        FileNotFoundError: no file of that name is packaged.
    """
    raw = (_RESOURCES / name).read_bytes()
    return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8")


def templates_dir() -> Path:
    """The template folder: inside an installed wheel, else the checkout's.

    Raises:
        FileNotFoundError: neither exists, so the installation is damaged.
    """
    packaged = _PACKAGE_DIR / "_templates"
    if packaged.is_dir():
        return packaged
    checkout = _PACKAGE_DIR.parents[1] / "templates"
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"no templates in {packaged} or {checkout}")
