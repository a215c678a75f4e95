"""How is what reports share told by their keys and sections? The numbers of `overlap` as the protocol names them."""

from collections.abc import Callable, Iterable, Sequence

from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.overlap import SharedText
from fzsearch.engine.protocol import Overlap, SharedRun


def overlaps_of(shared: SharedText, keys: Sequence[str]) -> tuple[Overlap, ...]:
    """What every report shares with others; `keys` are those of all reports, in order."""
    return tuple(
        Overlap(
            key=key,
            copied=one.copied,
            common=one.common,
            partners=tuple((keys[number], share) for number, share in one.partners.items()),
        )
        for key, one in zip(keys, shared.reports, strict=True)
    )


def runs_of(
    shared: SharedText, exact: ExactLayer, number: int, ids: Callable[[Iterable[int]], Sequence[str]]
) -> tuple[SharedRun, ...]:
    """What of a report, by its number, stands in others too; `ids` gives the section ids of rows."""
    found = list(shared.runs(number))
    return tuple(
        SharedRun(
            section_id=section_id,
            start=_characters(text := exact.text(run.row), run.start),
            end=_characters(text, run.end),
            is_common=run.is_common,
            least=run.least,
            most=run.most,
        )
        for section_id, run in zip(ids(run.row for run in found), found, strict=True)
    )


def _characters(text: str, units: int) -> int:
    """How many characters so many units of UTF-16 are."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass"))
