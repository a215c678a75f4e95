"""Which file of the corpus is a download? Found by report and number, never by a path that someone sends."""

from dataclasses import dataclass
from pathlib import Path

from fzsearch.errors import NotFoundError
from fzsearch.model import Format, IndexedReport

CONTENT_TYPES = {
    Format.TXT: "text/plain",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.HTML: "application/octet-stream",  # a saved page must never be shown as one of ours
    Format.PDF: "application/pdf",
    Format.DOC: "application/msword",
    Format.WPS: "application/vnd.ms-works",
    Format.RTF: "application/rtf",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file to send as an attachment."""

    path: Path
    name: str
    content_type: str


def find_download(record: IndexedReport, number: int, corpus: Path | None) -> Download:
    """The n-th source file of a report, from 1.

    Raises:
        NotFoundError: there is no such file, it has been moved away, or it lies outside of the corpus.
    """
    if corpus is None:
        raise NotFoundError("网站没有带上语料目录，不提供原文件；启动时加上 --corpus 语料目录 就有了")
    if not 1 <= number <= len(record.files):
        raise NotFoundError(f"报告“{record.key}”只有 {len(record.files)} 个原文件，没有第 {number} 个")
    source = record.files[number - 1]
    root = corpus.resolve()
    path = (root / source.path).resolve()  # a link that leads out of the corpus is refused
    if not path.is_relative_to(root) or not path.is_file():
        raise NotFoundError(f"语料里现在没有文件“{source.path}”；它可能已改名或移走，再建一次索引就知道了")
    return Download(path, path.name, CONTENT_TYPES[source.format])
