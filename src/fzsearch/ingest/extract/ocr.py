"""What is written on a page that is only a picture?

The only module that imports rapidocr, which is optional: `pip install "fzsearch[ocr]"`. It works without network, from
the models in its wheel. Its classifier of angles is never used: measured, it turns single lines upside down, and they
vanish without a word. Whole pages are turned instead, where upright they make no sense.
"""

import importlib.metadata
import importlib.util
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from fzsearch.errors import ExtractError
from fzsearch.ingest.extract.pdf_layout import PdfiumError, page_picture
from fzsearch.ingest.extract.recognised import RecognisedLine, RecognisedPage

if TYPE_CHECKING:
    from rapidocr import RapidOCR
    from rapidocr.utils.output import RapidOCROutput

INSTALL = 'pip install "fzsearch[ocr]"'
_ENGINE, _RUNTIME = "rapidocr", "onnxruntime"
_TURNS = (90, 270, 180)  # degrees to the left, tried in this order where the upright page makes no sense
_MIN_SCORE = 0.8  # measured: good pages 0.98 and more, upside down or on their side 0.6
_MIN_HAN = 20  # a page of less may be a table of figures that reads the same upside down
_RED_EXCESS = 40  # of 255, over the stronger of the other colours
_INK_UNDER_RED = 120  # red is darker than this only where there is black ink below
_LETTERHEAD_SHARE = 1 / 3  # of the first page: red there is the head of the document, elsewhere a seal

Picture = NDArray[np.uint8]


def is_installed() -> bool:
    """Whether pictures can be read here."""
    return all(importlib.util.find_spec(name) is not None for name in (_ENGINE, _RUNTIME))


def engine_name() -> str:
    """The engine with its version, which settles the models; "" where there is none."""
    return f"{_ENGINE} {importlib.metadata.version(_ENGINE)}" if is_installed() else ""


def recognise_page(data: bytes, number: int) -> RecognisedPage:
    """Read one page of a PDF that pypdf has let pass.

    Args:
        data: the file.
        number: of the page, from 0.

    Raises:
        ExtractError: the page cannot be drawn.
    """
    try:
        picture, scale = page_picture(data, number)
    except PdfiumError as error:
        raise ExtractError("PDF 的页面画不出来", "请用阅读器打开后打印为新的 PDF") from error
    picture = _without_seal(picture, is_first=number == 0)
    upright = _recognised(picture, scale, 0)
    return upright if not upright.lines or _makes_sense(upright) else _turned(picture, scale, upright)


def _turned(picture: Picture, scale: float, upright: RecognisedPage) -> RecognisedPage:
    """The turn of a page that makes sense; a short page that was read with confidence stays upright otherwise."""
    best = upright
    for turn in _TURNS:
        found = _recognised(np.ascontiguousarray(np.rot90(picture, turn // 90)), scale, turn)
        if _makes_sense(found):
            return found
        if upright.score < _MIN_SCORE or upright.is_across:
            best = max(best, found, key=lambda page: page.score * page.han * (not page.is_across))
    return best


def _recognised(picture: Picture, scale: float, turn: int) -> RecognisedPage:
    found = cast("RapidOCROutput", _engine()(picture, use_cls=False))
    lines = zip(found.txts or (), found.scores or (), () if found.boxes is None else found.boxes, strict=True)
    height, width = (side / scale for side in picture.shape[:2])
    made = (_line(text, score, box / scale, height) for text, score, box in lines if text.strip())
    return RecognisedPage(width=width, height=height, turn=turn, lines=tuple(made))


def _line(text: str, score: float, box: NDArray[np.float64], height: float) -> RecognisedLine:
    """A line by the middles of its left and right edges, y upwards as in a PDF."""
    (x0, y0), (x1, y1) = (box[0] + box[3]) / 2, (box[1] + box[2]) / 2
    thick = np.hypot(*(box[3] - box[0]))
    return RecognisedLine(text, *(round(float(v), 3) for v in (score, x0, height - y0, x1, height - y1, thick)))


def _without_seal(picture: Picture, *, is_first: bool) -> Picture:
    """Make red ink vanish where it is a seal, so that what is printed below it can be read."""
    blue, green, red = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    is_red = red - np.maximum(blue, green) > _RED_EXCESS
    if is_first:
        is_red[: int(len(picture) * _LETTERHEAD_SHARE)] = False
    cleaned = picture.copy()
    cleaned[is_red] = np.where(red[is_red] > _INK_UNDER_RED, 255, red[is_red])[:, None]
    return cleaned


def _makes_sense(page: RecognisedPage) -> bool:
    """Lines of a page on its side are read as well, but nothing tells which comes first."""
    return page.score >= _MIN_SCORE and page.han >= _MIN_HAN and not page.is_across


@cache
def _engine() -> "RapidOCR":
    """The engine, loaded once in each process; one thread, since there is a process for each processor."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - optional, and takes a second

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    # Lines one by one: padding a batch to its longest line costs a fifth of the time.
    options = {"Global.use_cls": False, "Global.log_level": "critical", "Rec.rec_batch_num": 1}
    return RapidOCR(params={**options, **threads})
