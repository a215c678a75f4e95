"""Which file of the corpus is a download? Found by report and number, never by a path that someone sends."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fzsearch.errors import ExtractError, NotFoundError
from fzsearch.ingest import open_member
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

    data: bytes
    name: str
    content_type: str


def find_download(record: IndexedReport, number: int, corpus: Path | None) -> Download:
    """The n-th source file of a report, from 1; also a member of an archive.

    Raises:
        NotFoundError: there is no such file, it has been moved away, or it lies outside of the corpus.
    """
    if corpus is None:
        raise NotFoundError("网站没有带上语料目录，不提供原文件；启动时加上 --corpus 语料目录 就有了")
    if not 1 <= number <= len(record.files):
        raise NotFoundError(f"报告“{record.key}”只有 {len(record.files)} 个原文件，没有第 {number} 个")
    source = record.files[number - 1]
    try:
        data = open_member(corpus, source.path)  # a link that leads out of the corpus is refused
    except (ExtractError, OSError):
        message = f"语料里现在没有文件“{source.shown}”；它可能已改名或移走，再建一次索引就知道了"
        raise NotFoundError(message) from None
    return Download(data, PurePosixPath(source.shown).name, CONTENT_TYPES[source.format])
