"""Which errors can a caller meet, and whose mistake is each?

    FzsearchError
      UserError            the message is safe to show; exit status 2, HTTP 400
        QueryError         a query that is too long or a filter that does not exist
        ConfigError        a setting or option that cannot be used
        CorpusError        the corpus folder, a place list or a topic list is not usable
        NotFoundError      no report, section or place of that name; HTTP 404
      ExtractError         one file cannot be read; indexing goes on and lists it
        NeedsOcrError      pages of it have to be recognised first
      EngineError          exit status 1, HTTP 503
        IndexMissingError  there is no index where one was expected
        IndexOutdatedError the index was written by another version or is damaged: rebuild
        IndexLockedError   another process is writing this index

Every message says in Chinese what happened, with the value, and what to do next. Raised where the fact is known,
caught in two places only: the command group and the web error handler.
"""

import errno
import sqlite3


class FzsearchError(Exception):
    """Base of everything that fzsearch raises on purpose."""


class UserError(FzsearchError):
    """A person's mistake; the message is safe to show."""


class QueryError(UserError):
    """A query or filter that cannot be used."""


class ConfigError(UserError):
    """A setting or option that cannot be used."""


class CorpusError(UserError):
    """A corpus folder or one of its own files (places, topics) that cannot be used."""


class NotFoundError(UserError):
    """Nothing of that name in the index."""


class ExtractError(FzsearchError):
    """One file that could not be read.

    Attributes:
        reason: what is wrong with the file, one Chinese sentence without the final 。
        remedy: what a person can do about it, one Chinese sentence without the final 。
        is_passing: whether reading may work next time although the file stays the same.
    """

    def __init__(self, reason: str, remedy: str, *, is_passing: bool = False) -> None:
        super().__init__(f"{reason}；{remedy}")
        self.reason = reason
        self.remedy = remedy
        self.is_passing = is_passing

    def __reduce__(self) -> tuple[type["ExtractError"], tuple[str, str], dict[str, bool]]:
        """Keep all parts when the error crosses a process border."""
        return (type(self), (self.reason, self.remedy), {"is_passing": self.is_passing})


class NeedsOcrError(ExtractError):
    """A file of which pages are pictures; it can be read once they are recognised.

    Attributes:
        sha256: of the file, in hex.
        pages: numbers of the pages, from 0.
    """

    def __init__(self, reason: str, remedy: str, sha256: str, pages: tuple[int, ...]) -> None:
        super().__init__(reason, remedy)
        self.sha256 = sha256
        self.pages = pages

    def __reduce__(self) -> tuple[type["NeedsOcrError"], tuple[str, str, str, tuple[int, ...]]]:  # type: ignore[override]
        """Keep all parts when the error crosses a process border."""
        return (type(self), (self.reason, self.remedy, self.sha256, self.pages))


class EngineError(FzsearchError):
    """The engine or its index cannot answer.

    Attributes:
        retry_after: seconds after which the same may work although nobody does anything; None: waiting does not help.
    """

    def __init__(self, message: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class IndexMissingError(EngineError):
    """There is no index in the folder."""


class IndexOutdatedError(EngineError):
    """The index is of another version, damaged, or not written by fzsearch."""


class IndexLockedError(EngineError):
    """Another process is writing the index."""


_FULL = "磁盘已满"
_OS_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件已不在",
    errno.ENAMETOOLONG: "路径太长",
    errno.ELOOP: "链接绕成一圈",
    errno.EIO: "磁盘读写出错",
    None: _FULL,  # what numpy raises when fewer bytes were written than it gave
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件大小超过系统给的上限",
    errno.EROFS: "磁盘只读",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.ESTALE: "网络磁盘已断开",
}


def os_reason(error: OSError | sqlite3.Error) -> str:
    """What an error of the operating system means, in Chinese; its number where we have no words for it."""
    if isinstance(error, sqlite3.Error):
        return _FULL if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL else str(error)
    return _OS_REASONS.get(error.errno) or f"系统错误 {error.errno}"
