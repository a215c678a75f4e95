"""What does a PDF with Chinese text look like, at its smallest?

Writes files for tests: one Type0 font in Identity-H with a ToUnicode map and widths, no embedded font program, which
reading text does not need. Page size A4, coordinates in points.
"""

import unicodedata
from collections.abc import Sequence

_FONT_SIZE = 16
_LEADING = 28
_LEFT, _TOP = 72, 770
_CHARACTERS_PER_LINE = 28  # GB/T 9704-2012: 22 lines of 28 characters
_LINES_PER_PAGE = 22
_NEVER_FIRST = "，。；：、！？”’）〕》"


def write_pdf(pages: Sequence[Sequence[str]], *, has_unicode_map: bool = True) -> bytes:
    """Write pages of lines, each line where it stands on the page from top to bottom.

    Args:
        pages: lines per page; a page without lines looks like a scan to a reader of text.
        has_unicode_map: whether the font tells which characters its codes stand for.
    """
    characters = sorted({character for page in pages for line in page for character in line})
    codes = {character: number for number, character in enumerate(characters, 1)}
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    first_page = 7
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    to_unicode = " /ToUnicode 6 0 R" if has_unicode_map else ""
    objects.append(
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H"
            f" /DescendantFonts [4 0 R]{to_unicode} >>"
        ).encode()
    )
    widths = " ".join(str(_width(character)) for character in characters)
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo <<"
        b" /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 /W [1 ["
        + widths.encode()
        + b"]] >>"
    )
    objects.append(
        b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 900"
        b" /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    objects.append(_stream(_unicode_map(codes)))
    for number, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents "
            + f"{first_page + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(_stream(_content(page, codes)))
    return _file(objects)


def lay_out(paragraphs: Sequence[str], *, page_number: str = "— {} —") -> list[list[str]]:
    """Break paragraphs into lines and pages as an official document does: indented by two, page number below."""
    lines = [line for paragraph in paragraphs for line in _wrap("\u3000\u3000" + paragraph)]
    starts = range(0, len(lines), _LINES_PER_PAGE)
    pages = [lines[start : start + _LINES_PER_PAGE] for start in starts]
    return [[*page, page_number.format(number)] for number, page in enumerate(pages, 1)]


def _wrap(paragraph: str) -> list[str]:
    lines, columns = [""], 0
    for character in paragraph:
        width = _width(character)
        if columns + width > 1000 * _CHARACTERS_PER_LINE and character not in _NEVER_FIRST:
            lines.append("")
            columns = 0
        lines[-1] += character
        columns += width
    return lines


def _width(character: str) -> int:
    return 1000 if unicodedata.east_asian_width(character) in "WFA" else 500


def _content(page: Sequence[str], codes: dict[str, int]) -> bytes:
    shown = []
    for number, line in enumerate(page):
        indent = len(line) - len(line.lstrip("\u3000"))
        x, y = _LEFT + indent * _FONT_SIZE, _TOP - number * _LEADING
        coded = "".join(f"{codes[character]:04X}" for character in line.lstrip("\u3000"))
        shown.append(f"BT /F1 {_FONT_SIZE} Tf 1 0 0 1 {x} {y} Tm <{coded}> Tj ET")
    return "\n".join(shown).encode()


def _unicode_map(codes: dict[str, int]) -> bytes:
    entries = [f"<{code:04X}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /ToUnicode def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapped}\nendcmap end end"
    ).encode()


def _stream(data: bytes) -> bytes:
    return f"<< /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    tail = f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + (head + tail).encode()
