"""How do words become a Whoosh segment? Sorted postings are handed to its codec, a word at a time.

Whoosh's own writer keeps postings in a pool of Python tuples (measured: 225 s for 180,000 sections); here numpy sorts
them, and each word's list is written as one block in Whoosh's format (12 s). The result is an index that stock Whoosh
opens: `tests/engine/test_whoosh.py` compares it with one that Whoosh wrote. A section's document number in its segment
is the order in which it was added.
"""

# ruff: noqa: SLF001 - the term index and the posting file of the codec have no public names

import pickle
import zlib
from array import array
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import fields, index
from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3TermInfo
from whoosh.columns import VarBytesColumn
from whoosh.system import pack_ushort
from whoosh.util.numeric import length_to_byte

from fzsearch.engine.protocol import IndexedSection
from fzsearch.engine.ranker import BODY, FIELDS, HEADING, TITLE
from fzsearch.engine.runs import RUN_POSTINGS, Runs, firsts_of, keys_of, rows_of, tfs_of

_NAME = "MAIN"
_COMPRESSION, _WORTH_BYTES = 3, 64


def _schema() -> Any:
    words = {name: fields.KEYWORD(scorable=True) for name in FIELDS}
    # A column alone: the id is never searched for; it tells a reader other than fzsearch what a document is.
    return fields.Schema(section=fields.COLUMN(VarBytesColumn()), **words)


class _Numbers(dict[str, int]):
    """Numbers for words, given when first asked."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Field:
    """The words of one field, as they come."""

    def __init__(self, folder: Path) -> None:
        self.runs = Runs(folder)
        self.lengths = array("I")
        self._words = array("I")
        self._flushed = 0

    def add(self, words: str, numbers: Mapping[str, int]) -> None:
        before = len(self._words)
        if words:
            self._words.extend(map(numbers.__getitem__, words.split(" ")))
        self.lengths.append(len(self._words) - before)
        if len(self._words) >= RUN_POSTINGS:
            self.flush()

    def flush(self) -> None:
        rows = np.arange(self._flushed, len(self.lengths))
        lengths = np.array(self.lengths[self._flushed :], np.int64)
        self.runs.add(np.array(self._words, np.uint32), np.repeat(rows, lengths))
        self._flushed, self._words = len(self.lengths), array("I")


class WordsWriter:
    """Adds one segment to a new folder, or to one that holds finished segments."""

    def __init__(self, folder: Path) -> None:
        is_new = not folder.exists()
        folder.mkdir(exist_ok=True)
        self._index = index.create_in(folder, _schema(), _NAME) if is_new else index.open_dir(folder, _NAME)
        self._numbers = _Numbers()
        self._ids: list[bytes] = []
        self._fields = {name: _Field(folder) for name in FIELDS}

    def add(self, item: IndexedSection) -> None:
        """Add a section."""
        self._ids.append(item.id.encode("utf-8"))
        for name, words in ((BODY, item.words), (HEADING, item.heading_words), (TITLE, item.title_words)):
            self._fields[name].add(words, self._numbers)

    def close(self) -> None:
        """Let go of files; without `commit` the folder is not usable afterwards."""
        for field in self._fields.values():
            field.runs.close()
        self._index.close()

    def commit(self, deleted: Sequence[Collection[int] | None]) -> None:
        """Write the segment, and a table of contents.

        `deleted` has the documents of each older segment that are deleted now or were before; None: the segment goes.
        """
        storage = self._index.storage
        toc = index.TOC.read(storage, _NAME)
        segments = []
        for old, documents in zip(toc.segments, deleted, strict=True):
            if documents is None:
                for name in old.list_files(storage):
                    storage.delete_file(name)
                continue
            old._deleted = set(documents)
            segments.append(old)
        segments.append(self._segment(storage))
        index.TOC(toc.schema, segments, toc.generation + 1).write(storage, _NAME)
        storage.delete_file(index.TOC._filename(_NAME, toc.generation))

    def _segment(self, storage: Any) -> Any:
        codec = default_codec()
        segment = codec.new_segment(storage, _NAME)
        segment.set_doc_count(len(self._ids))
        documents = codec.per_document_writer(storage, segment)
        column = self._index.schema["section"].column_type
        lengths = {name: field.lengths.tolist() for name, field in self._fields.items()}
        for number, section_id in enumerate(self._ids):
            documents.start_doc(number)
            documents.add_column_value("section", column, section_id)
            for name in FIELDS:
                documents.add_field(name, None, None, lengths[name][number])
            documents.finish_doc()
        documents.close()
        with suppress(OSError):
            (Path(storage.folder) / f"{_NAME}.tmp").rmdir()  # where Whoosh gathered the columns
        self._write_terms(codec.field_writer(storage, segment))
        return segment

    def _write_terms(self, writer: Any) -> None:
        spelled = list(self._numbers)
        for number, (name, field) in enumerate(self._fields.items()):
            writer.start_field(name, self._index.schema[name])
            field.flush()
            lengths = np.array(field.lengths, np.uint32)
            found = []
            for packed in field.runs.sorted():
                keys, rows, tfs = keys_of(packed), rows_of(packed), tfs_of(packed)
                firsts = firsts_of(keys).tolist()
                for begin, end in zip(firsts, [*firsts[1:], keys.size], strict=True):
                    info = _write_block(writer._postfile, rows[begin:end], tfs[begin:end], lengths)
                    found.append((spelled[keys[begin]].encode("utf-8"), info))
            for word, info in sorted(found):  # readers look for words in this order
                writer._tindex.add(pack_ushort(number) + word, info)
            writer.finish_field()
        writer.close()


def _write_block(file: Any, rows: NDArray[np.uint32], tfs: NDArray[np.uint8], lengths: NDArray[np.uint32]) -> bytes:
    """Write the postings of one word as `W3PostingsWriter` does; gives its entry in the term index."""
    info = W3TermInfo()
    held = lengths[rows]
    info._weight, info._df = float(tfs.sum()), rows.size
    info._minlength, info._maxlength = int(held.min()), int(held.max())
    info._maxweight, info._minid, info._maxid = float(tfs.max()), int(rows[0]), int(rows[-1])
    weights = tuple(tfs.astype(np.float64).tolist()) if info._maxweight > 1 else None
    gaps = tuple(np.diff(rows, prepend=rows[:1] * 0).tolist())
    data = pickle.dumps((gaps, weights, tfs.astype(">u4").tobytes()), 2)
    compression = _COMPRESSION if len(data) > _WORTH_BYTES else 0
    if compression:
        data = zlib.compress(data, compression)
    bounds = length_to_byte(info._minlength), length_to_byte(info._maxlength)
    head = pickle.dumps((rows.size, info._maxid, info._maxweight, compression, *bounds), 2)
    start = file.tell()
    file.write(WHOOSH3_HEADER_MAGIC)
    file.write_int(-(len(head) + len(data)))  # negative: the last block
    file.write(head)
    file.write(data)
    info.set_extent(start, file.tell() - start)
    entry: bytes = info.to_bytes()
    return entry
