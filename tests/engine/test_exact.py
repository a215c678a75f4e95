"""Strings are found by the places of their pairs exactly where Python's own `in` finds them, in one part or several."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.engine import texts as module
from fzsearch.engine.exact import ExactLayer
from fzsearch.engine.exact_writer import ExactWriter
from fzsearch.engine.parts import PartedExact

# Few characters, so that pairs recur; one outside the BMP, halves of such pairs, one of two equal bytes.
CHARACTERS = "法治aĀ\u0101\U00020000\ud840\udc00"
TEXTS = st.lists(st.text(CHARACTERS, max_size=30), max_size=8)
LONG = st.builds(lambda text, times, tail: text * times + tail, st.text("法治a", max_size=5), st.integers(0, 400),
                 st.text("法治a", max_size=5))  # fmt: skip


def written(folder, texts):
    writer = ExactWriter(folder)
    for text in texts:
        writer.add(text)
    writer.finish()
    writer.close()
    return ExactLayer(folder)


def holds(text: str, wanted: str) -> bool:
    """Containment by UTF-16 units, of which half a pair may be one."""
    text_bytes, part = (one.encode("utf-16-le", "surrogatepass") for one in (text, wanted))
    at = text_bytes.find(part)
    while at > 0 and at % 2:
        at = text_bytes.find(part, at + 1)
    return at >= 0


def times(text: str, wanted: str) -> int:
    """How often a string stands in a text, overlapping itself too, by UTF-16 units."""
    units, part = (
        np.frombuffer(one.encode("utf-16-le", "surrogatepass"), np.uint16).tolist() for one in (text, wanted)
    )
    return sum(units[at : at + len(part)] == part for at in range(len(units) - len(part) + 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(LONG, max_size=4) | TEXTS, st.data())
@pytest.mark.parametrize("most_shift", [0, 4])
def test_strings_are_found_where_they_stand(tmp_path_factory, most_shift, texts, data):
    layer = written(tmp_path_factory.mktemp("exact") / "e", texts)
    joined = "".join(texts) or "法"
    begin = data.draw(st.integers(0, len(joined) - 1))
    cut = joined[begin : begin + data.draw(st.integers(1, 40))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_SHIFT", most_shift)
        for wanted in (cut, data.draw(st.text(CHARACTERS, max_size=5))):
            expected = [row for row, text in enumerate(texts) if holds(text, wanted)]
            assert layer.find(wanted).tolist() == expected
            if 0 < len(wanted.encode("utf-16-le", "surrogatepass")) <= 4:
                posted = layer.gram(wanted)
                assert posted.rows.tolist() == expected
                assert posted.tfs.tolist() == [min(times(texts[row], wanted), 255) for row in expected]


@settings(max_examples=20, deadline=None)
@given(TEXTS, TEXTS, st.text(CHARACTERS, max_size=4), st.data())
def test_parts_are_read_as_one(tmp_path_factory, one, other, wanted, data):
    folder = tmp_path_factory.mktemp("parts")
    layers = [written(folder / name, texts) for name, texts in (("one", one), ("other", other))]
    rows = data.draw(st.permutations([(part, at) for part in (0, 1) for at in range(len((one, other)[part]))]))
    rows = rows[: data.draw(st.integers(0, len(rows)))]
    texts = [(one, other)[part][at] for part, at in rows]
    parted = PartedExact(layers, np.array(rows, np.int32).reshape(-1, 2).T)

    assert parted.find(wanted).tolist() == [row for row, text in enumerate(texts) if holds(text, wanted)]


def test_rows_that_repeat_a_pair_often_count_it_up_to_255(tmp_path):
    layer = written(tmp_path / "e", ["甲" * 300, "甲乙" * 400 + "丙"])

    assert layer.gram("甲甲").tfs.tolist() == [255.0]
    assert layer.gram("甲乙").tfs.tolist() == [255.0]
    assert layer.gram("甲").tfs.tolist() == [255.0, 255.0]
    assert layer.find("甲乙丙").tolist() == [1]
    assert layer.find("乙甲丙").tolist() == []
