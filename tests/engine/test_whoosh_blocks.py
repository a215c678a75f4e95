"""Posting lists of Whoosh decoded by blocks, compared with its public way."""

import random

import numpy as np
import pytest
from whoosh import fields, index

from fzsearch.engine import whoosh_blocks
from fzsearch.engine.whoosh_blocks import decode


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Words in one to all of 700 documents of two segments; the last word once in each."""
    rng = random.Random(5)
    opened = index.create_in(tmp_path_factory.mktemp("words"), fields.Schema(body=fields.KEYWORD(scorable=True)))
    for segment in range(2):
        writer = opened.writer()
        for number in range(350):
            words = [f"w{share}" for share in (1, 2, 10, 100, 349) if number % share == 0]
            writer.add_document(body=" ".join([*words * rng.randint(1, 3), "last", f"only{segment}-{number}"]))
        writer.commit(merge=False)
    yield opened.reader()
    opened.close()


@pytest.mark.parametrize("word", ["w1", "w2", "w10", "w100", "w349", "last", "only0-7"])
def test_blocks_hold_what_single_postings_hold(reader, word, monkeypatch):
    leaves = [leaf for leaf, _ in reader.leaf_readers() if ("body", word) in leaf]
    found = [decode(leaf.postings("body", word)) for leaf in leaves]
    monkeypatch.setattr(whoosh_blocks, "_PRIVATE", ("_not_there",))
    expected = [decode(leaf.postings("body", word)) for leaf in leaves]

    assert leaves
    for (documents, frequencies), (other_documents, other_frequencies) in zip(found, expected, strict=True):
        assert np.array_equal(documents, other_documents)
        assert np.array_equal(frequencies, other_frequencies)
