"""Is a page that is only a picture read, without network, however it lies? With the real engine."""

import socket

import pytest

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract import ocr
from tests.pdf_writer import write_pdf

pytestmark = pytest.mark.skipif(not ocr.is_installed(), reason=f"OCR is not installed: {ocr.INSTALL}")

TEXT = ("全年调处矛盾纠纷八十五起", "办理行政复议案件三件", "开展普法宣传活动二十次")


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def picture(turn: int = 0, seal: bool = False) -> bytes:
    """A PDF of one page with three lines of black ink, and a red disc over the second."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - comes with the engine

    from tests.fidelity.scans import find_font, picture_pdf  # noqa: PLC0415

    if (font := find_font(40)) is None:
        pytest.skip("no CJK font here")
    page = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(page)
    if seal:
        draw.ellipse((300, 180, 560, 440), fill=(210, 30, 30))
    for number, line in enumerate(TEXT):
        draw.text((100, 200 + 90 * number), line, "black", font)
    return picture_pdf([page.rotate(turn, expand=True)])


def read(data: bytes) -> tuple[str, ...]:
    page = ocr.recognise_page(data, 0)
    return tuple(line.text for line in page.lines)


def test_lines_are_read_where_they_stand():
    page = ocr.recognise_page(picture(), 0)

    assert tuple(line.text for line in page.lines) == TEXT
    assert page.score > 0.9
    first = page.lines[0]
    assert (first.x0, first.x1) == pytest.approx((100 * 72 / 150, 580 * 72 / 150), abs=6)
    assert first.y0 == pytest.approx(first.y1, abs=2)
    assert first.y0 > page.lines[1].y0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read(turn):
    assert read(picture(turn)) == TEXT


def test_ink_below_a_seal_is_read():
    assert read(picture(seal=True)) == TEXT


def test_an_empty_page_holds_nothing():
    assert read(write_pdf([[]])) == ()


def test_a_file_that_cannot_be_drawn_is_refused():
    with pytest.raises(ExtractError, match="画不出来"):
        ocr.recognise_page(b"%PDF-1.7", 0)
