"""Which lines and paragraphs do recognised pages make, and how are they kept? No engine takes part."""

import math

import pytest

from fzsearch.errors import ConfigError
from fzsearch.ingest.extract.pdf_blocks import layout_paragraphs
from fzsearch.ingest.extract.recognised import RecognisedLine, RecognisedPage, Shelf, lines_of

SIZE, LEADING, LEFT, TOP = 16.0, 28.0, 72.0, 770.0
LINES = (
    ("一、推进法治政府建设的主要举措", 2),
    ("（一）加强学习培训。全年组织集中学法十二次，参加人员三百", 2),
    ("六十人次，覆盖全部村居和站所，干部职工的法治意识得到明显", 0),
    ("提高。", 0),
    ("（二）化解矛盾纠纷。坚持和发展新时代经验，调处纠纷八十五", 2),
    ("起。", 0),
)
PARAGRAPHS = [LINES[0][0], "".join(text for text, _ in LINES[1:4]), "".join(text for text, _ in LINES[4:])]


def page(*lines, degrees=0.0, score=0.99) -> RecognisedPage:
    """A page of lines, each with its indent in characters, turned to the left by some degrees."""
    made = []
    for number, (text, indent) in enumerate(lines):
        x, y = LEFT + indent * SIZE, TOP - number * LEADING
        (x0, y0), (x1, y1) = turned(x, y, degrees), turned(x + len(text) * SIZE, y, degrees)
        made.append(RecognisedLine(text, score, x0, y0, x1, y1, SIZE))
    return RecognisedPage(width=595, height=842, turn=0, lines=tuple(made))


def turned(x, y, degrees):
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return cosine * x - sine * y, sine * x + cosine * y


@pytest.mark.parametrize("degrees", [0.0, 0.6, -2.0, 4.0])
def test_paragraphs_are_told_by_layout_also_on_a_page_askew(degrees):
    assert layout_paragraphs([lines_of(page(*LINES, degrees=degrees))]) == PARAGRAPHS


def test_cells_of_a_row_stay_apart():
    cells = page(("指标", 0))
    other = page(("本年", 12))

    found = lines_of(RecognisedPage(width=595, height=842, turn=0, lines=(*other.lines, *cells.lines)))

    assert [line.text for line in found] == ["指标\t本年"]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("-、总体情况", "一、总体情况"),
        ("(-）加强领导", "（一）加强领导"),
        ("汇报如下:", "汇报如下："),
        ("调处纠纷(含信访)85起,化解率98%", "调处纠纷（含信访）85起，化解率98%"),
        ("12:30 (a) -2", "12:30 (a) -2"),
        ("2023-2025年", "2023-2025年"),
    ],
)
def test_slips_of_the_engine_are_mended(read, meant):
    assert lines_of(page((read, 0)))[0].text == meant


def test_no_lines_make_no_lines():
    assert lines_of(page()) == []
    assert page().score == 0.0


def test_pages_are_kept_by_file_and_engine(tmp_path):
    shelf = Shelf(tmp_path / "recognised")
    first, second = page(*LINES), page(("调解", 0), degrees=90)

    shelf.put("aa", "engine 1", 0, first)
    shelf.put("aa", "engine 1", 3, second)

    assert shelf.pages("aa", "engine 1") == {0: first, 3: second}
    assert shelf.pages("aa", "") == {0: first, 3: second}
    assert shelf.pages("aa", "engine 2") == {}
    assert shelf.pages("bb", "engine 1") == {}
    assert [path.name for path in (tmp_path / "recognised").iterdir()] == ["aa.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1, "engine": "e", "pages": {"0": {}}}', "\udcff"])
def test_a_damaged_file_holds_nothing(tmp_path, content):
    (tmp_path / "aa.json").write_bytes(content.encode("utf-8", "surrogateescape"))

    assert Shelf(tmp_path).pages("aa", "e") == {}


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ConfigError, match="写不了"):
        Shelf(tmp_path / "file" / "recognised").put("aa", "e", 0, page(*LINES))


def test_files_that_are_gone_are_forgotten(tmp_path):
    shelf = Shelf(tmp_path)
    for name in ("aa", "bb"):
        shelf.put(name, "e", 0, page(*LINES))

    shelf.keep_only({"bb"})

    assert [path.name for path in tmp_path.iterdir()] == ["bb.json"]
