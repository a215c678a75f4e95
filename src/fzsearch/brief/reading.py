"""What does a draft file say? Read like a report's file: by content, in a limited child process, never kept."""

from fzsearch.errors import CorpusError, ExtractError
from fzsearch.ingest import read_document, run_isolated
from fzsearch.service.indexing import READ_MEMORY_BYTES, READ_TIMEOUT_S


def read_draft(data: bytes, name: str) -> str:
    """The text of a draft: .docx, .md, .txt, .html or .pdf.

    Raises:
        CorpusError: the file cannot be read; says why and what to do.
    """
    ((_, outcome),) = run_isolated(
        _text_of, [(data, name)], workers=1, timeout_s=READ_TIMEOUT_S, memory_bytes=READ_MEMORY_BYTES
    )
    if isinstance(outcome, ExtractError):
        raise CorpusError(f"{name} 读不出：{outcome.reason}。{outcome.remedy}")
    return outcome


def _text_of(draft: tuple[bytes, str]) -> str:
    data, name = draft
    return "\n".join(read_document(data, name, is_draft=True).lines) if data.strip() else ""
