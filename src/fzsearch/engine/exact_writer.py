"""How is the exact layer written? Texts as they come, postings in sorted runs that are merged at the end."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from fzsearch.engine.runs import RUN_POSTINGS, Runs, firsts_of, keys_of
from fzsearch.engine.texts import shifts_of, units_of


class ExactWriter:
    """Writes the files, text by text, in row order.

    Runs are sorted beside whatever the caller does meanwhile, one at a time: numpy lets other threads go on.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._runs = Runs(folder)
        self._text = (folder / "text.u16").open("wb")
        self._starts = [np.zeros(1, np.int64)]
        self._waiting: list[str] = []
        self._waiting_units = 0
        self._beside = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None

    def add(self, text: str) -> None:
        """Add the normalised text of the next row."""
        self._waiting.append(text)
        self._waiting_units += len(text) + 1
        if self._waiting_units >= RUN_POSTINGS:
            self._flush()

    def _flush(self) -> None:
        self._wait()
        self._writing = self._beside.submit(self._write_run, self._waiting)
        self._waiting, self._waiting_units = [], 0

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _write_run(self, texts: Sequence[str]) -> None:
        units = units_of("".join(text + "\0" for text in texts))
        units.tofile(self._text)
        ends = np.flatnonzero(units == 0) + 1
        lengths = np.diff(ends, prepend=0) - 1
        first = sum(part.size for part in self._starts) - 1
        begins = np.flatnonzero(units)
        pairs = (units[begins].astype(np.uint32) << np.uint32(16)) | units[begins + 1]
        rows = np.repeat(np.arange(first, first + ends.size), lengths)
        places = (begins - np.repeat(ends - 1 - lengths, lengths)) >> np.repeat(shifts_of(lengths), lengths)
        self._runs.add(pairs, rows, places)
        self._starts.append(self._starts[-1][-1] + ends)

    def finish(self) -> None:
        """Sort the postings and write them."""
        self._flush()
        self._wait()
        self._text.close()
        np.save(self._folder / "starts.npy", np.concatenate(self._starts))
        keys, counts = [np.empty(0, np.uint32)], [np.empty(0, np.int64)]
        with _npy_file(self._folder / "places.npy", np.uint32, self._runs.size) as places:
            for packed in self._runs.sorted():
                packed.astype(np.uint32).tofile(places)
                found = keys_of(packed)
                firsts = firsts_of(found)
                keys.append(found[firsts])
                counts.append(np.diff(firsts, append=found.size))
        self._runs.close()
        np.save(self._folder / "keys.npy", np.concatenate(keys))
        np.save(
            self._folder / "offsets.npy", np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(counts))])
        )

    def close(self) -> None:
        """Let go of files; without `finish` the folder is not usable afterwards."""
        self._beside.shutdown()
        self._text.close()
        self._runs.close()


@contextmanager
def _npy_file(path: Path, kind: type[np.generic], size: int) -> Iterator[IO[bytes]]:
    """A file that `numpy.load` maps, to be filled with so many numbers."""
    with path.open("wb") as file:
        header = {"descr": np.dtype(kind).str, "fortran_order": False, "shape": (size,)}
        np.lib.format.write_array_header_1_0(file, header)
        yield file
