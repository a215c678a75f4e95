"""How do the reports get into every format? LibreOffice, Chromium and the encodings of Python."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from fzsearch.ingest.extract.soffice import find_soffice

_PRINT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —" } }
body { font: 16pt/28pt "Noto Serif CJK SC" } p { margin: 0; text-indent: 2em; text-align: justify }
p:first-child { font-size: 22pt; line-height: 36pt; text-align: center; text-indent: 0 }
</style><body>"""


def find_chromium() -> str | None:
    """A browser that prints; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def converted(files: Mapping[str, bytes], source: str, target: str) -> dict[str, bytes]:
    """Files by name, converted by LibreOffice from one ending to another, in one go.

    Raises:
        RuntimeError: some file did not come out.
    """
    with tempfile.TemporaryDirectory() as folder:
        inside, outside = Path(folder, "in"), Path(folder, "out")
        inside.mkdir()
        paths = [inside / f"{name}.{source}" for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        flags = [f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless", "--convert-to", target]
        command = [find_soffice() or "soffice", *flags, "--outdir", str(outside), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        made = {name: outside / f"{name}.{target}" for name in files}
        missing = [name for name, path in made.items() if not path.is_file()]
        if missing:
            raise RuntimeError(f"LibreOffice made no .{target} of {missing}")
        return {name: path.read_bytes() for name, path in made.items()}


def relaid(data: bytes, changes: Mapping[str, str]) -> bytes:
    """A .docx of `word` in another layout: pieces of its parts replaced."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name).decode("utf-8")
            for old, new in changes.items():
                text = text.replace(old, new)
            target.writestr(name, text)
    return written.getvalue()


def repaired_rtf(data: bytes) -> bytes:
    """Undo a fault of LibreOffice 7.4: it writes ? for 、 and half-width brackets into the forms of list numbers."""
    data = data.replace(rb"\'02\'00\'3f;", rb"\'02\'00\u12289\'3f;")
    return data.replace(rb"\'03\'28\'01\'29;", rb"\'03\u65288\'28\'01\u65289\'29;")


def printed(paragraphs: Sequence[str]) -> bytes:
    """A PDF of a report as Chromium prints it."""
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        page, target = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(_PRINT + body, encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command = [find_chromium() or "chromium", *flags, f"--user-data-dir={folder}/profile"]
        subprocess.run([*command, f"--print-to-pdf={target}", str(page)], check=True, capture_output=True, timeout=120)
        return target.read_bytes()


def web_page(paragraphs: Sequence[str], charset: str) -> bytes:
    """A saved page of a government site: its title above, furniture around, the whole report in the article."""
    title = escape(next(paragraph for paragraph in paragraphs if re.search("报告|情况", paragraph)))
    article = "".join(f'<p style="text-indent:2em">{escape(paragraph)}</p>\n' for paragraph in paragraphs)
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}-某县人民政府</title></head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/zw">政务公开</a><a href="/hd">互动交流</a></div>'
        '<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/fz">法治政府建设</a></div>'
        f'<h1>{title}</h1><div class="tools">【字号：大 中 小】 <a href="#">打印</a> 浏览次数：<span>35</span></div>'
        f'<div class="TRS_Editor" id="zoom">{article}</div><div class="footer">主办：某县人民政府办公室　'
        '<a href="/about">网站地图</a> 备案号：某ICP备00000000号</div></body></html>'
    ).encode(charset, "xmlcharrefreplace")


def text_files(text: str) -> Iterator[tuple[str, bytes]]:
    """A report in every form that offices save text in: name of the form, the file.

    The sixteen of the measurement: encodings with and without mark, line ends, one bad byte, a cut tail.
    """
    plain = text.replace("\r\n", "\n").strip("\n") + "\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16-le", "utf-16-be"):
        for label, line_end in (("lf", "\n"), ("crlf", "\r\n")):
            yield f"{encoding} {label}", plain.replace("\n", line_end).encode(encoding, "replace")
    yield "utf-16 mark", b"\xff\xfe" + plain.encode("utf-16-le")
    yield "utf-16 be mark", b"\xfe\xff" + plain.encode("utf-16-be")
    yield "utf-8 cut tail", plain.strip().encode()[:-1]
    yield "gb18030 bad byte", plain.encode("gb18030").replace("法".encode("gb18030"), b"\xff", 1)
