"""Looking through mapped texts, compared with Python's own `in`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fzsearch.engine import texts as module
from fzsearch.engine.texts import Texts, units_of, write_texts

# Few characters, so that strings recur; their UTF-16 bytes overlap each other at odd places.
CHARACTERS = "法治\u6cd5\ud5cd\u0100\u0001aĀ\U00020000\ud800"
STRINGS = st.text(CHARACTERS, max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(STRINGS, max_size=8), STRINGS, st.data())
def test_texts_are_found_by_what_they_contain(tmp_path_factory, texts, wanted, data):
    for chunk_units in (4, 1 << 18):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_CHUNK_UNITS", chunk_units)
            patch.setattr(module, "_CHUNK_TEXTS", 2)
            check(tmp_path_factory.mktemp("texts") / "t", texts, wanted, data)


def check(folder, texts, wanted, data):
    write_texts(folder, texts)
    opened = Texts(folder)
    numbers = data.draw(st.sets(st.integers(0, len(texts) - 1)) if texts else st.just(set()))
    some = np.array(sorted(numbers), np.int64)
    holding = [number for number, text in enumerate(texts) if holds(text, wanted)]

    assert opened.size == len(texts)
    assert [opened.text(number) for number in range(opened.size)] == texts
    assert opened.joined(0, opened.size) == "".join(texts)
    assert opened.find(wanted).tolist() == holding
    if wanted:
        expected = [number for number in some.tolist() if number in holding]
        assert opened.holding(units_of(wanted), some).tolist() == expected


def holds(text: str, wanted: str) -> bool:
    """Containment by UTF-16 units, of which half a pair may be one."""
    units, part = units_of(text).tolist(), units_of(wanted).tolist()
    return any(units[at : at + len(part)] == part for at in range(len(units) - len(part) + 1))


def test_the_separator_is_never_found(tmp_path):
    write_texts(tmp_path / "t", ["甲", "乙"])

    assert Texts(tmp_path / "t").find("甲\0乙").size == 0
